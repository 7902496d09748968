from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from bookpress.formats.entries import Entry, letters
from bookpress.formats.locators import locate
from bookpress.manuscript import load

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.manuscript import Manuscript

OUTLINE = """\
title: River Notes
authors: [{name: Nobody}]
language: en-GB
trim: {width: 7in, height: 9.25in}
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One, status: draft}
back:
  - role: index
"""
TEXT = """\
# One

A [package]{.ix}.[]{.ix term="package!binary"}[]{.ix term="egg" see="package!binary"}
[]{.ix term="package" seealso="wheel"}[]{.ix term="package" seealso="egg"}A [wheel]{.ix}.
"""


@pytest.fixture
def manuscript(tmp_path: Path) -> Manuscript:
    (tmp_path / "book.yml").write_text(OUTLINE)
    (tmp_path / "one.md").write_text(TEXT)
    return load(tmp_path)


def by_term(manuscript: Manuscript) -> dict[str, Entry]:
    found = letters(manuscript.book, manuscript.survey)
    return {entry.term: entry for letter in found for entry in letter.entries}


def test_see_sends_the_reader_on_and_is_no_place(manuscript: Manuscript) -> None:
    egg = by_term(manuscript)["egg"]

    assert (egg.see, egg.places) == ("package, binary", ())


def test_see_also_stands_beside_places_in_the_order_of_the_alphabet(manuscript: Manuscript) -> None:
    package = by_term(manuscript)["package"]

    assert [place.anchor for place in package.places] == ["ix-1"]
    assert package.also == ("egg", "wheel")


def test_identifiers_of_marks_count_every_mark(manuscript: Manuscript) -> None:
    [facts] = manuscript.survey.chapters.values()

    assert facts.path == PurePosixPath("one.md")
    assert [term.anchor for term in facts.terms] == [f"ix-{number}" for number in range(1, 7)]


def test_linked_editions_have_the_references_too(manuscript: Manuscript) -> None:
    book, survey = manuscript.book, manuscript.survey

    located = locate(book, survey, letters(book, survey), None, "html")

    rows = {row.term: row for _, letter in located for row in letter}
    assert (rows["egg"].see, rows["egg"].links) == ("package, binary", ())
    assert rows["package"].also == ("egg", "wheel")
