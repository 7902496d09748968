"""The pipeline, written out once, in reading order.

`manuscript.load` reads and surveys, the checks look, `Press` writes, typesets, binds and packages.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bookpress import allowances, printers
from bookpress.checks import ESTIMATES, MANUSCRIPT, PROOF
from bookpress.formats.sheets import Variant
from bookpress.formats.wrap import geometry
from bookpress.manuscript import load, silent
from bookpress.pagination import content_name
from bookpress.press import Press

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.checks import ManuscriptCheck
    from bookpress.findings import Finding
    from bookpress.formats.wrap import Geometry
    from bookpress.manuscript import Manuscript, Tell
    from bookpress.pagination import PageMap


class Edition(StrEnum):
    """What the press makes. The screen edition has the pages of the print edition."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"
    WEB = "web"


PAGED = (Edition.PRINT, Edition.SCREEN)
NOTHING: Mapping[str, bytes] = MappingProxyType({})
_MANUSCRIPT_CODES = frozenset("SLIGW")
_PROOF_CODES = frozenset("BT")
_PACKAGE_CODES = frozenset("E")


@dataclass(frozen=True, slots=True)
class Result:
    """What a build made: files by name, what is wrong, and where everything landed.

    pages is None when no paged edition was asked for.
    """

    manuscript: Manuscript
    artifacts: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    pages: PageMap | None


def check(root: Path) -> tuple[Finding, ...]:
    """Say what is wrong with the manuscript, without typesetting it."""
    manuscript = load(root)
    findings = _found(manuscript, *MANUSCRIPT, *ESTIMATES)
    return allowances.settle(manuscript.book, findings, _MANUSCRIPT_CODES)


def build(  # noqa: PLR0913  (one argument for each option)
    root: Path,
    editions: Sequence[Edition],
    *,
    modified: dt.datetime,
    progress: Tell = silent,
    workers: int = 0,
    strict: bool = False,
    attached: Mapping[str, bytes] = NOTHING,
) -> Result:
    """Make editions and prove them.

    modified: the date that goes into the editions: the commit's, never the clock's.
    workers:  processes that typeset; 0 for as many as there are processors.
    strict:   read the finished editions again, and compare them with the manuscript.
    attached: files that the screen edition carries along, by name: the companion, as a rule.
    Raises    OutlineError when book.yml cannot be understood, ToolError when a tool fails.
    """
    manuscript = load(root, progress=progress)
    press = Press(root, manuscript, modified, progress, workers or os.cpu_count() or 1)
    findings = list(_found(manuscript, *MANUSCRIPT))
    artifacts: dict[str, bytes] = {}
    name = manuscript.book.slug

    variants = [Variant(edition) for edition in editions if edition in PAGED]
    proofs = press.typeset(variants) if variants else {}
    pages = next((proof.pages for proof in proofs.values()), None)
    for variant, proof in proofs.items():
        files = attached if variant is Variant.SCREEN else NOTHING
        artifacts[f"{name}-{variant}.pdf"] = _carrying(proof.pdf, files, modified)
        findings += [finding for look in PROOF for finding in look(manuscript.book, proof)]
    if pages:
        sources = {str(p): content_name(t.encode()) for p, t in manuscript.sources.items()}
        artifacts[f"{name}-pages.json"] = pages.to_json(sources)
    if Edition.EPUB in editions:
        artifacts[f"{name}.epub"] = epub = press.package(pages)
        artifacts[f"{name}-accessibility.json"] = press.accessibility(epub)
    if Edition.WEB in editions:
        artifacts |= {f"web/{file}": data for file, data in press.publish().items()}

    if strict:
        from bookpress import comparing  # noqa: PLC0415  (PDFium; most builds need none)

        progress("compare", 0, 1)
        findings += comparing.compare(manuscript, artifacts, pages)
        progress("compare", 1, 1)

    press.store.sweep()
    codes = _MANUSCRIPT_CODES | (_PROOF_CODES if proofs else frozenset())
    codes |= _PACKAGE_CODES if Edition.EPUB in editions else frozenset()
    settled = allowances.settle(manuscript.book, [*findings, *press.findings], codes)
    return Result(manuscript, artifacts, settled, pages)


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of the printed book for one printer: a PDF of one page, and how it was measured.

    pages: how many the block has whose spine it covers.
    """

    pdf: bytes
    pages: int
    geometry: Geometry
    findings: tuple[Finding, ...]


def cover(  # noqa: PLR0913  (one argument for each option)
    root: Path,
    printer: str,
    *,
    modified: dt.datetime,
    pages: int | None = None,
    paper: str = "white",
    spine_pt: float | None = None,
) -> Cover:
    """Make the wrap-around cover of the printed book: back, spine and front.

    printer:  the name of a profile: kdp, ingram, lulu.
    pages:    of the print edition, as `Result.pages.total` has it; None typesets it to know.
    paper:    white, cream or colour, where the printer's formula tells them apart.
    spine_pt: the width of the spine by the printer's template, which counts before the formula.
    Raises    BookpressError when there is no such printer, or no way to know the spine.
    """
    profile = printers.load(printer)
    manuscript = load(root)
    press = Press(root, manuscript, modified, silent, os.cpu_count() or 1)
    if pages is None:
        pages = press.typeset([Variant.PRINT])[Variant.PRINT].pages.total
    measures = geometry(manuscript.book, profile, pages, paper, spine_pt)
    press.findings.clear()  # of the pages, which the build has told
    pdf = press.wrap(measures)
    return Cover(pdf, pages, measures, tuple(press.findings))


def _carrying(pdf: bytes, files: Mapping[str, bytes], modified: dt.datetime) -> bytes:
    if not files:
        return pdf
    from bookpress.formats import attachments  # noqa: PLC0415  (pikepdf; most builds need none)

    return attachments.attach(pdf, files, modified)


def _found(manuscript: Manuscript, *checks: ManuscriptCheck) -> Iterator[Finding]:
    for look in checks:
        yield from look(manuscript.book, manuscript.survey)
