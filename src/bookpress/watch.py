"""Saves in a book's folder -> builds, one at a time, told to the preview."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bookpress.preview import Server

# Folders at the top of a book's folder that hold no source of the editions.
NO_SOURCES = frozenset({"build", "src", "tests", "dist", "node_modules", "venv"})


def changes(root: Path, stop: threading.Event) -> Iterator[set[str]]:
    """Yield the files that were saved, again and again, until `stop` is set.

    Looks at the book's folder itself and at all below its folders that can hold sources.
    """
    saved: queue.Queue[set[str]] = queue.Queue()
    folders = [f for f in root.iterdir() if f.is_dir() and _may_hold_sources(f.name)]

    def look(*paths: Path, recursive: bool) -> None:
        for batch in watchfiles.watch(
            *paths, recursive=recursive, stop_event=stop, rust_timeout=500, raise_interrupt=False
        ):
            saved.put({path for _, path in batch if _is_source(root, Path(path))})

    lookers = [threading.Thread(target=look, args=(root,), kwargs={"recursive": False})]
    if folders:
        lookers.append(threading.Thread(target=look, args=folders, kwargs={"recursive": True}))
    for looker in lookers:
        looker.start()
    try:
        while not stop.is_set():
            try:
                paths = saved.get(timeout=0.5)
            except queue.Empty:
                continue
            while not saved.empty():
                paths |= saved.get()
            if paths:
                yield paths
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def _may_hold_sources(name: str) -> bool:
    return not name.startswith(".") and name not in NO_SOURCES


def _is_source(root: Path, path: Path) -> bool:
    return all(_may_hold_sources(part) for part in path.relative_to(root).parts)


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

    say(f"the book is at {server.address}, its PDFs at {server.address}-/; Ctrl-C ends")
    attempt()
    for paths in changes(root, stop):
        names = sorted(str(Path(path).relative_to(root)) for path in paths)
        say(f"changed: {', '.join(names)}")
        attempt()
