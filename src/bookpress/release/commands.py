"""The commands of the wing: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.release.pipeline import ci
from bookpress.terminal import (
    CLEAN,
    FINDINGS,
    quiet_option,
    report_option,
    require_book,
    show,
    stages,
    teller,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.build import Result
    from bookpress.contribution import Contribution
    from bookpress.release.kit import Kit

__all__ = ["ci", "errata", "release"]
_ASKED = "bookpress.wings"  # where the command line leaves what the other wings offer


@click.group()
def release() -> None:
    """Make, check and verify what goes to the publisher.

    \b
    In the order of a release (docs/releasing.md has the whole of it):
      bookpress release check --tag v2026.11.0    may this be released?
      bookpress release kit --out dist            every file the publisher needs
      bookpress release verify dist               is every file what it claims to be?
      bookpress release compare dist dist2        two builds, byte for byte
      bookpress release keep dist                 keep the page map of a printing

    A publisher needs `verify` alone: it asks for neither the sources nor a network.
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)


@release.command("kit")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("dist"),
    show_default=True,
    help="The folder to put it into.",
)
@click.option("--unjudged", is_flag=True, help="Do not ask the validators; not for a final one.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that typeset; 0: one a core.",
)
@quiet_option
@report_option
@click.pass_context
def _kit(  # noqa: PLR0913  (one argument for each option)
    context: click.Context, *, out: Path, unjudged: bool, workers: int, quiet: bool, style: str
) -> int:
    """Make the release kit of the commit that is checked out.

    Builds every edition, has it judged, and puts all files of the release into one flat folder
    with a manifest and SHA256SUMS. The same commit gives the same bytes. A final version that
    lacks anything is refused; a draft or proof says in its notes what is absent.
    """
    from bookpress.release import folder, kit  # noqa: PLC0415  (--help must be quick)

    folder.refuse_other(out)
    tell = teller(quiet=quiet)

    def contribute(root: Path, result: Result) -> Iterator[Contribution]:
        asked = context.find_root().meta.get(_ASKED)
        total = result.pages.total if result.pages else 0
        if asked:
            yield from asked.contributions(
                root, result.artifacts, total, judged=not unjudged, tell=tell
            )

    made = kit.make(Path.cwd(), contribute, progress=stages(tell), workers=workers)
    findings = [*made.findings, *_lacking(made)]
    code = show(findings, style, context.obj)
    if code == CLEAN:
        folder.write(out, made.files)
        tell(f"{(context.obj or PurePosixPath()) / out}: {len(made.files)} files")
        for absent in made.absent:
            tell(f"absent: {absent.role}: {absent.why}")
    return code


def _lacking(made: Kit) -> Iterator[Finding]:
    """What is absent, as findings where the version is a final one."""
    from bookpress import outline  # noqa: PLC0415
    from bookpress.release import version  # noqa: PLC0415

    number = version.parse(outline.load(Path.cwd()).metadata.version)
    if number.stage is version.Stage.FINAL:
        for absent in made.lacking:
            message = f"{absent.role} is absent from the kit: {absent.why}"
            yield Finding(Position(PurePosixPath("book.yml")), "R008", message)


@release.command("check")
@click.option("--tag", default="", help="The tag that is to be released, such as v2026.11.0.")
@quiet_option
@report_option
@click.pass_context
def _check(context: click.Context, *, tag: str, quiet: bool, style: str) -> int:
    """Say what forbids a release of the commit that is checked out.

    Without --tag, what can be known before the tag is made: that the version is newer than all
    before it and, for a proof or final release, that the changelog speaks of it, every chapter is
    there and no comment blocks it. With --tag, the tag itself as well.
    """
    from bookpress.release import check  # noqa: PLC0415

    require_book()
    root = Path.cwd()
    found = list(check.check(root, tag))
    asked = context.find_root().meta.get(_ASKED)
    if asked and not check.is_draft(root):
        found += asked.blockers(root)
    code = show(found, style, context.obj)
    if code == CLEAN:
        teller(quiet=quiet)("nothing forbids the release")
    return code


@release.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@quiet_option
@report_option
def _verify(*, folder: Path, quiet: bool, style: str) -> int:
    """Verify the release kit in FOLDER; needs neither its sources nor a network.

    Hashes, sizes and names first; then what every file shows of itself: pages, leaf, version,
    ISBN, and whether the spine of a cover fits the interior. Nothing in FOLDER is believed.

    \b
    Exit codes: 0 all is as the manifest says, 1 it is not, 2 there is no kit.
    """  # noqa: D301
    from bookpress.release import verify  # noqa: PLC0415

    tell = teller(quiet=quiet)
    verdict = verify.verify(folder, tell)
    code = show(verdict.findings, style, PurePosixPath(folder.as_posix()))
    if code == CLEAN and verdict.kit:
        kit = verdict.kit
        tell(f"{len(kit.files)} files are what they claim to be: {kit.release_title}")
        for absent in kit.absent:
            tell(f"absent, as the manifest says: {absent.role}: {absent.why}")
    return code


@release.command("compare")
@click.argument("one", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
def _compare(*, one: Path, other: Path) -> int:
    """Say in which files two kits of one commit differ; exits with 1 when they do."""
    from bookpress.release import folder  # noqa: PLC0415

    found = tuple(folder.differences(one, other))
    for line in found:
        click.echo(line)
    click.echo("the kits differ" if found else "the kits are the same, byte for byte", err=True)
    return FINDINGS if found else CLEAN


@release.command("publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tag", required=True, help="The tag whose release it is.")
@quiet_option
def _publish(*, folder: Path, tag: str, quiet: bool) -> int:
    """Publish the kit in FOLDER on GitHub, through gh: a workflow's last step.

    Makes a draft with every file, downloads it, compares it, and only then publishes it. What is
    published already is left alone.
    """
    from bookpress.release import hub  # noqa: PLC0415

    hub.publish(folder, tag, teller(quiet=quiet))
    return CLEAN


@release.command("keep")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def _keep(*, folder: Path) -> int:
    """Keep the page map of the printing whose kit is in FOLDER, in printings/.

    Errata and the next release's CHANGES read it from there: commit the file.
    """
    from bookpress.release import names, printings, verify  # noqa: PLC0415

    require_book()
    verdict = verify.verify(folder)
    if not verdict.kit or verdict.findings:
        hint = f"bookpress release verify {folder} says why"
        raise BookpressError(f"{folder} is no kit to rely on", hint=hint)
    [pages] = verdict.kit.of(names.Role.PAGES)
    name, data = printings.keep(verdict.kit, (folder / pages.name).read_bytes())
    printings.write(Path.cwd(), name, data)
    click.echo(f"{name} holds the pages of {verdict.kit.release_title}; commit it")
    return CLEAN


@click.command()
@click.argument("span", metavar="FIRST..LAST")
def errata(*, span: str) -> int:
    """Print where readers of printings FIRST to LAST find the mistakes of errata.yml.

    \b
    An entry of errata.yml, and what `bookpress errata 1..2` makes of it:
      errata:
        - file: manuscript/part-1/weirs.md    as in the printing where it was found
          line: 88
          printing: 1
          wrong: "the the gate"
          right: "the gate"
          fixed: 2                            left out while no printing is right
    """  # noqa: D301
    from bookpress.release import errata as reading  # noqa: PLC0415
    from bookpress.release import printings  # noqa: PLC0415

    require_book()
    ends = span.partition("..") if ".." in span else (span, "..", span)
    if not (ends[0].isdecimal() and ends[2].isdecimal() and 1 <= int(ends[0]) <= int(ends[2])):
        raise BookpressError(f"{span} names no printings", hint="type 1..2, or 2")
    root = Path.cwd()
    known = printings.load(root)
    lines = reading.report(root, reading.load(root), known, (int(ends[0]), int(ends[2])))
    click.echo("\n".join(lines) or "no mistake is known of these printings")
    return CLEAN
