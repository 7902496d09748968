"""Metadata -> the front cover as a drawing, set from type alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.model import Metadata
    from bookpress.templates import Templates

WIDTH, HEIGHT = 1600, 2114  # pixels; the shape of a leaf of 7 by 9.25 inches
_OWN = ("images/cover.png", "images/cover.jpg", "images/cover.svg")
_MEASURE = 1320
_TALLEST = 260
# Widths in thousandths of the size, of the display face at its light weight; rounded up.
_NARROW, _WIDE, _USUAL = 300, 880, 580


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the title: its words and the distance of its baseline from the top."""

    text: str
    y: int


def picture(
    metadata: Metadata, images: Mapping[str, bytes], templates: Templates
) -> tuple[str, bytes]:
    """The cover's name in the package and its bytes: the book's own, else one set from type."""
    for name in _OWN:
        if name in images:
            return name, images[name]
    return "images/cover.svg", draw(metadata, templates).encode()


def draw(metadata: Metadata, templates: Templates) -> str:
    """Set title, subtitle, author and publisher as an SVG of WIDTH by HEIGHT."""
    words = metadata.title.split()
    size = min(_TALLEST, *(_MEASURE * 1000 // _width(word) for word in words))
    lines = tuple(_lines(_wrap(words, size, _MEASURE), 560, size))
    below = lines[-1].y + 150
    return templates.render(
        "cover.svg.j2",
        metadata=metadata,
        width=WIDTH,
        height=HEIGHT,
        size=size,
        title=lines,
        subtitle=tuple(_lines(_wrap(metadata.subtitle.split(), 68, _MEASURE), below, 68)),
        authors=tuple(p.name for p in metadata.contributors if p.role == "aut"),
    )


def _lines(texts: list[str], top: int, size: int) -> Iterator[Line]:
    for number, text in enumerate(texts):
        yield Line(text, top + number * size * 21 // 20 + (size // 8 if size < 100 else 0))  # noqa: PLR2004


def _wrap(words: list[str], size: int, measure: int) -> list[str]:
    """Fill lines with words, none wider than the measure unless it is one word."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer) * size <= measure * 1000:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str) -> int:
    return sum(_NARROW if c in " ,.:;'’ijlI|!" else _WIDE if c in "MWmw—" else _USUAL for c in text)
