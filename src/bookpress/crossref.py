"""Manuscript link -> target: what it leads to, what it is called, and its address in one format."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress import alphabet
from bookpress.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bookpress.model import Book, Chapter
    from bookpress.survey import ChapterFacts, Survey

# What an identifier's prefix says about what it names. These are unique in the whole book.
FLOATS = {"fig": "Figure", "tbl": "Table", "lst": "Listing", "ses": "Session"}
SHARED = (*(f"{prefix}-" for prefix in FLOATS), "sec-", "ch-")


class Kind(StrEnum):
    """What a link can lead to."""

    CHAPTER = "chapter"
    SECTION = "section"
    HEADING = "heading"
    FLOAT = "float"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be linked to.

    slug, anchor: the section it is in and its identifier there.
    label:        what a bare reference to it reads: "Listing 3.2"; "" where it has no name.
    number:       "3.2", or "" where it has none.
    """

    slug: str
    anchor: str
    kind: Kind
    label: str
    number: str

    def address(self, extension: str, here: str) -> str:
        """The link's address in a format: "uv.xhtml#lst-add", or "#lst-add" within a section."""
        file = "" if here == self.slug else f"{self.slug}.{extension}"
        return f"{file}#{self.anchor}" if self.anchor else file or f"#{self.slug}"


class Targets:
    """Everything in the book that can be linked to."""

    def __init__(self, book: Book, facts: Survey) -> None:
        written = {chapter.path: chapter for chapter in book.written()}
        self._files = {
            path: Target(c.slug, "", Kind.CHAPTER, _name(c), c.number)
            for path, c in written.items()
        }
        self._own: dict[tuple[PurePosixPath, str], Target] = {}
        self._shared: dict[str, Target] = {}
        self._terms: dict[str, Target] = {}
        for path, chapter in written.items():
            for target in _targets(chapter, facts.chapters[path]):
                self._own.setdefault((path, target.anchor), target)
                if target.anchor.startswith(SHARED):
                    self._shared.setdefault(target.anchor, target)
            for entry in facts.chapters[path].definitions if chapter.role is Role.GLOSSARY else ():
                target = Target(chapter.slug, entry.anchor, Kind.PLACE, "", "")
                self._terms.setdefault(alphabet.plain(entry.term), target)

    def file(self, path: PurePosixPath) -> Target | None:
        """The chapter that is this manuscript file, if it is in the book."""
        return self._files.get(path)

    def own(self, path: PurePosixPath, anchor: str) -> Target | None:
        """The place with this identifier in one chapter."""
        return self._own.get((path, anchor))

    def term(self, name: str) -> Target | None:
        """The entry of the glossary for a term, whatever its case, marks and number."""
        return self._terms.get(alphabet.plain(name))

    def find(self, here: PurePosixPath, link: str) -> Target | None:
        """What a link in the chapter `here` leads to; None when there is no such thing.

        "#id" is looked for in the chapter first, then among the identifiers that are unique in
        the book; "other.md#id" is relative to the chapter's folder.
        """
        file, _, anchor = link.partition("#")
        if not file:
            return self._own.get((here, anchor)) or self._shared.get(anchor)
        path = resolve(here, file)
        return self._own.get((path, anchor)) if anchor else self._files.get(path)


def is_external(link: str) -> bool:
    """Say whether a link leads out of the book: it names a scheme or a host."""
    head = link.partition("#")[0].partition("?")[0]
    return "//" in head or ":" in head.partition("/")[0]


def resolve(here: PurePosixPath, name: str) -> PurePosixPath:
    """The file a chapter means by a relative name, as a path from the book's folder."""
    return PurePosixPath(posixpath.normpath(here.parent / name))


def image_name(path: PurePosixPath) -> str:
    """The name of an image in every edition: "images/fig-uv-lock.svg"."""
    parts = [part for part in path.parts if part not in ("manuscript", "images", "..")]
    return "images/" + "-".join(parts)


def _targets(chapter: Chapter, facts: ChapterFacts) -> Iterator[Target]:
    slug = chapter.slug
    sections = 0
    for heading in facts.headings:
        if heading.level == 1:
            yield Target(slug, heading.anchor, Kind.CHAPTER, _name(chapter), chapter.number)
        elif heading.level == 2 and chapter.number:  # noqa: PLR2004
            sections += 1
            number = f"{chapter.number}.{sections}"
            yield Target(slug, heading.anchor, Kind.SECTION, f"Section {number}", number)
        else:
            yield Target(slug, heading.anchor, Kind.HEADING, f"“{heading.title}”", "")
    yield from _floats(slug, chapter.number, _identifiers(facts))
    for anchor, _ in facts.anchors:
        yield Target(slug, anchor, Kind.PLACE, "", "")


def _identifiers(facts: ChapterFacts) -> Iterator[str]:
    """Identifiers of all that can be numbered, each kind in the order of the text."""
    yield from (image.identifier for image in facts.images)
    yield from (table.identifier for table in facts.tables)
    yield from (block.identifier for block in facts.listings if "hidden" not in block.classes)


def _floats(slug: str, chapter: str, identifiers: Iterable[str]) -> Iterator[Target]:
    counts: dict[str, int] = {}
    for identifier in identifiers:
        prefix = identifier.partition("-")[0]
        if prefix in FLOATS and identifier != prefix:
            counts[prefix] = counts.get(prefix, 0) + 1
            number = f"{chapter}.{counts[prefix]}" if chapter else str(counts[prefix])
            yield Target(slug, identifier, Kind.FLOAT, f"{FLOATS[prefix]} {number}", number)


def _name(chapter: Chapter) -> str:
    if not chapter.number:
        return f"“{chapter.title}”"
    word = "Appendix" if chapter.role is Role.APPENDIX else "Chapter"
    return f"{word} {chapter.number}"


def links(targets: Targets, facts: ChapterFacts) -> Mapping[str, Target | None]:
    """Every internal link of a chapter and what it leads to: all a fragment needs of the rest."""
    return {
        link.target: targets.find(facts.path, link.target)
        for link in facts.links
        if not is_external(link.target)
    }


def terms(targets: Targets, facts: ChapterFacts) -> Mapping[str, Target]:
    """The entries of the glossary that a chapter refers to, by the name it refers to them by."""
    found = ((mention.term, targets.term(mention.term)) for mention in facts.mentions)
    return {name: target for name, target in found if target}
