"""Two commits and two page maps -> what has changed in the book between two releases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bookpress.release import repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bookpress.manuscript import Manuscript
    from bookpress.model import Chapter
    from bookpress.pagination import PageMap
    from bookpress.release.version import Version

LOG = "CHANGELOG.md"
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of one chapter.

    added, removed: words of its Markdown. before, now: pages in print; None where nobody knows.
    known:          whether the previous release had it.
    """

    chapter: Chapter
    added: int
    removed: int
    before: int | None
    now: int | None
    known: bool

    def touched(self) -> bool:
        """Say whether a reader of the previous release finds anything new here."""
        return bool(self.added or self.removed or not self.known or self._grown())

    def _grown(self) -> bool:
        return self.before is not None and self.before != self.now


def section(log: str, version: str) -> str:
    """The text below a version's heading in a changelog; "" when there is none.

    Source  Keep a Changelog 1.1.0: `## [2026.11.0] - 2026-11-26`.
    """
    heading = re.compile(
        rf"^## \[?{re.escape(version)}\]?(?=[\s:(]|$)[^\n]*\n(.*?)(?=^## |\Z)",
        re.DOTALL | re.MULTILINE,
    )
    match = heading.search(log)
    return re.sub(r"^\[[^\]]+\]: \S+$", "", match[1], flags=re.MULTILINE).strip() if match else ""


def previous(version: Version, known: tuple[Version, ...]) -> Version | None:
    """The release to compare with: of a final one the last final, of others the last of any."""
    older = [v for v in known if v < version and v.rank >= version.rank]
    return older[-1] if older else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A release beside the one before.

    before: the previous version. gone: Markdown files that it had and this one has not.
    pages:  of the print edition, then (None where nobody knows) and now.
    """

    before: str
    changes: tuple[Change, ...]
    gone: tuple[str, ...]
    pages: tuple[int | None, int]


def compare(
    root: Path, manuscript: Manuscript, before: Version, then: PageMap | None, now: PageMap
) -> Comparison:
    """Compare every chapter of this commit with its text at a version, wherever it stood then."""
    moves = repository.moves(root, before.tag)
    moved = {new: old for old, new in moves.items() if new}
    changes = []
    for chapter in manuscript.book.written():
        path = str(chapter.path)
        text = repository.file_at(root, before.tag, moved.get(path, path))
        added, removed = _words(_text(text), manuscript.sources[chapter.path])
        extents = (_extent(then, chapter.slug), _extent(now, chapter.slug))
        changes.append(Change(chapter, added, removed, *extents, text is not None))
    gone = sorted(old for old, new in moves.items() if not new and old.endswith(".md"))
    pages = (then.total if then else None, now.total)
    return Comparison(str(before), tuple(changes), tuple(gone), pages)


def write(title: str, version: str, log: str, compared: Comparison | None) -> str:
    """Write CHANGES.md: the author's words, then chapter by chapter words and pages.

    compared: None when this is the first release.
    """
    lines = [f"# Changes in {title}, version {version}", ""]
    if not compared:
        lines += ["This is the first release: there is nothing to compare it with.", ""]
    lines += [log, ""] if log else [f"{LOG} says nothing about this version.", ""]
    lines += _table(compared) if compared else ()
    return "\n".join(lines).rstrip() + "\n"


def _table(compared: Comparison) -> Iterator[str]:
    touched = [change for change in compared.changes if change.touched()]
    yield f"## Chapter by chapter, since {compared.before}"
    yield ""
    if touched:
        yield "| Section | Words added | Words removed | Pages before | Pages now |"
        yield "|---|--:|--:|--:|--:|"
        yield from map(_row, touched)
        yield ""
    total = len(compared.changes)
    yield f"{total - len(touched)} of {total} sections are word for word as they were."
    yield from (f"Removed: {path}." for path in compared.gone)
    yield ""
    old, new = compared.pages
    unknown = f"no page map of {compared.before} is kept in printings/"
    was = f"{old} before" if old is not None else unknown
    yield f"The print edition has {new} pages ({was})."


def _row(change: Change) -> str:
    name = f"{change.chapter.number} {change.chapter.title}".strip()
    title = name if change.known else f"{name} (new)"
    cells = (change.added, change.removed, change.before, change.now)
    numbers = (_NONE if number is None else f"{number:,}" for number in cells)
    return f"| {' | '.join((title.replace('|', '&#124;'), *numbers))} |"


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", errors="replace")


def _words(old: str, new: str) -> tuple[int, int]:
    """Count the words added and removed between two texts."""
    if old == new:
        return 0, 0
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(after) - same, len(before) - same


def _extent(pages: PageMap | None, slug: str) -> int | None:
    try:
        return pages.extent(slug) if pages else None
    except KeyError:
        return None
