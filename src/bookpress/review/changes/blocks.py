"""Two fragments of a chapter -> one in which its changes are marked, and the list of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from bookpress.review.changes import inlines, nodes, pieces
from bookpress.review.changes.inlines import MARK, Fate
from bookpress.review.changes.nodes import Element, Node, Nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bookpress.review.changes.inlines import Runs

CHANGED, ADDED, REMOVED = "rev-chg", "rev-add", "rev-del"
BOX, LINE = "rev-box", "rev-line"
NUMBER = "data-change"
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Kind(StrEnum):
    """What has happened to blocks that stand together."""

    EDITED = "edited"
    REPLACED = "replaced"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: words of a block, a listing or figure as a whole, or blocks that came or went.

    number:  counts from 1 in the chapter; the first element it concerns says it in `data-change`.
    runs:    its text, by what became of it.
    heading: the heading it stands below, "" above the first.
    """

    number: int
    kind: Kind
    heading: str
    runs: Runs

    @property
    def added(self) -> int:
        """How many words are new."""
        return _count(self.runs, Fate.NEW)

    @property
    def removed(self) -> int:
        """How many words are gone."""
        return _count(self.runs, Fate.GONE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A chapter with its changes.

    places: positions (data-pos) of blocks that were there before: today's -> the earlier one.
    """

    fragment: Nodes
    changes: tuple[Change, ...]
    places: Mapping[str, str]


def compare(
    old: str, new: str, was: Mapping[str, str] | None = None, now: Mapping[str, str] | None = None
) -> Marked:
    """Compare two fragments of a chapter.

    old, new: HTML that is well-formed XML.
    was, now: a name for the content of each picture, by its address in the fragment.
    Returns   the new fragment with `ins.rev` and `del.rev` around words, and `rev-chg`, `rev-add`
              or `rev-del` on blocks; listings, tables and figures are replaced whole.
    """
    marker = _Marker(was or {}, now or {})
    fragment = marker.blocks(nodes.parse(old), nodes.parse(new))
    return Marked(tuple(fragment), tuple(marker.changes), marker.places)


@dataclass(slots=True)
class _Marker:
    """Compares one chapter, and counts its changes as they come."""

    was: Mapping[str, str]
    now: Mapping[str, str]
    changes: list[Change] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    heading: str = ""

    def blocks(self, old: Sequence[Node], new: Sequence[Node]) -> list[Node]:
        """Compare what two containers hold."""
        before, after = pieces.blocks(old), pieces.blocks(new)
        names = [pieces.signature(block, self.was) for block in before]
        others = [pieces.signature(block, self.now) for block in after]
        matcher = SequenceMatcher(None, names, others, autojunk=False)
        made: list[Element] = []
        for operation, start, end, first, last in matcher.get_opcodes():
            if operation == "equal":
                for mine, theirs in zip(before[start:end], after[first:last], strict=True):
                    made.append(self._kept(mine, theirs))
            else:
                made += self._differing(before[start:end], after[first:last])
        return [node for block in made for node in (block, "\n")]

    def _kept(self, old: Element, new: Element) -> Element:
        self._pass(new)
        self._locate(nodes.walk(pieces.visible([old])), nodes.walk(pieces.visible([new])))
        return new

    def _differing(self, old: Sequence[Element], new: Sequence[Element]) -> list[Element]:
        made: list[Element] = []
        edges = [(-1, -1), *_partners(old, new), (len(old), len(new))]
        for (left, right), (i, j) in pairwise(edges):
            made += self._moved(old[left + 1 : i], Fate.GONE)
            made += self._moved(new[right + 1 : j], Fate.NEW)
            if i < len(old):
                made.append(self._edited(old[i], new[j]))
        return made

    def _moved(self, blocks: Sequence[Element], fate: Fate) -> list[Element]:
        """Mark blocks that went or came; those that stand together are one change."""
        if not blocks:
            return []
        if fate is Fate.NEW and blocks[0].tag in _HEADINGS:
            self._pass(blocks[0])
        text = " ".join(pieces.collapse(nodes.text([block])).strip() for block in blocks)
        kind = Kind.ADDED if fate is Fate.NEW else Kind.REMOVED
        number = self._note(kind, ((fate, text),))
        made = [_unit(block, fate) for block in blocks]
        if fate is Fate.NEW:
            for block in blocks:
                self._pass(block)
        return [made[0].with_attribute(NUMBER, str(number)), *made[1:]]

    def _edited(self, old: Element, new: Element) -> Element:
        self._locate([old], [new])
        if new.tag in pieces.WHOLE:
            return self._replaced(old, new)
        if pieces.holds_blocks(old) or pieces.holds_blocks(new):
            return new.holding(self.blocks(old.children, new.children))
        self._pass(new)
        line, runs = inlines.compare(pieces.visible(old.children), new.children)
        if all(fate is Fate.KEPT for fate, _ in runs):
            return new
        made = _named(new.holding(line), CHANGED)
        return made.with_attribute(NUMBER, str(self._note(Kind.EDITED, runs)))

    def _replaced(self, old: Element, new: Element) -> Element:
        _, runs = inlines.compare((nodes.text([old]),), (nodes.text([new]),))
        number = self._note(Kind.REPLACED, runs)
        both = (_unit(old, Fate.GONE), _unit(new, Fate.NEW))
        return Element("div", (("class", f"{MARK} {BOX}"), (NUMBER, str(number))), both)

    def _note(self, kind: Kind, runs: Runs) -> int:
        number = len(self.changes) + 1
        self.changes.append(Change(number, kind, self.heading, runs))
        return number

    def _pass(self, block: Element) -> None:
        """Remember the heading that follows stand below."""
        for element in nodes.walk([block]):
            if element.tag in _HEADINGS:
                self.heading = pieces.collapse(nodes.text([element])).strip()

    def _locate(self, old: Iterable[Element], new: Iterable[Element]) -> None:
        for mine, theirs in zip(old, new, strict=False):
            if mine.get("data-pos") and theirs.get("data-pos"):
                self.places[theirs.get("data-pos")] = mine.get("data-pos")


def _unit(block: Element, fate: Fate) -> Element:
    """Mark a block that went or came as a whole."""
    name = ADDED if fate is Fate.NEW else REMOVED
    role = (("role", "insertion" if fate is Fate.NEW else "deletion"),)
    if block.tag in pieces.WHOLE:
        inner = (block,) if fate is Fate.NEW else inlines.strip(pieces.visible([block]))
        return Element("div", (("class", f"{MARK} {name} {BOX}"), *role), inner)
    [made] = _enclosed([block], fate)
    return _named(made, name) if isinstance(made, Element) else block


def _enclosed(content: Sequence[Node], fate: Fate) -> Nodes:
    """Put `ins` or `del` around the words in blocks."""
    made: list[Node] = []
    for block in pieces.blocks(content):
        opening = block if fate is Fate.NEW or not block.tag else _bare(block)
        if block.tag in pieces.WHOLE:
            made += [block] if fate is Fate.NEW else inlines.strip(pieces.visible([block]))
        elif pieces.holds_blocks(block):
            made.append(opening.holding(_enclosed(block.children, fate)))
        else:
            inner = block.children
            gone = fate is Fate.GONE
            line = inlines.strip(pieces.visible(inner)) if gone else inner
            made.append(opening.holding((inlines.mark(fate, line),)))
    return tuple(made)


def _bare(block: Element) -> Element:
    [made] = inlines.strip([block.holding(())])
    return made if isinstance(made, Element) else block


def _named(block: Element, name: str) -> Element:
    """Put a class on a block; text between blocks gets an element to carry it."""
    if block.tag:
        return block.with_class(MARK, name)
    return Element("span", (("class", f"{MARK} {name} {LINE}"),), block.children)


def _partners(old: Sequence[Element], new: Sequence[Element]) -> list[tuple[int, int]]:
    """Find which block has become which: in their order, as alike as can be in all."""
    best: list[list[float]] = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[pieces.likeness(mine, theirs) for theirs in new] for mine in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= pieces.ENOUGH else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        share = alike[i][j]
        if share >= pieces.ENOUGH and best[i][j] == share + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _count(runs: Runs, fate: Fate) -> int:
    return sum(len(run.split()) for kind, run in runs if kind is fate)
