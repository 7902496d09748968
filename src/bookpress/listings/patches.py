"""A file's text and a unified diff -> the new text, or the first line that does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEAD = re.compile(r"diff |index |--- |\+\+\+ |new file|old mode|new mode|similarity|rename ")
_HUNK = re.compile(r"@@ -(\d+)")


class StaleError(Exception):
    """The diff does not fit: the line of the diff, from 0, and why."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class _Hunk:
    line: int  # of the diff, from 0
    start: int  # where the old lines should be, from 0; -1 when the diff does not say
    body: tuple[str, ...]

    def old(self) -> list[str]:
        return [line[1:] for line in self.body if line[0] in " -"]

    def new(self) -> list[str]:
        return [line[1:] for line in self.body if line[0] in " +"]


def apply(text: str, diff: str) -> str:
    """Apply a diff, every hunk of which occurs in the file exactly once or where it says.

    Raises StaleError when a hunk's old lines are not in the file, or in several places.
    """
    lines = text.split("\n")
    done = moved = 0
    for hunk in _hunks(diff.split("\n")):
        old, new = hunk.old(), hunk.new()
        at = _find(lines, hunk, done, moved)
        lines[at : at + len(old)] = new
        done = at + len(new)
        moved += len(new) - len(old)
    return "\n".join(lines)


def _hunks(lines: Sequence[str]) -> Iterator[_Hunk]:
    start, line, body, headed = -1, 0, list[str](), True
    for index, text in enumerate([*lines, "@@"]):
        if match := text.startswith("@@"):
            while body and body[-1] == " ":
                body.pop()
            if body:
                yield _Hunk(line, start, tuple(body))
            number = _HUNK.match(text) if match else None
            start, line, body, headed = int(number[1]) - 1 if number else -1, index + 1, [], False
        elif headed and _HEAD.match(text):
            line = index + 1
        elif text.startswith("\\"):
            continue
        elif not text or text[0] in " +-":
            body.append(text or " ")
        else:
            raise StaleError(index, "a line of a diff begins with a space, `+` or `-`")


def _find(lines: Sequence[str], hunk: _Hunk, done: int, moved: int) -> int:
    """Where the hunk's old lines are.

    done:  the first line behind what earlier hunks have changed.
    moved: how many lines they have added.
    """
    old, told = hunk.old(), hunk.start + moved
    if not old:
        return told + 1  # `@@ -5,0`: behind the fifth line
    ends = range(done, len(lines) - len(old) + 1)
    places = [at for at in ends if lines[at : at + len(old)] == old]
    if len(places) == 1 or told in places:
        return told if told in places else places[0]
    if places:
        problem = f"its old lines are in {len(places)} places of the file"
        raise StaleError(hunk.line, problem)
    raise StaleError(_first_stranger(lines, hunk), "its old lines are not in the file")


def _first_stranger(lines: Sequence[str], hunk: _Hunk) -> int:
    """The first old line of the hunk that the file does not hold; else the hunk's first line."""
    for index, line in enumerate(hunk.body):
        if line[0] in " -" and line[1:] not in lines:
            return hunk.line + index
    return hunk.line
