"""A PDF of the press and the fragments it was set from -> the same PDF, annotated, and the truth.

The truth comes from the source positions of blocks and from what is painted where: the characters
of a block are looked for on its page, one after the other. Nothing here aligns words.
"""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from bookpress import prooftext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.pagination import PageMap

Box = tuple[float, float, float, float]
LONGEST = 30
_POSITION = re.compile(r"(.+)@(\d+):\d+-(\d+):(\d+)")
_BLOCKS = frozenset(("p", "li", "h1", "h2", "h3", "pre", "td", "th", "dd", "dt", "figcaption"))
_HYPHENS = "\x02\ufffe-\u00ad\u200b"


@dataclass(frozen=True)
class Spot:
    """A run of words on a page: its boxes, a line each, and the block that it is in."""

    page: int
    boxes: tuple[Box, ...]
    text: str
    path: str
    first_line: int
    last_line: int


def quads_acrobat(box: Box) -> list[float]:
    left, bottom, right, top = box
    return [left, top, right, top, left, bottom, right, bottom]


def quads_pdfbox(box: Box) -> list[float]:
    left, bottom, right, top = box
    return [left, bottom, right, bottom, left, top, right, top]


def quads_specified(box: Box) -> list[float]:
    left, bottom, right, top = box
    return [left, bottom, right, bottom, right, top, left, top]


def quads_flat(box: Box) -> list[float]:
    return [box[0], box[1]] * 4


ORDERS = (quads_acrobat, quads_pdfbox, quads_specified)


class _Blocks(HTMLParser):
    """The innermost blocks with a position, and their words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, list[str]]] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.open.append((tag, dict(attrs).get("data-pos") or "", []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and self.open and self.open[-1][0] == tag:
            _, position, parts = self.open.pop()
            if position and "".join(parts).strip():
                self.found.append((position, "".join(parts)))

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1][2].append(data)


def spots(
    pdf: bytes,
    fragments: Mapping[str, str],
    pages: PageMap,
    number: int,
) -> Iterator[Spot]:
    """Runs of 1 to LONGEST words, so many of each block that stands on one page, once."""
    pick = random.Random(1)  # noqa: S311  (a sample, no secret)
    painted: dict[int, list[tuple[str, Box]]] = {}
    where = {(str(b.path), b.first_line): b for b in pages.blocks}
    for html in fragments.values():
        reader = _Blocks()
        reader.feed(html)
        for position, words in reader.found:
            match = _POSITION.fullmatch(position)
            assert match
            path, first = match[1], int(match[2])
            last = int(match[3]) - (match[4] == "1")
            block = where.get((path, first))
            if block is None or block.first_page != block.last_page:
                continue
            page = block.first_page
            if page not in painted:
                letters = prooftext.letters(pdf, page)
                painted[page] = [(c, box) for c, box in letters if c not in _HYPHENS]
            for _ in range(number):
                if found := _spot(words, painted[page], pick):
                    text, boxes = found
                    yield Spot(page, boxes, text, path, first, last)


def _spot(
    words: str, painted: Sequence[tuple[str, Box]], pick: random.Random
) -> tuple[str, tuple[Box, ...]] | None:
    whole = "".join(c for c in words if not c.isspace() and c not in _HYPHENS)
    text = "".join(character for character, _ in painted)
    start = text.find(whole)
    if start < 0 or text.find(whole, start + 1) >= 0:
        return None
    runs = [m.span() for m in re.finditer(r"\S+", words)]
    length = min(len(runs), pick.randint(1, LONGEST))
    first = pick.randrange(len(runs) - length + 1)
    low, high = runs[first][0], runs[first + length - 1][1]
    before = sum(not c.isspace() and c not in _HYPHENS for c in words[:low])
    own = sum(not c.isspace() and c not in _HYPHENS for c in words[low:high])
    if not own:
        return None
    boxes = [box for _, box in painted[start + before : start + before + own]]
    return words[low:high], tuple(_lines(boxes))


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """A box for each line, as a viewer marks it: of the height of its text."""
    line = [boxes[0]]
    for box in boxes[1:]:
        if box[3] < line[-1][1] or box[0] < line[-1][0] - 20:
            yield _around(line)
            line = []
        line.append(box)
    yield _around(line)


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return (min(left) - 0.3, min(bottom) - 1, max(right) + 0.3, max(top) + 1)


def annotate(
    pdf: bytes, path: Path, make: Callable[[pikepdf.Pdf], Mapping[int, Sequence[Any]]]
) -> Path:
    """Write a copy with annotations: `make` gives those of each page, from 1."""
    with pikepdf.open(io.BytesIO(pdf)) as copy:
        for number, annotations in make(copy).items():
            page = copy.pages[number - 1]
            known = list(page.obj.get("/Annots", Array([])))
            page.obj.Annots = copy.make_indirect(Array([*known, *annotations]))
        copy.save(path)
    return path


def mark(
    pdf: pikepdf.Pdf,
    boxes: Sequence[Box],
    *,
    kind: Name = Name.Highlight,
    order: Callable[[Box], list[float]] = quads_acrobat,
    **more: Any,  # noqa: ANN401  (what a PDF may hold)
) -> Any:  # noqa: ANN401
    """An annotation that marks boxes."""
    left, bottom, right, top = _around(boxes)
    made = Dictionary(
        Type=Name.Annot,
        Subtype=kind,
        Rect=Array([left, bottom, right, top]),
        QuadPoints=Array([n for box in boxes for n in order(box)]),
        T=String("Ana"),
    )
    for key, value in more.items():
        made[f"/{key}"] = String(value) if isinstance(value, str) else value
    return pdf.make_indirect(made)


def note(
    pdf: pikepdf.Pdf,
    box: Box,
    kind: Name = Name.Text,
    **more: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """An annotation that stands in a place, without marking words."""
    made = Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array(list(box)), T=String("Ana"))
    for key, value in more.items():
        made[f"/{key}"] = String(value) if isinstance(value, str) else value
    return pdf.make_indirect(made)
