"""errata.yml and the page maps of printings -> where readers of each printing find the mistakes.

An entry names a place in the source as it was for the printing in which the mistake was found.
Where that line stood in another printing, git knows: each printing has its tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError, OutlineError
from bookpress.outline import yamltree
from bookpress.release import repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.findings import Position
    from bookpress.outline.yamltree import Source
    from bookpress.pagination import PageMap
    from bookpress.release.printings import Printing

NAME = PurePosixPath("errata.yml")
_TEXTS = ("file", "wrong", "right")
_NUMBERS = ("line", "printing")
_NEVER = 1 << 30
_EXAMPLE = "an entry has file, line, printing, wrong, right and, once it is mended, fixed: 2"


@dataclass(frozen=True, slots=True)
class Erratum:
    """A mistake in print.

    path, line: where it stands in the source of the printing in which it was found.
    found, fixed: the first printing that has it, the first that has not; 0 while all have it.
    """

    path: PurePosixPath
    line: int
    found: int
    fixed: int
    wrong: str
    right: str
    where: Position

    def in_printing(self, number: int) -> bool:
        """Say whether a printing has the mistake."""
        return self.found <= number and (not self.fixed or number < self.fixed)


def load(root: Path) -> tuple[Erratum, ...]:
    """Read errata.yml; a book without one has no errata.

    Raises  OutlineError with all that is wrong in it.
    """
    try:
        data = (root / NAME).read_bytes()
    except FileNotFoundError:
        return ()
    source = yamltree.parse(NAME, data)
    mistakes = list(source.mistakes)
    entries = source.data.get("errata") if isinstance(source.data, dict) else None
    if not isinstance(entries, list):
        where = source.place(())
        mistakes.append(BookpressError("there is no list `errata`", where=where, hint=_EXAMPLE))
        entries = []
    for index in range(len(entries)):
        mistakes += _mistakes(source, index, entries[index])
    if mistakes:
        raise OutlineError(tuple(mistakes))
    return tuple(_erratum(source, index, entry) for index, entry in enumerate(entries))


def report(
    root: Path, errata: Sequence[Erratum], printings: Sequence[Printing], span: tuple[int, int]
) -> Iterator[str]:
    """Write where readers find each mistake: a paragraph an erratum, a line a printing.

    span:   the first and the last printing to tell of, of the newest edition.
    Raises  BookpressError when the pages of one of them are not kept.
    """
    edition = max((p.edition for p in printings), default=1)
    kept = {p.number: p for p in printings if p.edition == edition}
    numbers = range(span[0], span[1] + 1)
    for number in numbers:
        if number not in kept:
            have = ", ".join(map(str, kept)) or "none"
            hint = f"bookpress release keep DIR keeps them; kept of edition {edition}: {have}"
            raise BookpressError(f"nobody kept the pages of printing {number}", hint=hint)
    for erratum in errata:
        if any(erratum.in_printing(number) for number in numbers):
            yield f"{erratum.path}:{erratum.line}: {erratum.wrong} → {erratum.right}"
            yield from (_line(root, erratum, number, kept) for number in numbers)


def _line(root: Path, erratum: Erratum, number: int, kept: Mapping[int, Printing]) -> str:
    if not erratum.in_printing(number):
        state = "corrected" if erratum.fixed and number >= erratum.fixed else "not in it"
        return f"  printing {number}: {state}"
    line = erratum.line
    if number != erratum.found and erratum.found in kept:
        line = _moved(root, erratum, kept[erratum.found], kept[number])
    return f"  printing {number}: {_pages(kept[number].pages, erratum.path, line)}"


def _pages(pages: PageMap, path: PurePosixPath, line: int) -> str:
    own = [b for b in pages.blocks if b.path == path and b.first_line <= line <= b.last_line]
    if not own:
        return f"{path}:{line} is on no page of it"
    block = min(own, key=lambda b: (b.last_line - b.first_line, b))
    first, last = pages.folio(block.first_page), pages.folio(block.last_page)
    return f"page {first}" if first == last else f"pages {first} to {last}"


def _moved(root: Path, erratum: Erratum, found: Printing, other: Printing) -> int:
    """Where the line of an erratum stands in the source of another printing."""
    before, after = (_source(root, erratum, printing) for printing in (found, other))
    index = erratum.line - 1
    for _, start, end, to, to_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if start <= index < end:
            return int(min(to + index - start, max(to, to_end - 1))) + 1
    return erratum.line


def _source(root: Path, erratum: Erratum, printing: Printing) -> list[str]:
    data = repository.file_at(root, f"v{printing.version}", str(erratum.path))
    if data is None:
        problem = f"there is no {erratum.path} at the tag v{printing.version}"
        raise BookpressError(problem, where=erratum.where, hint="git fetch --tags")
    return data.decode("utf-8", errors="replace").splitlines()


def _mistakes(source: Source, index: int, entry: object) -> Iterator[BookpressError]:
    place = ("errata", index)
    if not isinstance(entry, dict):
        yield BookpressError("this is no entry", where=source.place(place), hint=_EXAMPLE)
        return
    for key in entry:
        if key not in (*_TEXTS, *_NUMBERS, "fixed"):
            where = source.place((*place, key), key=True)
            yield BookpressError(f"unknown key `{key}`", where=where, hint=_EXAMPLE)
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key]:
            where = source.place((*place, key))
            hint = "write it in quotes" if key in entry else _EXAMPLE
            yield BookpressError(f"`{key}` is no text", where=where, hint=hint)
    numbers = {key: _number(entry, key) for key in (*_NUMBERS, "fixed")}
    for key in (key for key, number in numbers.items() if number < 1):
        where = source.place((*place, key))
        yield BookpressError(f"`{key}` is no number from 1", where=where, hint=_EXAMPLE)
    if 1 <= numbers["fixed"] <= numbers["printing"]:
        problem = f"found in printing {numbers['printing']}, fixed in {numbers['fixed']}"
        yield BookpressError(problem, where=source.place((*place, "fixed")), hint=_EXAMPLE)


def _number(entry: Mapping[str, object], key: str) -> int:
    """A number of an entry, 0 where it is none."""
    value = entry.get(key, _NEVER if key == "fixed" else 0)
    return value if type(value) is int else 0


def _erratum(source: Source, index: int, entry: Mapping[str, object]) -> Erratum:
    texts = [str(entry[key]) for key in _TEXTS]
    line, found, fixed = (int(str(entry.get(key, 0))) for key in (*_NUMBERS, "fixed"))
    where = source.place(("errata", index))
    return Erratum(PurePosixPath(texts[0]), line, found, fixed, texts[1], texts[2], where)
