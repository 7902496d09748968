"""Every word of a chapter has the line of the source that it was written on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.review import sample

from bookpress.review import text, words

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.review.text import ChapterText


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, ChapterText]:
    return text.load(sample.book(tmp_path))


def lines_of(chapter: ChapterText, quote: str) -> tuple[int, int] | None:
    start = chapter.text.index(quote)
    return words.lines(chapter).of(start, start + len(quote))


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("the sluice is opened by hand", (5, 5)),
        ("and it is shut", (5, 6)),
        ("who began", (6, 6)),
        ("31", (8, 8)),
        ("There are three mills below Upper Fen", (11, 11)),
        ("Weirs", (1, 1)),
    ],
)
def test_a_quote_has_its_lines_across_markup_and_in_notes(
    texts: dict[str, ChapterText], quote: str, lines: tuple[int, int]
) -> None:
    assert lines_of(texts["weirs"], quote) == lines


def test_what_the_press_sets_itself_is_where_its_neighbours_are(
    texts: dict[str, ChapterText],
) -> None:
    assert lines_of(texts["gauges"], "Listing 2.1") in ((5, 5), (3, 3))


def test_a_line_of_the_source_has_its_words(texts: dict[str, ChapterText]) -> None:
    weirs = texts["weirs"]

    start, end = words.lines(weirs).spanned(8)

    assert weirs.text[start:end].startswith("The keeper writes")
    assert weirs.text[start:end].endswith("years, and his")
    assert words.lines(weirs).spanned(7) == (start, end)
    first, last = words.lines(weirs).spanned(999)
    assert weirs.text[first:last] == "Fen"


def test_words_for_the_index_and_numbers_of_lists_are_not_taken_for_the_text() -> None:
    source = '## Day one\n\n[]{.ix term="Day one"}It rains.\n\n1. First.\n'
    chapter = text.ChapterText("a", "a.md", "1.1 Day one It rains. First.", source, 99)

    assert words.lines(chapter).of(0, 11) == (1, 1)
    assert words.lines(chapter).of(22, 27) == (5, 5)


def test_a_chapter_without_words_has_no_lines() -> None:
    empty = text.ChapterText("a", "a.md", "", "", 0)

    assert words.lines(empty).of(0, 10) is None
    assert words.lines(empty).spanned(1) == (0, 0)
