"""Scripts -> what is wrong with their blocks before anything is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bookpress import allowances, highlight
from bookpress.findings import Finding, Position
from bookpress.listings import score, source
from bookpress.listings.blocks import SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bookpress.listings.source import Script, Scripts
    from bookpress.survey import Listing

MOST_LINES = 25
MOST_NOT_RUN_PERCENT = 8
_ITEM = re.compile(r"(\d{1,9})[.)] ")


def check(root: Path) -> tuple[Finding, ...]:
    """Say what is wrong with the blocks of a book's chapters, as far as it can be seen unrun.

    Nothing is found in a book that does not say of any block that it is to be run.

    Raises OutlineError when book.yml cannot be understood, ToolError when pandoc fails.
    """
    scripts = source.load(root)
    return allowances.settle(scripts.book, complaints(scripts), frozenset())


def complaints(scripts: Scripts, slugs: Sequence[str] = ()) -> Iterator[Finding]:
    """Find mistakes in chapters, allowed ones too.

    slugs: the chapters; none for all that are in the editions, and the book as a whole.
    """
    if not scripts.executable():
        return
    chosen = scripts.chosen(slugs)
    for script in chosen:
        yield from script.findings
        lines = script.text.split("\n")
        for listing in script.listings:
            if "hidden" not in listing.classes:
                yield from _size(listing)
                yield from _callouts(listing, lines)
                yield from _name(listing)
    if not slugs:
        yield from _share(scripts, chosen)


def _size(listing: Listing) -> Iterator[Finding]:
    lines = highlight.callouts(listing.text)[0].split("\n")
    if len(lines) > MOST_LINES:
        message = f"this block has {len(lines)} lines; at most {MOST_LINES} fit a page well"
        yield Finding(listing.where, "X006", message, "show an excerpt, or leave lines out: [...]")


def _callouts(listing: Listing, lines: Sequence[str]) -> Iterator[Finding]:
    """Compare the numbers in a listing with the list right below it."""
    marks = highlight.callouts(listing.text)[1]
    numbers = [(number, index) for index, found in marks.items() for number in found]
    if not numbers:
        return
    end = source.closing_fence(lines, listing.where.line)
    items = len(list(source.callout_list(lines, end)))
    for number, index in numbers:
        if not 1 <= number <= items:
            where = Position(listing.where.path, listing.first_line + index)
            message = f"callout ({number}) has no item; the list below has {items}"
            yield Finding(where, "X008", message, "explain it in a numbered list right below")
    for number in sorted(set(range(1, items + 1)) - {number for number, _ in numbers}):
        message = f"item {number} of the list below explains no callout"
        yield Finding(listing.where, "X008", message, f"put `# ({number})` at the end of its line")


def _name(listing: Listing) -> Iterator[Finding]:
    identifier, caption = listing.identifier, listing.attributes.get("caption", "")
    prefix = "ses-" if listing.language == SESSION else "lst-"
    if identifier and not identifier.startswith(prefix):
        message = f'the identifier "{identifier}" gives this block no number'
        yield Finding(listing.where, "X011", message, f"let it begin with {prefix}")
    elif caption and not identifier:
        hint = f"add #{prefix}...; without one nothing can refer to it"
        yield Finding(listing.where, "X011", "this block has a caption and no identifier", hint)
    elif identifier and not caption:
        hint = 'add caption="..."'
        yield Finding(listing.where, "X011", "this block has a number and no caption", hint)


def _share(scripts: Scripts, chosen: Sequence[Script]) -> Iterator[Finding]:
    """Compare the blocks that are not run with all of them; one is always admitted."""
    total = score.total(score.count(script) for script in chosen)
    idle = total.recorded + total.shown
    allowed = max(1, total.blocks() * MOST_NOT_RUN_PERCENT // 100)
    if idle > allowed:
        message = (
            f"{idle} of {total.blocks()} listings and sessions are not run;"
            f" at most {MOST_NOT_RUN_PERCENT} % may be, which is {allowed}"
        )
        yield Finding(scripts.book.where, "X009", message, "run more of them, or show fewer")
