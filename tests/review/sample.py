"""A small book to comment on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """\
title: Weirs and Gauges
authors: [{name: Ana}]
language: en-GB
version: "2026.11.0-draft.1"
trim: {width: 7in, height: 9.25in}
parts:
  - title: Water
    chapters:
      - {file: manuscript/weirs.md, title: Weirs, status: draft}
      - {file: manuscript/gauges.md, title: Gauges, status: draft}
"""
WEIRS = """\
# Weirs

A weir holds the river back so that mills have water in August.[^mill]

At noon the sluice is opened by hand, and it is
shut at night. Nobody knows *who* began this.

The keeper writes down the level every hour. He has done so for `31` years, and his
daughter will go on with it.

[^mill]: There are three mills below Upper Fen.
"""
GAUGES = """\
# Gauges

A gauge is a board with marks. Somebody must read it.

``` {.python file="read.py" caption="Reading a gauge" #lst-read}
def read(gauge):
    return gauge.level
```

The weir at Lower Fen has two gauges, and they never agree.
"""


def book(folder: Path) -> Path:
    """Make the book in a folder; returns the folder."""
    chapters = folder / "manuscript"
    chapters.mkdir(parents=True)
    (folder / "book.yml").write_text(OUTLINE, "utf-8")
    (chapters / "weirs.md").write_text(WEIRS, "utf-8")
    (chapters / "gauges.md").write_text(GAUGES, "utf-8")
    return folder.resolve()
