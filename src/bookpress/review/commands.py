"""The commands of the wing, and what it tells those of the press."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import click

from bookpress.review import author_commands, draft_commands
from bookpress.review.changes.commands import diff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bookpress.findings import Finding

__all__ = ["blockers", "complaints", "diff", "equipment", "review"]
_PACKAGES = {
    "sqlite-utils": "review: comments",
    "rapidfuzz": "review: places of comments",
    "starlette": "review serve",
    "uvicorn": "review serve",
}


@click.group()
def review() -> None:
    """Send drafts to reviewers, take in what they say, and answer them.

    \b
    In the order of a review (docs/reviewing.md has the whole of it):
      bookpress review build                  a draft in one file, to send, and a PDF
      bookpress review serve                  or the draft on a server, with a link to share
      bookpress review import FILE...         comments of a draft, a PDF, a Word file, of issues
      bookpress review list --open            file:line, quote and words of each
      bookpress review resolve 12 13          done, in the last commit
      bookpress review decline 14 --reason    not done, and why
      bookpress review export                 comments as files that can be committed
      bookpress review letter Ana             what became of each comment, for its reviewer
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)


for _command in (*draft_commands.COMMANDS, *author_commands.COMMANDS):
    review.add_command(_command)


def complaints(root: Path) -> Iterator[Finding]:
    """Open comments, as notes for `bookpress check`."""
    from bookpress.review import notes  # noqa: PLC0415  (--help must be quick)

    return notes.complaints(root)


def blockers(root: Path) -> Iterator[Finding]:
    """Open comments that forbid a release, for `bookpress release check`."""
    from bookpress.review import notes  # noqa: PLC0415

    return notes.blockers(root)


def equipment() -> Iterator[tuple[str, str, str, str]]:
    """The packages of the extra `review`, for `bookpress doctor`."""
    for name, use in _PACKAGES.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = ""
        yield name, version, use, "python -m pip install 'bookpress[review]'"
