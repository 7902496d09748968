from pathlib import Path

import pytest

from bookpress import manuscript as reading
from bookpress import status
from bookpress.manuscript import Manuscript
from bookpress.pagination import Extent, PageMap
from bookpress.status import Row

OUTLINE = """\
title: River Notes
authors: [{name: Nobody}]
language: en-GB
trim: {width: 7in, height: 9.25in}
front:
  - {role: preface, file: why.md, title: Why}
parts:
  - title: Water
    pages: 20
    tolerance: 10%
    chapters:
      - {file: one.md, title: One}
      - {file: two.md, title: Two, status: planned}
  - title: Stone
    chapters:
      - {file: three.md, title: Three, status: planned}
"""


@pytest.fixture
def manuscript(tmp_path: Path) -> Manuscript:
    (tmp_path / "book.yml").write_text(OUTLINE)
    (tmp_path / "why.md").write_text("# Why\n\nBecause it rises.\n")
    (tmp_path / "one.md").write_text("# One\n\nThe river rises.\n")
    return reading.load(tmp_path)


def table(manuscript: Manuscript, extents: dict[str, int]) -> dict[str, Row]:
    made = status.rows(manuscript.book, manuscript.survey, extents)
    return {row.title: row for row in made}


def test_parts_chapters_and_the_sum_are_in_reading_order(manuscript: Manuscript) -> None:
    made = status.rows(manuscript.book, manuscript.survey, {})

    assert [row.title for row in made] == [
        "Why",
        "Part 1: Water",
        "1 One",
        "2 Two",
        "Part 2: Stone",
        "3 Three",
        "The book",
    ]


def test_a_part_counts_its_written_chapters_and_their_pages(manuscript: Manuscript) -> None:
    part = table(manuscript, {"why": 2, "part-1": 2, "one": 6})["Part 1: Water"]

    assert (part.status, part.words, part.pages) == ("1 of 2", 4, 2 + 6)
    assert part.budget is not None
    assert (part.budget.minimum, part.budget.maximum) == (18, 22)


def test_a_chapter_counts_the_blocks_that_are_executed(tmp_path: Path) -> None:
    (tmp_path / "book.yml").write_text(OUTLINE)
    (tmp_path / "why.md").write_text("# Why\n\nBecause it rises.\n")
    blocks = "```console\n$ ls\n```\n\n```sh {shown=why}\nls\n```\n\n```sh {.hidden}\nls\n```\n"
    (tmp_path / "one.md").write_text(f"# One\n\n{blocks}")

    rows = table(reading.load(tmp_path), {})

    assert (rows["1 One"].blocks, rows["The book"].blocks) == ((1, 2), (1, 2))


def test_what_is_planned_has_no_figures(manuscript: Manuscript) -> None:
    rows = table(manuscript, {"one": 6})

    for title in ("2 Two", "Part 2: Stone", "3 Three"):
        assert (rows[title].words, rows[title].castoff, rows[title].pages) == (None, None, None)


def test_the_sum_holds_every_page_and_no_word_twice(manuscript: Manuscript) -> None:
    total = table(manuscript, {"prelims": 4, "why": 2, "part-1": 2, "one": 6})["The book"]

    assert (total.status, total.words, total.pages) == ("2 of 4", 8, 14)


def test_pages_come_from_the_last_build(manuscript: Manuscript, tmp_path: Path) -> None:
    pages = PageMap(("1", "2", "3", "4"), {}, (Extent("part-1", 1, 1), Extent("one", 2, 3)))
    (tmp_path / "river-notes-pages.json").write_bytes(pages.to_json())

    found = status.last_extents(tmp_path, manuscript.book)

    assert found == {"part-1": 1, "one": 3}


def test_before_the_first_build_there_are_no_pages(manuscript: Manuscript, tmp_path: Path) -> None:
    assert status.last_extents(tmp_path, manuscript.book) == {}


def test_the_table_sets_numbers_to_the_right(manuscript: Manuscript) -> None:
    text = status.write(status.rows(manuscript.book, manuscript.survey, {"one": 1234}))

    head, *lines = text.splitlines()
    [one] = [line for line in lines if line.startswith("  1 One")]
    assert one.index("1,234") + len("1,234") == head.index("pages") + len("pages")
