"""Index terms of the survey -> the index at the back of the book, by letters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bookpress.model import Book
    from bookpress.survey import Survey

SYMBOLS = "Symbols"
_SEPARATOR = "!"
_Node = dict[str, "_Branch"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term is marked: a section of the book and an identifier in it."""

    slug: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A term, its places in the order of the text, and the terms below it."""

    term: str
    places: tuple[Place, ...]
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A run of the index under one letter; what begins with none is under "Symbols", first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class _Branch:
    places: list[Place]
    below: _Node


def letters(book: Book, survey: Survey) -> tuple[Letter, ...]:
    """Gather and sort the index terms of all written chapters.

    "lock file!merge conflict" is an entry below "lock file". Terms that differ only in case are
    two entries: `path` and `PATH` are not the same thing.
    """
    root: _Node = {}
    for chapter in book.written():
        facts = survey.chapters.get(chapter.path)
        for term in facts.terms if facts else ():
            _insert(root, term.term, Place(chapter.slug, term.anchor))
    runs: dict[str, list[Entry]] = {}
    for entry in _sorted(root):
        runs.setdefault(_letter(entry.term), []).append(entry)
    names = sorted(runs, key=lambda name: (name != SYMBOLS, name))
    return tuple(Letter(name, tuple(runs[name])) for name in names)


def _insert(root: _Node, path: str, place: Place) -> None:
    node = root
    branch = None
    for step in path.split(_SEPARATOR):
        if term := " ".join(step.split()):
            branch = node.setdefault(term, _Branch([], {}))
            node = branch.below
    if branch:
        branch.places.append(place)


def _sorted(node: _Node) -> tuple[Entry, ...]:
    return tuple(
        Entry(term, tuple(branch.places), _sorted(branch.below))
        for term, branch in sorted(node.items(), key=lambda pair: _key(pair[0]))
    )


def _key(term: str) -> tuple[str, str]:
    """Sort letter by letter as a reader looks things up: no accents, case or leading marks."""
    plain = _plain(term)
    start = next((i for i, character in enumerate(plain) if character.isalnum()), 0)
    return plain[start:], term


def _letter(term: str) -> str:
    first = _key(term)[0][:1].upper()
    return first if first.isalpha() else SYMBOLS


def _plain(term: str) -> str:
    parted = unicodedata.normalize("NFKD", term)
    return "".join(c for c in parted if not unicodedata.combining(c)).casefold()
