"""An annotated PDF -> comments on the words that its annotations mark.

Highlights, underlines, notes, free text and drawings comment; strike-outs, carets and both together
suggest; answers answer. Viewers differ in how they write them: what is known of the dialects of
Acrobat, Preview, pdfbox and Poppler (Okular, Evince) stands in the tests.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from bookpress.review import anchor, clean, pdfnotes, text
from bookpress.review.model import (
    LONGEST_FILED,
    LONGEST_NAME,
    LONGEST_QUOTE,
    NOBODY,
    Comment,
    Motivation,
    Origin,
    Selector,
)
from bookpress.review.pagewords import Index, Leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.review.text import ChapterText

Json = dict[str, Any]
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-]\d\d)'?(\d\d)?'?)?")
_STAMP = re.compile(r"([\w.+-]{1,60}) · ([0-9a-f]{7,64})\b")
_MOST_HOPS = 50
_INSERT, _STRIKE = "Caret", "StrikeOut"


def read(
    path: Path, texts_of: Callable[[str], Mapping[str, ChapterText]]
) -> tuple[list[Comment], list[str]]:
    """Read the comments of an annotated PDF.

    texts_of: gives the chapters as they were at a commit; today's for "", or one not known.
    Returns   the comments, answers after what they answer, and what could not be understood.
    Raises    BookpressError, with the name of the file, when it cannot be read.
    """
    found = pdfnotes.read(path)
    draft, commit = _stamp(found)
    index = Index(texts_of(commit))
    pages = {int(n): index.leaf([(c, tuple(b)) for c, b in cs]) for n, cs in found["pages"].items()}
    problems = [f"{path}: it is damaged: {clean.line(what, 200)}" for what in found["damage"]]
    if found["unread"]:
        problems.append(f"{path}: {found['unread']} annotations cannot be understood")
    writer = _Writer(found["notes"], pages, draft, commit)
    return [*writer.comments()], problems


class _Writer:
    """Turns the notes of one file into comments."""

    def __init__(
        self, notes: Sequence[Json], pages: Mapping[int, Leaf | None], draft: str, commit: str
    ) -> None:
        self.notes, self.pages = notes, pages
        self.draft, self.commit = draft, commit
        self.by_number = {note["number"]: note for note in notes if note["number"]}

    def comments(self) -> Iterator[Comment]:
        """Every note as a comment; a caret that belongs to a strike-out is a part of it."""
        joined = {id(note): self._joined(note) for note in self.notes}
        inserted = {id(to): note for note in self.notes if (to := joined[id(note)])}
        for note in sorted(self.notes, key=lambda note: bool(self._answered(note))):
            if joined[id(note)] is None:
                yield self._comment(note, inserted.get(id(note)))

    def _joined(self, note: Json) -> Json | None:
        """The strike-out that a caret replaces, or the other way round: viewers do both."""
        other = self.by_number.get(note["reply_to"])
        kinds = {note["kind"], other["kind"]} if other else set()
        return other if note["grouped"] and kinds == {_INSERT, _STRIKE} else None

    def _answered(self, note: Json) -> Json | None:
        """What a note answers: the first of a chain, for a chapter's margin has one level."""
        seen = [note]
        while len(seen) < _MOST_HOPS and (other := self.by_number.get(seen[-1]["reply_to"])):
            if any(other is one for one in seen):
                break
            seen.append(other)
        first = self._joined(seen[-1]) or seen[-1]
        return first if len(seen) > 1 else None

    def _comment(self, note: Json, insertion: Json | None) -> Comment:
        answered = self._answered(note)
        leaf = self.pages.get(note["page"])
        parts = (note, insertion) if insertion else (note,)
        selector = None if answered else _selector(parts, leaf)
        body, replacement = _words(parts, selector)
        if answered:
            body, replacement = body or replacement or "(no words)", None
        elif not body and replacement is None and selector is None:
            body = f"({note['kind'].lower() or 'mark'} without words on page {note['page']})"
        motivation = Motivation.COMMENTING if replacement is None else Motivation.EDITING
        return Comment(
            id=self._id(note),
            chapter=leaf.chapter.slug if leaf else "",
            body=body,
            author=clean.line(note["author"], LONGEST_NAME) or NOBODY,
            created=_moment(note["created"]),
            selector=selector,
            motivation=Motivation.REPLYING if answered else motivation,
            replacement=replacement,
            parent=self._id(answered) if answered else "",
            draft=self.draft,
            commit=self.commit,
            origin=Origin.PDF,
            page=note["page"],
        )

    def _id(self, note: Json) -> str:
        """The same for the same annotation in another copy of the file."""
        boxes = "/".join(f"{round(n)}" for box in note["boxes"] for n in box)
        own = note["name"] or f"{boxes}/{note['text']}{note['rich']}{note['state']}"
        name = ("pdf", self.commit, str(note["page"]), note["kind"], note["author"], own)
        return clean.identifier(None, *name)


def _selector(parts: Sequence[Json], leaf: Leaf | None) -> Selector | None:
    """Quote what notes mark, or the line that they stand beside; None on a page of no chapter."""
    if leaf is None:
        return None
    boxes = [tuple(box) for note in parts if note["kind"] != _INSERT for box in note["boxes"]]
    place = leaf.marked(boxes) or next(_beside(parts, leaf), None)
    if place is None:
        return None
    start, end = place
    return anchor.select(leaf.chapter.text, start, min(end, start + LONGEST_QUOTE))


def _beside(parts: Sequence[Json], leaf: Leaf) -> Iterator[tuple[int, int]]:
    """Where notes stand: a caret after a word, others beside a line."""
    for note in parts:
        look = leaf.nearest if note["kind"] == _INSERT else leaf.beside
        yield from (near for box in note["boxes"] if (near := look(tuple(box))))


def _words(parts: Sequence[Json], selector: Selector | None) -> tuple[str, str | None]:
    """What a note says, and what it suggests instead of the words that it marks."""
    said = {note["kind"]: _said(note) for note in parts}
    if _STRIKE in said:
        return said[_STRIKE] if _INSERT not in said else "", said.get(_INSERT, "")
    if _INSERT in said and said[_INSERT] and selector:
        return "", f"{selector.exact} {said[_INSERT]}"
    return said[parts[0]["kind"]], None


def _said(note: Json) -> str:
    """The words of a note: plain, or those of its rich text, or the state that it sets."""
    plain = clean.block(note["text"], LONGEST_FILED)
    state = f"(set to {clean.line(note['state'], 80)})" if note["state"] else ""
    return plain or clean.block(text.of_html(note["rich"])[0], LONGEST_FILED) or state


def _stamp(found: Json) -> tuple[str, str]:
    """The draft and the commit that a file says it was made of, in its information or its text."""
    info = {key: clean.line(value, LONGEST_NAME) for key, value in found["info"].items()}
    if info.get("bookcommit"):
        return info.get("bookdraft", ""), info["bookcommit"]
    for characters in found["pages"].values():
        if match := _STAMP.search(clean.collapse("".join(c for c, _ in characters))):
            return match[0], match[2]
    return "", ""


def _moment(written: str) -> str:
    """A date of PDF (ISO 32000-2, 7.9.4) as ISO 8601 in UTC; "" for what is none."""
    if not (match := _DATE.match(written)):
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    offset = dt.timedelta(hours=int(match[7] or 0), minutes=int(match[8] or 0))
    try:
        zone = dt.timezone(offset)
        found = dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
        return clean.moment(found.isoformat())
    except ValueError:
        return ""
