"""A book's folder -> when it was last changed, which is the only date that editions carry."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def last_changed(root: Path) -> dt.datetime:
    """Tell the time of the book's last commit, in UTC.

    The environment's SOURCE_DATE_EPOCH comes first (reproducible-builds.org); a book that is in
    no repository has a fixed date. Never the clock: two builds of one commit give the same bytes.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "") or _committed(root)
    if not seconds:
        return UNKNOWN
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):  # noqa: PLR2004
        raise BookpressError(
            f"SOURCE_DATE_EPOCH is {seconds!r}; it must be seconds since 1970",
            hint="unset it, or type: export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
        )
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def name(root: Path) -> str:
    """Tell the full name of the commit that is checked out; "" where there is none."""
    return _ask(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")


def is_edited(root: Path, *places: str) -> bool:
    """Say whether files differ from the commit, or are new to it."""
    return bool(_ask(root, "status", "--porcelain", "--", *places))


def _committed(root: Path) -> str:
    return _ask(root, "log", "-1", "--format=%ct")


def _ask(root: Path, *question: str) -> str:
    """Ask git; "" where there is no git, no repository or no answer."""
    if shutil.which("git") is None:
        return ""
    command = ["git", *question]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""
