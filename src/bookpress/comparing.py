"""A manuscript and the editions made of it -> findings where they are not the same book."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from bookpress import crossref, pandoc
from bookpress.checks import parity
from bookpress.model import Format
from bookpress.reading import Reader, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bookpress.findings import Finding
    from bookpress.manuscript import Manuscript
    from bookpress.model import Chapter
    from bookpress.pagination import PageMap

_WORDS_IN_DRAWING = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def compare(
    manuscript: Manuscript, artifacts: Mapping[str, bytes], pages: PageMap | None
) -> Iterator[Finding]:
    """Read every chapter in each edition that was made, and compare it with the manuscript.

    artifacts: the editions by name, as the build returns them.
    """
    book = manuscript.book
    chapters = {chapter.slug: chapter for chapter in book.written()}
    copies: dict[Format, dict[str, parity.Copy]] = {}
    if pages and (pdf := artifacts.get(f"{book.slug}-print.pdf")):
        heads = {slug: _heads(manuscript, chapter) for slug, chapter in chapters.items()}
        copies[Format.PRINT] = parity.on_paper(pdf, pages, heads)
    if epub := artifacts.get(f"{book.slug}.epub"):
        copies[Format.EPUB] = parity.on_screen("EPUB", parity.unzipped(epub), tuple(chapters))
    if web := {name: data for name, data in artifacts.items() if name.startswith("web/")}:
        copies[Format.WEB] = parity.on_screen("web", web, tuple(chapters))
    for target, found in copies.items():
        for slug, chapter in chapters.items():
            tree = pandoc.decode(chapter.path, manuscript.trees[chapter.path])
            reader = Reader(chapter, manuscript.targets, book.variables, target)
            copy = found.get(slug, parity.Copy(str(target), ""))
            drawn = tuple(_drawings(manuscript, chapter)) if target is Format.PRINT else ()
            yield from parity.look(reader.read(tree), copy, chapter.number, drawn)


def _heads(manuscript: Manuscript, chapter: Chapter) -> Sequence[str]:
    book = manuscript.book
    part = next((part for part in book.parts if chapter in part.chapters), None)
    return (chapter.title, part.title if part else book.metadata.short_title)


def _drawings(manuscript: Manuscript, chapter: Chapter) -> Iterator[Run]:
    """The words in the drawings of a chapter: on paper they are text as well."""
    for image in manuscript.survey.chapters[chapter.path].images:
        if image.source.endswith(".svg"):
            path = crossref.resolve(chapter.path, image.source)
            drawing = manuscript.images.get(path, b"").decode()
            words = (unescape(_TAG.sub("", text)) for text in _WORDS_IN_DRAWING.findall(drawing))
            yield Run(image.where, " ".join(words))
