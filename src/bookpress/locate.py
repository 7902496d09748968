"""The page map of the last build -> the lines that stand on a page, the pages of a line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress import outline
from bookpress.errors import BookpressError
from bookpress.pagination import PageMap, content_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.pagination import Block

_PHYSICAL = re.compile(r"p(\d+)")
_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Printed:
    """The pages of the last build, and the files that were edited after it."""

    pages: PageMap
    edited: tuple[str, ...]


def last_build(root: Path, folder: str) -> Printed:
    """Read the page map of the last build.

    root, folder: the book's folder, and the name of the one below it that holds the outputs.
    Raises        BookpressError when there is none, or one of an older press.
    """
    name = f"{outline.load(root).slug}-pages.json"
    hint = "make one with `bookpress build -f print`"
    try:
        data = (root / folder / name).read_bytes()
        return Printed(PageMap.from_json(data), tuple(_edited(root, json.loads(data)["sources"])))
    except FileNotFoundError:
        raise BookpressError(f"there is no page map {folder}/{name}", hint=hint) from None
    except (KeyError, ValueError):
        problem = f"the page map {folder}/{name} was made by another press"
        raise BookpressError(problem, hint=hint) from None


def _edited(root: Path, sources: Mapping[str, str]) -> Iterator[str]:
    for path, known in sources.items():
        if not (root / path).is_file() or content_name((root / path).read_bytes()) != known:
            yield path


def page_number(pages: PageMap, name: str) -> int:
    """Make a page, counted from 1, of a folio ("47", "xii") or of itself ("p57").

    Raises  BookpressError when the book has no such page.
    """
    if match := _PHYSICAL.fullmatch(name):
        if 1 <= int(match[1]) <= pages.total:
            return int(match[1])
    elif name in pages.folios:
        return pages.folios.index(name) + 1
    front = sum(folio.isalpha() for folio in pages.folios)
    ends = [f"{run[0]} to {run[-1]}" for run in (pages.folios[:front], pages.folios[front:]) if run]
    hint = f"folios go from {' and from '.join(ends)}, pages from p1 to p{pages.total}"
    raise BookpressError(f"the book has no page {name}", hint=hint)


def where(root: Path, pages: PageMap, page: int) -> Iterator[str]:
    """Write what stands on a page: its name, then of each run of lines file, lines and text."""
    section = next(s for s in pages.extents if s.first <= page < s.first + s.pages)
    yield f"{name(pages, page)}: {section.slug}"
    for path, first, last in _runs(pages, page):
        lines = (root / path).read_text("utf-8").splitlines()
        shown = "\n".join(lines[first - 1 : last]).rstrip().split("\n")  # up to the next block
        end = first + len(shown) - 1
        yield f"{path}:{first}-{end}"
        for number, line in enumerate(shown, first):
            yield f"{number:{len(str(end))}}  {line}".rstrip()


def _runs(pages: PageMap, page: int) -> Iterator[tuple[PurePosixPath, int, int]]:
    """The runs of lines of blocks on a page; blocks next to each other are one run."""
    here = [b for b in pages.blocks if b.first_page <= page <= b.last_page]
    here = [b for b in here if b.first_page == b.last_page or not _holds_others(b, pages.blocks)]
    run: tuple[PurePosixPath, int, int] | None = None
    for block in here:
        if run and run[0] == block.path and block.first_line <= run[2] + 1:
            run = (run[0], run[1], max(run[2], block.last_line))
            continue
        if run:
            yield run
        run = (block.path, block.first_line, block.last_line)
    if run:
        yield run


def _holds_others(block: Block, blocks: Sequence[Block]) -> bool:
    """Say whether smaller blocks tell more exactly what of this one stands where."""
    return any(
        block.path == b.path and block.first_line <= b.first_line and b.last_line <= block.last_line
        for b in blocks
        if b != block
    )


def page_of(root: Path, pages: PageMap, place: str) -> str:
    """Write the page, or pages, on which a line ("manuscript/a.md:88") is printed.

    A line between two blocks is taken for the next one.
    Raises  BookpressError when the place is none, or nothing of it is printed.
    """
    if not (match := _LINE.fullmatch(place)):
        raise BookpressError(f"{place} names no line", hint="type a file, a colon and a number")
    path, line = PurePosixPath(match["path"]), int(match["line"])
    own = [block for block in pages.blocks if block.path == path]
    if not own:
        known = sorted({str(block.path) for block in pages.blocks})
        hint = f"pages are known of {', '.join(known)}"
        raise BookpressError(f"nothing of {path} is printed", hint=hint)
    total = len((root / path).read_text("utf-8").splitlines())
    if not 1 <= line <= total:
        raise BookpressError(f"{path} has no line {line}", hint=f"it has {total} lines")
    block = _nearest(own, line)
    first, last = block.first_page, block.last_page
    found = name(pages, first) if first == last else f"{name(pages, first)} to {name(pages, last)}"
    return f"{path}:{line}: {found}"


def _nearest(blocks: list[Block], line: int) -> Block:
    """The smallest block that holds a line, else the first below it, else the last."""
    around = [b for b in blocks if b.first_line <= line <= b.last_line]
    if around:
        return min(around, key=lambda b: (b.last_line - b.first_line, b))
    below = [b for b in blocks if b.first_line > line]
    return min(below) if below else max(blocks)


def name(pages: PageMap, page: int) -> str:
    """Call a page by its folio and by its number in the file."""
    return f"page {pages.folio(page)} (p{page} of {pages.total})"
