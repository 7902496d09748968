"""Definition list of a glossary -> its HTML; its terms -> the identifiers of their entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bookpress import alphabet, tree
from bookpress.model import Format
from bookpress.tree import Node, html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bookpress.markup import Setting

_OUTSIDE = re.compile(r"[^a-z0-9]+")
_TERM = {Format.EPUB: ' epub:type="glossterm"'}
_MEANING = {Format.EPUB: ' epub:type="glossdef"'}
_REFERENCE = {
    Format.EPUB: [["epub:type", "glossref"], ["role", "doc-glossref"]],
    Format.WEB: [["role", "doc-glossref"]],
}


def identifiers(terms: Iterable[str]) -> tuple[str, ...]:
    """Name the entry of each term of a chapter: "gl-lock-file"; a second one "gl-lock-file-2"."""
    counts: dict[str, int] = {}
    names = []
    for term in terms:
        name = "gl-" + _OUTSIDE.sub("-", alphabet.key(term)[0]).strip("-")
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name}-{counts[name]}")
    return tuple(names)


def asked_for(mark: Node) -> str:
    """The term that `[words]{.term}` means: its words, or those of `term=`."""
    return tree.attributes(mark).get("term") or tree.text(mark["c"][1])


def write(lists: Node, setting: Setting, names: Iterable[str]) -> list[Node]:
    """Write a definition list; what begins another letter of the alphabet is marked.

    names: the identifiers of its entries, in their order.
    """
    written = [html('<dl class="glossary">')]
    above = ""
    for (term, meanings), name in zip(lists["c"], names, strict=True):
        letter = alphabet.letter(tree.text(term))
        first = ' class="first"' if letter != above else ""
        opening = f'<dt id="{name}"{first}{_TERM.get(setting.format, "")}><dfn>'
        ends = html(opening, inline=True), html("</dfn></dt>", inline=True)
        written.append({"t": "Plain", "c": [ends[0], *term, ends[1]]})
        for meaning in meanings:
            opening = f"<dd{_MEANING.get(setting.format, '')}>"
            written += [html(opening), *_paragraphs(meaning), html("</dd>")]
        above = letter
    return [*written, html("</dl>")]


def _paragraphs(meaning: list[Node]) -> list[Node]:
    """A meaning of several paragraphs, which the reader joins unless blank lines part the list."""
    if len(meaning) == 1:
        return meaning

    def part(node: Node) -> list[Node]:
        return [{"t": "Para", "c": node["c"]}]

    paragraphs: list[Node] = tree.rewrite(meaning, {"Plain": part})
    return paragraphs


def refer(mark: Node, setting: Setting) -> Node | None:
    """The link from a mention of a term to its entry; None when there is none."""
    target = setting.terms.get(asked_for(mark))
    if not target:
        return None
    attributes = _REFERENCE.get(setting.format, [])
    address = target.address(setting.extension, setting.slug)
    return {"t": "Link", "c": [["", ["term"], attributes], mark["c"][1], [address, ""]]}
