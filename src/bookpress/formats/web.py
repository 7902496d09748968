"""Fragments -> the web edition: a page a chapter, a home page, the book's own index and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.contents import contents, illustrations, leaf_title
from bookpress.crossref import Targets
from bookpress.formats import drawings, entries, locators, sidenotes
from bookpress.model import Chapter, Leaf, Role
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bookpress.contents import Entry
    from bookpress.model import Book
    from bookpress.survey import Survey
    from bookpress.templates import Templates

HOME, SEARCH = "index.html", "search.html"
_LEAVES = {Role.INDEX: "book-index.html", Role.ILLUSTRATIONS: "book-lists.html"}
_SHIPPED = ("web.css", "web.js")
_SEARCH_SHIPPED = ("search.js", "pagefind-LICENSE.txt")
_FONTS = "fonts/"
# Fragments are XML; in HTML the slash of `<br />` means nothing, and a checker says so.
_VOID = re.compile(r"<((?:br|hr|img|input|wbr|col)\b[^<>]*?)\s*/>")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents. current: it leads to the page that is being read."""

    role: str
    slug: str
    number: str
    title: str
    address: str
    current: bool
    below: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    title: str
    section: Chapter | Leaf


def make(  # noqa: PLR0913, PLR0917  (each is a stage of its own in build)
    book: Book,
    survey: Survey,
    fragments: Mapping[str, str],
    images: Mapping[str, bytes],
    templates: Templates,
    styles: Mapping[str, bytes],
    *,
    search: bool = False,
) -> dict[str, bytes]:
    """Make the files of the web edition, by name; it reads without script and from a disk too.

    fragments: HTML of every written chapter, by slug.
    images:    image files by their name in the fragments.
    styles:    web.css, web.js and the fonts, by name below the styles folder.
    search:    a page for it is made; the index it asks is the caller's.
    """
    writer = _Writer(book, survey, templates, images, search=search)
    files = {HOME: writer.home()}
    pages = tuple(_pages(book))
    for number, page in enumerate(pages):
        before = pages[number - 1] if number else None
        after = pages[number + 1] if number + 1 < len(pages) else None
        files[page.name] = writer.page(page, before, after, fragments)
    if search:
        files[SEARCH] = writer.search()
    files |= {name: data for name, data in images.items() if _shown(name, files.values())}
    used = (
        *_SHIPPED,
        *(_SEARCH_SHIPPED if search else ()),
        *(n for n in styles if n.startswith(_FONTS) and n.encode() in styles["web.css"]),
    )
    return files | {name: styles[name] for name in used}


class _Writer:
    """Writes the pages of one book through its templates."""

    def __init__(
        self,
        book: Book,
        survey: Survey,
        templates: Templates,
        images: Mapping[str, bytes],
        *,
        search: bool,
    ) -> None:
        self.searched = search
        self.book = book
        self.survey = survey
        self.templates = templates
        self.images = images
        self.listed = contents(book, survey, Targets(book, survey))

    def render(self, template: str, **values: object) -> bytes:
        return self.templates.render(
            template, book=self.book, search=self.searched, **values
        ).encode()

    def home(self) -> bytes:
        summaries = {part.slug: part.summary for part in self.book.parts}
        start = next((c for part in self.book.parts for c in part.written()), None)
        lines = tuple(_line(entry, "") for entry in self.listed)
        return self.render("home.html.j2", contents=lines, summaries=summaries, start=start)

    def search(self) -> bytes:
        """The search page; it names the book's own index as well, if there is one."""
        names = [page.name for page in _pages(self.book)]
        index = _LEAVES[Role.INDEX] if _LEAVES[Role.INDEX] in names else ""
        lines = tuple(_line(entry, "") for entry in self.listed)
        page = {"name": SEARCH, "title": "Search"}
        values = {"page": page, "before": None, "after": None, "contents": lines}
        return self.render("search.html.j2", index=index, **values)

    def page(
        self,
        page: _Page,
        before: _Page | None,
        after: _Page | None,
        fragments: Mapping[str, str],
    ) -> bytes:
        section = page.section
        values: dict[str, object] = {"page": page, "before": before, "after": after}
        values["contents"] = tuple(_line(entry, section.slug) for entry in self.listed)
        if isinstance(section, Leaf) and section.role is Role.ILLUSTRATIONS:
            found = illustrations(self.book, self.survey, Targets(self.book, self.survey))
            return self.render("lists.html.j2", illustrations=found, **values)
        if isinstance(section, Leaf):
            letters = entries.letters(self.book, self.survey)
            rows = locators.locate(self.book, self.survey, letters, None, "html")
            return self.render("terms.html.j2", letters=rows, **values)
        html = drawings.inline(fragments[section.slug], self.images)
        html = _VOID.sub(r"<\1>", sidenotes.beside(html))
        # A heading may have the section's own name: an identifier stands once.
        anchor = "" if f' id="{section.slug}"' in html else section.slug
        return self.render("page.html.j2", fragment=markup(html), anchor=anchor, **values)


def _pages(book: Book) -> Iterator[_Page]:
    """The pages in reading order; the home page stands for titles, imprint and contents."""
    for section in book.sections():
        if isinstance(section, Chapter):
            yield _Page(f"{section.slug}.html", section.title, section)
        elif isinstance(section, Leaf) and section.role in _LEAVES:
            yield _Page(_LEAVES[section.role], leaf_title(section.role), section)


def _line(entry: Entry, here: str) -> Line:
    """A line of the contents as seen from a section: of the others, the headings are left out."""
    opened = entry.role is Role.PART or entry.slug == here
    below = tuple(_line(inner, here) for inner in entry.entries) if opened else ()
    return Line(
        role=str(entry.role),
        slug=entry.slug,
        number=entry.number,
        title=entry.title,
        address=_address(entry, here),
        current=entry.slug == here and entry.anchor == entry.slug,
        below=below,
    )


def _address(entry: Entry, here: str) -> str:
    if entry.role in _LEAVES:
        return _LEAVES[entry.role]
    if entry.role is Role.PART:
        return f"{HOME}#{entry.slug}"
    if entry.anchor == entry.slug:
        return f"{entry.slug}.html"
    return f"#{entry.anchor}" if entry.slug == here else entry.address("html")


def _shown(image: str, pages: Iterable[bytes]) -> bool:
    return any(f'src="{image}"'.encode() in page for page in pages)
