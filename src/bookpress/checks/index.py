"""Survey -> findings about the index at the back of the book (I...), if it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress import alphabet
from bookpress.findings import Finding, Position
from bookpress.formats.entries import steps
from bookpress.model import Matter, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.survey import Survey, Term

MOST_LOCATORS = 7


def references_lead_somewhere(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report `see` and `seealso` that name no entry with pages, and entries that say both."""
    terms = tuple(_terms(book, survey))
    names = [steps(term.term) for term in terms if term.locates]
    located = {name[: depth + 1] for name in names for depth in range(len(name))}
    for term in terms:
        target = term.see or term.also
        if target and steps(target) not in located:
            hint = "name an entry as its marks write it, sub-entries as `main!sub`"
            yield Finding(term.where, "I001", f"the index has no entry “{target}”", hint)
        if term.see and steps(term.term) in located:
            message = f"“{term.term}” sends the reader to “{term.see}” and has pages of its own"
            yield Finding(term.where, "I001", message, "write `seealso=` in place of `see=`")


def entries_differ(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report entries that differ in case, plural or punctuation only."""
    first: dict[tuple[str, ...], Term] = {}
    reported: set[tuple[str, ...]] = set()
    for term in _terms(book, survey):
        name = steps(term.term)
        known = first.setdefault(tuple(map(alphabet.plain, name)), term)
        if steps(known.term) != name and name not in reported:
            reported.add(name)
            message = f"“{term.term}” is nearly the entry “{known.term}” at {known.where}"
            yield Finding(term.where, "I002", message, "write them alike, or tell them apart")


def entries_are_parted(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report entries with more places than a reader will try."""
    places: dict[tuple[str, ...], list[Term]] = {}
    for term in _terms(book, survey):
        if term.locates:
            places.setdefault(steps(term.term), []).append(term)
    for name, marks in places.items():
        if len(marks) > MOST_LOCATORS:
            count = f"{len(marks)} places; {MOST_LOCATORS} allowed"
            message = f"the entry “{', '.join(name)}” has {count}"
            hint = f'give some a sub-entry: `term="{"!".join(name)}!..."`'
            yield Finding(marks[MOST_LOCATORS].where, "I003", message, hint)


def chapters_are_indexed(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report numbered chapters that the index knows nothing of."""
    for chapter in book.written() if _has_index(book) else ():
        counted = chapter.matter is Matter.BODY and chapter.number
        if counted and not survey.chapters[chapter.path].terms:
            hint = "mark a term: `[lock file]{.ix}`"
            where = Position(chapter.path)
            yield Finding(where, "I004", "the chapter has no entry in the index", hint)


def _has_index(book: Book) -> bool:
    return any(section.role is Role.INDEX for section in (*book.front, *book.back))


def _terms(book: Book, survey: Survey) -> Iterator[Term]:
    for chapter in book.written() if _has_index(book) else ():
        yield from survey.chapters[chapter.path].terms
