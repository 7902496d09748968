"""Fragment and page map -> the fragment with a mark where each printed page begins.

A page is known by the letters it begins with, and by the identifiers on it. Its mark stands at the
word that is first on paper, in a listing, a table or a paragraph as well. Where the letters are
not found, or more than once, the first identifier has it; a page with neither has no mark, rather
than a guessed one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.pagination import PageMap

_ELEMENT = re.compile(r"""<([a-zA-Z][\w-]*)\b[^>]*?\sid="([^"]+)"[^>]*?>""")
# Elements before which a mark may stand whatever is around them; into others it goes.
_BEFORE = frozenset({
    "h1", "h2", "h3", "h4", "h5", "h6", "figure", "pre", "table", "ul", "ol", "dl", "img", "hr",
    "p", "div", "aside", "section", "blockquote", "a", "span", "b", "code", "em", "strong",
})  # fmt: skip
_INTO = frozenset({"li", "td", "th", "dd", "dt", "caption", "figcaption"})
_NOTES = re.compile(r"fn(ref)?-\d+")
# What is no text of the page: formulas, calls of notes, and the notes, which print has elsewhere.
_PIECE = re.compile(
    r"<math\b.*?</math>|<a epub:type=\"noteref\".*?</a>|<section class=\"footnotes\">.*"
    r"|<[^>]*>|&\#?\w+;|[^<&]",
    re.DOTALL,
)
_LOCATED = re.compile(rf"<a\b.*?</a>|{_PIECE.pattern}", re.DOTALL)
_OPENING_TAGS = re.compile(
    r"(?:<(?!span class=\"line\")(?:a|b|code|dfn|em|i|span|strong)\b[^>]*>)+$"
)
_LEAST, _LENGTHS = 8, (160, 80, 40, 20)
_TAGS = 400  # characters of tags before a word, at most


@dataclass(frozen=True, slots=True)
class Break:
    """The beginning of a printed page: the number printed on it and its mark's identifier."""

    folio: str
    anchor: str


def letters(text: str) -> str:
    """A text's letters and figures in one case: what line breaks and typography leave alone."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum())


def breaks(
    html: str, slug: str, pages: PageMap, *, located: bool = False
) -> tuple[str, tuple[Break, ...]]:
    """Put page-break marks into a section's fragment.

    slug:    the section; its own first page is marked before everything else.
    located: its links are the page numbers of an index, which are no text.
    Returns  the fragment with marks, and the breaks in the order of the text.
    Source   EPUB Accessibility 1.1, page navigation.
    """
    found: list[Break] = []
    pieces: list[str] = []
    done = 0
    for page, at in _places(html, slug, pages, _LOCATED if located else _PIECE):
        mark = Break(pages.folio(page), f"page-{pages.folio(page)}")
        pieces += [html[done:at], _mark(mark)]
        found.append(mark)
        done = at
    return "".join(pieces) + html[done:], tuple(found)


def first_page(slug: str, pages: PageMap) -> int | None:
    """The page a section begins on, counted from 1; None when the print edition lacks it."""
    known = [e.first for e in pages.extents if e.slug == slug]
    known += [page for (_, anchor), page in pages.anchors.items() if anchor == slug]
    return known[0] if known else None


def _places(
    html: str, slug: str, pages: PageMap, piece: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Yield each page and the offset of its mark, both ascending."""
    first = first_page(slug, pages)
    if first is None:
        return
    yield first, 0
    text, marked = _Text.of(html, piece), dict(_anchored(html, slug, pages))
    last = first + next((e.pages for e in pages.extents if e.slug == slug), 1)
    done = 0
    for page in range(first + 1, last):
        ends = [at for number, at in marked.items() if number >= page and at >= done]
        opening = letters(pages.openings[page - 1]) if pages.openings else ""
        at = text.find(opening, done, min(ends, default=len(html)))
        if at is None and marked.get(page, -1) > done:
            at = marked[page]
        if at is not None:
            yield page, at
            done = at


def _anchored(html: str, slug: str, pages: PageMap) -> Iterator[tuple[int, int]]:
    """Yield the pages that have an identifier of the fragment, and the offset of the first."""
    last = 0
    for match in _ELEMENT.finditer(html):
        page = pages.anchors.get((slug, match[2]), 0)
        if page > last and match[1] in _BEFORE | _INTO and not _NOTES.fullmatch(match[2]):
            yield page, match.start() if match[1] in _BEFORE else match.end()
            last = page


@dataclass(frozen=True, slots=True)
class _Text:
    """The letters of a fragment, and the offset in it of each."""

    html: str
    letters: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, html: str, pieces: re.Pattern[str]) -> _Text:
        found: list[str] = []
        offsets: list[int] = []
        for piece in pieces.finditer(html):
            if not piece[0].startswith("<"):
                own = letters(unescape(piece[0]))
                found.append(own)
                offsets += [piece.start()] * len(own)
        return cls(html, "".join(found), tuple(offsets))

    def find(self, opening: str, after: int, before: int) -> int | None:
        """The place of the word that a page opens with; None unless there is exactly one.

        after, before: offsets between which it stands, ends included.
        """
        first, last = (bisect_left(self.offsets, offset) for offset in (after, before))
        for length in _LENGTHS if len(opening) >= _LEAST else ():
            found = list(self._places(opening[:length], first, last))
            if len(found) == 1:
                return self._start(self.offsets[found[0]])
            if found:
                break
        return None

    def _places(self, wanted: str, first: int, last: int) -> Iterator[int]:
        at = self.letters.find(wanted, first)
        while 0 <= at <= last:
            yield at
            at = self.letters.find(wanted, at + 1)

    def _start(self, at: int) -> int:
        """The beginning of a word that may be broken over pages, before what marks it."""
        while at and self.html[at - 1].isalnum():
            at -= 1
        before = self.html[max(0, at - _TAGS) : at]
        tags = _OPENING_TAGS.search(before)
        return at - len(tags[0]) if tags else at


def _mark(mark: Break) -> str:
    kind = 'epub:type="pagebreak" role="doc-pagebreak"'
    return f'<span {kind} id="{mark.anchor}" aria-label="{mark.folio}"></span>'
