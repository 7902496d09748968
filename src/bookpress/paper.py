"""Tree of a chapter -> what paper alone needs: pages beside references, code kept in one line."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bookpress import tree
from bookpress.crossref import Kind
from bookpress.tree import Node, html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.crossref import Target
    from bookpress.markup import Setting

_PAGED = (Kind.FLOAT, Kind.SECTION, Kind.HEADING)
_NEAR = "near"
_SECTION = 2  # the level of its heading
_LONGEST = 16  # letters of a word of code that is never broken: a longer one leaves a hole
_WORD = re.compile(r"\S*-\S*")


def mark_near(blocks: list[Node], setting: Setting) -> None:
    """Mark the references to what stands in their own section, where a page would not help."""
    for section in _sections(blocks):
        nodes = list(tree.walk(section))
        here = {tree.identifier(node) for node in nodes}
        for node in nodes:
            target = setting.links.get(node["c"][2][0]) if node["t"] == "Link" else None
            if target and target.slug == setting.slug and target.anchor in here:
                node["c"][0][1].append(_NEAR)


def page_of(link: Node, target: Target) -> list[Node]:
    """The page of a target, to stand after a link to it: "on page 12" after a bare reference."""
    if _NEAR in tree.classes(link) or target.kind not in _PAGED:
        return []
    address = escape(f"{target.slug}.html#{target.anchor}")
    number = f'<a data-page="{address}" href="{address}">0</a>'
    words = f"(page {number})" if link["c"][1] else f"on page {number}"
    return [html(f' <span class="on-page">{words}</span>', inline=True)]


def code(node: Node) -> list[Node] | None:
    """Keep words of code whole: at the end of a line, whose hyphen is it?"""
    words = str(node["c"][1])
    if not any(len(word) <= _LONGEST for word in _WORD.findall(words)):
        return None
    written = re.sub(r"\S+", lambda word: _whole(word[0]), words)
    return [html(f"<code>{written}</code>", inline=True)]


def _whole(word: str) -> str:
    text = escape(word, quote=False)
    return f'<span class="whole">{text}</span>' if "-" in word and len(word) <= _LONGEST else text


def _sections(blocks: list[Node]) -> Iterator[list[Node]]:
    start = 0
    for index, node in enumerate(blocks):
        if node["t"] == "Header" and node["c"][0] == _SECTION:
            yield blocks[start:index]
            start = index
    yield blocks[start:]
