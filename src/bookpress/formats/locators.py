"""Index of the book -> index of a linked edition: every place with its address and its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.formats.entries import Entry, Letter
    from bookpress.model import Book
    from bookpress.pagination import PageMap
    from bookpress.survey import ChapterFacts, Survey

_SECTION = 2


@dataclass(frozen=True, slots=True)
class Link:
    """What the reader follows: "uv.xhtml#ix-3", called by the printed page or the section."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the index and the lines below it."""

    term: str
    links: tuple[Link, ...]
    below: tuple[Row, ...]
    see: str = ""
    also: tuple[str, ...] = ()


def locate(
    book: Book,
    survey: Survey,
    letters: tuple[Letter, ...],
    pages: PageMap | None,
    extension: str,
) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Give the index its links, a name only once in a row.

    pages:   the print edition's, whose folios then name the places; else sections do: "3.2".
    """
    names = _sections(book, survey)
    if pages:
        names |= {place: pages.folio(page) for place, page in pages.anchors.items()}
    return tuple(
        (letter.name, tuple(_row(entry, names, extension) for entry in letter.entries))
        for letter in letters
    )


def _row(entry: Entry, names: dict[tuple[str, str], str], extension: str) -> Row:
    links: dict[str, Link] = {}
    for place in entry.places:
        name = names[place.slug, place.anchor]
        links.setdefault(name, Link(f"{place.slug}.{extension}#{place.anchor}", name))
    below = tuple(_row(inner, names, extension) for inner in entry.below)
    return Row(entry.term, tuple(links.values()), below, entry.see, entry.also)


def _sections(book: Book, survey: Survey) -> dict[tuple[str, str], str]:
    """Name every marked place by the numbered section it is in, else by its chapter's title."""
    names: dict[tuple[str, str], str] = {}
    for chapter in book.written():
        facts = survey.chapters.get(chapter.path)
        for anchor, number in _numbers(facts) if facts else ():
            named = f"{chapter.number}.{number}" if number else chapter.number
            names[chapter.slug, anchor] = named if chapter.number else chapter.title
    return names


def _numbers(facts: ChapterFacts) -> Iterator[tuple[str, int]]:
    """Yield the identifier of every index mark and how many sections began before it."""
    starts = [heading.where for heading in facts.headings if heading.level == _SECTION]
    for term in facts.terms:
        yield term.anchor, sum(start <= term.where for start in starts)
