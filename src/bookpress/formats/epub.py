"""Fragments -> EPUB 3.3: one document a section, navigation, metadata that is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bookpress.contents import contents, illustrations, leaf_title, part_numeral
from bookpress.crossref import Targets
from bookpress.formats import (
    accessibility,
    cover,
    entries,
    formulas,
    hanging,
    locators,
    packagedata,
    pagebreaks,
)
from bookpress.formats.package import Item, NavPoint, Package, pack
from bookpress.model import Chapter, Leaf, Part, Role
from bookpress.templates import markup

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from bookpress.contents import Entry
    from bookpress.formats.pagebreaks import Break
    from bookpress.model import Book
    from bookpress.pagination import PageMap
    from bookpress.survey import Survey
    from bookpress.templates import Templates

    Section = Chapter | Leaf | Part

COVER, NAV, STYLE = "cover.xhtml", "nav.xhtml", "epub.css"
# The code face alone is embedded: devices have faces for reading, and readers their favourites, but
# few have one that tells 0 from O and draws the boxes and ticks that terminals print.
FONTS = (
    "fonts/SourceCodePro-Regular.ttf",
    "fonts/SourceCodePro-It.ttf",
    "fonts/SourceCodePro-Semibold.ttf",
    "fonts/TerminalSymbols-Regular.ttf",
)
_XHTML = "application/xhtml+xml"
_MEDIA_TYPES = {
    "css": "text/css",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "webp": "image/webp",
}
# Roles that Digital Publishing WAI-ARIA 1.1 has under the same name.
_ARIA = frozenset({
    Role.DEDICATION, Role.FOREWORD, Role.PREFACE, Role.ACKNOWLEDGEMENTS, Role.INTRODUCTION,
    Role.CHAPTER, Role.APPENDIX, Role.GLOSSARY, Role.BIBLIOGRAPHY, Role.COLOPHON, Role.AFTERWORD,
})  # fmt: skip
_LEAVES = {
    Role.TITLE: ("titlepage.xhtml.j2", "Title page"),
    Role.IMPRINT: ("imprint.xhtml.j2", "Imprint"),
    Role.CONTENTS: ("nav.xhtml.j2", "Contents"),
    Role.ILLUSTRATIONS: ("loi.xhtml.j2", leaf_title(Role.ILLUSTRATIONS)),
    Role.INDEX: ("index.xhtml.j2", leaf_title(Role.INDEX)),
}
_TEXTS = {Role.ILLUSTRATIONS: "loi-text.xhtml.j2", Role.INDEX: "index-text.xhtml.j2"}


@dataclass(frozen=True, slots=True)
class _Document:
    """A document of the spine and the printed pages that begin in it."""

    item: Item
    breaks: tuple[Break, ...] = ()


def make(  # noqa: PLR0913, PLR0917  (each is a stage of its own in build)
    book: Book,
    survey: Survey,
    fragments: Mapping[str, str],
    images: Mapping[str, bytes],
    templates: Templates,
    styles: Mapping[str, bytes],
    pages: PageMap | None,
    modified: dt.datetime,
) -> bytes:
    """Make the EPUB.

    fragments: HTML of every written chapter, by slug.
    images:    image files by their name in the fragments, and the front cover by `cover.NAME`.
    styles:    epub.css and the fonts it names, by name below the styles folder.
    pages:     the print edition's pages, for the page list; None leaves it out.
    modified:  the date of the last change, with a time zone.
    Source     EPUB 3.3; EPUB Accessibility 1.1.
    """
    listed = contents(book, survey, Targets(book, survey))
    writer = _Writer(book, survey, templates, pages)
    documents = writer.sections(fragments)
    texts = (
        writer.document(COVER, "cover.xhtml.j2", image=cover.NAME),
        writer.nav(listed, documents),
        *(document.item for document in documents),
    )
    pictures = tuple(_shown(images, texts))
    result = Package(
        identifier=packagedata.identifier(book.metadata),
        title=book.metadata.title,
        language=book.metadata.language,
        metadata=(
            *packagedata.statements(book.metadata, pages),
            *accessibility.metadata(_facts(texts, pictures, styles[STYLE])),
        ),
        items=(*texts, *pictures, *(_item(n, styles[n]) for n in (STYLE, *FONTS))),
        spine=(COVER, *writer.spine()),
        contents=tuple(_nav_point(entry) for entry in listed),
    )
    return pack(result, modified.astimezone(UTC))


class _Writer:
    """Writes the documents of one book through its templates."""

    def __init__(
        self, book: Book, survey: Survey, templates: Templates, pages: PageMap | None
    ) -> None:
        self.book = book
        self.survey = survey
        self.templates = templates
        self.pages = pages

    def document(self, name: str, template: str, *properties: str, **values: object) -> Item:
        text = self.templates.render(template, book=self.book, **values)
        return Item(name, _XHTML, text.encode(), properties)

    def parts(self) -> Iterator[Section]:
        """The sections that are in the EPUB: the cover stands for the half-title."""
        for section in self.book.sections():
            if not isinstance(section, Leaf) or section.role in _LEAVES:
                yield section

    def spine(self) -> Iterator[str]:
        return (_name(section) for section in self.parts())

    def sections(self, fragments: Mapping[str, str]) -> tuple[_Document, ...]:
        """Every section's document but the contents, which are the navigation document."""
        return tuple(
            self._section(section, fragments) for section in self.parts() if _name(section) != NAV
        )

    def _section(self, section: Section, fragments: Mapping[str, str]) -> _Document:
        html = self._fragment(section, fragments)
        found: tuple[Break, ...] = ()
        if self.pages:
            located = isinstance(section, Leaf) and section.role is Role.INDEX
            html, found = pagebreaks.breaks(html, section.slug, self.pages, located=located)
        return _Document(self._written(section, html), found)

    def _fragment(self, section: Section, fragments: Mapping[str, str]) -> str:
        """The text of a section, "" of one that its template writes by itself."""
        if isinstance(section, Chapter):
            return formulas.speak(hanging.hang(fragments[section.slug]))
        if isinstance(section, Part) or section.role not in _TEXTS:
            return ""
        book, survey = self.book, self.survey
        found = entries.letters(book, survey)
        values = {
            "title": leaf_title(section.role),
            "letters": locators.locate(book, survey, found, self.pages, "xhtml"),
            "illustrations": illustrations(book, survey, Targets(book, survey)),
        }
        return self.templates.render(_TEXTS[section.role], **values)

    def _written(self, section: Section, html: str) -> Item:
        name = _name(section)
        values: dict[str, object] = {"section": section, "fragment": markup(html)}
        if isinstance(section, Chapter):
            aria = f"doc-{section.role}" if section.role in _ARIA else ""
            properties = ("mathml",) if "<math" in html else ()
            # A heading may have the section's own name: an identifier stands once.
            values["anchor"] = "" if f' id="{section.slug}"' in html else section.slug
            return self.document(name, "chapter.xhtml.j2", *properties, aria=aria, **values)
        if isinstance(section, Part):
            numeral = part_numeral(section)
            return self.document(name, "part.xhtml.j2", numeral=numeral, **values)
        template, title = _LEAVES[section.role]
        return self.document(name, template, title=title, **values)

    def nav(self, listed: tuple[Entry, ...], documents: tuple[_Document, ...]) -> Item:
        """The navigation document: contents, landmarks and the list of printed pages."""
        own: tuple[str, tuple[Break, ...]] = ("", ())
        if self.pages:
            own = pagebreaks.breaks("", str(Role.CONTENTS), self.pages)
        found = {document.item.name: document.breaks for document in documents} | {NAV: own[1]}
        pages = [(f"{name}#{b.anchor}", b.folio) for name in self.spine() for b in found[name]]
        landmarks = tuple(self._landmarks())
        values = {"contents": listed, "landmarks": landmarks, "pages": pages}
        return self.document(NAV, "nav.xhtml.j2", "nav", mark=markup(own[0]), **values)

    def _landmarks(self) -> Iterator[tuple[str, str, str]]:
        """EPUB type, address and name of the places a reading system offers directly."""
        yield "cover", COVER, "Cover"
        started = False
        for section in self.parts():
            if isinstance(section, Leaf):
                yield str(section.role), _name(section), _LEAVES[section.role][1]
            elif isinstance(section, Part) and not started:
                yield "bodymatter", _name(section), "Start of the text"
                started = True


def _name(section: Section) -> str:
    contents_leaf = isinstance(section, Leaf) and section.role is Role.CONTENTS
    return NAV if contents_leaf else f"{section.slug}.xhtml"


def _nav_point(entry: Entry) -> NavPoint:
    name = f"{entry.number} {entry.title}".strip()
    below = tuple(_nav_point(inner) for inner in entry.entries)
    return NavPoint(name, entry.address("xhtml"), below)


def _shown(images: Mapping[str, bytes], texts: Iterable[Item]) -> Iterator[Item]:
    """The images that a document shows: what nobody sees is not shipped."""
    text = b"".join(item.data for item in texts)
    for name, data in sorted(images.items()):
        if f'src="{name}"'.encode() in text:
            yield _item(name, data, *(("cover-image",) if name == cover.NAME else ()))


def _facts(
    texts: tuple[Item, ...], pictures: tuple[Item, ...], style: bytes
) -> accessibility.Facts:
    return accessibility.examine([t.data for t in texts], [p.data for p in pictures], [style])


def _item(name: str, data: bytes, *properties: str) -> Item:
    return Item(name, _MEDIA_TYPES[name.rpartition(".")[2].lower()], data, properties)
