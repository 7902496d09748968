"""The machine -> what the press found of its tools, what needs each, what to type if missing."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress import pagefind
from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SYNC = "uv sync --locked"
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Remedy:
    """The packages that bring a tool, by package manager; empty where it has none."""

    apt: str = ""
    dnf: str = ""
    brew: str = ""

    def commands(self) -> tuple[str, ...]:
        """What to type, one command for each package manager."""
        ways = {"apt-get": self.apt, "dnf": self.dnf, "brew": self.brew}
        root = {"apt-get": "sudo ", "dnf": "sudo ", "brew": ""}
        return tuple(f"{root[way]}{way} install {what}" for way, what in ways.items() if what)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the press looked for.

    version:  what was found, "" when it is missing.
    needs:    what cannot be done without it.
    remedies: what to type when it is missing; any one of them will do.
    """

    name: str
    version: str
    needs: str
    required: bool
    remedies: tuple[str, ...] = ()


PANGO = Remedy(
    apt="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    dnf="pango harfbuzz",
    brew="pango",
)

# The file names WeasyPrint 70 asks the loader for, in its order (weasyprint/text/ffi.py), without
# those of Windows. A bare name is looked up as Linux and macOS do: lib*.so.N, lib*.N.dylib.
NATIVE = {
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "HarfBuzz-Subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
}

_LIBRARIES = {
    "chunspell": "checking the spelling",
    "click": "the command line",
    "ebooklib": "packing the EPUB",
    "jinja2": "the templates of every edition",
    "lxml": "checking the finished documents",
    "pikepdf": "binding the PDF",
    "pillow": "photographs in black ink",
    "pydantic": "reading book.yml",
    "pygments": "colouring listings",
    "pypandoc-binary": "reading the manuscript (brings pandoc)",
    "pypdfium2": "proving the PDF from its pages",
    "pyyaml": "reading book.yml",
    "rich": "progress bars",
    "uharfbuzz": "one subset of each font in the PDF",
    "watchfiles": "bookpress watch",
    "weasyprint": "typesetting",
}

_PROGRAMS = (
    ("git", ("git", "--version"), "the date in the editions", Remedy("git", "git", "git")),
    ("Java", ("java", "-version"), "EPUBCheck, veraPDF and the Nu checker", Remedy(
        "default-jdk-headless", "java-latest-openjdk-devel", "openjdk")),
    ("Node.js", ("node", "--version"), "Ace and axe-core", Remedy("nodejs npm", "nodejs", "node")),
    ("Browser", ("chromium", "--version"), "Ace and axe-core", Remedy(
        "chromium", "chromium", "chromium")),
    ("Poppler", ("pdfinfo", "-v"), "another opinion on the PDF", Remedy(
        "poppler-utils", "poppler-utils", "poppler")),
)  # fmt: skip


def examine() -> tuple[Item, ...]:
    """Look for everything the press can use: what it needs first, then optional checkers."""
    return (
        Item("Python", ".".join(map(str, sys.version_info[:3])), "everything", required=True),
        *_libraries(),
        _pandoc(),
        *native(),
        _search(),
        *_checkers(),
    )


def extra(tool: tuple[str, str, str, str]) -> Item:
    """Make an item of a tool that a wing uses: name, version or "", what needs it, what to type."""
    name, version, needs, remedy = tool
    remedies = (remedy.removeprefix("type "),) if remedy else ()
    return Item(name, version, needs, required=False, remedies=remedies)


def native() -> Iterator[Item]:
    """Look for the shared libraries of WeasyPrint by loading them, as it will."""
    for name, files in NATIVE.items():
        library = _load(files)
        version = "" if library is None else _native_version(name, library) or "found"
        yield Item(name, version, "typesetting", required=True, remedies=PANGO.commands())


def require_native() -> None:
    """Raise ToolError when a shared library of WeasyPrint is missing: it would name only one."""
    missing = [item.name for item in native() if not item.version]
    if missing:
        raise ToolError(
            f"typesetting needs {', '.join(missing)}, which {_is(missing)} not on this machine",
            hint=f"type {' | or: '.join(PANGO.commands())}",
        )


def write(items: Iterable[Item]) -> str:
    """Write a table of what was found, and below each missing thing what to type."""
    rows = tuple(items)
    names = max(len(item.name) for item in rows)
    versions = max(len(item.version or MISSING) for item in rows)
    return "".join(_row(item, names, versions) for item in rows)


def healthy(items: Iterable[Item]) -> bool:
    """Say whether nothing that is required is missing."""
    return all(item.version for item in items if item.required)


def _row(item: Item, names: int, versions: int) -> str:
    mark = "ok" if item.version else ("!!" if item.required else "--")
    kind = "" if item.required else " (optional)"
    line = f"{mark}  {item.name:{names}}  {item.version or MISSING:{versions}}"
    remedies = () if item.version else item.remedies
    advice = "".join(f"      {'type' if n == 0 else 'or'} {r}\n" for n, r in enumerate(remedies))
    return f"{line}  {item.needs}{kind}\n{advice}"


def _is(things: list[str]) -> str:
    return "is" if len(things) == 1 else "are"


def _libraries() -> Iterator[Item]:
    for name, needs in _LIBRARIES.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = ""
        yield Item(name, version, needs, required=True, remedies=(_SYNC,))


def _pandoc() -> Item:
    """Ask the pandoc inside pypandoc-binary, never one that happens to be on PATH."""
    found = util.find_spec("pypandoc")
    folders = (found.submodule_search_locations or ()) if found else ()
    path = next((Path(folder) / "files" / "pandoc" for folder in folders), None)
    version = _answer((str(path), "--version")) if path and path.is_file() else ""
    return Item("pandoc", version, "reading the manuscript", required=True, remedies=(_SYNC,))


def _search() -> Item:
    """Ask for the program that indexes the web edition; without it there is no search page."""
    needs = "search in the web edition"
    return Item("Pagefind", pagefind.version(), needs, required=False, remedies=(pagefind.REMEDY,))


def _checkers() -> Iterator[Item]:
    for name, command, needs, remedy in _PROGRAMS:
        yield Item(name, _answer(command), needs, required=False, remedies=remedy.commands())


def _load(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _native_version(name: str, library: ctypes.CDLL) -> str:
    if name == "Fontconfig":
        number = int(library.FcGetVersion())
        return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    function = {"Pango": "pango_version_string", "HarfBuzz": "hb_version_string"}.get(name)
    if function is None:
        return ""
    ask = getattr(library, function)
    ask.restype = ctypes.c_char_p
    return str(ask().decode())


def _answer(command: tuple[str, ...]) -> str:
    """Run a program that prints its version; "" when it is missing or does not work."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    number = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return number.group() if number and done.returncode == 0 else ""
