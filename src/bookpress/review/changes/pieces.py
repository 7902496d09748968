"""Elements -> what is compared of them: blocks, words, and nothing that a reader does not see."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from bookpress.review import clean
from bookpress.review.changes import nodes
from bookpress.review.changes.nodes import Element, Node, Nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WHOLE = frozenset(("pre", "table", "figure", "hr"))
_BLOCKS = WHOLE | {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote",
    "div", "section", "aside", "article", "header", "footer", "nav", "details", "summary",
}  # fmt: skip
_UNSEEN = frozenset(("id", "data-pos"))
_WORD = re.compile(r"\w+")
_SPACE = re.compile(clean.SPACE)
_AROUND_EDGES = re.compile(rf"(?:{clean.SPACE})?(\x02|\x03)(?:{clean.SPACE})?")
ENOUGH = 0.4
"""How alike two blocks must be to be one block that was edited: the share of words they share."""


def blocks(children: Sequence[Node]) -> list[Element]:
    """The blocks of a container in their order; text between them is a block without a name."""
    made: list[Element] = []
    line: list[Node] = []

    def end_line() -> None:
        if any(isinstance(node, Element) or node.strip() for node in line):
            made.append(Element("", (), _trimmed(line)))
        line.clear()

    for node in children:
        if isinstance(node, Element) and is_block(node):
            end_line()
            made.append(node)
        else:
            line.append(node)
    end_line()
    return made


def is_block(element: Element) -> bool:
    """Say whether it stands on lines of its own."""
    return element.tag in _BLOCKS


def holds_blocks(element: Element) -> bool:
    """Say whether there are blocks in it, so that these are compared, and not its words."""
    return any(isinstance(node, Element) and is_block(node) for node in element.children)


def visible(tree: Sequence[Node]) -> Nodes:
    """What of a tree a reader can see: without identifiers and the marks of the index."""
    return nodes.joined(nodes.rewrite(tree, _visible))


def is_unseen(element: Element) -> bool:
    """Say whether it only marks a place, or words, for the index."""
    return element.tag == "span" and "ix" in element.classes


def signature(element: Element, pictures: Mapping[str, str]) -> str:
    """What a block is known by: two of one signature are the same block to a reader.

    pictures: a name for the content of each picture, by its address in the fragment.
    """
    [made] = visible([element])
    return _signature(made, pictures, exact=False) if isinstance(made, Element) else ""


def outside(attributes: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Attributes that tell two elements in a line apart; a note may have another number."""
    return tuple(
        pair
        for pair in sorted(attributes)
        if pair[0] not in _UNSEEN and not (pair[0] == "href" and pair[1].startswith("#fn"))
    )


def likeness(old: Element, new: Element) -> float:
    """How alike two blocks are, from 0 to 1; 0 when they are of different kinds."""
    if (old.tag, old.classes) != (new.tag, new.classes):
        return 0.0
    mine, theirs = words(old), words(new)
    if not mine and not theirs:
        return 1.0
    most = 2 * sum((Counter(mine) & Counter(theirs)).values()) / (len(mine) + len(theirs))
    return most if most < ENOUGH else _ratio(mine, theirs)


def words(element: Element) -> tuple[str, ...]:
    """The words of a block."""
    return tuple(_WORD.findall(nodes.text([element])))


def collapse(text: str) -> str:
    """The text with every run of white space as one space."""
    return _SPACE.sub(" ", text)


def _trimmed(line: Sequence[Node]) -> Nodes:
    """A line without the white space that parts it from the blocks around it."""
    kept = list(nodes.joined(line))
    if isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    if isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    return nodes.joined(kept)


@lru_cache(maxsize=20_000)
def _ratio(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio()


def _visible(element: Element) -> Sequence[Node]:
    if is_unseen(element):
        return element.children
    kept = tuple(pair for pair in element.attributes if pair[0] != "id")
    return [Element(element.tag, kept, element.children)]


def _signature(element: Element, pictures: Mapping[str, str], *, exact: bool) -> str:
    exact = exact or element.tag == "pre"
    pairs = outside(element.attributes)
    if element.tag == "img":
        pairs += (("", pictures.get(element.get("src"), "")),)
    inner = "".join(
        (node if exact else collapse(node))
        if isinstance(node, str)
        else _signature(node, pictures, exact=exact)
        for node in element.children
    )
    if not exact and (element.tag in _BLOCKS or not element.tag):
        inner = _AROUND_EDGES.sub(r"\1", inner).strip(" ")
    edges = ("\x02", "\x03") if element.tag in _BLOCKS else ("\x04", "\x05")
    return f"{edges[0]}{element.tag} {pairs}:{inner}{edges[1]}"
