"""book.yml and the chapters -> scripts: what is to be run, in the order of the book."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import outline, pandoc, survey
from bookpress.errors import BookpressError
from bookpress.listings import blocks
from bookpress.listings.blocks import Excerpt, Patch, Session, WholeFile
from bookpress.listings.store import Store
from bookpress.model import Executables, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bookpress.findings import Finding
    from bookpress.listings.blocks import Block
    from bookpress.model import Book, Chapter
    from bookpress.survey import Listing

CACHE = "build/.cache"
_LOG_DATE = re.compile(r"^:{3,} *\{\.log [^}]*date=\"?(\d{4}-\d{2}-\d{2})", re.MULTILINE)
_CALLED = re.compile(r"^\d{1,9}[.)] ")


@dataclass(frozen=True, slots=True)
class Script:
    """A chapter as something to run.

    text:     its Markdown; lines end in a line feed.
    date:     the day it is set on, ISO 8601: that of its first log entry, else the book's.
    files:    the folder of files that belong to it, which need not exist.
    findings: what is wrong with the attributes of its blocks.
    """

    chapter: Chapter
    text: str
    date: str
    files: Path
    listings: tuple[Listing, ...]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]

    def runs(self) -> bool:
        """Say whether anything in it is to be run."""
        return any(blocks.runs(block) for block in self.blocks)

    def identity(self) -> bytes:
        """All that its blocks do: commands, files and diffs, and not what is expected of them."""
        return json.dumps([self.date, *map(_deed, self.blocks)]).encode()


@dataclass(frozen=True, slots=True)
class Scripts:
    """The chapters of a book that are written, as scripts, in reading order."""

    root: Path
    book: Book
    scripts: tuple[Script, ...]

    def executable(self) -> bool:
        """Say whether the book says of its blocks that they are to be run."""
        return self.book.executables != Executables() or any(
            blocks.MARKS & set(listing.attributes) or "hidden" in listing.classes
            for script in self.scripts
            for listing in script.listings
        )

    def to_run(self, slugs: Sequence[str]) -> tuple[Script, ...]:
        """The chapters to run for those that are asked for: they, and all before the last.

        slugs:  chapters, as slugs or paths; none for all that are in the editions.
        Raises  BookpressError for a chapter that is not in the outline, or has no file.
        """
        wanted = self.chosen(slugs)
        kept = [
            script
            for script in self.scripts
            if script in wanted or script.chapter.status is not Status.PLANNED
        ]
        last = max((kept.index(script) for script in wanted), default=-1)
        return tuple(script for script in kept[: last + 1] if script.runs())

    def chosen(self, slugs: Sequence[str]) -> tuple[Script, ...]:
        """The chapters that are asked for; all that are in the editions when none is."""
        if not slugs:
            return tuple(s for s in self.scripts if s.chapter.status is not Status.PLANNED)
        return tuple(self._one(slug) for slug in slugs)

    def _one(self, slug: str) -> Script:
        known = {script.chapter.slug: script for script in self.scripts}
        name = PurePosixPath(slug).stem
        if name not in known:
            hint = f"written are: {', '.join(known)}" if known else ""
            raise BookpressError(f'no chapter "{slug}" is written', hint=hint)
        return known[name]


def load(root: Path) -> Scripts:
    """Read the outline and every chapter that has a file, planned ones too.

    Raises OutlineError when book.yml cannot be understood, ToolError when pandoc fails.
    """
    book = outline.load(root)
    chapters = [chapter for chapter in book.chapters() if (root / chapter.path).is_file()]
    texts = {chapter.path: _text(root / chapter.path) for chapter in chapters}
    tools = _tools()
    trees = Store(root / CACHE).recall_all(
        "listings",
        {path: (tools, text.encode()) for path, text in texts.items()},
        lambda unknown: pandoc.read({path: texts[path] for path in unknown}),
    )
    found = {
        path: survey.facts(pandoc.decode(path, data), texts[path]).listings
        for path, data in trees.items()
    }
    return collect(root, book, texts, found)


def collect(
    root: Path,
    book: Book,
    texts: Mapping[PurePosixPath, str],
    listings: Mapping[PurePosixPath, tuple[Listing, ...]],
) -> Scripts:
    """Make scripts of chapters that are read already; texts and listings by path."""
    chapters = [chapter for chapter in book.chapters() if chapter.path in texts]
    return Scripts(
        root,
        book,
        tuple(_script(root, book, c, texts[c.path], listings[c.path]) for c in chapters),
    )


def callout_list(lines: Sequence[str], after: int) -> Iterator[str]:
    """The items of the numbered list right below a line, counted from 1, as far as it goes.

    lines: the chapter's source; after: the line of the closing fence.
    """
    for line in lines[after:]:
        if _CALLED.match(line):
            yield line
        elif line[:1] not in ("", " "):
            return


def closing_fence(lines: Sequence[str], opening: int) -> int:
    """The line, counted from 1, of the fence that closes the block opened on a line."""
    mark = re.match(r"`{3,}|~{3,}", lines[opening - 1])
    fence = mark[0] if mark else "```"
    for number, line in enumerate(lines[opening:], opening + 1):
        text = line.strip()
        if len(text) >= len(fence) and not text.strip(fence[0]):
            return number
    return len(lines) + 1


def _script(
    root: Path, book: Book, chapter: Chapter, text: str, listings: tuple[Listing, ...]
) -> Script:
    found, findings = blocks.read(listings, text.split("\n"), book.executables.directory)
    date = _LOG_DATE.search(text)
    return Script(
        chapter=chapter,
        text=text,
        date=date[1] if date else book.executables.date,
        files=(root / chapter.path).with_suffix(".files"),
        listings=listings,
        blocks=found,
        findings=findings,
    )


def _deed(block: Block) -> list[object]:
    match block:
        case WholeFile(place, file, text):
            return ["write", place.directory, file, text]
        case Excerpt(place, file):
            return ["look", place.directory, file]
        case Patch(place, file, text):
            return ["patch", place.directory, file, text]
        case Session(place, commands, code, date, shell, moves, seconds):
            texts = [command.text for command in commands]
            return ["run", place.directory, texts, code, date, shell, moves, seconds]
        case _:
            return []


def _tools() -> bytes:
    """A name for what reads chapters; what another version of it read is read again."""
    return pandoc.version().encode() + Path(pandoc.__file__).read_bytes()


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
