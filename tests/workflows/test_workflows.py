"""The workflows, judged without GitHub by programs of others; each finds a planted fault."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.book.test_action_pins import unpinned

ROOT = Path(__file__).parents[2]
HUB = ROOT / ".github"
NODE = ROOT / "build/.setup/workflows"
BESIDE = Path(sys.executable).parent
WORKFLOWS = sorted((HUB / "workflows").glob("*.yml"))
ACTIONS = sorted((HUB / "actions").rglob("action.yml"))
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.github-actions": ACTIONS,
    "vendor.dependabot": [HUB / "dependabot.yml"],
    "vendor.github-issue-forms": [
        HUB / "ISSUE_TEMPLATE" / name for name in ("draft-comment.yml", "erratum.yml", "press.yml")
    ],
    "vendor.github-issue-config": [HUB / "ISSUE_TEMPLATE/config.yml"],
}
EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of .github, to be broken."""
    shutil.copytree(HUB, tmp_path / ".github")
    return tmp_path / ".github"


def plant(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    parts = [str(part) for part in command]
    return subprocess.run(parts, capture_output=True, check=False, text=True)


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    return [(p.name, name, job) for p in WORKFLOWS for name, job in load(p)["jobs"].items()]


# --- what the files say -----------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_nothing_as_a_whole(path: Path) -> None:
    assert load(path)["permissions"] == {}
    assert "concurrency" in load(path)


def test_each_right_to_write_is_held_by_the_one_job_that_needs_it() -> None:
    held = {
        (file, name, right)
        for file, name, job in jobs()
        for right, degree in job["permissions"].items()
        if degree == "write"
    }

    assert held == {
        ("ci.yml", "comment", "pull-requests"),
        ("links.yml", "report", "issues"),
        ("release.yml", "attest", "id-token"),
        ("release.yml", "attest", "attestations"),
        ("release.yml", "publish", "contents"),
    }


def test_a_release_waits_for_the_second_build_and_for_a_reviewer_and_uses_no_cache() -> None:
    release = load(HUB / "workflows/release.yml")["jobs"]

    assert release["publish"]["environment"] == "release"
    assert {"build", "rebuild", "attest"} == set(release["publish"]["needs"])
    assert "cache: " not in (HUB / "workflows/release.yml").read_text("utf-8")


def test_no_event_text_reaches_a_shell() -> None:
    blocks = [step["run"] for _, _, job in jobs() for step in job["steps"] if "run" in step]

    assert len(blocks) > 10
    assert [block for block in blocks if EXPRESSION.search(block)] == []


def uses(path: Path) -> list[str]:
    return [use for use in unpinned(path.read_text("utf-8")) if "$/" not in use]


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parent.name + path.stem
)
def test_every_action_is_in_the_list_of_pins(path: Path) -> None:
    assert "uses:" in path.read_text("utf-8")
    assert uses(path) == []


def test_an_action_that_is_in_no_list_is_found(copy: Path) -> None:
    plant(copy / "workflows/ci.yml", "# v7.0.1", "# v7.0.2")

    assert len(uses(copy / "workflows/ci.yml")) == 1


def test_the_own_action_is_named_by_its_own_repository() -> None:
    own = [
        step["uses"]
        for _, _, job in jobs()
        for step in job["steps"]
        if step.get("uses", "").startswith(("$/", "./"))
    ]

    assert set(own) == {"$/.github/actions/setup"}
    assert ACTIONS == [HUB / "actions/setup/action.yml"]


# --- check-jsonschema ---------------------------------------------------------------------------


def schema(name: str, *paths: Path) -> int:
    return run(BESIDE / "check-jsonschema", "--builtin-schema", name, *paths).returncode


@pytest.mark.parametrize("name", SCHEMAS)
def test_files_keep_their_schema(name: str) -> None:
    assert SCHEMAS[name]
    assert schema(name, *SCHEMAS[name]) == 0


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        ("vendor.github-workflows", "workflows/ci.yml", "runs-on:", "run-on:"),
        (
            "custom.github-workflows-require-timeout",
            "workflows/links.yml",
            "timeout-minutes: 30",
            "name: Slow",
        ),
        ("vendor.github-actions", "actions/setup/action.yml", "using: composite", "using: magic"),
        ("vendor.dependabot", "dependabot.yml", "interval: weekly", "interval: sometimes"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/press.yml", "type: textarea", "type: area"),
        (
            "vendor.github-issue-config",
            "ISSUE_TEMPLATE/config.yml",
            "blank_issues_enabled: true",
            "blank_issues_enabled: perhaps",
        ),
    ],
)
def test_a_file_that_breaks_its_schema_is_found(
    copy: Path, name: str, file: str, old: str, new: str
) -> None:
    plant(copy / file, old, new)

    assert schema(name, copy / file) == 1


# --- zizmor -------------------------------------------------------------------------------------


def audit(folder: Path) -> subprocess.CompletedProcess[str]:
    options = ("--offline", "--strict-collection", "--persona", "pedantic", "--no-progress")
    return run(BESIDE / "zizmor", *options, folder)


def test_zizmor_has_nothing_against_the_workflows() -> None:
    done = audit(HUB)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("ci.yml", "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "v7", "unpinned-uses"),
        ("ci.yml", "persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("ci.yml", "permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("ci.yml", "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
        ("ci.yml", '"$NUMBER"', "${{ github.event.pull_request.title }}", "template-injection"),
        ("links.yml", "concurrency:", "x-concurrency:", "concurrency-limits"),
    ],
)
def test_zizmor_finds_a_planted_weakness(
    copy: Path, file: str, old: str, new: str, complaint: str
) -> None:
    plant(copy / "workflows" / file, old, new)

    done = audit(copy)

    assert done.returncode != 0
    assert complaint in done.stdout


# --- GitHub's language service --------------------------------------------------------------------


def service(*paths: Path) -> subprocess.CompletedProcess[str]:
    if not (NODE / "node_modules/@actions/languageservice").is_dir() or not shutil.which("node"):
        if os.environ.get("CI") == "true" or os.environ.get("BOOKPRESS_STRICT") == "1":
            pytest.fail("GitHub's language service is not installed; type make setup-check")
        pytest.skip("GitHub's language service is not installed; type make setup-check")
    return run("node", Path(__file__).parent / "node/check.mjs", NODE, *paths)


@pytest.mark.slow
def test_github_understands_the_workflows() -> None:
    done = service(*WORKFLOWS, *ACTIONS)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("workflows/ci.yml", "needs: [lint]", "needs: [lnit]"),
        ("workflows/ci.yml", "steps.editions.outputs", "steps.edition.outputs"),
        ("workflows/release.yml", "contains(fromJSON(", "contain(fromJSON("),
        ("workflows/links.yml", 'cron: "17 4 * * *"', 'cron: "17 25 * * *"'),
        ("actions/setup/action.yml", "inputs.cache", "input.cache"),
    ],
)
def test_github_would_not_understand_a_planted_mistake(
    copy: Path, file: str, old: str, new: str
) -> None:
    plant(copy / file, old, new)

    done = service(copy / file)

    assert done.returncode == 1
    assert file in done.stdout


# --- ShellCheck -----------------------------------------------------------------------------------


def scripts(folder: Path) -> list[tuple[str, str]]:
    """Every `run:` of workflows and actions: where it stands, and its text for a shell."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        document = load(path)
        steps = [step for job in document.get("jobs", {}).values() for step in job["steps"]]
        steps += document.get("runs", {}).get("steps", [])
        for step in steps:
            if "run" in step:
                text = EXPRESSION.sub("expression", step["run"])
                found.append(
                    (f"{path.name}: {step['name']}", f"#!/bin/bash\nset -eo pipefail\n{text}")
                )
    return found


def shellcheck(script: str) -> str:
    command = [str(BESIDE / "shellcheck"), "--exclude=SC2154", "-"]
    done = subprocess.run(command, input=script, capture_output=True, check=False, text=True)
    return done.stdout if done.returncode else ""


@pytest.mark.parametrize(("place", "script"), scripts(HUB), ids=lambda value: str(value)[:40])
def test_shellcheck_has_nothing_against_a_step(place: str, script: str) -> None:
    assert shellcheck(script) == "", place


def test_shellcheck_finds_a_word_that_splits(copy: Path) -> None:
    plant(copy / "workflows/release.yml", '--tag "$TAG"', "--tag $TAG")

    found = [place for place, script in scripts(copy) if "SC2086" in shellcheck(script)]

    assert found == ["release.yml: Refuse what must not be released"]


@pytest.mark.parametrize("path", [ROOT / ".ci/run", ROOT / ".ci/setup.sh"], ids=lambda p: p.name)
def test_shellcheck_has_nothing_against_the_set_up(path: Path) -> None:
    assert run(BESIDE / "shellcheck", path).stdout == ""
