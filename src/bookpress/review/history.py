"""A commit -> the book as it was, in a folder of its own; and what became of files since.

Chapters that have not changed come from the cache of today's folder.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress import manuscript
from bookpress.commit import ask, told
from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[0-9a-f]{7,64}")
_MOST_BYTES = 1 << 30


def full_name(root: Path, commit: str) -> str:
    """The full name of a commit that is named by a piece of it; "" when it is not known here."""
    if not _NAME.fullmatch(commit):
        return ""
    return find(root, commit)


def user(root: Path) -> str:
    """Who works here, as git knows; "" where it does not."""
    return told(root, "config", "user.name")


def is_kept(root: Path) -> bool:
    """Say whether a folder is in a repository."""
    return ask(root, "rev-parse", "--is-inside-work-tree") is not None


def find(root: Path, name: str) -> str:
    """The full name of a commit, by whatever git knows it by; "" when git does not."""
    wanted = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = told(root, "rev-parse", *wanted).split()
    return found[-1] if found else ""


def day(root: Path, commit: str) -> str:
    """The day of a commit in UTC, ISO 8601; "" when it is not known here."""
    seconds = told(root, "log", "-1", "--format=%ct", commit)
    return f"{dt.datetime.fromtimestamp(int(seconds), dt.UTC):%Y-%m-%d}" if seconds else ""


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Have the book's folder as it was at a commit, for a while.

    Raises  BookpressError when the commit is not known, or had no book in this folder.
    """
    packed = ask(root, "archive", "--format=tar", commit, ".")
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
