"""A build's page map and findings -> the overview that a pull request shows: budgets, findings."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from bookpress import manuscript, status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bookpress.status import Row

_MOST_SHOWN = 50
_MARKS = {"error": "error", "warning": "warning", "note": "note"}


def write(root: Path, folder: str) -> str:
    """Write the overview as Markdown.

    folder: the name of the one that holds the build.
    """
    loaded = manuscript.load(root)
    extents = status.last_extents(root / folder, loaded.book)
    rows = status.rows(loaded.book, loaded.survey, extents)
    lines = [f"## {loaded.book.metadata.title}", "", *_table(rows), ""]
    lines += _findings(_found(root / folder / "findings.json"))
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| Part, chapter | Status | Words | Castoff | Pages | Budget | |"
    yield "|---|---|--:|--:|--:|--:|---|"
    for row in rows:
        title = f"**{_plain(row.title)}**" if not row.depth else _plain(row.title)
        budget = f"{row.budget.minimum} to {row.budget.maximum}" if row.budget else ""
        numbers = ("" if n is None else f"{n:,}" for n in (row.words, row.castoff, row.pages))
        cells = (title, row.status, *numbers, budget, _verdict(row))
        yield f"| {' | '.join(cells)} |"


def _verdict(row: Row) -> str:
    if row.budget is None or row.pages is None:
        return ""
    if row.budget.admits(row.pages):
        return "kept"
    return "over" if row.pages > row.budget.maximum else "below"


def _found(path: Path) -> list[dict[str, Any]]:
    try:
        return list(json.loads(path.read_bytes())["findings"])
    except (FileNotFoundError, ValueError, KeyError):
        return []


def _findings(found: list[dict[str, Any]]) -> Iterator[str]:
    counts = Counter(_MARKS.get(f["severity"], "note") for f in found)
    said = ", ".join(f"{n} {kind}{'s' if n != 1 else ''}" for kind, n in sorted(counts.items()))
    yield f"Findings: {said or 'none'}."
    serious = [f for f in found if f["severity"] != "note"]
    if serious:
        yield ""
    for finding in serious[:_MOST_SHOWN]:
        place = f"{finding['path']}:{finding['line']}"
        yield f"- `{place}` {finding['code']}: {_plain(finding['message'])}"
    if len(serious) > _MOST_SHOWN:
        yield f"- and {len(serious) - _MOST_SHOWN} more"


def _plain(text: str) -> str:
    """Text that Markdown leaves alone: what authors write is no markup of a comment."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    return escaped.replace("@", "&#64;").replace("[", "&#91;")
