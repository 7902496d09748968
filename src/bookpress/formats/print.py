"""Fragments -> sheets: the HTML documents that are typeset one by one for print and screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.contents import contents, illustrations, leaf_title, part_numeral
from bookpress.findings import Position
from bookpress.formats.entries import letters
from bookpress.formats.sheets import Sheet
from bookpress.model import Chapter, Leaf, Matter, Part, Role
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.crossref import Targets
    from bookpress.model import Book
    from bookpress.survey import Survey
    from bookpress.templates import Templates

_LEAF_TEMPLATES = {Role.CONTENTS: "contents", Role.INDEX: "index", Role.ILLUSTRATIONS: "loi"}
PRELIMS = (Role.HALFTITLE, Role.TITLE, Role.IMPRINT)


@dataclass(frozen=True, slots=True)
class Copy:
    """All that is set: what the book says, as the compositor gets it.

    fragments: HTML of every chapter, by slug.
    pictures:  image files of every chapter, by slug and by their name in the HTML.
    """

    book: Book
    survey: Survey
    targets: Targets
    fragments: Mapping[str, str]
    pictures: Mapping[str, Mapping[str, bytes]]


def sheets(copy: Copy, templates: Templates) -> tuple[Sheet, ...]:
    """Make the sheets of the book, in page order.

    Half-title, title page and imprint are one sheet: the imprint is the verso of the title page.
    """
    made = []
    prelims = tuple(s for s in copy.book.front if s.role in PRELIMS)
    for section in copy.book.sections():
        if isinstance(section, Part):
            made.append(_part(copy.book, section, templates))
        elif isinstance(section, Chapter):
            made.append(_chapter(copy, section, templates))
        elif section not in prelims:
            made.append(_leaf(copy, section, templates))
        elif section is prelims[0]:
            made.append(_prelims(copy.book, section, templates))
    return tuple(made)


def _prelims(book: Book, first: Leaf, templates: Templates) -> Sheet:
    roles = tuple(section.role for section in book.front if section.role in PRELIMS)
    html = templates.render("prelims.html.j2", book=book, roles=roles)
    return Sheet("prelims", first.matter, html, first.where, bare=True)


def _leaf(copy: Copy, leaf: Leaf, templates: Templates) -> Sheet:
    html = templates.render(
        f"{_LEAF_TEMPLATES[leaf.role]}.html.j2",
        book=copy.book,
        section=leaf,
        contents=contents(copy.book, copy.survey, copy.targets, brief=True),
        letters=letters(copy.book, copy.survey),
        illustrations=illustrations(copy.book, copy.survey, copy.targets),
    )
    heads = (copy.book.metadata.short_title, leaf_title(leaf.role))
    return Sheet(leaf.slug, leaf.matter, html, leaf.where, heads)


def _part(book: Book, part: Part, templates: Templates) -> Sheet:
    html = templates.render("part.html.j2", book=book, section=part, numeral=part_numeral(part))
    matter = Matter.BODY if part.number else Matter.BACK
    return Sheet(part.slug, matter, html, part.where, bare=True)


def _chapter(copy: Copy, chapter: Chapter, templates: Templates) -> Sheet:
    """Set a chapter below its part; its heads name the part, or the book, and the chapter."""
    fragment = markup(copy.fragments[chapter.slug])
    part = next((part for part in copy.book.parts if chapter in part.chapters), None)
    above = part.title if part else copy.book.metadata.short_title
    return Sheet(
        slug=chapter.slug,
        matter=chapter.matter,
        html=templates.render("sheet.html.j2", book=copy.book, section=chapter, fragment=fragment),
        where=Position(chapter.path),
        running_head=(above, chapter.title),
        depth=1 if part else 0,
        assets=copy.pictures.get(chapter.slug, {}),
    )
