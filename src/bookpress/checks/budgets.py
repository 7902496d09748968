"""Survey and proof -> findings about the room that parts and chapters take (B...)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bookpress.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book, Chapter, Part
    from bookpress.pagination import Proof
    from bookpress.survey import ChapterFacts, Survey

# Measured on this press's own first chapters, on a type area of 392 x 532 points.
_WORDS_A_PAGE = 430
_LISTING_LINES_A_PAGE = 50
_LINES_ROUND_A_LISTING = 4
_FIGURES_A_PAGE = 2.5
_AREA_PT2 = 504 * 666


def castoff_pages(book: Book, facts: ChapterFacts) -> int:
    """Estimate a chapter's extent before it is typeset, a blank verso included."""
    shown = [block for block in facts.listings if "hidden" not in block.classes]
    lines = sum(block.text.count("\n") + 1 + _LINES_ROUND_A_LISTING for block in shown)
    in_listings = sum(len(block.text.split()) for block in shown)
    scale = book.trim.width_pt * book.trim.height_pt / _AREA_PT2
    pages = (
        (facts.words - in_listings) / _WORDS_A_PAGE
        + lines / _LISTING_LINES_A_PAGE
        + (len(facts.images) + len(facts.tables)) / _FIGURES_A_PAGE
    ) / scale
    return 2 * math.ceil(max(pages, 1) / 2)


def castoff_part(book: Book, part: Part, survey: Survey) -> int:
    """Estimate a part's extent: its opener with a blank verso, and its chapters."""
    return 2 + sum(castoff_pages(book, survey.chapters[c.path]) for c in part.written())


def castoff(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report parts whose words alone say that their budget will be missed."""
    for part in book.parts:
        if part.budget and part.complete():
            estimate = castoff_part(book, part, survey)
            slack = max(2, estimate // 10)
            if not (part.budget.minimum - slack <= estimate <= part.budget.maximum + slack):
                message = f"{_name(part)} casts off to {estimate} pages; {_budget(part)}"
                yield Finding(part.where, "B003", message)


def parts(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report complete parts that are shorter or longer than their budget."""
    for part in book.parts:
        if part.budget and part.complete():
            extent = part_extent(part, proof)
            if not part.budget.admits(extent):
                message = f"{_name(part)} is {extent} pages; {_budget(part)}"
                yield Finding(part.where, "B001", message, "cut or add text, or change `pages:`")


def chapters(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report chapters that are shorter or longer than a budget of their own."""
    for chapter in book.written():
        if chapter.budget:
            extent = proof.pages.extent(chapter.slug)
            if not chapter.budget.admits(extent):
                message = f"“{chapter.title}” is {extent} pages; {_budget(chapter)}"
                yield Finding(chapter.where, "B002", message)


def complaints(_book: Book, proof: Proof) -> Iterator[Finding]:
    """Report what the typesetter said."""
    yield from proof.complaints


def part_extent(part: Part, proof: Proof) -> int:
    """The pages of a part, from its opener to the last verso of its last chapter."""
    own = proof.pages.extent(part.slug)
    return own + sum(proof.pages.extent(chapter.slug) for chapter in part.written())


def _name(part: Part) -> str:
    return f"part {part.number} “{part.title}”" if part.number else f"“{part.title}”"


def _budget(what: Part | Chapter) -> str:
    budget = what.budget
    return f"its budget is {budget.minimum} to {budget.maximum}" if budget else ""
