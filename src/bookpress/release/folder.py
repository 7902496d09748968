"""A kit's files -> a folder that holds them and nothing else; and two such folders, compared."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.release import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a kit into a folder of its own, in place of an earlier kit.

    Raises  BookpressError when the folder holds something else: nothing of it is touched.
    """
    refuse_other(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kit-") as staging:
        made = Path(staging, "kit")
        made.mkdir()
        for name, data in files.items():
            (made / name).write_bytes(data)
        if folder.exists():
            folder.rename(Path(staging, "old"))
        made.rename(folder)


def refuse_other(folder: Path) -> None:
    """Raise BookpressError unless a kit may be written to a folder: none, empty, or a kit."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise BookpressError(f"{folder} is not a folder", hint="name another with --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / names.SUMS).is_file():
        hint = "name another with --out; a kit is put into a folder of its own"
        raise BookpressError(f"{folder} holds something that is no kit", hint=hint)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Say in which files two kits differ, by their SHA256SUMS; nothing when they are the same."""
    sums = [_sums(folder) for folder in (one, other)]
    for name in sorted({*sums[0], *sums[1]}):
        first, second = (known.get(name) for known in sums)
        if first is None or second is None:
            yield f"{name}: only in {one if second is None else other}"
        elif first != second:
            yield f"{name}: {first} in {one}, {second} in {other}"


def _sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / names.SUMS).read_text("utf-8").splitlines()
    except FileNotFoundError:
        hint = "name two folders that `bookpress release kit` has made"
        raise BookpressError(f"there is no {names.SUMS} in {folder}", hint=hint) from None
    pairs = (line.split("  ", 1) for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}  # noqa: PLR2004
