"""A validator's report -> complaints and one figure, in the same form for all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """What a validator says against a file.

    path:         below the judged file or folder, with forward slashes; empty for all of it.
    line, column: count from 1; 1 where the validator gives none.
    """

    message: str
    path: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validator says of an edition.

    version:    the validator's, as it gives it itself.
    figure:     its own count of what it looked at and found, in a few words.
    complaints: empty when the edition passes.
    """

    version: str
    figure: str
    complaints: tuple[Complaint, ...] = ()


def plural(count: int, noun: str) -> str:
    """Write a count and its noun: "1 error", "2 errors"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
