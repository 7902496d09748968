"""What somebody calls a commit -> the commit, with the day on which it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.review import history

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the book's history.

    name: as it was asked for, "v2026.11.0" or "HEAD~3". commit: its full name.
    day:  on which it was committed, ISO 8601, in UTC.
    """

    name: str
    commit: str
    day: str

    @property
    def title(self) -> str:
        """What readers are told: the name, and the commit where that is another one."""
        short = self.commit[:7]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


def find(root: Path, name: str) -> Revision:
    """Find a commit by whatever git knows it by.

    Raises  BookpressError when the folder is in no repository, or git knows no such commit.
    """
    if not history.is_kept(root):
        hint = "changes are told from a commit: git init, git add, git commit"
        raise BookpressError("this folder is in no git repository", hint=hint)
    commit = history.find(root, name)
    if not commit:
        hint = "`git log --oneline` lists the commits, `git tag` the versions"
        raise BookpressError(f"git knows no commit {name}", hint=hint)
    return Revision(name, commit, history.day(root, commit))
