"""Page numbers in the text: cells of zeros while it is laid out, figures when it is bound.

A sheet is laid out with as many zeros as the number has figures. So its pages depend on how many
figures the numbers have, not on the numbers: an edit that moves what follows by two pages leaves
other sheets as they were. While a sheet is painted, each cell becomes a comment in the content
stream; the binder writes the true figures in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

from bookpress.formats.sheets import Figure, Number, address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Module: TypeAlias = Any  # WeasyPrint has no types worth the name
Box: TypeAlias = Any
Stream: TypeAlias = Any
Document: TypeAlias = Any
Pdf: TypeAlias = Any
FIGURES = "0123456789"
_MARK = re.compile(rb"%number (\d+)$", re.MULTILINE)
_SHOWN = re.compile(r"<([0-9a-f]*)>|(-?[0-9.]+)")


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where one number was painted: items `first` to `last` of a content stream."""

    stream: Stream
    first: int
    last: int
    target: str
    cells: int
    font: str
    shown: str


class Recorder:
    """Notes which items of WeasyPrint's content streams show page numbers.

    text:       the module weasyprint.draw.text; its function draw_first_line is wrapped.
    line_break: the module weasyprint.text.line_break.
    """

    def __init__(self, text: Module, line_break: Module) -> None:
        self.line_break = line_break
        self.plain: Callable[..., Any] = text.draw_first_line
        self.found: list[_Cell] = []
        self.known: dict[str, tuple[str, str]] = {}
        text.draw_first_line = self._wrapped()

    def clear(self) -> None:
        """Forget the last sheet."""
        self.found.clear()
        self.known.clear()

    def _wrapped(self) -> Callable[..., Any]:
        @wraps(self.plain)
        def draw_first_line(stream: Stream, textbox: Box, *rest: object) -> object:
            first = len(stream.stream)
            emojis = self.plain(stream, textbox, *rest)
            if _is_number(textbox):
                font, shown = self._figures(stream, textbox, *rest)
                last, target = len(stream.stream), textbox.element.get("data-page")
                self.found.append(
                    _Cell(stream, first, last, target, len(textbox.text), font, shown)
                )
            return emojis

        return draw_first_line

    def _figures(self, stream: Stream, textbox: Box, *rest: object) -> tuple[str, str]:
        """Paint all ten figures aside, in the style of a number: font resource and text shown."""
        key = self.line_break._font_style_cache_key(textbox.style, include_size=True)  # noqa: SLF001
        if key not in self.known:
            layout = self.line_break.create_layout(FIGURES, textbox.style, None, None, 0)
            box = textbox.copy_with_text(FIGURES)
            box.pango_layout = layout
            aside = stream.clone()
            self.plain(aside, box, *rest)
            layout.deactivate()
            items = [item for item in aside.stream if isinstance(item, bytes)]
            fonts = [item.split()[0][1:].decode() for item in items if item.endswith(b" Tf")]
            shown = [item.decode() for item in items if item.endswith(b"TJ")]
            self.known[key] = (fonts[0], shown[0]) if len(shown) == 1 else ("", "")
        return self.known[key]

    def mark(self, document: Document, pdf: Pdf, slug: str) -> tuple[Number, ...]:
        """Replace the zeros painted by marks, and say what belongs in their places.

        A number that is not painted on the page itself but in a group keeps its zeros and is left
        out: the checks of the proof then find it wrong.
        """
        pages = {
            id(pdf.objects[int(pdf.objects[int(page.split()[0])]["Contents"].split()[0])]): index
            for index, page in enumerate(pdf.page_references)
        }
        fonts = {font.hash: font for font in document.fonts.values()}
        numbers: list[Number] = []
        for cell in self.found:
            if id(cell.stream) not in pages or not cell.font:
                continue
            figures = _advances(cell.shown, fonts[cell.font].widths)
            items = cell.stream.stream
            shows = [i for i in range(cell.first, cell.last) if _shows_text(items[i])]
            items[shows[0]] = b"%%number %d" % len(numbers)
            for other in shows[1:]:
                items[other] = b""
            target = address(slug, cell.target)
            numbers.append(Number(pages[id(cell.stream)], target, cell.cells, figures))
        return tuple(numbers)


def print_numbers(content: bytes, numbers: Sequence[Number], folios: Mapping[str, str]) -> bytes:
    """Write the figures of the folios in the places marked in a content stream."""

    def figures(match: re.Match[bytes]) -> bytes:
        number = numbers[int(match[1])]
        return show(number, folios.get(number.target, "0"))

    return _MARK.sub(figures, content)


def show(number: Number, folio: str) -> bytes:
    """The operator that shows a folio, at the right of its cells (ISO 32000-1, 9.4.3)."""
    figures = [number.figures[int(digit)] for digit in folio]
    slack = number.cells * number.figures[0].advance - sum(f.advance for f in figures)
    parts = [f"{-slack:g}"] if slack else []
    for figure in figures:
        parts.append(f"<{figure.glyph:04x}>")
        if figure.width != figure.advance:
            parts.append(f"{figure.width - figure.advance:g}")
    return f"[{' '.join(parts)}] TJ".encode()


def _is_number(textbox: Box) -> bool:
    element = getattr(textbox, "element", None)  # text in a drawing has none
    return (
        element is not None
        and textbox.element_tag in {"a", "span"}
        and element.get("data-page") is not None
        and not textbox.text.strip("0")
    )


def _shows_text(item: object) -> bool:
    return isinstance(item, bytes) and item.endswith(b"TJ")


def _advances(shown: str, widths: Mapping[int, int]) -> tuple[Figure, ...]:
    """Read glyphs and their advances, in thousandths of an em, from `[<0013>-4<0014>] TJ`."""
    figures: list[Figure] = []
    for glyphs, kerning in _SHOWN.findall(shown.rpartition("]")[0]):
        if kerning and figures:
            last = figures[-1]
            figures[-1] = Figure(last.glyph, last.width, last.advance - float(kerning))
        for start in range(0, len(glyphs), 4):
            glyph = int(glyphs[start : start + 4], 16)
            figures.append(Figure(glyph, widths[glyph], widths[glyph]))
    return tuple(figures)
