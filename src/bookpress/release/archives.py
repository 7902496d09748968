"""Files <-> archives: packed so that the same files give the same bytes, opened with suspicion."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP file can tell
MOST_ENTRIES = 20_000
MOST_BYTES = 2_000_000_000
LARGEST_DOCUMENT = 8_000_000
_CHUNK = 1 << 20


def pack(files: Mapping[str, bytes]) -> bytes:
    """Zip files by name, in the order of their names, without clock and machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose every entry has been read to its end, within bounds.

    Raises  ValueError: it is broken or encrypted, too large when unpacked, names a file twice or
            one outside itself.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _examine(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ValueError(f"it is no sound zip: {error}") from None
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise ValueError(f"it cannot be unpacked: {error}") from None


def document(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a text out of an archive that was examined; raises ValueError when it is not there."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise ValueError(f"it has no {name[:80]!a}") from None
    if entry.file_size > LARGEST_DOCUMENT:
        raise ValueError(f"its {name[:80]!a} is larger than {LARGEST_DOCUMENT} bytes")
    return archive.read(entry)


def text_in_tar(path: Path, name: str) -> bytes:
    """Read one file out of a .tar.gz, all of whose entries are examined within bounds.

    Raises  ValueError: broken, too large when unpacked, an entry outside itself, no such file.
    """
    found, total, number = None, 0, 0
    try:
        with tarfile.open(path, "r|gz") as archive:
            for number, entry in enumerate(archive, 1):
                total += entry.size
                _bounds(number, total)
                _inside(entry.name)
                if entry.name == name and entry.isreg() and entry.size <= LARGEST_DOCUMENT:
                    stream = archive.extractfile(entry)
                    found = stream.read() if stream else None
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise ValueError(f"it is no sound .tar.gz: {error}") from None
    if found is None:
        raise ValueError(f"it has no {name[:80]!a}")
    return found


def _examine(archive: zipfile.ZipFile) -> None:
    names, total = set(), 0
    for number, entry in enumerate(archive.infolist(), 1):
        _inside(entry.filename)
        if entry.filename in names:
            raise ValueError(f"it holds {entry.filename[:80]!a} twice")
        names.add(entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ValueError(f"{entry.filename[:80]!a} is a link")
        with archive.open(entry) as stream:
            total = _drain(stream, number, total)


def _drain(stream: IO[bytes], number: int, total: int) -> int:
    """Read to the end, which checks the CRC; sizes that the archive claims are not believed."""
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        _bounds(number, total)
    return total


def _bounds(entries: int, total: int) -> None:
    if entries > MOST_ENTRIES or total > MOST_BYTES:
        raise ValueError(f"it unpacks to more than {MOST_ENTRIES} files or {MOST_BYTES} bytes")


def _inside(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise ValueError(f"{name[:80]!a} leads outside")
