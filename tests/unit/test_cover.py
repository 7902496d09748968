"""The front cover fits its title, and a page becomes a picture pixel by pixel."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from PIL import Image

from bookpress import prooftext
from bookpress.findings import Position
from bookpress.formats.cover import title_size_pt
from bookpress.model import Book, Metadata, Trim

METADATA = Metadata(
    title="",
    subtitle="",
    contributors=(),
    language="en-GB",
    publisher="",
    rights="",
    edition=1,
    printing=1,
    version="",
    date="",
    description="",
    keywords=(),
    subjects={},
    isbn={},
    identifier="urn:x",
    url="",
)
PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 10 20] /Contents 4 0 R>> endobj
4 0 obj <</Length 25>> stream
1 0 0 rg 0 10 10 10 re f
endstream endobj
trailer <</Root 1 0 R>>
"""


@pytest.mark.parametrize(
    ("title", "size_pt"),
    [
        ("Go", 92),
        ("Python DevOps", 92),
        ("Internationalisation", 36),  # (504 - 88) / (20 * 0.57)
    ],
)
def test_a_title_is_as_large_as_its_longest_word_allows(title: str, size_pt: int) -> None:
    where = Position(PurePosixPath("book.yml"))
    metadata = replace(METADATA, title=title)
    book = Book(metadata, Trim(504, 666, 9), (), (), (), (), where)

    assert title_size_pt(book) == size_pt


def test_a_page_becomes_a_picture_of_the_width_asked_for() -> None:
    png = prooftext.picture(PDF, 1, 30)

    with Image.open(io.BytesIO(png)) as image:
        assert (image.size, image.mode) == ((30, 60), "RGB")
        assert image.getpixel((15, 10)) == (255, 0, 0)
        assert image.getpixel((15, 50)) == (255, 255, 255)
