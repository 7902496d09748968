"""Finished artifacts -> files below build/: each of them whole, none of them stale."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = "build"
_KEPT = frozenset({"README.md", ".setup", ".lock", ".review-keys"})
_STAGING = ".staging-"


def publish(folder: Path, artifacts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Put artifacts in place of those of the last build.

    folder:    where they go; it is made when it is missing.
    artifacts: bytes by name, with forward slashes: "book.epub", "web/index.html".
    Returns    the names that were new or had changed.

    All of them are first written beside their places, then renamed into them: who is interrupted
    or fails while writing keeps the last build. A second build waits for its turn. A folder that
    artifacts go into ("web") is theirs alone: what no artifact names is removed from it.
    """
    with _turn(folder):
        for left in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(left)
        changed = {name: data for name, data in artifacts.items() if _differs(folder / name, data)}
        with tempfile.TemporaryDirectory(dir=folder, prefix=_STAGING) as staging:
            for name, data in changed.items():
                _put(Path(staging, name), data)
            for name in changed:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                Path(staging, name).replace(folder / name)
        _remove_stale(folder, artifacts)
    return tuple(changed)


def carried(files: Sequence[Path], formats: Sequence[str]) -> dict[str, bytes]:
    """Read what the screen edition is to carry along, by name."""
    if files and "screen" not in formats:
        hint = "make the screen edition as well: -f screen"
        raise BookpressError("only the screen edition can carry files along", hint=hint)
    names = [file.name for file in files]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BookpressError(f"two files to carry along are called {twice[0]}", hint="rename one")
    return {file.name: file.read_bytes() for file in files}


def clean(folder: Path) -> int:
    """Remove all that builds have left in a folder; return how many entries that were."""
    if not folder.is_dir():
        return 0
    with _turn(folder):
        entries = [entry for entry in folder.iterdir() if entry.name not in _KEPT]
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    return len(entries)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until no other build writes to the folder; the system frees a dead one's lock."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _differs(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size != len(data) or path.read_bytes() != data
    except (FileNotFoundError, NotADirectoryError):
        return True


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _remove_stale(folder: Path, artifacts: Mapping[str, bytes]) -> None:
    names = {PurePosixPath(name) for name in artifacts}
    owned = {name.parts[0] for name in names if len(name.parts) > 1}
    for top in sorted(owned):
        for path in sorted((folder / top).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif PurePosixPath(path.relative_to(folder).as_posix()) not in names:
                path.unlink()
