"""Entries of the store -> the JSON in which a draft's script gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bookpress.review import w3c

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bookpress.review.model import Entry, Place

_PLACE = ("chapter", "line", "line_end", "start", "end", "score")


def write(entries: Iterable[Entry], sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Write entries in the order of their arrival.

    sources: the manuscript file of each chapter, by slug.
    """
    return [
        {
            "number": entry.number,
            "annotation": w3c.write(entry.comment, sources),
            "decisions": [w3c.write_decision(decision) for decision in entry.decisions],
            "place": _place(entry.place),
            "last": _place(entry.last),
        }
        for entry in entries
    ]


def _place(place: Place | None) -> dict[str, Any] | None:
    return {name: getattr(place, name) for name in _PLACE} if place else None
