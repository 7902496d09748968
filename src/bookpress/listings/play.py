"""Scripts -> what each chapter did, in a sandbox that one hands to the next, or from the cache.

A run is known by all that went into it: the tools, the chapter's commands and files, and the run
before it. What the manuscript expects is not among them, so that an edited output, caption or
paragraph runs nothing.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.listings import runner, sandbox, snapshots, toolbox, validate, worktree
from bookpress.listings.source import CACHE
from bookpress.listings.store import Store, digest, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

    from bookpress.listings.runner import Outcome
    from bookpress.listings.sandbox import Sandbox
    from bookpress.listings.source import Script, Scripts
    from bookpress.listings.toolbox import Toolbox

_OWN = (
    "blocks",
    "patches",
    "runner",
    "sandbox",
    "shell",
    "snapshots",
    "steps",
    "toolbox",
    "validate",
    "worktree",
)


@dataclass(frozen=True, slots=True)
class Played:
    """A chapter that has been run.

    tree:    the snapshot of what it left; None when it failed.
    seconds: how long it took; 0 when the run was in the cache.
    """

    script: Script
    outcome: Outcome
    tree: Path | None
    seconds: float


def silent(_line: str) -> None:
    """Tell nobody how far the run is."""


@contextmanager
def stage(scripts: Scripts, *, cold: bool = False) -> Iterator[Stage]:
    """Set up the sandbox of a book; it is taken down in the end.

    cold:   run all chapters anew, whatever the cache holds.
    Raises  ToolError when a tool or an interpreter is missing.
    """
    cache = scripts.root / CACHE
    tools = toolbox.collect(scripts.book.executables, cache)
    with sandbox.turn(cache / "listings"):
        box = sandbox.Sandbox(scripts.root, scripts.book.executables, tools, cache / "uv")
        try:
            if cold:
                with tempfile.TemporaryDirectory(dir=cache, prefix="cold-") as folder:
                    yield Stage(scripts, box, tools, Store(Path(folder)))
            else:
                yield Stage(scripts, box, tools, Store(cache))
        finally:
            box.remove()


class Stage:
    """A sandbox, and the runs that are known."""

    def __init__(self, scripts: Scripts, box: Sandbox, tools: Toolbox, store: Store) -> None:
        self.tools = tools
        self._scripts = scripts
        self._box = box
        self._store = store

    def play(self, slugs: Sequence[str], told: Callable[[str], None]) -> Iterator[Played]:
        """Run chapters, and those before them, until one fails.

        slugs: the chapters that are asked for; none for all.
        told:  hears a line about every chapter.
        """
        before: Path | None = None
        key = self._setting()
        for script in self._scripts.to_run(slugs):
            key = digest(key.encode(), script.identity(), _tree_digest(script.files))
            played = self._known(script, key) or self._run(script, key, before)
            told(_line(played))
            yield played
            before = played.tree
            if played.outcome.failure:
                return

    def _setting(self) -> str:
        asked = self._scripts.book.executables
        words = [
            str(self._box.folder),
            asked.author,
            asked.email,
            sorted(asked.environment.items()),
        ]
        own = Path(__file__).parent
        code = [(own / f"{name}.py").read_bytes() for name in _OWN]
        return digest(json.dumps(words).encode(), self.tools.identity, *code)

    def _paths(self, key: str) -> tuple[Path, Path]:
        return self._store.path("runs", key.encode()), self._store.path("trees", key.encode())

    def _known(self, script: Script, key: str) -> Played | None:
        run, tree = self._paths(key)
        if not (run.is_file() and tree.is_file()):
            return None
        for path in (run, tree):
            path.touch()
        return Played(script, runner.decode(run.read_bytes()), tree, 0)

    def _run(self, script: Script, key: str, before: Path | None) -> Played:
        started = time.monotonic()
        self._box.prepare()
        if before:
            snapshots.restore(before, self._box.folder)
        self._box.lend(script.files)
        held = worktree.digests(self._box.work)
        outcome = runner.run(self._box, script.blocks, script.date)
        tree = None
        if not outcome.failure:
            outcome = replace(outcome, invalid=_invalid(self._box.work, held))
            run, tree = self._paths(key)
            snapshots.save(self._box.folder, tree)
            write_whole(run, outcome.encode())
        return Played(script, outcome, tree, time.monotonic() - started)


def _invalid(work: Path, before: Mapping[PurePosixPath, bytes]) -> tuple[tuple[str, str, str], ...]:
    """What validators say of the files that are new or have changed."""
    now = worktree.digests(work)
    changed = [path for path, content in now.items() if before.get(path) != content]
    return tuple((str(c.path), c.code, c.message) for c in validate.validate(work, changed))


def _tree_digest(folder: Path) -> bytes:
    """Name all files below a folder with their modes; one that does not exist is empty."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = f"{path.relative_to(folder).as_posix()} {path.stat().st_mode:o}"
            total.update(digest(name.encode(), path.read_bytes()).encode())
    return total.digest()


def _line(played: Played) -> str:
    slug = played.script.chapter.slug
    if played.outcome.failure:
        return f"{slug}: failed after {played.seconds:.1f} s"
    return f"{slug}: run in {played.seconds:.1f} s" if played.seconds else f"{slug}: known"
