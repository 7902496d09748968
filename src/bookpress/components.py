"""Tree -> tree in which every component is written out as the HTML that the styles know.

`codeblocks` writes listings and sessions, this module all other components; docs/markup.md lists
what comes out.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from bookpress import codeblocks, crossref, glossary, paper, tree
from bookpress.markup import caption, named, place, span, words
from bookpress.model import Format
from bookpress.tree import Node, Tree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import PurePosixPath

    from bookpress.markup import Setting

ALERTS = ("note", "tip", "important", "warning", "caution")
_WIDTH = re.compile(r"\d{1,3}%")


def fragment(chapter: Tree, setting: Setting) -> Tree:
    """Write out the components of a chapter for one format; print and drafts keep positions."""
    chapter = _number_terms(chapter)
    if setting.format is Format.PRINT or setting.placed:
        chapter = tree.with_path(chapter)
    else:
        chapter = tree.without_positions(chapter)
    return _Writer(chapter.path, setting).write(_join_callouts(chapter.blocks))


@dataclass(slots=True)
class _Writer:
    """One chapter being written: the rules by type of node, and the notes met so far."""

    path: PurePosixPath
    setting: Setting
    notes: list[list[Node]] = field(default_factory=list)
    entries: dict[str, list[str]] = field(default_factory=dict)

    def write(self, blocks: list[Node]) -> Tree:
        self._name_entries(blocks)
        selected = tree.rewrite(blocks, {"Div": self._select})
        printed = self.setting.format is Format.PRINT
        if printed:
            paper.mark_near(selected, self.setting)
        rules = {
            "CodeBlock": lambda node: codeblocks.write(node, self.setting),
            "DefinitionList": self._definitions,
            "Div": self._div,
            "Figure": self._figure,
            "Header": self._heading,
            "Image": self._image,
            "Link": self._link,
            "Note": self._note,
            "RawBlock": _raw,
            "RawInline": _raw,
            "Span": self._span,
            "Table": _table,
        }
        written = tree.rewrite(selected, rules) + self._endnotes()
        return Tree(self.path, tree.rewrite(written, {"Code": paper.code}) if printed else written)

    def _select(self, node: Node) -> list[Node] | None:
        """Keep what is meant for this format only, drop what is meant for others."""
        if "only" not in tree.classes(node):
            return None
        wanted = tree.attributes(node).get("format", "").split()
        content: list[Node] = node["c"][1]
        return content if self.setting.format in wanted else []

    def _div(self, node: Node) -> list[Node] | None:
        names = tree.classes(node)
        if not names:
            return None
        kind = names[0]
        if kind in ALERTS:
            return self._alert(node, kind)
        makers: dict[str, Callable[[Node], list[Node]]] = {
            "sidebar": self._sidebar,
            "log": self._log,
            "checklist": self._checklist,
            "callouts": lambda n: _items(n["c"][1], f'<ol class="callouts"{place(n)}>', "</ol>"),
            "table": self._table_figure,
            "score": lambda n: [html(f'<div class="score"{place(n)}>{self.setting.score}</div>')],
        }
        return makers[kind](node) if kind in makers else None

    def _alert(self, node: Node, kind: str) -> list[Node]:
        first, *rest = node["c"][1]
        title = escape(tree.text(first))
        return [
            html(
                f'<aside class="admonition {kind}" role="note" aria-label="{title}"{place(node)}>'
                f'<p class="admonition-title">{title}</p>'
            ),
            *rest,
            html("</aside>"),
        ]

    def _sidebar(self, node: Node) -> list[Node]:
        title = tree.attributes(node).get("title", "")
        name = named(tree.identifier(node))
        # An aside is a landmark, and several in a chapter are told apart by their names.
        label = escape(title.replace("`", ""))
        return [
            html(
                f'<aside class="sidebar" aria-label="{label}"{name}{place(node)}>'
                f'<p class="sidebar-title">{words(title)}</p>'
            ),
            *node["c"][1],
            html("</aside>"),
        ]

    def _log(self, node: Node) -> list[Node]:
        day = tree.attributes(node).get("date", "")
        time = f'<time datetime="{escape(day)}">{escape(_long_date(day))}</time>'
        return [
            html(f'<div class="log"{place(node)}><p class="log-date">{time}</p>'),
            *node["c"][1],
            html("</div>"),
        ]

    def _checklist(self, node: Node) -> list[Node]:
        return _items(node["c"][1], f'<ul class="checklist"{place(node)}>', "</ul>")

    def _table_figure(self, node: Node) -> list[Node]:
        identifier = tree.identifier(node)
        head = self._caption(identifier, tree.attributes(node).get("caption", ""))
        return [
            html(f'<figure class="table"{named(identifier)}{place(node)}>{head}'),
            *node["c"][1],
            html("</figure>"),
        ]

    def _figure(self, node: Node) -> list[Node] | None:
        images = [inner for inner in tree.walk(node["c"][2]) if inner["t"] == "Image"]
        if len(images) != 1:
            return None
        [image] = images
        written = tree.attributes(image)
        width = written.get("width", "")
        style = f' style="width: {width}"' if _WIDTH.fullmatch(width) else ""
        source = escape(image["c"][2][0])
        alt = escape(tree.text(image["c"][1]).strip())
        identifier = tree.identifier(node)
        return [
            html(
                f'<figure class="figure"{named(identifier)}{place(image)}>'
                f'<img src="{source}" alt="{alt}"{style} />'
                f"{self._caption(identifier, written.get('caption', ''))}</figure>"
            )
        ]

    def _caption(self, identifier: str, text: str) -> str:
        return caption(self.setting.label(identifier), span("caption", text))

    def _heading(self, node: Node) -> None:
        if tree.identifier(node) == self.setting.slug:  # the section around it has it
            node["c"][1][0] = ""
        target = self.setting.numbers.get(tree.identifier(node))
        if target and target.number:
            number = {"t": "Str", "c": target.number}
            node["c"][2] = [
                {"t": "Span", "c": [["", ["number"], []], [number]]},
                {"t": "Space"},
                {"t": "Span", "c": [["", ["title"], []], node["c"][2]]},
            ]

    def _image(self, node: Node) -> None:
        source = node["c"][2][0]
        node["c"][2][0] = crossref.image_name(crossref.resolve(self.path, source))

    def _link(self, node: Node) -> list[Node]:
        link = node["c"][2][0]
        if crossref.is_external(link):
            return [node]
        target = self.setting.links.get(link)
        if target is None:
            return [{"t": "Span", "c": [["", [], []], node["c"][1]]}]
        page = paper.page_of(node, target) if self.setting.format is Format.PRINT else []
        whole = ["whole"] if target.number and not node["c"][1] else []
        node["c"][0][1] = ["xref", *whole]
        node["c"][1] = node["c"][1] or [{"t": "Str", "c": target.label}]
        node["c"][2][0] = target.address(self.setting.extension, self.setting.slug)
        return [node, *page]

    def _name_entries(self, blocks: list[Node]) -> None:
        """Name the entries of a glossary as survey does, in the order of the text."""
        found = [
            tree.text(term).strip()
            for node in tree.walk(blocks if self.setting.glossary else [])
            if node["t"] == "DefinitionList"
            for term, _ in node["c"]
        ]
        for term, name in zip(found, glossary.identifiers(found), strict=True):
            self.entries.setdefault(term, []).append(name)

    def _definitions(self, node: Node) -> list[Node] | None:
        if not self.setting.glossary:
            return None
        names = [self.entries[tree.text(term).strip()].pop(0) for term, _ in node["c"]]
        return glossary.write(node, self.setting, names)

    def _span(self, node: Node) -> list[Node] | None:
        if "term" in tree.classes(node):
            link = glossary.refer(node, self.setting)
            content = [link] if link else node["c"][1]
            if "ix" not in tree.classes(node):
                return content
            node["c"] = [[node["c"][0][0], ["ix"], []], content]
        elif "ix" in tree.classes(node):
            node["c"][0][2] = []
        elif "var" in tree.classes(node):
            name = tree.text(node["c"][1])
            return [{"t": "Str", "c": self.setting.variables.get(name, name)}]
        return None

    def _note(self, node: Node) -> list[Node]:
        if self.setting.format is Format.PRINT:
            self.notes.append([])
            opening = html(f'<book-note id="fn-{len(self.notes)}">', inline=True)
            return [opening, *_inlines(node["c"]), html("</book-note>", inline=True)]
        self.notes.append(node["c"])
        number = len(self.notes)
        kind = ' epub:type="noteref"' if self.setting.format is Format.EPUB else ' class="noteref"'
        return [
            html(
                f'<a{kind} role="doc-noteref" href="#fn-{number}" id="fnref-{number}">'
                f"<sup>{number}</sup></a>",
                inline=True,
            )
        ]

    def _endnotes(self) -> list[Node]:
        if not self.notes or self.setting.format is Format.PRINT:
            return []
        epub = self.setting.format is Format.EPUB
        blocks = [html('<section class="footnotes">' if epub else _WEB_NOTES)]
        for number, note in enumerate(self.notes, 1):
            if epub:
                kind = 'epub:type="footnote" role="doc-footnote"'
                blocks += [html(f'<aside {kind} id="fn-{number}">'), *note, html("</aside>")]
            else:
                back = f'<a class="backlink" role="doc-backlink" href="#fnref-{number}">Back</a>'
                blocks += [html(f'<li id="fn-{number}">'), *note, html(f"{back}</li>")]
        return [*blocks, html("</section>" if epub else "</ol></section>")]


_WEB_NOTES = '<section class="footnotes" role="doc-endnotes" aria-label="Notes"><ol>'


def _number_terms(chapter: Tree) -> Tree:
    """Give index marks their identifiers, in the order of the text, as survey counts them."""
    count = 0

    def number(node: Node) -> None:
        nonlocal count
        if "ix" in tree.classes(node):
            count += 1
            node["c"][0][0] = f"ix-{count}"

    return Tree(chapter.path, tree.rewrite(chapter.blocks, {"Span": number}))


def _join_callouts(blocks: list[Node]) -> list[Node]:
    """Mark the numbered list right below a listing with callouts as theirs."""
    joined: list[Node] = []
    below = False
    for block in blocks:
        inner = block["c"][1][0] if tree.is_wrapper(block) and block["c"][1] else block
        if below and inner["t"] == "OrderedList":
            position = [pair for pair in block["c"][0][2] if pair[0] == "data-pos"]
            source = position if inner is not block else []
            joined.append({"t": "Div", "c": [["", ["callouts"], source], [inner]]})
        elif block["t"] == "Div" and not tree.is_wrapper(block):
            attr, content = block["c"]
            joined.append({"t": "Div", "c": [attr, _join_callouts(content)]})
        else:
            joined.append(block)
        if "hidden" not in tree.classes(block):
            below = codeblocks.has_callouts(block)
    return joined


def _items(blocks: Iterable[Node], opening: str, closing: str) -> list[Node]:
    """Write lists with a class of their own, which pandoc's lists cannot have."""
    written: list[Node] = []
    for block in blocks:
        inner = block["c"][1][0] if tree.is_wrapper(block) and block["c"][1] else block
        if inner["t"] not in ("OrderedList", "BulletList"):
            written.append(block)
            continue
        items = inner["c"][1] if inner["t"] == "OrderedList" else inner["c"]
        written.append(html(opening))
        for item in items:
            written += [html("<li>"), *_without_box(item), html("</li>")]
        written.append(html(closing))
    return written


def _without_box(item: list[Node]) -> list[Node]:
    """Drop the `[ ]` that an item of a checklist may begin with."""
    for node in tree.walk(item):
        if node["t"] in ("Plain", "Para"):
            if tree.text(node["c"][:3]) in ("[ ]", "[x]", "[X]"):
                node["c"] = node["c"][4:]
            break
    return item


def _table(node: Node) -> None:
    """Say of every head cell that it heads its column."""
    for row in node["c"][3][1]:
        for cell in row[1]:
            cell[0][2] = [*cell[0][2], ["scope", "col"]]


def _raw(node: Node) -> list[Node]:
    """Drop comments; other HTML in the manuscript is shown as text, and a finding says so."""
    kept = re.sub(r"(?s)<!--.*?-->", "", node["c"][1])
    if not kept.strip():
        return []
    literal = {"t": "Str", "c": kept}
    return [literal] if node["t"] == "RawInline" else [{"t": "Para", "c": [literal]}]


def _inlines(blocks: list[Node]) -> list[Node]:
    """The blocks of a footnote in one line, paragraphs parted by a mark."""
    parts: list[Node] = []
    for node in tree.walk(blocks):
        if node["t"] in ("Para", "Plain"):
            gap = [html('<span class="note-break"></span>', inline=True)] if parts else []
            parts += gap + node["c"]
    return parts


def _long_date(day: str) -> str:
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{date.day} {date:%B} {date.year}"
