"""A marked fragment -> the new text, the old one, or the new one with bars beside its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.review.changes import nodes
from bookpress.review.changes.blocks import ADDED, BOX, CHANGED, LINE, NUMBER, REMOVED
from bookpress.review.changes.inlines import MARK, Fate
from bookpress.review.changes.nodes import Element, Node, Nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

CUT = "rev-cut"
_OWN = frozenset((MARK, ADDED, BOX, CHANGED, LINE, REMOVED))


def accept(fragment: Sequence[Node]) -> Nodes:
    """The new text: what was struck out is gone, what was added stands there like the rest."""
    return nodes.joined(nodes.rewrite(fragment, lambda e: _settle(e, Fate.GONE, REMOVED)))


def reject(fragment: Sequence[Node]) -> Nodes:
    """The old text: what was added is gone, what was struck out stands there like the rest."""
    return nodes.joined(nodes.rewrite(fragment, lambda e: _settle(e, Fate.NEW, ADDED)))


def with_bars(fragment: Sequence[Node]) -> Nodes:
    """The new text, in which blocks keep the class of their mark and the number of their change.

    Where blocks were removed, the next one has the class `rev-cut`, or else the one before.
    """
    return nodes.joined(_bars(fragment))


def _settle(element: Element, fate: Fate, name: str) -> Sequence[Node]:
    classes = element.classes
    if MARK not in classes:
        return [element]
    if name in classes or element.tag == fate:
        return []
    if BOX in classes or LINE in classes or element.tag in (Fate.GONE, Fate.NEW):
        return element.children
    kept = " ".join(c for c in classes if c not in _OWN)
    return [element.with_attribute(NUMBER, "").with_attribute("class", kept)]


def _bars(content: Sequence[Node]) -> list[Node]:
    """Settle one container's content, and carry marks of what leaves it to what stays."""
    made: list[Node] = []
    cut: list[str] = []
    for node in content:
        if isinstance(node, str):
            made.append(node)
        elif MARK in node.classes and REMOVED in node.classes:
            cut.append(node.get(NUMBER))
        else:
            for kept in _bar(node):
                made.append(_cut(kept, cut) if cut and isinstance(kept, Element) else kept)
                cut = [] if isinstance(kept, Element) else cut
    if cut:
        last = max((i for i, n in enumerate(made) if isinstance(n, Element)), default=None)
        if last is not None:
            made[last] = _cut(made[last], cut)
    return made


def _bar(element: Element) -> Sequence[Node]:
    classes = element.classes
    if MARK not in classes:
        return [element.holding(_bars(element.children))]
    if element.tag == Fate.GONE:
        return []
    inner = _bars(element.children)
    if LINE in classes or element.tag == Fate.NEW:
        return inner
    if BOX not in classes:
        return [element.holding(inner)]
    name = CHANGED if ADDED not in classes else ADDED
    [whole] = [node for node in inner if isinstance(node, Element)]
    number = whole.get(NUMBER) or element.get(NUMBER)
    plain = tuple(c for c in whole.classes if c not in (*_OWN, CUT))
    kept = whole.with_attribute("class", " ".join(plain)).with_class(MARK, name)
    return [kept.with_attribute(NUMBER, number)]


def _cut(node: Node, numbers: Sequence[str]) -> Node:
    if isinstance(node, str):
        return node
    both = " ".join(n for n in (*numbers, node.get(NUMBER)) if n)
    return node.with_class(MARK, CUT).with_attribute(NUMBER, both)
