"""What the typesetter takes and gives: sheets and styles in, sections set in pages out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bookpress.findings import Finding, Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bookpress.model import Matter
    from bookpress.pagination import PageMap

BASE = "https://book.invalid/"
"""Where the book seems to be while it is set: no path of the machine gets into a PDF."""

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")

Outline = tuple[str, int, float, float, tuple["Outline", ...]]
"""An entry: title, page of its section from 0, x and y in points, entries below it."""


class Variant(StrEnum):
    """What the pages are for; the style sheet differs, the page breaks do not."""

    PRINT = "print"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section of the book as it goes to the typesetter; it opens on a recto.

    slug:         names the virtual file SLUG.html, by which other sheets link to it.
    html:         a whole HTML document without style sheets.
    where:        its manuscript file, or the line of book.yml that asks for it.
    running_head: (verso, recto), plain text.
    bare:         no page of it carries a running head or a folio.
    single:       it is no leaf: an odd number of pages gets no blank verso.
    depth:        1 if its outline entries stand below the last entry of depth 0, as a
                  chapter's stand below its part's.
    assets:       what src and href name -> the file's bytes.
    """

    slug: str
    matter: Matter
    html: str
    where: Position
    running_head: tuple[str, str] | None = None
    bare: bool = False
    single: bool = False
    depth: int = 0
    assets: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """The style sheets, joined, and what they name in url(): fonts and colour profiles.

    where: the style sheet that findings about the style point at.
    """

    css: str
    files: Mapping[str, bytes]
    where: Position


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker process is asked to set.

    files:  name -> where the style's file lies; its name there is the digest of its content.
    stamps: the margin boxes are painted, and nothing else is there.
    """

    slug: str
    html: str
    css: str
    files: Mapping[str, Path]
    assets: Mapping[str, bytes]
    where: Position
    style_where: Position
    tagged: bool
    paint: bool = True
    stamps: bool = False

    def inputs(self) -> Iterator[bytes]:
        """All that the pages depend on, for the store."""
        switches = f"{self.tagged} {self.paint} {self.stamps}"
        places = f"{self.where} {self.style_where}"
        yield from (text.encode() for text in (self.slug, self.html, self.css, switches, places))
        for name, path in sorted(self.files.items()):
            yield f"{name} {path.name}".encode()
        for name, data in sorted(self.assets.items()):
            yield name.encode()
            yield data


@dataclass(frozen=True, slots=True)
class Face:
    """How one font is used by one section.

    file:   digest of the font file, "" when the section's PDF holds a subset of its own.
    text:   glyph -> the characters it stands for.
    widths: glyph -> advance in thousandths of an em.
    """

    file: str
    text: Mapping[int, str]
    widths: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as one font shows it: glyph, its width in the font and how far it advances here.

    width, advance: in thousandths of an em.
    """

    glyph: int
    width: float
    advance: float


@dataclass(frozen=True, slots=True)
class Number:
    """A place for a page number on a painted page.

    page:    from 0.
    target:  address of what the number is the page of.
    cells:   how many figures there is room for.
    figures: the ten figures.
    """

    page: int
    target: str
    cells: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """A section, set: its PDF and what the binder and the checks must know about it.

    blanks:  pages left empty inside the section, from 0.
    anchors: element id -> page, from 0.
    openings: the text that each page begins with; "" where it begins with none.
    blocks:  data-pos -> the first and the last page, from 0, on which something of it is printed.
    cited:   address ("SLUG.html#id") -> where the first link or page number cites it.
    faces:   name of the font resource in the PDF -> its use.
    numbers: places for page numbers, in the order of their marks.
    pdf:     empty if the section was only laid out, not painted.
    """

    count: int
    blanks: tuple[int, ...] = ()
    anchors: Mapping[str, int] = field(default_factory=dict)
    openings: tuple[str, ...] = ()
    blocks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cited: Mapping[str, Position] = field(default_factory=dict)
    outline: tuple[Outline, ...] = ()
    faces: Mapping[str, Face] = field(default_factory=dict)
    numbers: tuple[Number, ...] = ()
    findings: tuple[Finding, ...] = ()
    pdf: bytes = b""

    def to_bytes(self) -> bytes:
        """Write it for the store: one line of JSON, then the PDF."""
        sets = dict.fromkeys(number.figures for number in self.numbers)
        figures = {ten: place for place, ten in enumerate(sets)}
        facts = {
            "count": self.count,
            "blanks": self.blanks,
            "anchors": dict(self.anchors),
            "openings": self.openings,
            "blocks": dict(self.blocks),
            "cited": {name: _place(where) for name, where in self.cited.items()},
            "outline": self.outline,
            "faces": {
                name: (face.file, sorted(face.text.items()), sorted(face.widths.items()))
                for name, face in sorted(self.faces.items())
            },
            "figures": [[(f.glyph, f.width, f.advance) for f in ten] for ten in figures],
            "numbers": [(n.page, n.target, n.cells, figures[n.figures]) for n in self.numbers],
            "findings": [(_place(f.where), f.code, f.message, f.hint) for f in self.findings],
        }
        return json.dumps(facts, separators=(",", ":")).encode() + b"\n" + self.pdf

    @classmethod
    def from_bytes(cls, data: bytes) -> Pages:
        """Read what `to_bytes` wrote."""
        line, _, pdf = data.partition(b"\n")
        facts = json.loads(line)
        figures = [tuple(Figure(*figure) for figure in ten) for ten in facts["figures"]]
        return cls(
            count=facts["count"],
            blanks=tuple(facts["blanks"]),
            anchors=facts["anchors"],
            openings=tuple(facts["openings"]),
            blocks={place: (first, last) for place, (first, last) in facts["blocks"].items()},
            cited={name: _position(place) for name, place in facts["cited"].items()},
            outline=tuple(_entry(entry) for entry in facts["outline"]),
            faces={
                name: Face(file, dict(text), dict(widths))
                for name, (file, text, widths) in facts["faces"].items()
            },
            numbers=tuple(
                Number(page, target, cells, figures[place])
                for page, target, cells, place in facts["numbers"]
            ),
            findings=tuple(Finding(_position(p), *rest) for p, *rest in facts["findings"]),
            pdf=pdf,
        )


@dataclass(frozen=True, slots=True)
class Stamps:
    """Running heads and folios, set apart: page numbers of `pages` by what stands on them.

    A key is the printed folio, or ("verso" | "recto", running head).
    """

    pages: Pages
    index: Mapping[str | tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Section:
    """A sheet and the pages it became."""

    sheet: Sheet
    pages: Pages


@dataclass(frozen=True, slots=True)
class Typeset:
    """One variant of the book, set: what `bind` makes one PDF of.

    key:   digest of all that went in.
    fonts: digest -> font file, for the faces' `file`.
    """

    variant: Variant
    sections: tuple[Section, ...]
    stamps: tuple[Stamps, ...]
    fonts: Mapping[str, bytes]
    pages: PageMap
    findings: tuple[Finding, ...]
    key: str


def address(slug: str, link: str) -> str:
    """Make "SLUG.html#id" of a link found in the sheet SLUG; "" if it leads out of the book."""
    if not link or _SCHEME.match(link):
        return ""
    return unquote(f"{slug}.html{link}" if link.startswith("#") else link)


def _place(where: Position) -> tuple[str, int, int]:
    return str(where.path), where.line, where.column


def _position(place: tuple[str, int, int]) -> Position:
    path, line, column = place
    return Position(PurePosixPath(path), line, column)


def _entry(entry: list[object]) -> Outline:
    title, page, x, y, below = entry
    return title, page, x, y, tuple(_entry(child) for child in below)  # type: ignore[return-value,attr-defined]
