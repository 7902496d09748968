"""What is under review: a small book set in pages, and one that is served to browsers."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from tests.review import annotate, rivers, sample

from bookpress import manuscript
from bookpress.formats.sheets import Variant
from bookpress.model import Format
from bookpress.press import Press
from bookpress.review import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.review.annotate import Spot

    from bookpress.review.text import ChapterText


@dataclass(frozen=True)
class Printed:
    """The small book as a PDF, the places of words in it, and its chapters."""

    root: Path
    pdf: bytes
    spots: tuple[Spot, ...]
    texts: Mapping[str, ChapterText]

    def spot(self, words: str) -> Spot:
        """The first place whose text has these words in it."""
        return next(spot for spot in self.spots if words in spot.text)


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    root = sample.book(tmp_path_factory.mktemp("printed"))
    read = manuscript.load(root)
    press = Press(root, read, dt.datetime(2026, 11, 20, tzinfo=dt.UTC), manuscript.silent, 1)
    [proof] = press.typeset([Variant.SCREEN]).values()
    spots = annotate.spots(proof.pdf, press.fragments(Format.PRINT), proof.pages, 20)
    return Printed(root, proof.pdf, tuple(spots), text.of_manuscript(root, read))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder of a book of two chapters, in a repository of its own."""
    return rivers.small_book(tmp_path)


@pytest.fixture
def start() -> Iterator[Callable[..., rivers.Running]]:
    """Start servers that end with the test, however it ends."""
    begun: list[rivers.Running] = []

    def begin(root: Path, *options: str, python: str | Path = sys.executable) -> rivers.Running:
        begun.append(rivers.start(root, *options, python=python))
        return begun[-1]

    yield begin
    for running in begun:
        running.stop()


@pytest.fixture
def server(book: Path, start: Callable[..., rivers.Running]) -> rivers.Running:
    """A server for the book."""
    return start(book)


@pytest.fixture
def browse() -> Callable[..., Any]:
    """Do a scenario of browser.cjs; fails when a page asked, said or ran what it must not."""
    return rivers.browser()
