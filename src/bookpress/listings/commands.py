"""The commands of the wing: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress.contribution import Contribution, Kind
from bookpress.terminal import CLEAN, quiet_option, report_option, show, teller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bookpress.findings import Finding

_chapters = click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
_cold = click.option("--cold", is_flag=True, help="Run everything, whatever the cache holds.")


def complaints(root: Path) -> tuple[Finding, ...]:
    """Say what is wrong with the book's blocks before they are run, for `bookpress check`."""
    from bookpress.listings.check import check  # noqa: PLC0415  (--help must be quick)

    return check(root)


def contributions(
    root: Path,
    made: Mapping[str, bytes],  # noqa: ARG001  (what every wing is told)
    pages: int,  # noqa: ARG001
    *,
    judged: bool,  # noqa: ARG001
    tell: Callable[[str], None],
) -> Iterator[Contribution]:
    """The companion and the score of a book whose listings hold, for `release kit`."""
    from bookpress.listings import score, source  # noqa: PLC0415  (--help must be quick)
    from bookpress.listings.companion import companion as run  # noqa: PLC0415

    scripts = source.load(root)
    if not scripts.executable() or not scripts.to_run(()):
        return
    if unknown := score.unverified(scripts):
        why = f"not verified: {', '.join(unknown)}; type bookpress verify"
        yield Contribution(Kind.COMPANION, "", None, why)
        return
    yield Contribution(Kind.COMPANION, "", run(root, tell))
    yield Contribution(Kind.REPORT, "listings.json", (root / score.NAME).read_bytes())


@click.command()
@_chapters
@_cold
@quiet_option
@report_option
@click.pass_obj
def verify(
    base: PurePosixPath | None, *, chapters: tuple[str, ...], cold: bool, quiet: bool, style: str
) -> int:
    """Run the book's listings and sessions, and compare them with the manuscript.

    CHAPTER is the name of a chapter's file without .md; all chapters unless told. The chapters
    before it run as well, or come from the cache. Nothing in the manuscript is changed. When the
    whole book holds, its companion is put beside the editions in build/.
    """
    from bookpress.listings.verify import verify as run  # noqa: PLC0415

    findings = run(Path.cwd(), chapters, teller(quiet=quiet), cold=cold)
    code = show(findings, style, base)
    if code == CLEAN and not chapters and not cold:
        _export(base, None, quiet=quiet)
    return code


@click.command()
@_chapters
@_cold
@quiet_option
@report_option
@click.pass_obj
def record(
    base: PurePosixPath | None, *, chapters: tuple[str, ...], cold: bool, quiet: bool, style: str
) -> int:
    """Run chapters and write what their commands print into the manuscript.

    Outputs that hold stay as they are. Nothing is written when a command fails unexpectedly.
    """
    from bookpress.listings.record import record as run  # noqa: PLC0415

    recording = run(Path.cwd(), chapters, teller(quiet=quiet), cold=cold)
    for path, count in recording.changed.items():
        click.echo(f"{path}: {count} {'output' if count == 1 else 'outputs'} recorded", err=True)
    if not quiet and not recording.changed and not recording.findings:
        click.echo("all outputs hold; nothing to record", err=True)
    return show(recording.findings, style, base)


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; build/SLUG-companion.zip unless told.",
)
@quiet_option
@click.pass_obj
def companion(base: PurePosixPath | None, *, output: Path | None, quiet: bool) -> int:
    """Export the files at the end of every chapter, for readers, as one archive."""
    _export(base, output, quiet=quiet)
    return CLEAN


def _export(base: PurePosixPath | None, output: Path | None, *, quiet: bool) -> None:
    from bookpress import outline  # noqa: PLC0415
    from bookpress.listings.companion import companion as run  # noqa: PLC0415
    from bookpress.listings.store import write_whole  # noqa: PLC0415

    root = Path.cwd()
    path = output or Path("build") / f"{outline.load(root).slug}-companion.zip"
    write_whole(path, run(root, teller(quiet=quiet)))
    if not quiet:
        click.echo(f"{(base or PurePosixPath()) / path}", err=True)
