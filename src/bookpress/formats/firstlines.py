"""The rest of a paragraph -> its first line, found from the widths of words that are known already.

WeasyPrint 70 asks Pango to shape about five times as much text as a line holds before it knows
where the line ends. Here words are shaped once for each style, and their widths added up; only the
line itself is shaped again. Kerning across a space is the one thing that the sum leaves out, so
where the end of the line would be a matter of less than DOUBT_PX, and in every other case that is
not plain running text or a line of a listing, WeasyPrint decides as before. Both ways find the same
lines: a test compares them over whole chapters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Module: TypeAlias = Any  # WeasyPrint has no types worth the name
Style: TypeAlias = Any
Context: TypeAlias = Any
Line = tuple[Any, int, int | None, float, float, float]

DOUBT_PX = 1.0
CHARACTERS_AN_EM = 4
"""No line holds more: narrow letters are wider than a quarter of the size."""
SOFT_HYPHEN = "\u00ad"
ODD = re.compile("[\t\n\r\f\u0085\u2028-\u202e\u2066-\u2069]|  ")


@dataclass(frozen=True, slots=True)
class _End:
    """Where a line ends: what it shows, and the characters of the text that it uses up."""

    shown: str
    used: int
    hyphen: str = ""


class _UndecidedError(Exception):
    """The sum of widths is too close to the measure to tell."""


def know_widths(inline: Module, line_break: Module) -> None:
    """Let WeasyPrint find the ends of lines from the widths of words.

    inline:     the module weasyprint.layout.inline; its reference to split_first_line is wrapped.
    line_break: the module weasyprint.text.line_break, which shapes and knows break opportunities.
    """
    plain: Callable[..., Line] = inline.split_first_line
    find = Finder(line_break)

    @wraps(plain)
    def split_first_line(
        text: str,
        style: Style,
        context: Context,
        width: float | None,
        *rest: float,
        **more: bool,
    ) -> Line:
        end = find.end(text, style, context, width)
        if end is None:
            return plain(text, style, context, width, *rest, **more)
        layout, length, _, *size = find.line(end, style, context, rest[0])
        layout.max_width = width
        return layout, length, len(text[: end.used].encode()), *size

    inline.split_first_line = split_first_line


class Finder:
    """Finds where lines end."""

    def __init__(self, line_break: Module) -> None:
        self.line_break = line_break

    def end(self, text: str, style: Style, context: Context, measure: float | None) -> _End | None:
        """Say where the first line of a text ends; None where WeasyPrint has to find out."""
        if style["white_space"] == "pre":
            shown, newline, _ = text.partition("\n")
            plain = newline and shown and "\t" not in shown
            return _End(shown, len(shown) + 1) if plain else None
        if measure is None or style["white_space"] != "normal" or not _is_simple(style):
            return None
        if SOFT_HYPHEN in text:
            return None
        text = text[: int(measure / style["font_size"] * CHARACTERS_AN_EM)]
        if ODD.search(text):
            return None
        try:
            return self._last_fitting(text, _Ruler(self.line_break, style, measure), context)
        except _UndecidedError:
            return None

    def _last_fitting(self, text: str, ruler: _Ruler, context: Context) -> _End | None:
        """Add word after word until one does not fit; None where all do, or none does."""
        attributes = self.line_break.get_log_attrs(text, ruler.style["lang"])
        start, before, fitting = 0, 0.0, 0
        for place in range(1, len(text)):
            if not attributes[place].is_line_break:
                continue
            word = text[start:place]
            if not ruler.admits(before + ruler.width(word.rstrip(" "))):
                if not text[:fitting].strip(" "):
                    return None
                stem = text[start:fitting]
                part = self._part(text[fitting:place], stem, before, ruler, context)
                shown = text[:fitting] + part if part else text[:fitting].rstrip(" ")
                hyphen: str = ruler.style["hyphenate_character"] if part else ""
                return _End(shown, fitting + len(part), hyphen)
            fitting = place
            if word.endswith(" "):
                before += ruler.width(word[:-1]) + ruler.width(" ")
                start = place
        return None

    def _part(self, rest: str, stem: str, before: float, ruler: _Ruler, context: Context) -> str:
        """Take as much of the next word as still fits with a hyphen; nothing if none does.

        rest: from the last break opportunity that fits to the first that does not.
        stem: what belongs to the same word and stands before rest.
        """
        style = ruler.style
        for start, word in self._words(rest, style):
            for part, _ in _dictionary(style, self.line_break, context).iterate(word):
                end: str = rest[:start] + part
                shown = f"{stem}{end}{style['hyphenate_character']}"
                if ruler.admits(before + ruler.width(shown)):
                    return end
        return ""

    def _words(self, rest: str, style: Style) -> Iterator[tuple[int, str]]:
        """Yield the first word that is long enough to be divided, and its place."""
        if style["hyphens"] != "auto" or not style["lang"]:
            return
        if style["hyphenate_limit_zone"].value or len(rest) == 1:
            raise _UndecidedError
        least, _, _ = style["hyphenate_limit_chars"]
        text, place = rest[:-1], 0
        while text and (found := self.line_break.get_next_word_boundaries(text, style["lang"])):
            start, stop = found
            if stop - start >= least:
                yield place + start, text[start:stop]
                return
            text, place = text[stop:], place + stop

    def line(self, end: _End, style: Style, context: Context, spacing: float) -> Line:
        """Shape a line as WeasyPrint's own function does: all that function returns but one.

        The third value, where the next line begins, is None.
        """
        make, read = self.line_break.create_layout, self.line_break.first_line_metrics
        layout = make(end.shown + end.hyphen, style, context, None, spacing)
        first_line, _ = layout.get_first_line()
        more = {"hyphenated": bool(end.hyphen), "hyphenation_character": end.hyphen}
        made: Line = read(first_line, "", layout, None, False, style, **more)  # noqa: FBT003
        return made


class _Ruler:
    """Measures words in one style."""

    def __init__(self, line_break: Module, style: Style, measure: float) -> None:
        self.line_break, self.style, self.measure = line_break, style, measure
        self.widths = _widths(line_break, style)

    def width(self, word: str) -> float:
        """The width of a word by itself, in CSS pixels."""
        width = self.widths.get(word)
        if width is None:
            layout = self.line_break.create_layout(word, self.style, None, None, 0)
            line, _ = layout.get_first_line()
            width, _ = self.line_break.line_size(line, self.style)
            self.widths[word] = width
        return width

    def admits(self, width: float) -> bool:
        """Say whether so much fits into the measure; raises _UndecidedError in case of doubt."""
        if abs(width - self.measure) < DOUBT_PX:
            raise _UndecidedError
        return width < self.measure


def _widths(line_break: Module, style: Style) -> dict[str, float]:
    """The widths known in a style; kept with the style, and for all styles that look the same."""
    widths: dict[str, float] | None = style.__dict__.get("word_widths")
    if widths is None:
        key = line_break._font_style_cache_key(style, include_size=True)  # noqa: SLF001
        all_widths = style.font_config.__dict__.setdefault("word_widths", {})
        widths = all_widths.setdefault((key, style["font_kerning"]), {})
        style.word_widths = widths
    return widths


def _is_simple(style: Style) -> bool:
    return bool(
        style["letter_spacing"] == "normal"
        and not style["word_spacing"]
        and style["word_break"] == "normal"
        and style["direction"] == "ltr"
        and style["font_size"]
    )


def _dictionary(style: Style, line_break: Module, context: Context) -> Any:  # noqa: ANN401
    """The hyphenation dictionary of a style, as WeasyPrint keeps them."""
    least, left, right = style["hyphenate_limit_chars"]
    lang = line_break.pyphen.language_fallback(style["lang"])
    if not (known := context.dictionaries.get((lang, left, right, least))):
        raise _UndecidedError
    return known
