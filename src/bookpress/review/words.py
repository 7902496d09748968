"""The text of a chapter and its Markdown -> the source line of every word.

The words of both are aligned: the reader of the Markdown need not say where anything stood. Notes
are set at the end and written anywhere, so that they are aligned after the text, with the words
that it has left over.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bookpress.review.text import ChapterText

_WORD = re.compile(r"[^\W_]+")
_UNSEEN = re.compile(r'^[ \t>]*\d{1,9}[.)] |\b(?:term|see|seealso|alt)="[^"]*"')
"""What no text has: the number of an item of a list, what goes into the index, a description."""
_BOOK = 200
"""More chapters than a book has: what was aligned is kept for all of them."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits, and where it stands in its text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The words of a text whose source is known, in the order of the text.

    starts, ends: offsets into the text; numbers: lines of the source, counted from 1.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    numbers: tuple[int, ...]

    def of(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and the last line of a piece of the text.

        A piece of which no word is known, such as a number that the press has set, is taken to be
        where the nearest known word is; None when the chapter has none.
        """
        first, after = bisect_right(self.ends, start), bisect_left(self.starts, end)
        if first < after:
            found = self.numbers[first:after]
            return min(found), max(found)
        near = [i for i in (after - 1, first) if 0 <= i < len(self.numbers)]
        if not near:
            return None
        nearest = min(near, key=lambda i: max(start - self.ends[i], self.starts[i] - end))
        return self.numbers[nearest], self.numbers[nearest]

    def spanned(self, line: int) -> tuple[int, int]:
        """The piece of the text that a line of the source has become, or the next line that has."""
        later = [number for number in self.numbers if number >= line]
        if not later:
            return (self.starts[-1], self.ends[-1]) if self.starts else (0, 0)
        own = [i for i, number in enumerate(self.numbers) if number == min(later)]
        return self.starts[own[0]], self.ends[own[-1]]


def split(text: str) -> list[Word]:
    """The words of a text, in their order."""
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


def aligned(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of the same word in two sequences, as their indices, in the order of both."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        yield from ((start + step, other + step) for step in range(size))


@lru_cache(_BOOK)
def lines(chapter: ChapterText) -> Lines:
    """Find the source line of every word of a chapter that is written in its source."""
    seen = split(chapter.text)
    written = [
        (match[0], number)
        for number, line in enumerate(chapter.source.splitlines(), 1)
        for match in _WORD.finditer(_UNSEEN.sub("", line))
    ]
    body = sum(word.start < chapter.notes for word in seen)
    found = _align([word.text for word in seen[:body]], written)
    used = {source for _, source in found}
    left = [index for index in range(len(written)) if index not in used]
    notes = _align([word.text for word in seen[body:]], [written[index] for index in left])
    pairs = [*found, *((body + word, left[source]) for word, source in notes)]
    return Lines(
        tuple(seen[word].start for word, _ in pairs),
        tuple(seen[word].end for word, _ in pairs),
        tuple(written[source][1] for _, source in pairs),
    )


def _align(seen: Sequence[str], written: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    return list(aligned(seen, [word for word, _ in written]))
