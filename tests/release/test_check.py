"""What forbids a release: each rule is broken on its own, in a repository of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.release.conftest import LOG, book, git

from bookpress import cli, wings
from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.release import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A book whose final version is tagged as it should be."""
    root = book(tmp_path / "book", "2026.11.0")
    git(root, "tag", "-a", "v2026.11.0", "-m", "The first printing")
    return root


def edit(root: Path, old: str, new: str) -> None:
    path = root / "book.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Edit the outline", day=2)


def codes(root: Path, tag: str = "") -> list[str]:
    return [finding.code for finding in check.check(root, tag)]


def test_nothing_forbids_a_release_that_is_right(
    tagged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tagged)

    code = cli.run(["release", "check", "--tag", "v2026.11.0"])

    assert (code, capsys.readouterr().out) == (0, "")


def test_a_tag_of_another_version_is_found_where_book_yml_names_its_own(tagged: Path) -> None:
    git(tagged, "tag", "-a", "v2026.10.0", "-m", "Another")

    [finding] = check.check(tagged, "v2026.10.0")

    assert finding.code == "R001"
    assert str(finding.where) == "book.yml:8:1"
    assert (
        finding.message == 'the tag is v2026.10.0; the version is "2026.11.0", its tag v2026.11.0'
    )


def test_a_tag_of_another_commit_is_found(tagged: Path) -> None:
    edit(tagged, "rights: Nobody's", "rights: Everybody's")

    assert codes(tagged, "v2026.11.0") == ["R001"]


def test_a_light_tag_is_found(tmp_path: Path) -> None:
    root = book(tmp_path / "book", "2026.11.0")
    git(root, "tag", "v2026.11.0")

    assert codes(root, "v2026.11.0") == ["R002"]


def test_a_commit_beside_the_main_branch_is_found(tmp_path: Path) -> None:
    root = book(tmp_path / "book", "2026.11.0")
    git(root, "checkout", "-q", "-b", "aside")
    edit(root, "rights: Nobody's", "rights: Everybody's")
    git(root, "tag", "-a", "v2026.11.0", "-m", "Beside")

    assert codes(root, "v2026.11.0") == ["R003"]


def test_an_older_version_than_one_released_is_found(tagged: Path) -> None:
    edit(tagged, '"2026.11.0"', '"2026.11.0-rc.1"')

    assert codes(tagged) == ["R004", "R005"]


@pytest.mark.parametrize(
    "log", ["# Changelog\n", "# Changelog\n\n## [2026.11.0]\n\n## [2026.1.0]\n"]
)
def test_a_changelog_that_says_nothing_is_found(tmp_path: Path, log: str) -> None:
    root = book(tmp_path / "book", "2026.11.0", log)

    assert codes(root) == ["R005"]


@pytest.mark.parametrize(
    ("version", "status", "found"),
    [
        ("2026.11.0", "planned", ["R006"]),
        ("2026.11.0", "draft", ["R006"]),
        ("2026.11.0-rc.1", "planned", ["R006"]),
        ("2026.11.0-rc.1", "draft", []),
        ("2026.11.0-draft.1", "planned", []),
    ],
)
def test_a_chapter_that_is_not_ready_is_found_where_book_yml_names_it(
    tmp_path: Path, version: str, status: str, found: list[str]
) -> None:
    root = book(tmp_path / "book", version, LOG.replace("2026.11.0", version))
    edit(root, "title: Arches, status: final", f"title: Arches, status: {status}")

    findings = list(check.check(root))

    assert [finding.code for finding in findings] == found
    assert [str(finding.where) for finding in findings] == ["book.yml:25:9"] * len(found)


@pytest.mark.parametrize(("version", "code"), [("2026.11.0", 1), ("2026.11.0-draft.1", 0)])
def test_an_open_comment_blocks_what_is_no_draft(
    tmp_path: Path, version: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blockers(_root: Path) -> Iterator[Finding]:
        yield Finding(Position(check.OUTLINE), "R007", "a comment of Tomas is open")

    monkeypatch.setattr(wings, "blockers", blockers)
    monkeypatch.chdir(book(tmp_path / "book", version))

    assert cli.run(["release", "check"]) == code


def test_a_version_that_is_none_cannot_be_released(tmp_path: Path) -> None:
    root = book(tmp_path / "book", "1.1")

    with pytest.raises(BookpressError, match=r'"1\.1" is not a version of a book'):
        list(check.check(root))


def test_a_tag_that_is_not_there_is_told_how_to_make_it(tmp_path: Path) -> None:
    root = book(tmp_path / "book", "2026.11.0")

    with pytest.raises(BookpressError, match=r"there is no tag v2026\.11\.0") as error:
        list(check.check(root, "v2026.11.0"))

    assert error.value.hint == 'git tag --annotate v2026.11.0 --message "v2026.11.0"'
