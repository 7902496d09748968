"""A finished PDF -> what a reader sees on its pages, read by a library that did not make it."""

from __future__ import annotations

import ctypes
import math
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Glyph = tuple[str, float, float]
Box = tuple[float, float, float, float]
_LINE_END_HYPHENS = (0x02, 0xFFFE)  # what pdfium makes of a hyphen that ends a line
_FOLIO = re.compile(r"[0-9]+|[ivxlcdm]+")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Where the text of a page stands, and its smallest type with the words around it.

    box: left, bottom, right, top, in points from the origin of the page's coordinates.
    """

    box: Box
    smallest_pt: float
    smallest: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """Width and height of a page, trimmed and before, in points."""

    trim: tuple[float, float]
    media: tuple[float, float]


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """The text of every page, in the order in which it is painted."""
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_text(page) for page in document)


def opening(pdf: Path, count: int) -> tuple[str, ...]:
    """The text of the first pages of anybody's file; raises ValueError when it cannot be read."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return tuple(_text(document[n]) for n in range(min(count, len(document))))
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from None


def leaves(pdf: Path, most: int) -> tuple[Leaf, ...]:
    """The sizes of the pages of anybody's file.

    Raises ValueError when it cannot be read, or has more than so many pages.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            if len(document) > most:
                raise ValueError(f"it has {len(document)} pages; the most is {most}")
            return tuple(_leaf(page) for page in document)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from None


def _leaf(page: pypdfium2.PdfPage) -> Leaf:
    def size(box: tuple[float, float, float, float]) -> tuple[float, float]:
        return (round(box[2] - box[0], 3), round(box[3] - box[1], 3))

    return Leaf(size(page.get_trimbox()), size(page.get_mediabox()))


def glyphs(pdf: bytes) -> tuple[tuple[Glyph, ...], ...]:
    """What is painted on every page, character by character, white space left out.

    A character is followed by its place: x and y of its origin, in points from the lower left.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(tuple(_glyphs(page)) for page in document)


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[Glyph]:
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text, index)
        character = "-" if code in _LINE_END_HYPHENS else chr(code)
        if code and not character.isspace():
            pypdfium2.raw.FPDFText_GetCharOrigin(text, index, x, y)
            yield character, x.value, y.value


def letters(pdf: bytes, page: int) -> tuple[tuple[str, Box], ...]:
    """Every visible character of a page, from 1, and the box of its ink as in `TextBlock`."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page - 1].get_textpage()
        return tuple(
            (chr(code), text.get_charbox(index))
            for index in range(text.count_chars())
            if (code := pypdfium2.raw.FPDFText_GetUnicode(text, index))
            if not chr(code).isspace() and not pypdfium2.raw.FPDFText_IsGenerated(text, index)
        )


def folios_printed(pdf: bytes, margin_pt: float) -> tuple[str, ...]:
    """What is printed as folio on every page, "" where nothing is.

    margin_pt: how high the head and foot margins are; a folio is the number alone that stands
               in one of them, at the outer edge of a line or alone.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_folio(page, margin_pt) for page in document)


def text_blocks(pdf: bytes) -> tuple[TextBlock | None, ...]:
    """What the text of every page takes up; None where there is no text.

    Raises ValueError when pdfium cannot read the file.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from None
    with document:
        return tuple(_block(page.get_textpage()) for page in document)


def characters(pdf: Path, pages: Sequence[int]) -> dict[int, tuple[tuple[str, Box], ...]]:
    """Every character of some pages of anybody's file, by page from 1, white space included.

    A hyphen that ends a line is left out with the white space after it: its word goes on. Boxes are
    as in `TextBlock`. Raises ValueError when the file cannot be read.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return {n: tuple(_characters(document[n - 1].get_textpage())) for n in pages}
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from None


def _characters(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box]]:
    broken = False
    for index in range(text.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text, index)
        if code in _LINE_END_HYPHENS:
            broken = True
        elif code and not (broken and chr(code).isspace()):
            broken = False
            yield chr(code), text.get_charbox(index)


def text_within(pdf: bytes, page: int, box: Box) -> str:
    """The text inside a rectangle (left, bottom, right, top, in points) of a page, from 1."""
    with pypdfium2.PdfDocument(pdf) as document:
        left, bottom, right, top = box
        text: str = document[page - 1].get_textpage().get_text_bounded(left, bottom, right, top)
        return text


def picture(pdf: bytes, page: int, width_px: int) -> bytes:
    """A page, counted from 1, as a PNG of so many pixels across.

    Source  PNG (ISO/IEC 15948): 8 bits a channel, RGB, no interlacing.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page - 1]
        bitmap = sheet.render(scale=width_px / sheet.get_width(), rev_byteorder=True)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        data, channels = bytes(bitmap.buffer), bitmap.n_channels
    rows = (data[y * stride : y * stride + width * channels] for y in range(height))
    pixels = b"".join(b"\0" + _rgb(row, channels) for row in rows)  # 0: the row is not filtered
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = {b"IHDR": head, b"IDAT": zlib.compress(pixels, 9), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks.items())


def _rgb(row: bytes, channels: int) -> bytes:
    """A row of RGB or RGBx pixels as RGB."""
    made = bytearray(len(row) // channels * 3)
    for channel in range(3):
        made[channel::3] = row[channel::channels]
    return bytes(made)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _block(text: pypdfium2.PdfTextPage) -> TextBlock | None:
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    sizes = [
        (_size_pt(text, number), number)
        for number in range(text.count_chars())
        if not pypdfium2.raw.FPDFText_IsGenerated(text, number)
        and not chr(pypdfium2.raw.FPDFText_GetUnicode(text, number)).isspace()
    ]
    if not boxes or not sizes:
        return None
    left, bottom, right, top = zip(*boxes, strict=True)
    size, number = min(sizes)
    around = text.get_text_range(max(0, number - 8), 16).split()
    return TextBlock((min(left), min(bottom), max(right), max(top)), size, " ".join(around))


def _size_pt(text: pypdfium2.PdfTextPage, number: int) -> float:
    """The type size of a character as it is seen: matrices may scale the size of the font."""
    matrix = pypdfium2.raw.FS_MATRIX()
    pypdfium2.raw.FPDFText_GetMatrix(text, number, matrix)
    size: float = pypdfium2.raw.FPDFText_GetFontSize(text, number)
    return round(size * math.hypot(matrix.c, matrix.d), 2)


def _text(page: pypdfium2.PdfPage) -> str:
    text: str = page.get_textpage().get_text_range()
    return text


def _folio(page: pypdfium2.PdfPage, margin_pt: float) -> str:
    width, height = page.get_size()
    text = page.get_textpage()
    strips = (
        text.get_text_bounded(0, height - margin_pt, width, height),
        text.get_text_bounded(0, 0, width, margin_pt),
    )
    words = [word for strip in strips for word in _edges(strip)]
    return next((word for word in words if _FOLIO.fullmatch(word)), "")


def _edges(strip: str) -> Iterator[str]:
    """The first and the last word of every line."""
    for line in strip.splitlines():
        words = line.split()
        if words:
            yield words[0]
            yield words[-1]
