"""Two manuscripts -> which chapter has become which, and what book.yml says otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import PurePosixPath

    from bookpress.manuscript import Manuscript
    from bookpress.model import Book, Chapter

_ENOUGH = 0.5
"""How many of their words two files share when one is the other under a new name, as git has it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A chapter and what it was; one of them is None where it is new or was removed.

    notes: what has become of the chapter as a whole, in short sentences.
    """

    now: Chapter | None
    was: Chapter | None
    notes: tuple[str, ...] = ()

    @property
    def chapter(self) -> Chapter:
        """The chapter as it is, or as it was when it was removed."""
        chapter = self.now or self.was
        assert chapter  # noqa: S101  (a pair is made of at least one)
        return chapter


def pair(old: Manuscript, new: Manuscript) -> tuple[Pair, ...]:
    """Pair the written chapters, in today's order; a removed one follows what it followed.

    A chapter is known by its file, else by its slug, else by its words.
    """
    before, after = old.book.written(), new.book.written()
    partners = _partners(old, new)
    gone = {c.path for c in before} - {c.path for c in partners.values()}
    stayed = _in_order([before.index(partners[c]) for c in after if c in partners])
    made: list[Pair] = list(_removed_after(None, before, gone))
    for chapter in after:
        was = partners.get(chapter)
        moved = was is not None and before.index(was) not in stayed
        made.append(Pair(chapter, was, tuple(_notes(chapter, was, moved=moved))))
        if was:
            made += _removed_after(was, before, gone)
    return tuple(made)


def outline(old: Book, new: Book) -> tuple[tuple[str, str, str], ...]:
    """What book.yml says otherwise about the whole book: what, then, now."""
    found = [
        (field.name.replace("_", " "), _shown(was), _shown(now))
        for field in fields(old.metadata)
        if (was := getattr(old.metadata, field.name)) != (now := getattr(new.metadata, field.name))
    ]
    for name, was, now in (
        ("slug", old.slug, new.slug),
        ("trim", *(f"{b.trim.width_pt:g} × {b.trim.height_pt:g} pt" for b in (old, new))),
        ("parts", *(_shown(tuple(p.title for p in b.parts)) for b in (old, new))),
        ("variables", _shown(dict(old.variables)), _shown(dict(new.variables))),
    ):
        if was != now:
            found.append((name, was, now))
    return tuple(found)


def _partners(old: Manuscript, new: Manuscript) -> dict[Chapter, Chapter]:
    left = list(old.book.written())
    found: dict[Chapter, Chapter] = {}
    for known_by in ("path", "slug"):
        for chapter in new.book.written():
            name = getattr(chapter, known_by)
            match = next((c for c in left if getattr(c, known_by) == name), None)
            if match and chapter not in found:
                found[chapter] = match
                left.remove(match)
    for chapter in (c for c in new.book.written() if c not in found):
        words = new.sources[chapter.path].split()
        likely = [(_shared(old.sources[c.path].split(), words), c) for c in left]
        share, match = max(likely, key=lambda pair: pair[0], default=(0.0, None))
        if match and share >= _ENOUGH:
            found[chapter] = match
            left.remove(match)
    return found


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> float:
    both = sum((Counter(mine) & Counter(theirs)).values())
    return 2 * both / ((len(mine) + len(theirs)) or 1)


def _in_order(places: Sequence[int]) -> set[int]:
    """The most places that still follow each other as they did."""
    matcher = SequenceMatcher(None, sorted(places), places, autojunk=False)
    return {places[b.b + i] for b in matcher.get_matching_blocks() for i in range(b.size)}


def _removed_after(
    chapter: Chapter | None, before: Sequence[Chapter], gone: Collection[PurePosixPath]
) -> Iterator[Pair]:
    start = before.index(chapter) + 1 if chapter else 0
    for other in before[start:]:
        if other.path not in gone:
            return
        yield Pair(None, other, ("removed from the book",))


def _notes(now: Chapter, was: Chapter | None, *, moved: bool) -> Iterator[str]:
    if was is None:
        yield "new in the book"
        return
    if was.path != now.path:
        yield f"was {was.path}"
    if was.title != now.title:
        yield f"was called “{was.title}”"
    if was.number != now.number:
        yield f"was number {was.number}" if was.number else "had no number"
    if moved:
        yield "stands elsewhere in the book"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in sorted(value.items()))
    if isinstance(value, tuple):
        return "; ".join(_shown(inner) for inner in value)
    return str(getattr(value, "name", value))
