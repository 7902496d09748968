"""Survey -> findings about spelling (W...), by the dictionary of the book's language.

What the dictionary need not know stands in the book's own list, `words.txt` beside book.yml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress import dictionary, wording
from bookpress.findings import Finding, Position
from bookpress.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bookpress.dictionary import Dictionary
    from bookpress.model import Book
    from bookpress.survey import Survey

# The engine looks for a tenth of a second; whoever has more words to mend begins with these.
MOST_SUGGESTIONS = 8


def words_are_known(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report words that neither the dictionary nor the book's list has, and idle ones of the list.

    While a chapter is planned, words of the list may be waiting for it.
    """
    known = dictionary.find(book.metadata.language)
    if not known:
        return
    words = _unknown(known, book, survey)
    yield from _strange(known, words, survey)
    if not any(chapter.status is Status.PLANNED for chapter in book.chapters()):
        yield from _idle(known, words, survey)


def _strange(
    known: Dictionary, words: Mapping[str, list[Position]], survey: Survey
) -> Iterator[Finding]:
    strange = [word for word in words if _entry(word, survey.vocabulary) is None]
    for number, word in enumerate(strange):
        near = known.nearest(word) if number < MOST_SUGGESTIONS else ""
        hint = f"did you mean “{near}”? " if near else ""
        hint += f"a word that is right goes into {wording.LIST}"
        for where in words[word]:
            yield Finding(where, "W001", f"“{word}” is not in the dictionary", hint)


def _idle(known: Dictionary, words: Iterable[str], survey: Survey) -> Iterator[Finding]:
    used = {_entry(word, survey.vocabulary) for word in words}
    for entry, where in survey.vocabulary.items():
        if entry not in used:
            why = "the dictionary has it" if known.has(entry) else "the text does not have it"
            yield Finding(where, "W002", f"“{entry}” is not needed: {why}", "delete the line")


def a_dictionary_is_there(book: Book, _survey: Survey) -> Iterator[Finding]:
    """Report that nobody looks after the spelling of a book."""
    language = book.metadata.language
    if not dictionary.find(language):
        yield Finding(book.where, "W003", f"there is no dictionary for “{language}”")


def _unknown(known: Dictionary, book: Book, survey: Survey) -> dict[str, list[Position]]:
    """The words that the dictionary does not have, and where they stand in the book."""
    found: dict[str, list[Position]] = {}
    for where, words in _outline(book):
        for word in words:
            if not known.has(word):
                found.setdefault(word, []).append(where)
    for path, prose in survey.prose.items():
        for word, places in prose.items():
            if word in found or not known.has(word):
                found.setdefault(word, []).extend(Position(path, *place) for place in places)
    return found


def _outline(book: Book) -> Iterator[tuple[Position, Iterable[str]]]:
    """The words that book.yml puts into the editions, and the entry they belong to."""
    about = book.metadata
    texts = [(book.where, f"{about.title}. {about.subtitle}. {about.description}")]
    texts += [(part.where, f"{part.title}. {part.summary}") for part in book.parts]
    for where, text in texts:
        yield where, wording.words(text)


def _entry(word: str, vocabulary: Mapping[str, Position]) -> str | None:
    """The entry of the list for a word; at the beginning of a sentence it may have a capital."""
    lowered = word[0].lower() + word[1:]
    return next((entry for entry in (word, lowered) if entry in vocabulary), None)
