"""The commands of the wing."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress import printers
from bookpress.contribution import Contribution, Kind
from bookpress.errors import ToolError
from bookpress.findings import Finding, Position, Severity
from bookpress.terminal import CLEAN, FINDINGS, require_book, say, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bookpress.printers import Profile

POINTS = {"in": 72.0, "mm": 72 / 25.4, "pt": 1.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(in|mm|pt)")


def length(text: str) -> float:
    """Read a length in in, mm or pt, such as 14.2mm; returns points."""
    if found := _LENGTH.fullmatch(text.strip()):
        return float(found[1]) * POINTS[found[2]]
    raise click.BadParameter(f"{text!r} is no length; write for instance 14.2mm or 0.56in")


_printer = click.option(
    "--profile",
    "printer",
    type=click.Choice(printers.names()),
    required=True,
    help="The printer whose demands count.",
)
_paper = click.option(
    "--paper",
    type=click.Choice(("white", "cream", "colour")),
    default="white",
    show_default=True,
    help="What the block is printed on; it says how thick a page is.",
)
_spine = click.option(
    "--spine",
    "spine_pt",
    type=length,
    metavar="LENGTH",
    help="How wide the spine is by the printer's template: 14.2mm.",
)


@click.command()
@_printer
@_paper
@_spine
@click.pass_obj
def cover(base: PurePosixPath, *, printer: str, paper: str, spine_pt: float | None) -> int:
    """Make the cover of the printed book for a printer: back, spine and front on one page.

    The spine is as wide as the pages of the print edition are thick. Exits with 1 on findings.
    """
    from bookpress import build, commit, outline, outputs  # noqa: PLC0415

    root = Path.cwd()
    require_book()
    modified = commit.last_changed(root)
    made = build.cover(root, printer, modified=modified, paper=paper, spine_pt=spine_pt)
    name = f"{outline.load(root).slug}-cover-{printer}.pdf"
    outputs.publish(root / outputs.FOLDER, {name: made.pdf})
    code = show(made.findings, "text", base, Severity.NOTE)
    spine = f"a spine of {made.geometry.spine_pt / 72:.4f} in for {made.pages} pages"
    bare = "" if made.geometry.size_pt else ", too thin for text"
    say(f"{base / outputs.FOLDER / name}: {spine}{bare}")
    return code


def require(editions: Sequence[str]) -> None:
    """Raise ToolError when the inks of a print edition cannot be measured, for `build --strict`."""
    from bookpress.printing import inks  # noqa: PLC0415  (--help must be quick)

    if "print" in editions and not inks.installed():
        raise ToolError("cannot prove the print edition without Ghostscript", hint=inks.HINT)


def verdicts(
    root: Path, editions: Sequence[str], tell: Callable[[str], None]
) -> tuple[Finding, ...]:
    """Hold the print edition against what every printer asks, for `build --strict`.

    Whether a printer makes books of so few or so many pages, or of such a leaf, is said and is no
    finding: another one does.
    """
    from bookpress import outline, outputs  # noqa: PLC0415
    from bookpress.printing import preflight as inspection  # noqa: PLC0415

    if "print" not in editions:
        return ()
    name = f"{outline.load(root).slug}-print.pdf"
    where = Position(PurePosixPath(outputs.FOLDER, name))
    evidence = inspection.measure((root / outputs.FOLDER / name).read_bytes())
    findings: list[Finding] = []
    for profile in map(printers.load, printers.names()):
        if refused := inspection.declines(evidence, profile):
            tell(f"none: preflight for {profile.name}: {name}: it does not print {refused}")
            continue
        judged = inspection.judge(evidence, profile)
        missed = [v for v in judged if v.outcome is not inspection.Outcome.MET]
        result = "fail" if missed else "pass"
        figure = f"{len(judged) - len(missed)} of {len(judged)} demands met"
        tell(f"{result}: preflight for {profile.name}: {name}: {figure}")
        for v in missed:
            said = f"{profile.name}: {v.demand}: {v.found}; asked: {v.asked}"
            findings.append(Finding(where, "P001", said))
    return tuple(findings)


def contributions(
    root: Path,
    made: Mapping[str, bytes],
    pages: int,
    *,
    judged: bool,  # noqa: ARG001
    tell: Callable[[str], None],
) -> Iterator[Contribution]:
    """Certify the print edition for every printer, and make its covers, for `release kit`."""
    from bookpress import outline  # noqa: PLC0415  (--help must be quick)
    from bookpress.printing import certificate  # noqa: PLC0415
    from bookpress.printing import preflight as inspection  # noqa: PLC0415

    name = f"{outline.load(root).slug}-print.pdf"
    evidence = inspection.measure(made[name])
    for printer in printers.names():
        profile = printers.load(printer)
        verdicts = inspection.judge(evidence, profile)
        outcome = certificate.outcome(profile, verdicts)
        tell(f"preflight for {printer}: {outcome}")
        written = certificate.text(name, made[name], profile, verdicts).encode()
        good = certificate.passed(verdicts)
        yield Contribution(Kind.CERTIFICATE, printer, written, "" if good else outcome, good)
        yield _cover(root, profile, made[name], pages)


def _cover(root: Path, profile: Profile, interior: bytes, pages: int) -> Contribution:
    """Make the cover of a block on white paper, if a formula tells how thick that is."""
    from bookpress import build, commit  # noqa: PLC0415
    from bookpress.printing import certificate, jacket  # noqa: PLC0415

    printer, paper = profile.name, "white"
    if paper not in profile.cover.leaf_pt:
        why = f"only {printer}'s template tells the spine: bookpress cover --profile {printer}"
        return Contribution(Kind.COVER, printer, None, f"{why} --spine WIDTH")
    cover = build.cover(root, printer, modified=commit.last_changed(root), pages=pages)
    verdicts = jacket.judge(cover.pdf, jacket.block(interior, profile, paper, None), profile)
    good = certificate.passed(verdicts) and not cover.findings
    facts = {
        "spine_mm": cover.geometry.spine_pt,
        "page_mm": profile.cover.leaf_pt[paper],
        "cover_mm": 0.0,
        "bleed_mm": cover.geometry.bleed_pt,
    }
    lengths = {name: points / POINTS["mm"] for name, points in facts.items()}
    why = "" if good else certificate.outcome(profile, verdicts)
    return Contribution(Kind.COVER, printer, cover.pdf, why, good, lengths)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_printer
@click.option(
    "--around",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="FILE is the cover of this interior.",
)
@_paper
@_spine
@click.option(
    "--report", "style", type=click.Choice(("text", "json")), default="text", help="How to say it."
)
def preflight(  # noqa: PLR0913  (one argument for each option)
    file: Path, *, printer: str, around: Path | None, paper: str, spine_pt: float | None, style: str
) -> int:
    """Say whether a printer takes FILE, any PDF, as the interior of a book in black, or its cover.

    Exits with 1 when a demand is not met, or cannot be measured.
    """
    from bookpress.printing import certificate, jacket  # noqa: PLC0415  (--help must be quick)
    from bookpress.printing import preflight as inspection  # noqa: PLC0415

    pdf, profile = file.read_bytes(), printers.load(printer)
    if around:
        block = jacket.block(around.read_bytes(), profile, paper, spine_pt)
        verdicts = jacket.judge(pdf, block, profile)
    else:
        verdicts = inspection.judge(inspection.measure(pdf), profile)
    write = {"text": certificate.text, "json": certificate.as_json}[style]
    click.echo(write(file.name, pdf, profile, verdicts), nl=False)
    return CLEAN if certificate.passed(verdicts) else FINDINGS
