"""The tools and interpreters that book.yml names -> the commands a chapter finds on its PATH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import ToolError
from bookpress.listings.store import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.model import Executables

# What a plain Unix system and git bring. No Python: chapters get those that book.yml names.
SYSTEM = (  # noqa: SIM905  (a hundred words are read more easily than a hundred strings)
    "bash sh env git [ basename cat chmod cksum comm cp csplit cut date dd df dirname du echo "
    "expand expr false fmt fold head hostname id install join kill less link ln ls md5sum "
    "mkdir mkfifo mktemp mv nl nohup nproc numfmt od paste pathchk pr printenv printf ps pwd "
    "readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shuf sleep sort split stat "
    "stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname "
    "unexpand uniq unlink uptime users wc which who whoami xargs yes find grep egrep fgrep "
    "sed awk gawk mawk diff cmp diff3 sdiff patch tar gzip gunzip zcat bzip2 xz unzip zip "
    "file make openssl "
).split()
NEEDED = ("bash", "git", "cat", "grep", "sed", "sort")
_LIST_SCRIPTS = """
import importlib.metadata as m, json, os, sys
own = os.path.dirname(sys.executable)
files = [str(f.locate()) for name in sys.argv[1:] for f in m.distribution(name).files or ()]
print(json.dumps([f for f in map(os.path.normpath, files) if os.path.dirname(f) == own]))
"""


@dataclass(frozen=True)
class Toolbox:
    """The commands of the sandbox.

    commands: the program behind every name on PATH.
    versions: what the book declares, and which version answered: "python3.13" -> "3.13.0".
    hidden:   folders of this machine whose names no output may show.
    """

    commands: Mapping[str, Path]
    versions: Mapping[str, str]
    hidden: tuple[str, ...]

    @cached_property
    def identity(self) -> bytes:
        """Everything about the tools that can change what a chapter does."""
        own = {name: str(path) for name, path in self.commands.items() if name in self.versions}
        return json.dumps([own, dict(self.versions), sorted(self.commands)]).encode()


def collect(asked: Executables, cache: Path) -> Toolbox:
    """Find the interpreters, install the tools, and link what every system has.

    cache:  the folder in which tools are kept, one environment for each list of requirements.
    Raises  ToolError when an interpreter or a system command is missing, or PyPI cannot be reached.
    """
    commands = {name: Path(path) for name in SYSTEM if (path := shutil.which(name))}
    for name in NEEDED:
        if name not in commands:
            hint = f"install it with the system's package manager: apt-get install {name}"
            raise ToolError(f"the chapters need `{name}`, which is not on PATH", hint=hint)
    versions = {"git": _first_line(commands["git"], "--version").removeprefix("git version ")}
    for version in asked.interpreters:
        program, full = _interpreter(version)
        commands[f"python{version}"] = program
        versions[f"python{version}"] = full
    hidden = [str(path.parent.parent) for name, path in commands.items() if name in versions]
    if asked.tools:
        folder = _environment(asked.tools, cache)
        commands |= {path.name: path for path in _scripts(asked.tools, folder)}
        versions |= {name: pin for name, _, pin in (tool.partition("==") for tool in asked.tools)}
        hidden.append(str(folder))
    kept = (path for path in hidden if path not in ("/", "/usr", "/usr/local"))
    return Toolbox(commands, versions, tuple(dict.fromkeys(kept)))


def _interpreter(version: str) -> tuple[Path, str]:
    """Find an interpreter that is installed: from pyenv, from uv, on PATH; never a shim."""
    for program in _candidates(version):
        full = _answers(program, version)
        if full:
            return program, full
    hint = f"install one with `uv python install {version}` or `pyenv install {version}`"
    raise ToolError(f"book.yml names Python {version}; none is installed", hint=hint)


def _candidates(version: str) -> Iterator[Path]:
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions"
    managed = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share")) / "uv/python"
    own = os.environ.get("UV_PYTHON_INSTALL_DIR")
    name = f"python{version}"
    for folder in (pyenv, managed, *([Path(own)] if own else [])):
        found = [*folder.glob(f"{version}.*"), *folder.glob(f"cpython-{version}.*")]
        yield from (path / "bin" / name for path in sorted(found, key=_by_number, reverse=True))
    for folder_name in os.environ.get("PATH", "").split(os.pathsep):
        program = Path(folder_name, name)
        if program.is_file() and program.parent.name != "shims":
            yield program


def _by_number(path: Path) -> tuple[int, ...]:
    numbers = path.name.removeprefix("cpython-").split("-")[0].split(".")
    return tuple(int(number) for number in numbers if number.isdecimal())


def _answers(program: Path, version: str) -> str:
    """The full version of an interpreter that runs, is the right one and no virtual environment."""
    if not program.is_file():
        return ""
    code = "import platform, sys; print(platform.python_version(), sys.prefix == sys.base_prefix)"
    try:
        full, _, real = _first_line(program, "-Ic", code).partition(" ")
    except ToolError:
        return ""
    return full if real == "True" and full.startswith(f"{version}.") else ""


def _environment(tools: tuple[str, ...], cache: Path) -> Path:
    """Install pinned requirements once, in an environment named by them."""
    key = digest(*(tool.encode() for tool in tools), sys.version.encode())
    folder = cache / "tools" / key[:16]
    if (folder / "complete").is_file():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv")
    python = str(folder / "bin" / "python")
    if uv:
        _install([uv, "venv", "--quiet", "--no-config", "--python", sys.executable, str(folder)])
        _install([uv, "pip", "install", "--quiet", "--python", python, *tools])
    else:
        _install([sys.executable, "-m", "venv", str(folder)])
        _install([python, "-m", "pip", "install", "--quiet", *tools])
    (folder / "complete").touch()
    return folder


def _install(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        problem = f"cannot install the tools of book.yml: {done.stderr.strip()}"
        raise ToolError(problem, hint="see that PyPI can be reached and that the pins exist")


def _scripts(tools: tuple[str, ...], folder: Path) -> list[Path]:
    """The commands that the named packages bring; not those of what they depend on."""
    names = [tool.partition("==")[0].partition("[")[0].strip() for tool in tools]
    found = _first_line(folder / "bin" / "python", "-Ic", _LIST_SCRIPTS, *names)
    return [Path(name) for name in json.loads(found)]


def _first_line(program: Path, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolError(f"{program} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout.partition("\n")[0]
