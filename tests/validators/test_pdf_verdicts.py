"""What veraPDF, qpdf and Ghostscript find in sound PDFs: nothing; in broken ones: the damage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pikepdf
import pytest
from tests import installed

from bookpress.formats.attachments import attach
from bookpress.validators import parsers, verapdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def broken(screen: Path, folder: Path, damage: Callable[[pikepdf.Pdf], None]) -> Path:
    """Copy a PDF, damaged."""
    path = folder / "broken.pdf"
    with pikepdf.open(screen) as pdf:
        damage(pdf)
        pdf.save(path)
    return path


def lose_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def lose_font(pdf: pikepdf.Pdf) -> None:
    font = next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o)
    del font["/FontFile2"]


def lose_alternative(pdf: pikepdf.Pdf) -> None:
    figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert figures
    for figure in figures:
        del figure["/Alt"]


def test_verapdf_finds_that_the_screen_pdf_keeps_both_standards(screen: Path) -> None:
    installed.require("veraPDF", "V003")

    verdict = verapdf.judge(screen)

    assert verdict.complaints == ()
    assert verdict.figure == (
        "PDF/UA-1 0 failed rules of 106, PDF/A-3a 0 failed rules of 155"
    )  # the rules of veraPDF's profiles for them


@pytest.mark.parametrize(
    ("damage", "standards"),
    [
        (lose_language, {"PDF/UA-1 7.2"}),
        (lose_font, {"PDF/UA-1 7.21", "PDF/A-3a 6.2"}),
        (lose_alternative, {"PDF/UA-1 7"}),
    ],
    ids=["language", "font", "alternative"],
)
def test_verapdf_finds_what_was_lost(
    screen: Path, tmp_path: Path, damage: Callable[[pikepdf.Pdf], None], standards: set[str]
) -> None:
    installed.require("veraPDF", "V003")
    path = broken(screen, tmp_path, damage)

    verdict = verapdf.judge(path)

    said = [complaint.message for complaint in verdict.complaints]
    assert all(any(line.startswith(s) for line in said) for s in standards), said


def lose_relationship(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF[0].AFRelationship


def lose_media_type(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF[0].EF.F["/Subtype"]


@pytest.mark.parametrize(
    ("damage", "standards"),
    [
        (lambda _pdf: None, set()),
        (lose_relationship, {"PDF/A-3a 6.8"}),
        (lose_media_type, {"PDF/A-3a 6.8"}),
    ],
    ids=["sound", "relationship", "media type"],
)
def test_verapdf_takes_a_screen_pdf_that_carries_files_and_says_what_they_are(
    screen: Path, tmp_path: Path, damage: Callable[[pikepdf.Pdf], None], standards: set[str]
) -> None:
    installed.require("veraPDF", "V003")
    files = {"bridges-companion.zip": b"PK\5\6" + bytes(18), "größe.txt": b"two metres"}
    carrying = tmp_path / "carrying.pdf"
    carrying.write_bytes(attach(screen.read_bytes(), files, DAY))
    path = broken(carrying, tmp_path, damage)

    verdict = verapdf.judge(path)

    said = [complaint.message for complaint in verdict.complaints]
    assert bool(said) == bool(standards)
    assert all(any(line.startswith(s) for line in said) for s in standards), said


@pytest.mark.parametrize("edition", ["print", "screen"])
def test_qpdf_and_ghostscript_read_the_pdfs(editions: Path, edition: str) -> None:
    installed.require("qpdf", "V004")
    installed.require("Ghostscript", "V004")
    [pdf] = editions.glob(f"*-{edition}.pdf")

    verdicts = (parsers.qpdf(pdf), parsers.ghostscript(pdf))

    assert [verdict.complaints for verdict in verdicts] == [(), ()]


def test_qpdf_finds_a_file_that_is_cut_off(screen: Path, tmp_path: Path) -> None:
    installed.require("qpdf", "V004")
    path = tmp_path / "half.pdf"
    path.write_bytes(screen.read_bytes()[: screen.stat().st_size // 2])

    verdict = parsers.qpdf(path)

    assert verdict.complaints


def test_ghostscript_finds_a_page_that_cannot_be_drawn(screen: Path, tmp_path: Path) -> None:
    installed.require("Ghostscript", "V004")

    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pdf.make_stream(b"q 1 0 0 rg /Nothing Do (open Tj")

    path = broken(screen, tmp_path, spoil)

    verdict = parsers.ghostscript(path)

    assert verdict.complaints
    assert "error executing PDF token" in [said.message for said in verdict.complaints]
