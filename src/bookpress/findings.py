"""What a check reports: a complaint with its place, its code, a sentence and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a source file of the book; lines and columns count from 1.

    path is relative to the folder of book.yml and uses forward slashes.
    """

    path: PurePosixPath
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Severity(IntEnum):
    """How much a finding matters: only errors make a build fail."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One complaint. Its severity is not its own: the table in `rules` decides."""

    where: Position
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A rule's code that book.yml permits in one file, and why.

    path is a file of the book, or a folder with everything below it.
    """

    code: str
    path: PurePosixPath
    reason: str
    where: Position

    def covers(self, finding: Finding) -> bool:
        """Say whether this allowance permits the finding."""
        place = finding.where.path
        return self.code == finding.code and (place == self.path or self.path in place.parents)
