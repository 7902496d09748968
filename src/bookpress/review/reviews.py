"""The book's folder -> its comments, wherever they are kept, and today's place of each.

The store is the author's own; what goes into version control is one file of annotations a chapter.
A clone without a store has the files, and a store that is missing is filled from them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.review import anchor, clean, places, text, w3c
from bookpress.review.model import LONGEST_FILED, Comment, Decision, Entry, Place
from bookpress.review.store import Comments, in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bookpress.manuscript import Manuscript
    from bookpress.model import Book
    from bookpress.review.text import ChapterText

FOLDER = Path("manuscript/comments")
STORE = FOLDER / "comments.sqlite"
_LOST = "unplaced"
"""The name of the file of comments on chapters that the book no longer has."""
_DECISIONS, _LAST = "book:decisions", "book:last"
_UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError, w3c.MalformedError,
)  # fmt: skip


def sources(book: Book) -> dict[str, str]:
    """The manuscript file of each chapter by slug, as book.yml spells it."""
    return {chapter.slug: str(chapter.path) for chapter in book.chapters()}


def exist(root: Path) -> bool:
    """Say whether anybody has commented on a book."""
    return (root / STORE).exists() or any((root / FOLDER).glob("*.json"))


def open_store(root: Path, book: Book) -> Comments:
    """Open the store of a book; it takes in what is under version control and not in it."""
    store = Comments(root / STORE, sources(book))
    if entries := exported(root):
        take_in(store, entries)
    return store


def take_in(store: Comments, entries: Sequence[Entry]) -> None:
    """Add comments with what was decided about them; what is known already stays as it is."""
    new = set(store.add_all((entry.comment, "") for entry in entries).new)
    for entry in entries:
        for decision in entry.decisions:
            store.decide(entry.comment.id, decision)
    store.place({e.comment.id: e.last for e in entries if e.last and e.comment.id in new})


def load(root: Path, book: Book) -> tuple[Entry, ...]:
    """All comments on a book, without changing anything: of its store, and of its files."""
    files = exported(root)
    if not (root / STORE).exists():
        return files
    with Comments(root / STORE, sources(book)) as store:
        entries = {entry.comment.id: entry for entry in store.all()}
    last = max((entry.number for entry in entries.values()), default=0)
    for entry in files:
        known = entries.get(entry.comment.id)
        if known:
            decided = in_order(dict.fromkeys((*known.decisions, *entry.decisions)))
            entries[entry.comment.id] = replace(known, decisions=decided)
        else:
            last += 1
            entries[entry.comment.id] = replace(entry, number=last)
    return tuple(entries.values())


def exported(root: Path) -> tuple[Entry, ...]:
    """The comments that are under version control; they are the author's files, and believed.

    Raises  BookpressError, with the file, when one of them is none of ours.
    """
    found: list[Entry] = []
    for path in sorted((root / FOLDER).glob("*.json")):
        try:
            for data in w3c.items(json.loads(path.read_text("utf-8"))):
                found.append(_entry(data, len(found) + 1))
        except _UNREADABLE as error:
            name = path.relative_to(root)
            hint = "git checkout brings it back; bookpress review export writes it anew"
            raise BookpressError(f"{name} cannot be read: {error}", hint=hint) from None
    return tuple(found)


def current(root: Path, read: Manuscript) -> tuple[Entry, ...]:
    """All comments on a book, each where it is in the manuscript as it is now.

    Nothing is changed; the manuscript of a book without comments is not looked at.
    """
    entries = load(root, read.book)
    if not entries:
        return ()
    found = placed(entries, text.of_manuscript(root, read))
    return tuple(_moved(entry, found) for entry in entries)


def _moved(entry: Entry, found: Mapping[str, Place | None]) -> Entry:
    place = found.get(entry.comment.id)
    return replace(entry, place=place, last=place or entry.last)


def placed(entries: Sequence[Entry], texts: Mapping[str, ChapterText]) -> dict[str, Place | None]:
    """Find where each comment is today; a reply has no place of its own."""
    moved = places.moved(entry.comment for entry in entries)
    return {
        entry.comment.id: anchor.attach(moved.get(entry.comment.id, entry.comment), texts)
        for entry in entries
        if not entry.comment.parent
    }


def export(entries: Sequence[Entry], book: Book) -> dict[str, bytes]:
    """Write comments as one file a chapter, by its name; the same comments give the same bytes.

    They are in the order of their times, and of their ids; replies are with what they reply to.
    """
    files = sources(book)
    chapters = {entry.comment.id: entry.comment.chapter for entry in entries}
    sorted_ = sorted(entries, key=lambda entry: (entry.comment.created, entry.comment.id))
    by_file: dict[str, list[w3c.Json]] = {}
    for entry in sorted_:
        chapter = chapters.get(entry.comment.parent) or entry.comment.chapter
        name = chapter if chapter in files else _LOST
        by_file.setdefault(name, []).append(_annotation(entry, files))
    return {
        f"{name}.json": w3c.text(
            w3c.collection(made, f"Comments on {files.get(name, name)}")
        ).encode()
        for name, made in sorted(by_file.items())
    }


def write_files(root: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write exported files that have changed, and remove those without comments; returns both."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            fresh = path.with_suffix(".new")
            fresh.write_bytes(data)
            fresh.replace(path)
            changed.append(FOLDER / name)
    for path in sorted(folder.glob("*.json")):
        if path.name not in files:
            path.unlink()
            changed.append(FOLDER / path.name)
    return changed


def _annotation(entry: Entry, files: Mapping[str, str]) -> w3c.Json:
    made = w3c.write(entry.comment, files)
    if entry.decisions:
        made[_DECISIONS] = [w3c.write_decision(decision) for decision in entry.decisions]
    if entry.last:
        made[_LAST] = asdict(entry.last)
    return made


def _entry(data: object, number: int) -> Entry:
    comment: Comment = w3c.read(data, longest=LONGEST_FILED)
    given: dict[str, object] = data if isinstance(data, dict) else {}
    listed = given.get(_DECISIONS)
    decisions: tuple[Decision, ...] = ()
    if isinstance(listed, list):
        decisions = tuple(map(w3c.read_decision, listed))
    last = _last(given.get(_LAST))
    return Entry(number, comment, decisions, last, last)


def _last(data: object) -> Place | None:
    if not isinstance(data, dict):
        return None
    chapter = clean.line(data.get("chapter"), 200)
    line, line_end, start, end = (int(data[name]) for name in ("line", "line_end", "start", "end"))
    return Place(chapter, line, line_end, start, end, float(data["score"]))
