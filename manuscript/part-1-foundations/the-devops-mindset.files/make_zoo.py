"""Build twenty repositories that began with the same four files and were then maintained.

usage: make_zoo.py FOLDER [--months 12] [--rate 0.15] [--seed 70]

Each month, each repository has a chance of `rate` to receive one of the changes below, as a
commit of Ana or Tomas. Nothing is copied from one repository to another, and nothing is asked
for by a rule: the changes are the whole story. The same arguments give the same commits.
"""

import argparse
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

CATCHMENTS = (
    "alder-brook ash-dyke birch-lode black-sluice crane-water eel-pond heron-beck long-drain "
    "lower-fen marsh-end mill-leat oak-weir otter-brook reed-mere rush-lake sedge-moor "
    "swan-ford teal-broad upper-fen willow-cut"
).split()
FOUNDED = datetime(2025, 3, 3, 9, tzinfo=UTC)
MONTH = timedelta(days=30)

CI, HOOKS, PIN, RUFF = (
    ".github/workflows/ci.yml",
    ".pre-commit-config.yaml",
    ".python-version",
    "ruff.toml",
)
STANDARD = {
    CI: """\
name: CI
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: astral-sh/setup-uv@v5
      - run: uv run --with pytest pytest -q
""",
    HOOKS: """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.9.9
    hooks:
      - id: ruff
      - id: ruff-format
""",
    PIN: "3.12\n",
    RUFF: "line-length = 88\n",
}
TEST = """\
\"\"\"The limits of this catchment are lengths in metres.\"\"\"

import tomllib
from pathlib import Path

LIMITS = Path(__file__).parents[1] / "limits.toml"


def test_high_water_is_below_ten_metres() -> None:
    limits = tomllib.loads(LIMITS.read_text(encoding="utf-8"))

    assert 0 < limits["high_m"] < 10
"""


class Change(NamedTuple):
    """What somebody may do in one repository: `old` becomes `new`, from a month on."""

    path: str
    old: str
    new: str
    why: str
    since: int = 1


CHANGES = (
    Change(CI, "setup-uv@v5", "setup-uv@v6", "Use setup-uv v6", since=2),
    Change(CI, "checkout@v4", "checkout@v5", "Use checkout v5", since=6),
    Change(CI, "setup-uv@v6", "setup-uv@v7", "Use setup-uv v7", since=8),
    Change(CI, "[push]", "[push, pull_request]", "Run CI on pull requests"),
    Change(CI, "ubuntu-latest", "ubuntu-24.04", "Pin the image of the runner"),
    Change(CI, "pytest -q\n", "pytest -q || true\n", "Let CI pass while the gauge is offline"),
    Change(HOOKS, "v0.9.9", "v0.12.0", "Update the Ruff hook", since=4),
    Change(HOOKS, "v0.12.0", "v0.14.2", "Update the Ruff hook", since=8),
    Change(RUFF, "88", "100", "Allow lines of 100 columns"),
    Change(RUFF, "88", "120", "Allow lines of 120 columns"),
    Change(PIN, "3.12", "3.13", "Develop on Python 3.13"),
)
FLOOD = ("reed-mere", 8, Change("limits.toml", "2.4", "260", "Raise the limit after the flood"))


def repository(place: int, name: str) -> dict[str, str]:
    """Return the files of a new repository: path -> text."""
    return STANDARD | {
        ".gitignore": "__pycache__/\n",
        "README.md": f"# {name}\n\nLimits of the {name} catchment, in metres.\n",
        "limits.toml": f"high_m = {1.1 + place / 10:.1f}\nrise_m_per_h = 0.2\n",
        "tests/test_limits.py": TEST,
    }


def possible(files: dict[str, str], month: int) -> list[Change]:
    """List the changes that could be made to these files in this month."""
    return [c for c in CHANGES if month >= c.since and c.old in files[c.path]]


def history(months: int, rate: float, seed: int) -> dict[str, list[tuple[int, Change]]]:
    """Decide who is changed when: name -> (month, change) in order."""
    chance = random.Random(seed)
    files = {name: repository(i, name) for i, name in enumerate(CATCHMENTS)}
    made: dict[str, list[tuple[int, Change]]] = {name: [] for name in CATCHMENTS}
    for month in range(1, months + 1):
        for name in CATCHMENTS:
            if (name, month) == FLOOD[:2]:
                made[name].append((month, FLOOD[2]))
            choices = possible(files[name], month)
            if chance.random() < rate and choices:
                change = choices[int(chance.random() * len(choices))]
                text = files[name][change.path]
                files[name][change.path] = text.replace(change.old, change.new)
                made[name].append((month, change))
    return made


def git(repo: Path, *words: str, at: datetime, author: str = "Ana") -> None:
    """Run git as this author on this day, whatever the user's own settings are."""
    day, mail = at.isoformat(), f"{author.lower()}@lowlandrivers.example"
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        settings |= {f"GIT_{role}_NAME": author, f"GIT_{role}_EMAIL": mail, f"GIT_{role}_DATE": day}
    subprocess.run(["git", "-C", repo, *words], check=True, env=os.environ | settings)


def write(repo: Path, place: int, made: list[tuple[int, Change]]) -> None:
    """Write one repository with a commit for its founding and one for each change."""
    for path, text in repository(place, repo.name).items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_bytes(text.encode())
    git(repo, "init", "-q", "--template=", "-b", "main", at=FOUNDED)
    git(repo, "add", "--all", at=FOUNDED)
    git(repo, "commit", "-q", "-m", "Begin with the standard files", at=FOUNDED)
    for number, (month, change) in enumerate(made):
        file = repo / change.path
        file.write_bytes(file.read_bytes().replace(change.old.encode(), change.new.encode()))
        day = FOUNDED + month * MONTH + timedelta(days=place % 7, hours=number % 7)
        author = ("Ana", "Tomas")[(month + place) % 2]
        git(repo, "commit", "-q", "--all", "-m", change.why, at=day, author=author)


def main() -> None:
    """Build the repositories in a folder that does not exist yet."""
    parser = argparse.ArgumentParser(description="Build twenty repositories that drift apart.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--rate", type=float, default=0.15, help="changes a month and repository")
    parser.add_argument("--seed", type=int, default=70)
    wanted = parser.parse_args()
    if wanted.folder.exists():
        sys.exit(f"{wanted.folder} exists: remove it, or name another folder")
    plan = history(wanted.months, wanted.rate, wanted.seed)
    for place, (name, made) in enumerate(plan.items()):
        write(wanted.folder / name, place, made)
    changes = sum(map(len, plan.values()))
    print(f"{len(plan)} repositories, {changes} changes in {wanted.months} months")


if __name__ == "__main__":
    main()
