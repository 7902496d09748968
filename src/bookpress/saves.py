"""A book's folder -> the names of files in it, batch by batch, as they are saved."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_MILLISECONDS = 300
# Folders at the top of a book's folder that hold no source of the editions.
NO_SOURCES = frozenset({"build", "src", "tests", "dist", "node_modules", "venv"})
COMMENTS = ("manuscript", "comments")
"""The folder of what reviewers said: it is in the manuscript, and in no edition."""


@contextmanager
def saves(root: Path, stop: threading.Event) -> Iterator[queue.Queue[set[str]]]:
    """Collect the names of files that are saved, from before the block begins until it ends.

    Looks at the book's folder itself and at all below its folders that can hold sources.
    """
    saved: queue.Queue[set[str]] = queue.Queue()
    folders = [f for f in root.iterdir() if f.is_dir() and _may_hold_sources(f.name)]
    ready = threading.Semaphore(0)

    def look(paths: list[Path], *, recursive: bool) -> None:
        batches = watchfiles.watch(
            *paths,
            recursive=recursive,
            stop_event=stop,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,  # the first, empty batch says that the folders are watched
            raise_interrupt=False,
        )
        try:
            for batch in batches:
                ready.release()
                places = (Path(path).relative_to(root) for _, path in batch)
                names = {place.as_posix() for place in places if _is_source(place)}
                if names:
                    saved.put(names)
        finally:  # also when the system refuses to watch: then nothing must wait for it
            stop.set()
            ready.release()

    lookers = [threading.Thread(target=look, args=([root],), kwargs={"recursive": False})]
    if folders:
        lookers.append(threading.Thread(target=look, args=(folders,), kwargs={"recursive": True}))
    try:
        for looker in lookers:
            looker.start()
            ready.acquire()
        yield saved
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def _may_hold_sources(name: str) -> bool:
    return not name.startswith(".") and name not in NO_SOURCES


def _is_source(place: Path) -> bool:
    named = all(_may_hold_sources(part) for part in place.parts)
    return named and place.parts[: len(COMMENTS)] != COMMENTS


def gather(saved: queue.Queue[set[str]], stop: threading.Event) -> Iterator[set[str]]:
    """Yield what was saved since the last time, as soon as there is something."""
    while not stop.is_set():
        try:
            names = saved.get(timeout=LOOK_MILLISECONDS / 1000)
        except queue.Empty:
            continue
        while not saved.empty():
            names |= saved.get()
        yield names
