"""The commands of the wing, and its part in `bookpress build --strict` and `bookpress doctor`."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress.contribution import Contribution, Kind
from bookpress.errors import BookpressError, ToolError
from bookpress.findings import Severity
from bookpress.terminal import quiet_option, report_option, say, show, teller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bookpress.findings import Finding

REPORT = "validators.txt"


def require(editions: Sequence[str]) -> None:
    """Raise ToolError when a validator of these editions is missing, for `build --strict`."""
    from bookpress.validators import panel  # noqa: PLC0415  (--help must be quick)

    panel.require(editions)


def verdicts(
    root: Path, editions: Sequence[str], tell: Callable[[str], None]
) -> tuple[Finding, ...]:
    """Have the validators judge what was built, for `build --strict`; tell gets a line for each."""
    from bookpress import outline  # noqa: PLC0415
    from bookpress.validators import panel  # noqa: PLC0415

    findings: list[Finding] = []
    for opinion in panel.judge(root / panel.FOLDER, outline.load(root).slug, editions):
        tell(opinion.line())
        findings += opinion.findings()
    return tuple(findings)


def contributions(
    root: Path,
    made: Mapping[str, bytes],
    pages: int,  # noqa: ARG001  (what every wing is told)
    *,
    judged: bool,
    tell: Callable[[str], None],
) -> Iterator[Contribution]:
    """Judge the editions of a release: every verdict, for `release kit`."""
    from bookpress import outline  # noqa: PLC0415
    from bookpress.validators import panel  # noqa: PLC0415

    if not judged:
        yield Contribution(Kind.REPORT, REPORT, None, "the validators were not asked")
        return
    with tempfile.TemporaryDirectory(prefix="bookpress-") as folder:
        for name, data in made.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        slug = outline.load(root).slug
        lines, wrong = [], 0
        for opinion in panel.judge(Path(folder), slug, panel.present(Path(folder), slug)):
            tell(opinion.line())
            lines += [opinion.line(), *(f"  {f.message}" for f in opinion.findings())]
            wrong += bool(opinion.verdict.complaints)
    why = f"{wrong} verdicts are against the editions; see the report" if wrong else ""
    yield Contribution(Kind.REPORT, REPORT, "\n".join([*lines, ""]).encode(), why, not wrong)


def equipment() -> Iterator[tuple[str, str, str, str]]:
    """Name every validator for `bookpress doctor`: name, version or "", need, what to type."""
    from bookpress.validators import panel  # noqa: PLC0415

    for validator in panel.PANEL:
        try:
            yield validator.name, validator.version(), validator.needs, ""
        except ToolError as error:
            yield validator.name, "", validator.needs, f"{error.hint} ({error.problem})"


@click.command()
@quiet_option
@report_option
@click.pass_obj
def validate(base: PurePosixPath | None, *, quiet: bool, style: str) -> int:
    """Have independent validators judge the editions that are in build/.

    `bookpress build --strict` builds first, then does the same.
    """
    from bookpress import outline  # noqa: PLC0415
    from bookpress.validators import panel  # noqa: PLC0415

    root = Path.cwd()
    editions = panel.present(root / panel.FOLDER, outline.load(root).slug)
    if not editions:
        raise BookpressError("there are no editions in build/", hint="type bookpress build")
    require(editions)
    findings = verdicts(root, editions, teller(quiet=quiet))
    return show(findings, style, base, Severity.NOTE)


@click.command()
@report_option
@click.pass_obj
def links(base: PurePosixPath | None, *, style: str) -> int:
    """Ask every address on the web that the manuscript names whether it answers.

    The one command that reaches for the network on its own account; exits with 1 when an address
    does not answer.
    """
    from bookpress.validators import external  # noqa: PLC0415

    addresses = external.links(Path.cwd())
    findings = external.check(addresses)
    code = show(findings, style, base, Severity.NOTE)
    say(f"{len(addresses) - len(findings)} of {len(addresses)} addresses answer")
    return code
