"""The overview of a pull request: budgets beside pages, findings with their places, no markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.release.conftest import book

from bookpress import cli

if TYPE_CHECKING:
    from pathlib import Path

FINDING = {
    "code": "B001", "severity": "error", "path": "book.yml", "line": 20,
    "message": "part 1 “Spans” is 20 pages; its budget is 4 to 12 <b>@all</b> [x](y)",
}  # fmt: skip


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of which a build is said to have made so many pages."""
    root = book(tmp_path / "book", "2026.11.0-draft.1")
    sections = [("part-1", 2), ("beams", 14), ("arches", 4)]
    found = {"sections": [{"section": name, "pages": pages} for name, pages in sections]}
    (root / "build").mkdir()
    (root / "build/bridges-pages.json").write_text(json.dumps(found), "utf-8")
    (root / "build/findings.json").write_text(json.dumps({"findings": [FINDING]}), "utf-8")
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return root


def test_a_part_over_its_budget_is_told_in_its_row(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["ci", "summary"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "| **Part 1: Spans** | 2 of 2 |" in printed
    assert "| 20 | 4 to 12 | over |" in printed
    assert "Findings: 1 error." in printed
    assert built.is_dir()


def test_what_an_author_writes_is_no_markup_of_a_comment(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["ci", "summary"])

    printed = capsys.readouterr().out
    assert "&lt;b>&#64;all" in printed
    assert "[x](y)" not in printed
    assert built.is_dir()


def test_it_goes_to_the_job_s_page_and_into_a_file(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(built / "page.md"))

    cli.run(["ci", "summary", "--out", "comment.md"])

    assert capsys.readouterr().out == ""
    assert (built / "page.md").read_text("utf-8") == (built / "comment.md").read_text("utf-8")
    assert "## Bridges" in (built / "comment.md").read_text("utf-8")
