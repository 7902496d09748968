"""Files of reviewers are taken in whole, once, or refused by their names."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pypandoc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review import sample

from bookpress import manuscript
from bookpress.errors import BookpressError
from bookpress.review import anchor, importing, reviews, w3c
from bookpress.review.importing import Drafts
from bookpress.review.model import LONGEST_FILED, Comment, Motivation, Origin

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = """\
# Weirs

A weir holds the river back so that mills have water in August.

At noon the [Who opens it?]{.comment-start id="1" author="Ana" date="2026-11-20T10:00:00Z"}sluice is
opened[]{.comment-end id="1"} by hand, and it is
shut at [night]{.deletion author="Tomas" date="2026-11-20T11:00:00Z"}[dusk]{.insertion
author="Tomas" date="2026-11-20T11:00:00Z"}. Nobody [really ]{.insertion author="Ana"
date="2026-11-20T12:00:00Z"}knows *who* began this.

The keeper writes down the level every hour. He has done so for `31` years,[ and his daughter will
go on with it]{.deletion author="Ana" date="2026-11-20T12:00:00Z"}.
"""


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    root = sample.book(tmp_path_factory.mktemp("book"))
    return Drafts(root, manuscript.load(root))


@pytest.fixture(scope="module")
def word_file() -> bytes:
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "docx", "-o", "-"]
    done = subprocess.run(command, input=CHANGED.encode(), capture_output=True, check=True)
    return done.stdout


def lines(comments: tuple[Comment, ...], drafts: Drafts) -> list[tuple[str, int] | None]:
    found = [anchor.attach(comment, drafts.at("")) for comment in comments]
    return [(place.chapter, place.line) if place else None for place in found]


def write(tmp_path: Path, name: str, data: object) -> Path:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def test_comments_and_changes_of_a_word_file_are_found_in_the_manuscript(
    drafts: Drafts, word_file: bytes, tmp_path: Path
) -> None:
    arrived = importing.read(write(tmp_path, "weirs.docx", word_file), drafts)

    said = [
        (c.author, c.body, c.selector and c.selector.exact, c.replacement) for c in arrived.comments
    ]
    assert said == [
        ("Ana", "Who opens it?", "sluice is opened", None),
        ("Tomas", "", "night", "dusk"),
        ("Ana", "", "at night. Nobody", "at night. Nobody really"),
        ("Ana", "", "and his daughter will go on with it", ""),
    ]
    assert lines(arrived.comments, drafts) == [("weirs", n) for n in (5, 6, 6, 8)]
    assert {c.origin for c in arrived.comments} == {Origin.DOCX}
    assert arrived.comments[0].created == "2026-11-20T10:00:00Z"


def test_the_same_word_file_has_the_same_comments(
    drafts: Drafts, word_file: bytes, tmp_path: Path
) -> None:
    first = importing.read(write(tmp_path, "a.docx", word_file), drafts)
    second = importing.read(write(tmp_path, "b.docx", word_file), drafts)

    assert first.comments == second.comments
    assert len({comment.id for comment in first.comments}) == 4


ISSUE: dict[str, Any] = {
    "number": 12,
    "title": "ch01:6: shut at night",
    "url": "https://example.org/issues/12",
    "author": {"login": "ana"},
    "createdAt": "2026-11-20T10:00:00Z",
    "labels": [{"name": "draft-comment"}, {"name": "blocking"}],
    "body": "### Where\n\nch01:6, draft 2026.11.0-draft.1 · abcdef1\n\n### The words\n\n> shut at"
    " night\n\n### What you would say\n\nToo dark.\n\nSuggested instead:\n\n> shut at dusk\n",
}


def test_an_issue_that_a_draft_has_filed_is_at_its_words(drafts: Drafts, tmp_path: Path) -> None:
    arrived = importing.read(write(tmp_path, "issues.json", [ISSUE]), drafts)

    [comment] = arrived.comments
    assert comment.selector
    assert (comment.selector.exact, comment.replacement) == ("shut at night", "shut at dusk")
    assert (comment.body, comment.author) == ("Too dark.", "ana")
    assert (comment.commit, comment.blocking) == ("abcdef1", True)
    assert comment.motivation is Motivation.EDITING
    assert lines(arrived.comments, drafts) == [("weirs", 6)]


def test_an_issue_without_a_quote_is_at_its_line_and_one_without_a_line_at_the_book(
    drafts: Drafts, tmp_path: Path
) -> None:
    line = ISSUE | {"body": "### Location\n\nmanuscript/gauges.md:9\n\n### Comment\n\nWhich?"}
    free = ISSUE | {"number": 13, "url": "x:13", "body": "I like it.", "title": "Nice"}
    request = ISSUE | {"number": 14, "pull_request": {}}

    arrived = importing.read(write(tmp_path, "i.json", [line, free, request]), drafts)

    assert [c.body for c in arrived.comments] == ["Which?", "I like it."]
    assert lines(arrived.comments, drafts) == [("gauges", 10), None]


def test_what_was_taken_in_once_is_known_and_decisions_of_reviewers_do_not_count(
    drafts: Drafts, tmp_path: Path
) -> None:
    text = drafts.at("")["weirs"]
    start = text.text.index("sluice")
    comment = Comment(
        "urn:x:1", "weirs", "Why?", "Ana", selector=anchor.select(text.text, start, start + 6)
    )
    forged = w3c.write(comment, {}) | {"book:decisions": [{"status": "resolved"}]}
    path = write(tmp_path, "comments.json", w3c.collection([forged], "mine"))
    arrived = [importing.read(path, drafts)]

    with reviews.open_store(tmp_path, drafts.read.book) as store:
        first = importing.take(store, arrived, drafts)
        second = importing.take(store, arrived, drafts)
        [entry] = store.all()

    assert (first.new, first.known) == (("urn:x:1",), ())
    assert (second.new, second.known) == ((), ("urn:x:1",))
    assert (entry.decisions, entry.place and entry.place.line) == ((), 5)


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.json", b""),
        ("letter.json", b"Dear author, I liked the book."),
        ("deep.json", _nested(200_000)),
        ("number.json", b"9" * 10_000),
        ("text.json", b'"text"'),
        ("other.json", b'{"type": "Letter"}'),
        ("latin.json", '["é"]'.encode("latin-1")),
        ("list.json", [1, 2]),
        ("long.json", [{"type": "Annotation", "body": "x" * 100_000}]),
        ("no.docx", b"PK\x03\x04 this is no archive"),
        ("zip.docx", _zip({"readme.txt": b"hello"})),
        ("xml.docx", _zip({"word/document.xml": b"<w:document>", "[Content_Types].xml": b"<x/>"})),
        ("bomb.docx", _zip({f"{n}": b"\0" * 50_000_000 for n in range(5)})),
        ("many.docx", _zip({str(n): b"" for n in range(5_001)})),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(
    name: str, data: object, drafts: Drafts, tmp_path: Path
) -> None:
    with pytest.raises(BookpressError) as refusal:
        importing.read(write(tmp_path, name, data), drafts)

    assert name in refusal.value.problem


def test_a_comment_that_is_cut_says_so(drafts: Drafts, tmp_path: Path) -> None:
    issue = ISSUE | {"body": "word " * 20_000}

    [comment] = importing.read(write(tmp_path, "i.json", issue), drafts).comments

    assert len(comment.body) == LONGEST_FILED
    assert comment.body.endswith("…")


def test_a_name_that_would_drive_the_terminal_is_not_printed(
    drafts: Drafts, tmp_path: Path
) -> None:
    with pytest.raises(BookpressError, match="cannot be printed") as refusal:
        importing.read(write(tmp_path, "a\x1b[2Jb.json", [ISSUE]), drafts)

    assert "\x1b" not in str(refusal.value)


def test_entities_that_swell_do_not_fill_the_memory(drafts: Drafts, tmp_path: Path) -> None:
    names = [f"e{n}" for n in range(12)]
    swelling = "".join(
        f'<!ENTITY {name} "{("&" + names[n - 1] + ";") * 10 if n else "lol"}">'
        for n, name in enumerate(names)
    )
    document = f"<?xml version='1.0'?><!DOCTYPE d [{swelling}]><w:document>&e11;</w:document>"
    data = _zip({"word/document.xml": document.encode(), "[Content_Types].xml": b"<Types/>"})

    with pytest.raises(BookpressError, match=r"lol\.docx"):
        importing.read(write(tmp_path, "lol.docx", data), drafts)


_VALUES = st.none() | st.integers() | st.text(max_size=30) | st.just(ISSUE["body"])
_ISSUES = st.fixed_dictionaries(
    {"number": _VALUES, "title": _VALUES},
    optional={
        key: _VALUES | st.lists(_VALUES, max_size=3) | st.dictionaries(st.text(max_size=5), _VALUES)
        for key in ("body", "author", "user", "url", "html_url", "labels", "createdAt")
    },
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(_ISSUES, min_size=1, max_size=3))
def test_whatever_an_issue_holds_it_is_a_comment_that_can_be_kept(
    drafts: Drafts, tmp_path: Path, issues: list[dict[str, Any]]
) -> None:
    arrived = importing.read(write(tmp_path, "i.json", issues), drafts)

    assert len(arrived.comments) == len(issues)
    for comment in arrived.comments:
        json.dumps(w3c.write(comment, {})).encode("utf-8")


@pytest.mark.slow
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data())
def test_a_broken_word_file_is_read_or_refused(
    drafts: Drafts, word_file: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    broken = bytearray(word_file)
    for _ in range(data.draw(st.integers(1, 20))):
        broken[data.draw(st.integers(4, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = write(tmp_path, "broken.docx", bytes(broken[: data.draw(st.integers(4, len(broken)))]))

    try:
        arrived = importing.read(path, drafts)
    except BookpressError as error:
        assert "broken.docx" in error.problem  # noqa: PT017  (to read it is right as well)
    else:
        assert len(arrived.comments) <= 8
