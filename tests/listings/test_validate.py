from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from bookpress.errors import ToolError
from bookpress.listings.validate import validate

PYPROJECT = '[project]\nname = "weir"\nversion = "1"\n'
WORKFLOW = """\
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: echo
"""


def complaints(folder: Path, name: str, text: str) -> list[tuple[str, str]]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return [(c.code, c.message) for c in validate(folder, [PurePosixPath(name)])]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weir/pyproject.toml", PYPROJECT),
        ("weir/.github/workflows/ci.yml", WORKFLOW),
        (".github/dependabot.yml", "version: 2\nupdates: []\n"),
        ("renovate.json", '{"extends": ["config:recommended"]}'),
        (".pre-commit-config.yaml", "repos: []\n"),
        ("ruff.toml", "line-length = 88\n"),
        ("data.json", "[1]"),
        ("notes.txt", "{"),
    ],
)
def test_a_valid_file_has_no_complaints(tmp_path: Path, name: str, text: str) -> None:
    assert complaints(tmp_path, name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("pyproject.toml", PYPROJECT + "dependancies = []\n", "dependancies"),
        (".github/workflows/ci.yml", WORKFLOW.replace("runs-on", "runs-in"), "runs-on"),
        (".github/dependabot.yml", "version: 3\nupdates: []\n", "version"),
        ("renovate.json", '{"extends": 5}', "extends"),
        (".pre-commit-config.yaml", "repos: 5\n", "repos"),
        ("ruff.toml", "line-length =\n", "parse"),
        ("data.json", "[1", "parse"),
        ("data.yaml", "a: [", "parse"),
    ],
)
def test_an_invalid_file_is_found(tmp_path: Path, name: str, text: str, words: str) -> None:
    [(code, message), *_] = complaints(tmp_path, name, text)

    assert code == "X026"
    assert words in message


def test_a_dangerous_workflow_is_found_by_the_audit(tmp_path: Path) -> None:
    danger = WORKFLOW.replace("run: echo", "run: echo ${{ github.event.issue.title }}")

    found = complaints(tmp_path, ".github/workflows/ci.yml", danger)

    assert [(code, message.split(":")[0]) for code, message in found] == [
        ("X029", "zizmor template-injection")
    ]


def test_the_audit_names_the_workflow_that_it_means(tmp_path: Path) -> None:
    danger = WORKFLOW.replace("run: echo", "run: echo ${{ github.event.issue.title }}")
    names = [f"{river}/.github/workflows/ci.yml" for river in ("alder", "birch", "cedar")]
    for name, text in zip(names, (WORKFLOW, danger, danger), strict=True):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, "utf-8")

    found = validate(tmp_path, [PurePosixPath(name) for name in names])

    assert [str(complaint.path) for complaint in found] == names[1:]


def test_a_missing_validator_is_named_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    with pytest.raises(ToolError, match="check-jsonschema") as caught:
        complaints(tmp_path, "data.json", "1")

    assert "bookpress[listings]" in caught.value.hint
