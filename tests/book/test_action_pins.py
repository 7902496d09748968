"""Every `uses:` in the manuscript, compared with the list of pinned actions beside this file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MANUSCRIPT = Path(__file__).parents[2] / "manuscript"
PINS = tomllib.loads(Path(__file__).with_name("pins.toml").read_text("utf-8"))["pin"]
# Files that show actions as they should not be named, each with its reason.
EXEMPT = {
    "part-1-foundations/the-devops-mindset.files/make_zoo.py": (
        "the fleet's history of 2025, when its workflows named version tags"
    ),
}
CHECKOUT = "3d3c42e5aac5ba805825da76410c181273ba90b1"
# In YAML and in diffs; a session may shorten the hash to its beginning and `[...]`.
_USES = re.compile(
    r"""(?:^|[\s{,"'])uses["']?:[ \t]+["']?(?P<action>[\w./$-]+)(?P<rest>.*)$""", re.MULTILINE
)
_REF = re.compile(r"@(?P<sha>[0-9a-f]{40}|[0-9a-f]{8,39}(?=\[\.{3}\]))(?:\[\.{3}\])? # (?P<at>\S+)")


def unpinned(text: str) -> Iterator[str]:
    """Yield each `uses:` of a text that the list does not have, with action, release and commit."""
    for use in _USES.finditer(text):
        ref = _REF.match(use["rest"])
        if ref is None or not any(
            (pin["action"], pin["version"]) == (use["action"], ref["at"])
            and pin["sha"].startswith(ref["sha"])
            for pin in PINS
        ):
            yield use[0].lstrip(" \n{,\"'").rstrip()


def read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def files() -> Iterator[tuple[str, str]]:
    for path in sorted(MANUSCRIPT.rglob("*")):
        if path.is_file():
            yield path.relative_to(MANUSCRIPT).as_posix(), read(path)


def test_every_action_of_the_book_is_in_the_list() -> None:
    wrong = [(name, use) for name, text in files() if name not in EXEMPT for use in unpinned(text)]

    assert wrong == []


def test_the_manuscript_is_seen() -> None:
    uses = [use["action"] for _, text in files() for use in _USES.finditer(text)]

    assert {"actions/checkout", "astral-sh/setup-uv", "actions/cache"} <= set(uses)


@pytest.mark.parametrize("name", EXEMPT)
def test_an_exemption_is_needed(name: str) -> None:
    found = list(unpinned(read(MANUSCRIPT / name)))

    assert found


@pytest.mark.parametrize(
    "use",
    [
        f"      - uses: actions/checkout@{CHECKOUT} # v7.0.1",
        f"+        uses: actions/checkout@{CHECKOUT} # v7.0.1  # (1)",
        "      - uses: actions/checkout@3d3c42e5[...] # v7.0.1",
        "`uses` names an action",
    ],
)
def test_a_pinned_action_is_accepted(use: str) -> None:
    assert list(unpinned(f"steps:\n{use}\n")) == []


@pytest.mark.parametrize(
    "use",
    [
        "      - uses: actions/checkout@v7",
        "      - uses: actions/checkout",
        f"      - uses: actions/checkout@{CHECKOUT}",
        f"      - uses: actions/checkout@{CHECKOUT} # v7.0.0",
        f"      - uses: actions/checkout@{'0' * 40} # v7.0.1",
        "      - uses: actions/checkout@3d3c42e5 # v7.0.1",
        "      - uses: actions/checkout@00000000[...] # v7.0.1",
        f"      - uses: somebody/checkout@{CHECKOUT} # v7.0.1",
        "      - uses: ./.github/actions/setup",
        "-      - uses: 'actions/checkout@v4'",
        '      - {name: Checkout, "uses": "actions/checkout@v4"}',
    ],
)
def test_any_other_is_found(use: str) -> None:
    [found] = unpinned(f"steps:\n{use}\n")

    assert found in use


def test_the_list_names_full_commits_once() -> None:
    commits = [pin["sha"] for pin in PINS]

    assert all(re.fullmatch("[0-9a-f]{40}", commit) for commit in commits)
    assert len(commits) == len(set(commits))
