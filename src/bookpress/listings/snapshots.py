"""Folders of the sandbox -> one file of the cache, and back, with times, modes and links."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = ("work", "home")


def save(folder: Path, path: Path) -> None:
    """Keep what a chapter leaves, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
                for part in _PARTS:
                    archive.add(folder / part, part)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def restore(path: Path, folder: Path) -> None:
    """Put back what a chapter left; the folders are empty but for what it began with."""
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="fully_trusted")  # noqa: S202  (we wrote it)


def files(path: Path, below: str = "work") -> Iterable[tuple[str, tarfile.TarInfo, bytes]]:
    """Read the plain files of a snapshot: name below the folder, entry and bytes."""
    with tarfile.open(path) as archive:
        for entry in archive:
            name = entry.name.removeprefix(f"{below}/")
            if entry.isfile() and name != entry.name and (data := archive.extractfile(entry)):
                yield name, entry, data.read()
