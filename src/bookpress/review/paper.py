"""A manuscript, read -> its draft on paper: the pages of the print edition, stamped, with locators.

Its information dictionary has `bookdraft` and `bookcommit`, by which a PDF that comes back with
comments is known; so has the line at the foot of every page.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from bookpress import commit
from bookpress.formats import attachments
from bookpress.formats.sheets import Variant
from bookpress.manuscript import silent
from bookpress.press import Press
from bookpress.review.draft import code, locate

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.formats.sheets import Sheet
    from bookpress.manuscript import Manuscript
    from bookpress.review.draft import Stamp

_STYLE = "draft-paper.css"


def make(root: Path, read: Manuscript, stamp: Stamp, workers: int = 0) -> bytes:
    """Set the draft in pages; returns a PDF.

    The locators stand in the margin and move nothing: pages break as in the print edition.
    """
    press = Press(root, read, commit.last_changed(root), silent, workers)
    codes = {chapter.path: code(chapter) for chapter in read.book.written()}

    def mark(sheet: Sheet) -> Sheet:
        line = f'<div class="draft-stamp">Draft {escape(stamp.label)}</div>'
        named = codes.get(sheet.where.path)
        html = locate(sheet.html, named, short=False) if named else sheet.html
        return replace(sheet, html=html.replace("</body>", f"{line}</body>"))

    marked = [mark(sheet) for sheet in press.sheets()]
    made = press.typeset([Variant.SCREEN], (_STYLE,), marked)
    facts = {"bookdraft": stamp.label, "bookcommit": stamp.commit}
    return attachments.inform(made[Variant.SCREEN].pdf, {k: v for k, v in facts.items() if v})
