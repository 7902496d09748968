"""Open comments -> findings: notes for `check`, and what forbids a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress import manuscript
from bookpress.findings import Finding
from bookpress.review import listing, reviews
from bookpress.review.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bookpress.review.model import Entry

BLOCKED = "R007"


def complaints(root: Path) -> Iterator[Finding]:
    """Every open comment where it is today (C001), or where it was last (C002)."""
    for entry, files in _open(root):
        yield listing.finding(entry, files)


def blockers(root: Path) -> Iterator[Finding]:
    """Every open comment that was marked as blocking (R007)."""
    for entry, files in _open(root):
        if entry.comment.blocking:
            message = f"{entry.comment.author} blocks the release: {listing.said(entry, 120)}"
            hint = f"bookpress review resolve {entry.number}, or decline it with a reason"
            yield Finding(listing.where(entry, files), BLOCKED, message, hint)


def _open(root: Path) -> Iterator[tuple[Entry, dict[str, str]]]:
    """The first comment of every open thread, and the manuscript files by slug."""
    if not reviews.exist(root):
        return
    read = manuscript.load(root)
    files = reviews.sources(read.book)
    for thread in listing.threads(reviews.current(root, read)):
        if thread.head.status is Status.OPEN:
            yield thread.head, files
