"""A small interior that every printer takes, made in code, for the tests to break."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

FONT = Path(__file__).resolve().parents[2] / "styles" / "fonts" / "SourceCodePro-Regular.ttf"
PAGES, WIDTH, HEIGHT = 32, 432, 648


@pytest.fixture
def interior() -> pikepdf.Pdf:
    """Thirty-two pages of one line and one picture of 300 pixels an inch, PDF/X-1a:2001."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(_font(pdf))
    image = pdf.make_stream(bytes(10_000), Type=Name.XObject, Subtype=Name.Image)
    image.Width, image.Height, image.BitsPerComponent = 100, 100, 8
    image.ColorSpace = Name.DeviceGray
    for _ in range(PAGES):
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.obj.TrimBox = page.obj.BleedBox = Array([0, 0, WIDTH, HEIGHT])
        page.obj.Resources = Dictionary(Font={"/F": font}, XObject={"/I": image})
        page.obj.Contents = pdf.make_stream(
            b"0 0 0 1 k BT /F 10 Tf 72 500 Td (A line of text) Tj ET q 24 0 0 24 72 300 cm /I Do Q"
        )
    pdf.docinfo = pdf.make_indirect(
        Dictionary(
            Title=String("The Sample Book"),
            CreationDate=String("D:20260302120000Z"),
            ModDate=String("D:20260302120000Z"),
            Trapped=Name("/False"),
            GTS_PDFXVersion=String("PDF/X-1:2001"),
            GTS_PDFXConformance=String("PDF/X-1a:2001"),
        )
    )
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX)
    intent.OutputConditionIdentifier = String("CGATS TR 001")
    intent.RegistryName = String("http://www.color.org")
    pdf.Root.OutputIntents = Array([intent])
    return pdf


def _font(pdf: pikepdf.Pdf) -> Dictionary:
    program = FONT.read_bytes()
    stream = pdf.make_stream(program, Length1=len(program))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/SourceCodePro"),
        Flags=32,
        FontBBox=[-193, -454, 793, 1060],
        ItalicAngle=0,
        Ascent=984,
        Descent=-273,
        CapHeight=660,
        StemV=86,
        FontFile2=stream,
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/SourceCodePro"),
        FirstChar=32,
        LastChar=126,
        Widths=[600] * 95,
        Encoding=Name.WinAnsiEncoding,
        FontDescriptor=descriptor,
    )
