"""The command `diff`: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress.terminal import CLEAN, stages, teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.review.changes.editions import Made, Summary

__all__ = ["diff"]
_FORMS = ("html", "pdf", "pages")


@click.command()
@click.option("--since", required=True, metavar="REV", help="A commit, tag or branch.")
@click.option("--chapter", default="", metavar="SLUG", help="Show one chapter only.")
@click.option(
    "-f",
    "--format",
    "forms",
    type=click.Choice(_FORMS),
    multiple=True,
    help="Make this only; may be given several times.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build"),
    show_default=True,
    help="The folder to put it into.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
@click.pass_obj
def diff(  # noqa: PLR0913  (one argument for each option)
    base: PurePosixPath | None,
    *,
    since: str,
    chapter: str,
    forms: tuple[str, ...],
    out: Path,
    quiet: bool,
) -> int:
    """Show what has changed in the book since REV.

    Compares the manuscript as it lies there, saved but perhaps not committed, with a commit: the
    words that readers see, and never the Markdown. White space and the filling of lines change
    nothing.

    \b
      html    NAME-changes.html: the chapters with bars in the margin, struck and added words
              and a list of every change; one file that can be sent
      pdf     NAME-changes.pdf: the same, set like the book
      pages   NAME-changed-pages.md: the pages of today's print edition that have changed, and
              where their text stood before; NAME-changed-pages.pdf: only these pages, with bars

    \b
    Examples:
      bookpress diff --since v2026.11.0            what is new in this printing
      bookpress diff --since HEAD~5 -f html        what I did today
      bookpress diff --since draft.1 --chapter testing-with-pytest
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)
    from bookpress import commit, outputs  # noqa: PLC0415  (--help must be quick)
    from bookpress.review.changes import editions  # noqa: PLC0415

    tell = teller(quiet=quiet)
    root = Path.cwd()
    made = editions.make(
        root,
        since,
        [editions.Form(form) for form in forms or _FORMS],
        modified=commit.last_changed(root),
        chapter=chapter,
        progress=stages(tell),
    )
    outputs.publish(out, made.artifacts)
    for name in made.absent:
        (out / name).unlink(missing_ok=True)
    for line in _lines(made):
        tell(line)
    for name in made.artifacts:
        tell(f"{(base or PurePosixPath()) / out / name}")
    return CLEAN


def _lines(made: Made) -> Iterator[str]:
    touched = [chapter for chapter in made.chapters if chapter.changes or chapter.notes]
    for chapter in touched:
        yield _line(chapter)
    for what, was, now in made.facts:
        yield f"book.yml: {what}: {was or 'nothing'} -> {now or 'nothing'}"
    if not touched and not made.facts:
        yield "nothing has changed that a reader would see"


def _line(chapter: Summary) -> str:
    plural = "change" if chapter.changes == 1 else "changes"
    words = f"{chapter.changes} {plural}, +{chapter.added} -{chapter.removed} words"
    return "; ".join((f"{chapter.title}: {words}", *chapter.notes))
