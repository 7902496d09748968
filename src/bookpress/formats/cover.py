"""Metadata -> the front cover: one sheet without text below it, set from type alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.formats.sheets import Sheet
from bookpress.model import Matter

if TYPE_CHECKING:
    from bookpress.model import Book
    from bookpress.templates import Templates

NAME = "cover.png"
WIDTH_PX = 1600  # 3.4 megapixels on a leaf of 7 by 9.25 inches: shops take up to 4
_MARGINS_PT = 88
_LARGEST_PT = 92
_WIDTH_OF_A_LETTER = 0.57  # of the size, in the display face; the widest words stay within it


def sheet(book: Book, templates: Templates) -> Sheet:
    """Compose the front cover; its style is cover.css."""
    html = templates.render("cover.html.j2", book=book, size_pt=title_size_pt(book))
    return Sheet("cover", Matter.FRONT, html, book.where, bare=True)


def title_size_pt(book: Book) -> int:
    """The largest type in which the longest word of the title fits between the margins."""
    longest = max(len(word) for word in book.metadata.short_title.split())
    room = book.trim.width_pt - _MARGINS_PT
    return int(min(_LARGEST_PT, room / (longest * _WIDTH_OF_A_LETTER)))
