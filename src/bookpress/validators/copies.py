"""Manuscript -> what the copy buttons of the web edition must put on the clipboard.

Read from the source by rules of its own, not by the code that writes the pages: of a listing its
lines without the marks of callouts, of a session the lines that a reader types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bookpress import manuscript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bookpress.survey import Listing

_MARKS = re.compile(r"\s*(#|//|--|;|<!--)\s*(\(\d\d?\)\s*)+(-->)?\s*$")
_TYPED = ("$ ", "> ")


def expected(root: Path) -> dict[str, tuple[str, ...]]:
    """What is copied from every page of a book, listing by listing, by the page's name."""
    loaded = manuscript.load(root)
    return {
        f"{chapter.slug}.html": tuple(_texts(loaded.survey.chapters[chapter.path].listings))
        for chapter in loaded.book.written()
    }


def _texts(listings: tuple[Listing, ...]) -> Iterator[str]:
    for listing in listings:
        if "hidden" in listing.classes:
            continue
        if listing.language == "console":
            typed = "\n".join(_typed(listing.text))
            if typed:
                yield typed
        else:
            yield "".join(f"{_MARKS.sub('', line)}\n" for line in listing.text.split("\n"))


def _typed(session: str) -> Iterator[str]:
    going_on = False
    for line in session.split("\n"):
        going_on = line.startswith(_TYPED if going_on else _TYPED[0])
        if going_on:
            yield line[2:]
