"""What the writers of components share: their setting, captions and attributes of HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from bookpress.model import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.crossref import Target
    from bookpress.tree import Node

EXTENSIONS = {Format.PRINT: "html", Format.EPUB: "xhtml", Format.WEB: "html"}
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fragment depends on besides the chapter's own tree.

    links:     what each internal link of the chapter leads to, by the link as written.
    numbers:   the numbered things of the chapter, by identifier.
    terms:     the entry of the glossary for each term that the chapter refers to.
    glossary:  the chapter is the glossary.
    placed:    blocks carry the lines they come from, as they always do in print.
    variables: what `[name]{.var}` stands for.
    score:     HTML of the book's score of executed listings, "" while it has none.
    executed:  what a listing that is executed is marked with, "" for no mark.
    """

    slug: str
    format: Format
    links: Mapping[str, Target | None]
    numbers: Mapping[str, Target]
    variables: Mapping[str, str]
    score: str = ""
    executed: str = ""
    terms: Mapping[str, Target] = field(default_factory=dict)
    glossary: bool = False
    placed: bool = False

    @property
    def extension(self) -> str:
        """The ending of the files that this format's sections are in."""
        return EXTENSIONS[self.format]

    def label(self, identifier: str) -> str:
        """The numbered name of one of the chapter's own floats, in its span; "" for none."""
        target = self.numbers.get(identifier)
        return f'<span class="label">{target.label}</span>' if target and target.label else ""


def caption(*parts: str) -> str:
    """A figcaption of the parts that there are, or nothing."""
    text = " ".join(part for part in parts if part)
    return f"<figcaption>{text}</figcaption>" if text else ""


def words(text: str) -> str:
    """The words of a caption or title as HTML; `code` in it becomes code."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))


def span(kind: str, text: str) -> str:
    """Words in a span of a class, or nothing."""
    return f'<span class="{kind}">{words(text)}</span>' if text else ""


def named(identifier: str) -> str:
    """An id attribute, or nothing."""
    return f' id="{escape(identifier)}"' if identifier else ""


def place(node: Node) -> str:
    """A data-pos attribute that repeats the node's, or nothing."""
    for key, value in node["c"][0][2]:
        if key == "data-pos":
            return f' data-pos="{escape(value)}"'
    return ""
