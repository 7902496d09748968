"""A small book under review, a server for it, and a browser that reads its draft."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bookpress.errors import ToolError
from bookpress.validators import toolbox

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = Path(__file__).with_name("browser.cjs")
WEIRS = """\
# Weirs {#ch-weirs}

The *sluice* is opened, as `keeper` says it
must be, at noon and **by hand**. A gate that was
stuck took twelve minutes.

Nobody remembers the flood.

## Gates

This is the second paragraph, and it is about [locks](locks.md).[^a]

[^a]: A note at the end, about “quotes”.
"""
OUTLINE = """\
title: "Rivers: A Short Book"
authors: [Ana]
language: en-GB
version: "2026.11.0-draft.1"
repository: https://github.com/ana/rivers
parts:
  - title: Water
    summary: Two chapters about it.
    pages: 4
    chapters:
      - {file: manuscript/weirs.md, title: Weirs, status: final}
      - {file: manuscript/locks.md, title: Locks, status: final}
"""
TRIES, CRASHED = 3, 75


def small_book(folder: Path) -> Path:
    """Write a book of two chapters, in a repository of its own."""
    root = folder / "rivers"
    (root / "manuscript").mkdir(parents=True)
    (root / "book.yml").write_text(OUTLINE, "utf-8")
    (root / "manuscript/weirs.md").write_text(WEIRS, "utf-8")
    (root / "manuscript/locks.md").write_text("# Locks\n\nA lock has two gates.\n", "utf-8")
    (root / ".gitignore").write_text("build/\n")
    commit(root)
    return root


def commit(root: Path) -> None:
    """Commit all there is."""
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)


@dataclass
class Running:
    """`bookpress review serve`, and what it said."""

    process: subprocess.Popen[str]
    share: str = ""
    author: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.share.partition("/enter/")[0]

    @property
    def key(self) -> str:
        return self.share.rpartition("/")[2]

    @property
    def author_key(self) -> str:
        return self.author.rpartition("/")[2]

    def stop(self) -> None:
        """End it as Ctrl-C does, unless it has ended."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGINT)
        _, rest = self.process.communicate(timeout=60)
        self.said += rest.splitlines(keepends=True)


def _hear_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background, these tests among them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(root: Path, *options: str, python: str | Path = sys.executable) -> Running:
    """Start a server; returns when it has told its links."""
    command = [python, "-m", "bookpress", "-C", str(root), "review", "serve"]
    process = subprocess.Popen(
        [*command, "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509  (no threads here)
    )
    made = Running(process)
    assert process.stderr
    while line := process.stderr.readline():
        made.said.append(line)
        if found := re.search(r"(reviewers|decides): (http\S+)", line):
            if found[1] == "reviewers":
                made.share = found[2]
            else:
                made.author = found[2]
        if line.startswith("Ctrl-C"):
            break
    else:
        process.communicate()
        pytest.fail("".join(made.said))
    return made


def browser() -> Callable[..., Any]:
    """Do a scenario of browser.cjs; fails when a page asked, said or ran what it must not."""
    try:
        node, chromium = toolbox.node(), toolbox.chromium()
        packages = toolbox.module("playwright-core").parent
        toolbox.module("axe-core")
    except ToolError as missing:
        if os.environ.get("CI") == "true" or os.environ.get("BOOKPRESS_STRICT") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    environment = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}

    def run(scenario: str, **facts: object) -> Any:  # noqa: ANN401  (JSON)
        told = json.dumps(facts, default=str)
        command = [str(part) for part in (node, SCRIPT, scenario, told, chromium)]
        for _ in range(TRIES):
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                text=True,
                env={**environment, "NODE_PATH": str(packages)},
                timeout=600,
            )
            if done.returncode != CRASHED:
                break
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert report["wrong"] == []
        return report["result"]

    return run
