"""Anchors per page -> page map: where everything landed, in pages and folios."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.findings import Finding

_ROMAN = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """Write a positive number in lower-case roman numerals, as front matter is numbered."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


@dataclass(frozen=True, slots=True)
class Extent:
    """Where one section stands in the finished book.

    first: its first page, counted from 1 over the whole book (not the folio).
    pages: how many pages it has, the blank verso after it included.
    """

    slug: str
    first: int
    pages: int


def content_name(data: bytes) -> str:
    """Name the content of a source file, so that a page map can tell whether it was edited."""
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A block of the manuscript in print: its source lines and its pages, ends included.

    Pages are counted from 1 over the whole book.
    """

    path: PurePosixPath
    first_line: int
    last_line: int
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class PageMap:
    """The finished book's pages.

    folios:  the printed number of every page, in order: "i", "ii", ..., "1", "2", ...
    anchors: (section slug, element id) -> page, counted from 1 over the whole book.
    extents: the sections in page order; parts are sections of their own (the opener).
    blocks:  what is printed of the manuscript, in the order of path and line.
    openings: the text that each page begins with, "" where it begins with none; not written.
    """

    folios: tuple[str, ...]
    anchors: Mapping[tuple[str, str], int]
    extents: tuple[Extent, ...]
    blocks: tuple[Block, ...] = ()
    openings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many pages the book has."""
        return len(self.folios)

    def extent(self, slug: str) -> int:
        """How many pages a section has; raises KeyError when it is not in the book."""
        for section in self.extents:
            if section.slug == slug:
                return section.pages
        raise KeyError(slug)

    def page(self, slug: str, anchor: str) -> int:
        """The page of an element, counted from 1; raises KeyError when no page has it."""
        return self.anchors[slug, anchor]

    def folio(self, page: int) -> str:
        """The printed number of a page that is counted from 1."""
        return self.folios[page - 1]

    def to_json(self, sources: Mapping[str, str] | None = None) -> bytes:
        """Write it for people and programs: sections with first page, folio, extent and anchors.

        sources: digests of the files that the pages were made of, by path; they are written along.
        """
        sections = [
            {
                "section": section.slug,
                "page": section.first,
                "folio": self.folio(section.first),
                "pages": section.pages,
                "anchors": {
                    name: page
                    for (slug, name), page in self.anchors.items()
                    if slug == section.slug
                },
            }
            for section in self.extents
        ]
        blocks = {
            str(path): {
                f"{block.first_line}-{block.last_line}": f"{block.first_page}-{block.last_page}"
                for block in own
            }
            for path, own in groupby(self.blocks, lambda block: block.path)
        }
        written = {"pages": self.total, "folios": " ".join(self.folios), "sections": sections}
        written |= {"lines": blocks, "sources": dict(sources or {})}
        return f"{json.dumps(written, indent=1, ensure_ascii=False)}\n".encode()

    @classmethod
    def from_json(cls, data: bytes) -> PageMap:
        """Read what `to_json` wrote; raises KeyError when an older press has written it."""
        found = json.loads(data)
        sections = found["sections"]
        return cls(
            folios=tuple(found["folios"].split()),
            anchors={(s["section"], name): p for s in sections for name, p in s["anchors"].items()},
            extents=tuple(Extent(s["section"], s["page"], s["pages"]) for s in sections),
            blocks=tuple(
                Block(PurePosixPath(path), *_ends(lines), *_ends(pages))
                for path, own in found["lines"].items()
                for lines, pages in own.items()
            ),
        )


def _ends(span: str) -> tuple[int, int]:
    first, _, last = span.partition("-")
    return int(first), int(last)


@dataclass(frozen=True, slots=True)
class Proof:
    """A typeset edition: the finished PDF, where all landed, what the typesetter said."""

    pdf: bytes
    pages: PageMap
    complaints: tuple[Finding, ...]
