"""Comments <-> SQLite, which loses nothing that was acknowledged.

A row holds the annotation of one comment and is never changed; decisions are added as events;
places are derived, and replaced. When a call returns, what it wrote has been synced to the disk.
Several threads may use one store, and several processes one file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

from bookpress.errors import BookpressError, ToolError
from bookpress.review import clean, w3c
from bookpress.review.model import Entry, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlite_utils import Database

    from bookpress.review.model import Comment, Decision

BACKUP = "comments.before-import.sqlite"
_IGNORED = "*.sqlite*\n"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS annotation (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, parent TEXT NOT NULL,
    chapter TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS arrival (client_key TEXT PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, json TEXT NOT NULL,
    UNIQUE (id, json));
CREATE TABLE IF NOT EXISTS place (
    id TEXT PRIMARY KEY, attached INTEGER NOT NULL, chapter TEXT NOT NULL, line INTEGER NOT NULL,
    line_end INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, score REAL NOT NULL);
"""
_WAIT_SECONDS = 30


class StoreError(BookpressError):
    """The comments cannot be read or written: a full disk, a damaged file, a lock that stays."""


@dataclass(frozen=True, slots=True)
class Added:
    """The ids under which comments are kept: those that were new, and those that were known."""

    new: tuple[str, ...]
    known: tuple[str, ...]


class Comments:
    """The comments on one book.

    path:    the database; it and its folder are made, with a .gitignore that keeps it out of git.
    sources: the manuscript file of each chapter, by slug, for the annotations that are written.
    Raises   ToolError when sqlite-utils is missing, StoreError when the file cannot be used; so
             does every method.
    """

    def __init__(self, path: Path, sources: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.sources = dict(sources or {})
        self._lock = threading.RLock()
        with _failures(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            ignore = path.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text(_IGNORED, "utf-8")
            self._db = _open(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, comment: Comment, client_key: str = "") -> str:
        """Keep a comment; returns the id under which it is kept.

        client_key: names this sending of it: one that comes again, as after a lost answer, gets the
                    id of the first. A comment whose id is known and whose words are others is kept
                    as well, as a reply to the first.
        """
        added = self.add_all(((comment, client_key),))
        return (added.new or added.known)[0]

    def add_all(self, arriving: Iterable[tuple[Comment, str]]) -> Added:
        """Keep comments, each with its key as in `add`: all of them or, where one fails, none."""
        new: list[str] = []
        known: list[str] = []
        with self._writing():
            for comment, key in arriving:
                found, is_new = self._add(comment, key)
                (new if is_new else known).append(found)
        return Added(tuple(new), tuple(known))

    def decide(self, identifier: str, decision: Decision) -> None:
        """Add what the author decided about a comment; the same decision counts once.

        Raises  LookupError when there is no such comment.
        """
        with self._writing():
            if not self._rows("SELECT 1 FROM annotation WHERE id = ?", identifier):
                raise LookupError(identifier)
            row = (identifier, w3c.text(w3c.write_decision(decision)))
            self._db.execute("INSERT OR IGNORE INTO event (id, json) VALUES (?, ?)", row)

    def place(self, places: Mapping[str, Place | None]) -> None:
        """Replace the places of comments, by id; of one that has none the last one is kept."""
        with self._writing():
            for identifier, place in places.items():
                if place is None:
                    self._db.execute("UPDATE place SET attached = 0 WHERE id = ?", (identifier,))
                else:
                    row = asdict(place)
                    row |= {"id": identifier, "attached": 1}
                    self._db.table("place", pk="id").insert(row, replace=True)

    def all(self) -> tuple[Entry, ...]:
        """Every comment with what is known of it, in the order of arrival."""
        with self._lock, _failures(self.path):
            rows = self._rows("SELECT number, id, json FROM annotation ORDER BY number")
            events = self._rows("SELECT id, json FROM event ORDER BY number")
            places = {row["id"]: row for row in self._rows("SELECT * FROM place")}
            decisions: dict[str, list[Decision]] = {}
            for event in events:
                made = w3c.read_decision(json.loads(event["json"]))
                decisions.setdefault(event["id"], []).append(made)
            return tuple(
                _entry(row, in_order(decisions.get(row["id"], ())), places.get(row["id"]))
                for row in rows
            )

    def backup(self) -> Path:
        """Copy the database beside itself, in place of the copy before it."""
        copy = self.path.parent / BACKUP
        with self._lock, _failures(copy):
            fresh = copy.with_suffix(".new.sqlite")
            fresh.unlink(missing_ok=True)
            self._db.execute("VACUUM INTO ?", (str(fresh),))
            fresh.replace(copy)
        return copy

    def _add(self, comment: Comment, key: str) -> tuple[str, bool]:
        if key and (known := self._rows("SELECT id FROM arrival WHERE client_key = ?", key)):
            return known[0]["id"], False
        kept = self._kept(comment.id)
        if kept and kept != comment:
            changed = clean.identifier(None, comment.id, self._text(comment))
            comment = replace(comment, id=changed, parent=comment.parent or comment.id)
            kept = self._kept(changed)
        is_new = not kept
        if is_new:
            row = {"id": comment.id, "parent": comment.parent, "chapter": comment.chapter}
            self._db.table("annotation").insert(row | {"json": self._text(comment)})
        if key:
            self._db.table("arrival").insert({"client_key": key, "id": comment.id})
        return comment.id, is_new

    def _kept(self, identifier: str) -> Comment | None:
        found = self._rows("SELECT json FROM annotation WHERE id = ?", identifier)
        return _comment(found[0]["json"]) if found else None

    def _text(self, comment: Comment) -> str:
        return w3c.text(w3c.write(comment, self.sources))

    def _rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        return list(self._db.query(sql, parameters))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the right to write from the first look on: nobody writes between look and write."""
        with self._lock, _failures(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()
                raise


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions by their times; those of one time as they are."""
    return tuple(sorted(decisions, key=lambda decision: decision.when))


def _open(path: Path) -> Database:
    try:
        from sqlite_utils import Database  # noqa: PLC0415  (an extra; --help must be quick)
    except ImportError:
        hint = "python -m pip install 'bookpress[review]'"
        raise ToolError("sqlite-utils is not installed", hint=hint) from None
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False)
    try:
        database = Database(connection, execute_plugins=False)
        database.enable_wal()
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return database


def _entry(
    row: Mapping[str, Any], decisions: tuple[Decision, ...], place: Mapping[str, Any] | None
) -> Entry:
    last = Place(**{part.name: place[part.name] for part in fields(Place)}) if place else None
    attached = last if place and place["attached"] else None
    return Entry(row["number"], _comment(row["json"]), decisions, attached, last)


def _comment(written: str) -> Comment:
    return w3c.read(json.loads(written), longest=len(written))


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        hint = "what was acknowledged is kept; see to the disk, and try again"
        raise StoreError(f"{path}: {error}", hint=hint) from error
