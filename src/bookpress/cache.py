"""A content-addressed store: nothing is worked out twice. It knows nothing of books."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Key = TypeVar("Key")
KEPT_SECONDS = 14 * 24 * 3600


def digest(*inputs: bytes) -> str:
    """Name a sequence of byte strings; where one ends and the next begins counts too."""
    total = hashlib.sha256()
    for item in inputs:
        total.update(len(item).to_bytes(8, "big"))
        total.update(item)
    return total.hexdigest()[:40]


def write_whole(path: Path, data: bytes) -> None:
    """Put bytes in a file so that nobody ever sees half of them, not even after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)  # noqa: PTH101  (mkstemp makes it private; outputs are not)
        os.replace(name, path)  # noqa: PTH105  (name is what mkstemp returned)
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


class Store:
    """Results by the digest of all that went in, kept as files below one folder.

    Several processes may share a store: a result is written whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, stage: str, *inputs: bytes) -> Path:
        """The file in which this stage's result for these inputs is kept."""
        return self.folder / stage / digest(*inputs)

    def recall(self, stage: str, *inputs: bytes, make: Callable[[], bytes]) -> bytes:
        """Return the stage's result for these inputs, making it when it is not known yet."""
        return self.recall_all(stage, {0: inputs}, lambda _: {0: make()})[0]

    def recall_all(
        self,
        stage: str,
        inputs: Mapping[Key, Sequence[bytes]],
        make: Callable[[tuple[Key, ...]], Mapping[Key, bytes]],
    ) -> dict[Key, bytes]:
        """Recall many results at once; `make` is asked for all the unknown ones together."""
        paths = {key: self.path(stage, *data) for key, data in inputs.items()}
        results = {key: data for key, path in paths.items() if (data := _read(path)) is not None}
        unknown = tuple(key for key in paths if key not in results)
        if unknown:
            for key, data in make(unknown).items():
                write_whole(paths[key], data)
                results[key] = data
        return {key: results[key] for key in paths}

    def sweep(self) -> None:
        """Forget what no run has asked for in two weeks; another build at work loses nothing."""
        oldest = time.time() - KEPT_SECONDS
        for path in self.folder.glob("*/*"):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
        os.utime(path)
    except FileNotFoundError:
        return None
    return data
