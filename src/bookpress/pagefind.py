"""Pages of a site -> the files of its search index, by the program that pagefind-bin brings."""

from __future__ import annotations

import os
import subprocess
import tempfile
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

REMEDY = "uv sync --locked --extra search"
_SECONDS = 300
# Of what the program writes, what a page of our own needs: no ready-made search boxes.
_KEPT = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
_DATA = frozenset({".pf_meta", ".pf_index", ".pf_fragment", ".pagefind"})


def version() -> str:
    """The version that is installed, "" when there is none."""
    return metadata.version("pagefind-bin") if _program() else ""


def index(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """Index pages of HTML; those parts count whose element says `data-pagefind-body`.

    pages:   by their names on the site.
    Returns  the files to put in a folder `pagefind` of the site, by their names in it: the same
             for the same pages, in any folder (1.5.2).
    Raises   ToolError when the program is missing or fails. It reaches no network.
    """
    program = _program()
    if not program:
        raise ToolError("pagefind is not installed", hint=f"type {REMEDY}")
    with tempfile.TemporaryDirectory() as folder:
        site, out = Path(folder, "site"), Path(folder, "out")
        for name, data in pages.items():
            path = site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _run(program, site, out)
        files = {p.relative_to(out).as_posix(): p for p in sorted(out.rglob("*")) if p.is_file()}
        return {
            name: path.read_bytes()
            for name, path in files.items()
            if name in _KEPT or path.suffix in _DATA
        }


def _run(program: Path, site: Path, out: Path) -> None:
    """Run it where no file and no variable of the user's can give it other settings."""
    command = [str(program), "--site", str(site), "--output-path", str(out), "--silent"]
    own = {name: v for name, v in os.environ.items() if not name.startswith("PAGEFIND_")}
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, cwd=site, env=own, text=True,
            timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"pagefind does not work: {error}", hint=f"type {REMEDY}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[:1]
        raise ToolError(f"pagefind cannot index the web edition: {' '.join(said)}")


def _program() -> Path | None:
    """The program inside the package, never one that happens to be on PATH."""
    found = util.find_spec("pagefind_bin")
    folders = (found.submodule_search_locations or ()) if found else ()
    paths = (Path(folder) / name for folder in folders for name in ("pagefind", "pagefind.exe"))
    return next((path for path in paths if path.is_file()), None)
