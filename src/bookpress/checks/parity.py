"""Finished editions -> findings about text that one of them lost, doubled or moved (E010 to E013).

The editions are read as files, by other means than they were written with: pdfium for the PDF, a
parser of HTML for the EPUB and the web edition. What they must hold comes from pandoc's tree.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress import prooftext
from bookpress.findings import Finding, Position
from bookpress.reading import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bookpress.pagination import PageMap
    from bookpress.prooftext import Glyph
    from bookpress.reading import Reading, Run

_BULLETS = "•–·◦▪☐"
_MARKERS = re.compile(rf"(?:[{_BULLETS}]|\d+[.)])+$")
# What the press adds between the runs of the manuscript: page references, numbers of notes,
# callouts and list items, bullets, dates of log entries, what a listing was run with, ways back.
_ADDED = (
    r"\(page[\divxlc]+\)", r"onpage[\divxlc]+", r"\d[.)]?", f"[{_BULLETS}]", "executed", "back",
    "january|february|march|april|may|june|july|august|september|october|november|december",
)  # fmt: skip
_LEFT_OUT = re.compile(r"[\s\u00ad\u200b\u2010\u2011\ufffe-]+")
_SHOWN = 40
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "wbr", "source"})
WRAP_MARK = "↩"
_TAB = 4
_LINE_SLACK_PT = 1.0
_COLUMN_SLACK = 0.45  # of a column; WeasyPrint's tabs are a little wider than four of them


@dataclass(slots=True)
class Copy:
    """A chapter as it stands in one edition.

    text:     its characters as `folded` writes them, and nothing else.
    glyphs:   where each character stands on paper, with its page; empty for other editions.
    dashes:   page and place, in whole points, of the hyphens, which the text leaves out.
    listings: the text of every `pre`, None for paper.
    links:    addresses outside the book, None for paper.
    """

    edition: str
    text: str
    glyphs: list[tuple[int, Glyph]] = field(default_factory=list)
    dashes: set[tuple[int, int, int]] = field(default_factory=set)
    listings: list[str] | None = None
    links: list[str] | None = None


def folded(text: str) -> str:
    """A text without white space and hyphens, which line breaks change, in one case."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def look(
    reading: Reading, copy: Copy, number: str = "", drawings: Sequence[Run] = ()
) -> Iterator[Finding]:
    """Report runs that are not in a copy of their chapter, or not once and in their order.

    number:   the chapter's; it is painted after the rest of its page.
    drawings: words in drawings, which are painted before the rest of their page.
    """
    words = "|".join([*([re.escape(folded(number))] if number else []), *_ADDED])
    gap = f"(?:{words})*?"
    yield from _drawn(drawings, copy)
    yield from _notes(reading.notes, copy, gap)
    cursor, loose = 0, False
    for run in reading.runs:
        if run.kind is Kind.ANYTHING:
            loose = True
            continue
        wanted = _wanted(run)
        if not wanted:
            continue
        pattern = f"(?s:.*?){re.escape(wanted)}" if loose else gap + re.escape(wanted)
        match = re.compile(pattern).match(copy.text, cursor)
        if match:
            if run.kind is Kind.LISTING and copy.glyphs:
                yield from _printed(run, copy, match.end() - len(wanted), match.end())
            cursor, loose = match.end(), False
            continue
        yield _lost(run, copy, wanted, cursor)
        found = copy.text.find(wanted, cursor)
        cursor, loose = (found + len(wanted), False) if found >= 0 else (cursor, True)
    rest = copy.text[cursor:]
    if not loose and not re.fullmatch(f"(?:{words})*", rest):
        where = reading.runs[-1].where if reading.runs else Position(PurePosixPath())
        message = f"the {copy.edition} edition goes on after it with “{_shortened(rest)}”"
        yield Finding(where, "E011", message)
    yield from _same(reading, copy)


def _wanted(run: Run) -> str:
    if run.kind is not Kind.LISTING:
        return folded(run.text)
    numbers = {line: "".join(map(str, found)) for line, found in run.callouts.items()}
    return folded("".join(f"{t}{numbers.get(i, '')}" for i, t in enumerate(run.text.split("\n"))))


def _lost(run: Run, copy: Copy, wanted: str, cursor: int) -> Finding:
    """Say of a run that is not where it should be whether it is anywhere."""
    shown = f"“{_shortened(run.text)}”"
    if (found := copy.text.find(wanted, cursor)) >= 0:
        extra = _shortened(copy.text[cursor:found])
        message = f"in the {copy.edition} edition “{extra}” stands before {shown}"
        return Finding(run.where, "E011", message, "it is in no manuscript, or stands twice")
    if wanted in copy.text:
        message = f"{shown} stands at another place in the {copy.edition} edition"
        return Finding(run.where, "E010", message)
    return Finding(run.where, "E010", f"{shown} is not in the {copy.edition} edition")


def _drawn(drawings: Sequence[Run], copy: Copy) -> Iterator[Finding]:
    """Find the words of drawings, and take them out of the text."""
    for drawing in drawings:
        start = copy.text.find(wanted := folded(drawing.text))
        if start < 0:
            message = f"the words in the drawing are not in the {copy.edition} edition"
            yield Finding(drawing.where, "E010", message)
        else:
            copy.text = copy.text[:start] + copy.text[start + len(wanted) :]
            del copy.glyphs[start : start + len(wanted)]


def _notes(notes: Sequence[Sequence[Run]], copy: Copy, gap: str) -> Iterator[Finding]:
    """Find the notes, and take them out of the text around them, their numbers included."""
    for number, note in enumerate(notes, 1):
        pattern = gap.join(re.escape(folded(run.text)) for run in note)
        found = [match.span() for match in re.finditer(pattern, copy.text)]
        if len(found) != 1:
            message = f"the note “{_shortened(note[0].text)}” stands {len(found)} times in the"
            yield Finding(note[0].where, "E010", f"{message} {copy.edition} edition; 1 expected")
        for start, end in found[:1]:
            marked = copy.glyphs and copy.text[:start].endswith(str(number))
            first = start - len(str(number)) if marked else start
            copy.text = copy.text[:first] + copy.text[end:]
            del copy.glyphs[first:end]


def _same(reading: Reading, copy: Copy) -> Iterator[Finding]:
    """Compare listings and outside links one by one, to the last space."""
    listings = [run for run in reading.runs if run.kind is Kind.LISTING]
    if copy.listings is not None:
        for run, found in zip(listings, copy.listings, strict=False):
            numbers = {i: "".join(f" {n}" for n in ns) for i, ns in run.callouts.items()}
            lines = enumerate(run.text.split("\n"))
            wanted = "\n".join(f"{line}{numbers.get(i, '')}" for i, line in lines)
            if found.rstrip("\n") != wanted.rstrip("\n"):
                message = f"the listing differs in the {copy.edition} edition"
                yield Finding(run.where, "E012", message)
    if copy.links is not None and copy.links != list(reading.links):
        lost = [a for a in reading.links if a not in copy.links] or copy.links[:1]
        where = reading.runs[0].where
        message = f"links to other places differ in the {copy.edition} edition, first {lost[:1]}"
        yield Finding(where, "E013", message)


def _printed(run: Run, copy: Copy, start: int, end: int) -> Iterator[Finding]:
    """Compare a printed listing with its source, column by column; wrapped ends of lines apart."""
    glyphs = iter(copy.glyphs[start:end])
    width = _column_width(copy.glyphs[start:end])
    slack = width * _COLUMN_SLACK
    shifts: dict[int, float] = {}
    for number, line in enumerate(run.text.expandtabs(_TAB).split("\n")):
        wanted = [(c, at) for at, c in enumerate(line) for _ in folded(c)]
        found = [next(glyphs) for _ in wanted]
        for _ in "".join(map(str, run.callouts.get(number, ()))):
            next(glyphs)
        if not found:
            continue
        page, (_, _, top) = found[0]
        own = [g for p, g in found if p == page and abs(g[2] - top) < _LINE_SLACK_PT]
        first = own[0][1] - wanted[0][1] * width
        dashes = (at for at, c in enumerate(line) if c == "-" and at < wanted[len(own) - 1][1])
        if (
            abs(first - shifts.setdefault(page, first)) > slack
            or any(
                c != g[0] or abs(g[1] - first - at * width) > slack
                for (c, at), g in zip(wanted, own, strict=False)
            )
            or not all(_near((page, first + at * width, top), copy.dashes) for at in dashes)
        ):
            message = f"line {number + 1} of the listing is printed otherwise: “{line.strip()}”"
            yield Finding(run.where, "E012", message)
            return


def _near(place: tuple[int, float, float], known: set[tuple[int, int, int]]) -> bool:
    page, x, y = place[0], round(place[1]), round(place[2])
    return any((page, x + dx, y + dy) in known for dx in range(-2, 3) for dy in (-1, 0, 1))


def _column_width(glyphs: Sequence[tuple[int, Glyph]]) -> float:
    """The advance of a column: the least distance between neighbours in a line."""
    steps = [
        b[1] - a[1]
        for (_, a), (_, b) in pairwise(glyphs)
        if a[2] == b[2] and b[1] - a[1] > _LINE_SLACK_PT
    ]
    return min(steps, default=1.0)


def on_paper(pdf: bytes, pages: PageMap, heads: Mapping[str, Sequence[str]]) -> dict[str, Copy]:
    """Read the chapters of a PDF, running heads and folios left out.

    heads: what may stand in the running heads of a chapter, by its slug.
    """
    painted = prooftext.glyphs(pdf)
    copies = {}
    for section in pages.extents:
        if section.slug in heads:
            copy = copies[section.slug] = Copy("print", "")
            for page in range(section.first, section.first + section.pages):
                glyphs = [glyph for glyph in painted[page - 1] if glyph[0] != WRAP_MARK]
                own = [(part, glyph) for glyph in glyphs for part in folded(glyph[0])]
                text = "".join(part for part, _ in own)
                length = len(text) - _stamp(text, pages.folio(page), heads[section.slug])
                length -= _markers([glyph for _, glyph in own[:length]])
                copy.text += text[:length]
                copy.glyphs += [(page, glyph) for _, glyph in own[:length]]
                copy.dashes |= {(page, round(x), round(y)) for c, x, y in glyphs if c == "-"}
    return copies


def _stamp(text: str, folio: str, heads: Sequence[str]) -> int:
    """How many characters at the end of a page are its running head and its folio."""
    for head in map(folded, heads):
        for stamp in (f"{folio}{head}", f"{head}{folio}", folio):
            if text.endswith(stamp):
                return len(stamp)
    return 0


def _markers(glyphs: Sequence[Glyph]) -> int:
    """How many characters at the end of a page are markers of lists, painted after all else.

    They would part a paragraph that goes on overleaf. A number is one if text stands below it.
    """
    foot = min((y for _, _, y in glyphs), default=0) + _LINE_SLACK_PT
    last = _MARKERS.search("".join(character for character, _, _ in glyphs))
    start = last.start() if last else len(glyphs)
    while start < len(glyphs) and glyphs[start][0] not in _BULLETS and glyphs[start][2] <= foot:
        start += 1
    return len(glyphs) - start


def on_screen(edition: str, files: Mapping[str, bytes], slugs: Sequence[str]) -> dict[str, Copy]:
    """Read the chapters of the web edition, or of an unzipped EPUB."""
    copies = {}
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.stem in slugs and path.suffix in (".html", ".xhtml"):
            parser = _Parser("article" if path.suffix == ".html" else "body")
            parser.feed(data.decode())
            parser.close()
            text = folded("".join(parser.text))
            copies[path.stem] = Copy(edition, text, listings=parser.listings, links=parser.links)
    return copies


def unzipped(epub: bytes) -> dict[str, bytes]:
    """The files of an EPUB by name."""
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class _Parser(HTMLParser):
    """The text inside one element, what eyes or ears alone are given left out."""

    def __init__(self, inside: str) -> None:
        super().__init__()
        self.inside = inside
        self.text: list[str] = []
        self.listings: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open and tag != self.inside:
            return
        given = dict(attrs)
        if self.hidden or given.get("aria-hidden") == "true" or tag in ("svg", "annotation"):
            self.hidden += tag not in _VOID
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "pre":
            self.listings.append("")
        address = given.get("href") or ""
        if (tag == "a" and "//" in address.partition("#")[0]) or address.startswith("mailto:"):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in _VOID:
            self.open.pop()
            self.hidden -= self.hidden > 0

    def handle_data(self, data: str) -> None:
        if self.open and not self.hidden:
            self.text.append(data)
            if "pre" in self.open:
                self.listings[-1] += data


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
