"""Every rule has a folder in tests/rules: a tiny book that breaks it, with the places marked.

A comment `<!-- expect: S002 -->` (in book.yml `# expect: S002`) says that the next line that is not
empty gives that finding; `expect here` means the comment's own line. A folder without a book.yml
is a book of its Markdown files in the order of their names. Nothing else may be found.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bookpress import build
from bookpress.rules import RULES

FOLDER = Path(__file__).parent / "rules"
NEEDS_PAGES = "BTE"
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
        if path.suffix in (".md", ".yml"):
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


@pytest.mark.parametrize("code", [c for c in cases() if c[0] not in NEEDS_PAGES])
def test_a_broken_manuscript_gives_its_finding_at_its_line_and_no_other(
    code: str, tiny_book: Path
) -> None:
    wanted = expected(FOLDER / code)

    findings = build.check(tiny_book)

    assert wanted
    assert {(str(f.where.path), f.where.line, f.code) for f in findings} == wanted
    assert {code for _, _, code in wanted} == {code}


def test_every_rule_has_a_book_that_breaks_it() -> None:
    assert set(cases()) == set(RULES)
