"""Outline and survey -> the table of contents that every format shows in its own way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bookpress.crossref import FLOATS, Kind
from bookpress.model import Chapter, Leaf, Part, Role
from bookpress.pagination import roman

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.crossref import Targets
    from bookpress.model import Book
    from bookpress.survey import ChapterFacts, Survey

_UNLISTED = (Role.HALFTITLE, Role.TITLE, Role.IMPRINT, Role.CONTENTS)
_LEAF_TITLES = {
    Role.CONTENTS: "Contents",
    Role.ILLUSTRATIONS: "Figures and listings",
    Role.INDEX: "Index",
}
_DEEPEST = 2
_LISTS = tuple(f"{name}s" for name in FLOATS.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents.

    role:    of the section it stands in.
    number:  "3", "3.2", "A", or for a part its roman numeral; "" where it has none.
    slug, anchor: where it leads: a section of the book and an identifier in it.
    entries: the lines below it: chapters of a part, sections of a chapter.
    """

    role: Role
    number: str
    title: str
    slug: str
    anchor: str
    entries: tuple[Entry, ...] = ()

    def address(self, extension: str) -> str:
        """The line's link in a format: "uv.xhtml#sec-lock"."""
        return f"{self.slug}.{extension}#{self.anchor}"


def contents(
    book: Book, survey: Survey, targets: Targets, *, brief: bool = False
) -> tuple[Entry, ...]:
    """List the sections of the book, chapters below their parts, headings down to level 2.

    brief: leave out the headings that are marked `.unlisted`, as print does to save pages.
    """
    if brief:
        survey = _brief(survey)
    front = [entry for section in book.front for entry in _section(section, survey, targets)]
    back = [entry for section in book.back for entry in _section(section, survey, targets)]
    parts = [_part(part, survey, targets) for part in book.parts if part.written()]
    return (*front, *parts, *back)


def _brief(survey: Survey) -> Survey:
    chapters = {
        path: replace(facts, headings=tuple(h for h in facts.headings if h.listed))
        for path, facts in survey.chapters.items()
    }
    return replace(survey, chapters=chapters)


def illustrations(
    book: Book, survey: Survey, targets: Targets
) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """List what is numbered and has a caption, kind by kind: ("Figures", lines), ..."""
    lists: dict[str, list[Entry]] = {kind: [] for kind in _LISTS}
    for chapter in book.written():
        facts = survey.chapters[chapter.path]
        for identifier, text in _captions(facts):
            target = targets.own(chapter.path, identifier)
            if text and target and target.number and target.kind is Kind.FLOAT:
                title = text.replace("`", "")
                kind = f"{target.label.removesuffix(target.number).strip()}s"
                entry = Entry(chapter.role, target.number, title, chapter.slug, target.anchor)
                lists[kind].append(entry)
    return tuple((kind, tuple(entries)) for kind, entries in lists.items() if entries)


def _captions(facts: ChapterFacts) -> Iterator[tuple[str, str]]:
    yield from ((image.identifier, image.caption) for image in facts.images)
    yield from ((table.identifier, table.caption) for table in facts.tables)
    for block in facts.listings:
        if "hidden" not in block.classes:
            yield block.identifier, block.attributes.get("caption", "")


def leaf_title(role: Role) -> str:
    """The heading of a section that the press makes itself; "" where it has none."""
    return _LEAF_TITLES.get(role, "")


def part_numeral(part: Part) -> str:
    """The part's number as it is printed: "IV"; "" for the appendices."""
    return roman(part.number).upper() if part.number else ""


def _section(section: Chapter | Leaf, survey: Survey, targets: Targets) -> Iterator[Entry]:
    if isinstance(section, Chapter):
        if section.path in survey.chapters:
            yield _chapter(section, survey, targets)
    elif section.role not in _UNLISTED:
        yield Entry(section.role, "", leaf_title(section.role), section.slug, section.slug)


def _part(part: Part, survey: Survey, targets: Targets) -> Entry:
    chapters = tuple(_chapter(chapter, survey, targets) for chapter in part.written())
    return Entry(Role.PART, part_numeral(part), part.title, part.slug, part.slug, chapters)


def _chapter(chapter: Chapter, survey: Survey, targets: Targets) -> Entry:
    headings = [h for h in survey.chapters[chapter.path].headings if h.level == _DEEPEST]
    sections = tuple(
        Entry(chapter.role, _number(chapter, h.anchor, targets), h.title, chapter.slug, h.anchor)
        for h in headings
        if h.anchor
    )
    return Entry(chapter.role, chapter.number, chapter.title, chapter.slug, chapter.slug, sections)


def _number(chapter: Chapter, anchor: str, targets: Targets) -> str:
    target = targets.own(chapter.path, anchor)
    return target.number if target else ""
