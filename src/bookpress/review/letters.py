"""Entries -> a letter to one reviewer, what became of each comment; or issues for GitHub."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from bookpress.review import listing
from bookpress.review.listing import plain
from bookpress.review.model import Entry, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bookpress.model import Book
    from bookpress.review.listing import Thread

_HEADS = {Status.RESOLVED: "Done", Status.DECLINED: "Not done, and why", Status.OPEN: "Still open"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LABEL = "draft-comment"
_MOST_ISSUE = 60_000
"""GitHub takes issues of 65,536 characters; what is more goes into the next one."""


def reviewers(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """The comments of each reviewer on each draft."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.comment.author, entry.comment.draft].append(entry)
    return dict(sorted(found.items()))


def letter(entries: Sequence[Entry], own: Sequence[Entry], book: Book) -> str:
    """Write to a reviewer what became of the comments on one draft: Markdown, fit for a mail.

    entries: all comments; an answer fares as the comment that it belongs to.
    own:     the comments of one reviewer on one draft, at least one.
    """
    author, draft = own[0].comment.author, own[0].comment.draft
    heads = {
        entry.comment.id: thread.head
        for thread in listing.threads(entries)
        for entry in (thread.head, *thread.replies)
    }
    fates: dict[Status, list[Entry]] = {status: [] for status in _HEADS}
    for entry in sorted(own, key=lambda e: (e.comment.created, e.number)):
        fates[heads[entry.comment.id].status].append(entry)
    of = f" of {draft}" if draft else ""
    thanks = (
        f"thank you for reading the draft{of} of “{book.metadata.short_title}” and for"
        f" {_count(len(own), 'comment', 'comments')}. This is what became of"
        f" {'it' if len(own) == 1 else 'them'}: {_summary(fates)}."
    )
    lines = [f"Dear {plain(author)},", "", thanks]
    titles = {chapter.slug: chapter.title for chapter in book.chapters()}
    for status, found in fates.items():
        if found:
            lines += ["", f"## {_HEADS[status]}"]
        for entry in found:
            lines += ["", *_account(entry, heads[entry.comment.id], titles)]
    return "\n".join(lines) + "\n"


def _summary(fates: Mapping[Status, Sequence[Entry]]) -> str:
    words = {Status.RESOLVED: "done", Status.DECLINED: "declined", Status.OPEN: "open"}
    parts = [f"{_number(len(found))} {words[s]}" for s, found in fates.items() if found]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _account(entry: Entry, head: Entry, titles: Mapping[str, str]) -> Iterator[str]:
    comment = entry.comment
    chapter = titles.get(comment.chapter, "")
    page = f"page {comment.page}" if comment.page else ""
    yield f"**{', '.join(part for part in (plain(chapter), page) if part) or 'The book'}**"
    if comment.selector:
        yield f"on “{plain(listing.said_of(comment.selector.exact))}”"
    if comment.replacement is not None:
        yield f"you suggested “{plain(comment.replacement) or '(nothing)'}”"
    yield ""
    yield from (f"> {line}".rstrip() for line in plain(comment.body).splitlines())
    yield from _decision(head)


def _decision(head: Entry) -> Iterator[str]:
    last = head.decisions[-1] if head.decisions else None
    if last is None:
        return
    word = {Status.RESOLVED: "Done", Status.DECLINED: "Declined", Status.OPEN: "Reopened"}
    commit = f" in {last.commit[:12]}" if last.commit else ""
    reason = f": {plain(last.reason)}" if last.reason else "."
    yield ""
    yield f"{word[last.status]}{commit}{reason}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _count(count: int, one: str, many: str) -> str:
    return f"{_number(count)} {one if count == 1 else many}"


def issues(found: Sequence[Thread], book: Book, files: Mapping[str, str]) -> str:
    """Write open comments as issues to be made: one a chapter, however many small ones there are.

    Returns JSON: a list of objects with `title`, `body` and `labels`, as GitHub's API takes them.
    """
    titles = {chapter.slug: chapter.title for chapter in book.chapters()}
    chapters: dict[str, list[Thread]] = defaultdict(list)
    for thread in found:
        place = thread.head.place
        chapters[place.chapter if place else ""].append(thread)
    made = []
    for slug, own in chapters.items():
        title = f"Review: {titles[slug]}" if slug in titles else "Review: comments without a place"
        bodies = list(_bodies([listing.task(thread, files) for thread in own]))
        for number, body in enumerate(bodies, 1):
            part = f" ({number} of {len(bodies)})" if len(bodies) > 1 else ""
            made.append({"title": f"{title}{part}", "body": body, "labels": [_LABEL]})
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _bodies(tasks: Iterable[str]) -> Iterator[str]:
    body = ""
    for task in tasks:
        if body and len(body) + len(task) > _MOST_ISSUE:
            yield body
            body = ""
        body += task
    if body:
        yield body
