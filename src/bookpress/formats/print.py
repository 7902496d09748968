"""Fragments -> sheets: the HTML documents that are typeset one by one for print and screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.contents import contents
from bookpress.formats.typeset import Sheet
from bookpress.model import Chapter, Leaf, Matter, Part, Role
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.crossref import Targets
    from bookpress.model import Book
    from bookpress.survey import Survey
    from bookpress.templates import Templates

PRELIMS = (Role.HALFTITLE, Role.TITLE, Role.IMPRINT)


def sheets(
    book: Book,
    survey: Survey,
    targets: Targets,
    fragments: Mapping[str, str],
    templates: Templates,
    pictures: Mapping[str, Mapping[str, bytes]],
) -> tuple[Sheet, ...]:
    """Make the sheets of the book, in page order.

    fragments: HTML of every chapter, by slug.
    pictures:  image files of every chapter, by slug and by their name in the HTML.
    Half-title, title page and imprint are one sheet: the imprint is the verso of the title page.
    """
    made: list[Sheet] = []
    prelims_done = False
    for section in book.sections():
        if isinstance(section, Leaf) and section.role in PRELIMS:
            if not prelims_done:
                made.append(_prelims(book, section, templates))
            prelims_done = True
        elif isinstance(section, Leaf):
            made.append(_leaf(book, survey, targets, section, templates))
        elif isinstance(section, Part):
            made.append(_part(book, section, templates))
        else:
            html = templates.render(
                "sheet.html.j2",
                book=book,
                section=section,
                fragment=markup(fragments[section.slug]),
            )
            images = pictures.get(section.slug, {})
            made.append(_sheet(section, html, _heads(book, section), images))
    return tuple(made)


def _sheet(
    section: Chapter | Leaf,
    html: str,
    heads: tuple[str, str],
    assets: Mapping[str, bytes],
) -> Sheet:
    return Sheet(
        slug=section.slug, matter=section.matter, html=html, running_heads=heads, assets=assets
    )


def _prelims(book: Book, first: Leaf, templates: Templates) -> Sheet:
    roles = tuple(s.role for s in book.front if isinstance(s, Leaf) and s.role in PRELIMS)
    html = templates.render("prelims.html.j2", book=book, roles=roles)
    return Sheet(slug="prelims", matter=first.matter, html=html, bare=True)


def _leaf(book: Book, survey: Survey, targets: Targets, leaf: Leaf, templates: Templates) -> Sheet:
    entries = contents(book, survey, targets)
    html = templates.render("contents.html.j2", book=book, section=leaf, contents=entries)
    return _sheet(leaf, html, (book.metadata.title, "Contents"), {})


def _part(book: Book, part: Part, templates: Templates) -> Sheet:
    html = templates.render("part.html.j2", book=book, section=part)
    matter = Matter.BODY if part.number else Matter.BACK
    return Sheet(slug=part.slug, matter=matter, html=html, bare=True)


def _heads(book: Book, chapter: Chapter) -> tuple[str, str]:
    """The running heads of a chapter: verso its part, or the book outside the parts; recto itself."""
    for part in _parts_of(book, chapter):
        return (part.title, chapter.title)
    return (book.metadata.title, chapter.title)


def _parts_of(book: Book, chapter: Chapter) -> Iterator[Part]:
    return (part for part in book.parts if chapter in part.chapters)
