"""Every rule about listings has a folder in `rules`: a tiny book that breaks it.

Where a comment cannot stand on the line before the mistake, since that is inside a block, it says
how many lines further down the mistake is: `<!-- expect: X020 +4 -->`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bookpress.listings.check import check
from bookpress.listings.record import record
from bookpress.listings.verify import verify
from bookpress.rules import RULES

FOLDER = Path(__file__).parent / "rules"
NOT_RUN = (
    "X001", "X002", "X003", "X004", "X005", "X006", "X008", "X009", "X010", "X011",
)  # fmt: skip
RUN = ("X020", "X021", "X022", "X023", "X024", "X025", "X026", "X027", "X028", "X029")
_MARK = re.compile(r"(?:<!--|#) expect( here)?: (X\d{3})(?: \+(\d+))?(?: -->)?$")
_OUTLINE = """\
title: A Tiny Book
authors: [Nobody]
language: en-GB
parts:
  - title: The Part
    chapters: [{file: weirs.md, title: Weirs}]
"""


def expected(folder: Path) -> set[tuple[str, int, str]]:
    found = set()
    for path in (*folder.glob("*.md"), *folder.glob("*.yml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if mark := _MARK.search(line):
                below = 0 if mark[1] else int(mark[3] or 1)
                found.add((path.name, number + below, mark[2]))
    return found


@pytest.fixture
def tiny_book(code: str, tmp_path: Path) -> Path:
    root = tmp_path / "book"
    shutil.copytree(FOLDER / code, root)
    if not (root / "book.yml").exists():
        (root / "book.yml").write_text(_OUTLINE, "utf-8")
    return root


@pytest.mark.parametrize("code", NOT_RUN + RUN)
def test_a_broken_chapter_gives_its_finding_at_its_line_and_no_other(
    code: str, tiny_book: Path
) -> None:
    wanted = expected(tiny_book)

    findings = record(tiny_book).findings if code == "X028" else verify(tiny_book)

    assert wanted
    assert {(str(f.where.path), f.where.line, f.code) for f in findings} == wanted
    assert {code for _, _, code in wanted} == {code}


@pytest.mark.parametrize("code", NOT_RUN)
@pytest.mark.usefixtures("code")
def test_what_can_be_seen_unrun_is_found_without_running(tiny_book: Path) -> None:
    findings = check(tiny_book)

    assert {(str(f.where.path), f.where.line, f.code) for f in findings} == expected(tiny_book)
    assert not (tiny_book / "build/.cache/runs").exists()


def test_every_rule_about_listings_is_broken_here() -> None:
    assert {code for code in RULES if code.startswith("X")} == {*NOT_RUN, *RUN}


def test_a_book_that_does_not_ask_for_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "book.yml").write_text(_OUTLINE, "utf-8")
    (tmp_path / "weirs.md").write_text("# Weirs\n\n```python\na = 1\n```\n", "utf-8")

    assert check(tmp_path) == ()
