"""Entries -> what an author reads of them: text, Markdown, JSON, annotations of GitHub."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bookpress import __version__, report
from bookpress.findings import Finding, Position
from bookpress.review import w3c
from bookpress.review.anchor import CERTAIN
from bookpress.review.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bookpress.model import Book
    from bookpress.review.model import Entry, Place

OPEN, ORPHAN = "C001", "C002"
_SHOWN = 120
_MOST_NEAR = 9
_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>&|~!$])|^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the answers to it, oldest first."""

    head: Entry
    replies: tuple[Entry, ...]


def threads(entries: Iterable[Entry]) -> tuple[Thread, ...]:
    """Put answers below what they answer; one whose comment is not there stands by itself."""
    known = {entry.comment.id: entry for entry in entries}
    replies: dict[str, list[Entry]] = {}
    for entry in known.values():
        replies.setdefault(_head(entry, known), []).append(entry)
    return tuple(
        Thread(known[head], tuple(e for e in found if e.comment.id != head))
        for head, found in replies.items()
    )


def _head(entry: Entry, known: Mapping[str, Entry]) -> str:
    seen = {entry.comment.id}
    while (above := known.get(entry.comment.parent)) and above.comment.id not in seen:
        seen.add(above.comment.id)
        entry = above
    return entry.comment.id


def ordered(found: Iterable[Thread], book: Book) -> list[Thread]:
    """Orphans first, then in the order of the book."""
    chapters = [chapter.slug for chapter in book.written()]

    def key(thread: Thread) -> tuple[int, int, int, int]:
        place = thread.head.place
        if place is None or place.chapter not in chapters:
            return (0, 0, 0, thread.head.number)
        return (1, chapters.index(place.chapter), place.start, thread.head.number)

    return sorted(found, key=key)


def where(entry: Entry, files: Mapping[str, str]) -> Position:
    """Where a comment is today; of an orphan, where it was last, or the file it was made on."""
    place = entry.place or entry.last
    slug = place.chapter if place else entry.comment.chapter
    path = files.get(slug, "book.yml")
    return Position(PurePosixPath(path), place.line if place and slug in files else 1)


def finding(entry: Entry, files: Mapping[str, str]) -> Finding:
    """An open comment as a finding of `check`."""
    names = f"bookpress review resolve {entry.number}, or decline {entry.number} --reason ..."
    message = f"{entry.comment.author}{_quote(entry, 40)}: {said(entry, _SHOWN)}"
    return Finding(where(entry, files), ORPHAN if entry.orphan else OPEN, message, names)


def said(entry: Entry, most: int) -> str:
    """What a comment says, or suggests, on one line of so many characters."""
    comment = entry.comment
    words = " ".join(comment.body.split())
    if comment.replacement is not None:
        edit = (
            f"“{_cut(comment.replacement, most)}” instead" if comment.replacement else "strike it"
        )
        words = f"{words} ({edit})" if words else edit
    return _cut(words or "marked, without words", most)


def alongside(found: Iterable[Thread]) -> dict[str, tuple[int, ...]]:
    """The numbers of the comments on the same words, or on some of them, by id."""
    placed = [(e.place, e) for e in (thread.head for thread in found) if e.place]
    placed.sort(key=lambda one: (one[0].chapter, one[0].start, one[0].end))
    groups: list[list[Entry]] = []
    chapter, end = "", -1
    for place, entry in placed:
        if place.chapter == chapter and place.start < end:
            groups[-1].append(entry)
            end = max(end, place.end)
        else:
            groups.append([entry])
            chapter, end = place.chapter, place.end
    return {
        entry.comment.id: tuple(sorted(o.number for o in group if o is not entry))
        for group in groups
        for entry in group
        if len(group) > 1
    }


def text(found: Sequence[Thread], files: Mapping[str, str]) -> str:
    """Write threads for a terminal: file and line, who and what, the quote, the words."""
    near = alongside(found)
    lines = (line for t in found for line in _lines(t, files, near.get(t.head.comment.id, ())))
    return "".join(f"{line}\n" for line in lines)


def _lines(thread: Thread, files: Mapping[str, str], near: Sequence[int]) -> Iterator[str]:
    entry = thread.head
    facts = [entry.comment.author, entry.comment.created[:10], *_marks(entry)]
    if near:
        facts.append(f"like {' '.join(f'[{number}]' for number in near[:_MOST_NEAR])}")
    place = where(entry, files)
    yield f"{place.path}:{place.line}: [{entry.number}] {', '.join(fact for fact in facts if fact)}"
    if entry.comment.selector:
        yield f"    “{_cut(entry.comment.selector.exact, 200)}”"
    if entry.comment.replacement is not None:
        yield f"    instead: {entry.comment.replacement or '(nothing)'}"
    yield from (f"    {line}" for line in entry.comment.body.splitlines())
    for decision in entry.decisions:
        facts = [str(decision.status), decision.reason, decision.commit]
        yield f"    = {', '.join(fact for fact in facts if fact)}"
    for reply in thread.replies:
        first, *rest = reply.comment.body.splitlines() or [""]
        yield f"    > {reply.comment.author}: {first}"
        yield from (f"      {line}" for line in rest)


def _marks(entry: Entry) -> Iterator[str]:
    """What an author must know of a comment besides its words."""
    if entry.orphan:
        yield "ORPHAN: its words are gone"
    elif entry.place and entry.place.score < CERTAIN:
        yield f"look whether it is here: {entry.place.score:.0%}"
    if entry.status is not Status.OPEN:
        yield str(entry.status)
    if entry.comment.blocking:
        yield "BLOCKING"


def markdown(found: Sequence[Thread], files: Mapping[str, str]) -> str:
    """Write threads as a Markdown list; what reviewers wrote is text in it, and no markup."""
    return "".join(f"{line}\n" for thread in found for line in _items(thread, files))


def task(thread: Thread, files: Mapping[str, str]) -> str:
    """Write a thread as an item of a task list."""
    return "".join(f"{line}\n" for line in _items(thread, files)).replace("- ", "- [ ] ", 1)


def said_of(quote: str) -> str:
    """A quote, cut where it is long."""
    return _cut(quote, 400)


def _items(thread: Thread, files: Mapping[str, str]) -> Iterator[str]:
    entry = thread.head
    place = where(entry, files)
    marks = "".join(f" ({mark})" for mark in _marks(entry))
    yield f"- `{place.path}:{place.line}` [{entry.number}] **{plain(entry.comment.author)}**{marks}"
    if entry.comment.selector:
        yield f"  > {plain(_cut(entry.comment.selector.exact, 400))}\n"
    if entry.comment.replacement is not None:
        yield f"  instead: {plain(entry.comment.replacement) or '(nothing)'}\n"
    yield from (f"  {line}".rstrip() for line in plain(entry.comment.body).splitlines())
    for reply in thread.replies:
        yield f"  - **{plain(reply.comment.author)}**: {plain(said(reply, 1000))}"


def plain(words: str) -> str:
    """Text as Markdown that shows it as it is: no markup, link, picture or HTML comes of it."""
    escaped = _MEANS_SOMETHING.sub(
        lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}{_guarded(m[3])}", words
    )
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//")


def _guarded(mark: str) -> str:
    return f"{mark}\u200b" if mark[0].isdigit() else f"\\{mark}"


def as_json(found: Sequence[Thread], files: Mapping[str, str]) -> str:
    """Write comments as a list of objects: the annotation, and what is known of it."""
    entries = [entry for thread in found for entry in (thread.head, *thread.replies)]
    listed = [_object(entry, files) for entry in entries]
    return json.dumps(listed, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _object(entry: Entry, files: Mapping[str, str]) -> dict[str, Any]:
    place = where(entry, files)
    return {
        "annotation": w3c.write(entry.comment, files),
        "decisions": [w3c.write_decision(decision) for decision in entry.decisions],
        "file": str(place.path),
        "line": place.line,
        "number": entry.number,
        "orphan": entry.orphan,
        "score": entry.place.score if entry.place else None,
        "status": str(entry.status),
    }


def github(found: Sequence[Thread], files: Mapping[str, str], base: PurePosixPath) -> str:
    """Write open comments as annotations of GitHub: workflow commands, one a line."""
    findings = [finding(thread.head, files) for thread in found]
    return report.write(findings, report.Style.GITHUB, base=base, version=__version__)


def drifted(before: Place | None, after: Place | None) -> str:
    """Say in one word what has become of a place: kept, moved, unsure, orphaned, found."""
    if after is None:
        return "orphaned"
    if before is None:
        return "found"
    if after.score < CERTAIN:
        return "unsure"
    same = (before.chapter, before.line) == (after.chapter, after.line)
    return "kept" if same else "moved"


def _quote(entry: Entry, most: int) -> str:
    return f" on “{_cut(entry.comment.selector.exact, most)}”" if entry.comment.selector else ""


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
