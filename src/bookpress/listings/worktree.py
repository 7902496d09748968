"""A folder of the sandbox -> the files in it that an author would keep."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MADE = frozenset({
    ".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".nox", ".tox",
    "node_modules", ".DS_Store",
})  # fmt: skip


def files(folder: Path) -> Iterator[PurePosixPath]:
    """Name the files below a folder, sorted; in a repository, those that git does not ignore.

    Left out are caches, environments, links and what lies in `.git`.
    """
    yield from sorted(_below(folder, PurePosixPath()))


def digests(folder: Path) -> dict[PurePosixPath, bytes]:
    """Name the contents of the files below a folder."""
    return {path: hashlib.sha256((folder / path).read_bytes()).digest() for path in files(folder)}


def _below(folder: Path, name: PurePosixPath) -> Iterator[PurePosixPath]:
    here = folder / name
    if (here / ".git").exists():
        yield from (name / file for file in _kept_by_git(here))
        return
    for entry in os.scandir(here):
        if entry.name in _MADE or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _below(folder, name / entry.name)
        else:
            yield name / entry.name


def _kept_by_git(folder: Path) -> Iterator[PurePosixPath]:
    """Files that git has or would add; repositories inside this one are left out."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
    )
    for name in set(done.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""}:
        path = folder / name
        if path.is_file() and not path.is_symlink() and not _MADE & set(Path(name).parts):
            yield PurePosixPath(name)
