"""Saves in a book's folder -> builds, one at a time, told to the preview."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bookpress.preview import Server

LOOK_MILLISECONDS = 300
# Folders at the top of a book's folder that hold no source of the editions.
NO_SOURCES = frozenset({"build", "src", "tests", "dist", "node_modules", "venv"})


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
    return all(_may_hold_sources(part) for part in place.parts)


def _batches(saved: queue.Queue[set[str]], stop: threading.Event) -> Iterator[set[str]]:
    """Yield what was saved since the last time, as soon as there is something."""
    while not stop.is_set():
        try:
            names = saved.get(timeout=LOOK_MILLISECONDS / 1000)
        except queue.Empty:
            continue
        while not saved.empty():
            names |= saved.get()
        yield names


def watch(
    root: Path,
    server: Server,
    rebuild: Callable[[], int],
    say: Callable[[str], None],
    stop: threading.Event,
) -> None:
    """Build, and build again on every change, until `stop` is set or Ctrl-C is pressed.

    server:  shows the folder in which `rebuild` puts the editions.
    rebuild: makes them and returns how many findings there are; a BookpressError that it raises
             is told, and the last editions are served on.
    say:     tells the author what happens, a line at a time.
    """

    def attempt() -> None:
        try:
            count = rebuild()
        except BookpressError as error:
            say(f"error: {error}")
            server.listeners.tell("failed", "0")
        else:
            say(f"built; findings: {count}")
            server.listeners.tell("built", str(count))

    with saves(root, stop) as saved:
        say(f"the book is at {server.address}, its PDFs at {server.address}-/; Ctrl-C ends")
        attempt()
        for names in _batches(saved, stop):
            say(f"changed: {', '.join(sorted(names))}")
            attempt()
