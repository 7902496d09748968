"""git -> facts about the book's history, files as they were, and the source archive."""

from __future__ import annotations

import gzip
import io
import shutil
from typing import TYPE_CHECKING

from bookpress.commit import ask
from bookpress.errors import BookpressError, ToolError

if TYPE_CHECKING:
    from pathlib import Path

_BRANCHES = ("origin/main", "main", "origin/master", "master")


def commit(root: Path) -> str:
    """The full name of the commit that is checked out; raises BookpressError when there is none."""
    done = _git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if done is None:
        hint = "a release is made of a commit: git init, git add, git commit"
        raise BookpressError("this folder has no commit", hint=hint)
    return done.decode().strip()


def changed(root: Path) -> tuple[str, ...]:
    """The files that differ from the commit, new ones too, as git lists them."""
    listed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", ".") or b""
    return tuple(line[3:] for line in listed.decode(errors="replace").splitlines())


def tags(root: Path) -> list[str]:
    """The names of all tags."""
    return (_git(root, "tag", "--list") or b"").decode(errors="replace").split()


def is_annotated(root: Path, tag: str) -> bool | None:
    """Say whether a tag carries a message, a tagger and a date; None when there is no such tag."""
    kind = _git(root, "cat-file", "-t", f"refs/tags/{tag}")
    return None if kind is None else kind.strip() == b"tag"


def tagged_commit(root: Path, tag: str) -> str:
    """The commit that a tag names; "" when there is no such tag."""
    found = _git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")
    return (found or b"").decode().strip()


def main_branch(root: Path) -> str:
    """The branch that releases are made from; "" when the clone has none of them."""
    return next((b for b in _BRANCHES if _git(root, "rev-parse", "--verify", "-q", b)), "")


def contains(root: Path, branch: str, name: str) -> bool:
    """Say whether a branch leads to a commit."""
    return _git(root, "merge-base", "--is-ancestor", name, branch) is not None


def file_at(root: Path, name: str, path: str) -> bytes | None:
    """A file as it was at a tag or commit; None when it was not there."""
    return _git(root, "show", f"{name}:./{path}")


def moves(root: Path, name: str) -> dict[str, str]:
    """What has become of files since a tag or commit: old name -> new name, "" when removed."""
    listed = _git(root, "diff", "--relative", "--name-status", "-M", "-z", name, "HEAD", "--", ".")
    fields = iter((listed or b"").decode(errors="replace").split("\0"))
    found = {}
    for status in fields:
        if status.startswith("R"):
            old = next(fields)
            found[old] = next(fields)
        elif status:
            path = next(fields)
            if status == "D":
                found[path] = ""
    return found


def archive(root: Path, prefix: str) -> bytes:
    """Pack the commit's files as prefix/... in a .tar.gz; the same commit gives the same bytes."""
    packed = _git(
        root, "-c", "tar.umask=0022", "archive", "--format=tar", f"--prefix={prefix}/", "HEAD", "."
    )
    if packed is None:
        raise ToolError("git archive failed", hint="type git archive HEAD | tar t, and see why")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write(packed)
    return buffer.getvalue()


def _git(root: Path, *arguments: str) -> bytes | None:
    """Ask git, which a release cannot do without; None when it says no."""
    if shutil.which("git") is None:
        raise ToolError("git is not on this machine", hint="sudo apt-get install git")
    return ask(root, *arguments)
