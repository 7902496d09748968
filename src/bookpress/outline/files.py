"""The files that book.yml names -> what is wrong with them, at the entry that names them.

It works on the values as they were written, so that a book with a wrong key hears about its missing
chapters too.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.model import Status
from bookpress.outline import vocabulary, yamltree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bookpress.outline.yamltree import Location, Source

_SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_PART = re.compile(r"^part-[0-9]+$")
_TAKEN = {
    *map(str, vocabulary.LEAVES),
    "appendices",
    "book-index",
    "cover",
    "nav",
    "prelims",
    "search",
}
_UNWRITTEN = "write it, or say `status: planned`"


def entries(data: object) -> Iterator[tuple[Location, Mapping[str, object]]]:
    """Find the entries that name files, or generated sections, whatever else is wrong."""
    for matter in ("front", "back"):
        yield from _list(data, matter)
    for place, part in [*_list(data, "parts"), (("appendices",), _get(data, "appendices"))]:
        for (key, index), chapter in _list(part, "chapters"):
            yield (*place, key, index), chapter


def mistakes(root: Path, source: Source) -> Iterator[BookpressError]:
    """Say which files are missing, outside the book's folder, unreadable or named twice."""
    named: list[tuple[Location, str]] = []
    for location, entry in entries(source.data):
        written = entry.get("file")
        if not isinstance(written, str) or not written.strip():
            continue
        here = (*location, "file")
        named.append((here, written.strip()))
        found = _shape(written.strip()) or _slug(PurePosixPath(written.strip()))
        if found:
            yield BookpressError(found[0], where=source.place(here), hint=found[1])
        elif entry.get("status") != Status.PLANNED:
            yield from _content(root, source, here, PurePosixPath(written.strip()))
    yield from _doubles(source, named)


def _shape(written: str) -> tuple[str, str] | None:
    """Refuse a path that is not below the book's folder on every system."""
    shown = yamltree.shorten(written)
    path = PurePosixPath(written)
    if "\\" in written:
        return f'the path "{shown}" has backslashes', "write forward slashes"
    if path.is_absolute() or re.match(r"^[A-Za-z]:|^~", written):
        return f'the path "{shown}" is absolute', "write it from the folder of book.yml"
    if ".." in path.parts:
        return f'the path "{shown}" leaves the folder of the book', "move the file into the book"
    if path.suffix != ".md":
        return f'"{shown}" is not a Markdown file', "the manuscript's files end in .md"
    return None


def _slug(path: PurePosixPath) -> tuple[str, str] | None:
    """Refuse a name that cannot be the chapter's address in every format."""
    shown = yamltree.shorten(path.stem)
    if not _SLUG.fullmatch(path.stem):
        hint = "rename the file: lower-case letters, digits and single hyphens, a letter first"
        return f'the name "{shown}" is not fit for an address', hint
    if path.stem in _TAKEN or _PART.fullmatch(path.stem):
        hint = f"rename the file, to about-{path.stem}.md for instance"
        return f'the name "{shown}" is taken by the press', hint
    return None


def _content(
    root: Path, source: Source, here: Location, path: PurePosixPath
) -> Iterator[BookpressError]:
    where = source.place(here)
    try:
        text = _text(root, path)
    except FileNotFoundError:
        yield BookpressError(f"there is no {path}", where=where, hint=_UNWRITTEN)
        return
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}"
        yield BookpressError(problem, where=where, hint="a chapter is a file that you may read")
        return
    except BookpressError as mistake:
        yield BookpressError(mistake.problem, where=mistake.where or where, hint=mistake.hint)
        return
    if not text.strip():
        yield BookpressError(f"{path} is empty", where=where, hint=_UNWRITTEN)
    elif found := yamltree.unprintable(text):
        problem = f"the character U+{ord(found[0]):04X} cannot be printed"
        where = yamltree.position(path, text, found.start())
        yield BookpressError(problem, where=where, hint="delete it")


def _text(root: Path, path: PurePosixPath) -> str:
    data = (root / path).read_bytes()
    if not (root / path).resolve().is_relative_to(root.resolve()):
        problem = f"{path} is a link that leaves the folder of the book"
        raise BookpressError(problem, hint="move the file into the book")
    return yamltree.decode(path, data)


def _doubles(source: Source, named: list[tuple[Location, str]]) -> Iterator[BookpressError]:
    """Report a file, or only its name, that stands twice; at the second place."""
    firsts: dict[str, tuple[Location, str]] = {}
    for here, written in named:
        path = PurePosixPath(written)
        there, other = firsts.setdefault(path.stem, (here, written))
        if there == here:
            continue
        line = source.place(there).line
        if PurePosixPath(other) == path:
            problem, hint = f"{path} stands twice; the first is on line {line}", "delete one"
        else:
            problem = f'two files are called "{path.stem}"; the first is on line {line}'
            hint = "rename one: the name is the chapter's address"
        yield BookpressError(problem, where=source.place(here), hint=hint)


def _list(data: object, key: str) -> list[tuple[tuple[str, int], Mapping[str, object]]]:
    items = _get(data, key)
    if not isinstance(items, list):
        return []
    return [((key, i), item) for i, item in enumerate(items) if isinstance(item, dict)]


def _get(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None
