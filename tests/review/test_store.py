"""What was acknowledged is kept, once, and nobody rewrites it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bookpress.review import w3c
from bookpress.review.model import Comment, Decision, Motivation, Origin, Place, Selector, Status
from bookpress.review.store import BACKUP, Comments, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUOTE = Selector("the sluice is opened", "At noon ", " by hand.", 120, 140)
ASKED = Comment(
    "urn:uuid:1",
    "weirs",
    "Who opens it?",
    "Ana",
    "2026-11-20T10:00:00Z",
    QUOTE,
    Motivation.QUESTIONING,
    draft="2026.11.0-draft.1",
    commit="abc1234",
    origin=Origin.WEB,
    blocking=True,
)
HERE = Place("weirs", 12, 13, 130, 150, 0.97)


@pytest.fixture
def comments(tmp_path: Path) -> Iterator[Comments]:
    with Comments(tmp_path / "comments" / "comments.sqlite", {"weirs": "text/weirs.md"}) as store:
        yield store


def test_a_comment_comes_back_as_it_was_written(comments: Comments) -> None:
    edit = replace(ASKED, id="urn:uuid:2", motivation=Motivation.EDITING, replacement="is opened")

    comments.add_all([(ASKED, "a"), (edit, "b")])

    assert [entry.comment for entry in comments.all()] == [ASKED, edit]


def test_what_is_sent_twice_is_kept_once(comments: Comments) -> None:
    first = comments.add(ASKED, "key")
    other = replace(ASKED, id="urn:uuid:other")

    assert comments.add(other, "key") == first
    assert comments.add(ASKED) == first
    assert len(comments.all()) == 1


def test_changed_words_under_a_known_id_are_kept_as_a_reply_to_the_first(
    comments: Comments,
) -> None:
    comments.add(ASKED)
    changed = replace(ASKED, body="Who closes it?")

    ids = {comments.add(changed), comments.add(changed)}

    first, second = comments.all()
    assert first.comment == ASKED
    assert (second.comment.body, second.comment.parent) == ("Who closes it?", ASKED.id)
    assert ids == {second.comment.id}


def test_a_decision_is_added_and_the_last_one_counts(comments: Comments) -> None:
    comments.add(ASKED)
    no = Decision(Status.DECLINED, "not here", who="Tomas", when="2026-11-21T08:00:00Z")
    again = Decision(Status.OPEN, "Ana is right", when="2026-11-22T08:00:00Z")

    for decision in (no, no, again):
        comments.decide(ASKED.id, decision)

    [entry] = comments.all()
    assert entry.decisions == (no, again)
    assert entry.status is Status.OPEN


def test_a_decision_needs_its_comment(comments: Comments) -> None:
    with pytest.raises(LookupError):
        comments.decide("urn:uuid:none", Decision(Status.RESOLVED))


def test_an_orphan_is_remembered_with_its_last_place(comments: Comments) -> None:
    comments.add(ASKED)
    comments.place({ASKED.id: HERE})
    [before] = comments.all()

    comments.place({ASKED.id: None})

    [after] = comments.all()
    assert (before.place, before.orphan) == (HERE, False)
    assert (after.place, after.last, after.orphan) == (None, HERE, True)


def test_of_a_batch_that_fails_nothing_is_kept(comments: Comments) -> None:
    def arriving() -> Iterator[tuple[Comment, str]]:
        yield ASKED, ""
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        comments.add_all(arriving())

    assert comments.all() == ()


def test_git_is_kept_from_the_database_and_a_backup_can_be_opened(comments: Comments) -> None:
    comments.add(ASKED)

    copy = comments.backup()

    assert (comments.path.parent / ".gitignore").read_text("utf-8") == "*.sqlite*\n"
    assert copy.name == BACKUP
    with Comments(copy) as kept:
        assert [entry.comment.body for entry in kept.all()] == [ASKED.body]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "comments.sqlite"
    path.write_bytes(b"this is a letter, not a database" * 100)

    with pytest.raises(StoreError, match=r"comments\.sqlite: .*not a database"):
        Comments(path)


def test_two_stores_and_many_threads_lose_nothing(comments: Comments) -> None:
    with Comments(comments.path) as second:
        stores = (comments, second)

        def write(number: int) -> None:
            for part in range(10):
                name = f"{number}-{part}"
                stores[number % 2].add(replace(ASKED, id=f"urn:x:{name}", body=name), name)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        bodies = {entry.comment.body for entry in second.all()}

    assert bodies == {f"{n}-{p}" for n in range(6) for p in range(10)}


_WRITER = """
import sys
from pathlib import Path
from bookpress.review.model import Comment
from bookpress.review.store import Comments
with Comments(Path(sys.argv[1])) as store:
    for number in range(10_000):
        store.add(Comment(f"urn:x:{number}", "weirs", str(number)))
        print(number, flush=True)
"""


def test_what_was_acknowledged_outlives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "comments.sqlite"
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout]

    with Comments(path) as store:
        kept = {int(entry.comment.body) for entry in store.all()}

    assert set(acknowledged) <= kept
    assert kept == set(range(len(kept)))


def test_an_annotation_names_the_manuscript_file_and_the_page() -> None:
    data = w3c.write(replace(ASKED, page=12), {"weirs": "text/weirs.md"})

    assert data["target"]["source"] == "text/weirs.md"
    assert [s["type"] for s in data["target"]["selector"]] == [
        "TextQuoteSelector",
        "TextPositionSelector",
        "FragmentSelector",
    ]
    assert w3c.read(data) == replace(ASKED, page=12)
