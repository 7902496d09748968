"""A mistake in print is found on its page in each printing, wherever its line has gone."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from tests.release.conftest import LOG, book, git

from bookpress import cli
from bookpress.errors import BookpressError, OutlineError
from bookpress.manuscript import load
from bookpress.pagination import Block, Extent, PageMap
from bookpress.release import changes, errata, printings, version

if TYPE_CHECKING:
    from bookpress.manuscript import Manuscript

FILE = "manuscript/arches.md"
ERRATA = """\
errata:
  - {file: manuscript/arches.md, line: 3, printing: 1, wrong: "teh", right: "the", fixed: 2}
  - {file: manuscript/arches.md, line: 5, printing: 1, wrong: "old", right: "new"}
  - {file: manuscript/arches.md, line: 1, printing: 2, wrong: "Archs", right: "Arches"}
"""


def pages(*blocks: tuple[int, int, int]) -> PageMap:
    """The pages of a chapter: (first line, last line, page)."""
    made = tuple(Block(PurePosixPath(FILE), a, b, page, page) for a, b, page in blocks)
    return PageMap(("i", "ii", "1", "2", "3"), {}, (Extent("arches", 3, 2),), made)


def keep(root: Path, printing: int, number: str, kept: PageMap) -> None:
    document = {"edition": 1, "printing": printing, "version": number, "commit": "0" * 40}
    document["pages"] = json.loads(kept.to_json())
    (root / "printings").mkdir(exist_ok=True)
    (root / f"printings/1-{printing}.json").write_text(json.dumps(document), "utf-8")


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A chapter printed twice; in the second printing two lines stand before the old ones."""
    root = book(tmp_path / "book", "2026.11.0")
    chapter = root / FILE
    chapter.write_text("# Arches\n\nteh arch\n\nan old arch\n", "utf-8")
    git(root, "commit", "-q", "-a", "-m", "First printing")
    git(root, "tag", "-a", "v2026.11.0", "-m", "1")
    chapter.write_text("# Arches\n\nMore.\n\nthe arch\n\nan old arch\n", "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Second printing", day=2)
    git(root, "tag", "-a", "v2026.12.0", "-m", "2")
    keep(root, 1, "2026.11.0", pages((1, 1, 3), (3, 3, 3), (5, 5, 3)))
    keep(root, 2, "2026.12.0", pages((1, 1, 3), (3, 3, 3), (5, 5, 3), (7, 7, 4)))
    (root / "errata.yml").write_text(ERRATA, "utf-8")
    return root


def test_errata_are_told_page_by_page_for_each_printing(
    printed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(printed)

    code = cli.run(["errata", "1..2"])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "manuscript/arches.md:3: teh → the",
        "  printing 1: page 1",
        "  printing 2: corrected",
        "manuscript/arches.md:5: old → new",
        "  printing 1: page 1",
        "  printing 2: page 2",
        "manuscript/arches.md:1: Archs → Arches",
        "  printing 1: not in it",
        "  printing 2: page 1",
    ]


def test_one_printing_is_told_its_own_errata(
    printed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(printed)

    cli.run(["errata", "2"])

    assert "teh" not in capsys.readouterr().out


@pytest.mark.parametrize("span", ["1..3", "3", "2..1", "0", "x", "1..", "..", "1..2..3"])
def test_printings_that_nobody_kept_are_refused(
    printed: Path, span: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(printed)

    assert cli.run(["errata", span]) == 2


def test_all_mistakes_of_errata_yml_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "errata.yml").write_text(
        "errata:\n"
        "  - {file: a.md, line: 0, printing: 1, wrong: x, right: y}\n"
        "  - {file: a.md, line: 1, printing: 2, wrong: x, right: y, fixed: 2}\n"
        "  - {file: a.md, line: 1, printing: 1, wrong: x}\n"
        "  - {file: a.md, line: 1, printing: 1, wrong: x, right: y, page: 3}\n"
        "  - hello\n",
        "utf-8",
    )

    with pytest.raises(OutlineError) as error:
        errata.load(tmp_path)

    found = [(m.where.line, m.problem) for m in error.value.mistakes if m.where]
    assert found == [
        (2, "`line` is no number from 1"),
        (3, "found in printing 2, fixed in 2"),
        (4, "`right` is no text"),
        (5, "unknown key `page`"),
        (6, "this is no entry"),
    ]


def test_a_book_without_errata_has_none(tmp_path: Path) -> None:
    assert errata.load(tmp_path) == ()


def compared(root: Path, kept: PageMap | None) -> changes.Comparison:
    manuscript: Manuscript = load(root)
    now = PageMap(("1", "2", "3"), {}, (Extent("arches", 1, 3),))
    return changes.compare(root, manuscript, version.parse("2026.11.0"), kept, now)


def test_changes_count_words_and_pages_of_the_chapters_that_were_touched(printed: Path) -> None:
    found = compared(printed, printings.of_version(printings.load(printed), "2026.11.0"))

    [change] = [change for change in found.changes if change.touched()]
    assert (change.chapter.slug, change.added, change.removed) == ("arches", 2, 1)
    assert (change.before, change.now) == (2, 3)
    assert found.pages == (5, 3)
    text = changes.write("Bridges", "2026.12.0", "", found)
    assert "| 2 Arches | 2 | 1 | 2 | 3 |" in text
    assert "5 of 6 sections are word for word as they were." in text


def test_a_chapter_that_moved_is_compared_with_itself(printed: Path) -> None:
    git(printed, "checkout", "-q", "v2026.11.0")
    git(printed, "mv", "manuscript/beams.md", "manuscript/boards.md")
    outline = (printed / "book.yml").read_text("utf-8").replace("beams.md", "boards.md")
    (printed / "book.yml").write_text(outline, "utf-8")
    git(printed, "commit", "-q", "-a", "-m", "Move a chapter", day=3)

    found = compared(printed, None)

    assert [change for change in found.changes if change.touched()] == []
    assert found.gone == ()
    assert "no page map of 2026.11.0 is kept" in changes.write("B", "2026.12.0", LOG, found)


def test_a_printing_is_not_kept_twice_with_other_pages(printed: Path) -> None:
    again = json.loads((printed / "printings/1-1.json").read_bytes()) | {"version": "2027.1.0"}

    with pytest.raises(BookpressError, match=r"keeps version 2026\.11\.0 as this printing"):
        printings.write(printed, "printings/1-1.json", json.dumps(again).encode())
