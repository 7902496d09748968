"""Each edition is read again; a run lost, doubled, moved or changed in it is found at its line."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from bookpress import build, comparing
from bookpress.build import Edition
from bookpress.checks import parity
from bookpress.checks.parity import Copy
from bookpress.findings import Position
from bookpress.reading import Kind, Reading, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.build import Result

CLEAN = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HERE = Position(PurePosixPath("a.md"), 3)
TEXTS = ("One.", "Two.", "Three.")
NOTE = Run(HERE, "Nobody asked.")


def reading(*runs: Run, notes: tuple[Run, ...] = (), links: tuple[str, ...] = ()) -> Reading:
    return Reading(
        runs or tuple(Run(HERE, text) for text in TEXTS), tuple((n,) for n in notes), links
    )


def codes(wanted: Reading, text: str) -> list[str]:
    return [f.code for f in parity.look(wanted, Copy("EPUB", parity.folded(text)))]


@pytest.mark.parametrize(
    "text", ["One. Two. Three.", "One. 1 Two. (page 12) Three. • 4", "O-\nne. Two. Three."]
)
def test_what_the_press_adds_is_no_difference(text: str) -> None:
    assert codes(reading(), text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("One. Three.", "E010"),
        ("One. Three. Two.", "E010"),
        ("One. Two. Two. Three.", "E011"),
        ("One. Two. Three. Four.", "E011"),
        ("Advertisement. One. Two. Three.", "E011"),
        ("One. Two, Three.", "E010"),
    ],
)
def test_text_lost_moved_doubled_or_added_is_found(text: str, code: str) -> None:
    assert code in codes(reading(), text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.1 Two. Three. Nobody asked.", []),
        ("One.1 Two. Three.", ["E010"]),
        ("One. Nobody asked. Two. Three. Nobody asked.", ["E010", "E011"]),
    ],
)
def test_a_note_stands_once_wherever_an_edition_puts_it(text: str, found: list[str]) -> None:
    assert codes(reading(notes=(NOTE,)), text) == found


@pytest.mark.parametrize(
    ("found", "wanted"),
    [("a\n  b 1", []), ("a\n b 1", ["E012"]), ("a\n  b", ["E012"]), ("A\n  b 1", ["E012"])],
)
def test_a_listing_keeps_its_spaces_case_and_callouts(found: str, wanted: list[str]) -> None:
    listing = Run(HERE, "a\n  b", Kind.LISTING, {1: (1,)})
    copy = Copy("web", parity.folded(found), listings=[found])

    seen = [f.code for f in parity.look(reading(listing), copy)]

    assert "E012" in seen if wanted else seen == []


def test_a_lost_link_is_named() -> None:
    wanted = reading(links=("https://example.org/a", "https://example.org/b"))
    copy = Copy("web", parity.folded("".join(TEXTS)), links=["https://example.org/a"])

    [finding] = parity.look(wanted, copy)

    assert finding.code == "E013"
    assert "https://example.org/b" in finding.message


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The clean book, built once; the tests below break copies of its editions."""
    root = tmp_path_factory.mktemp("parity") / "book"
    shutil.copytree(CLEAN, root, ignore=shutil.ignore_patterns("build", "golden"))
    return build.build(root, list(Edition), modified=DAY)


def compared(built: Result, artifacts: Mapping[str, bytes]) -> list[tuple[str, str]]:
    found = comparing.compare(built.manuscript, {**built.artifacts, **artifacts}, built.pages)
    return [(f.code, f.where.path.name) for f in found]


@pytest.mark.slow
def test_every_edition_of_the_clean_book_says_the_same(built: Result) -> None:
    assert compared(built, {}) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Everything does, a little.", "", "E010"),
        ("Everything does, a little.", "Everything does, a little. a little.", "E011"),
        ('    <span class="s">"""', '<span class="s">"""', "E012"),
    ],
)
def test_a_web_page_that_departs_is_found(old: str, new: str, code: str, built: Result) -> None:
    page = built.artifacts["web/beams.html"].decode()
    assert page.count(old) == 1

    found = compared(built, {"web/beams.html": page.replace(old, new).encode()})

    assert (code, "beams.md") in found


@pytest.mark.slow
def test_a_link_that_the_epub_lost_is_found(built: Result) -> None:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(built.artifacts["bridges.epub"])) as old,
        zipfile.ZipFile(changed, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"https://example.org/arches", b"#stones"))

    assert compared(built, {"bridges.epub": changed.getvalue()}) == [("E013", "arches.md")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("The board bent.", "The board broke.", "E010"),
        ('    """Deflection in metres."""', '  """Deflection in metres."""', "E012"),
        ("--load 700", "load 700", "E012"),
        ("load * span**3", "load  * span**3", "E012"),
    ],
)
def test_a_pdf_of_another_text_is_found(
    old: str, new: str, code: str, built: Result, tmp_path: Path
) -> None:
    root = tmp_path / "book"
    shutil.copytree(CLEAN, root, ignore=shutil.ignore_patterns("build", "golden"))
    chapter = root / "manuscript/beams.md"
    text = chapter.read_text("utf-8")
    assert old in text
    chapter.write_text(text.replace(old, new), "utf-8")
    other = build.build(root, [Edition.PRINT], modified=DAY)

    found = compared(built, other.artifacts)

    assert (code, "beams.md") in found


@pytest.mark.slow
def test_a_paragraph_below_a_list_may_go_on_overleaf(tmp_path: Path) -> None:
    # The markers of a list are painted after the rest of its page, amid such a paragraph.
    root = tmp_path / "book"
    shutil.copytree(CLEAN, root, ignore=shutil.ignore_patterns("build", "golden"))
    chapter = root / "manuscript/beams.md"
    lists = "\n## Overleaf {#sec-overleaf}\n\n- one\n- two\n\nThen\n\n1. first\n2. second\n\n"
    chapter.write_text(chapter.read_text("utf-8") + lists + "Beams of 12 bend. " * 400, "utf-8")

    made = build.build(root, [Edition.PRINT], modified=DAY)
    found = comparing.compare(made.manuscript, made.artifacts, made.pages)

    assert [f for f in found if f.where.path.name == "beams.md"] == []
