"""A book's folder -> its draft as files: draft.html with the comments that are known, draft.pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.review import desk, draft, paper, reviews, wire

if TYPE_CHECKING:
    from pathlib import Path

HTML, PDF = "draft.html", "draft.pdf"


def build(root: Path, *, paged: bool = True, workers: int = 0) -> dict[str, bytes]:
    """Make the files of a draft, by name.

    paged:   the PDF as well.
    workers: processes that typeset; 0 for as many as there are processors.
    Raises   BookpressError when the manuscript or the comments cannot be read.
    """
    read, press = desk.read(root)
    made = draft.make(root, read, press)
    known = wire.write(reviews.current(root, read), made.sources)
    files = {HTML: draft.write(made, known).html}
    if paged:
        files[PDF] = paper.make(root, read, made.stamp, workers)
    return files
