from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bookpress.listings.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORKFLOW = """\
on: push
env:
  RIVER: Fen
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.12", "3.13"]
    steps:
      - uses: actions/checkout@v5
      - run: ls
      - run: |
          echo "$RIVER on ${{ matrix.python }}"
          echo "GAUGE=upper" >> "$GITHUB_ENV"
      - run: echo "$GAUGE $LEVEL $CI"
        env: {LEVEL: 3}
      - run: echo ${{ github.sha }}
      - run: echo never
        if: failure()
      - run: "false"
      - run: echo not reached
"""
PRINTED = """\
# left out: uses actions/checkout@v5
$ ls
ci.yml
$ echo "$RIVER on 3.13"
> echo "GAUGE=upper" >> "$GITHUB_ENV"
Fen on 3.13
$ echo "$GAUGE $LEVEL $CI"
upper 3 true
# left out: needs ${{ github.sha }}
# left out: if failure()
$ false
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "ci.yml").write_text(WORKFLOW, "utf-8")
    author = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Begin"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "not-committed").touch()
    return tmp_path


def steps(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bookpress.listings.steps", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_steps_of_a_job_run_in_a_fresh_clone_until_one_fails(repository: Path) -> None:
    done = steps(repository, "ci.yml", "test", "python=3.13")

    assert done.stdout == PRINTED
    assert done.returncode == 1


def test_an_unknown_job_is_named_with_those_there_are(repository: Path) -> None:
    done = steps(repository, "ci.yml", "build")

    assert done.returncode == 2
    assert done.stderr == 'ci.yml has no job "build"\n  hint: it has: test\n'


def test_the_sandbox_has_the_command(write: Callable[..., Path]) -> None:
    root = write(
        '```console {exit="2"}\n$ workflow-steps\nusage: workflow-steps FILE JOB [...]\n```\n'
    )

    assert verify(root) == ()
