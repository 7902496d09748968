"""A good interior passes; each fault makes its own demand fail, and says where and how much."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pikepdf
import pytest
from click.testing import CliRunner
from pikepdf import Array, Dictionary, Name, String

from bookpress import printers
from bookpress.errors import BookpressError, ToolError
from bookpress.printing import certificate, commands, inks, preflight
from bookpress.printing.preflight import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bookpress.printing.preflight import Verdict

pytestmark = pytest.mark.slow

MISSING = not shutil.which("gs") and os.environ.get("CI") != "true"  # there it is a failure
needs_ghostscript = pytest.mark.skipif(MISSING, reason="Ghostscript is not installed")
BOOK = """\
title: River
slug: river
authors: [{name: Nobody}]
language: en-GB
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One}
"""
Fault = tuple[str, str, Callable[[pikepdf.Pdf], object], str, str]


def saved(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def verdicts(pdf: bytes, printer: str) -> tuple[Verdict, ...]:
    return preflight.judge(preflight.measure(pdf), printers.load(printer))


def failed(found: Sequence[Verdict]) -> dict[str, str]:
    return {verdict.demand: verdict.found for verdict in found if verdict.outcome != Outcome.MET}


def paint(pdf: pikepdf.Pdf, content: bytes) -> None:
    page = pdf.pages[2]
    page.contents_add(pdf.make_stream(content))


def image_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources.XObject["/I"]


def font_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources.Font["/F"]


def link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].obj.Annots = Array(
        [pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9]))]
    )


def bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("One", 0))


def widen(pdf: pikepdf.Pdf) -> None:
    pdf.pages[6].obj.TrimBox = Array([0, 0, 430, 648])
    pdf.pages[6].obj.MediaBox = pdf.pages[6].obj.BleedBox = Array([0, 0, 430, 648])


def bleed(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.obj.MediaBox = page.obj.BleedBox = Array([0, -18, 450, 666])


def see_through(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].obj.Resources.ExtGState = Dictionary({"/G": Dictionary(ca=0.5)})
    paint(pdf, b"/G gs")


def profiled(pdf: pikepdf.Pdf) -> None:
    icc = pdf.make_stream(b"", N=3)
    pdf.pages[2].obj.Resources.ColorSpace = Dictionary({"/C": Array([Name.ICCBased, icc])})
    paint(pdf, b"/C cs")


def in_a_form(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"1 0 0 rg", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[2].obj.Resources.XObject["/X"] = form
    paint(pdf, b"/X Do")


FAULTS: tuple[Fault, ...] = (
    ("pages", "kdp", lambda p: p.pages.append(p.pages[0]), "33", "odd"),
    ("trim", "kdp", widen, "5.972 x 9.000 in on 1 page", "one page is narrower"),
    ("boxes", "lulu", bleed, "bleed 0.250 in", "too much bleed"),
    ("gutter", "ingram", lambda p: paint(p, b"BT /F 9 Tf 30 80 Td (in) Tj ET"),
     "on page 3; too close: 1 page (3)", "text in the gutter"),
    ("outer margins", "ingram", lambda p: paint(p, b"BT /F 9 Tf 90 20 Td (in) Tj ET"),
     "on page 3; too close: 1 page (3)", "text at the foot"),
    ("extras", "lulu", link, "1 Link", "a link"),
    ("extras", "kdp", bookmark, "1 bookmarks", "an outline"),
    ("fonts", "kdp", lambda p: font_of(p).FontDescriptor.__delitem__("/FontFile2"),
     "not embedded: SourceCodePro", "a font of the machine"),
    ("smallest text", "kdp", lambda p: paint(p, b"BT /F 6.5 Tf 90 90 Td (tiny) Tj ET"),
     "6.5 pt on page 3", "small type"),
    ("smallest text", "kdp", lambda p: paint(p, b"q .5 0 0 .5 0 0 cm BT /F 13 Tf 180 180 Td (x) Tj"
                                                b" ET Q"),
     "6.5 pt on page 3", "type made small by a matrix"),
    ("images", "lulu", lambda p: paint(p, b"q 36 0 0 24 72 100 cm /I Do Q"),
     "the coarsest 200 ppi on page 3", "a coarse picture"),
    ("colour spaces", "kdp", lambda p: paint(p, b"0 0 0 rg"), "1 DeviceRGB", "an RGB operator"),
    ("colour spaces", "kdp", in_a_form, "1 DeviceRGB", "RGB within a form"),
    ("colour spaces", "kdp", lambda p: setattr(image_of(p), "ColorSpace", Name.DeviceRGB),
     "32 DeviceRGB", "an RGB image"),
    ("colour spaces", "ingram", profiled, "1 ICCBased(3)", "a colour profile"),
    ("transparency", "ingram", see_through, "1 opacity below 1", "half a tint"),
    ("PDF/X", "ingram", lambda p: p.docinfo.__delitem__("/Trapped"), "without: Trapped", "Trapped"),
    ("PDF/X", "kdp", lambda p: p.Root.OutputIntents[0].__delitem__("/RegistryName"),
     "without: the press of its OutputIntent", "a claim that is not kept"),
    ("PDF/X", "ingram", lambda p: p.docinfo.__setitem__(
        "/GTS_PDFXConformance", String("PDF/X-9")), "PDF/X-9", "another standard"),
)  # fmt: skip


@needs_ghostscript
@pytest.mark.parametrize("printer", printers.names())
def test_a_good_interior_passes(interior: pikepdf.Pdf, printer: str) -> None:
    found = verdicts(saved(interior), printer)

    assert failed(found) == {}
    assert [v.demand for v in found].count("gutter") == 1
    assert len(found) == len(preflight.DEMANDS)


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case[0]}: {case[4]}")
def test_a_fault_is_found_and_named(
    interior: pikepdf.Pdf, monkeypatch: pytest.MonkeyPatch, case: Fault
) -> None:
    demand, printer, fault, says, _ = case
    monkeypatch.setenv("PATH", "")  # no Ghostscript: what inks show is tested below
    fault(interior)

    found = failed(verdicts(saved(interior), printer))

    assert set(found) - {"black ink only", "total ink"} == {demand}
    assert says in found[demand]


@needs_ghostscript
@pytest.mark.parametrize(
    ("content", "missed", "says"),
    [
        (b"0.1 0 0 1 k 100 100 9 9 re f", "black ink only", "coloured: 1 page (3)"),
        (b"0.7 0.7 0.5 1 k 100 100 9 9 re f", "total ink", "290"),
        (b"0 0 0 rg 100 100 9 9 re f", "black ink only", "coloured: 1 page (3)"),
    ],
)
def test_the_inks_are_measured_on_the_page(
    interior: pikepdf.Pdf, content: bytes, missed: str, says: str
) -> None:
    paint(interior, content)

    assert says in failed(verdicts(saved(interior), "kdp"))[missed]


def test_without_ghostscript_nothing_is_certified(
    interior: pikepdf.Pdf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    file = tmp_path / "book.pdf"
    file.write_bytes(saved(interior))

    result = CliRunner().invoke(
        commands.preflight, [str(file), "--profile", "kdp"], standalone_mode=False
    )

    assert result.return_value == 1
    assert "UNKNOWN  black ink only  Ghostscript is not installed; type apt-get" in result.output
    assert "NOT PROVEN: 2 of 16 demands could not be measured" in result.output


@needs_ghostscript
def test_the_certificate_is_read_by_programs_too(interior: pikepdf.Pdf, tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    file.write_bytes(saved(interior))
    arguments = [str(file), "--profile", "ingram", "--report", "json"]

    result = CliRunner().invoke(commands.preflight, arguments, standalone_mode=False)

    said = json.loads(result.output)
    assert (result.return_value, said["passed"], said["profile"]) == (0, True, "ingram")
    assert {v["outcome"] for v in said["verdicts"]} == {"pass"}


def test_an_encrypted_interior_is_refused(interior: pikepdf.Pdf) -> None:
    made = io.BytesIO()
    interior.save(made, encryption=pikepdf.Encryption(owner="owner", user="", R=6))

    found = verdicts(made.getvalue(), "lulu")

    assert failed(found)["encryption"] == "encrypted"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 and no more", b"\x89PNG"])
def test_what_is_no_pdf_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(BookpressError, match="not a PDF that can be read"):
        preflight.measure(data)


@pytest.mark.parametrize(
    ("printer", "pages", "inches"),
    [
        ("kdp", 150, 0.375), ("kdp", 151, 0.5), ("kdp", 300, 0.5), ("kdp", 301, 0.625),
        ("kdp", 828, 0.875), ("ingram", 300, 0.5), ("lulu", 60, 0.5), ("lulu", 300, 0.7),
    ],
)  # fmt: skip
def test_a_thicker_block_needs_a_wider_gutter(printer: str, pages: int, inches: float) -> None:
    assert printers.load(printer).gutter_pt(pages) == pytest.approx(inches * 72)


@pytest.mark.parametrize("printer", printers.names())
def test_a_profile_says_who_says_so(printer: str) -> None:
    profile = printers.load(printer)

    assert "vendor" in {source.kind for source in profile.sources}
    assert profile.forbidden <= {"annotations", "outlines", "actions", "transparency", "icc"}


def test_inks_are_read_from_pictures_of_four_channels() -> None:
    head = b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\n"
    black, red = bytes([0, 0, 0, 255]), bytes([0, 255, 255, 51])

    pages = list(inks.read(io.BytesIO(head + black + black + head + black + red)))

    assert pages == [inks.Coverage(0.0, 100.0), inks.Coverage(0.5, 220.0)]


def test_the_outcome_names_how_many_demands_are_missed(interior: pikepdf.Pdf) -> None:
    link(interior)
    profile = printers.load("kdp")

    said = certificate.outcome(profile, verdicts(saved(interior), "kdp"))

    assert said == "FAIL: 1 of 16 demands of kdp are not met"


def drop_to_twelve(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[12:]


def paint_red(pdf: pikepdf.Pdf) -> None:
    paint(pdf, b"1 0 0 rg 72 72 9 9 re f")


@needs_ghostscript
@pytest.mark.parametrize(
    ("change", "lines", "codes"),
    [
        (lambda _pdf: None, "pass", set()),
        (paint_red, "fail", {"P001"}),
        (drop_to_twelve, "none", set()),
    ],
    ids=["sound", "coloured", "too thin for anybody"],
)
def test_build_strict_holds_the_print_edition_against_every_printer(
    interior: pikepdf.Pdf,
    tmp_path: Path,
    change: Callable[[pikepdf.Pdf], object],
    lines: str,
    codes: set[str],
) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "book.yml").write_text(BOOK)
    (tmp_path / "one.md").write_text("# One\n")
    change(interior)
    (tmp_path / "build" / "river-print.pdf").write_bytes(saved(interior))
    said: list[str] = []

    findings = commands.verdicts(tmp_path, ["print", "web"], said.append)

    assert {finding.code for finding in findings} == codes
    assert {str(finding.where.path) for finding in findings} <= {"build/river-print.pdf"}
    assert [line.split(":")[0] for line in said] == [lines] * 3


def test_build_strict_asks_for_ghostscript_where_print_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    commands.require(["screen"])
    with pytest.raises(ToolError, match="without Ghostscript"):
        commands.require(["print"])
