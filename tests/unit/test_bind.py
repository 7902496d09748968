from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from tests import sample_sheets
from tests.sample_sheets import DATE, METADATA, sheet

from bookpress.cache import Store
from bookpress.formats import labels
from bookpress.formats.bind import bind
from bookpress.formats.glyphs import subset_tag, to_unicode, width_runs
from bookpress.formats.numbers import print_numbers, show
from bookpress.formats.sheets import Figure, Number, Pages, Variant
from bookpress.formats.typeset import typeset
from bookpress.prooftext import page_texts

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.formats.sheets import Typeset

FIGURES = tuple(Figure(glyph, 500, 500) for glyph in range(16, 26))
PROPORTIONAL = (Figure(16, 500, 500), Figure(17, 300, 280), *FIGURES[2:])
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def screen(store: Store) -> Typeset:
    body = '<h1 id="größe">Größe</h1><p><a href="#größe">up</a> <a href="b.html">b</a></p>'
    styles = {Variant.SCREEN: sample_sheets.style()}
    sheets = (sheet("a", body), sheet("b", "<p>b</p>"))
    return typeset(sheets, styles, store, workers=1)[Variant.SCREEN]


def test_the_same_input_gives_the_same_bytes(screen: Typeset, store: Store, tmp_path: Path) -> None:
    first = bind(screen, METADATA, DATE, store)

    second = bind(screen, METADATA, DATE, Store(tmp_path / "another"))

    assert first.pdf == second.pdf


def test_an_edited_book_has_the_bytes_of_a_clean_build(store: Store, tmp_path: Path) -> None:
    styles = {Variant.SCREEN: sample_sheets.style()}
    numbered = sheet("b", f"<p>{sample_sheets.reference('a.html#end', 'See')}</p>")
    long = "<p>page after page</p>" * 300 + '<p id="end">end</p>'
    typeset((sheet("a", '<p id="end">end</p>'), numbered), styles, store, workers=1)

    edited = typeset((sheet("a", long), numbered), styles, store, workers=1)[Variant.SCREEN]
    clean = typeset((sheet("a", long), numbered), styles, Store(tmp_path), workers=1)

    pdf = bind(edited, METADATA, DATE, store).pdf
    assert pdf == bind(clean[Variant.SCREEN], METADATA, DATE, Store(tmp_path)).pdf


def test_a_date_is_a_moment_in_any_time_zone(screen: Typeset, store: Store) -> None:
    tokyo = DATE.astimezone(dt.timezone(dt.timedelta(hours=9)))

    assert bind(screen, METADATA, tokyo, store).pdf == bind(screen, METADATA, DATE, store).pdf


def test_what_the_title_page_says_is_in_the_file(screen: Typeset, store: Store) -> None:
    changed = replace(METADATA, title="Another Book")

    with pikepdf.open(io.BytesIO(bind(screen, changed, DATE, store).pdf)) as pdf:
        assert str(pdf.docinfo.Title) == "Another Book: Pages & Proofs"
        assert str(pdf.Root.Lang) == "en"


def test_names_of_destinations_are_ascii_and_links_lead_to_them(
    screen: Typeset, store: Store
) -> None:
    with pikepdf.open(io.BytesIO(bind(screen, METADATA, DATE, store).pdf)) as pdf:
        names = {str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]}
        targets = [str(link.Dest) for link in pdf.pages[0].obj.Annots]

    assert targets == ["a.html#gr%C3%B6%C3%9Fe", "b.html"]
    assert names >= set(targets)
    assert all(name.isascii() for name in names)


def test_no_path_and_no_machine_address_is_in_the_file(screen: Typeset, store: Store) -> None:
    with pikepdf.open(io.BytesIO(bind(screen, METADATA, DATE, store).pdf)) as pdf:
        plain = io.BytesIO()
        pdf.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)

    assert b"book.invalid" not in plain.getvalue()
    assert str(store.folder).encode() not in plain.getvalue()


def test_a_font_with_a_missing_glyph_keeps_a_subset_of_its_own(store: Store) -> None:
    sheets = (sheet("a", "<p>plain</p>"), sheet("b", "<p>snow ☃</p>"))
    styles = {Variant.SCREEN: sample_sheets.style()}
    made = typeset(sheets, styles, store, workers=1)[Variant.SCREEN]

    proof = bind(made, METADATA, DATE, store)

    with pikepdf.open(io.BytesIO(proof.pdf)) as pdf:
        fonts = [list(page.obj.Resources.Font.values()) for page in pdf.pages[::2]]
        names = [str(font.BaseFont) for fonts_of_page in fonts for font in fonts_of_page]
    assert [name.partition("+")[2] for name in names] == ["Serif", "Serif"]
    assert names[0] != names[1]
    assert "snow" in page_texts(proof.pdf)[2]


def test_xmp_and_document_information_agree() -> None:
    packet = ET.fromstring(labels.xmp(METADATA, DATE, "maker", "9780000000002"))  # noqa: S314
    information = labels.information(METADATA, DATE, "maker")

    texts = {element.tag: "".join(element.itertext()).strip() for element in packet.iter()}
    assert texts[f"{DC}title"] == information["Title"] == "The Sample Book: Pages & Proofs"
    assert texts[f"{DC}creator"] == information["Author"] == "Ann Author"
    assert texts[f"{DC}identifier"] == "urn:isbn:9780000000002"
    assert information["Keywords"] == "sample, <press>"
    assert information["CreationDate"] == "D:20260302120000Z"


def test_a_number_stands_at_the_right_of_its_cells() -> None:
    number = Number(0, "a.html", 3, FIGURES)

    assert show(number, "207") == b"[<0012> <0010> <0017>] TJ"
    assert show(number, "97") == b"[-500 <0019> <0017>] TJ"


def test_a_narrow_figure_leaves_its_room_on_the_left() -> None:
    number = Number(0, "a.html", 2, PROPORTIONAL)

    # Two cells of 500; the 1 advances 280 and is 300 wide in the font, the 2 takes 500.
    assert show(number, "12") == b"[-220 <0011> 20 <0012>] TJ"


def test_marks_in_a_page_become_the_folios_of_their_targets() -> None:
    numbers = (Number(0, "a.html", 1, FIGURES), Number(0, "b.html", 1, FIGURES))

    content = print_numbers(
        b"BT\n%number 1\nET\n%number 0\n", numbers, {"a.html": "3", "b.html": "4"}
    )

    assert content == b"BT\n[<0014>] TJ\nET\n[<0013>] TJ\n"


def test_widths_are_written_in_runs() -> None:
    assert width_runs({7: 500, 3: 400, 8: 510}) == [3, [400], 7, [500, 510]]


def test_two_subsets_of_a_font_have_two_names() -> None:
    assert len(subset_tag(b"one")) == 6
    assert subset_tag(b"one") != subset_tag(b"two")


def test_a_ligature_keeps_its_letters() -> None:
    assert b"<0009> <006600660069>" in to_unicode({9: "ffi"})


def test_pages_survive_the_store(screen: Typeset) -> None:
    for section in screen.sections:
        assert Pages.from_bytes(section.pages.to_bytes()) == section.pages
