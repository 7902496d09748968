"""Entries of the store -> the JSON in which a draft's script gets them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bookpress.review import w3c

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bookpress.review.model import Entry


def write(entries: Iterable[Entry], sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Write entries in the order of their arrival.

    sources: the manuscript file of each chapter, by slug.
    """
    return [
        {
            "number": entry.number,
            "annotation": w3c.write(entry.comment, sources),
            "decisions": [w3c.write_decision(decision) for decision in entry.decisions],
            "place": asdict(entry.place) if entry.place else None,
            "last": asdict(entry.last) if entry.last else None,
        }
        for entry in entries
    ]
