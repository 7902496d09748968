"""Files that a chapter has written -> what their validators say: proof where running cannot be.

Workflows, hooks and update configurations do their work on other people's machines. They are
checked against the schemas of those who read them, without the network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

INVALID, AUDIT = "X026", "X029"
# The first pattern that fits a file's path says who checks it.
_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("vendor.github-workflows", r"/\.github/workflows/[^/]+\.ya?ml$"),
        ("vendor.dependabot", r"/\.github/dependabot\.ya?ml$"),
        ("vendor.github-actions", r"/action\.ya?ml$"),
        ("vendor.renovate", r"/(renovate\.json|\.renovaterc(\.json)?)$"),
        ("vendor.readthedocs", r"/\.readthedocs\.ya?ml$"),
        ("vendor.citation-file-format", r"/CITATION\.cff$"),
        ("hooks", r"/\.pre-commit-config\.yaml$"),
        ("pyproject", r"/pyproject\.toml$"),
        ("parsed", r"\.(json|toml|ya?ml)$"),
    )
)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a validator says of a file, by the code of the rule that it breaks."""

    path: PurePosixPath
    code: str
    message: str


def validate(folder: Path, paths: Iterable[PurePosixPath]) -> tuple[Complaint, ...]:
    """Check every file that somebody has a validator for.

    paths:  files below the folder.
    Raises  ToolError when a validator is needed that is not installed.
    """
    groups: dict[str, list[PurePosixPath]] = {}
    for path in paths:
        if kind := _kind(path):
            groups.setdefault(kind, []).append(path)
    found: list[Complaint] = []
    for kind, members in groups.items():
        if kind == "pyproject":
            found += [c for path in members for c in _pyproject(folder, path)]
        elif kind == "hooks":
            found += [c for path in members for c in _hooks(folder, path)]
        else:
            found += _schema(folder, members, kind)
        if kind == "vendor.github-workflows":
            wrong = {complaint.path for complaint in found}
            found += _audit(folder, [path for path in members if path not in wrong])
    return tuple(found)


def _kind(path: PurePosixPath) -> str:
    """Who checks a file: a schema that check-jsonschema brings, another tool, or nobody."""
    return next((kind for kind, pattern in _KINDS if pattern.search(f"/{path}")), "")


def _schema(folder: Path, paths: Sequence[PurePosixPath], kind: str) -> Iterator[Complaint]:
    with tempfile.TemporaryDirectory() as scratch:
        anything = Path(scratch, "anything.json")
        anything.write_text("{}", "utf-8")
        schema = ["--schemafile", str(anything)] if kind == "parsed" else ["--builtin-schema", kind]
        names = [str(path) for path in paths]
        report = _json(_run(folder, "check-jsonschema", *schema, "-o", "json", *names))
    for error in (*report.get("errors", ()), *report.get("parse_errors", ())):
        place = error.get("path", "$")
        at = f"{place}: " if place not in ("$", "") else ""
        best = (error.get("best_match") or {}).get("message")
        message = best or error.get("message") or "it cannot be read"
        yield Complaint(PurePosixPath(error["filename"]), INVALID, _cut(f"{at}{message}"))


def _pyproject(folder: Path, path: PurePosixPath) -> Iterator[Complaint]:
    output = _run(folder, "validate-pyproject", str(path))
    for line in output.splitlines():
        if line.startswith("[ERROR] "):
            yield Complaint(path, INVALID, _cut(line.removeprefix("[ERROR] ")))
            return
    if "Invalid file" in output:
        yield Complaint(path, INVALID, _cut(output.replace("\n", " ")))


def _hooks(folder: Path, path: PurePosixPath) -> Iterator[Complaint]:
    output = _run(folder, "pre-commit", "validate-config", str(path))
    if lines := [line for line in output.splitlines() if line.strip()]:
        yield Complaint(path, INVALID, _cut(" ".join(line.strip("=> ") for line in lines)))


def _audit(folder: Path, paths: Sequence[PurePosixPath]) -> Iterator[Complaint]:
    if not paths:
        return
    names = [str(path) for path in paths]
    options = ("--offline", "--no-progress", "--quiet", "--format", "json")
    for item in _json(_run(folder, "zizmor", *options, *names)) or ():
        for place in item["locations"]:
            if place["symbolic"].get("kind", "Primary") == "Primary":
                line = place["concrete"]["location"]["start_point"]["row"] + 1
                path = PurePosixPath(place["symbolic"]["key"]["Local"]["verbatim_path"])
                message = f"zizmor {item['ident']}: {item['desc']} (its line {line})"
                yield Complaint(path, AUDIT, _cut(message))
                break


def _run(folder: Path, tool: str, *arguments: str) -> str:
    """Start a validator that is installed beside us; return all that it prints."""
    own = Path(sys.executable).parent
    program = shutil.which(tool, path=os.pathsep.join([str(own), os.environ.get("PATH", "")]))
    if program is None:
        hint = "install the extra: uv sync --extra listings, or pip install 'bookpress[listings]'"
        raise ToolError(f"the chapters' files need `{tool}`, which is not installed", hint=hint)
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env={
                "PATH": os.environ.get("PATH", ""),
                "HOME": home,
                "NO_COLOR": "1",
                "LANG": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if "json" in arguments else subprocess.STDOUT,
            text=True,
            check=False,
        )
    if "json" in arguments and not done.stdout.strip():
        raise ToolError(f"`{tool}` failed: {(done.stderr or '').strip() or done.returncode}")
    return done.stdout


def _json(text: str) -> Any:  # noqa: ANN401  (JSON)
    return json.loads(text)


def _cut(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= _LONGEST else f"{one[:_LONGEST]}..."
