"""The names of tools -> where they are on this machine, or what to type to get them.

Programs are looked for on PATH and beside the interpreter, jars inside the Python packages that
carry them, packages of Node below `build/.setup/node`: the book's, or that of the press's checkout.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SET_UP = "make setup-check"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_NODE = Path("build", ".setup", "node", "node_modules")
_CHECKOUT = Path(__file__).resolve().parents[3]
_SECONDS = 900
_LINES, _COLUMNS = 60, 500
_SILENT = "it said nothing"
_JAXB = Path("/usr/share/java/jaxb-runtime.jar")


def program(*names: str, package: str = "") -> Path:
    """Find a program by any of its names; raises ToolError when there is none.

    package: the Debian package that brings it, for the hint.
    """
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join((beside, os.environ.get("PATH", os.defpath)))
    for name in names:
        if found := shutil.which(name, path=path):
            return Path(found)
    way = f"sudo apt-get install {package}" if package else "uv sync --locked --group validators"
    raise ToolError(f"{names[0]} is not on this machine", hint=f"type {SET_UP} | or: {way}")


def java() -> Path:
    """Find Java; its compiler as well, for VeraCheck.java is compiled when it is run."""
    program("javac", package="default-jdk-headless")
    return program("java", package="default-jdk-headless")


def node() -> Path:
    """Find Node.js."""
    return program("node", "nodejs", package="nodejs")


def chromium() -> Path:
    """Find a Chromium that runs without a display."""
    return program(*CHROMIUM, package="chromium")


def jaxb() -> Path:
    """Find the XML binding that veraPDF's engine reads its profiles with."""
    if _JAXB.is_file():
        return _JAXB
    way = "sudo apt-get install libjaxb-java"
    raise ToolError(f"{_JAXB.name} is not on this machine", hint=f"type {SET_UP} | or: {way}")


def inside(package: str, path: str) -> Path:
    """Find a file inside an installed Python package, by its path below the package."""
    found = util.find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found else ():
        if (file := Path(folder, path)).is_file():
            return file
    way = "uv sync --locked --group validators"
    raise ToolError(f"{package} is not installed", hint=f"type {SET_UP} | or: {way}")


def python_version(distribution: str) -> str:
    """The version of an installed Python package; raises ToolError when it is not there."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        hint = f"type {SET_UP} | or: uv sync --locked --group validators"
        raise ToolError(f"{distribution} is not installed", hint=hint) from None


def module(name: str) -> Path:
    """Find the folder of an installed package of Node."""
    for root in (Path.cwd(), _CHECKOUT):
        if (root / _NODE / name / "package.json").is_file():
            return root / _NODE / name
    raise absent(name)


def absent(name: str) -> ToolError:
    """Say that something of Node's packages is not there."""
    return ToolError(f"{name} is not below {_NODE.parent}", hint=f"type {SET_UP}")


def module_version(name: str) -> str:
    """The version of an installed package of Node; raises ToolError when it is not there."""
    return str(json.loads((module(name) / "package.json").read_text("utf-8"))["version"])


def run(
    command: Sequence[object],
    *,
    allowed: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a validator to its end.

    command: the program and its arguments; paths and numbers are written out.
    allowed: exit codes that stand for a verdict; any other is a failure of the tool.
    Raises   ToolError with what it printed when it fails or takes longer than 15 minutes.
    """
    name = Path(str(command[0])).name
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            check=False,
            cwd=folder,
            encoding="utf-8",
            env={**os.environ, **(environment or {})},
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"{name} has not ended after {_SECONDS} s") from None
    if done.returncode not in allowed:
        said = _quote(done.stdout + done.stderr)
        raise ToolError(f"{name} failed with exit code {done.returncode}", hint=said)
    return done


def _quote(printed: str) -> str:
    """All that a tool said; of a very long report the beginning and the end."""
    lines = [line.rstrip() for line in printed.splitlines() if line.strip()]
    if len(lines) > _LINES:
        left_out = f"... {len(lines) - _LINES} lines ..."
        lines = [*lines[: _LINES // 2], left_out, *lines[-_LINES // 2 :]]
    return "it said: " + "\n    ".join(line[:_COLUMNS] for line in lines) if lines else _SILENT
