from __future__ import annotations

import datetime as dt
import os
import sysconfig
import time
from pathlib import Path, PurePosixPath

import pytest

from bookpress import cli, standing
from bookpress.findings import Finding, Position
from bookpress.standing import Last

DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
FOUND = Finding(Position(PurePosixPath("one.md"), 3, 5), "L001", "there is no such file", "look")
LAST = Last(("river.epub", "web/index.html"), (FOUND,), paged=True)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with a chapter, an output, and time enough since they were written."""
    root = tmp_path / "book"
    for name in ("one.md", "build/river.epub", "build/web/index.html", "build/findings.json"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    time.sleep(0.03)
    return root


def remember(root: Path, editions: tuple[str, ...] = ("epub",)) -> None:
    read = standing.inputs(root, "build", editions, DAY)
    assert read
    standing.remember(root / "build", read, LAST, ["findings.json"])


def recall(
    root: Path, editions: tuple[str, ...] = ("epub",), modified: dt.datetime = DAY
) -> Last | None:
    read = standing.inputs(root, "build", editions, modified)
    assert read
    return standing.recall(root / "build", read)


def test_what_was_told_is_told_again_while_nothing_has_changed(book: Path) -> None:
    remember(book)

    assert recall(book) == LAST


def test_another_state_of_the_book_is_built(book: Path) -> None:
    remember(book)

    same_size = book / "one.md"
    status = same_size.stat()
    same_size.write_text("ONE.md")
    os.utime(same_size, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert recall(book) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "two.md").write_text("# Two\n"),
        lambda root: (root / "one.md").unlink(),
        lambda root: (root / "one.md").rename(root / "two.md"),
        lambda root: (root / "build/river.epub").unlink(),
        lambda root: (root / "build/river.epub").write_text("other"),
        lambda root: (root / "build/findings.json").write_text("other"),
        lambda root: (root / "build/.cache/standing.json").write_text('{"inputs": 1'),
        lambda root: (root / "build/.cache/standing.json").write_text("[]"),
        lambda root: (root / "build/.cache/standing.json").unlink(),
    ],
    ids=[
        "new file",
        "no file",
        "other name",
        "no output",
        "other output",
        "other findings",
        "broken record",
        "strange record",
        "no record",
    ],
)
def test_whatever_is_not_as_it_was_is_built(book: Path, change: object) -> None:
    remember(book)

    assert callable(change)
    change(book)

    assert recall(book) is None


def test_other_editions_and_another_date_are_built(book: Path) -> None:
    remember(book)

    assert recall(book, editions=("web",)) is None
    assert recall(book, modified=DAY + dt.timedelta(seconds=1)) is None


def test_an_installed_package_counts_and_a_compiled_module_does_not(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "site-packages"
    (packages / "pypdf-1.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sysconfig, "get_path", {"purelib": str(packages)}.__getitem__)
    time.sleep(0.03)
    remember(book)

    (packages / "__pycache__").mkdir()
    assert recall(book) == LAST
    (packages / "pypdf-2.dist-info").mkdir()
    assert recall(book) is None


def test_a_file_behind_a_linked_folder_counts(book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "pictures"
    elsewhere.mkdir()
    (elsewhere / "arch.svg").write_text("<svg/>")
    (elsewhere / "round").symlink_to(book)
    (book / "images").symlink_to(elsewhere)
    (book / "nowhere").symlink_to("nothing")
    time.sleep(0.03)
    remember(book)
    assert recall(book)

    (elsewhere / "arch.svg").write_text("<svg />")

    assert recall(book) is None


def test_what_could_still_change_unseen_is_not_relied_upon(book: Path) -> None:
    (book / "one.md").write_text("now")
    ahead = time.time_ns() + 10**12
    os.utime(book / "one.md", ns=(ahead, ahead))

    remember(book)

    assert recall(book) is None


def test_a_second_build_makes_nothing_and_says_the_same(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "book.yml").write_text(
        "title: River\nauthors: [{name: Nobody}]\nlanguage: en-GB\n"
        "parts: [{title: All, chapters: [{file: one.md, title: One}]}]\n"
    )
    (book / "one.md").write_text("# One\n\nSee [there](#nowhere).\n")
    time.sleep(0.03)
    monkeypatch.chdir(book)

    first = cli.run(["build", "-f", "web"]), capsys.readouterr()
    second = cli.run(["build", "-f", "web"]), capsys.readouterr()

    assert (first[0], second[0]) == (1, 1)
    assert "L002" in first[1].out
    assert second[1].out == first[1].out
    assert "build/web (new)" in first[1].err
    assert second[1].err.splitlines()[:2] == [
        "nothing has changed since the last build",
        "build/web (unchanged)",
    ]
