"""Survey -> the book's score: how many of its listings are executed, and why the others are not.

It counts what the manuscript says of its blocks; `bookpress verify` proves that it is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bookpress.model import Format

if TYPE_CHECKING:
    from bookpress.crossref import Target, Targets
    from bookpress.model import Book, Executables
    from bookpress.survey import ChapterFacts, Listing, Survey

EXECUTED, RECORDED, SHOWN = "executed", "recorded", "shown"


@dataclass(frozen=True, slots=True)
class Unexecuted:
    """A block that is not run when the book is checked, and why."""

    target: Target
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """How many blocks that readers see are executed, recorded elsewhere, and only shown."""

    executed: int
    recorded: int
    shown: int
    others: tuple[Unexecuted, ...]

    @property
    def blocks(self) -> int:
        """How many there are."""
        return self.executed + self.recorded + self.shown


def kind(block: Listing) -> str:
    """What is done with a block: executed, recorded or shown."""
    if SHOWN in block.attributes:
        return SHOWN
    return RECORDED if RECORDED in block.attributes else EXECUTED


def visible(facts: ChapterFacts) -> tuple[Listing, ...]:
    """The blocks of a chapter that readers see."""
    return tuple(block for block in facts.listings if "hidden" not in block.classes)


def count(book: Book, survey: Survey, targets: Targets) -> Score:
    """Count the blocks of the written chapters that readers see."""
    kinds: list[str] = []
    others = []
    for chapter in book.written():
        for block in visible(survey.chapters[chapter.path]):
            kinds.append(kind(block))
            target = targets.own(chapter.path, block.identifier)
            if kinds[-1] != EXECUTED and target:
                reason = block.attributes[kinds[-1]]
                others.append(Unexecuted(target, kinds[-1], reason))
    return Score(kinds.count(EXECUTED), kinds.count(RECORDED), kinds.count(SHOWN), tuple(others))


def write(score: Score, executables: Executables, target: Format, extension: str) -> str:
    """Write the score as HTML for one format: the numbers, the tools, and the others."""
    if not score.blocks or not executables.tools:
        return ""
    numbers = (
        f"<p><strong>{score.blocks} listings and sessions</strong>: {score.executed} executed, "
        f"{score.recorded} recorded, {score.shown} shown. "
        f"They were run with {escape(versions(executables))}.</p>"
    )
    items = "".join(
        f"<li>{_place(other.target, target, extension)}, {other.kind}: "
        f"{escape(other.reason, quote=False)}</li>"
        for other in score.others
    )
    return numbers + (f"<ul>{items}</ul>" if items else "")


def versions(executables: Executables) -> str:
    """Name the tools that blocks are run with: "uv 0.13.9 and Python 3.11, 3.12, 3.13"."""
    tools = ", ".join(tool.replace("==", " ") for tool in executables.tools)
    pythons = ", ".join(executables.interpreters)
    return f"{tools} and Python {pythons}" if pythons else tools


def _place(block: Target, target: Format, extension: str) -> str:
    address = escape(f"{block.slug}.{extension}#{block.anchor}")
    link = f'<a class="xref" href="{address}">{block.label}</a>'
    if target is Format.PRINT:
        link += f' on page <a data-page="{address}" href="{address}">0</a>'
    return link
