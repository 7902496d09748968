"""book.yml -> Book: what is read, what is filled in, and that nothing but OutlineError escapes."""

from __future__ import annotations

import copy
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookpress import outline
from bookpress.errors import BookpressError, OutlineError
from bookpress.findings import Position
from bookpress.model import Book, Leaf, Matter, PageBudget, Role, Status, Trim
from bookpress.outline.fields import RefusedError, isbn, length, slugify
from bookpress.resources import data_folder, styles_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL: dict[str, Any] = {
    "title": "A Small Book: How It Grew",
    "authors": ["Ana"],
    "language": "en-GB",
    "parts": [
        {"title": "One", "chapters": [{"file": "text/first.md", "title": "First"}]},
        {"title": "Two", "chapters": [{"file": "text/second.md", "title": "Second"}]},
    ],
}

SAMPLE = """\
title: "A Small Book: How It Grew"
authors: [Ana, {name: Tomas}]
language: en-GB
version: "2026.10"
description: >
  Two lines
  of text.
trim: {width: 7in, height: 9.25in}
front:
  - role: toc   # made by the press
parts:
  - title: One
    pages: 30
    tolerance: 10%
    chapters:
      - file: text/first.md
        title: First
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("book")
    (root / "text").mkdir()
    for name in ("first", "second", "third"):
        (root / "text" / f"{name}.md").write_text(f"# {name}\n\nText.\n")
    return root


def read(folder: Path, book: str | bytes | Mapping[str, object]) -> Book:
    """Read an outline given as YAML or as values; JSON is YAML."""
    text = book if isinstance(book, str | bytes) else json.dumps(book)
    (folder / "book.yml").write_bytes(text.encode() if isinstance(text, str) else text)
    return outline.load(folder)


def small(**more: object) -> dict[str, Any]:
    return {**copy.deepcopy(SMALL), **more}


def test_chapters_are_numbered_through_and_appendices_lettered(folder: Path) -> None:
    last = {"pages": 20, "chapters": [{"file": "text/third.md", "title": "Third"}]}

    book = read(folder, small(appendices=last))

    found = [(c.number, c.role, c.matter) for part in book.parts for c in part.chapters]
    assert found == [
        ("1", Role.CHAPTER, Matter.BODY),
        ("2", Role.CHAPTER, Matter.BODY),
        ("A", Role.APPENDIX, Matter.BACK),
    ]
    assert [(p.number, p.slug, p.title) for p in book.parts] == [
        (1, "part-1", "One"),
        (2, "part-2", "Two"),
        (0, "appendices", "Appendices"),
    ]


def test_an_entry_knows_its_place(folder: Path) -> None:
    text = "title: T\nauthors: [A]\nlanguage: en\nparts:\n  - title: One\n    chapters:\n"
    text += "      - title: First\n        file: text/first.md\n"

    book = read(folder, text)

    name = PurePosixPath("book.yml")
    assert book.parts[0].where == Position(name, 5, 5)
    assert book.parts[0].chapters[0].where == Position(name, 7, 9)


@pytest.mark.parametrize(
    ("pages", "tolerance", "expected"),
    [
        (30, "10%", PageBudget(27, 33)),
        (45, "10%", PageBudget(41, 49)),  # 40.5 to 49.5, rounded inwards
        (45, None, PageBudget(41, 49)),
        (20, "0%", PageBudget(20, 20)),
        (1, "50 %", PageBudget(1, 1)),
    ],
)
def test_a_tolerance_is_rounded_inwards(
    folder: Path, pages: int, tolerance: str | None, expected: PageBudget
) -> None:
    values = small()
    values["parts"][0] |= {"pages": pages} | ({"tolerance": tolerance} if tolerance else {})

    book = read(folder, values)

    assert book.parts[0].budget == expected
    assert book.parts[1].budget is None


def test_a_book_that_says_little_gets_the_usual(folder: Path) -> None:
    book = read(folder, SMALL)

    assert [section.role for section in book.front] == [
        Role.HALFTITLE,
        Role.TITLE,
        Role.IMPRINT,
        Role.CONTENTS,
    ]
    assert (book.slug, book.trim) == ("a-small-book", Trim(504.0, 666.0, 9.0))
    assert (book.metadata.edition, book.metadata.printing, book.metadata.date) == (1, 1, "")
    assert [chapter.status for chapter in book.chapters()] == [Status.DRAFT, Status.DRAFT]


def test_an_empty_front_matter_is_one(folder: Path) -> None:
    book = read(folder, small(front=[]))

    assert book.front == ()


def test_the_identifier_is_made_of_the_slug_alone(folder: Path) -> None:
    first = read(folder, small(publisher="The Press")).metadata.identifier

    second = read(folder, small(keywords=["rivers"])).metadata.identifier
    third = read(folder, small(slug="other")).metadata.identifier

    assert first == second == "urn:uuid:2ed895a5-1473-553c-ba87-c3c2da8a2008"
    assert third != first


def test_people_keep_their_order_relators_and_sorting(folder: Path) -> None:
    authors = ["Ana", {"name": "Alan Turing", "file-as": "Turing, Alan"}]
    helpers = [{"name": "Tomas", "role": "edt"}]

    book = read(folder, small(authors=authors, contributors=helpers))

    found = [(c.name, c.role, c.file_as) for c in book.metadata.contributors]
    assert found == [
        ("Ana", "aut", "Ana"),
        ("Alan Turing", "aut", "Turing, Alan"),
        ("Tomas", "edt", "Tomas"),
    ]


def test_an_isbn_loses_its_hyphens_and_a_date_needs_no_quotes(folder: Path) -> None:
    text = "title: T\nauthors: [A]\nlanguage: en\ndate: 2026-03-02\n"
    text += 'isbn: {print: "978-3-16-148410-0"}\n'
    text += "parts: [{title: O, chapters: [{file: text/first.md, title: First}]}]\n"

    book = read(folder, text)

    assert book.metadata.date == "2026-03-02"
    assert book.metadata.isbn == {"print": "9783161484100"}


def test_a_folded_text_becomes_one_line(folder: Path) -> None:
    book = read(folder, small(description="One\n  line\n\nand more\n"))

    assert book.metadata.description == "One line and more"


def test_a_planned_chapter_needs_no_file_and_is_in_no_edition(folder: Path) -> None:
    values = small()
    values["parts"][1]["chapters"] = [
        {"file": "text/unwritten.md", "title": "Later", "status": "planned"}
    ]

    book = read(folder, values)

    assert [c.slug for c in book.chapters()] == ["first", "unwritten"]
    assert [c.slug for c in book.written()] == ["first"]
    assert "part-2" not in [section.slug for section in book.sections()]


def test_front_and_back_hold_leaves_and_files(folder: Path) -> None:
    front = [{"role": "toc"}, {"role": "preface", "file": "text/third.md", "title": "Before"}]

    book = read(folder, small(front=front, back=[{"role": "index"}]))

    assert isinstance(book.front[0], Leaf)
    assert [(s.role, s.matter, s.slug) for s in (*book.front, *book.back)] == [
        (Role.CONTENTS, Matter.FRONT, "toc"),
        (Role.PREFACE, Matter.FRONT, "third"),
        (Role.INDEX, Matter.BACK, "index"),
    ]


def test_an_allowance_of_an_unknown_rule_is_left_to_the_checks(folder: Path) -> None:
    allow = [{"code": "Z999", "path": "nowhere.md", "reason": "none"}]

    book = read(folder, small(allow=allow))

    assert [(a.code, a.path) for a in book.allowances] == [("Z999", PurePosixPath("nowhere.md"))]


@pytest.mark.parametrize(
    ("written", "points"),
    [("7in", 504.0), ("9.25 in", 666.0), ("210mm", 595.276), ("432pt", 432.0)],
)
def test_a_length_is_read_in_points(written: str, points: float) -> None:
    assert length(written) == points


@given(st.integers(0, 10**9 - 1), st.integers(1, 9), st.integers(0, 12))
def test_any_single_wrong_digit_of_an_isbn_is_noticed(body: int, shift: int, place: int) -> None:
    digits = f"978{body:09}"
    check = -sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10
    right = f"{digits}{check}"
    changed = (int(right[place]) + shift) % 10

    assert isbn(right) == right
    with pytest.raises(RefusedError):
        isbn(f"{right[:place]}{changed}{right[place + 1 :]}")


@pytest.mark.parametrize(
    ("title", "slug"), [("Über Flüsse", "uber-flusse"), ("C++ & I", "c-i"), ("書", "")]
)
def test_a_title_makes_a_file_name(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_the_packaged_schema_is_the_one_the_press_checks_by() -> None:
    packaged = (data_folder() / "book.schema.json").read_text(encoding="utf-8")

    exported = outline.json_schema()

    assert packaged == exported, "write outline.json_schema() to src/bookpress/data again"


def test_book_yml_names_the_schema_for_editors() -> None:
    first = (REPOSITORY / "book.yml").read_text(encoding="utf-8").splitlines()[0]

    path = first.removeprefix("# yaml-language-server: $schema=")

    assert json.loads((REPOSITORY / path).read_text())["title"] == "Outline"


def test_a_book_may_bring_its_own_styles(tmp_path: Path) -> None:
    packaged = styles_folder(tmp_path)
    (tmp_path / "styles").mkdir()

    own = styles_folder(tmp_path)

    assert own == tmp_path / "styles"
    assert (packaged / "tokens.css").is_file()


SIGNS = st.sampled_from([*":-#[]{}*&!|>'\"%@`?,\n\t \\~0.€\u0085\ufeff\x07", "- ", ": ", "no"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def survives(folder: Path, book: str | bytes | Mapping[str, object]) -> None:
    """Read an outline; all it may raise is OutlineError, whose every mistake has a place."""
    mistakes: tuple[BookpressError, ...] = ()
    try:
        read(folder, book)
    except OutlineError as error:
        mistakes = error.mistakes
        str(error).encode()
    assert all(mistake.where and mistake.hint for mistake in mistakes)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_are_a_traceback(folder: Path, data: bytes) -> None:
    survives(folder, data)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_slip_of_the_pen_is_a_traceback(folder: Path, data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(SIGNS) + text[place + data.draw(st.integers(0, 3)) :]

    survives(folder, text)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_wrong_value_is_a_traceback(folder: Path, data: st.DataObject) -> None:
    values = small(trim={}, isbn={}, front=[], back=[], allow=[{}], listings={})
    node: Any = values
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys) if keys else st.just("file"))
        if not keys or not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            break
        node = node[key]
    if isinstance(node, dict):
        node[data.draw(st.just(key) | st.text(max_size=6))] = data.draw(VALUES)
    elif keys:
        node[key] = data.draw(VALUES)

    survives(folder, values)
