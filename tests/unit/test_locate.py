from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from bookpress import cli, locate
from bookpress.errors import BookpressError
from bookpress.pagination import Block, Extent, PageMap, content_name

ONE = PurePosixPath("one.md")
OUTLINE = """\
title: River Notes
authors: [{name: Nobody}]
language: en-GB
trim: {width: 7in, height: 9.25in}
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One}
"""
TEXT = "# One\n\nThe river\nrises.\n\n- first\n- second\n\n::: {.sidebar}\nBanks\n:::\n"
PAGES = PageMap(
    folios=("i", "ii", "1", "2"),
    anchors={("one", "ch-one"): 3},
    extents=(Extent("preface", 1, 2), Extent("one", 3, 2)),
    blocks=(
        Block(ONE, 1, 2, 3, 3),
        Block(ONE, 3, 5, 3, 4),
        Block(ONE, 6, 6, 3, 3),
        Block(ONE, 6, 8, 3, 4),
        Block(ONE, 7, 8, 4, 4),
        Block(ONE, 9, 11, 4, 4),
    ),
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book that was built; it is the working folder."""
    (tmp_path / "book.yml").write_text(OUTLINE)
    (tmp_path / "one.md").write_text(TEXT)
    (tmp_path / "build").mkdir()
    data = PAGES.to_json({"one.md": content_name(TEXT.encode())})
    (tmp_path / "build/river-notes-pages.json").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_map_comes_back_as_it_was_written() -> None:
    assert PageMap.from_json(PAGES.to_json()) == PAGES


@pytest.mark.parametrize(("name", "page"), [("2", 4), ("ii", 2), ("p2", 2), ("p4", 4)])
def test_a_page_is_named_by_its_folio_or_its_number(name: str, page: int) -> None:
    assert locate.page_number(PAGES, name) == page


@pytest.mark.parametrize("name", ["3", "p5", "p0", "iii", "two"])
def test_a_page_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(BookpressError, match=f"the book has no page {name}") as caught:
        locate.page_number(PAGES, name)

    assert "from i to ii and from 1 to 2, pages from p1 to p4" in str(caught.value)


def test_where_prints_the_lines_on_a_page(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["where", "2"])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "page 2 (p4 of 4): one",
        "one.md:3-4", "3  The river", "4  rises.",
        "one.md:7-11", " 7  - second", " 8", " 9  ::: {.sidebar}", "10  Banks", "11  :::",
    ]  # fmt: skip
    assert (book / "one.md").read_text() == TEXT


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("one.md:1", "page 1 (p3 of 4)"),
        ("one.md:4", "page 1 (p3 of 4) to page 2 (p4 of 4)"),
        ("one.md:7:3", "page 2 (p4 of 4)"),
    ],
)
@pytest.mark.usefixtures("book")
def test_page_prints_the_page_of_a_line(
    place: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["page", place])

    assert (code, capsys.readouterr()) == (0, (f"{place.removesuffix(':3')}: {answer}\n", ""))


@pytest.mark.parametrize("place", ["one.md", "other.md:3", "one.md:99"])
@pytest.mark.usefixtures("book")
def test_a_place_that_is_not_printed_is_refused(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["page", place])

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert place.partition(":")[0] in printed.err
    assert "hint:" in printed.err


def test_an_edit_after_the_build_is_said(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "one.md").write_text(TEXT + "\nMore.\n")

    code = cli.run(["page", "one.md:1"])

    assert code == 0
    assert "one.md was edited after the last build" in capsys.readouterr().err


def test_a_missing_page_map_is_said(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "build/river-notes-pages.json").unlink()

    code = cli.run(["where", "2"])

    assert code == 2
    assert "there is no page map build/river-notes-pages.json" in capsys.readouterr().err


def test_the_page_map_of_an_older_press_is_said(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "build/river-notes-pages.json").write_text('{"pages": 4, "sections": []}')

    code = cli.run(["where", "2"])

    assert code == 2
    assert "bookpress build -f print" in capsys.readouterr().err
