"""Tree -> what a reader must find of a chapter in every edition, run by run.

A run is a piece of text that no edition breaks: a paragraph up to a note's call, the text of a
listing, a caption. Nothing here knows how an edition is written; parity is checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bookpress import crossref, highlight, tree
from bookpress.findings import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.crossref import Targets
    from bookpress.model import Chapter, Format
    from bookpress.tree import Node, Tree

_QUOTES = {"SingleQuote": "‘’", "DoubleQuote": "“”"}
_BOXES = ("[ ]", "[x]", "[X]")


class Kind(StrEnum):
    """What a run is of; ANYTHING stands for what the press makes up, a formula or the score."""

    TEXT = "text"
    LISTING = "listing"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text and its place; callouts are those of a listing, by line from 0."""

    where: Position
    text: str
    kind: Kind = Kind.TEXT
    callouts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A chapter to be read: its text, its notes, and the addresses outside the book it links to."""

    runs: tuple[Run, ...]
    notes: tuple[tuple[Run, ...], ...]
    links: tuple[str, ...]


@dataclass(slots=True)
class Reader:
    """What there is to read of one chapter in one format.

    variables: what `[name]{.var}` stands for.
    """

    chapter: Chapter
    targets: Targets
    variables: Mapping[str, str]
    format: Format
    runs: list[Run] = field(default_factory=list)
    notes: list[tuple[Run, ...]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: str = ""

    def read(self, chapter: Tree) -> Reading:
        """Go through a chapter as pandoc read it."""
        self._blocks(chapter.blocks, Position(chapter.path))
        kept = (run for run in self.runs if run.text.strip() or run.kind is Kind.ANYTHING)
        return Reading(tuple(kept), tuple(self.notes), tuple(self.links))

    def _blocks(self, value: Any, at: Position) -> None:  # noqa: ANN401  (JSON)
        if isinstance(value, list):
            for item in value:
                self._blocks(item, at)
        elif isinstance(value, dict) and "t" in value:
            self._block(value, tree.position(value, at.path) or at)

    def _block(self, node: Node, at: Position) -> None:
        writers = {
            "Para": lambda: self._paragraph(node["c"], at),
            "Plain": lambda: self._paragraph(node["c"], at),
            "Header": lambda: self._heading(node, at),
            "CodeBlock": lambda: self._listing(node, at),
            "Figure": lambda: self._figure(node, at),
            "Div": lambda: self._div(node, at),
            "DefinitionList": lambda: self._definitions(node, at),
            "RawBlock": lambda: None,
        }
        writers.get(node["t"], lambda: self._blocks(node.get("c"), at))()

    def _definitions(self, node: Node, at: Position) -> None:
        for term, meanings in node["c"]:
            self._paragraph(term, at)
            self._blocks(meanings, at)

    def _div(self, node: Node, at: Position) -> None:
        names, attributes = tree.classes(node), tree.attributes(node)
        if "only" in names and self.format not in attributes.get("format", "").split():
            return
        if "score" in names:
            self.runs.append(Run(at, "", Kind.ANYTHING))
            return
        if "sidebar" in names:
            self.runs.append(Run(at, attributes.get("title", "").replace("`", "")))
        elif "table" in names:
            self._caption(tree.identifier(node), attributes.get("caption", ""), at)
        self._blocks(node["c"][1], at)

    def _heading(self, node: Node, at: Position) -> None:
        target = self.targets.own(self.chapter.path, tree.identifier(node))
        below_title = target and target.number and target.kind is crossref.Kind.SECTION
        if target and below_title:
            self.runs.append(Run(at, target.number))
        self._paragraph(node["c"][2], at)

    def _figure(self, node: Node, at: Position) -> None:
        for image in tree.walk(node["c"][2]):
            if image["t"] == "Image":
                text = tree.attributes(image).get("caption", "")
                self._caption(tree.identifier(node), text, at)

    def _caption(self, identifier: str, text: str, at: Position) -> None:
        target = self.targets.own(self.chapter.path, identifier) if identifier else None
        label = f"{target.label} " if target else ""
        self.runs.append(Run(at, f"{label}{text}".replace("`", "")))

    def _listing(self, node: Node, at: Position) -> None:
        if "hidden" in tree.classes(node):
            return
        attributes = tree.attributes(node)
        words = f"{attributes.get('file', '')} {attributes.get('caption', '')}"
        self._caption(tree.identifier(node), words, at)
        for kind in ("shown", "recorded"):
            if kind in attributes:
                self.runs.append(Run(at, f"{kind}: {attributes[kind]}"))
                break
        text, callouts = highlight.callouts(node["c"][1])
        self.runs.append(Run(at, text, Kind.LISTING, callouts))

    def _paragraph(self, inlines: list[Node], at: Position) -> None:
        if tree.text(inlines[:3]) in _BOXES:  # of a checklist
            inlines = inlines[4:]
        self._inlines(inlines, at)
        self._break(at)

    def _break(self, at: Position, then: Kind | None = None) -> None:
        self.runs.append(Run(at, self.text))
        self.text = ""
        if then:
            self.runs.append(Run(at, "", then))

    def _inlines(self, nodes: list[Node], at: Position) -> None:
        for node in nodes:
            kind = node["t"]
            if kind == "Link":
                self._link(node, at)
            elif kind == "Note":
                self._note(node, at)
            elif kind in ("Math", "Image"):
                self._break(at, Kind.ANYTHING)
            elif kind == "Quoted":
                quotes = _QUOTES[node["c"][0]["t"]]
                self.text += quotes[0]
                self._inlines(node["c"][1], at)
                self.text += quotes[1]
            elif kind == "Span" and "var" in tree.classes(node):
                name = tree.text(node["c"][1])
                self.text += self.variables.get(name, name)
            elif kind in ("Emph", "Strong", "Span", "SmallCaps", "Strikeout"):
                self._inlines(node["c"] if kind != "Span" else node["c"][1], at)
            else:
                self.text += tree.text(node) if kind != "RawInline" else ""

    def _link(self, node: Node, at: Position) -> None:
        address = node["c"][2][0]
        self._inlines(node["c"][1], at)
        if crossref.is_external(address):
            self.links.append(address)
            return
        target = self.targets.find(self.chapter.path, address)
        if target and not node["c"][1]:
            self.text += target.label
        self._break(at)

    def _note(self, node: Node, at: Position) -> None:
        self._break(at)
        around, self.runs = self.runs, []
        self._blocks(node["c"], at)
        self.notes.append(tuple(run for run in self.runs if run.text.strip()))
        self.runs = around
