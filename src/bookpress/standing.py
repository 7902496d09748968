"""What the last build read and left -> whether it all still stands, so that nothing need be made.

Files are told apart by size, times and inode, as make and git do, and not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress.findings import Finding, Position

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

RECORD = ".cache/standing.json"
_PRESS = Path(__file__).parent
_PASSED_OVER = {"__pycache__", "node_modules"}
_MOST_FILES = 20_000
_CLOCK_TICK_NS = 20_000_000  # times of files advance in steps of up to 10 ms


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a build reads, in a name that another state does not get.

    settled: False while a file is so new that a change to it could still leave the name as it is.
    """

    name: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Last:
    """What a build has told: its outputs, by name below build/, and what is wrong.

    paged: whether there are pages among them.
    """

    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    paged: bool


def inputs(
    root: Path, folder: str, editions: Sequence[str], modified: dt.datetime
) -> Inputs | None:
    """Name what a build of editions would read now; None when it is too much to look at.

    folder: the one below the book's that holds the outputs, which no build reads.
    """
    now = time.time_ns()
    marks = [f"{sys.version} {modified.isoformat()} {' '.join(editions)}", *_packages()]
    newest = 0
    for path, status in chain(_files(root, folder), _files(_PRESS, "")):
        marks.append(f"{path} {_mark(status)}")
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        if len(marks) > _MOST_FILES:
            return None
    name = hashlib.sha256("\0".join(sorted(marks)).encode("utf-8", "surrogateescape"))
    return Inputs(name.hexdigest(), newest < now - _CLOCK_TICK_NS)


def _packages() -> Iterator[str]:
    """What is installed; the folder itself also changes when Python compiles a module."""
    for entry in os.scandir(sysconfig.get_path("purelib")):
        if entry.name.endswith((".dist-info", ".pth")):
            yield f"{entry.name} {_mark(entry.stat())}"


def recall(folder: Path, read: Inputs) -> Last | None:
    """What the last build told, if it read the same and its outputs are as it left them."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        if record["inputs"] != read.name or record["outputs"] != _marks(folder, record["outputs"]):
            return None
        findings = tuple(
            Finding(Position(PurePosixPath(path), line, column), code, message, hint)
            for path, line, column, code, message, hint in record["findings"]
        )
        return Last(tuple(record["names"]), findings, record["paged"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(folder: Path, read: Inputs, last: Last, also: Sequence[str]) -> None:
    """Note what a build has read and left.

    also: files of build/ that stand or fall with the outputs.
    """
    if not read.settled:
        return
    findings = [
        (str(f.where.path), f.where.line, f.where.column, f.code, f.message, f.hint)
        for f in last.findings
    ]
    record = {
        "inputs": read.name,
        "outputs": _marks(folder, (*last.names, *also)),
        "names": last.names,
        "findings": findings,
        "paged": last.paged,
    }
    file = folder / RECORD
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(record), "utf-8")
    beside.replace(file)


def _files(root: Path, outputs: str) -> Iterator[tuple[str, os.stat_result]]:
    """All files below a folder but for its outputs and what is hidden at its top."""
    seen = set()
    for folder, names, files in os.walk(root, followlinks=True):
        top = Path(folder) == root
        names[:] = [
            name
            for name in names
            if name not in _PASSED_OVER and not (top and (name[0] == "." or name == outputs))
        ]
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:  # a link that leads back up
            names.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        for name in files:
            path = Path(folder, name)
            with suppress(FileNotFoundError):  # a link to nothing, or removed just now
                yield str(path), path.stat()


def _marks(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: _mark((folder / name).stat()) for name in names}


def _mark(status: os.stat_result) -> str:
    """What changes with a file: also its attributes' time, which no program sets at will."""
    times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
    return f"{status.st_size} {times} {status.st_dev} {status.st_ino}"
