"""The author's commands: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bookpress.errors import BookpressError
from bookpress.terminal import CLEAN, require_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bookpress.manuscript import Manuscript
    from bookpress.review.model import Entry, Status
    from bookpress.review.store import Comments

_quiet = click.option("-q", "--quiet", is_flag=True, help="Print what was asked for only.")
_numbers = click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...", type=int)
_who = click.option("--who", default="", help="Who decides; git's user.name unless told.")
_STYLES = ("text", "md", "json", "github")


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@_quiet
def take_in(*, files: tuple[Path, ...], quiet: bool) -> int:
    """Take in the comments of FILEs that reviewers have sent.

    \b
    A FILE is one of
      comments.json    what "Download my comments" in a draft has saved
      draft.pdf        annotated in Acrobat, Preview, Okular or Evince
      chapter.docx     with comments and tracked changes
      issues.json      gh issue list --label draft-comment --json \\
                         number,title,body,author,createdAt,url,labels

    Each comment is placed in today's manuscript, as far as its words are still there. What was
    taken in before stays as it is. All of the files are taken in, or none.
    """  # noqa: D301  (the backspace is click's mark for lines that are kept)
    from bookpress.review import importing, reviews  # noqa: PLC0415  (--help must be quick)

    read = _book()
    drafts = importing.Drafts(Path.cwd(), read)
    arrived = [importing.read(path, drafts) for path in files]
    with reviews.open_store(Path.cwd(), read.book) as store:
        added = importing.take(store, arrived, drafts)
        new = [entry for entry in store.all() if entry.comment.id in set(added.new)]
    for problem in (problem for one in arrived for problem in one.problems):
        click.echo(problem, err=True)
    if not quiet:
        orphans = sum(entry.orphan for entry in new)
        click.echo(f"{len(new)} new, {len(added.known)} known, {orphans} without a place", err=True)
        _show(new, read, "text")
    return CLEAN


@click.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for a decision.")
@click.option("--orphans", is_flag=True, help="Only those whose words are gone.")
@click.option("--by", "author", default="", metavar="NAME", help="Only those of a reviewer.")
@click.option("--format", "style", type=click.Choice(_STYLES), default="text", help="How.")
@click.pass_obj
def show(
    base: PurePosixPath | None, *, only_open: bool, orphans: bool, author: str, style: str
) -> int:
    """List comments: file and line, quote, words; those whose words are gone come first."""
    from bookpress.review import reviews  # noqa: PLC0415
    from bookpress.review.model import Status as State  # noqa: PLC0415

    read = _book()
    entries = reviews.current(Path.cwd(), read)

    def wanted(entry: Entry) -> bool:
        return (
            (not only_open or entry.status is State.OPEN)
            and (not orphans or entry.orphan)
            and (not author or entry.comment.author == author)
        )

    _show(entries, read, style, {e.comment.id for e in entries if wanted(e)}, base)
    return CLEAN


@click.command()
@_numbers
@click.option("--commit", default="", help="The commit that did it; the last one unless told.")
@click.option("--reason", default="", help="What was done, for the reviewer.")
@_who
def resolve(*, numbers: tuple[int, ...], commit: str, reason: str, who: str) -> int:
    """Say that what comments ask for is done."""
    from bookpress import commit as last  # noqa: PLC0415
    from bookpress.review import history  # noqa: PLC0415
    from bookpress.review.model import Status as State  # noqa: PLC0415

    done = history.full_name(Path.cwd(), commit) if commit else last.name(Path.cwd())
    if commit and not done:
        raise BookpressError(f"there is no commit {commit}", hint="git log --oneline lists them")
    return _decide(numbers, State.RESOLVED, reason, who, done)


@click.command()
@_numbers
@click.option("--reason", required=True, help="Why, for the reviewer.")
@_who
def decline(*, numbers: tuple[int, ...], reason: str, who: str) -> int:
    """Say that comments will not be followed, and why."""
    from bookpress.review.model import Status as State  # noqa: PLC0415

    return _decide(numbers, State.DECLINED, reason, who)


@click.command()
@_numbers
@click.option("--reason", default="", help="Why.")
@_who
def reopen(*, numbers: tuple[int, ...], reason: str, who: str) -> int:
    """Take a decision back: the comments are open again."""
    from bookpress.review.model import Status as State  # noqa: PLC0415

    return _decide(numbers, State.OPEN, reason, who)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@_quiet
def reanchor(*, dry_run: bool, quiet: bool) -> int:
    """Find every comment again in the manuscript as it is now, and say what has moved."""
    from bookpress.review import listing, reviews, text  # noqa: PLC0415

    read = _book()
    with reviews.open_store(Path.cwd(), read.book) as store:
        entries = store.all()
        places = reviews.placed(entries, text.of_manuscript(Path.cwd(), read))
        if not dry_run:
            store.place(places)
    counts: dict[str, int] = {}
    files = reviews.sources(read.book)
    for entry in (entry for entry in entries if entry.comment.id in places):
        place = places[entry.comment.id]
        word = listing.drifted(entry.place or entry.last, place)
        counts[word] = counts.get(word, 0) + 1
        if word != "kept" and not quiet:
            at = f"{files.get(place.chapter, '')}:{place.line}" if place else "nowhere"
            click.echo(f"[{entry.number}] {word}: {at}: {listing.said(entry, 60)}")
    click.echo(", ".join(f"{count} {word}" for word, count in sorted(counts.items())) or "none")
    return CLEAN


@click.command()
@click.option("--issues", "as_issues", is_flag=True, help="Print open ones as issues for GitHub.")
@_quiet
def export(*, as_issues: bool, quiet: bool) -> int:
    """Write comments to files that can be committed: manuscript/comments/CHAPTER.json.

    The same comments give the same bytes. With --issues nothing is written: open comments are
    printed as issues to be made, one a chapter: JSON as GitHub's API takes it.
    """
    from bookpress.review import letters, listing, reviews  # noqa: PLC0415
    from bookpress.review.model import Status as State  # noqa: PLC0415

    read = _book()
    entries = reviews.current(Path.cwd(), read)
    if as_issues:
        found = [t for t in listing.threads(entries) if t.head.status is State.OPEN]
        ordered = listing.ordered(found, read.book)
        click.echo(letters.issues(ordered, read.book, reviews.sources(read.book)), nl=False)
        return CLEAN
    for path in reviews.write_files(Path.cwd(), reviews.export(entries, read.book)):
        if not quiet:
            click.echo(str(path), err=True)
    return CLEAN


@click.command()
@click.argument("reviewer", required=False)
@click.option("--draft", default="", help="The draft, by its version or commit.")
def letter(*, reviewer: str | None, draft: str) -> int:
    """Print a letter to REVIEWER: each comment done, declined and why, or open.

    Without a name the letters of all reviewers are printed.
    """
    from bookpress.review import letters, reviews  # noqa: PLC0415

    read = _book()
    entries = reviews.current(Path.cwd(), read)
    found = {
        key: own
        for key, own in letters.reviewers(entries).items()
        if reviewer in (None, key[0]) and draft in key[1]
    }
    if not found:
        names = ", ".join(sorted({entry.comment.author for entry in entries})) or "nobody"
        hint = f"there are comments of {names}"
        raise BookpressError(f"there is no comment of {reviewer or 'anybody'}", hint=hint)
    written = [letters.letter(entries, own, read.book) for own in found.values()]
    click.echo("\n---\n\n".join(written), nl=False)
    return CLEAN


COMMANDS = (take_in, show, resolve, decline, reopen, reanchor, export, letter)


def _book() -> Manuscript:
    from bookpress import manuscript  # noqa: PLC0415

    require_book()
    return manuscript.load(Path.cwd())


def _decide(numbers: Iterable[int], status: Status, reason: str, who: str, commit: str = "") -> int:
    from bookpress import outline  # noqa: PLC0415
    from bookpress.review import clean, history, reviews  # noqa: PLC0415
    from bookpress.review.model import LONGEST_BODY, LONGEST_NAME, Decision  # noqa: PLC0415

    root = Path.cwd()
    name = clean.line(who or history.user(root), LONGEST_NAME)
    now = clean.moment(dt.datetime.now(dt.UTC).isoformat())
    decision = Decision(status, clean.block(reason, LONGEST_BODY), commit, name, now)
    with reviews.open_store(root, outline.load(root)) as store:
        for identifier in _named(store, numbers):
            store.decide(identifier, decision)
    return CLEAN


def _named(store: Comments, numbers: Iterable[int]) -> list[str]:
    """The ids of comments by their numbers; raises BookpressError when one is none."""
    known = {entry.number: entry.comment.id for entry in store.all()}
    wanted = list(numbers)
    if missing := [number for number in wanted if number not in known]:
        hint = "bookpress review list shows the numbers, in brackets"
        raise BookpressError(f"there is no comment {missing[0]}", hint=hint)
    return [known[number] for number in wanted]


def _show(
    entries: Sequence[Entry],
    read: Manuscript,
    style: str,
    wanted: set[str] | None = None,
    base: PurePosixPath | None = None,
) -> None:
    """Print threads: those with a wanted comment in them."""
    from bookpress.review import listing, reviews  # noqa: PLC0415

    found = [
        thread
        for thread in listing.threads(entries)
        if wanted is None or any(e.comment.id in wanted for e in (thread.head, *thread.replies))
    ]
    files = reviews.sources(read.book)
    ordered = listing.ordered(found, read.book)
    written = {
        "text": lambda: listing.text(ordered, files),
        "md": lambda: listing.markdown(ordered, files),
        "json": lambda: listing.as_json(ordered, files),
        "github": lambda: listing.github(ordered, files, base or PurePosixPath()),
    }[style]()
    click.echo(written, nl=False)
