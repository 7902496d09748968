"""A GitHub workflow -> its `run:` steps, run here in a fresh clone.

In the sandbox it is the command `workflow-steps`. What needs GitHub itself is named and passed
over: actions (`uses:`), conditions (`if:`) and expressions other than those of the matrix, which
are given on the command line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bookpress.errors import BookpressError
from bookpress.outline import yamltree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USAGE = "usage: workflow-steps FILE JOB [NAME=VALUE ...]"
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")


def main(arguments: Sequence[str]) -> int:
    """Run the steps of a job in a clone of the repository we are in.

    arguments: the workflow's file, the job's identifier, and the matrix as NAME=VALUE.
    Returns    the exit code of the first step that fails, 0 when none does, 2 for a mistake.
    """
    if len(arguments) < 2 or any("=" not in word for word in arguments[2:]):  # noqa: PLR2004
        print(USAGE, file=sys.stderr)  # noqa: T201  (a program of the sandbox)
        return 2
    matrix = dict(word.split("=", 1) for word in arguments[2:])
    try:
        workflow, job = _job(Path(arguments[0]), arguments[1])
    except BookpressError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return _run(workflow, job, matrix)


def _job(path: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a workflow and one of its jobs."""
    workflow = _plain(yamltree.parse(PurePosixPath(path), path.read_bytes()).data)
    jobs = workflow.get("jobs", {}) if isinstance(workflow, dict) else {}
    if name not in jobs:
        known = ", ".join(jobs) or "none"
        raise BookpressError(f'{path} has no job "{name}"', hint=f"it has: {known}")
    return workflow, jobs[name]


def _run(workflow: Mapping[str, Any], job: Mapping[str, Any], matrix: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch, "clone")
        subprocess.run(["git", "clone", "--quiet", ".", str(clone)], check=True)
        files = {name: str(Path(scratch, name)) for name in _FILES}
        for name in files.values():
            Path(name).touch()
        environment = {**os.environ, "CI": "true", "GITHUB_WORKSPACE": str(clone), **files}
        for level in (workflow, job):
            environment |= _texts(level.get("env"), matrix)
        for step in job.get("steps", ()):
            code = _step(step, clone, environment, matrix)
            if code:
                return code
            environment |= _told(files)
    return 0


def _step(
    step: Mapping[str, Any], clone: Path, environment: dict[str, str], matrix: Mapping[str, str]
) -> int:
    command = _filled(str(step.get("run", "")), matrix)
    left_out = _left_out(step, command)
    if left_out:
        print(f"# left out: {left_out}", flush=True)  # noqa: T201
        return 0
    print("$ " + command.strip().replace("\n", "\n> "), flush=True)  # noqa: T201
    folder = clone / str(step.get("working-directory", "."))
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env=environment | _texts(step.get("env"), matrix),
        check=False,
    ).returncode


def _left_out(step: Mapping[str, Any], command: str) -> str:
    """Say why a step cannot be run here, "" when it can."""
    for key in ("uses", "if"):
        if key in step:
            return f"{key} {step[key]}"
    unknown = _EXPRESSION.search(command)
    return f"needs {unknown[0]}" if unknown else ""


def _told(files: Mapping[str, str]) -> dict[str, str]:
    """What a step has told those after it, through the files that GitHub gives it."""
    lines = Path(files["GITHUB_ENV"]).read_text("utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    if folders := Path(files["GITHUB_PATH"]).read_text("utf-8").split():
        told["PATH"] = os.pathsep.join([*reversed(folders), os.environ["PATH"]])
    return told


def _texts(values: object, matrix: Mapping[str, str]) -> dict[str, str]:
    given = values.items() if isinstance(values, dict) else ()
    return {str(name): _filled(str(value), matrix) for name, value in given}


def _filled(text: str, matrix: Mapping[str, str]) -> str:
    """Put the matrix's values in place of its expressions; leave others."""
    return _EXPRESSION.sub(lambda m: matrix.get(m[1].strip().removeprefix("matrix."), m[0]), text)


def _plain(data: object) -> Any:  # noqa: ANN401  (YAML)
    """Take what YAML would misread, such as `on` or 3.10, as it is written."""
    if isinstance(data, dict):
        return {_plain(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data.raw if isinstance(data, yamltree.Misread) else data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
