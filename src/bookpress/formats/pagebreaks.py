"""Fragment and page map -> the fragment with a mark where each printed page begins.

A page is known by the identifiers on it: its mark stands at the first of them, the first page of a
section at its beginning. A page without an identifier has no mark, rather than a guessed one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Break:
    """The beginning of a printed page: the number printed on it and its mark's identifier."""

    folio: str
    anchor: str


def breaks(html: str, slug: str, pages: PageMap) -> tuple[str, tuple[Break, ...]]:
    """Put page-break marks into a section's fragment.

    slug:    the section; its own first page is marked before everything else.
    Returns  the fragment with marks, and the breaks in the order of the text.
    Source   EPUB Accessibility 1.1, page navigation.
    """
    found: list[Break] = []
    pieces: list[str] = []
    done = 0
    for page, at in _places(html, slug, pages):
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


def _places(html: str, slug: str, pages: PageMap) -> Iterator[tuple[int, int]]:
    """Yield each page and the offset of its mark, both ascending."""
    last = first_page(slug, pages)
    if last is None:
        return
    yield last, 0
    for match in _ELEMENT.finditer(html):
        page = pages.anchors.get((slug, match[2]), 0)
        if page > last and match[1] in _BEFORE | _INTO:
            yield page, match.start() if match[1] in _BEFORE else match.end()
            last = page


def _mark(mark: Break) -> str:
    kind = 'epub:type="pagebreak" role="doc-pagebreak"'
    return f'<span {kind} id="{mark.anchor}" aria-label="{mark.folio}"></span>'
