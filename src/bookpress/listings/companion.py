"""Runs -> the companion: the tree at the end of every chapter, in one archive for readers."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.listings import snapshots, source, worktree
from bookpress.listings.play import silent, stage
from bookpress.listings.verify import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bookpress.listings.source import Script

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell


def companion(root: Path, progress: Callable[[str], None] = silent) -> bytes:
    """Export the tree at the end of every chapter that is run.

    Returns  a zip with the folders ch01, ch02, ... by the chapters' numbers; what is not in one,
             caches, environments and what git ignores are left out. Same runs, same bytes.
    Raises   BookpressError when a chapter cannot be run.
    """
    scripts = source.load(root)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if scripts.to_run(()):
            with stage(scripts) as stage_:
                for played in stage_.play((), progress):
                    if played.outcome.failure or not played.tree:
                        [*_, last] = judge(played)
                        raise BookpressError(last.message, where=last.where, hint=last.hint)
                    _add(archive, folder(played.script), played.tree)
    return buffer.getvalue()


def folder(script: Script) -> str:
    """The name of a chapter's folder: ch03, app-b, or the slug where it has no number."""
    number = script.chapter.number
    if number.isdecimal():
        return f"ch{int(number):02}"
    return f"app-{number.lower()}" if number else script.chapter.slug


def _add(archive: zipfile.ZipFile, name: str, tree: Path) -> None:
    for path, data, executable in _kept(tree):
        entry = zipfile.ZipInfo(f"{name}/{path}", _MOMENT)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # Unix, on which the modes rest
        entry.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
        archive.writestr(entry, data)


def _kept(tree: Path) -> Iterator[tuple[str, bytes, bool]]:
    with tempfile.TemporaryDirectory(prefix="bookpress-") as scratch:
        snapshots.restore(tree, Path(scratch))
        work = Path(scratch, "work")
        for path in worktree.files(work):
            file = work / path
            yield str(path), file.read_bytes(), bool(file.stat().st_mode & stat.S_IXUSR)
