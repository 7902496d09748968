from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OUTLINE = """\
title: A Tiny Book
authors: [{{name: Nobody}}]
language: en-GB
trim: {{width: 7in, height: 9.25in}}
parts:
  - title: The Part
    chapters:
{chapters}
listings: {{date: 2026-03-02{more}}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a book of chapters, given as the text below their headings; return its folder."""

    def write_book(*texts: str, more: str = "", allow: str = "") -> Path:
        root = tmp_path / "book"
        root.mkdir(exist_ok=True)
        entries = ""
        for number, text in enumerate(texts, 1):
            name = f"chapter-{number}"
            (root / f"{name}.md").write_text(f"# {name.title()}\n\n{text}", "utf-8")
            entries += f'      - {{file: {name}.md, title: "{name.title()}"}}\n'
        outline = OUTLINE.format(chapters=entries.rstrip(), more=more)
        (root / "book.yml").write_text(outline + allow, "utf-8")
        return root

    return write_book
