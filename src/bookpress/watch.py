"""Saves in a book's folder -> builds, one at a time, told to the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.saves import gather, saves

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from bookpress.preview import Server


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
        for names in gather(saved, stop):
            say(f"changed: {', '.join(sorted(names))}")
            attempt()
