# /// script
# requires-python = ">=3.11"
# dependencies = ["pyyaml==6.0.3"]
# ///
"""Run the `run:` steps of a job in a fresh clone, until one fails.

usage: uv run steps.py WORKFLOW JOB

What needs GitHub (actions, conditions, expressions) is left out. The clone has one commit and no
tags, like that of actions/checkout, and PATH has nothing that you installed for yourself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

TOOLS = ("git", "python3.11", "python3.12", "python3.13", "uv", "uvx")


def main(workflow: Path, job: str) -> int:
    steps = yaml.safe_load(workflow.read_text())["jobs"][job]["steps"]
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch, "clone")
        git = ["git", "clone", "--quiet", "--depth=1", "--no-tags"]
        subprocess.run([*git, Path.cwd().as_uri(), clone], check=True)
        machine = bare(Path(scratch, "tools"))
        for command in (step["run"] for step in steps if "run" in step):
            print("Run", command.strip(), flush=True)
            bash = ["bash", "-eo", "pipefail", "-c", command]
            done = subprocess.run(bash, cwd=clone, env=machine)
            if done.returncode:
                print("exit code", done.returncode)
                return done.returncode
    return 0


def bare(tools: Path) -> dict[str, str]:
    """Make an environment with what a runner has after the actions, by links in a folder."""
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    told = {"PATH": f"{tools}:/usr/bin:/bin", "CI": "true", "UV_NO_PROGRESS": "1"}
    return {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"} | told


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
