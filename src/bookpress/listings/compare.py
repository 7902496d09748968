"""Expected lines, printed lines -> where they differ; `[...]` stands for what is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bookpress.listings.normalise import OBJECT, is_progress, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SKIP = "[...]"
# A line in place of another costs less than one too many or too few, so that `[...]` does not
# swallow what has changed next to it.
_REPLACED, _ONE_SIDED = 10, 11
# One name in 27 of seven letters has no letter in it, and is left alone by the normalisers.
_FIGURES = re.compile(r"\b(?:[0-9]{7,12}|[0-9]{40})\b")
_LONGEST = 1500  # lines of output that are compared one by one; a page holds 25


class Kind(Enum):
    """What became of a line."""

    SAME = " "
    SKIPPED = "."
    REPLACED = "~"
    MISSING = "-"
    ADDED = "+"
    PROGRESS = "%"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a comparison: the expected and the printed line, by index from 0."""

    kind: Kind
    expected: int | None
    printed: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How expected lines lie beside printed ones."""

    expected: tuple[str, ...]
    printed: tuple[str, ...]
    steps: tuple[Step, ...]

    def first_difference(self) -> int | None:
        """The index of the first expected line that is wrong; None when nothing is."""
        at = 0
        for step in self.steps:
            if step.kind in (Kind.REPLACED, Kind.MISSING, Kind.ADDED):
                return at if step.expected is None else step.expected
            if step.expected is not None and step.kind is not Kind.SKIPPED:
                at = step.expected + 1
        return None

    def diff(self) -> Iterator[str]:
        """Write the differences with two lines around them: `-` expected, `+` printed."""
        lines = [line for step in self.steps for line in self._written(step)]
        wrong = [index for index, line in enumerate(lines) if line[0] in "-+"]
        near = {at for index in wrong for at in range(index - 2, index + 3)}
        for index, line in enumerate(lines):
            if index in near:
                yield line.rstrip()

    def merged(self) -> Iterator[str]:
        """Write the printed lines, keeping expected ones that hold, with what they leave out."""
        fresh = not self.expected
        skipping = None
        for step in self.steps:
            if step.kind is Kind.SKIPPED:
                if step.printed is not None and skipping != step.expected:
                    skipping = step.expected
                    yield SKIP
            elif step.kind is Kind.SAME or (step.kind is Kind.PROGRESS and step.printed is None):
                yield self.expected[step.expected or 0]
            elif step.printed is not None and (fresh or step.kind is not Kind.PROGRESS):
                yield self.printed[step.printed]

    def _written(self, step: Step) -> Iterator[str]:
        if step.kind is Kind.SAME:
            yield f"  {self.expected[step.expected or 0]}"
        elif step.kind is Kind.SKIPPED:
            if step.printed is None:
                yield f"  {SKIP}"
        elif step.kind is not Kind.PROGRESS:
            if step.expected is not None:
                yield f"- {self.expected[step.expected]}"
            if step.printed is not None:
                yield f"+ {self.printed[step.printed]}"


def lines(output: str) -> tuple[str, ...]:
    """Cut output into lines as a session shows them: without spaces and blank lines at the end."""
    return tuple(line.rstrip() for line in output.rstrip().split("\n")) if output.strip() else ()


def compare(expected: Sequence[str], printed: Sequence[str]) -> Comparison:
    """Lay expected lines beside printed ones with the fewest differences.

    An expected line `[...]` passes over any number of printed ones, `[...]` in a line over any
    characters. What the normalisers take away does not count, nor do lines about downloads.
    """
    wanted = _without_blank_end(expected)
    got = tuple(printed)
    if len(got) > _LONGEST and not any(line.strip() == SKIP for line in wanted):
        got = got[:_LONGEST]
    return Comparison(wanted, got, tuple(_align(wanted, got)))


def matches(pattern: str) -> Callable[[str], bool]:
    """Make a test for printed lines, which it takes as printed and as normalised."""
    plain = normalise(pattern)
    parts = normalise(pattern.replace(SKIP, "\0")).split("\0")
    raw = [re.escape(part) for part in pattern.rstrip().split(SKIP)]
    loose = re.compile(".*".join(_with_names_in_figures(re.escape(part)) for part in parts))
    exact = re.compile(".*".join(raw))

    def test(line: str) -> bool:
        met = normalise(line)
        return met == plain or bool(exact.fullmatch(line) or loose.fullmatch(met))

    return test


def _with_names_in_figures(pattern: str) -> str:
    """Take figures for the name of an object of git where the other side has such a name."""
    pattern = pattern.replace(OBJECT, rf"(?:{OBJECT}|{_FIGURES.pattern})")
    return _FIGURES.sub(rf"(?:\g<0>|{OBJECT})", pattern)


def _without_blank_end(expected: Sequence[str]) -> tuple[str, ...]:
    kept = list(expected)
    while kept and not kept[-1].strip():
        kept.pop()
    return tuple(kept)


def _align(expected: Sequence[str], printed: Sequence[str]) -> Iterator[Step]:
    """Find the cheapest way through both, from their ends, then walk it from the start."""
    rows, columns = len(expected), len(printed)
    cost = [[0] * (columns + 1) for _ in range(rows + 1)]
    added = [0 if is_progress(line) else _ONE_SIDED for line in printed]
    equal: list[list[bool]] = []
    for column in range(columns - 1, -1, -1):
        cost[rows][column] = cost[rows][column + 1] + added[column]
    for row in range(rows - 1, -1, -1):
        here, below, line = cost[row], cost[row + 1], expected[row]
        if line.strip() == SKIP:
            equal.insert(0, [])
            here[columns] = below[columns]
            for column in range(columns - 1, -1, -1):
                here[column] = min(below[column], here[column + 1])
            continue
        test, missing = matches(line), 0 if is_progress(line) else _ONE_SIDED
        same = [test(other) for other in printed]
        equal.insert(0, same)
        here[columns] = below[columns] + missing
        for column in range(columns - 1, -1, -1):
            here[column] = min(
                below[column + 1] + (0 if same[column] else _REPLACED),
                below[column] + missing,
                here[column + 1] + added[column],
            )
    yield from _walk(expected, printed, cost, equal)


def _walk(
    expected: Sequence[str],
    printed: Sequence[str],
    cost: list[list[int]],
    equal: list[list[bool]],
) -> Iterator[Step]:
    row, column, rows, columns = 0, 0, len(expected), len(printed)
    while row < rows or column < columns:
        left = cost[row][column]
        if row < rows and expected[row].strip() == SKIP:
            if column < columns and cost[row][column + 1] == left:
                yield Step(Kind.SKIPPED, row, column)
                column += 1
            else:
                yield Step(Kind.SKIPPED, row, None)
                row += 1
        elif (
            row < rows
            and column < columns
            and equal[row][column]
            and cost[row + 1][column + 1] == left
        ):
            yield Step(Kind.SAME, row, column)
            row, column = row + 1, column + 1
        elif column < columns and is_progress(printed[column]) and cost[row][column + 1] == left:
            yield Step(Kind.PROGRESS, None, column)
            column += 1
        elif row < rows and is_progress(expected[row]) and cost[row + 1][column] == left:
            yield Step(Kind.PROGRESS, row, None)
            row += 1
        elif row < rows and column < columns and cost[row + 1][column + 1] + _REPLACED == left:
            yield Step(Kind.REPLACED, row, column)
            row, column = row + 1, column + 1
        elif row < rows and cost[row + 1][column] + _ONE_SIDED == left:
            yield Step(Kind.MISSING, row, None)
            row += 1
        else:
            yield Step(Kind.ADDED, None, column)
            column += 1
