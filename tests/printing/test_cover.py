"""The cover of the printed book fits the block, and a shop's scanner reads its barcode."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
import zxingcpp
from click.testing import CliRunner
from pikepdf import Array
from PIL import Image

from bookpress import build, manuscript, printers, prooftext
from bookpress.errors import BookpressError
from bookpress.formats import barcode, wrap
from bookpress.printing import commands, inks, jacket
from bookpress.printing.jacket import Block
from bookpress.printing.preflight import Outcome
from bookpress.terminal import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PAGES, ISBN = 120, "9783161484100"
SPINE_PT = 120 * 0.002252 * 72
KDP = printers.load("kdp")
AROUND = Block(PAGES, 504, 666, SPINE_PT)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("wrapped") / "book"
    shutil.copytree(CLEAN_BOOK, root, ignore=shutil.ignore_patterns("build", "golden"))
    return root


@pytest.fixture(scope="session")
def cover(book: Path) -> build.Cover:
    return build.cover(book, "kdp", modified=DAY, pages=PAGES)


def missed(pdf: bytes, around: Block = AROUND, profile: printers.Profile = KDP) -> dict[str, str]:
    verdicts = jacket.judge(pdf, around, profile)
    return {v.demand: v.found for v in verdicts if v.outcome is Outcome.MISSED}


def test_the_cover_is_one_page_of_two_leaves_and_the_spine_with_bleed(cover: build.Cover) -> None:
    with pikepdf.open(io.BytesIO(cover.pdf)) as pdf:
        [page] = pdf.pages
        trim, media = ([float(edge) for edge in box] for box in (page.trimbox, page.mediabox))

    assert trim == pytest.approx([0, 0, 2 * 504 + SPINE_PT, 666], abs=0.01)
    assert media == pytest.approx([-9, -9, 2 * 504 + SPINE_PT + 9, 675], abs=0.01)
    assert cover.findings == ()


@pytest.mark.parametrize("printer", printers.names())
def test_every_printer_takes_the_cover(cover: build.Cover, printer: str) -> None:
    assert missed(cover.pdf, profile=printers.load(printer)) == {}


def test_the_barcode_on_the_back_is_the_isbn_of_the_printed_book(cover: build.Cover) -> None:
    picture = Image.open(io.BytesIO(prooftext.picture(cover.pdf, 1, 4400)))  # 300 dots an inch
    back = picture.crop((0, 0, picture.width // 2, picture.height))

    [found] = zxingcpp.read_barcodes(back)

    assert (found.text, found.format) == (ISBN, zxingcpp.BarcodeFormat.EAN13)


@pytest.mark.parametrize("isbn", [f"978{n}{n}{n}{n}{n}{n}{n}{n}{n}" for n in range(10)])
def test_every_figure_is_read_back_from_its_bars(isbn: str) -> None:
    check = -sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(isbn)) % 10
    drawn = barcode.modules(f"{isbn}{check}")
    row = bytes(0 if module == "1" else 255 for module in "0" * 11 + drawn + "0" * 7)
    symbol = Image.frombytes("L", (len(row), 1), row).resize((len(row) * 3, 90), 0)

    [found] = zxingcpp.read_barcodes(symbol)

    assert found.text == f"{isbn}{check}"


def test_the_cover_is_in_inks_and_its_bars_in_black_alone(cover: build.Cover) -> None:
    if not inks.installed():
        pytest.skip("Ghostscript is not installed")
    [whole] = inks.measure(cover.pdf)
    with pikepdf.open(io.BytesIO(cover.pdf)) as pdf:
        left = 504 - 44 - 144
        pdf.pages[0].mediabox = pdf.pages[0].trimbox = Array([left + 1, 45, left + 143, 129])
        pdf.pages[0].obj.CropBox = pdf.pages[0].obj.BleedBox = pdf.pages[0].mediabox
        made = io.BytesIO()
        pdf.save(made)
    [symbol] = inks.measure(made.getvalue())

    assert whole.coloured > 0.8
    assert whole.most <= 240
    assert (symbol.coloured, symbol.most) == (0, 100)


def test_the_same_book_gives_the_same_cover(book: Path, cover: build.Cover, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(book, other, ignore=shutil.ignore_patterns("build"))

    assert build.cover(other, "kdp", modified=DAY, pages=PAGES).pdf == cover.pdf


@pytest.mark.parametrize(
    ("pages", "paper", "inches"),
    [(208, "white", 0.4684), (208, "cream", 0.52), (208, "colour", 0.4882)],
)
def test_the_spine_is_as_wide_as_the_block_is_thick(pages: int, paper: str, inches: float) -> None:
    assert KDP.spine_pt(pages, paper) / 72 == pytest.approx(inches, abs=0.0001)
    assert KDP.spine_pt(pages, paper, 30.0) == 30


def test_a_printer_without_a_formula_asks_for_the_width_of_the_spine(book: Path) -> None:
    with pytest.raises(BookpressError, match="ingram does not say how thick 120 pages") as caught:
        build.cover(book, "ingram", modified=DAY, pages=PAGES)

    assert "--spine" in caught.value.hint


@pytest.mark.parametrize(
    ("pages", "size_pt"),
    [
        (78, 0),  # KDP: no text below 79 pages
        (80, 0),  # 12.97 - 9 = 3.97 pt between the clearances: capitals of 5.5 pt are too small
        (90, 7.75),  # 14.59 - 9 = 5.59 pt: 7.76 pt
        (300, 15),
    ],
)
def test_the_spine_carries_text_only_where_it_is_wide_enough(
    book: Path, pages: int, size_pt: float
) -> None:
    loaded = manuscript.load(book).book

    measures = wrap.geometry(loaded, KDP, pages, "white", None)

    assert measures.size_pt == size_pt


def test_capitals_with_tails_and_accents_are_set_smaller(book: Path) -> None:
    loaded = manuscript.load(book).book
    tall = replace(loaded, metadata=replace(loaded.metadata, title="Équations"))

    plain, small = (wrap.geometry(b, KDP, 110, "white", None) for b in (loaded, tall))

    assert 0 < small.size_pt < plain.size_pt


def test_a_book_without_an_isbn_has_no_barcode_and_no_text_in_its_place(book: Path) -> None:
    from bookpress.press import Press  # noqa: PLC0415

    loaded = manuscript.load(book)
    metadata = replace(loaded.book.metadata, isbn={})
    bare = replace(loaded, book=replace(loaded.book, metadata=metadata))
    measures = wrap.geometry(bare.book, KDP, PAGES, "white", None)

    pdf = Press(book, bare, DAY, lambda *_: None, 1).wrap(measures)

    assert "ISBN" not in prooftext.page_texts(pdf)[0]
    assert missed(pdf) == {}


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        made = io.BytesIO()
        opened.save(made)
    return made.getvalue()


def shifted(dx: float) -> Callable[[pikepdf.Pdf], object]:
    def shift(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_add(pdf.make_stream(f"q 1 0 0 1 {dx} 0 cm".encode()), prepend=True)
        page.contents_add(pdf.make_stream(b"Q"))

    return shift


def without_bleed(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].mediabox = pdf.pages[0].obj.BleedBox = pdf.pages[0].trimbox


def in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(b"1 0 0 rg 9 9 9 9 re f"))


def with_too_much_ink(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(b"1 1 1 1 k 9 9 90 90 re f"))


@pytest.mark.parametrize(
    ("change", "demands"),
    [
        (without_bleed, {"bleed"}),
        (shifted(6), {"text on the spine"}),
        (shifted(-12), {"text and folds"}),
        (shifted(-37), {"text and trim", "text and folds"}),
        (in_rgb, {"colour spaces"}),
        (with_too_much_ink, {"total ink"}),
        (lambda pdf: pdf.pages.append(pdf.pages[0]), {"pages"}),
    ],
)
def test_preflight_finds_what_is_wrong_with_a_cover(
    cover: build.Cover, change: Callable[[pikepdf.Pdf], object], demands: set[str]
) -> None:
    if "total ink" in demands and not inks.installed():
        pytest.skip("Ghostscript is not installed")

    found = missed(changed(cover.pdf, change))

    assert found.keys() == demands


def test_a_cover_for_another_number_of_pages_does_not_fit(cover: build.Cover) -> None:
    thicker = replace(AROUND, pages=150, spine_pt=150 * 0.002252 * 72)
    thin = replace(AROUND, pages=60)

    assert missed(cover.pdf, thicker).keys() >= {"trim"}
    assert missed(cover.pdf, thin).keys() == {"text on the spine"}


def test_preflight_measures_the_block_on_its_interior(
    interior: pikepdf.Pdf, cover: build.Cover, tmp_path: Path
) -> None:
    interior.save(tmp_path / "inside.pdf")
    (tmp_path / "cover.pdf").write_bytes(cover.pdf)
    paths = [str(tmp_path / "cover.pdf"), "--around", str(tmp_path / "inside.pdf")]

    said = CliRunner().invoke(
        commands.preflight, [*paths, "--profile", "kdp", "--spine", "10mm"], standalone_mode=False
    )

    assert "12.394 x 9.000 in: a spine of 0.3937 in for 32 pages" in said.output
    assert said.return_value == FINDINGS


def test_a_width_that_is_none_is_refused() -> None:
    options = ["cover.pdf", "--profile", "kdp", "--spine", "wide"]

    said = CliRunner().invoke(commands.preflight, options)

    assert said.exit_code == 2
    assert "write for instance 14.2mm" in said.output or "does not exist" in said.output
