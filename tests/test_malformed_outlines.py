"""Each slip an author can make in book.yml is told exactly: where, what, and what to type.

malformed_outlines.txt holds them, one a paragraph: a name (#), the lines of the sound outline below
that are taken out (<), what is put there (>), and the whole complaint (=).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bookpress import outline
from bookpress.errors import OutlineError

BASE = """\
title: A Small Book
authors: [Ana]
language: en
parts:
  - title: One
    pages: 10
    chapters:
      - file: text/first.md
        title: First
      - file: text/second.md
        title: Second
"""
SLIPS = (Path(__file__).parent / "malformed_outlines.txt").read_text(encoding="utf-8")


def lay_out(root: Path) -> None:
    """Write the manuscript that the outlines name, sound files and others."""
    (root / "text" / "folder.md").mkdir(parents=True)
    (root / "more").mkdir()
    for name in ("first", "second", "third", "index", "part-2"):
        (root / "text" / f"{name}.md").write_text(f"# {name}\n\nText.\n")
    (root / "text" / "empty.md").write_text(" \n")
    (root / "text" / "latin.md").write_bytes("# Café\n".encode("latin-1"))
    (root / "text" / "bom.md").write_bytes(b"\xef\xbb\xbf# Bom\n")
    (root / "text" / "bell.md").write_bytes(b"# Bell\n\nab\x07\n")
    outside = root.parent / "outside.md"
    outside.write_text("# Outside\n")
    (root / "text" / "out.md").symlink_to(outside)
    (root / "more" / "first.md").write_text("# first\n")


def complaint(root: Path, book: bytes) -> str:
    """Read an outline that must not be read; returns what the author is told."""
    (root / "book.yml").write_bytes(book)
    try:
        outline.load(root)
    except OutlineError as error:
        return str(error)
    return "no complaint"


def slips() -> list[tuple[str, str, str, str]]:
    """Name, lines taken out, lines put in, complaint."""
    paragraphs = [block.split("\n") for block in SLIPS.strip("\n").split("\n\n")]
    return [(p[0][2:], marked(p, "<"), marked(p, ">"), marked(p, "=")) for p in paragraphs]


def marked(lines: list[str], sign: str) -> str:
    return "".join(f"{line[2:]}\n" for line in lines if line[0] == sign)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path


def test_the_sound_outline_is_read(root: Path) -> None:
    (root / "book.yml").write_text(BASE)

    book = outline.load(root)

    assert [chapter.slug for chapter in book.written()] == ["first", "second"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [pytest.param(*slip, id=name) for name, *slip in slips()],
)
def test_a_slip_is_told_exactly(root: Path, old: str, new: str, expected: str) -> None:
    assert BASE.count(old) == 1

    told = complaint(root, BASE.replace(old, new).encode())

    assert told + "\n" == expected


@pytest.mark.parametrize("expected", [slip[3] for slip in slips()], ids=[s[0] for s in slips()])
def test_every_complaint_has_a_place_and_a_hint(expected: str) -> None:
    for place, hint in zip(*[iter(expected.splitlines())] * 2, strict=True):
        assert re.match(r"(book\.yml|text/\w+\.md):\d+:\d+: \S", place)
        assert hint.startswith("  hint: ")


@pytest.mark.parametrize(
    ("book", "expected"),
    [
        (b"", "1:1: the outline is empty"),
        (b"# a comment\n", "1:1: the outline is empty"),
        (b"- a\n- b\n", "1:1: the outline is a list, not a mapping"),
        (b"hello\n", '1:1: the outline is the text "hello", not a mapping'),
        (BASE.encode("utf-16"), "1:1: byte 0xff is not UTF-8"),
        (BASE.replace("Ana", "Anä").encode("latin-1"), "2:13: byte 0xe4 is not UTF-8"),
        (b"\xef\xbb\xbf" + BASE.encode(), "1:1: the file begins with a byte order mark"),
        (BASE.encode() + b"\0", "12:1: the character U+0000 is not allowed in YAML"),
        (b"a: &a [x, x]\nb: [*a, *a]\n", "2:5: the alias *a is not understood here"),
        (b"[" * 500, "1:13: this is nested deeper than 12 levels"),
        (b"#" * 300_000, "1:1: the file has 300000 bytes; the most is 262144"),
        (b"%YAML 9.9\n---\n" + BASE.encode(), "1:1: not YAML: found incompatible YAML document"),
        (BASE.replace("\n", "\r").replace("en", "no").encode(), "3:11: `language` is read as"),
        (BASE.replace("\n", "\r\n").replace("en", "no").encode(), "3:11: `language` is read as"),
    ],
)
def test_a_file_that_is_no_outline_is_told_so(root: Path, book: bytes, expected: str) -> None:
    told = complaint(root, book)

    assert told.startswith(f"book.yml:{expected}")
    assert "\n  hint: " in told


def test_a_folder_without_an_outline_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(OutlineError) as caught:
        outline.load(tmp_path)

    assert str(caught.value) == (
        "book.yml:1:1: there is no book.yml\n  hint: `bookpress new FOLDER` makes a small book"
    )


def test_a_folder_called_book_yml_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "book.yml").mkdir()

    with pytest.raises(OutlineError, match=r"^book\.yml:1:1: book\.yml cannot be read: "):
        outline.load(tmp_path)
