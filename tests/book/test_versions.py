"""The table of versions in the preface, compared with what the chapters call and what was there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MANUSCRIPT = ROOT / "manuscript"
# What the sandbox has, and weirwatch's lock; a hidden block of the colophon holds them to it.
FOUND = MANUSCRIPT / "back/colophon.files/versions.txt"
# Older releases that a session compares with, and what is no tool of the reader's.
ASIDE = {
    "trustme": "makes the certificate of the local index",
    "weirwatch": "is the example",
}
_ROW = re.compile(r"^\| (?!For |---)[^|]+ \| (?P<tools>[^|]+) \|$", re.MULTILINE)
_TOOL = re.compile(r"([A-Za-z][A-Za-z-]*) (\d[\d.]*\d(?:(?:,| and) \d[\d.]*\d)*)")
_CALL = re.compile(r"(?<![\w/])([a-z][a-z0-9-]+)@(\d+(?:\.\d+)+)")
_PIN = re.compile(r"(?<![\w/])([a-z][a-z0-9-]+)(?:\[\w+\])?(?:@|==)(\d+(?:\.\d+)+)")


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Read the versions that the preface gives each tool, by its name in small letters."""
    start = text.index("::: {#tbl-preface-versions")
    cells = _ROW.findall(text[start : text.index("\n:::\n", start)])
    tools = [found for cell in cells for found in _TOOL.findall(cell)]
    return {name.lower(): tuple(re.split(r",? and |, ", versions)) for name, versions in tools}


def order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@cache
def chapters() -> str:
    """All that the chapters say and run."""
    files = [p for p in sorted(MANUSCRIPT.rglob("*")) if p.is_file() and "front" not in p.parts]
    return "\n".join(p.read_text("utf-8", errors="replace") for p in files)


def found() -> dict[str, tuple[str, ...]]:
    versions: dict[str, tuple[str, ...]] = {}
    for line in FOUND.read_text("utf-8").splitlines():
        name, version = line.lower().split()
        versions[name] = (*versions.get(name, ()), version)
    return versions


def pinned(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    """Map each tool to the newest version that a text pins."""
    newest: dict[str, str] = {}
    for name, version in pattern.findall(text):
        if name not in ASIDE:
            newest[name] = max(newest.get(name, version), version, key=order)
    return newest


TABLE = table((MANUSCRIPT / "front/preface.md").read_text("utf-8"))


@pytest.mark.parametrize("tool", found())
def test_the_table_has_what_was_there(tool: str) -> None:
    assert TABLE.get(tool) == found()[tool]


@pytest.mark.parametrize("tool", pinned(chapters(), _CALL))
def test_a_tool_that_a_chapter_calls_is_in_the_table_in_its_newest_version(tool: str) -> None:
    assert TABLE.get(tool) == (pinned(chapters(), _CALL)[tool],)


@pytest.mark.parametrize("tool", sorted(set(TABLE) - set(found())))
def test_a_tool_of_the_table_is_pinned_somewhere_in_this_version(tool: str) -> None:
    assert TABLE[tool] == (pinned(chapters(), _PIN).get(tool),)


def test_another_version_is_seen() -> None:
    broken = (MANUSCRIPT / "front/preface.md").read_text("utf-8").replace("Ruff 0.17.6", "Ruff 1.0")

    assert table(broken)["ruff"] == ("1.0",)
    assert pinned("uvx --quiet ruff@0.16.4 check; ruff@0.17.6", _CALL) == {"ruff": "0.17.6"}
