"""A book's folder -> what git knows of it, such as the only date that editions carry."""

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
    return told(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")


def is_edited(root: Path, *places: str) -> bool:
    """Say whether files differ from the commit, or are new to it."""
    return bool(told(root, "status", "--porcelain", "--", *places))


def _committed(root: Path) -> str:
    return told(root, "log", "-1", "--format=%ct")


def ask(root: Path, *question: str) -> bytes | None:
    """Ask git something about a book's folder; None when it says no, or is not there."""
    program = shutil.which("git")
    if program is None:
        return None
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    command = [program, "-c", "core.quotePath=false", *question]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def told(root: Path, *question: str) -> str:
    """What git says to a question, as a line of text; "" where it says nothing."""
    return (ask(root, *question) or b"").decode(errors="replace").strip()
