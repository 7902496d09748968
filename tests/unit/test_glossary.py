"""The glossary: its entries in every edition, and what leads to them."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import pikepdf
import pytest

from bookpress import alphabet, build, glossary
from bookpress.build import Edition
from bookpress.manuscript import load, silent
from bookpress.model import Format
from bookpress.press import Press

CLEAN = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return shutil.copytree(
        CLEAN, tmp_path / "book", ignore=shutil.ignore_patterns("build", "golden")
    )


def test_terms_are_sorted_as_readers_look_them_up() -> None:
    terms = ["wheel", "Éclair", "lock file", ".pth file", "lock", "eclipse", "Lock"]

    assert sorted(terms, key=alphabet.key) == [
        "Éclair", "eclipse", "Lock", "lock", "lock file", ".pth file", "wheel",
    ]  # fmt: skip
    assert [alphabet.letter(t) for t in ("Éclair", "3D")] == ["E", alphabet.SYMBOLS]


def test_entries_have_names_of_their_own() -> None:
    names = glossary.identifiers(["lock file", "C", "C++", ".pth file"])

    assert names == ("gl-lock-file", "gl-c", "gl-c-2", "gl-pth-file")


def test_a_term_is_found_in_any_number_and_case(book: Path) -> None:
    targets = load(book).targets

    found = {targets.term(name) for name in ("abutment", "Abutments", "ABUTMENT")}

    assert {target.anchor for target in found if target} == {"gl-abutment"}
    assert targets.term("keystone") is None


@pytest.mark.parametrize("target", Format)
def test_an_index_mark_can_be_a_reference_to_a_term_as_well(target: Format, book: Path) -> None:
    html = Press(book, load(book), DAY, silent, 1).fragments(target)["arches"]

    extension = "xhtml" if target is Format.EPUB else "html"
    assert f'class="ix"><a href="glossary.{extension}#gl-abutment" class="term"' in html
    assert ('role="doc-glossref"' in html) is (target is not Format.PRINT)


def test_a_definition_list_outside_the_glossary_stays_one(book: Path) -> None:
    arches = book / "manuscript" / "arches.md"
    text = arches.read_text("utf-8")
    arches.write_text(f"{text}\npier\n:   What stands in the water.\n", "utf-8")

    html = Press(book, load(book), DAY, silent, 1).fragments(Format.WEB)["arches"]

    assert "<dt>pier</dt>" in html
    assert "gl-" not in html.replace("#gl-abutment", "")


@pytest.mark.slow
def test_every_edition_marks_terms_and_meanings(book: Path) -> None:
    result = build.build(book, list(Edition), modified=DAY)

    with zipfile.ZipFile(io.BytesIO(result.artifacts["bridges.epub"])) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/glossary.xhtml")]
        epub = archive.read(name).decode()
    assert 'epub:type="glossary" role="doc-glossary"' in epub
    assert '<dt id="gl-arch" epub:type="glossterm"><dfn>arch</dfn></dt>' in epub
    web = result.artifacts["web/glossary.html"].decode()
    assert '<dt id="gl-beam" class="first"><dfn><code>beam</code></dfn></dt>' in web
    with pikepdf.open(io.BytesIO(result.artifacts["bridges-screen.pdf"])) as pdf:
        items = [kinds for kinds in _items(pdf.Root.StructTreeRoot.K[0]) if "/Lbl" in kinds]
        assert items.count(["/Lbl", "/LBody"]) >= 3


def _items(root: pikepdf.Object) -> list[list[str]]:
    """The kinds of elements in every list item of a PDF."""
    found, todo = [], [root]
    while todo:
        element = todo.pop()
        kids = [k for k in element.K if isinstance(k, pikepdf.Dictionary) and "/S" in k]
        if element.S == pikepdf.Name.LI:
            found.append([str(kid.S) for kid in kids])
        todo += kids
    return found
