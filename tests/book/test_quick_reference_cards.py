"""The cards of Appendix A, compared with what the appendix runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CARDS = Path(__file__).parents[2] / "manuscript/appendices/quick-reference-cards.md"
ROWS_PER_CARD = 22
# Words in capitals stand for something of the reader's.
_PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b(?!=)")
_HIDDEN = re.compile(r"^```console \{\.hidden.*?^```$", re.MULTILINE | re.DOTALL)
_CARD = re.compile(r"^## (?P<title>.+?) \{#sec-cards-(?P<name>\w+)\}$", re.MULTILINE)
_COMMAND = re.compile(
    r"`((?:uv|uvx|ruff|pytest|pre-commit|git|grep|SKIP=secrets) [^`]+|pytest|ruff check)`"
)


def cards(text: str) -> dict[str, str]:
    """Map the name of each section to its text."""
    _, *rest = _CARD.split(text)
    return dict(zip(rest[1::3], rest[2::3], strict=True))


def rows(card: str) -> list[str]:
    """List the rows of a card's table, without its head."""
    return [line for line in card.splitlines() if line.startswith("|")][2:]


def never_run(card: str) -> list[str]:
    """List the commands of a card that its hidden blocks do not run."""
    run = "\n".join(_HIDDEN.findall(card))
    read = "\n".join(line for line in _HIDDEN.sub("", card).splitlines() if line[:1] != ">")
    commands = _COMMAND.findall(read)
    patterns = {c: r"\S+".join(map(re.escape, _PLACEHOLDER.split(c))) for c in commands}
    return [command for command, pattern in patterns.items() if not re.search(pattern, run)]


def never_validated(card: str) -> set[str]:
    """List the words of a card's keys that are in none of its hidden blocks."""
    validated = "\n".join(_HIDDEN.findall(card))
    spans = [span for row in rows(card) for span in re.findall("`([^`]+)`", row)]
    words = {word for span in spans for word in re.findall(r"[a-zA-Z][\w-]+", span)}
    return {word for word in words if not word.isupper() and word not in validated}


TEXT = CARDS.read_text("utf-8")
NAMES = [name for name in cards(TEXT) if name != "exit"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_a_card_is_run(name: str) -> None:
    assert never_run(cards(TEXT)[name]) == []


@pytest.mark.parametrize("name", ["actions", "renovate"])
def test_every_key_of_a_card_is_in_a_file_that_was_validated(name: str) -> None:
    assert never_validated(cards(TEXT)[name]) == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_card_fits_a_page(name: str) -> None:
    assert 10 <= len(rows(cards(TEXT)[name])) <= ROWS_PER_CARD


@pytest.mark.parametrize("name", NAMES[:6])
def test_a_card_has_one_warning(name: str) -> None:
    assert cards(TEXT)[name].count("> [!WARNING]") == 1


def test_a_command_that_is_not_run_is_named() -> None:
    text = TEXT.replace("$ uv lock --check &&", "$")

    assert never_run(cards(text)["uv"]) == ["uv lock --check"]


def test_a_key_that_is_not_validated_is_named() -> None:
    text = TEXT.replace("| `runs-on: ubuntu-24.04` |", "| `run-on: ubuntu-24.04` |")

    assert never_validated(cards(text)["actions"]) == {"run-on"}
