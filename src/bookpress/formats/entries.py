"""Index terms of the survey -> the index at the back of the book, by letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bookpress import alphabet

if TYPE_CHECKING:
    from bookpress.model import Book
    from bookpress.survey import Survey, Term

_SEPARATOR = "!"
_Node = dict[str, "_Branch"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term is marked: a section of the book and an identifier in it."""

    slug: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A term, its places in the order of the text, and the terms below it.

    see:  the entry to look at in its place, "" for none; also: entries to look at as well.
    """

    term: str
    places: tuple[Place, ...]
    below: tuple[Entry, ...] = ()
    see: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A run of the index under one letter; what begins with none is under "Symbols", first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class _Branch:
    places: list[Place]
    below: _Node
    see: str = ""
    also: list[str] = field(default_factory=list)


def letters(book: Book, survey: Survey) -> tuple[Letter, ...]:
    """Gather and sort the index terms of all written chapters.

    "lock file!merge conflict" is an entry below "lock file". Terms that differ only in case are
    two entries: `path` and `PATH` are not the same thing.
    """
    root: _Node = {}
    for chapter in book.written():
        facts = survey.chapters.get(chapter.path)
        for term in facts.terms if facts else ():
            _insert(root, term, Place(chapter.slug, term.anchor))
    runs: dict[str, list[Entry]] = {}
    for entry in _sorted(root):
        runs.setdefault(alphabet.letter(entry.term), []).append(entry)
    names = sorted(runs, key=lambda name: (name != alphabet.SYMBOLS, name))
    return tuple(Letter(name, tuple(runs[name])) for name in names)


def steps(path: str) -> tuple[str, ...]:
    """The terms of "main!sub", from the main entry down."""
    return tuple(term for step in path.split(_SEPARATOR) if (term := " ".join(step.split())))


def _insert(root: _Node, term: Term, place: Place) -> None:
    node = root
    branch = None
    for step in steps(term.term):
        branch = node.setdefault(step, _Branch([], {}))
        node = branch.below
    if not branch:
        return
    if term.locates:
        branch.places.append(place)
    branch.see = branch.see or ", ".join(steps(term.see))
    if term.also and (also := ", ".join(steps(term.also))) not in branch.also:
        branch.also.append(also)


def _sorted(node: _Node) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            term,
            tuple(branch.places),
            _sorted(branch.below),
            branch.see,
            tuple(sorted(branch.also, key=alphabet.key)),
        )
        for term, branch in sorted(node.items(), key=lambda pair: alphabet.key(pair[0]))
    )
