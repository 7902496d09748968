"""What all commands share: options, findings and progress on the terminal, exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress import __version__
from bookpress.errors import BookpressError
from bookpress.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bookpress.findings import Finding

CLEAN, FINDINGS = 0, 1
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
report_option = click.option(
    "--report",
    "style",
    type=click.Choice(("text", "github", "json", "sarif")),
    default="text",
    help="How to write findings.",
)


def require_book() -> None:
    """Raise BookpressError where the working folder is no book's."""
    if not Path("book.yml").is_file():
        raise BookpressError(
            "there is no book.yml in this folder",
            hint="go to the folder that holds it, name it with `bookpress -C DIR`, "
            "or start a book with `bookpress new DIR`",
        )


def say(line: str) -> None:
    """Tell people something beside the results."""
    click.echo(line, err=True)


def teller(*, quiet: bool) -> Callable[[str], None]:
    """What takes lines for people: they see them, unless they asked for quiet."""
    return (lambda _line: None) if quiet else say


def stages(tell: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """Tell of each stage of a build when it has ended."""

    def progress(stage: str, done: int, total: int) -> None:
        if done == total:
            tell(f"{stage}: {total}")

    return progress


def show(
    findings: Sequence[Finding],
    style: str,
    base: PurePosixPath | None,
    limit: Severity = Severity.ERROR,
) -> int:
    """Print findings in a style of `report`; returns the exit code.

    base:  the book's folder as seen from where the reader stands.
    limit: what is worse than this, or as bad, fails the command.
    """
    from bookpress import report  # noqa: PLC0415  (--help must be quick)

    text = report.write(
        findings,
        report.Style(style),
        base=base or PurePosixPath(),
        version=__version__,
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
    )
    click.echo(text, nl=False, color=True)
    worst = report.worst(findings)
    return FINDINGS if worst is not None and worst >= limit else CLEAN
