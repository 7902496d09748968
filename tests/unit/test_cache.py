"""Nothing is worked out twice, and nobody ever sees half a result."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from bookpress.cache import KEPT_SECONDS, Store, digest, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_result_is_made_once_for_the_same_inputs(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"result"

    results = [Store(tmp_path).recall("stage", b"a", b"b", make=make) for _ in range(2)]

    assert results == [b"result"] * 2
    assert made == [1]


def test_where_one_input_ends_counts() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_only_the_unknown_results_are_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.recall("stage", b"one", make=lambda: b"1")
    asked: list[str] = []

    def make(keys: tuple[str, ...]) -> dict[str, bytes]:
        asked.extend(keys)
        return dict.fromkeys(keys, b"new")

    results = store.recall_all("stage", {"a": [b"one"], "b": [b"two"]}, make)

    assert results == {"a": b"1", "b": b"new"}
    assert asked == ["b"]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")

    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_nobody_asked_for_in_weeks_is_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.recall("stage", b"old", make=lambda: b"old")
    store.recall("stage", b"new", make=lambda: b"new")
    long_ago = time.time() - KEPT_SECONDS - 60
    os.utime(store.path("stage", b"old"), (long_ago, long_ago))

    store.sweep()

    assert not store.path("stage", b"old").exists()
    assert store.path("stage", b"new").exists()
