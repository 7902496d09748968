"""Survey -> findings about what is wider than the page gives room for (T001)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bookpress import highlight
from bookpress.codeblocks import COLUMNS
from bookpress.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.survey import Survey


def listings_fit(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report lines of listings that print would have to break."""
    for chapter in book.written():
        for block in survey.chapters[chapter.path].listings:
            if "hidden" in block.classes:
                continue
            text, _ = highlight.callouts(block.text)
            for number, line in enumerate(text.split("\n"), block.first_line):
                if len(line) > COLUMNS:
                    message = f"the line has {len(line)} columns; {COLUMNS} fit the measure"
                    where = replace(block.where, line=number)
                    yield Finding(where, "T001", message, "break it, or shorten what it shows")
