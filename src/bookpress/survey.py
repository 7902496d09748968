"""Trees -> the facts of the manuscript, each with its place in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bookpress import glossary, tree
from bookpress.findings import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePosixPath

    from bookpress.pictures import Picture
    from bookpress.tree import Node, Tree
    from bookpress.wording import Words

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BROKEN_FENCE = re.compile(r" {0,3}`{3,}[^`]*\{[^`]*`")
_NOTE_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE_TEXT = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text; those in sidebars are headings too.

    listed: False for one that the printed contents leave out.
    """

    level: int
    anchor: str
    title: str
    where: Position
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written: "#id", "other.md#id" or an address. text is "" for a bare reference."""

    target: str
    text: str
    where: Position


@dataclass(frozen=True, slots=True)
class Image:
    """An image as written. identifier and caption are "" for one that stands in a line."""

    source: str
    alt: str
    identifier: str
    caption: str
    attributes: Mapping[str, str]
    where: Position


@dataclass(frozen=True, slots=True)
class Listing:
    """A fenced block. where is its opening fence; first_line the line its text begins on."""

    identifier: str
    language: str
    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    text: str
    where: Position
    first_line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has an identifier or a caption."""

    identifier: str
    caption: str
    where: Position


@dataclass(frozen=True, slots=True)
class Term:
    """An index term, as "main!sub"; anchor is the identifier of its mark in the editions.

    see, also: the entry that a reader is sent to; such a mark is no place of the term.
    """

    term: str
    anchor: str
    where: Position
    see: str = ""
    also: str = ""

    @property
    def locates(self) -> bool:
        """Say whether the index gives the page of this mark."""
        return not (self.see or self.also)


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of a definition list; in a glossary, anchor is the identifier of its entry."""

    term: str
    anchor: str
    where: Position


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to a term of the glossary, by the name the glossary has it under."""

    term: str
    where: Position


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote's label, at its call (`call`) or at its text."""

    label: str
    call: bool
    where: Position


@dataclass(frozen=True, slots=True)
class Variable:
    """A name in `[name]{.var}`, which book.yml must know."""

    name: str
    where: Position


@dataclass(frozen=True, slots=True)
class ChapterFacts:
    """What one chapter holds, everything in the order of the text.

    anchors: every identifier and its place; doubled ones twice.
    raw:     pieces of HTML in the Markdown, comments left out.
    fences:  what is wrong with the opening of a fenced block, and its place.
    formulas: TeX and its place.
    scored:  the chapter has a place for the book's score.
    words:   words of the text, listings included, as the castoff counts them.
    """

    path: PurePosixPath
    headings: tuple[Heading, ...]
    anchors: tuple[tuple[str, Position], ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    listings: tuple[Listing, ...]
    tables: tuple[Table, ...]
    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]
    mentions: tuple[Mention, ...]
    notes: tuple[Note, ...]
    raw: tuple[Position, ...]
    fences: tuple[tuple[str, Position], ...]
    variables: tuple[Variable, ...]
    formulas: tuple[tuple[str, Position], ...]
    scored: bool
    words: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The facts of all written chapters, by path, in reading order.

    pictures:   what is known of every image file that a chapter names and that exists.
    prose:      the words of each chapter that readers see outside of code.
    vocabulary: the words that the book says are right, and where its list has them.
    """

    chapters: Mapping[PurePosixPath, ChapterFacts]
    pictures: Mapping[PurePosixPath, Picture] = field(default_factory=dict)
    prose: Mapping[PurePosixPath, Words] = field(default_factory=dict)
    vocabulary: Mapping[str, Position] = field(default_factory=dict)


def facts(chapter: Tree, source: str) -> ChapterFacts:
    """Gather the facts of one chapter.

    source: the Markdown that the tree was read from; footnotes are looked up in it, since pandoc's
            reader keeps neither unused notes nor undefined calls.
    """
    path = chapter.path
    nodes: list[tuple[Node, Position]] = []
    words: list[str] = []
    _placed(chapter.blocks, Position(path), nodes, words)
    figures = {id(img): fig for fig, _ in nodes if fig["t"] == "Figure" for img in _images(fig)}
    terms = [(n, at) for n, at in nodes if n["t"] == "Span" and "ix" in tree.classes(n)]
    return ChapterFacts(
        path=path,
        headings=tuple(_heading(n, at) for n, at in nodes if n["t"] == "Header"),
        anchors=tuple((name, at) for n, at in nodes if (name := tree.identifier(n))),
        links=tuple(
            Link(n["c"][2][0], tree.text(n["c"][1]), at) for n, at in nodes if n["t"] == "Link"
        ),
        images=tuple(_image(n, at, figures.get(id(n))) for n, at in nodes if n["t"] == "Image"),
        listings=tuple(_listing(n, at) for n, at in nodes if n["t"] == "CodeBlock"),
        tables=tuple(
            Table(tree.identifier(n), tree.attributes(n).get("caption", ""), at)
            for n, at in nodes
            if n["t"] == "Div" and "table" in tree.classes(n)
        ),
        terms=tuple(_term(n, f"ix-{i}", at) for i, (n, at) in enumerate(terms, 1)),
        definitions=_definitions(nodes, source),
        mentions=tuple(
            Mention(glossary.asked_for(n), at)
            for n, at in nodes
            if n["t"] == "Span" and "term" in tree.classes(n)
        ),
        notes=tuple(_notes(path, source)),
        raw=tuple(
            at
            for n, at in nodes
            if n["t"] in ("RawBlock", "RawInline") and _COMMENT.sub("", n["c"][1]).strip()
        ),
        fences=tuple(_fence_faults(path, source)),
        variables=tuple(
            Variable(tree.text(n["c"][1]), at)
            for n, at in nodes
            if n["t"] == "Span" and "var" in tree.classes(n)
        ),
        formulas=tuple((n["c"][1], at) for n, at in nodes if n["t"] == "Math"),
        scored=any(n["t"] == "Div" and "score" in tree.classes(n) for n, _ in nodes),
        words=sum(map(_is_word, words)) + sum(_code_words(n) for n, _ in nodes),
    )


def _placed(
    nodes: list[Any], at: Position, found: list[tuple[Node, Position]], words: list[str]
) -> None:
    """Gather the nodes, each with its position or that of the nearest node around it.

    found: gets all nodes but words and spaces, which are nine of ten; words gets the words.
    """
    for item in nodes:
        if isinstance(item, list):
            _placed(item, at, found, words)
        elif isinstance(item, dict):
            kind = item.get("t")
            if kind == "Str":
                words.append(item["c"])
            elif kind not in tree.SPACES:
                here = (tree.position(item, at.path) or at) if kind else at
                if kind:
                    found.append((item, here))
                content = item.get("c")
                if isinstance(content, list):
                    _placed(content, here, found, words)
                elif isinstance(content, dict):
                    _placed([content], here, found, words)


def _images(figure: Node) -> Iterator[Node]:
    return (node for node in tree.walk(figure["c"][2]) if node["t"] == "Image")


def _heading(node: Node, at: Position) -> Heading:
    title = tree.text(node["c"][2]).strip()
    listed = "unlisted" not in tree.classes(node)
    return Heading(node["c"][0], tree.identifier(node), title, at, listed)


def _image(node: Node, at: Position, figure: Node | None) -> Image:
    attributes = tree.attributes(node)
    return Image(
        source=node["c"][2][0],
        alt=tree.text(node["c"][1]).strip(),
        identifier=tree.identifier(figure) if figure else tree.identifier(node),
        caption=attributes.get("caption", ""),
        attributes=attributes,
        where=at,
    )


def _term(node: Node, anchor: str, at: Position) -> Term:
    given = tree.attributes(node)
    name = given.get("term") or tree.text(node["c"][1])
    return Term(name, anchor, at, given.get("see", ""), given.get("seealso", ""))


def _definitions(nodes: list[tuple[Node, Position]], source: str) -> tuple[Definition, ...]:
    """The terms of all definition lists; the reader tells the place of a meaning, not of a term."""
    found = []
    lines = source.splitlines()
    for node, at in nodes:
        for term, meanings in node["c"] if node["t"] == "DefinitionList" else ():
            below = next((p for n in tree.walk(meanings) if (p := tree.position(n, at.path))), at)
            line = below.line - 1
            while line > at.line and not lines[line - 1].strip():
                line -= 1
            found.append((tree.text(term).strip(), Position(at.path, line)))
    names = glossary.identifiers(term for term, _ in found)
    return tuple(
        Definition(term, name, where) for (term, where), name in zip(found, names, strict=True)
    )


def _listing(node: Node, at: Position) -> Listing:
    names = tree.classes(node)
    return Listing(
        identifier=tree.identifier(node),
        language=next((name for name in names if name != "hidden"), ""),
        classes=names,
        attributes=tree.attributes(node),
        text=node["c"][1],
        where=at,
        first_line=at.line + 1,
    )


def _is_word(text: str) -> bool:
    return text.isalnum() or any(map(str.isalnum, text))


def _code_words(node: Node) -> int:
    if node["t"] not in ("Code", "CodeBlock") or "hidden" in tree.classes(node):
        return 0
    return len(node["c"][1].split())


def _notes(path: PurePosixPath, source: str) -> Iterator[Note]:
    """Footnote labels of the source, code and comments left out."""
    bare = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), source)
    for number, line, fenced, _ in _lines(bare):
        if fenced:
            continue
        if definition := _NOTE_TEXT.match(line):
            yield Note(definition[1], call=False, where=Position(path, number))
        for call in _NOTE_CALL.finditer(_CODE_SPAN.sub(lambda m: " " * len(m[0]), line)):
            yield Note(call[1], call=True, where=Position(path, number, call.start() + 1))


def _fence_faults(path: PurePosixPath, source: str) -> Iterator[tuple[str, Position]]:
    """Fences that CommonMark takes for text, and one that nothing closes."""
    opened = 0
    for number, line, fenced, opened in _lines(source):  # noqa: B007  (the last one counts)
        if not fenced and _BROKEN_FENCE.match(line):
            fault = "a back-quote in its attributes makes the fence a line of text"
            yield fault, Position(path, number)
    if opened:
        yield "the block is never closed", Position(path, opened)


def _lines(source: str) -> Iterator[tuple[int, str, bool, int]]:
    """Each line, its number, whether it is fenced, and where a block that it leaves open began."""
    fence, opened = "", 0
    for number, line in enumerate(source.splitlines(), 1):
        mark = _FENCE.match(line)
        within = bool(fence)
        if fence and mark and mark[1].startswith(fence) and not line.strip(" `~"):
            fence, opened = "", 0
        elif not fence and mark and (mark[1][0] == "~" or "`" not in line[mark.end() :]):
            fence, opened = mark[1], number
        yield number, line, within or bool(fence), opened
