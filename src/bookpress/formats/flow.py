"""Laid-out pages -> what stands on them, line by line, and what readers stumble on at their edges.

It walks WeasyPrint's boxes (70.0) without importing WeasyPrint. A piece is a line or a picture in
the flow of the text; margin boxes, floats and what is placed absolutely are none. Lengths are CSS
pixels.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from bookpress.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bookpress.formats.measure import Places

Box: TypeAlias = Any  # WeasyPrint has no types worth the name
Element: TypeAlias = Any
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
PARAGRAPHS = frozenset({"p", "li", "dd", "dt", "blockquote"})
FEWEST_BELOW_HEADING = 2
FEWEST_OF_LISTING = 2
FEWEST_ON_LAST_PAGE = 5
FULL_ENOUGH = 1 / 3
MOST_HYPHENS = 2
HYPHENS = ("-", "\u2010", "\u00ad")
CALL = "::footnote-call"
OPENING = 240
"""How many characters of a page tell where it begins."""
POINTS = 0.75
NORMAL_SPACE = 0.235
"""The space of the text face, in em; a line is loose when its spaces are WIDEST_GAP times that."""
WIDEST_GAP = 3.0
OVERHANG_EM = 0.3
"""A space or a hanging comma may stand beyond the box."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A line or a picture: its element, the box that holds it, and the height it ends at."""

    box: Box
    holder: Box
    element: Element
    bottom: float
    text: str
    picture: bool = False


@dataclass(slots=True)
class Page:
    """What stands on one page: its pieces in the order of the text, its note calls and notes."""

    top: float
    height: float
    right: float
    pieces: list[Piece] = field(default_factory=list)
    calls: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)

    @property
    def fill(self) -> float:
        """The share of the type area down to the last piece."""
        lowest = max((piece.bottom for piece in self.pieces), default=self.top)
        return (lowest - self.top) / self.height


def read(page_boxes: Sequence[Box]) -> tuple[Page, ...]:
    """Gather what stands on every page."""
    pages = []
    for box in page_boxes:
        page = Page(box.content_box_y(), box.height, box.content_box_x() + box.width)
        for child in box.children:
            if type(child).__name__ == "FootnoteAreaBox":
                page.notes += [note.element for note in child.children]
            elif not hasattr(child, "at_keyword"):  # a margin box
                _gather(child, box, page)
        pages.append(page)
    return tuple(pages)


def _gather(box: Box, holder: Box, page: Page) -> None:
    if hasattr(box, "_box") or box.is_floated():
        return
    if type(box).__name__ == "LineBox":
        text = "".join(inner.text for inner in _boxes(box))
        page.calls += _calls(box)
        page.pieces.append(Piece(box, holder, box.element, _bottom(box), text))
    elif hasattr(box, "replacement"):
        page.pieces.append(Piece(box, holder, box.element, _bottom(box), "", picture=True))
    else:
        for child in getattr(box, "children", ()):
            _gather(child, box, page)


def _bottom(box: Box) -> float:
    return float(box.position_y + box.margin_height())


def _boxes(box: Box) -> Iterator[Box]:
    """The text boxes in a line."""
    if hasattr(box, "text"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _calls(box: Box) -> Iterator[Element]:
    if (box.element_tag or "").endswith(CALL):
        yield box.element
    else:
        for child in getattr(box, "children", ()):
            yield from _calls(child)


def printed(pages: Sequence[Page], places: Places) -> dict[str, tuple[int, int]]:
    """Map each data-pos to the first and the last page, from 0, on which something of it stands."""
    blocks: dict[str, tuple[int, int]] = {}
    for number, page in enumerate(pages):
        for piece in page.pieces:
            for element in places.around(piece.element):
                if place := element.get("data-pos"):
                    blocks[place] = (blocks.get(place, (number, number))[0], number)
    return blocks


def openings(pages: Sequence[Page], places: Places) -> tuple[str, ...]:
    """The text that each page begins with, without what only print has; "" before a picture."""
    heads: set[Element] = set()
    found = []
    for page in pages:
        text = ""
        repeated = set(heads)
        for piece in page.pieces if page.pieces and not page.pieces[0].picture else ():
            around = tuple(places.around(piece.element))
            head = next((e for e in around if e.tag == "thead"), None)
            heads |= {head} - {None}
            if head is None or head not in repeated:
                text += "".join(box.text for box in _boxes(piece.box) if _is_written(box, places))
            if len(text) > OPENING:
                break
        found.append(text[:OPENING])
    return tuple(found)


def _is_written(box: Box, places: Places) -> bool:
    """Say whether a text box is of the manuscript: no marker, no page number, no formula."""
    return "::" not in (box.element_tag or "") and not any(
        element.tag == "math" or "on-page" in element.get("class", "") or element.get("data-page")
        for element in places.around(box.element)
    )


class Reviewer:
    """Finds breaks of pages and lines that no typesetter would have left."""

    def __init__(self, pages: Sequence[Page], places: Places) -> None:
        self.pages, self.places = pages, places

    def look(self) -> Iterator[Finding]:
        """Go through all pages; page numbers in findings are those of the chapter, from 1."""
        yield from self._headings()
        yield from self._listings()
        yield from self._notes()
        yield from self._paragraphs()
        for page in self.pages:
            yield from self._hyphens(page)
            yield from self._lines(page)
        if any(self.places.known(p.element) for page in self.pages for p in page.pieces):
            yield from self._short_pages()

    def _around(self, piece: Piece, *tags: str) -> Element | None:
        """The nearest element of these around a piece, or its own."""
        return next((e for e in self.places.around(piece.element) if e.tag in tags), None)

    def _finding(self, piece: Piece, code: str, message: str, hint: str) -> Finding:
        return Finding(self.places.of(piece.element), code, message, hint)

    def _headings(self) -> Iterator[Finding]:
        for number, page in enumerate(self.pages):
            below, heading = 0, None
            for piece in reversed(page.pieces):
                if self._around(piece, *HEADINGS) is None:
                    below += FEWEST_BELOW_HEADING if piece.picture else bool(piece.text.strip())
                else:
                    heading = piece
                    break
            last = number == len(self.pages) - 1
            if heading and below < FEWEST_BELOW_HEADING and not (last and below):
                message = (
                    f"the heading “{_shown(heading.text)}” stands at the foot of a page with "
                    f"{below} lines below it; {FEWEST_BELOW_HEADING} needed"
                )
                hint = "let `break-after: avoid` hold, or move a figure from below the heading"
                yield self._finding(heading, "T010", message, hint)

    def _listings(self) -> Iterator[Finding]:
        lines: dict[Element, dict[int, int]] = {}
        first: dict[Element, tuple[int, Piece]] = {}
        for number, page in enumerate(self.pages):
            for piece in page.pieces:
                figure = self._around(piece, "figure")
                block = self._around(piece, "pre")
                owner = figure if figure is not None else block
                if owner is None:
                    continue
                first.setdefault(owner, (number, piece))
                if block is not None and piece.text.strip():
                    counts = lines.setdefault(owner, {})
                    counts[number] = counts.get(number, 0) + 1
        for owner, counts in lines.items():
            start, piece = first[owner]
            numbers = [counts.get(n, 0) for n in range(start, max(counts) + 1)]
            if len(numbers) > 1 and min(numbers[0], numbers[-1]) < FEWEST_OF_LISTING:
                parted = " and ".join(map(str, numbers))
                message = f"the listing is broken over pages into {parted} lines"
                hint = f"let at least {FEWEST_OF_LISTING} lines stand together, or part the listing"
                yield self._finding(piece, "T011", message, hint)

    def _short_pages(self) -> Iterator[Finding]:
        for number, page in enumerate(self.pages[:-1], 1):
            if page.pieces and page.fill < FULL_ENOUGH:
                message = f"page {number} of the chapter ends when it is {page.fill:.0%} full"
                hint = "move what did not fit below, or make it smaller"
                yield self._finding(page.pieces[-1], "T012", message, hint)
        lines = Counter(round(piece.bottom) for piece in self.pages[-1].pieces)
        if len(self.pages) > 1 and 0 < len(lines) < FEWEST_ON_LAST_PAGE:
            pictures = any(piece.picture for piece in self.pages[-1].pieces)
            if not pictures:
                message = f"the last page of the chapter has {len(lines)} lines"
                hint = f"cut {len(lines)} lines, or add {FEWEST_ON_LAST_PAGE - len(lines)}"
                yield self._finding(self.pages[-1].pieces[0], "T017", message, hint)

    def _notes(self) -> Iterator[Finding]:
        called = {e: number for number, page in enumerate(self.pages) for e in page.calls}
        seen = set()
        for number, page in enumerate(self.pages):
            for note in page.notes:
                if note not in seen and called.get(note, number) != number:
                    off = number - called[note]
                    side = "after" if off > 0 else "before"
                    message = f"a footnote stands {abs(off)} page {side} its call"
                    hint = "shorten the note, or call it earlier in the paragraph"
                    yield Finding(self.places.of(note), "T013", message, hint)
                seen.add(note)

    def _hyphens(self, page: Page) -> Iterator[Finding]:
        run: list[Piece] = []
        for piece in [*page.pieces, None]:
            same = piece and run and piece.holder is run[-1].holder
            if piece and piece.text.rstrip().endswith(HYPHENS) and (same or not run):
                run.append(piece)
                continue
            if len(run) > MOST_HYPHENS and self._around(run[0], "pre") is None:
                message = (
                    f"{len(run)} lines in a row end in a hyphen; {MOST_HYPHENS} allowed: "
                    f"“{_shown(run[0].text)}”"
                )
                yield self._finding(run[0], "T014", message, "reword one of the lines")
            hyphened = piece and piece.text.rstrip().endswith(HYPHENS)
            run = [piece] if piece and hyphened else []

    def _paragraphs(self) -> Iterator[Finding]:
        """Report paragraphs of which one line stands alone at the foot or the head of a page."""
        lines: dict[Element, list[list[Piece]]] = {}
        for page in self.pages:
            here: dict[Element, list[Piece]] = {}
            for piece in page.pieces:
                if piece.element.tag in PARAGRAPHS and piece.text.strip():
                    here.setdefault(piece.element, []).append(piece)
            for element, pieces in here.items():
                lines.setdefault(element, []).append(pieces)
        for parts in lines.values():
            if len(parts) > 1 and min(len(parts[0]), len(parts[-1])) == 1:
                alone = parts[0][0] if len(parts[0]) == 1 else parts[-1][0]
                foot = "foot" if alone is parts[0][0] else "head"
                message = f"a line stands alone at the {foot} of a page: “{_shown(alone.text)}”"
                yield self._finding(alone, "T016", message, "reword the paragraph")

    def _lines(self, page: Page) -> Iterator[Finding]:
        """Report lines with holes between their words, and those that run out of their box.

        What leaves the type area as well is T002's.
        """
        for piece in page.pieces:
            if piece.picture or not piece.text.strip():
                continue
            gap = 1 + _stretch(piece.box) / NORMAL_SPACE
            end = _right(piece.box)
            beyond = end - piece.holder.content_box_x() - piece.holder.width
            if gap > WIDEST_GAP:
                shown = _shown(piece.text)
                message = f"the spaces are {gap:.1f} times as wide as they should be: “{shown}”"
                hint = "reword the sentence, or let a long word be divided"
                yield self._finding(piece, "T015", message, hint)
            if beyond > OVERHANG_EM * piece.box.style["font_size"] and end < page.right:
                message = f"“{_shown(piece.text)}” ends {beyond * POINTS:.1f} pt beyond its box"
                hint = "give its column more room, or divide the longest word"
                yield self._finding(piece, "T018", message, hint)


def _stretch(line: Box) -> float:
    """By how much of their size justification has widened the spaces of a line."""
    texts = [box for box in _boxes(line) if box.text.strip(" ").count(" ")]
    return max((b.justification_spacing / b.style["font_size"] for b in texts), default=0)


def _right(line: Box) -> float:
    """Where the last visible character of a line ends."""
    texts = [box for box in _boxes(line) if box.text.strip()]
    return max((float(box.position_x + box.width) for box in texts), default=0)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004
