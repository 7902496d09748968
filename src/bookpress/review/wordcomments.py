"""A Word file -> its comments and tracked changes as comments on the words of the book."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bookpress import pandoc, tree
from bookpress.errors import BookpressError
from bookpress.review import anchor, clean
from bookpress.review.model import (
    CONTEXT,
    LONGEST_FILED,
    LONGEST_NAME,
    LONGEST_QUOTE,
    NOBODY,
    Comment,
    Motivation,
    Origin,
    Selector,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bookpress.review.text import ChapterText

MOST_BYTES, MOST_UNPACKED, MOST_MEMBERS = 50_000_000, 200_000_000, 5_000
MOST_COMMENTS = 20_000
_BLOCKS = frozenset(("Para", "Plain", "Header", "CodeBlock", "LineBlock"))
_WORDS_BESIDE = 3
_WORD = re.compile(r"\S+")
_NEAR = 300


@dataclass(slots=True)
class _Found:
    """A comment or change: the piece of the text it is about, and what stands instead, if any."""

    start: int
    end: int
    author: str
    created: str
    body: str = ""
    replacement: str | None = None


@dataclass(slots=True)
class _Reader:
    """Gathers the text as it was before it was changed, and what was said and changed."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    open: dict[str, _Found] = field(default_factory=dict)
    found: list[_Found] = field(default_factory=list)

    def read(self, node: Any) -> None:  # noqa: ANN401  (JSON)
        if isinstance(node, list):
            for item in node:
                self.read(item)
        elif isinstance(node, dict) and "t" in node:
            kind = tree.classes(node)[0] if node["t"] == "Span" and tree.classes(node) else ""
            special = {
                "comment-start": self._begin,
                "comment-end": self._end,
                "insertion": self._insertion,
                "deletion": self._deletion,
            }.get(kind)
            if special:
                special(node)
            elif node["t"] in ("Str", "Code", "CodeBlock", "Math", *tree.SPACES):
                self._say(node["c"][-1] if node["t"] == "CodeBlock" else tree.text(node))
            else:
                self.read(node.get("c"))
            if node["t"] in _BLOCKS:
                self._say("\n")

    def _say(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)

    def _new(self, node: tree.Node, body: str = "", replacement: str | None = None) -> _Found:
        named = tree.attributes(node)
        author = clean.line(named.get("author"), LONGEST_NAME) or NOBODY
        created = clean.moment(named.get("date"))
        return _Found(self.length, self.length, author, created, body, replacement)

    def _begin(self, node: tree.Node) -> None:
        made = self._new(node, clean.block(tree.text(node["c"][1]), LONGEST_FILED))
        self.open[tree.attributes(node).get("id", "")] = made
        self.found.append(made)

    def _end(self, node: tree.Node) -> None:
        begun = self.open.pop(tree.attributes(node).get("id", ""), None)
        if begun:
            begun.end = self.length

    def _insertion(self, node: tree.Node) -> None:
        words = tree.text(node["c"][1])
        last = self.found[-1] if self.found else None
        made = self._new(node, replacement=words)
        if (
            last
            and last.replacement == ""
            and (last.end, last.author) == (self.length, made.author)
        ):
            last.replacement = words
        else:
            self.found.append(made)

    def _deletion(self, node: tree.Node) -> None:
        last = self.found[-1] if self.found else None
        made = self._new(node, replacement="")
        self.read(node["c"][1])
        made.end = self.length
        inserted = last and last.replacement and last.start == last.end == made.start
        if last and inserted and last.author == made.author:
            last.end = made.end
        else:
            self.found.append(made)


def read(path: Path, texts: Mapping[str, ChapterText]) -> list[Comment]:
    """Read the comments and tracked changes of a Word file.

    texts:   the chapters that they are looked for in.
    Raises   BookpressError, with the name of the file, when it cannot be read within its limits.
    """
    data = _bounded(path)
    reader = _Reader()
    try:
        reader.read(pandoc.read_word(data))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        hint = "open it in a word processor, and save it again as .docx"
        raise BookpressError(f"{path}: it cannot be read as a Word file", hint=hint) from None
    if len(reader.found) > MOST_COMMENTS:
        raise BookpressError(f"{path}: it has more than {MOST_COMMENTS} comments and changes")
    original = "".join(reader.parts)
    return [_comment(found, original, texts) for found in reader.found]


def _bounded(path: Path) -> bytes:
    """Read a file that does not say of itself that it unpacks to more than it may."""
    if path.stat().st_size > MOST_BYTES:
        raise BookpressError(f"{path}: it is larger than {MOST_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise BookpressError(f"{path}: it cannot be read as a Word file") from None
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        raise BookpressError(f"{path}: it unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
    return data


def _comment(found: _Found, original: str, texts: Mapping[str, ChapterText]) -> Comment:
    start, end, replacement = found.start, found.end, found.replacement
    if start == end:
        start, end = _beside(original, start)
        if replacement is not None:
            before, after = original[start : found.start], original[found.start : end]
            replacement = before + replacement + after
    wanted = _selector(original, start, end)
    place = anchor.locate(wanted, texts) if wanted.exact else None
    if place:
        slug, match = place
        wanted = anchor.select(texts[slug].text, match.start, match.end)
    edit = None if replacement is None else clean.line(replacement, LONGEST_FILED)
    own = ("docx", found.author, found.created, wanted.exact, wanted.prefix, found.body, str(edit))
    return Comment(
        id=clean.identifier(None, *own),
        chapter=place[0] if place else "",
        body=found.body if found.body or edit is not None else "(no words)",
        author=found.author,
        created=found.created,
        selector=wanted if wanted.exact else None,
        motivation=Motivation.COMMENTING if edit is None else Motivation.EDITING,
        replacement=edit,
        origin=Origin.DOCX,
    )


def _beside(original: str, place: int) -> tuple[int, int]:
    """The words before a place, or those after it where its line begins."""
    first = original.rfind("\n", max(0, place - _NEAR), place) + 1 or max(0, place - _NEAR)
    before = [*_WORD.finditer(original, first, place)][-_WORDS_BESIDE:]
    if before:
        return before[0].start(), place
    after = [*_WORD.finditer(original, place, place + _NEAR)][:_WORDS_BESIDE]
    return place, after[-1].end() if after else place


def _selector(original: str, start: int, end: int) -> Selector:
    prefix = clean.context(original[max(0, start - _NEAR) : start]).lstrip()[-CONTEXT:]
    suffix = clean.context(original[end : end + _NEAR]).rstrip()[:CONTEXT]
    return Selector(clean.line(original[start:end], LONGEST_QUOTE), prefix, suffix)
