"""Outline, survey and the last build's pages -> a table of how far the book is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress import score
from bookpress.checks.budgets import castoff_pages, castoff_part
from bookpress.model import Chapter, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bookpress.model import Book, PageBudget, Part
    from bookpress.survey import Survey

_HEADS = ("", "status", "words", "castoff", "pages", "budget", "executed")


@dataclass(frozen=True, slots=True)
class Row:
    """One part or chapter; a number is None where there is none yet.

    depth:   0 for a part or the whole book, 1 for a chapter.
    castoff: estimated pages; pages: those of the last build, blank versos included.
    blocks:  (executed, all) listings and sessions that readers see.
    """

    depth: int
    title: str
    status: str
    words: int | None
    castoff: int | None
    pages: int | None
    budget: PageBudget | None
    blocks: tuple[int, int] = (0, 0)


def last_extents(folder: Path, book: Book) -> Mapping[str, int]:
    """Read how long each section was in the last build; empty when there is no page map."""
    try:
        text = (folder / f"{book.slug}-pages.json").read_text("utf-8")
    except FileNotFoundError:
        return {}
    return {found["section"]: found["pages"] for found in json.loads(text)["sections"]}


def rows(book: Book, survey: Survey, extents: Mapping[str, int]) -> tuple[Row, ...]:
    """Describe front matter, parts with their chapters, back matter, and the sum of them.

    extents: pages by section, of the last build.
    """
    made: list[Row] = []
    made += (_chapter(book, s, survey, extents) for s in book.front if isinstance(s, Chapter))
    for part in book.parts:
        chapters = [_chapter(book, chapter, survey, extents) for chapter in part.chapters]
        made += (_part(book, part, survey, extents), *chapters)
    made += (_chapter(book, s, survey, extents) for s in book.back if isinstance(s, Chapter))
    return (*made, _total(made, extents))


def write(table: tuple[Row, ...]) -> str:
    """Write rows as a table of text, numbers to the right."""
    lines = [_HEADS, *map(_cells, table)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "".join(_line(line, widths) + "\n" for line in lines)


def _chapter(book: Book, chapter: Chapter, survey: Survey, extents: Mapping[str, int]) -> Row:
    title = f"{chapter.number} {chapter.title}".strip()
    if chapter.status is Status.PLANNED:
        return Row(1, title, str(chapter.status), None, None, None, chapter.budget)
    facts = survey.chapters[chapter.path]
    estimate, extent = castoff_pages(book, facts), extents.get(chapter.slug)
    kinds = [score.kind(block) for block in score.visible(facts)]
    blocks = (kinds.count(score.EXECUTED), len(kinds))
    return Row(1, title, str(chapter.status), facts.words, estimate, extent, chapter.budget, blocks)


def _part(book: Book, part: Part, survey: Survey, extents: Mapping[str, int]) -> Row:
    written = part.written()
    title = f"Part {part.number}: {part.title}" if part.number else part.title
    status = f"{len(written)} of {len(part.chapters)}"
    words = sum(survey.chapters[chapter.path].words for chapter in written)
    slugs = (part.slug, *(chapter.slug for chapter in written))
    pages = sum(extents.get(slug, 0) for slug in slugs) or None
    estimate = castoff_part(book, part, survey) if written else None
    return Row(0, title, status, words if written else None, estimate, pages, part.budget)


def _total(made: list[Row], extents: Mapping[str, int]) -> Row:
    chapters = [row for row in made if row.depth]
    written = [row for row in chapters if row.words is not None]
    status = f"{len(written)} of {len(chapters)}"
    words, estimate = (sum(_numbers(written, name)) for name in ("words", "castoff"))
    blocks = (sum(row.blocks[0] for row in written), sum(row.blocks[1] for row in written))
    pages = sum(extents.values()) or None
    return Row(0, "The book", status, words, estimate, pages, None, blocks)


def _numbers(chapters: list[Row], name: str) -> Iterator[int]:
    return (getattr(row, name) or 0 for row in chapters)


def _cells(row: Row) -> tuple[str, ...]:
    numbers = ("" if n is None else f"{n:,}" for n in (row.words, row.castoff, row.pages))
    budget = f"{row.budget.minimum} to {row.budget.maximum}" if row.budget else ""
    executed = f"{row.blocks[0]} of {row.blocks[1]}" if row.blocks[1] else ""
    return ("  " * row.depth + row.title, row.status, *numbers, budget, executed)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    texts = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
    figures = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join(texts + figures).rstrip()
