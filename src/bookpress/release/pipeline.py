"""The commands that only workflows call: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from bookpress.errors import BookpressError

CLEAN = 0


@click.group()
def ci() -> None:
    """Do what a workflow on GitHub asks for; people need none of this.

    \b
      bookpress ci summary --out comment.md    budgets and findings of the last build
      bookpress ci comment 12 comment.md       one comment on a pull request, kept up to date
      bookpress ci issue links.json            one issue on broken links, kept up to date
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)


@ci.command("summary")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write it to this file."
)
def _summary(*, out: Path | None) -> int:
    """Write parts, chapters, budgets and findings of the last build as Markdown.

    It goes to the file that GITHUB_STEP_SUMMARY names, or to the terminal.
    """
    from bookpress.release import hub, overview  # noqa: PLC0415  (--help must be quick)

    text = hub.summary(overview.write(Path.cwd(), "build"))
    if out:
        out.write_text(text, "utf-8")
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page:
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        click.echo(text, nl=False)
    return CLEAN


@ci.command("comment")
@click.argument("pull_request", metavar="NUMBER")
@click.argument("body", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--link", "links", nargs=2, multiple=True, metavar="WORDS URL", help="Add a link.")
def _comment(*, pull_request: str, body: Path, links: tuple[tuple[str, str], ...]) -> int:
    """Keep one comment on pull request NUMBER up to date with the text in BODY."""
    from bookpress.release import hub  # noqa: PLC0415

    if not pull_request.isdecimal():
        raise BookpressError(f"{pull_request!a} is not the number of a pull request")
    given = {words: url for words, url in links if url.startswith("https://")}
    hub.comment(pull_request, body.read_text("utf-8", errors="replace"), given)
    return CLEAN


@ci.command("issue")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def _issue(*, report: Path) -> int:
    """Keep one issue up to date with REPORT, which `bookpress links --report json` wrote."""
    from bookpress.release import hub  # noqa: PLC0415

    try:
        findings = json.loads(report.read_bytes())["findings"]
    except (ValueError, KeyError, TypeError):
        hint = "write it with bookpress links --report json"
        raise BookpressError(f"{report} is no report", hint=hint) from None
    click.echo(hub.issue(findings), err=True)
    return CLEAN
