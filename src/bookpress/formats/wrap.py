"""Metadata and the thickness of the block -> the cover of the printed book, all on one page.

From left to right: the back with the description and the barcode, the spine, the front; bleed runs
around all three. Lengths are points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bookpress.contents import part_numeral
from bookpress.formats import barcode, cover
from bookpress.formats.labels import authors
from bookpress.formats.sheets import Sheet, Style
from bookpress.model import Matter

if TYPE_CHECKING:
    from bookpress.model import Book, Trim
    from bookpress.printers import Profile
    from bookpress.templates import Templates

STYLES = ("cover.css", "wrap.css")
BARCODE = "barcode.svg"
# Of the size, in the face of the spine, which is set in capitals alone: how high they are with what
# round ones overshoot, and how high they may be with tails and accents.
_CAP_HEIGHT, _TALL = 0.72, 1.2
_PLAIN = re.compile(r"[A-IK-PR-Z0-9 .:'’–-]*")
_LARGEST_PT = 15
_TRACKED = 0.78  # of the size: how far a capital advances, its tracking included


@dataclass(frozen=True, slots=True)
class Geometry:
    """The measures of a cover. size_pt: of the type on the spine; 0 for a spine without text."""

    trim: Trim
    spine_pt: float
    bleed_pt: float
    size_pt: float
    barcode_pt: tuple[float, float]

    @property
    def width_pt(self) -> float:
        """From fore-edge to fore-edge, trimmed."""
        return 2 * self.trim.width_pt + self.spine_pt


def geometry(
    book: Book, profile: Profile, pages: int, paper: str, spine_pt: float | None
) -> Geometry:
    """Measure the cover of a block of so many pages.

    spine_pt: the printer's own figure, which counts before the formula.
    Raises    BookpressError when neither tells how thick the block is.
    """
    asked = profile.cover
    spine = profile.spine_pt(pages, paper, spine_pt)
    size = _spine_size_pt(book, spine - 2 * asked.clearance_pt)
    fits = size >= asked.smallest_text_pt and pages >= asked.spine_text_from
    return Geometry(book.trim, spine, asked.bleed_pt, size if fits else 0, asked.barcode_pt)


def _spine_size_pt(book: Book, room_pt: float) -> float:
    """The largest capitals that stand between the folds and run no longer than the spine."""
    words = [book.metadata.short_title.upper(), *(name.upper() for name in authors(book.metadata))]
    along = (book.trim.height_pt - 3 * 44) / max(len("".join(words)), 1) / _TRACKED
    high = _CAP_HEIGHT if all(map(_PLAIN.fullmatch, words)) else _TALL
    return int(min(room_pt / high, along, _LARGEST_PT) * 4) / 4


def dress(style: Style, measures: Geometry) -> Style:
    """Give the style sheets the page that they are for."""
    size = f"{measures.width_pt:.4f}pt {measures.trim.height_pt:.4f}pt"
    return replace(
        style, css=f"{style.css}\n@page {{ size: {size}; bleed: {measures.bleed_pt}pt }}"
    )


def sheet(book: Book, measures: Geometry, templates: Templates) -> Sheet:
    """Compose the cover. The barcode needs an ISBN of the printed book."""
    isbn = book.metadata.isbn.get("print", "")
    html = templates.render(
        "wrap.html.j2",
        book=book,
        geometry=measures,
        authors=authors(book.metadata),
        isbn=isbn,
        bars_pt=(barcode.WIDTH * barcode.MODULE_PT, barcode.MODULE_PT),
        paragraphs=[text for text in book.metadata.description.split("\n") if text.strip()],
        parts=[(part_numeral(part), part.title) for part in book.parts if part.number],
        size_pt=cover.title_size_pt(book),
    )
    assets = {BARCODE: barcode.drawing(isbn)} if isbn else {}
    return Sheet("wrap", Matter.FRONT, html, book.where, bare=True, single=True, assets=assets)
