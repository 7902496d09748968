"""The book as its publisher thinks of it: parts, chapters, budgets and metadata, but no text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePosixPath

    from bookpress.findings import Allowance, Position


class Matter(StrEnum):
    """Front matter, body or back matter: EPUB Structural Semantics Vocabulary."""

    FRONT = "frontmatter"
    BODY = "bodymatter"
    BACK = "backmatter"


class Role(StrEnum):
    """What a section of the book is: EPUB Structural Semantics Vocabulary."""

    HALFTITLE = "halftitlepage"
    TITLE = "titlepage"
    IMPRINT = "copyright-page"
    CONTENTS = "toc"
    ILLUSTRATIONS = "loi"
    DEDICATION = "dedication"
    FOREWORD = "foreword"
    PREFACE = "preface"
    ACKNOWLEDGEMENTS = "acknowledgments"
    INTRODUCTION = "introduction"
    PART = "part"
    CHAPTER = "chapter"
    APPENDIX = "appendix"
    GLOSSARY = "glossary"
    BIBLIOGRAPHY = "bibliography"
    INDEX = "index"
    COLOPHON = "colophon"
    AFTERWORD = "afterword"


class Status(StrEnum):
    """How far a chapter is: a planned one is reported and left out of every edition."""

    PLANNED = "planned"
    DRAFT = "draft"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class PageBudget:
    """How long a part or chapter may run, in typeset pages, blank versos included."""

    minimum: int
    maximum: int

    def admits(self, extent: int) -> bool:
        """Say whether so many pages keep the budget."""
        return self.minimum <= extent <= self.maximum


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the book that is one manuscript file.

    slug:   the file's stem, unique in the book; names the section in every format.
    number: "1", "A" or "" where the section is not numbered.
    """

    path: PurePosixPath
    title: str
    role: Role
    matter: Matter
    number: str
    status: Status
    where: Position
    budget: PageBudget | None = None

    @property
    def slug(self) -> str:
        """The name of the section in files and addresses."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Leaf:
    """A section the press makes from the outline: half-title, title page, imprint, contents."""

    role: Role
    matter: Matter
    where: Position

    @property
    def slug(self) -> str:
        """The name of the section in files and addresses."""
        return str(self.role)


@dataclass(frozen=True, slots=True)
class Part:
    """A run of chapters under one title, with the pages it may take.

    number: 1, 2, ... and 0 for the appendices, which have a title and a budget but no number.
    """

    number: int
    title: str
    summary: str
    chapters: tuple[Chapter, ...]
    budget: PageBudget | None
    where: Position

    @property
    def slug(self) -> str:
        """The name of the part in files and addresses."""
        return f"part-{self.number}" if self.number else "appendices"

    def complete(self) -> bool:
        """Say whether every chapter is written, so that the budget binds."""
        return all(chapter.status is not Status.PLANNED for chapter in self.chapters)

    def written(self) -> tuple[Chapter, ...]:
        """The chapters that are in the editions."""
        return tuple(c for c in self.chapters if c.status is not Status.PLANNED)


@dataclass(frozen=True, slots=True)
class Trim:
    """The finished leaf and the bleed beyond it, in points (1/72 inch)."""

    width_pt: float
    height_pt: float
    bleed_pt: float


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody named on the title page, with a MARC relator code: aut, edt, ill, trl."""

    name: str
    role: str
    file_as: str


class Format(StrEnum):
    """What a fragment is written for. The screen PDF has the pages of the print PDF."""

    PRINT = "print"
    EPUB = "epub"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the title page, the imprint and the trade say about the book.

    isbn:     by format ("print", "epub", "screen"), digits only; may be empty.
    subjects: by scheme ("bisac", "thema"), codes.
    date:     publication date, ISO 8601; "" while undecided.
    """

    title: str
    subtitle: str
    contributors: tuple[Contributor, ...]
    language: str
    publisher: str
    rights: str
    edition: int
    printing: int
    version: str
    date: str
    description: str
    keywords: tuple[str, ...]
    subjects: Mapping[str, tuple[str, ...]]
    isbn: Mapping[str, str]
    identifier: str
    url: str
    repository: str = ""

    @property
    def short_title(self) -> str:
        """The title up to its colon, for running heads and covers."""
        return self.title.partition(":")[0]

    @property
    def long_title(self) -> str:
        """What follows the colon of the title, "" where there is none."""
        return self.title.partition(":")[2].strip()


@dataclass(frozen=True, slots=True)
class Executables:
    """What a book with executable chapters asks of its sandbox; empty for other books.

    directory:    folder below the sandbox in which blocks run unless they name another.
    date:         the day the chapters live in, ISO 8601.
    tools:        Python packages whose commands the chapters may call, as pinned requirements.
    interpreters: Python versions the chapters may call, as "3.13".
    environment:  variables that are set for every command.
    """

    directory: str = "."
    date: str = "2000-01-01"
    tools: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    author: str = ""
    email: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """The outline, read: everything book.yml says and nothing the manuscript says.

    parts includes the appendices, last. variables are the author's own words for `[name]{.var}`.
    slug names the book in file names.
    """

    metadata: Metadata
    trim: Trim
    front: tuple[Chapter | Leaf, ...]
    parts: tuple[Part, ...]
    back: tuple[Chapter | Leaf, ...]
    allowances: tuple[Allowance, ...]
    where: Position
    variables: Mapping[str, str] = field(default_factory=dict)
    executables: Executables = Executables()
    slug: str = "book"

    def chapters(self) -> Iterator[Chapter]:
        """Every manuscript file of the outline in reading order, planned ones too."""
        yield from (section for section in self.front if isinstance(section, Chapter))
        for part in self.parts:
            yield from part.chapters
        yield from (section for section in self.back if isinstance(section, Chapter))

    def written(self) -> tuple[Chapter, ...]:
        """The manuscript files that are in the editions, in reading order."""
        return tuple(c for c in self.chapters() if c.status is not Status.PLANNED)

    def sections(self) -> Iterator[Chapter | Leaf | Part]:
        """All that an edition holds, in reading order; a part stands for its opener.

        A part none of whose chapters is written is left out.
        """
        yield from _present(self.front)
        for part in self.parts:
            if part.written():
                yield part
                yield from part.written()
        yield from _present(self.back)


def _present(sections: tuple[Chapter | Leaf, ...]) -> Iterator[Chapter | Leaf]:
    for section in sections:
        if isinstance(section, Leaf) or section.status is not Status.PLANNED:
            yield section
