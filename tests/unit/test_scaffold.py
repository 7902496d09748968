"""`bookpress new`: a small book without a mistake, which shows what a book may hold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bookpress import build, manuscript, outline, scaffold
from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_book_has_one_finding_the_chapter_it_plans(tmp_path: Path) -> None:
    scaffold.new(tmp_path / "river-notes")

    findings = build.check(tmp_path / "river-notes")

    assert [finding.code for finding in findings] == ["S006"]
    assert "Publishing" in findings[0].message


@pytest.mark.slow
def test_a_new_book_builds_in_every_edition_without_an_error(tmp_path: Path) -> None:
    scaffold.new(tmp_path / "book")

    modified = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    result = build.build(tmp_path / "book", tuple(build.Edition), modified=modified)

    assert [finding.code for finding in result.findings] == ["S006"]
    made = {name.partition("/")[0] for name in result.artifacts}
    assert {"book-print.pdf", "book-screen.pdf", "book.epub", "web"} <= made


def test_a_new_book_shows_each_component(tmp_path: Path) -> None:
    scaffold.new(tmp_path / "book")

    facts = manuscript.load(tmp_path / "book").survey.chapters.values()

    listings = {listing.identifier for chapter in facts for listing in chapter.listings}
    assert {"lst-greet", "ses-greet"} <= listings
    assert [i.source for chapter in facts for i in chapter.images] == ["images/fig-loop.svg"]
    assert [t.identifier for chapter in facts for t in chapter.tables] == ["tbl-identifiers"]
    assert sum(len(chapter.notes) for chapter in facts) > 0
    assert {"#lst-greet", "building.md", "writing.md#sec-numbers"} <= {
        link.target for chapter in facts for link in chapter.links
    }


@pytest.mark.parametrize(
    ("name", "title", "slug"),
    [
        ("river-notes", "River Notes", "river-notes"),
        ("1984", "1984", "1984"),
        ("no", "No", "no"),
        ("a: #b", "A B", "a-b"),
        ("書", "書", "book"),
        ("--", "A Small Book", "a-small-book"),
    ],
)
def test_a_new_book_is_called_after_its_folder(
    tmp_path: Path, name: str, title: str, slug: str
) -> None:
    scaffold.new(tmp_path / name)

    book = outline.load(tmp_path / name)

    assert (book.metadata.title, book.slug) == (title, slug)


def test_an_empty_folder_may_stand_there_already(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()

    scaffold.new(tmp_path / "book")

    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == [
        ".gitignore",
        "book.yml",
        "manuscript",
    ]


def test_folders_above_are_made(tmp_path: Path) -> None:
    scaffold.new(tmp_path / "shelf" / "book")

    assert (tmp_path / "shelf" / "book" / "book.yml").is_file()
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["book"]


@pytest.mark.parametrize("is_file", [True, False])
def test_nothing_that_exists_is_touched(tmp_path: Path, is_file: bool) -> None:  # noqa: FBT001
    place = tmp_path / "book"
    kept = place if is_file else place / "notes.txt"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")

    with pytest.raises(BookpressError, match="book is not an empty folder"):
        scaffold.new(place)

    assert kept.read_text() == "mine"
    assert sorted(tmp_path.rglob("*")) == sorted({place, kept})


def test_a_folder_that_cannot_be_made_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(BookpressError, match="book cannot be made") as caught:
        scaffold.new(tmp_path / "file" / "book")

    assert caught.value.hint == "name a folder in which you may write"
