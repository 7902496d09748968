"""Arguments -> one library call -> print -> exit code: 0 clean, 1 findings, 2 cannot build."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

import click

from bookpress import __version__, wings
from bookpress.errors import BookpressError, OutlineError
from bookpress.findings import Severity
from bookpress.terminal import CLEAN, quiet_option, report_option, require_book, say, show

# Everything else is imported where it is used: `bookpress --help` must not wait for a typesetter.

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bookpress.findings import Finding
    from bookpress.locate import Printed

CANNOT, INTERRUPTED = 2, 130
FORMATS = ("print", "screen", "epub", "web")


@click.group(cls=wings.Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C", "--directory", type=click.Path(exists=True, file_okay=False), help="Work in this folder."
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, directory: str | None) -> None:
    """Turn book.yml and Markdown into PDF, EPUB and web, and prove each of them right.

    \b
    Examples:
      bookpress new my-book        start a small book that builds at once
      bookpress check              what is wrong, by file and line, in a second
      bookpress build              every edition, in build/
      bookpress build -f print     the print PDF alone
      bookpress watch              rebuild as you write, with a preview
      bookpress check --explain L002

    \b
    Exit codes: 0 clean, 1 findings of severity error, 2 cannot build.
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)
    start = Path.cwd()
    if directory:
        os.chdir(directory)
    context.obj = PurePosixPath(os.path.relpath(Path.cwd(), start))
    context.meta[wings.ASKED] = wings


_strict = click.option("--strict", is_flag=True, help="Exit with 1 on warnings as well.")
_proven = click.option(
    "--strict",
    is_flag=True,
    help="Have the validators judge the editions; exit with 1 on warnings as well.",
)


@cli.command()
@click.option(
    "-f",
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="Make this edition only; may be repeated.",
)
@_proven
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Print a line for every step.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that typeset; 0: one a core.",
)
@click.option(
    "--attach",
    "attached",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file that the screen PDF carries along, such as the companion; may be repeated.",
)
@report_option
@click.pass_obj
def build(  # noqa: PLR0913  (one argument for each option)
    base: PurePosixPath,
    *,
    formats: tuple[str, ...],
    strict: bool,
    quiet: bool,
    verbose: bool,
    workers: int,
    attached: tuple[Path, ...],
    style: str,
) -> int:
    """Make the editions, check them, and put them in build/."""
    from bookpress import making, progress

    editions = formats or FORMATS
    if strict:
        wings.require(editions)
    with _mistakes_in(style, base):
        last, changed = making.make(
            editions,
            lambda: progress.choose(sys.stderr, quiet=quiet, verbose=verbose),
            workers=workers,
            strict=strict,
            attached=attached,
            tell=None if quiet else say,
        )
    code = show(last.findings, style, base, _limit(strict=strict))
    if not quiet:
        _print_outputs(last.names, changed, base)
        _print_summary(last.findings, paged=last.paged)
    return code


@cli.command()
@click.option("--explain", metavar="CODE", help="Say what a rule asks and why; `all` for all.")
@_strict
@quiet_option
@report_option
@click.pass_obj
def check(
    base: PurePosixPath, *, explain: str | None, strict: bool, quiet: bool, style: str
) -> int:
    """Say what is wrong with the manuscript, without typesetting it."""
    if explain:
        from bookpress import report

        click.echo(report.explanation(explain), nl=False)
        return CLEAN
    with _mistakes_in(style, base):
        from bookpress import build as pipeline

        own = pipeline.check(Path.cwd())
        findings = tuple(sorted({*own, *wings.complaints(Path.cwd())}))
    code = show(findings, style, base, _limit(strict=strict))
    if not quiet:
        _print_summary(findings)
    return code


@cli.command()
def status() -> int:
    """Show parts and chapters: status, words, pages, budgets."""
    from bookpress import manuscript as reading
    from bookpress import outputs
    from bookpress import status as overview

    require_book()
    manuscript = reading.load(Path.cwd())
    pages = overview.last_extents(Path.cwd() / outputs.FOLDER, manuscript.book)
    click.echo(overview.write(overview.rows(manuscript.book, manuscript.survey, pages)), nl=False)
    return CLEAN


@cli.command()
@click.argument("page")
def where(page: str) -> int:
    """Print the source lines on PAGE of the last build: a folio (47, xii), or p57 of the PDF."""
    from bookpress import locate

    printed = _last_build()
    number = locate.page_number(printed.pages, page)
    click.echo("\n".join(locate.where(Path.cwd(), printed.pages, number)))
    return CLEAN


@cli.command()
@click.argument("place", metavar="FILE:LINE")
def page(place: str) -> int:
    """Print the page and the folio of a line of the manuscript in the last build."""
    from bookpress import locate

    click.echo(locate.page_of(Path.cwd(), _last_build().pages, place))
    return CLEAN


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 picks a free one.")
@click.option("--no-pdf", is_flag=True, help="Rebuild the web edition only.")
@click.pass_obj
def watch(base: PurePosixPath, *, port: int, no_pdf: bool) -> int:
    """Rebuild what changes and show it on 127.0.0.1 with reload."""
    import threading

    from bookpress import making, outputs, preview, progress
    from bookpress import watch as watching

    require_book()
    formats = ("web",) if no_pdf else ("web", "screen")

    def rebuild() -> int:
        last, _ = making.make(formats, progress.Silence)
        show(last.findings, "text", base)
        return len(last.findings)

    with (
        suppress(KeyboardInterrupt),  # Ctrl-C is how watching ends
        preview.serving(Path.cwd() / outputs.FOLDER, port) as server,
    ):
        watching.watch(Path.cwd(), server, rebuild, say, threading.Event())
    return CLEAN


@cli.command()
def doctor() -> int:
    """List tools and libraries: versions, uses, and what to type."""
    from bookpress import doctor as examiner

    items = (*examiner.examine(), *map(examiner.extra, wings.equipment()))
    click.echo(examiner.write(items), nl=False)
    return CLEAN if examiner.healthy(items) else CANNOT


@cli.command()
@click.argument("directory", type=click.Path(path_type=Path))
def new(directory: Path) -> int:
    """Start a small book in DIRECTORY that builds at once."""
    from bookpress import scaffold

    scaffold.new(directory)
    click.echo(f"a book is in {directory}; now type: bookpress -C {directory} build")
    return CLEAN


@cli.command()
@click.pass_obj
def clean(base: PurePosixPath) -> int:
    """Empty build/; its README stays."""
    from bookpress import outputs

    require_book()
    count = outputs.clean(Path.cwd() / outputs.FOLDER)
    click.echo(f"removed {count} entries from {base / outputs.FOLDER}")
    return CLEAN


def main() -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; our own bugs are the only exceptions that come out of it."""
    try:
        code = cli.main(list(arguments), prog_name="bookpress", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return CANNOT
    except OutlineError as error:
        for mistake in error.mistakes:
            click.echo(str(mistake), err=True)
        click.echo(f"error: book.yml: mistakes found: {len(error.mistakes)}", err=True)
        return CANNOT
    except BookpressError as error:
        click.echo(f"error: {error}", err=True)
        return CANNOT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: the outputs of the last build are whole", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else CLEAN


def _last_build() -> Printed:
    """The page map of the last build; says so when the manuscript was edited since."""
    from bookpress import locate, outputs

    require_book()
    printed = locate.last_build(Path.cwd(), outputs.FOLDER)
    for path in printed.edited:
        click.echo(f"{path} was edited after the last build: these are its old pages", err=True)
    return printed


@contextmanager
def _mistakes_in(style: str, base: PurePosixPath) -> Iterator[None]:
    """Write the mistakes of book.yml as findings where a program reads the report."""
    from bookpress.findings import Finding

    require_book()
    try:
        yield
    except OutlineError as error:
        if style == "text":
            raise
        found = [
            Finding(mistake.where, "outline", mistake.problem, mistake.hint)
            for mistake in error.mistakes
            if mistake.where
        ]
        show(found, style, base)
        raise click.exceptions.Exit(CANNOT) from None


def _print_outputs(made: Sequence[str], changed: Sequence[str], base: PurePosixPath) -> None:
    """Name what stands at the top of build/, and say whether it differs from the last build's."""
    new = {PurePosixPath(name).parts[0] for name in changed}
    for name in sorted({PurePosixPath(name).parts[0] for name in made}):
        click.echo(f"{base / 'build' / name} ({'new' if name in new else 'unchanged'})", err=True)


def _print_summary(findings: Sequence[Finding], *, paged: bool = False) -> None:
    from bookpress import report

    if paged:
        click.echo(report.layout(findings), err=True)
    click.echo(report.summary(findings), err=True)


def _limit(*, strict: bool) -> Severity:
    """How bad a finding must be to fail a command."""
    return Severity.WARNING if strict else Severity.ERROR
