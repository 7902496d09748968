"""Walk and rewrite pandoc's JSON tree: the only module that knows its shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bookpress.findings import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePosixPath

Node = dict[str, Any]
Rule = Callable[[Node], list[Node] | None]

# Where a node of each type keeps its [identifier, classes, attributes].
_ATTRIBUTES = {
    "Header": 1, "Div": 0, "Span": 0, "Link": 0, "Image": 0, "CodeBlock": 0, "Code": 0,
    "Figure": 0, "Table": 0,
}  # fmt: skip
_RANGE = re.compile(r"(\d+):(\d+)-\d+:\d+")
_OWN = ("data-pos", "wrapper")
_INLINES = ("Code", "Link", "Span")
SPACES = ("Space", "SoftBreak", "LineBreak")
_LEAVES = frozenset({"Str", *SPACES})


@dataclass(frozen=True, slots=True)
class Tree:
    """One chapter as pandoc read it; `blocks` is for this module, survey and the passes alone."""

    path: PurePosixPath
    blocks: list[Node]


def walk(node: object) -> Iterator[Node]:
    """Yield every node below, parents before children, in the order of the text."""
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        if "t" in node:
            yield node
        if "c" in node:
            yield from walk(node["c"])


def rewrite(nodes: list[Any], rules: Mapping[str, Rule]) -> list[Any]:
    """Copy a tree; a node's rule returns its replacements, or None to keep it. Children first.

    Words and spaces, nine nodes of ten, are shared with the copy unless a rule is for them.
    """
    copied: list[Any] = []
    for item in nodes:
        if isinstance(item, dict):
            kind = item.get("t")
            rule = rules.get(kind) if kind else None
            new = item if kind in _LEAVES and not rule else _copy(item, rules)
            replaced = rule(new) if rule else None
            if replaced is None:
                copied.append(new)
            else:
                copied.extend(replaced)
        else:
            copied.append(rewrite(item, rules) if isinstance(item, list) else item)
    return copied


def _copy(node: Node, rules: Mapping[str, Rule]) -> Node:
    return {
        key: rewrite(value, rules)
        if isinstance(value, list)
        else _copy(value, rules)
        if isinstance(value, dict)
        else value
        for key, value in node.items()
    }


def identifier(node: Node) -> str:
    """The node's identifier, "" when it has none."""
    slot = _ATTRIBUTES.get(node["t"])
    return "" if slot is None else str(node["c"][slot][0])


def classes(node: Node) -> tuple[str, ...]:
    """The node's classes, in the order of the source."""
    slot = _ATTRIBUTES.get(node["t"])
    return () if slot is None else tuple(node["c"][slot][1])


def attributes(node: Node) -> dict[str, str]:
    """The node's own attributes, without what the reader added."""
    slot = _ATTRIBUTES.get(node["t"])
    pairs = [] if slot is None else node["c"][slot][2]
    return {key: value for key, value in pairs if key not in _OWN}


def is_wrapper(node: Node) -> bool:
    """Say whether the reader made this node only to carry a position."""
    return node["t"] in ("Div", "Span") and any(key == "wrapper" for key, _ in node["c"][0][2])


def position(node: Node, path: PurePosixPath) -> Position | None:
    """Where the node stands in the source, None when the reader did not say."""
    slot = _ATTRIBUTES.get(node["t"])
    for key, value in [] if slot is None else node["c"][slot][2]:
        if key == "data-pos" and value:
            first = _earliest(value)
            return Position(path, int(first[1]), int(first[2]))
    return None


def _earliest(ranges: str) -> re.Match[str]:
    """The first of the ranges of a node in the source: a table has several, in any order."""
    return min(_RANGE.finditer(ranges), key=lambda match: (int(match[1]), int(match[2])))


def text(nodes: object) -> str:
    """The words of the nodes as a reader would read them aloud, notes left out."""
    parts: list[str] = []
    _speak(nodes, parts)
    return "".join(parts)


def _speak(node: object, parts: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _speak(item, parts)
    elif isinstance(node, dict):
        kind = node.get("t")
        if kind == "Str":
            parts.append(node["c"])
        elif kind in SPACES:
            parts.append(" ")
        elif kind in ("Code", "Math"):
            parts.append(node["c"][1])
        elif kind == "Quoted":
            opening, closing = "‘’" if node["c"][0]["t"] == "SingleQuote" else "“”"
            parts.append(opening)
            _speak(node["c"][1], parts)
            parts.append(closing)
        elif kind != "Note" and "c" in node:
            _speak(node["c"], parts)


def with_path(tree: Tree) -> Tree:
    """Put the chapter's path before every block's position, and drop those of what is in a line.

    A position then reads `data-pos="manuscript/a.md@3:1-5:1"`.
    """

    def place(node: Node) -> list[Node] | None:
        attr = node["c"][_ATTRIBUTES[node["t"]]]
        attr[2] = [
            [key, f"{tree.path}@{_earliest(value)[0]}" if key == "data-pos" else value]
            for key, value in attr[2]
            if key != "data-pos" or (value and node["t"] not in _INLINES)
        ]
        return None

    return Tree(tree.path, rewrite(tree.blocks, dict.fromkeys(_ATTRIBUTES, place)))


def without_positions(tree: Tree) -> Tree:
    """Drop all that the reader added to carry positions."""

    def strip(node: Node) -> list[Node] | None:
        if is_wrapper(node):
            inner: list[Node] = node["c"][1]
            return inner
        attr = node["c"][_ATTRIBUTES[node["t"]]]
        attr[2] = [pair for pair in attr[2] if pair[0] not in _OWN]
        return None

    return Tree(tree.path, rewrite(tree.blocks, dict.fromkeys(_ATTRIBUTES, strip)))


def html(text_: str, *, inline: bool = False) -> Node:
    """A node that is written to HTML as it stands."""
    return {"t": "RawInline" if inline else "RawBlock", "c": ["html", text_]}
