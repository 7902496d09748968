"""A commit -> the book as it was, in a folder of its own; and what became of files since.

Chapters that have not changed come from the cache of today's folder.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress import manuscript
from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[0-9a-f]{7,64}")
_MOST_BYTES = 1 << 30


def full_name(root: Path, commit: str) -> str:
    """The full name of a commit that is named by a piece of it; "" when it is not known here."""
    if not _NAME.fullmatch(commit):
        return ""
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
    return (found or b"").decode().strip()


def head(root: Path) -> str:
    """The full name of the commit that is checked out; "" where there is none."""
    return (_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}") or b"").decode().strip()


def user(root: Path) -> str:
    """Who works here, as git knows; "" where it does not."""
    return (_git(root, "config", "user.name") or b"").decode(errors="replace").strip()


def is_kept(root: Path) -> bool:
    """Say whether a folder is in a repository."""
    return _git(root, "rev-parse", "--is-inside-work-tree") is not None


def find(root: Path, name: str) -> str:
    """The full name of a commit, by whatever git knows it by; "" when git does not."""
    wanted = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = (_git(root, "rev-parse", *wanted) or b"").decode().split()
    return found[-1] if found else ""


def day(root: Path, commit: str) -> str:
    """The day of a commit in UTC, ISO 8601; "" when it is not known here."""
    seconds = (_git(root, "log", "-1", "--format=%ct", commit) or b"").decode().strip()
    return f"{dt.datetime.fromtimestamp(int(seconds), dt.UTC):%Y-%m-%d}" if seconds else ""


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Have the book's folder as it was at a commit, for a while.

    Raises  BookpressError when the commit is not known, or had no book in this folder.
    """
    packed = _git(root, "archive", "--format=tar", commit, ".")
    if packed is None or len(packed) > _MOST_BYTES:
        hint = "git fetch brings what this clone lacks"
        raise BookpressError(f"the commit {commit} cannot be read", hint=hint)
    with tempfile.TemporaryDirectory(prefix="bookpress-") as folder:
        was = Path(folder).resolve()
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(was, filter="data")
        except tarfile.TarError as error:
            raise BookpressError(f"the commit {commit} cannot be unpacked: {error}") from None
        if not (was / "book.yml").is_file():
            raise BookpressError(f"at the commit {commit} there was no book in this folder")
        _share_cache(root, was)
        yield was


def _share_cache(root: Path, was: Path) -> None:
    shutil.rmtree(was / manuscript.CACHE, ignore_errors=True)
    for folder in (root / manuscript.CACHE, (was / manuscript.CACHE).parent):
        folder.mkdir(parents=True, exist_ok=True)
    (was / manuscript.CACHE).symlink_to(root / manuscript.CACHE, target_is_directory=True)


def _git(root: Path, *arguments: str) -> bytes | None:
    """Ask git; None when it says no, or is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        [program, *arguments], cwd=root, env=environment, capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None
