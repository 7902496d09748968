"""Mends how WeasyPrint 70.0 fills the line before an inline element."""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeAlias

Module: TypeAlias = Any  # WeasyPrint has no types worth the name
Style: TypeAlias = Any
Context: TypeAlias = Any
Line = tuple[Any, int, int | None, float, float, float]


def let_last_space_hang(inline: Module) -> None:
    """Let a text that fits but for its last space stand on the line.

    In weasyprint.text.line_break.split_first_line, Pango finds that such a text fits, as its last
    space may hang; WeasyPrint then counts that space, finds the line too long for the measure and
    falls back to the first word, or a part of it, alone on a line in mid-paragraph. It happens to
    the text before an inline element, which is the one that ends with a space.

    inline: the module weasyprint.layout.inline; its reference to that function is wrapped.
    """
    plain = inline.split_first_line

    @wraps(plain)
    def split_first_line(
        text: str, style: Style, context: Context, width: float | None, *rest: int, **more: bool
    ) -> Line:
        made: Line = plain(text, style, context, width, *rest, **more)
        layout, _, resume_at, *_ = made
        if width is None or resume_at is None or " " in layout.text.strip():
            return made
        if not text.endswith(" ") or " " not in text.strip():
            return made
        if style["white_space"] not in {"normal", "pre-line"}:
            return made
        whole: Line = plain(text, style, context, None, *rest, **more)
        bare: Line = plain(text.rstrip(" "), style, context, None, *rest, **more)
        return whole if whole[2] is None and bare[3] <= width else made

    inline.split_first_line = split_first_line
