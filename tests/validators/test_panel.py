"""The panel: who judges what, what is said of a validator that is missing, how a verdict reads."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from tests import installed

from bookpress import cli
from bookpress.errors import ToolError
from bookpress.findings import Finding, Position
from bookpress.rules import RULES
from bookpress.validators import panel, toolbox
from bookpress.validators.panel import Opinion, Validator
from bookpress.validators.verdict import Complaint, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

BOOK = """\
title: River
authors: [{name: Nobody}]
language: en-GB
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One}
"""


def lost() -> str:
    raise ToolError("the owl is not on this machine", hint="type make setup-check")


def sound(_path: Path) -> Verdict:
    return Verdict("2.0", "0 errors")


def faulty(_path: Path) -> Verdict:
    return Verdict("2.0", "1 error", (Complaint("ERROR: it creaks", "EPUB/a.xhtml", 3, 7),))


def validator(judge: Callable[[Path], Verdict], version: Callable[[], str]) -> Validator:
    return Validator("Owl", "V001", ("epub",), "wisdom", version, judge)


def test_every_validator_stands_for_a_rule_and_every_rule_has_one() -> None:
    rules = {member.rule for member in panel.PANEL}
    by_night = {"V009"}  # addresses outside, for which the panel would need the network

    assert rules == {code for code in RULES if code.startswith("V")} - by_night


def test_a_complaint_becomes_a_finding_in_the_edition_that_it_is_about() -> None:
    opinion = Opinion(validator(faulty, str), "river.epub", faulty(Path()))

    [finding] = opinion.findings()

    place = Position(PurePosixPath("build/river.epub/EPUB/a.xhtml"), 3, 7)
    assert finding == Finding(place, "V001", "Owl: ERROR: it creaks")


def test_a_verdict_is_one_line_with_name_version_edition_and_figure() -> None:
    passed = Opinion(validator(sound, str), "river.epub", sound(Path()))
    failed = Opinion(validator(faulty, str), "river.epub", faulty(Path()))

    assert passed.line() == "pass: Owl 2.0: river.epub: 0 errors"
    assert failed.line() == "fail: Owl 2.0: river.epub: 1 error"


def test_all_missing_validators_are_named_with_what_to_type() -> None:
    members = (validator(sound, lost), validator(sound, lambda: "1.0"))

    with pytest.raises(
        ToolError, match=r"without Owl \(the owl is not on this machine\)"
    ) as caught:
        panel.require(["epub", "web"], members)

    assert caught.value.hint == "type make setup-check"


def test_a_validator_of_an_edition_that_is_not_made_may_be_missing() -> None:
    panel.require(["web"], (validator(sound, lost),))


def test_a_missing_validator_is_no_pass(tmp_path: Path) -> None:
    def judge(_path: Path) -> Verdict:
        raise ToolError(lost.__name__)

    with pytest.raises(ToolError):
        list(panel.judge(tmp_path, "river", ["epub"], (validator(judge, lost),)))


def test_strict_fails_before_it_builds_when_a_validator_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "book.yml").write_text(BOOK)
    (tmp_path / "one.md").write_text("# One\n\nThe river rises.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    code = cli.run(["build", "--strict", "-f", "epub"])

    err = capsys.readouterr().err
    assert code == cli.CANNOT
    assert "cannot prove the editions without EPUBCheck (javac is not on this machine)" in err
    assert "make setup-check" in err
    assert not (tmp_path / "build").exists()


def test_the_doctor_names_every_validator_and_what_to_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    cli.run(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    for member in panel.PANEL:
        assert any(line[4:].startswith(f"{member.name} ") for line in lines)
    [number] = [n for n, line in enumerate(lines) if line.startswith("--  EPUBCheck")]
    assert lines[number + 1].startswith("      type make setup-check | or: sudo apt-get install")


def test_a_tool_that_fails_is_no_verdict(tmp_path: Path) -> None:
    script = tmp_path / "owl"
    script.write_text("#!/bin/sh\necho the owl sleeps >&2\nexit 3\n")
    script.chmod(0o755)

    with pytest.raises(ToolError, match="owl failed with exit code 3") as caught:
        toolbox.run([script])

    assert caught.value.hint == "it said: the owl sleeps"


def test_all_that_a_failing_tool_said_is_shown_from_its_first_line(tmp_path: Path) -> None:
    script = tmp_path / "owl"
    script.write_text("#!/bin/sh\necho why: no mice\nseq 1 99\necho at night\nexit 1\n")
    script.chmod(0o755)

    with pytest.raises(ToolError) as caught:
        toolbox.run([script])

    lines = [line.strip() for line in caught.value.hint.splitlines()]
    assert lines[0] == "it said: why: no mice"
    assert lines[-1] == "at night"
    assert "... 41 lines ..." in lines


@pytest.mark.parametrize("variable", [("CI", "true"), ("BOOKPRESS_STRICT", "1")])
def test_a_missing_validator_fails_the_tests_where_all_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: tuple[str, str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(*variable)

    with pytest.raises(pytest.fail.Exception, match="javac is not on this machine"):
        installed.require("EPUBCheck")
