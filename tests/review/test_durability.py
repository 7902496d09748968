"""Whatever happens to the server, a comment that was acknowledged is there."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review import rivers
from tests.review.test_server import Client, annotation

from bookpress.review import desk, reviews
from bookpress.review.desk import Desk, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.review.rivers import Running

pytestmark = pytest.mark.slow

ENOUGH = 60


def kept(book: Path) -> list[str]:
    with reviews.open_store(book, desk.read(book)[0].book) as comments:
        return [entry.comment.id for entry in comments.all()]


def test_kill_9_under_load_loses_nothing_that_was_acknowledged(
    book: Path, start: Callable[..., Running]
) -> None:
    server = start(book)
    acknowledged: list[str] = []
    enough = threading.Event()

    def write(who: int) -> None:
        client = Client(server, server.key)
        for number in range(25):
            name = f"urn:{who}-{number}"
            try:
                if client.post(annotation(name)) == 201:
                    acknowledged.append(name)
            except OSError:
                return
            if len(acknowledged) >= ENOUGH:
                enough.set()

    writers = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for writer in writers:
        writer.start()
    assert enough.wait(120)

    os.kill(server.process.pid, signal.SIGKILL)

    for writer in writers:
        writer.join()
    server.process.communicate()
    found = kept(book)
    assert len(acknowledged) >= ENOUGH
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))


def test_a_full_disk_is_told_and_loses_nothing(
    book: Path, full: Callable[[], Running], start: Callable[..., Running]
) -> None:
    server = full()
    acknowledged: list[str] = []
    refused = 0
    for who in range(8):
        client = Client(server, server.key)
        for number in range(25):
            name = f"urn:{who}-{number}"
            status = client.post(annotation(name, body={"value": "long " * 1500}))
            if status == 201:
                acknowledged.append(name)
            else:
                assert status == 507
                refused += 1
        if refused:
            break
    still_read = client.ask("GET", "/")[0]
    server.stop()

    again = start(book)
    try:
        goes_on = Client(again, again.key).post(annotation("urn:after"))
    finally:
        again.stop()

    assert refused
    assert acknowledged
    assert (still_read, goes_on) == (200, 201)
    assert kept(book) == [*acknowledged, "urn:after"]


@pytest.fixture
def full(book: Path, start: Callable[..., Running]) -> Callable[[], Running]:
    """Start a server that cannot write files of more than 320 kB."""
    limited = book / "limited"
    limited.write_text(f'#!/bin/bash\nulimit -f 320\nexec "{sys.executable}" "$@"\n')
    limited.chmod(0o755)

    def begin() -> Running:
        start(book).stop()  # what is cached need not be written again
        return start(book, python=limited)

    return begin


def test_two_reviewers_with_two_tabs_each_lose_nothing(
    server: Running, browse: Callable[..., Any]
) -> None:
    seen = browse("crowd", share=server.share, slug="weirs")

    for page in seen["all"]:
        assert sorted(said for thread in page for said in thread["said"]) == [
            f"Said by {number}" for number in range(4)
        ]
    assert "not sent yet" in seen["waiting"]
    assert "not sent yet" not in seen["sent"]["meta"]


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(rivers.small_book(tmp_path_factory.mktemp("desk")), lambda _event: None)
    yield made
    made.close()


_KEYS = st.sampled_from(
    ["id", "type", "body", "value", "purpose", "target", "source", "selector", "exact", "creator"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=JSON, names=st.lists(_KEYS, max_size=3))
def test_whatever_is_sent_the_desk_keeps_it_or_says_no(
    open_desk: Desk, data: object, names: list[str]
) -> None:
    sent = annotation("urn:fuzz", **dict.fromkeys(names, data)) if names else data

    try:
        name = open_desk.add(sent)
    except RefusedError as said:
        name = said.problem
    else:
        assert name in {entry.comment.id for entry in open_desk.comments.all()}
    assert name
    assert open_desk.state(author=True)["comments"] is not None
