"""A fragment of HTML -> the text of a chapter as readers see it, with white space collapsed.

Selectors are offsets into this text. The script of a draft walks the page by the same rule: text
nodes in their order; a space where a block begins or ends, and for a line break; nothing of what
SKIPPED, `aria-hidden="true"` or `data-skip` marks; then every run of white space becomes one space,
and none is left at the ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from bookpress import commit, manuscript
from bookpress.model import Format
from bookpress.press import Press
from bookpress.review.clean import collapse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bookpress.manuscript import Manuscript

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "math",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
SKIPPED = frozenset(("annotation", "button", "script", "style", "svg", "template"))
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass(frozen=True, slots=True)
class ChapterText:
    """What readers see of a chapter, and the Markdown it was made of.

    notes: where the chapter's end notes begin in the text; its length where there are none.
    """

    slug: str
    path: str
    text: str
    source: str
    notes: int


def load(root: Path) -> dict[str, ChapterText]:
    """Read the chapters of the book in a folder; by slug, in reading order."""
    return of_manuscript(root, manuscript.load(root))


def of_manuscript(root: Path, read: Manuscript) -> dict[str, ChapterText]:
    """Read the chapters of a manuscript as the web edition has them; by slug, in reading order."""
    press = Press(root, read, commit.last_changed(root), manuscript.silent, 0)
    return chapters(read, press.fragments(Format.WEB))


def chapters(read: Manuscript, fragments: Mapping[str, str]) -> dict[str, ChapterText]:
    """Read the chapters of a manuscript from their fragments; by slug, in reading order."""
    found = {}
    for chapter in read.book.written():
        text, notes = of_html(fragments[chapter.slug])
        source = read.sources[chapter.path]
        found[chapter.slug] = ChapterText(chapter.slug, str(chapter.path), text, source, notes)
    return found


def of_html(html: str) -> tuple[str, int]:
    """Read a fragment; returns its text, and where in it the end notes begin."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = collapse("".join(reader.parts))
    if reader.notes is None:
        return text, len(text)
    body = collapse("".join(reader.parts[: reader.notes]))
    return text, min(len(text), len(body) + 1 if body else 0)


class _Reader(HTMLParser):
    """Gathers text nodes.

    notes: how many of the parts stand before the end notes; None while none were met.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.notes: int | None = None
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in BLOCKS:
            self.parts.append(" ")
        if self.notes is None and named.get("role") == "doc-endnotes":
            self.notes = len(self.parts)
        if tag not in _VOID:
            hidden = named.get("aria-hidden") == "true" or "data-skip" in named
            self._open.append((tag, self._hidden or hidden or tag in SKIPPED))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append(" ")
        while any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]
