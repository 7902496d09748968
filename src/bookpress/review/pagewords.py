"""The characters of a page and the texts of a book -> where on the page which words are.

A page is looked up by what it says: runs of words that stand in one place of the book only say
which chapter it is of, whatever its file says. Then its words are aligned with those of that
chapter, the notes at its foot with the chapter's notes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from bookpress.review import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bookpress.review.text import ChapterText
    from bookpress.review.words import Word

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the origin of the page."""
_RUN = 3
"""How many words in a row tell where a page is from."""
_AROUND = 300
"""How many words before and after the page are looked at as well."""
_FEWEST_VOTES = 2
_LINE_CHARACTERS = 120
"""More characters than a line has."""
_LINE = 0.5
"""How far beyond a box, in points, a character may reach."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A word on a page: the boxes of its characters, and its word in the chapter, if known."""

    boxes: tuple[Box, ...]
    word: Word | None

    @property
    def box(self) -> Box:
        """What holds all of its characters."""
        left, bottom, right, top = zip(*self.boxes, strict=True)
        return (min(left), min(bottom), max(right), max(top))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page whose chapter is known: its words in the order in which the file has them."""

    chapter: ChapterText
    spots: tuple[Spot, ...]

    def marked(self, boxes: Sequence[Box]) -> tuple[int, int] | None:
        """The piece of the chapter's text whose words boxes mark; None when they mark none."""
        hit = [s.word for s in self.spots if s.word and any(_covers(b, s) for b in boxes)]
        return (min(w.start for w in hit), max(w.end for w in hit)) if hit else None

    def nearest(self, box: Box) -> tuple[int, int] | None:
        """The word that is nearest to a box, on the line at its height or the nearest one."""
        x = (box[0] + box[2]) / 2
        line = self._line(box)
        word = min(line, key=lambda s: max(s[0][0] - x, x - s[0][2], 0.0), default=None)
        return (word[1].start, word[1].end) if word else None

    def beside(self, box: Box) -> tuple[int, int] | None:
        """The line at the height of a box, or the nearest one."""
        line = sorted((word.start, word.end) for _, word in self._line(box))
        if not line:
            return None
        # A number in the margin may have been taken for another one, far from here.
        middle = line[len(line) // 2][0]
        own = [(start, end) for start, end in line if abs(start - middle) < _LINE_CHARACTERS]
        return own[0][0], own[-1][1]

    def _line(self, box: Box) -> list[tuple[Box, Word]]:
        known = [(spot.box, spot.word) for spot in self.spots if spot.word]
        height = (box[1] + box[3]) / 2

        def distance(place: Box) -> float:
            return max(place[1] - height, height - place[3], 0.0)

        best = min((distance(place) for place, _ in known), default=0.0)
        return [(place, word) for place, word in known if distance(place) <= best + _LINE]


class Index:
    """Where runs of words stand that a book has only once."""

    def __init__(self, texts: Mapping[str, ChapterText]) -> None:
        self.texts = texts
        self.words = {slug: words.split(chapter.text) for slug, chapter in texts.items()}
        self._places: dict[tuple[str, ...], tuple[str, int] | None] = {}
        for slug, found in self.words.items():
            for number, run in enumerate(_runs([word.text for word in found])):
                self._places[run] = None if run in self._places else (slug, number)

    def leaf(self, characters: Sequence[tuple[str, Box]]) -> Leaf | None:
        """Find out what the words of a page are; None when it is of no chapter."""
        seen = _gather(characters)
        names = [name for name, _ in seen]
        votes = [place for run in _runs(names) if (place := self._places.get(run))]
        counted = Counter(slug for slug, _ in votes).most_common(1)
        if not counted or counted[0][1] < _FEWEST_VOTES:
            return None
        slug = counted[0][0]
        chapter = self.texts[slug]
        middle = median_low(number for own, number in votes if own == slug)
        found = self._align(slug, names, middle)
        return Leaf(chapter, tuple(Spot(box, found.get(n)) for n, (_, box) in enumerate(seen)))

    def _align(self, slug: str, names: Sequence[str], middle: int) -> dict[int, Word]:
        """The chapter's word for each word of a page, by its number on the page."""
        own = self.words[slug]
        notes = self.texts[slug].notes
        first = max(0, middle - len(names) - _AROUND)
        body = [w for w in own[first : middle + len(names) + _AROUND] if w.start < notes]
        found = {n: body[m] for n, m in words.aligned(names, [w.text for w in body])}
        rest = [n for n in range(len(names)) if n not in found]
        below = [word for word in own if word.start >= notes]
        if below and rest:
            pairs = words.aligned([names[n] for n in rest], [word.text for word in below])
            found |= {rest[n]: below[m] for n, m in pairs}
        return found


def _runs(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(names[n : n + _RUN]) for n in range(len(names) - _RUN + 1)]


def _gather(characters: Sequence[tuple[str, Box]]) -> list[tuple[str, tuple[Box, ...]]]:
    """The words of a page, each with the boxes of its characters."""
    text = "".join(character[:1] for character, _ in characters)
    return [
        (word.text, tuple(box for _, box in characters[word.start : word.end]))
        for word in words.split(text)
    ]


def _covers(box: Box, spot: Spot) -> bool:
    """Say whether a box marks at least half of the characters of a word."""
    left, bottom, right, top = box
    hit = 0
    for x0, y0, x1, y1 in spot.boxes:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        hit += left - _LINE <= x <= right + _LINE and bottom - _LINE <= y <= top + _LINE
    return 2 * hit >= len(spot.boxes)
