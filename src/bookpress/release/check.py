"""Outline, history and changelog -> what forbids the release of a tag."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import outline
from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.model import Status
from bookpress.release import changes, repository, version
from bookpress.release.version import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.release.version import Version

OUTLINE = PurePosixPath(outline.NAME)


def check(root: Path, tag: str = "") -> Iterator[Finding]:
    """Say what forbids a release; open comments are the review's to report (R007).

    tag:    the one that is to be released; "" before it is made: it is taken to be right.
    Raises  BookpressError when book.yml has no version, or the folder no commit.
    """
    book = outline.load(root)
    number = version.parse(book.metadata.version)
    repository.commit(root)
    where = _place_of_version(root)
    if tag:
        yield from _tag(root, tag, number, where)
    yield from _newer(root, number, where)
    if number.stage is not Stage.DRAFT:
        yield from _changelog(root, number)
        yield from _chapters(book, number)


def is_draft(root: Path) -> bool:
    """Say whether book.yml has the version of a draft, in which comments are welcome."""
    return version.parse(outline.load(root).metadata.version).stage is Stage.DRAFT


def _place_of_version(root: Path) -> Position:
    lines = (root / OUTLINE).read_text("utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if text.startswith("version:")), 1)
    return Position(OUTLINE, line)


def _tag(root: Path, tag: str, number: Version, where: Position) -> Iterator[Finding]:
    if tag != number.tag:
        message = f'the tag is {tag}; the version is "{number}", its tag {number.tag}'
        hint = f'write version: "{tag.removeprefix("v")}", or tag the commit {number.tag}'
        yield Finding(where, "R001", message, hint)
    annotated = repository.is_annotated(root, tag)
    remedy = f'git tag --annotate --force {tag} --message "{tag}"'
    if annotated is None:
        raise BookpressError(f"there is no tag {tag}", hint=remedy.replace(" --force", ""))
    if not annotated:
        yield Finding(where, "R002", f"the tag {tag} is a light one", remedy)
    tagged, here = repository.tagged_commit(root, tag), repository.commit(root)
    if tagged != here:
        hint = f"git checkout {tag}"
        message = f"the tag {tag} names {tagged[:12]}; checked out is {here[:12]}"
        yield Finding(where, "R001", message, hint)
    branch = repository.main_branch(root)
    if not branch:
        hint = "fetch it: a clone of a tag alone does not have it"
        yield Finding(
            where, "R003", "this clone has no main branch to look for the commit on", hint
        )
    elif not repository.contains(root, branch, tag):
        hint = "merge it first, then tag the commit that is on the branch"
        yield Finding(where, "R003", f"the commit of {tag} is not on {branch}", hint)


def _newer(root: Path, number: Version, where: Position) -> Iterator[Finding]:
    others = [v for v in version.known(repository.tags(root)) if v != number]
    if others and others[-1] > number:
        message = f"version {number} is not newer than {others[-1].tag}, which there is already"
        yield Finding(where, "R004", message, "give it a version of its own in book.yml")


def _changelog(root: Path, number: Version) -> Iterator[Finding]:
    path = root / changes.LOG
    if not path.is_file() or not changes.section(path.read_text("utf-8"), str(number)):
        hint = f"write ## [{number}] - YYYY-MM-DD, and below it what a reader gets"
        message = f"there is no section for {number}, or nothing in it"
        yield Finding(Position(PurePosixPath(changes.LOG)), "R005", message, hint)


def _chapters(book: Book, number: Version) -> Iterator[Finding]:
    needed = {Stage.RC: (Status.DRAFT, Status.FINAL), Stage.FINAL: (Status.FINAL,)}[number.stage]
    for chapter in book.chapters():
        if chapter.status not in needed:
            kind = "final release" if number.stage is Stage.FINAL else "proof"
            message = f"“{chapter.title}” is {chapter.status}; a {kind} cannot have it so"
            yield Finding(
                chapter.where, "R006", message, "finish it, or take it out of the outline"
            )
