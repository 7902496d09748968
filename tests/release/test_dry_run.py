"""The whole of a release, as release.yml words it, in a clone: from the tag to the published files.

Each `run:` of the workflow is handed to bash in its order; what GitHub's own actions do between
them is done here: the kit is carried from job to job. `gh` is a stub. Listings are not run and
validators not asked, which have tests of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.release.conftest import AUTHOR, book, git
from tests.release.test_hub import box, calls

ROOT = Path(__file__).parents[2]
STEPS = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))["jobs"]
TAG = "v2026.11.0-rc.1"
LOG = "# Changelog\n\n## [2026.11.0-rc.1] - 2026-11-26\n\n- The proof.\n"
PRESS = """\
#!/bin/bash
case "$1 $2" in
"verify "*) exit 0 ;;
"release kit") exec {python} -m bookpress "$@" --unjudged ;;
*) exec {python} -m bookpress "$@" ;;
esac
"""

__all__ = ["box"]
pytestmark = pytest.mark.slow


def clone(origin: Path, place: Path) -> Path:
    """A clone with the press in it, as the action that sets up leaves it."""
    git(origin.parent, "clone", "-q", str(origin), str(place))
    git(place, "checkout", "-q", TAG)
    program = place / ".venv/bin/bookpress"
    program.parent.mkdir(parents=True)
    program.write_text(PRESS.format(python=sys.executable), "utf-8")
    program.chmod(0o755)
    return place


def run(job: str, place: Path) -> list[tuple[str, int, str]]:
    """Do the steps of a job up to the first that fails: name, exit code, what it said."""
    done = []
    for step in STEPS[job]["steps"]:
        if "run" in step:
            command = ["bash", "-eo", "pipefail", "-c", step["run"]]
            environment = os.environ | AUTHOR | {"TAG": TAG}
            made = subprocess.run(
                command, cwd=place, env=environment, capture_output=True, check=False, text=True
            )
            done.append((step["name"], made.returncode, made.stdout + made.stderr))
            if made.returncode:
                break
    return done


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """The repository whose proof is tagged."""
    root = book(tmp_path / "origin", "2026.11.0-rc.1", LOG)
    (root / ".gitignore").write_text("build/\ndist*/\n.venv/\n", "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Leave the tools out", day=2)
    git(root, "tag", "-a", TAG, "-m", "The proof", day=3)
    return root


def test_a_tag_becomes_a_release_whose_files_are_those_of_two_builds(
    origin: Path,
    tmp_path: Path,
    box: Path,
) -> None:
    first, second, third = (clone(origin, tmp_path / name) for name in ("one", "two", "three"))

    built = run("build", first)
    shutil.copytree(first / "dist", second / "dist")  # download-artifact
    rebuilt = run("rebuild", second)
    shutil.copytree(first / "dist", third / "dist")
    published = run("publish", third)

    assert [code for _, code, _ in (*built, *rebuilt, *published)] == [0] * 8, published
    assert "the kits are the same, byte for byte" in rebuilt[-1][2]
    assert calls(box)[-1] == ["release", "edit", TAG, "--draft=false"]
    create = next(call for call in calls(box) if call[:2] == ["release", "create"])
    assert {"--prerelease", "--latest=false"} <= set(create)
    assert {p.name: p.read_bytes() for p in (box / "assets").iterdir()} == {
        p.name: p.read_bytes() for p in (first / "dist").iterdir()
    }


def test_a_second_build_that_differs_stops_the_release(origin: Path, tmp_path: Path) -> None:
    place = clone(origin, tmp_path / "one")
    (place / "dist").mkdir()
    (place / "dist/SHA256SUMS").write_text(f"{'0' * 64}  manifest.json\n", "utf-8")

    *_, (name, code, said) = run("rebuild", place)

    assert (name, code) == ("Compare the two, byte for byte", 1)
    assert "the kits differ" in said


def test_a_light_tag_stops_the_release_before_anything_is_built(
    origin: Path, tmp_path: Path
) -> None:
    git(origin, "tag", "-d", TAG)
    git(origin, "tag", TAG)
    place = clone(origin, tmp_path / "one")

    [(name, code, said)] = run("build", place)

    assert (name, code) == ("Refuse what must not be released", 1)
    assert "R002" in said
    assert not (place / "dist").exists()
