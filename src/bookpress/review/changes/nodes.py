"""A fragment of HTML <-> elements and text: the small tree that changes are marked in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_VOID = frozenset(("br", "hr", "img", "input", "wbr", "col"))


@dataclass(frozen=True, slots=True)
class Element:
    """An element; one without a name stands for text between blocks, and is written without tags.

    attributes: in the order of the fragment.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def get(self, name: str) -> str:
        """An attribute, "" when the element has none of the name."""
        return next((value for key, value in self.attributes if key == name), "")

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the element, in their order."""
        return tuple(self.get("class").split())

    def holding(self, children: Sequence[Node]) -> Element:
        """The same element with other children."""
        return replace(self, children=tuple(children))

    def with_attribute(self, name: str, value: str) -> Element:
        """The same element with an attribute set, or without it when the value is ""."""
        kept = tuple(pair for pair in self.attributes if pair[0] != name)
        return replace(self, attributes=(*kept, (name, value)) if value else kept)

    def with_class(self, *names: str) -> Element:
        """The same element with more classes."""
        return self.with_attribute("class", " ".join((*self.classes, *names)))


Node = Element | str
Nodes = tuple[Node, ...]


def parse(html: str) -> Nodes:
    """Read a fragment that is well-formed XML, as all of the press's are; comments are dropped.

    Raises  xml.parsers.expat.ExpatError when it is not.
    """
    open_: list[tuple[str, tuple[tuple[str, str], ...], list[Node]]] = [("", (), [])]

    def start(tag: str, pairs: list[str]) -> None:
        open_.append((tag, tuple(zip(pairs[::2], pairs[1::2], strict=True)), []))

    def end(_tag: str) -> None:
        tag, attributes, children = open_.pop()
        open_[-1][2].append(Element(tag, attributes, tuple(children)))

    def characters(data: str) -> None:
        open_[-1][2].append(data)

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(f"<fragment>{html}</fragment>".encode(), True)  # noqa: FBT003  (expat's own)
    [root] = open_[0][2]
    return root.children if isinstance(root, Element) else ()


def write(nodes: Sequence[Node]) -> str:
    """Write a fragment that is well-formed XML and HTML alike."""
    return "".join(_write(nodes))


def walk(nodes: Sequence[Node]) -> Iterator[Element]:
    """Every element, parents before children, in the order of the text."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from walk(node.children)


def text(nodes: Sequence[Node]) -> str:
    """All text, as it stands."""
    return "".join(node if isinstance(node, str) else text(node.children) for node in nodes)


def rewrite(nodes: Sequence[Node], rule: Callable[[Element], Sequence[Node]]) -> Nodes:
    """Copy a tree, each element replaced by what the rule makes of it; children first."""
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
        else:
            made += rule(node.holding(rewrite(node.children, rule)))
    return tuple(made)


def joined(nodes: Sequence[Node]) -> Nodes:
    """The same, with text that stands side by side as one piece, and no empty text."""
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            if made and isinstance(made[-1], str):
                made[-1] += node
            elif node:
                made.append(node)
        else:
            made.append(node.holding(joined(node.children)))
    return tuple(made)


def _write(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield escape(node, quote=False)
        elif not node.tag:
            yield from _write(node.children)
        else:
            pairs = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes)
            if node.tag in _VOID:
                yield f"<{node.tag}{pairs} />"
            else:
                yield f"<{node.tag}{pairs}>"
                yield from _write(node.children)
                yield f"</{node.tag}>"
