"""A PDF -> what each ink covers on its pages, by Ghostscript."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOTS_AN_INCH = 72
SECONDS = 600
_FULL = 255  # one channel of a pixel
HINT = "apt-get install ghostscript"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The inks of one page, pixel by pixel.

    coloured: how much of the page takes cyan, magenta or yellow, from 0 to 1.
    most:     the most ink on one spot, in percent; four full inks are 400.
    """

    coloured: float
    most: float


def installed() -> bool:
    """Say whether there is a Ghostscript."""
    return shutil.which("gs") is not None


def measure(pdf: bytes) -> tuple[Coverage, ...]:
    """Separate every page into four inks, as a printer's press does.

    Raises ToolError when Ghostscript is missing or complains of the file.
    """
    if not installed():
        raise ToolError("Ghostscript is not installed", hint=HINT)
    with tempfile.TemporaryDirectory(prefix="bookpress-inks-") as folder:
        source, separated = Path(folder, "in.pdf"), Path(folder, "out.pam")
        source.write_bytes(pdf)
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pamcmyk32",
                   f"-r{DOTS_AN_INCH}", f"-sOutputFile={separated}", str(source)]  # fmt: skip
        try:
            run = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise ToolError(f"Ghostscript took longer than {SECONDS} s") from None
        if run.returncode or not separated.is_file():
            said = (run.stdout + run.stderr).decode(errors="replace").strip().splitlines()
            raise ToolError(f"Ghostscript cannot print the file: {said[0] if said else 'no word'}")
        with separated.open("rb") as pages:
            return tuple(read(pages))


def read(pages: IO[bytes]) -> Iterator[Coverage]:
    """Read pictures in four channels, one after another.

    Source  netpbm's PAM: a header of words, then one byte a channel.
    """
    while head := _header(pages):
        count = head["WIDTH"] * head["HEIGHT"]
        data = pages.read(count * 4)
        yield _coverage(data, count)


def _header(pages: IO[bytes]) -> dict[str, int]:
    head: dict[str, int] = {}
    for line in iter(pages.readline, b"ENDHDR\n"):
        if not line:
            return {}
        name, _, value = line.decode("ascii").strip().partition(" ")
        if value.isdigit():
            head[name] = int(value)
    return head


def _coverage(data: bytes, count: int) -> Coverage:
    """A page of a book has few different pixels: each of them is looked at once."""
    times = Counter(memoryview(data).cast("I"))
    inks = {pixel.to_bytes(4, sys.byteorder): number for pixel, number in times.items()}
    most = max((sum(ink) for ink in inks), default=0) * 100 / _FULL
    coloured = sum(number for ink, number in inks.items() if any(ink[:3]))
    return Coverage(coloured / max(count, 1), round(most, 1))
