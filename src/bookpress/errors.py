"""Why the press cannot go on; everything an author can mend is a finding instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bookpress.findings import Position


class BookpressError(Exception):
    """The press stops: what is wrong, where (if it has a place) and what to type.

    The command line prints it without a traceback and exits with 2.
    """

    def __init__(self, problem: str, *, where: Position | None = None, hint: str = "") -> None:
        self.problem = problem
        self.where = where
        self.hint = hint
        super().__init__(problem)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.problem}{remedy}"


class OutlineError(BookpressError):
    """The outline, book.yml, cannot be understood: one message per mistake found in it."""

    def __init__(self, mistakes: tuple[BookpressError, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


class ToolError(BookpressError):
    """A program or library the press rests on is missing or failed."""
