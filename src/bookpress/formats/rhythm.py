"""Boxes of any height -> boxes that end on the baseline grid: block-step, which WeasyPrint lacks.

A style says `--block-step: start`, `center` or `end` of a block, and `--baseline` and
`--margin-head` (in pt) of the page; custom properties, since WeasyPrint 70 would warn of others.
Source: CSS Rhythmic Sizing Module Level 1, block-step-size and block-step-align.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeAlias

Box: TypeAlias = Any  # WeasyPrint has no types worth the name
Context: TypeAlias = Any
Module: TypeAlias = Any
PX_PER_PT = 4 / 3
SLACK_PX = 0.02
TOKENS = ("--baseline", "--margin-head")
"""What it asks boxes for; a style sheet has to keep these defined."""
_SHARES = {"start": 0.0, "center": 0.5, "end": 1.0}
"""How much of the space that is put in stands above the block."""


def keep_rhythm(block: Module) -> None:
    """Make WeasyPrint round blocks up to the grid, and end split frames with their content.

    block: the module weasyprint.layout.block; two functions of it are wrapped.
    """
    plain, plain_break = block.block_container_layout, block.find_earlier_page_break

    @wraps(plain)
    def block_container_layout(context: Context, *rest: Any, **named: Any) -> tuple[Any, ...]:  # noqa: ANN401
        result: tuple[Any, ...] = plain(context, *rest, **named)
        placed, resume_at, *_ = result
        if placed is not None:
            if resume_at is None:
                _step(context, placed)
            else:
                _end_with_content(placed)
        return result

    @wraps(plain_break)
    def find_earlier_page_break(*given: Any) -> tuple[list[Box], Any] | None:  # noqa: ANN401
        result: tuple[list[Box], Any] | None = plain_break(*given)
        if result and result[0]:
            _end_with_content(result[0][-1])
        return result

    block.block_container_layout = block_container_layout
    block.find_earlier_page_break = find_earlier_page_break


def _step(context: Context, box: Box) -> None:
    """Move a block's foot, margin included, to the next line of the grid.

    At the top of a page a centred block stays where it is; a heading, which is to stand close to
    its text, does not.
    """
    share = _SHARES.get(_word(box, "__block_step")) if _is_element(box) else None
    step = _px(box, "__baseline")
    if share is None or not step:
        return
    top = _px(box, "__margin_head")
    foot = box.position_y + box.margin_height()
    gap = (top - foot) % step
    if min(gap, step - gap) < SLACK_PX or foot + gap > context.page_bottom + SLACK_PX:
        return
    opens_page = box.position_y + box.margin_top <= top + SLACK_PX
    above = 0 if opens_page and share < 1 else gap * share
    box.translate(0, above)
    box.margin_bottom += gap - above


def _end_with_content(box: Box) -> None:
    """Let the frame of a split listing end below its last line.

    WeasyPrint 70 stretches the part of a split box to the foot of the page.
    """
    if box.style["box_decoration_break"] == "clone" and box.children:
        last = box.children[-1]
        box.height = last.position_y + last.margin_height() - box.content_box_y()


def _is_element(box: Box) -> bool:
    """Say whether a box is an element's own: anonymous boxes and pseudo-elements inherit."""
    own = bool(box.element_tag) and "::" not in box.element_tag
    return own and not _is_anonymous(box) and box.is_in_normal_flow()


def _is_anonymous(box: Box) -> bool:
    """Say whether a box was made to hold lines that stand beside blocks (CSS 2, 9.2.1.1).

    WeasyPrint gives it its parent's tag, and a style that specifies nothing but itself.
    """
    return box.style.specified is box.style


def _word(box: Box, name: str) -> str:
    return next((str(token.value) for token in box.style[name] if token.type == "ident"), "")


def _px(box: Box, name: str) -> float:
    """A custom property in points, as CSS pixels; 0 where it is not set."""
    sizes = (token.value for token in box.style[name] if token.type == "dimension")
    return float(next(sizes, 0)) * PX_PER_PT
