"""The manuscript as it is now, and what is said of it -> the answers of a server for reviewers.

The draft is the last one that could be made: while the manuscript is broken, reviewers read on,
and the author is told.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bookpress import commit, manuscript
from bookpress.errors import BookpressError
from bookpress.press import Press
from bookpress.review import draft as drafts
from bookpress.review import places, reviews, w3c, wire
from bookpress.review.model import Decision, Entry, Origin, Status
from bookpress.review.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bookpress.manuscript import Manuscript
    from bookpress.review.draft import Draft, Page
    from bookpress.review.model import Comment

AUTHOR = "author"


class RefusedError(BookpressError):
    """Something was sent that cannot be taken: it says why, in words for who sent it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A draft, and its page."""

    draft: Draft
    page: Page


def read(root: Path) -> tuple[Manuscript, Press]:
    """Read the manuscript of a folder, and make the press that its draft needs."""
    found = manuscript.load(root)
    return found, Press(root, found, commit.last_changed(root), manuscript.silent, 1)


class Desk:
    """One book under review. Several threads may use it.

    tell: called with the name of what happened: `draft`, `comments` or `problem`.
    """

    def __init__(self, root: Path, tell: Callable[[str], None]) -> None:
        self.root, self.tell = root, tell
        self.problem = ""
        self._turn = threading.Lock()
        self.served = self._make()
        self.comments = reviews.open_store(root, self.served.draft.book)
        self._attach()

    def rebuild(self) -> bool:
        """Make the draft anew and find the places of all comments in it.

        Returns False when the manuscript is broken: then the last draft stays.
        """
        with self._turn:
            was, healed = self.served, bool(self.problem)
            try:
                made = self._make()
                self.comments.sources.update(made.draft.sources)
                self.served = made
                self._attach()
            except (BookpressError, OSError, UnicodeError) as error:
                self.problem = str(error)
                self.tell("problem")
                return False
            self.problem = ""
            if was.page.html != made.page.html:
                self.tell("draft")
            elif healed:
                self.tell("problem")
            return True

    def state(self, *, author: bool) -> dict[str, Any]:
        """All comments, and what an open page must know besides."""
        served = self.served
        return {
            "author": author,
            "build": served.draft.build,
            "comments": wire.write(self.comments.all(), served.draft.sources),
            "draft": served.draft.stamp.label,
            "problem": self.problem if author else "",
        }

    def add(self, data: object) -> str:
        """Keep what somebody wrote; returns its id once it is on the disk.

        Words that are not in the draft are no reason to refuse them: the page may be older.
        Raises  RefusedError when it is no comment on this book.
        """
        comment = self._read(data)
        texts = self.served.draft.texts
        if comment.parent:
            if comment.parent not in self._ids():
                raise RefusedError("it answers a comment that is not here")
            comment = replace(comment, selector=None, replacement=None)
            if not comment.body:
                raise RefusedError("an answer without words")
        elif comment.chapter not in texts:
            raise RefusedError("it is about no chapter of this book")
        elif not comment.body and comment.replacement is None:
            raise RefusedError("a comment without words")
        return self._keep(replace(comment, created=_now(), origin=Origin.WEB))

    def decide(self, identifier: str, data: object) -> None:
        """Add what the author decided; raises RefusedError, LookupError for an unknown comment."""
        try:
            decision = w3c.read_decision(data)
        except BookpressError as error:
            raise RefusedError(error.problem) from error
        if decision.status is not Status.RESOLVED and not decision.reason:
            raise RefusedError("give a reason: the reviewer will read it")
        self.comments.decide(
            identifier,
            Decision(decision.status, decision.reason, decision.commit, AUTHOR, _now()),
        )
        self.tell("comments")

    def move(self, identifier: str, data: object) -> None:
        """Attach a comment to other words; raises RefusedError, LookupError."""
        known = {entry.comment.id: entry.comment for entry in self.comments.all()}
        comment = known[identifier]
        if not isinstance(data, dict) or data.get("build") != self.served.draft.build:
            raise RefusedError("there is a newer draft: choose the words in that one")
        to = self._read({"target": data.get("target"), "creator": AUTHOR})
        if to.selector is None or to.chapter not in self.served.draft.texts:
            raise RefusedError("no words of this book were chosen")
        stamp = self.served.draft.stamp
        to = replace(
            to,
            id=f"urn:uuid:{uuid.uuid4()}",
            created=_now(),
            draft=stamp.label,
            commit=stamp.commit,
            origin=Origin.WEB,
        )
        self.comments.add(places.move(comment, to))
        self._attach()
        self.tell("comments")

    def close(self) -> None:
        """Let go of the comments."""
        self.comments.close()

    def _read(self, data: object) -> Comment:
        try:
            return w3c.read(data)
        except BookpressError as error:
            raise RefusedError(error.problem) from error

    def _keep(self, comment: Comment) -> str:
        kept = self.comments.add(comment, comment.id)
        if not comment.parent:
            place = reviews.placed((Entry(0, comment),), self.served.draft.texts)[comment.id]
            with suppress(StoreError):  # it is kept; its place is found again with the next draft
                self.comments.place({kept: place})
        self.tell("comments")
        return kept

    def _ids(self) -> set[str]:
        return {entry.comment.id for entry in self.comments.all()}

    def _make(self) -> Served:
        found, press = read(self.root)
        made = drafts.make(self.root, found, press)
        return Served(made, drafts.write(made, (), served=True))

    def _attach(self) -> None:
        texts = self.served.draft.texts
        self.comments.place(reviews.placed(self.comments.all(), texts))


def _now() -> str:
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
