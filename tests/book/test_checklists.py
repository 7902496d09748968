"""The checklists of Appendix C, line by line, compared with the scripts that go through them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

APPENDIX = Path(__file__).parents[2] / "manuscript/appendices/checklists.md"
FILES = APPENDIX.with_suffix(".files")
_ITEM = re.compile(r"^- \*\*(\d+)\*\* (.+)$", re.MULTILINE)
_COMMAND = re.compile(r"`((?:uv|uvx|git|ruff) [^`]+)`")
_STEP = re.compile(r"^(step|hand) (\d+) ", re.MULTILINE)
_MADE = re.compile(r"^(?:make|undo)_(\d+)\(\) (\{[^\n]*\}|\{.*?\n\})$", re.MULTILINE | re.DOTALL)


def section(text: str, name: str) -> dict[int, str]:
    """Map the numbers of a checklist to its lines."""
    start = text.index(f"{{#sec-checklists-{name}}}")
    end = text.find("\n## ", start)
    return {int(number): line for number, line in _ITEM.findall(text[start:end])}


def steps(script: str) -> dict[int, tuple[str, str]]:
    """Map the numbers of new-project.sh to how a step is done, `step` or `hand`, and its text."""
    parts = _STEP.split(script)[1:]
    found: dict[int, tuple[str, str]] = {}
    for how, number, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        known = found.get(int(number), (how, ""))
        found[int(number)] = (known[0], known[1] + text)
    return found


def moves(script: str) -> dict[int, str]:
    """Map the numbers of adopt.sh to what makes the step and what takes it back."""
    found: dict[int, str] = {}
    for number, text in _MADE.findall(script):
        found[int(number)] = found.get(int(number), "") + text
    return found


def missing(line: str, script: str) -> list[str]:
    """List the commands of a line whose words no command of the script has, in their order."""
    plain = script.replace("\\\n", " ").replace("$name", "NAME")
    return [
        command
        for command in _COMMAND.findall(line)
        if not re.search("[^\n]*?".join(map(re.escape, command.split())), plain)
    ]


TEXT = APPENDIX.read_text("utf-8")
NEW, EXISTING = section(TEXT, "new"), section(TEXT, "existing")
STEPS = steps((FILES / "new-project.sh").read_text("utf-8"))
ADOPT = (FILES / "adopt.sh").read_text("utf-8")
MOVES = moves(ADOPT)


def test_list_and_script_have_the_same_steps() -> None:
    tried = {int(number) for number in re.findall(r"^(?:try|hand) (\d+) ", ADOPT, re.MULTILINE)}

    assert list(NEW) == list(range(1, 28)) == list(STEPS)
    assert list(EXISTING) == list(range(1, 16)) == sorted(tried)


@pytest.mark.parametrize("number", NEW)
def test_the_script_does_what_the_line_says(number: int) -> None:
    how, text = STEPS[number]

    assert missing(NEW[number], text) == []
    assert NEW[number].startswith("By hand") == (how == "hand")


@pytest.mark.parametrize("number", EXISTING)
def test_the_script_makes_and_undoes_what_the_line_says(number: int) -> None:
    line, text = EXISTING[number], MOVES.get(number, "")

    assert ("By hand" in line or number == max(EXISTING)) == (text == "")
    assert "*Undo:*" in line
    assert not text or missing(line, text.replace("revert", "git revert")) == []


@pytest.mark.parametrize("number", [*NEW, *EXISTING])
def test_a_line_names_the_place_that_explains_it(number: int) -> None:
    for line in (NEW[number], EXISTING.get(number, NEW[number])):
        assert re.search(r"\(#(?:sec|ch)-|Chapter \d", line) or "origin main`" in line


def test_a_command_that_is_not_run_is_found() -> None:
    assert missing("`uv sync --frozen`, `uv sync`", "must uv sync --locked") == ["uv sync --frozen"]
    assert missing("`uv run NAME`", 'uv run --quiet "$name"') == []
