"""What is done on GitHub, seen by a stub of gh that writes down what it is asked."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bookpress import cli
from bookpress.release import hub

if TYPE_CHECKING:
    from pathlib import Path

TAG = "v2026.11.0"
STUB = """\
#!{python}
import json, os, pathlib, shutil, sys
arguments = sys.argv[1:]
box = pathlib.Path(os.environ["STUB_GH"])
with (box / "calls").open("a") as calls:
    bodies = [pathlib.Path(a).read_text() for a in arguments if a.endswith("body.md")]
    calls.write(json.dumps([arguments, *bodies]) + "\\n")
state = (box / "state").read_text() if (box / "state").exists() else ""
match arguments[:2]:
    case ["release", "view"]:
        if not state:
            sys.exit("release not found")
        print(json.dumps({{"isDraft": state == "draft"}}))
    case ["release", "create"]:
        for before, name in zip(arguments, arguments[1:]):
            if pathlib.Path(name).is_file() and before != "--notes-file":
                shutil.copy(name, box / "assets")
    case ["release", "download"]:
        for path in sorted((box / "assets").iterdir()):
            shutil.copy(path, arguments[-1])
        if (box / "damage").exists():
            (pathlib.Path(arguments[-1]) / "manifest.json").write_text("{{}}")
    case ["issue", "list"]:
        print((box / "issues").read_text() if (box / "issues").exists() else "[]")
if (box / "fail").exists() and (box / "fail").read_text() == " ".join(arguments[:2]):
    sys.exit("HTTP 502: the hub is tired")
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stub of gh keeps what it is asked, and what it has."""
    place = tmp_path / "hub"
    (place / "assets").mkdir(parents=True)
    (place / "bin").mkdir()
    program = place / "bin/gh"
    program.write_text(STUB.format(python=sys.executable), "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STUB_GH", str(place))
    return place


def calls(box: Path) -> list[list[str]]:
    lines = (box / "calls").read_text("utf-8").splitlines() if (box / "calls").exists() else []
    return [json.loads(line)[0] for line in lines]


def body(box: Path) -> str:
    found: str = json.loads((box / "calls").read_text("utf-8").splitlines()[-1])[-1]
    return found


@pytest.mark.slow
def test_a_release_is_drafted_downloaded_compared_and_only_then_published(
    dist: Path, box: Path
) -> None:
    code = cli.run(["release", "publish", str(dist), "--tag", TAG])

    asked = calls(box)
    assert code == 0
    assert [call[:2] for call in asked if call[1] != "view"] == [
        ["release", "create"], ["release", "download"], ["release", "edit"],
    ]  # fmt: skip
    create = next(call for call in asked if call[1] == "create")
    assert create[2:5] == [TAG, "--verify-tag", "--draft"]
    assert create[create.index("--title") + 1] == "Bridges, edition 1, printing 1 (2026.11.0)"
    assert "--prerelease" not in create
    assert {path.name for path in dist.iterdir()} == {p.name for p in (box / "assets").iterdir()}
    assert asked[-1] == ["release", "edit", TAG, "--draft=false"]


@pytest.mark.slow
def test_a_file_that_comes_back_damaged_leaves_a_draft(
    dist: Path, box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (box / "damage").touch()

    code = cli.run(["release", "publish", str(dist), "--tag", TAG])

    assert code == 2
    assert "not what was sent came back: manifest.json" in capsys.readouterr().err
    assert "edit" not in [call[1] for call in calls(box)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "code", "deletes"), [("published", 2, False), ("draft", 0, True), ("", 0, False)]
)
def test_what_is_published_is_left_and_a_draft_is_replaced(
    dist: Path,
    box: Path,
    state: str,
    code: int,
    deletes: bool,  # noqa: FBT001
) -> None:
    (box / "state").write_text(state, "utf-8")

    assert cli.run(["release", "publish", str(dist), "--tag", TAG]) == code
    assert ("delete" in [call[1] for call in calls(box)]) is deletes
    assert ("create" in [call[1] for call in calls(box)]) is (code == 0)


@pytest.mark.slow
def test_a_kit_of_another_tag_or_a_broken_one_is_not_published(dist: Path, box: Path) -> None:
    other = cli.run(["release", "publish", str(dist), "--tag", "v2026.12.0"])
    (dist / "metadata.json").write_text("{}", "utf-8")
    broken = cli.run(["release", "publish", str(dist), "--tag", TAG])

    assert (other, broken) == (2, 2)
    assert calls(box) == []


@pytest.mark.slow
def test_a_hub_that_fails_is_told_in_its_own_words(
    dist: Path, box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (box / "fail").write_text("release create", "utf-8")

    assert cli.run(["release", "publish", str(dist), "--tag", TAG]) == 2
    assert "it said: HTTP 502: the hub is tired" in capsys.readouterr().err


def test_one_comment_is_kept_up_to_date(box: Path, tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text("## Budgets\n", "utf-8")
    links = ["--link", "The editions", "https://hub.example/1", "--link", "Bad", "javascript:x"]

    code = cli.run(["ci", "comment", "12", str(tmp_path / "comment.md"), *links])

    [call] = calls(box)
    assert code == 0
    assert call[:5] == ["pr", "comment", "12", "--edit-last", "--create-if-none"]
    assert body(box) == "## Budgets\n\n\n[The editions](https://hub.example/1)\n"


@pytest.mark.parametrize("number", ["", "12; rm -rf /", "--web", "main"])
def test_a_number_that_is_none_is_refused(box: Path, tmp_path: Path, number: str) -> None:
    (tmp_path / "comment.md").touch()

    assert cli.run(["ci", "comment", "--", number, str(tmp_path / "comment.md")]) == 2
    assert calls(box) == []


def test_a_long_comment_is_cut_to_what_the_hub_takes(box: Path) -> None:
    hub.comment("12", "word " * 40_000, {})

    assert len(body(box)) <= 65_536
    assert "cut here" in body(box)


FOUND = {"path": "manuscript/a.md", "line": 3, "message": "https://x.example does not answer: 404"}


@pytest.mark.parametrize(
    ("findings", "issues", "done"),
    [
        ([FOUND], "[]", ["issue", "create"]),
        ([FOUND], '[{"number": 7}]', ["issue", "edit"]),
        ([], '[{"number": 7}]', ["issue", "close"]),
        ([], "[]", ["issue", "list"]),
    ],
)
def test_one_issue_is_opened_brought_up_to_date_and_closed(
    box: Path, tmp_path: Path, findings: list[object], issues: str, done: list[str]
) -> None:
    (box / "issues").write_text(issues, "utf-8")
    (tmp_path / "links.json").write_text(json.dumps({"findings": findings}), "utf-8")

    code = cli.run(["ci", "issue", str(tmp_path / "links.json")])

    assert code == 0
    assert calls(box)[-1][:2] == done
    if findings:
        assert "- `manuscript/a.md:3` https://x.example does not answer: 404" in body(box)


def test_a_report_that_is_none_is_refused(box: Path, tmp_path: Path) -> None:
    (tmp_path / "links.json").write_text("[]", "utf-8")

    assert cli.run(["ci", "issue", str(tmp_path / "links.json")]) == 2
    assert calls(box) == []


def test_without_gh_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "comment.md").touch()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert cli.run(["ci", "comment", "1", str(tmp_path / "comment.md")]) == 2


def test_a_summary_is_cut_to_what_the_hub_takes() -> None:
    text = "€" * 400_000

    assert len(hub.summary(text).encode()) <= hub.LARGEST_SUMMARY
    assert hub.summary("short") == "short"
