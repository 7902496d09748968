"""A line of text that is laid out -> the operators that paint it, without shaping it again.

WeasyPrint 70 throws a shaped line away after layout, shapes it anew for painting with an attribute
for every space that justification widens, and reads its glyphs field by field. Here the line that
layout made is kept, its glyphs are read as one block of memory, and spaces are widened where they
are shown. What is not a plain run of glyphs in an outline font (ellipses, raised marks, emoji,
spaced letters, right-to-left text) WeasyPrint paints as before. A test compares both ways.
"""

from __future__ import annotations

import struct
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Module: TypeAlias = Any  # WeasyPrint has no types worth the name
Box: TypeAlias = Any
Font: TypeAlias = Any
Layout: TypeAlias = Any
Run: TypeAlias = Any
Stream: TypeAlias = Any
Style: TypeAlias = Any
Glyphs = tuple[tuple[int, int, int, int, int], ...]

GLYPH = struct.Struct("=IiiiI")
"""PangoGlyphInfo: glyph, width, x and y offset in Pango units, attributes."""
SPACES = frozenset({" ", "\u00a0"})
FIRST_ODD_GLYPH = 0x0FFFFFFF
"""PANGO_GLYPH_EMPTY; those above it stand for characters that no font has."""
EM = 1000


def share_contexts(line_break: Module) -> None:
    """Make what Pango needs of a style once for each style, not for every piece of text.

    line_break: the module weasyprint.text.line_break; its class Layout is changed.
    """
    kind, pango, gobject = line_break.Layout, line_break.pango, line_break.gobject
    ffi, plain = line_break.ffi, kind.setup
    ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *src);")

    def setup(self: Layout, style: Style) -> None:
        pattern = style.__dict__.get("pattern")
        if pattern is None:
            first = kind.__new__(kind)
            plain(first, style)
            del first.style
            pattern = style.pattern = first.__dict__
        self.__dict__.update(pattern, style=style)
        self.layout = ffi.gc(pango.pango_layout_copy(pattern["layout"]), gobject.g_object_unref)

    kind.setup = setup


def keep_glyphs(text: Module, inline: Module, line_break: Module) -> None:
    """Make WeasyPrint keep shaped lines from layout to painting, and paint them in one go.

    text:       the module weasyprint.draw.text; its function draw_first_line is wrapped.
    inline:     the module weasyprint.layout.inline; its function add_word_spacing is wrapped.
    line_break: the module weasyprint.text.line_break; its class Layout keeps what it made.
    """
    _keep_layouts(line_break.Layout)
    _justify_kept(inline)
    painter = Painter(text)
    plain: Callable[..., Any] = text.draw_first_line

    @wraps(plain)
    def draw_first_line(stream: Stream, box: Box, overflow: str, *rest: Any) -> object:  # noqa: ANN401
        layout = box.pango_layout
        if layout.__dict__.get("kept"):
            if overflow == "clip" and painter.paint(stream, box, *rest):
                return []
            layout.kept = False
            layout.reactivate(box.style)
        return plain(stream, box, overflow, *rest)

    text.draw_first_line = draw_first_line


def _keep_layouts(kind: Layout) -> None:
    """Let what layout made live until it is painted, once, in the same style."""
    deactivate, reactivate = kind.deactivate, kind.reactivate
    kind.kept = kind.painted = False

    def keep(self: Layout) -> None:
        self.kept = not self.painted
        if self.painted:
            self.painted = False
            deactivate(self)

    def wake(self: Layout, style: Style) -> None:
        self.painted = True
        if not self.kept or self.style is not style:
            self.kept = False
            reactivate(self, style)

    kind.deactivate, kind.reactivate = keep, wake


def _justify_kept(inline: Module) -> None:
    """Widen the spaces of a kept line by taking note of it, not by laying it out again."""
    plain: Callable[..., float] = inline.add_word_spacing

    @wraps(plain)
    def add_word_spacing(context: object, box: Box, spacing: float, advance: float) -> float:
        layout = box.__dict__.get("pango_layout")
        if layout is None or not layout.kept or layout.text != box.text:
            return plain(context, box, spacing, advance)
        added: float = spacing * inline.count_expandable_spaces(box)
        layout.justification_spacing = box.justification_spacing = spacing
        box.position_x += advance
        box.width += added
        return advance + added

    inline.add_word_spacing = add_word_spacing


class Painter:
    """Paints kept lines.

    text: the module weasyprint.draw.text, which brings Pango along.
    """

    def __init__(self, text: Module) -> None:
        self.ffi, self.pango, self.units = text.ffi, text.pango, text.TO_UNITS

    def paint(self, stream: Stream, box: Box, ellipsis: object, matrix: Any) -> bool:  # noqa: ANN401
        """Append the operators of a line to a content stream; nothing and False if it is odd."""
        if ellipsis != "none" or box.style["letter_spacing"] != "normal" or not box.text.strip():
            return False
        line, _ = box.pango_layout.get_first_line()
        runs = tuple(self._runs(line))
        if not all(_is_plain(run, glyphs) for run, glyphs in runs):
            return False
        fonts = [stream.add_font(run.item.analysis.font) for run, _ in runs]
        if any(font.bitmap or font.png or font.svg or font.colr for font, _ in fonts):
            return False
        stream.set_text_matrix(*matrix.values)
        speller = _Speller(self, stream, box.pango_layout)
        for (run, glyphs), (font, size) in zip(runs, fonts, strict=True):
            speller.spell(run, glyphs, font, size)
        speller.flush()
        return True

    def _runs(self, line: Any) -> Iterator[tuple[Run, Glyphs]]:  # noqa: ANN401
        link = line.runs[0]
        while link != self.ffi.NULL:
            run, link = self.ffi.cast("PangoGlyphItem *", link.data), link.next
            block = self.ffi.buffer(run.glyphs.glyphs, run.glyphs.num_glyphs * GLYPH.size)
            yield run, tuple(GLYPH.iter_unpack(block))


def _is_plain(run: Run, glyphs: Glyphs) -> bool:
    rtl = run.item.analysis.level % 2
    return not rtl and not any(x or y or glyph >= FIRST_ODD_GLYPH for glyph, _, x, y, _ in glyphs)


class _Speller:
    """Shows runs of glyphs in a content stream (ISO 32000-1, 9.4.3: TJ).

    Advances are whole thousandths of an em; what rounding leaves over goes into the next space, so
    that a justified line ends where it should.
    """

    def __init__(self, painter: Painter, stream: Stream, layout: Layout) -> None:
        self.painter, self.stream, self.layout = painter, stream, layout
        self.widening = int(layout.justification_spacing * painter.units)
        self.font: Font = None
        self.parts: list[str] = []
        self.left_over = 0.0

    def spell(self, run: Run, glyphs: Glyphs, font: Font, size: float) -> None:
        """Show the glyphs of a run in a font of a size in CSS pixels."""
        if font is not self.font:
            self.flush()
            self.font = font
            self.stream.set_font_size(font.hash, size)
        known = font.__dict__.setdefault("spelled", {}).setdefault(size, {})
        em = EM / self.painter.units / size
        self.parts.append("<")
        for index, (glyph, width, *_) in enumerate(glyphs):
            spelled = known.get((glyph, width))
            if spelled is None:
                self._learn(run, index, glyph, font, size)
                spelled = known[glyph, width] = _spelled(glyph, font.widths[glyph] - width * em)
            text, rest = spelled
            self.left_over += rest
            if self.widening and font.to_unicode[glyph] in SPACES:
                exact = font.widths[glyph] - (width + self.widening) * em + self.left_over
                text, self.left_over = _spelled(glyph, exact)
            self.parts.append(text)
        self.parts.append(">")

    def flush(self) -> None:
        """Write what has been gathered for one font."""
        if self.parts:
            self.stream.show_text("".join(self.parts).replace("<>", ""))
            self.parts.clear()

    def _learn(self, run: Run, index: int, glyph: int, font: Font, size: float) -> None:
        """Note what a glyph stands for and how wide it is by itself, for the PDF's font."""
        if glyph not in font.to_unicode:
            text = self.layout.text.encode()[run.item.offset :][: run.item.length]
            clusters = self.painter.ffi.unpack(run.glyphs.log_clusters, run.glyphs.num_glyphs)
            end = next((c for c in clusters[index:] if c > clusters[index]), len(text))
            font.to_unicode[glyph] = text[clusters[index] : end].decode()
        if glyph not in font.widths:
            stream, pango = self.stream, self.painter.pango
            rectangles = stream.ink_rect, stream.logical_rect
            pango.pango_font_get_glyph_extents(run.item.analysis.font, glyph, *rectangles)
            width = stream.logical_rect.width / self.painter.units
            font.widths[glyph] = round(width * EM / size)


def _spelled(glyph: int, kerning: float) -> tuple[str, float]:
    """Write a glyph and what is to be taken off its width; also what rounding leaves over."""
    whole = round(kerning)
    return f"{glyph:04x}" + (f">{whole}<" if whole else ""), kerning - whole
