"""Open comments are notes of `check`, and those that block forbid a release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.review.sample import book

from bookpress import manuscript, outline
from bookpress.findings import Severity
from bookpress.report import severity
from bookpress.review import anchor, commands, reviews, text
from bookpress.review.model import Comment, Decision, Selector, Status

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.findings import Finding

SAID = Comment("urn:x:1", "weirs", "Who opens it?", "Ana", "2026-11-20T10:00:00Z")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return book(tmp_path)


def comment_on(root: Path, quote: str, like: Comment = SAID) -> Comment:
    chapter = text.load(root)["weirs"]
    start = chapter.text.index(quote)
    selector = anchor.select(chapter.text, start, start + len(quote))
    comment = replace(like, selector=selector)
    with reviews.open_store(root, outline.load(root)) as store:
        store.add(comment)
    return comment


def places(found: list[Finding]) -> list[tuple[str, int, str]]:
    return [(str(f.where.path), f.where.line, f.code) for f in found]


def test_a_book_without_comments_has_no_notes_and_gets_no_store(root: Path) -> None:
    assert list(commands.complaints(root)) == []
    assert list(commands.blockers(root)) == []
    assert not (root / reviews.FOLDER).exists()


def test_an_open_comment_is_a_note_at_its_line_and_a_decided_one_is_none(root: Path) -> None:
    comment = comment_on(root, "sluice is opened by hand")

    found = list(commands.complaints(root))

    assert places(found) == [("manuscript/weirs.md", 5, "C001")]
    assert severity(found[0]) is Severity.NOTE
    assert "Ana on “sluice is opened by hand”: Who opens it?" in found[0].message
    with reviews.open_store(root, outline.load(root)) as store:
        store.decide(comment.id, Decision(Status.DECLINED, "the book says so", when="2026-11-21"))
    assert list(commands.complaints(root)) == []


def test_a_note_follows_its_words_while_the_author_edits(root: Path) -> None:
    comment_on(root, "sluice is opened by hand")
    path = root / "manuscript/weirs.md"
    path.write_text(path.read_text("utf-8").replace("At noon", "A line.\n\nAt noon"), "utf-8")

    found = list(commands.complaints(root))

    assert places(found) == [("manuscript/weirs.md", 7, "C001")]


def test_a_comment_that_lost_its_words_is_a_note_where_they_were(root: Path) -> None:
    comment = comment_on(root, "The keeper writes down the level every hour")
    with reviews.open_store(root, outline.load(root)) as store:
        read = manuscript.load(root)
        store.place(reviews.placed(store.all(), text.of_manuscript(root, read)))
    path = root / "manuscript/weirs.md"
    kept = path.read_text("utf-8").split("The keeper")[0]
    path.write_text(f"{kept}Nothing more.\n", "utf-8")

    [found] = commands.complaints(root)

    assert (found.where.line, found.code) == (8, "C002")
    assert comment.body in found.message


def test_a_clone_without_the_store_has_the_notes_of_its_files(root: Path) -> None:
    comment_on(root, "sluice is opened by hand", replace(SAID, blocking=True))
    with reviews.open_store(root, outline.load(root)) as store:
        files = reviews.export(store.all(), outline.load(root))
    reviews.write_files(root, files)
    for path in (root / reviews.FOLDER).glob("comments.sqlite*"):
        path.unlink()

    assert places(list(commands.complaints(root))) == [("manuscript/weirs.md", 5, "C001")]
    assert places(list(commands.blockers(root))) == [("manuscript/weirs.md", 5, "R007")]
    assert not (root / reviews.STORE).exists()


def test_a_comment_on_a_chapter_that_is_gone_is_not_lost(root: Path) -> None:
    selector = Selector("words of another book entirely, never seen")
    with reviews.open_store(root, outline.load(root)) as store:
        store.add(replace(SAID, chapter="removed", selector=selector))

    assert places(list(commands.complaints(root))) == [("book.yml", 1, "C002")]


def test_only_open_blocking_comments_forbid_a_release(root: Path) -> None:
    comment_on(root, "sluice is opened by hand")
    blocking = comment_on(
        root, "shut at night", replace(SAID, id="urn:x:2", blocking=True, body="Wrong!")
    )

    found = list(commands.blockers(root))

    assert places(found) == [("manuscript/weirs.md", 6, "R007")]
    assert "Ana blocks the release: Wrong!" in found[0].message
    with reviews.open_store(root, outline.load(root)) as store:
        store.decide(blocking.id, Decision(Status.RESOLVED, commit="abc1234"))
    assert list(commands.blockers(root)) == []
