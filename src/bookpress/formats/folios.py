"""Sheets -> where everything lands, and the room that page numbers take in their text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress.formats.sheets import address
from bookpress.model import Matter
from bookpress.pagination import Block, Extent, PageMap, roman

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bookpress.formats.sheets import Pages, Sheet

# Of a page of a technical book, 7 by 9 inches; an estimate for the first pass, no more.
CHARACTERS_A_LINE, LINES_A_PAGE, LINES_A_LINE_OF_CODE = 78, 39, 0.75
_LINES_FOR = {"h1": 11.0, "h2": 3, "h3": 2, "h4": 2, "img": 14, "figcaption": 2}
_LINES_FOR |= dict.fromkeys(("p", "li", "tr", "dt", "dd"), 0.6)
_PAGE_NUMBER = re.compile(r"(<(?:a|span)\b[^>]*?\bdata-page=\"([^\"]+)\"[^>]*>)([^<]*)")
# Of an index entry: page numbers side by side, and the same number again.
_NEIGHBOURS = re.compile(r"</a>, <a [^>]*?\bdata-page=")
_REPEATED = re.compile(r"(>([0-9]+|[ivxlc]+)</a>)(?:, <a [^>]*?\bdata-page=\"[^>]*>\2</a>)+")
_RUN = re.compile(r"<a [^>]*?\bdata-page=[^>]*>\d+</a>(?:, <a [^>]*?\bdata-page=[^>]*>\d+</a>){2,}")
_LOCATOR = re.compile(r"<a [^>]*>(\d+)</a>")
_TAG_OR_TEXT = re.compile(
    r"<pre\b[^>]*>(?P<pre>.*?)</pre>|<(?P<name>[a-z][a-z0-9-]*)[^>]*>|</[^>]*>|[^<]+", re.DOTALL
)
_ID = re.compile(r"\bid=\"([^\"]+)\"")
_RANGE = re.compile(r"(?P<path>.+)@(?P<line>\d+):\d+-(?P<end>\d+):(?P<column>\d+)")


def page_map(sheets: Sequence[Sheet], set_pages: Mapping[str, Pages]) -> PageMap:
    """Say where everything lands when the sheets are bound, each opening on a recto."""
    folios: list[str] = []
    openings: list[str] = []
    anchors: dict[tuple[str, str], int] = {}
    extents = []
    blocks: dict[tuple[PurePosixPath, int, int], tuple[int, int]] = {}
    counted = {True: 0, False: 0}
    for sheet in sheets:
        pages, front = set_pages[sheet.slug], sheet.matter is Matter.FRONT
        first, extent = len(folios) + 1, pages.count + pages.count % 2
        numbers = range(counted[front] + 1, counted[front] + extent + 1)
        folios += [_folio(number, front=front) for number in numbers]
        counted[front] += extent
        own = pages.openings[: pages.count]
        openings += [*own, *[""] * (extent - len(own))]
        anchors |= {(sheet.slug, name): first + page for name, page in pages.anchors.items()}
        extents.append(Extent(sheet.slug, first, extent))
        for place, (start, end) in pages.blocks.items():
            if lines := lines_of(place):
                before, after = blocks.get(lines, (first + start, first + end))
                blocks[lines] = (min(before, first + start), max(after, first + end))
    printed = sorted(Block(*lines, *where) for lines, where in blocks.items())
    return PageMap(tuple(folios), anchors, tuple(extents), tuple(printed), tuple(openings))


@lru_cache(maxsize=1 << 16)  # the places of a book of 2,000 pages, asked for four times a build
def lines_of(place: str) -> tuple[PurePosixPath, int, int] | None:
    """The file and the lines, ends included, of a data-pos; None when it names no file.

    A range that ends in column 1 ends with the line before.
    """
    if not (match := _RANGE.match(place)):
        return None
    first, end = int(match["line"]), int(match["end"])
    last = end - 1 if match["column"] == "1" else end
    return PurePosixPath(match["path"]), first, max(first, last)


def addresses(pages: PageMap) -> dict[str, int]:
    """Map each address ("SLUG.html#id", "SLUG.html") to its page, counted from 1."""
    found = {f"{slug}.html#{anchor}": page for (slug, anchor), page in pages.anchors.items()}
    return {f"{extent.slug}.html": extent.first for extent in pages.extents} | found


def castoff(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Estimate the folio of every address, from the sheets alone.

    Only the number of figures is used of it, so that an edit changes the estimate of few numbers.
    """
    estimate, counted = {}, {True: 0, False: 0}
    for sheet in sheets:
        front = sheet.matter is Matter.FRONT
        first, last = counted[front] + 1, 0
        estimate[f"{sheet.slug}.html"] = _folio(first, front=front)
        for name, lines in _lines_before(sheet.html):
            last = int(lines / LINES_A_PAGE)
            estimate[f"{sheet.slug}.html#{name}"] = _folio(first + last, front=front)
        counted[front] += last + 1 + (last + 1) % 2
    return estimate


def _lines_before(html: str) -> Iterator[tuple[str, float]]:
    """Every id and how many lines of text come before it, roughly; at last, the end."""
    lines = 0.0
    for piece in _TAG_OR_TEXT.finditer(html):
        if piece["name"]:
            if identifier := _ID.search(piece[0]):
                yield identifier[1], lines
            lines += _LINES_FOR.get(piece["name"], 0)
        elif piece["pre"]:
            lines += piece["pre"].count("\n") * LINES_A_LINE_OF_CODE
        else:
            lines += len(piece[0]) / CHARACTERS_A_LINE
    yield "", lines


def fill(
    sheet: Sheet, folios: Mapping[str, str], widths: dict[str, int], *, shorten: bool = True
) -> str:
    """Make room for the folio of its target in every data-page element.

    The text becomes as many zeros as the folio has figures, or the folio itself if it is roman.
    widths:  address -> the most figures it ever had; its room never gets narrower than that.
    shorten: let an index entry name a page once, and a run of pages by its ends.
    """

    def number(match: re.Match[str]) -> str:
        return match[1] + folios.get(address(sheet.slug, match[2]), "0")

    def room(match: re.Match[str]) -> str:
        target, folio = address(sheet.slug, match[2]), match[3]
        widths[target] = max(widths.get(target, 0), len(folio))
        return match[1] + ("0" * widths[target] if folio.isdigit() else folio)

    html = _PAGE_NUMBER.sub(number, sheet.html)
    if shorten:
        html = _RUN.sub(_ranges, _REPEATED.sub(r"\1", html))
    return _PAGE_NUMBER.sub(room, html)


def _ranges(run: re.Match[str]) -> str:
    """Join three pages or more that follow one another: "12, 13, 14" becomes "12–14"."""
    groups: list[list[tuple[int, str]]] = []
    for locator in _LOCATOR.finditer(run[0]):
        number = int(locator[1])
        if groups and number == groups[-1][-1][0] + 1:
            groups[-1].append((number, locator[0]))
        else:
            groups.append([(number, locator[0])])
    written = (
        [f"{group[0][1]}–{group[-1][1]}"] if len(group) > 2 else [link for _, link in group]  # noqa: PLR2004
        for group in groups
    )
    return ", ".join(link for links in written for link in links)


def _folio(number: int, *, front: bool) -> str:
    return roman(number) if front else str(number)


def cites_pages_side_by_side(html: str) -> bool:
    """Say whether page numbers stand side by side, as in an index entry."""
    return bool(_NEIGHBOURS.search(html))


def cited(sheet: Sheet) -> Iterator[str]:
    """The addresses whose page numbers a sheet prints, each once."""
    found = (address(sheet.slug, match[2]) for match in _PAGE_NUMBER.finditer(sheet.html))
    yield from dict.fromkeys(found)
