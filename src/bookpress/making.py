"""A command that builds -> the editions in build/, or the word that they stand there already."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import __version__, commit, outputs, standing, wings

# The pipeline is imported where it is used: who has nothing to build must not wait for it.

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from bookpress.build import Result
    from bookpress.findings import Finding
    from bookpress.progress import Progress

_FINDINGS = "findings.json"


def make(  # noqa: PLR0913  (one argument for each option)
    editions: Sequence[str],
    choose: Callable[[], Progress],
    *,
    workers: int = 0,
    strict: bool = False,
    attached: Sequence[Path] = (),
    tell: Callable[[str], None] | None = None,
) -> tuple[standing.Last, tuple[str, ...]]:
    """Make editions unless they stand as they would be made.

    choose:  how progress is shown, asked for when there is some.
    strict:  validators judge the editions as well, each time.
    tell:    takes a line for people; None where nobody listens.
    Returns  what there is to say of the build, and the names of outputs that are new.
    """
    folder = Path(outputs.FOLDER)
    plain = not (strict or attached)
    modified = commit.last_changed(Path.cwd())
    read = standing.inputs(Path.cwd(), outputs.FOLDER, editions, modified) if plain else None
    if read and (last := standing.recall(folder, read)):
        if tell:
            tell("nothing has changed since the last build")
        return last, ()
    result = _build(
        editions, choose(), modified=modified, workers=workers, strict=strict, attached=attached
    )
    changed = _publish(result.artifacts, result.findings)
    findings = result.findings
    if strict:
        findings = (*findings, *wings.judge(Path.cwd(), editions, quiet=tell is None))
        _publish({}, findings)
    last = standing.Last(tuple(result.artifacts), findings, result.pages is not None)
    if read:
        standing.remember(folder, read, last, [_FINDINGS])
    return last, changed


def _build(  # noqa: PLR0913  (one argument for each option)
    editions: Sequence[str],
    shown: Progress,
    *,
    modified: dt.datetime,
    workers: int,
    strict: bool,
    attached: Sequence[Path],
) -> Result:
    """Run the pipeline in the present folder, which holds a book.yml."""
    from bookpress import doctor
    from bookpress.formats import typeset

    if {"print", "screen"} & set(editions):
        doctor.require_native()
        typeset.warm_up()  # beside all that comes first: even the pipeline takes its time to load
    from bookpress import build as pipeline

    with shown:
        return pipeline.build(
            Path.cwd(),
            tuple(map(pipeline.Edition, editions)),
            modified=modified,
            progress=shown,
            workers=workers,
            strict=strict,
            attached=outputs.carried(attached, editions),
        )


def _publish(artifacts: Mapping[str, bytes], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Put the editions into build/, and the findings beside them for other programs."""
    from bookpress import report

    found = report.write(findings, report.Style.JSON, base=PurePosixPath(), version=__version__)
    files = {**artifacts, _FINDINGS: found.encode()}
    return outputs.publish(Path(outputs.FOLDER).absolute(), files)
