"""The words of two versions of a block -> one line of HTML with words struck out and added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from bookpress.review import clean
from bookpress.review.changes import nodes, pieces
from bookpress.review.changes.nodes import Element, Node, Nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PART = re.compile(rf"\w+(?:[.,’']\w+)*|{clean.SPACE}|\W")
_WHOLE = frozenset(("img", "br", "math", "svg", "input", "wbr"))
MARK = "rev"
"""The class of every mark: a book may have `ins` and `del` of its own."""


class Fate(StrEnum):
    """What has become of a piece; the value is the element that marks it."""

    KEPT = ""
    GONE = "del"
    NEW = "ins"


@dataclass(frozen=True, slots=True)
class Wrap:
    """An element around words: the same one for all words in it, another one for others."""

    number: int
    element: Element

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What tells it from another kind of emphasis, code or link."""
        return self.element.tag, pieces.outside(self.element.attributes)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a space, a sign, or something that is compared whole."""

    node: Node
    stack: tuple[Wrap, ...]
    fate: Fate = Fate.KEPT

    @property
    def key(self) -> tuple[object, ...]:
        if isinstance(self.node, str):
            seen: object = pieces.collapse(self.node)
        else:
            seen = pieces.signature(self.node, {})
        return seen, tuple(w.key for w in self.stack if not pieces.is_unseen(w.element))

    @property
    def is_unseen(self) -> bool:
        return isinstance(self.node, Element) and not self.node.children and _is_mark(self.node)

    @property
    def is_sign(self) -> bool:
        return isinstance(self.node, str) and not re.match(r"\w", self.node)


Runs = tuple[tuple[Fate, str], ...]


def compare(old: Sequence[Node], new: Sequence[Node]) -> tuple[Nodes, Runs]:
    """Mark what is gone and what is new between two lines.

    old:    as `pieces.visible` makes it.
    Returns the new line with `del` and `ins` in it, and the runs of text by what became of them.
    """
    before = list(_tokens(old))
    after = list(_tokens(new))
    seen = [index for index, token in enumerate(after) if not token.is_unseen]
    marked: list[_Token] = []
    done = 0
    for start, end, first, last in _changes(before, [after[i] for i in seen]):
        here = seen[first] if first < len(seen) else len(after)
        there = seen[last - 1] + 1 if last > first else here
        marked += after[done:here]
        gone = before[start:end]
        marked += _placed(gone, marked, after[here:])
        marked += [
            token if token.is_unseen else _Token(token.node, token.stack, Fate.NEW)
            for token in after[here:there]
        ]
        done = there
    marked += after[done:]
    return nodes.joined(_enclosed(_build(marked, 0))), tuple(_runs(marked))


def strip(tree: Sequence[Node]) -> Nodes:
    """Make of old text what may stand beside the new: no identifiers, no links, no notes."""
    return nodes.rewrite(tree, _strip)


def _strip(element: Element) -> Sequence[Node]:
    dropped = ("id", "href", "data-pos", "data-page")
    kept = tuple(pair for pair in element.attributes if pair[0] not in dropped)
    if element.tag == "book-note":
        return [Element("span", (("class", "rev-note"),), element.children)]
    if element.tag == "img":
        kept = tuple((k, _was(v) if k == "src" else v) for k, v in kept)
    return [Element(element.tag, kept, element.children)]


def _was(source: str) -> str:
    folder, slash, name = source.rpartition("/")
    return f"{folder}{slash}was-{name}"


def _is_mark(element: Element) -> bool:
    return element.tag == "span"


def _tokens(line: Sequence[Node]) -> Iterator[_Token]:
    count = 0

    def read(children: Sequence[Node], stack: tuple[Wrap, ...]) -> Iterator[_Token]:
        nonlocal count
        for node in children:
            if isinstance(node, str):
                yield from (_Token(part, stack) for part in _PART.findall(node))
            elif node.tag in _WHOLE or not node.children:
                yield _Token(node, stack)
            else:
                count += 1
                yield from read(node.children, (*stack, Wrap(count, node.holding(()))))

    return read(line, ())


def _changes(
    before: Sequence[_Token], after: Sequence[_Token]
) -> Iterator[tuple[int, int, int, int]]:
    """The runs that differ; two that only a space or a sign parts are one."""
    matcher = SequenceMatcher(None, [t.key for t in before], [t.key for t in after], autojunk=False)
    held: tuple[int, int, int, int] | None = None
    for operation, start, end, first, last in matcher.get_opcodes():
        if operation == "equal":
            continue
        if held and all(token.is_sign for token in before[held[1] : start]):
            held = held[0], end, held[2], last
            continue
        if held:
            yield held
        held = start, end, first, last
    if held:
        yield held


def _placed(
    gone: Sequence[_Token], left: Sequence[_Token], right: Sequence[_Token]
) -> Iterator[_Token]:
    """Put old words where they parted the new ones: within the elements that go on around them."""
    around: tuple[Wrap, ...] = ()
    if left and right:
        both = zip(left[-1].stack, right[0].stack, strict=False)
        common = [mine for mine, theirs in both if mine == theirs]
        around = tuple(common)
    visible = [wrap for wrap in around if not pieces.is_unseen(wrap.element)]
    for token in gone:
        same = 0
        for wrap, own in zip(visible, token.stack, strict=False):
            if wrap.key != own.key:
                break
            same += 1
        own_stack = tuple(Wrap(-w.number, w.element) for w in token.stack[same:])
        yield _Token(token.node, around + own_stack, Fate.GONE)


def _build(tokens: Sequence[_Token], depth: int) -> list[tuple[Fate, Node]]:
    """Put the elements around their words again; one all of whose words share a fate shares it."""
    made: list[tuple[Fate, Node]] = []
    for wrap, group in groupby(tokens, lambda t: t.stack[depth] if len(t.stack) > depth else None):
        if wrap is None:
            made += [(token.fate, token.node) for token in group]
            continue
        inner = _build(list(group), depth + 1)
        fates = {fate for fate, _ in inner}
        if len(fates) == 1:
            made.append((*fates, wrap.element.holding([node for _, node in inner])))
        else:
            made.append((Fate.KEPT, wrap.element.holding(_enclosed(inner))))
    return made


def _enclosed(made: Sequence[tuple[Fate, Node]]) -> list[Node]:
    """Put `del` and `ins` around what is gone and what is new."""
    done: list[Node] = []
    for fate, group in groupby(made, lambda piece: piece[0]):
        inner = [node for _, node in group]
        if fate is Fate.KEPT:
            done += inner
        else:
            done.append(mark(fate, strip(inner) if fate is Fate.GONE else inner))
    return done


def mark(fate: Fate, inner: Sequence[Node]) -> Element:
    """Enclose text that is gone or new."""
    return Element(str(fate), (("class", MARK),), nodes.joined(inner))


def _runs(tokens: Sequence[_Token]) -> Iterator[tuple[Fate, str]]:
    for fate, group in groupby(tokens, lambda token: token.fate):
        text = "".join(t.node if isinstance(t.node, str) else "" for t in group)
        yield fate, pieces.collapse(text)
