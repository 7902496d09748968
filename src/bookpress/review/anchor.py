"""A comment and today's texts -> its place, or none: an orphan rather than a wrong one.

A quote is looked for as it was, with what stood around it; then as rapidfuzz finds it, alone and
with its surroundings. What is found counts by its likeness to quote, prefix and suffix, and a
little by how far it has moved; it then ends where words end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.errors import ToolError
from bookpress.review import words
from bookpress.review.model import CONTEXT, Place, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from bookpress.review.model import Comment
    from bookpress.review.text import ChapterText

ACCEPTED, CERTAIN = 0.60, 0.80
"""The least score of a place, and the least of one that the author need not look at."""
_SHORT = 20
"""A quote of fewer characters says little: its surroundings must speak for it."""
_SHORT_SCORE, _SHORT_CONTEXT = 0.75, 0.60
_TINY = 8
_TINY_CONTEXT = 0.5
"""What the worse side of a quote of fewer than _TINY characters must have."""
_KEPT = 0.4
"""The share of its own words that a quote must still have."""
_ELSEWHERE = 0.80
"""The least score in a chapter other than the comment's own."""
_LONG = 400
"""A quote of more characters is looked for by its ends."""
_MOST_EXACT = 500
_CUTOFF = 55
_QUOTE, _SIDE, _NEAR = 50, 20, 2  # what likeness of each counts, of 92 in all


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote was found in a text, and how well it is the same, 0 to 1."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class _Judged:
    """A place, and how alike its better and its worse side are to those of the quote."""

    match: Match
    better: float
    worse: float


def attach(comment: Comment, texts: Mapping[str, ChapterText]) -> Place | None:
    """Find the place of a comment: in its own chapter, else in another to which it was moved.

    A comment without a quote is at the head of its chapter.

    texts:  chapters by slug.
    Raises  ToolError when rapidfuzz is not installed.
    """
    own = texts.get(comment.chapter)
    if comment.selector is None:
        return Place(own.slug, 1, 1, 0, 0, 1.0) if own and not comment.parent else None
    if own and (match := find(own.text, comment.selector)):
        return _place(own, match)
    others = {slug: text for slug, text in texts.items() if text is not own}
    moved = locate(comment.selector, others)
    return _place(others[moved[0]], moved[1]) if moved else None


def locate(wanted: Selector, texts: Mapping[str, ChapterText]) -> tuple[str, Match] | None:
    """Find a quote of a chapter that nobody knows; more likeness is asked than in its own."""
    found = [(slug, match) for slug, text in texts.items() if (match := find(text.text, wanted))]
    sure = [one for one in found if one[1].score >= _ELSEWHERE]
    best = max(sure, key=lambda one: one[1].score, default=None)
    short = len(wanted.exact) < _SHORT and not wanted.prefix + wanted.suffix
    return None if short and len(sure) > 1 else best


def select(text: str, start: int, end: int) -> Selector:
    """Quote a piece of a text, with what stands around it."""
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Selector(text[start:end], prefix, suffix, start, end)


def find(text: str, wanted: Selector) -> Match | None:
    """Find a quote in a text; None when nothing is like it enough."""
    candidates = list(dict.fromkeys(_candidates(text, wanted)))
    judged = [_judge(text, wanted, start, end) for start, end in candidates]
    best = max(judged, key=lambda one: one.match.score, default=None)
    if best is None:
        return None
    match = best.match
    exact = text[match.start : match.end] == wanted.exact
    only = exact and len(candidates) == 1 and not wanted.prefix + wanted.suffix
    if not only and not _is_sure(best, len(wanted.exact)):
        return None
    if exact:
        return match
    kept = _kept(text, wanted, match)
    if kept is None:
        return None
    start, end = _whole_words(text, *kept)
    return Match(start, end, match.score)


def _is_sure(judged: _Judged, length: int) -> bool:
    """Say whether a place is like a quote enough; the shorter it is, the more is asked."""
    if length < _TINY and judged.worse < _TINY_CONTEXT:
        return False
    if length < _SHORT:
        return judged.match.score >= _SHORT_SCORE and judged.better >= _SHORT_CONTEXT
    return judged.match.score >= ACCEPTED


def nearest(text: str, quote: str, start: int) -> Match | None:
    """Find the occurrence of a quote that is nearest to a place, else what is like the quote."""
    places = [begin for begin, _ in _exact(text, quote)]
    if places:
        best = min(places, key=lambda begin: abs(begin - start))
        return Match(best, best + len(quote), 1.0)
    return find(text, Selector(quote, start=start))


def _candidates(text: str, wanted: Selector) -> Iterator[tuple[int, int]]:
    exact = list(_exact(text, wanted.exact))
    yield from exact
    if exact:
        return
    if len(wanted.exact) > _LONG:
        yield from _ends(text, wanted)
        return
    if found := _alike(wanted.exact, text):
        yield found
    around = wanted.prefix + wanted.exact + wanted.suffix
    if found := _alike(around, text):
        start, end = found[0] + len(wanted.prefix), found[1] - len(wanted.suffix)
        if start < end:
            yield start, end


def _ends(text: str, wanted: Selector) -> Iterator[tuple[int, int]]:
    """Where a long quote may be, by its first and its last words.

    To look for all of it takes as long as it is long times as long as the text is: minutes.
    """
    half = _LONG // 2
    first = _alike(wanted.prefix + wanted.exact[:half], text)
    last = _alike(wanted.exact[-half:] + wanted.suffix, text)
    length = len(wanted.exact)
    start = min(first[0] + len(wanted.prefix), first[1]) if first else None
    end = max(last[1] - len(wanted.suffix), last[0]) if last else None
    if start is not None and end is not None and length / 2 < end - start < length * 2:
        yield start, end
    if start is not None:
        yield start, min(start + length, len(text))
    if end is not None:
        yield max(0, end - length), end


def _exact(text: str, quote: str) -> Iterator[tuple[int, int]]:
    place, count = text.find(quote), 0
    while place >= 0 and count < _MOST_EXACT:
        yield place, place + len(quote)
        place, count = text.find(quote, place + 1), count + 1


def _judge(text: str, wanted: Selector, start: int, end: int) -> _Judged:
    """Weigh a place; a side that is not known says nothing."""
    before = _likeness(wanted.prefix, text[max(0, start - len(wanted.prefix)) : start])
    after = _likeness(wanted.suffix, text[end : end + len(wanted.suffix)])
    near = 1 - min(1, abs(start - wanted.start) / max(1, len(text)))
    weighed = [
        (_QUOTE, _likeness(wanted.exact, text[start:end])),
        (_SIDE if wanted.prefix else 0, before),
        (_SIDE if wanted.suffix else 0, after),
        (_NEAR, near),
    ]
    score = sum(weight * value for weight, value in weighed) / sum(w for w, _ in weighed)
    sides = [value for weight, value in weighed[1:3] if weight] or [0.0]
    return _Judged(Match(start, end, score), max(sides), min(sides))


def _kept(text: str, wanted: Selector, match: Match) -> tuple[int, int] | None:
    """Correct both ends of a place that is like the quote: its length may have changed.

    The words of the quote and its sides are aligned with those around the place. None when too few
    of the quote's own are there: what is alike is then the letters, or the sides.
    """
    first = max(0, match.start - 2 * CONTEXT)
    here = words.split(text[first : match.end + 2 * CONTEXT])
    quoted = words.split(wanted.prefix + wanted.exact + wanted.suffix)
    low, high = len(wanted.prefix), len(wanted.prefix) + len(wanted.exact)
    inside = [low <= word.start and word.end <= high for word in quoted]
    pairs = words.aligned([w.text for w in quoted], [w.text for w in here])
    own = [here[j] for i, j in pairs if inside[i]]
    if len(own) < _KEPT * sum(inside):
        return None
    return (first + own[0].start, first + own[-1].end) if own else (match.start, match.end)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a place to the words that it cuts, and let it begin and end without a space."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _place(chapter: ChapterText, match: Match) -> Place:
    first, last = words.lines(chapter).of(match.start, match.end) or (1, 1)
    return Place(chapter.slug, first, last, match.start, match.end, round(match.score, 3))


def _alike(piece: str, text: str) -> tuple[int, int] | None:
    """Where a text is most like a piece of another text."""
    if len(piece) > len(text):
        return None
    found = _rapidfuzz().fuzz.partial_ratio_alignment(piece, text, score_cutoff=_CUTOFF)
    return (found.dest_start, found.dest_end) if found else None


def _likeness(first: str, second: str) -> float:
    """How alike two strings are, 0 to 1; two empty ones are the same."""
    if not first and not second:
        return 1.0
    likeness: float = _rapidfuzz().distance.Indel.normalized_similarity(first, second)
    return likeness


def _rapidfuzz() -> ModuleType:
    try:
        import rapidfuzz  # noqa: PLC0415  (an extra; --help must be quick)
    except ImportError:
        hint = "python -m pip install 'bookpress[review]'"
        raise ToolError("rapidfuzz is not installed", hint=hint) from None
    return rapidfuzz
