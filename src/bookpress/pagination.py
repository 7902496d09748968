"""Anchors per page -> page map: where everything landed, in pages and folios."""

from __future__ import annotations

import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class PageMap:
    """The finished book's pages.

    folios:  the printed number of every page, in order: "i", "ii", ..., "1", "2", ...
    anchors: (section slug, element id) -> page, counted from 1 over the whole book.
    extents: the sections in page order; parts are sections of their own (the opener).
    """

    folios: tuple[str, ...]
    anchors: Mapping[tuple[str, str], int]
    extents: tuple[Extent, ...]

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

    def to_json(self) -> bytes:
        """Write it for people and programs: sections with first page, folio, extent and anchors."""
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
        text = json.dumps({"pages": self.total, "sections": sections}, indent=1, ensure_ascii=False)
        return f"{text}\n".encode()


@dataclass(frozen=True, slots=True)
class Proof:
    """A typeset edition: the finished PDF, where all landed, what the typesetter said."""

    pdf: bytes
    pages: PageMap
    complaints: tuple[Finding, ...]
