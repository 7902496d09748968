"""Issues of GitHub, as JSON -> comments: those that a draft has filed, and any other.

What `gh issue list --json number,title,body,author,createdAt,url,labels` prints is read, and what
the REST API answers. The form of a draft fills sections of its own; of an issue without them the
whole text is a comment on the book.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bookpress.review import anchor, clean, words
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bookpress.review.text import ChapterText

MOST = 10_000
_SECTIONS = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)
_LOCATOR = re.compile(r"([\w.-]+?)(?:\.md)?:(\d{1,6})\b")
_COMMIT = re.compile(r" · ([0-9a-f]{7,64})\b")
_EDIT = re.compile(r"Suggested instead:\s*\n+((?:> ?.*(?:\n|$))+)")
_NOTHING = "(nothing)"
_UNSAID = ("_No response_", "")


def is_issues(data: object) -> bool:
    """Say whether JSON looks like a list of issues, or one."""
    some = data[0] if isinstance(data, list) and data else data
    return isinstance(some, dict) and "title" in some and "number" in some


def read(
    data: object,
    texts_of: Callable[[str], Mapping[str, ChapterText]],
    codes: Mapping[str, str],
) -> list[Comment]:
    """Make a comment of each issue; pull requests are left out.

    texts_of: gives the chapters as they were at a commit.
    codes:    the slug of each chapter by what names it in the margin of a draft: "ch04".
    Raises    ValueError when there are more than MOST.
    """
    found = data if isinstance(data, list) else [data]
    if len(found) > MOST:
        raise ValueError(f"{len(found)} issues are too many; the most is {MOST}")
    issues = [one for one in found if isinstance(one, dict) and "pull_request" not in one]
    return [_comment(issue, texts_of, codes) for issue in issues]


def _comment(
    issue: Mapping[str, Any],
    texts_of: Callable[[str], Mapping[str, ChapterText]],
    codes: Mapping[str, str],
) -> Comment:
    text = clean.block(issue.get("body"), LONGEST_FILED)
    title = clean.line(issue.get("title"), 200)
    sections = _split(text)
    location = clean.line(_section(sections, "location", "place", "where"), 400)
    quote = clean.line(_unquoted(_section(sections, "quote", "words")), LONGEST_QUOTE)
    said = _section(sections, "comment", "say", "wrong") or ("" if quote else text or title)
    said, edit = _edit(said)
    commit = match[1] if (match := _COMMIT.search(location)) else ""
    texts = texts_of(commit)
    slug, selector = _selector(quote, location, texts, codes)
    return Comment(
        id=_identifier(issue),
        chapter=slug,
        body=clean.block(said or ("" if edit is not None or quote else title), LONGEST_FILED),
        author=_author(issue),
        created=clean.moment(issue.get("createdAt", issue.get("created_at"))),
        selector=selector,
        motivation=Motivation.COMMENTING if edit is None else Motivation.EDITING,
        replacement=edit,
        commit=commit,
        origin=Origin.ISSUE,
        blocking=_is_blocking(issue),
    )


def _identifier(issue: Mapping[str, Any]) -> str:
    """Its address where it has one, the same from the command line and from the API."""
    address = issue.get("html_url", issue.get("url"))
    return clean.identifier(address, "issue", str(issue.get("number"))[:20])


def _author(issue: Mapping[str, Any]) -> str:
    who = issue.get("author", issue.get("user"))
    name = who.get("login") if isinstance(who, dict) else who
    return clean.line(name, LONGEST_NAME) or NOBODY


def _is_blocking(issue: Mapping[str, Any]) -> bool:
    labels = issue.get("labels")
    names = [
        one.get("name") if isinstance(one, dict) else one
        for one in (labels if isinstance(labels, list) else [])
    ]
    return "blocking" in names


def _split(text: str) -> dict[str, str]:
    """The sections of an issue by their headings, in lower case."""
    parts = _SECTIONS.split(text)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {name.strip().lower(): body.strip() for name, body in pairs}


def _section(sections: Mapping[str, str], *names: str) -> str:
    for heading, body in sections.items():
        if any(name in heading for name in names):
            return "" if body in _UNSAID else body
    return ""


def _unquoted(text: str) -> str:
    return "\n".join(line.removeprefix(">").strip() for line in text.splitlines())


def _edit(said: str) -> tuple[str, str | None]:
    """What was said, and what was suggested below it."""
    if not (match := _EDIT.search(said)):
        return said, None
    edit = clean.line(_unquoted(match[1]), LONGEST_FILED)
    return said[: match.start()].strip(), "" if edit == _NOTHING else edit


def _selector(
    quote: str, location: str, texts: Mapping[str, ChapterText], codes: Mapping[str, str]
) -> tuple[str, Selector | None]:
    """The chapter that a locator names, and the quote in it that is nearest to its line."""
    match = _LOCATOR.search(location)
    slug = codes.get(match[1], match[1]) if match else ""
    if not match or slug not in texts:
        return _anywhere(quote, texts)
    chapter = texts[slug]
    start, end = words.lines(chapter).spanned(int(match[2]))
    if not quote:
        return slug, anchor.select(chapter.text, start, end) if start < end else None
    if found := anchor.nearest(chapter.text, quote, start):
        return slug, anchor.select(chapter.text, found.start, found.end)
    return slug, Selector(quote, start=start, end=start + len(quote))


def _anywhere(quote: str, texts: Mapping[str, ChapterText]) -> tuple[str, Selector | None]:
    if not quote:
        return "", None
    wanted = Selector(quote)
    if not (place := anchor.locate(wanted, texts)):
        return "", wanted
    slug, found = place
    return slug, anchor.select(texts[slug].text, found.start, found.end)
