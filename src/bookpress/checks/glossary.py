"""Survey -> findings about the glossary and what refers to it (G...)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bookpress import alphabet
from bookpress.findings import Finding, Position
from bookpress.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.survey import ChapterFacts, Definition, Survey


def terms_are_defined_once(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report terms with two entries; case, marks and plural make no other term."""
    first: dict[str, Definition] = {}
    for entry in _entries(book, survey):
        known = first.setdefault(alphabet.plain(entry.term), entry)
        if known is not entry:
            message = f"“{entry.term}” is defined already, as “{known.term}” at {known.where}"
            yield Finding(entry.where, "G001", message, "join the two definitions")


def terms_are_in_order(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report terms that stand below one they should stand above; the index sorts alike."""
    above: list[Definition] = []
    for entry in _entries(book, survey):
        after = [known for known in above if alphabet.key(known.term) > alphabet.key(entry.term)]
        if after:
            nearest = min(after, key=lambda known: alphabet.key(known.term))
            message = f"“{entry.term}” stands below “{nearest.term}”, out of alphabetical order"
            yield Finding(entry.where, "G002", message, f"move it above “{nearest.term}”")
        else:
            above.append(entry)


def references_are_defined(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report references to terms that the glossary does not have."""
    known = {alphabet.plain(entry.term): entry.term for entry in _entries(book, survey)}
    for chapter in book.written():
        for mention in survey.chapters[chapter.path].mentions:
            if alphabet.plain(mention.term) not in known:
                near = get_close_matches(mention.term, known.values(), n=1)
                message = f"the glossary does not define “{mention.term}”"
                hint = f"did you mean “{near[0]}”?" if near else "add it, or drop `.term`"
                yield Finding(mention.where, "G003", message, hint)


def glossaries_define(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report glossaries without a definition list."""
    for facts in _glossaries(book, survey):
        if not facts.definitions:
            hint = "write a term on a line and `:   ` with its meaning on the next"
            yield Finding(Position(facts.path), "G004", "the glossary defines no term", hint)


def _entries(book: Book, survey: Survey) -> Iterator[Definition]:
    for facts in _glossaries(book, survey):
        yield from facts.definitions


def _glossaries(book: Book, survey: Survey) -> Iterator[ChapterFacts]:
    for chapter in book.written():
        if chapter.role is Role.GLOSSARY:
            yield survey.chapters[chapter.path]
