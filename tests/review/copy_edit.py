"""Two texts -> how many quotes of the first are found again in the second, and how well.

The truth is a diff of the words of both texts, which knows nothing of quotes: the words of a quote
that are still there say where it is now. What the anchors say is compared with it word by word.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bookpress.review import anchor
from bookpress.review.model import Comment
from bookpress.review.text import ChapterText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RIGHT, PARTIAL, WRONG, ORPHANED = "right", "partial", "wrong", "orphaned"
LEFT_ALONE, STRAYED = "gone, orphaned", "gone, attached"
ALIVE = 0.5
"""The share of its words that must still be there for a quote to count as alive."""
LONGEST = 50
_WORD = re.compile(r"\S+")

Range = tuple[int, int]


def chapter(slug: str, text: str) -> ChapterText:
    return ChapterText(slug, f"{slug}.md", text, text, len(text))


def measure(
    before: Mapping[str, str], after: Mapping[str, str], number: int, seed: int = 1
) -> Counter[str]:
    """Take so many quotes of 1 to LONGEST words from each text, and count what became of them."""
    texts = {slug: chapter(slug, text) for slug, text in after.items()}
    pick = random.Random(seed)  # noqa: S311  (a sample, no secret)
    found: Counter[str] = Counter()
    for slug in sorted(before.keys() & after.keys()):
        for start, end, truth in quotes(before[slug], after[slug], number, pick):
            selector = anchor.select(before[slug], start, end)
            comment = Comment("urn:x:1", slug, "", selector=selector)
            place = anchor.attach(comment, texts)
            if place is None:
                found[ORPHANED if truth else LEFT_ALONE] += 1
            elif truth is None:
                found[STRAYED] += 1
            else:
                own = (place.start, place.end) if place.chapter == slug else (-1, -1)
                found[judge(own, truth)] += 1
    return found


def quotes(
    before: str, after: str, number: int, pick: random.Random
) -> Iterator[tuple[int, int, Range | None]]:
    """Quotes of a text, and where each is in the other one; None for one whose words are gone."""
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    matcher = SequenceMatcher(None, [w[0] for w in old], [w[0] for w in new], autojunk=False)
    still = {
        a + step: b + step for a, b, size in matcher.get_matching_blocks() for step in range(size)
    }
    for _ in range(number if old else 0):
        length = min(pick.randint(1, LONGEST), len(old))
        first = pick.randrange(len(old) - length + 1)
        alive = [still[i] for i in range(first, first + length) if i in still]
        truth = None
        if len(alive) >= ALIVE * length:
            truth = (new[alive[0]].start(), new[alive[-1]].end())
        yield old[first].start(), old[first + length - 1].end(), truth


def judge(own: Range, truth: Range) -> str:
    """Right when place and truth share most of what either has, wrong when they share nothing."""
    shared = min(own[1], truth[1]) - max(own[0], truth[0])
    if shared <= 0:
        return WRONG
    return RIGHT if shared >= 0.5 * (max(own[1], truth[1]) - min(own[0], truth[0])) else PARTIAL


def report(found: Mapping[str, int]) -> str:
    alive = sum(found.get(kind, 0) for kind in (RIGHT, PARTIAL, WRONG, ORPHANED))
    parts = [
        f"{kind} {found.get(kind, 0)} ({100 * found.get(kind, 0) / max(1, alive):.2f} %)"
        for kind in (RIGHT, PARTIAL, WRONG, ORPHANED)
    ]
    gone = f"gone: {found.get(LEFT_ALONE, 0)} orphaned, {found.get(STRAYED, 0)} attached"
    return f"{alive} alive: {', '.join(parts)}; {gone}"
