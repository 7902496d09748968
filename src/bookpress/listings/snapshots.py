"""Folders of the sandbox -> one file of the cache, and back, with times, modes and links."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path

_PARTS = ("work", "home")


def save(folder: Path, path: Path) -> None:
    """Keep what a chapter leaves, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with (
            os.fdopen(handle, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
        ):
            for part in _PARTS:
                archive.add(folder / part, part)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def restore(path: Path, folder: Path) -> None:
    """Put back what a chapter left; the folders are empty but for what it began with."""
    with tarfile.open(path) as archive:
        # We wrote it. Python 3.11.2, which is Debian 12's, has no `filter` argument yet.
        archive.extraction_filter = lambda member, _folder: member
        archive.extractall(folder)  # noqa: S202
