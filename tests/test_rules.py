"""Every rule has a folder in tests/rules: a tiny book that breaks it, with the places marked.

A comment `<!-- expect: S002 -->` (in book.yml `# expect: S002`) says that the next line that is not
empty gives that finding; `expect here` means the comment's own line. A folder without a book.yml
is a book of its Markdown files in the order of their names. Nothing else may be found.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bookpress import build
from bookpress.build import Edition
from bookpress.rules import RULES

if TYPE_CHECKING:
    from bookpress.findings import Finding

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FOLDER = Path(__file__).parent / "rules"
NEEDS_PAGES = {"B001", "B002", "L009", "T002", "T003", "T004", "T006"}
# No manuscript breaks these: each is shown to be found on a broken package, page or chapter.
PROVED_BY = {
    "E": ["tests/unit/test_epub.py", "tests/unit/test_web.py", "tests/unit/test_parity.py"],
    "T": ["tests/unit/test_typeset.py", "tests/unit/test_flow.py"],
    "V": sorted(str(path) for path in (FOLDER.parent / "validators").glob("test_*.py")),
    "P": ["tests/printing/test_preflight.py"],
    "R": sorted(str(path) for path in (FOLDER.parent / "release").glob("test_*.py")),
    "C": ["tests/review/test_notes.py"],
    "X": sorted(str(path) for path in (FOLDER.parent / "listings").glob("test_*.py")),
}
_MARK = re.compile(r"(?:<!--|#) expect( here)?: (?P<code>[A-Z]\d{3}) ?(?:-->)?")
_OUTLINE = """\
title: A Tiny Book
authors: [{{name: Nobody}}]
language: en-GB
trim: {{width: 7in, height: 9.25in}}
parts:
  - title: The Part
    chapters:
{chapters}"""


def cases() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def expected(folder: Path) -> set[tuple[str, int, str]]:
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".md", ".yml", ".txt"):
            name = path.relative_to(folder).as_posix()
            lines = path.read_text("utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                for mark in _MARK.finditer(line):
                    found.add((name, number if mark[1] else _below(lines, number), mark["code"]))
    return found


def _below(lines: list[str], number: int) -> int:
    """The number of the next line that holds something of the book."""
    rest = enumerate(lines[number:], number + 1)
    return next(n for n, line in rest if line.strip() and not _MARK.search(line))


def outline(folder: Path) -> str:
    chapters = ""
    for path in sorted(folder.glob("*.md")):
        match = re.search(r"^# ([^{\n]+)", path.read_text("utf-8"), re.MULTILINE)
        title = match[1].strip() if match else "No title"
        chapters += f'      - {{file: {path.name}, title: "{title}", status: draft}}\n'
    return _OUTLINE.format(chapters=chapters)


@pytest.fixture
def tiny_book(code: str, tmp_path: Path) -> Path:
    root = tmp_path / "book"
    shutil.copytree(FOLDER / code, root)
    if not (root / "book.yml").exists():
        (root / "book.yml").write_text(outline(root), "utf-8")
    return root


def places(findings: tuple[Finding, ...]) -> set[tuple[str, int, str]]:
    return {(str(f.where.path), f.where.line, f.code) for f in findings}


@pytest.mark.parametrize("code", [c for c in cases() if c not in NEEDS_PAGES])
def test_a_broken_manuscript_gives_its_finding_at_its_line_and_no_other(
    code: str, tiny_book: Path
) -> None:
    wanted = expected(FOLDER / code)

    findings = build.check(tiny_book)

    assert wanted
    assert places(findings) == wanted
    assert {code for _, _, code in wanted} == {code}


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(NEEDS_PAGES))
def test_a_book_broken_on_the_page_gives_its_finding_at_its_line_and_no_other(
    code: str, tiny_book: Path
) -> None:
    wanted = expected(FOLDER / code)

    findings = build.build(tiny_book, [Edition.PRINT], modified=DAY).findings

    assert wanted
    assert places(findings) == wanted


def test_every_rule_is_broken_somewhere() -> None:
    elsewhere = {
        code
        for code in set(RULES) - set(cases())
        for path in PROVED_BY.get(code, PROVED_BY.get(code[0], []))
        if f'"{code}"' in (FOLDER.parents[1] / path).read_text("utf-8")
    }

    assert set(cases()) | elsewhere == set(RULES)
