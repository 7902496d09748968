"""Files that reviewers send -> comments in the store: all that are in them, or none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.review import clean, draft, history, issues, reviews, text, w3c
from bookpress.review.model import LONGEST_FILED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bookpress.manuscript import Manuscript
    from bookpress.model import Book
    from bookpress.review.model import Comment
    from bookpress.review.store import Added, Comments
    from bookpress.review.text import ChapterText

MOST_JSON_BYTES = 50_000_000
_KINDS = "a draft's download (.json), an annotated PDF, a Word file or GitHub issues (.json)"


@dataclass(slots=True)
class Drafts:
    """The chapters of a book as they are, and as they were at the commits that drafts name."""

    root: Path
    read: Manuscript
    _known: dict[str, Mapping[str, ChapterText]] = field(default_factory=dict)

    def at(self, commit: str) -> Mapping[str, ChapterText]:
        """The chapters at a commit, by slug; today's where it is not known, or had no book."""
        name = history.full_name(self.root, commit) if commit else ""
        if name not in self._known:
            self._known[name] = self._load(name)
        return self._known[name]

    def _load(self, name: str) -> Mapping[str, ChapterText]:
        if name:
            try:
                with history.checked_out(self.root, name) as was:
                    return text.load(was)
            except BookpressError:  # of what the book was, little is lost: quotes are found again
                return self.at("")
        return text.of_manuscript(self.root, self.read)


@dataclass(frozen=True, slots=True)
class Arrived:
    """The comments of one file, and what of it could not be understood."""

    path: Path
    comments: tuple[Comment, ...]
    problems: tuple[str, ...] = ()


def read(path: Path, drafts: Drafts) -> Arrived:
    """Read the comments of a file, whatever its name says it is.

    Raises  BookpressError, with the name of the file, when it holds none or cannot be read.
    """
    from bookpress.review import pdfcomments, wordcomments  # noqa: PLC0415  (pikepdf takes time)

    if clean.line(str(path), LONGEST_FILED) != str(path):
        shown = clean.line(str(path), LONGEST_FILED)
        raise BookpressError(f"{shown}: this name cannot be printed", hint="rename the file")
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise BookpressError(f"{path}: {error.strerror}") from None
    if b"%PDF-" in head:
        comments, problems = pdfcomments.read(path, drafts.at)
        return Arrived(path, tuple(comments), tuple(problems))
    if head.startswith(b"PK"):
        return Arrived(path, tuple(wordcomments.read(path, drafts.at(""))))
    return Arrived(path, _json(path, drafts))


def take(store: Comments, arrived: Sequence[Arrived], drafts: Drafts) -> Added:
    """Keep the comments of all files, then say of every comment where it is today."""
    store.backup()
    added = store.add_all((comment, "") for one in arrived for comment in one.comments)
    store.place(reviews.placed(store.all(), drafts.at("")))
    return added


def codes(book: Book) -> dict[str, str]:
    """The slug of each chapter by what names it in the margin of a draft: "ch04", "appA"."""
    return {draft.code(chapter): chapter.slug for chapter in book.written()}


def _json(path: Path, drafts: Drafts) -> tuple[Comment, ...]:
    if path.stat().st_size > MOST_JSON_BYTES:
        raise BookpressError(f"{path}: it is larger than {MOST_JSON_BYTES // 1_000_000} MB")
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BookpressError(f"{path}: it cannot be read", hint=f"send {_KINDS}") from None
    if issues.is_issues(data):
        try:
            return tuple(issues.read(data, drafts.at, codes(drafts.read.book)))
        except ValueError as error:
            raise BookpressError(f"{path}: {error}") from None
    try:
        found = w3c.items(data)
    except w3c.MalformedError as error:
        raise BookpressError(f"{path}: {error.problem}", hint=f"send {_KINDS}") from None
    return tuple(_annotation(path, number, item) for number, item in enumerate(found, 1))


def _annotation(path: Path, number: int, item: object) -> Comment:
    try:
        return w3c.read(item, longest=LONGEST_FILED)
    except w3c.MalformedError as error:
        raise BookpressError(f"{path}: annotation {number}: {error.problem}") from None
