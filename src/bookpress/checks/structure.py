"""Survey -> findings about headings, identifiers and what else makes a chapter (S...)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bookpress.crossref import SHARED
from bookpress.findings import Finding, Position
from bookpress.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.survey import Survey

_NAME = re.compile(r"[^\W\d][\w.-]*")
_MARK = re.compile(r"ix-\d+|fn(ref)?-\d+")


def one_title(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report chapters without a title, with several, or with one that is not first."""
    for chapter in book.written():
        headings = survey.chapters[chapter.path].headings
        titles = [heading for heading in headings if heading.level == 1]
        hint = f"let the file begin with `# {chapter.title}`"
        if not titles:
            where = headings[0].where if headings else Position(chapter.path)
            yield Finding(where, "S001", "the chapter has no heading of level 1", hint)
        elif titles[0] != headings[0]:
            message = f"“{headings[0].title}” stands before the chapter's title"
            yield Finding(headings[0].where, "S001", message, hint)
        for extra in titles[1:]:
            message = f"“{extra.title}” is a second heading of level 1"
            yield Finding(extra.where, "S001", message, "use `##`, or give it a file of its own")


def levels_follow(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report headings more than one level below the one before."""
    for chapter in book.written():
        for above, below in pairwise(survey.chapters[chapter.path].headings):
            if below.level > above.level + 1:
                message = f"heading level goes from {above.level} to {below.level}"
                hint = f"use `{'#' * (above.level + 1)} {below.title}`"
                yield Finding(below.where, "S002", message, hint)


def headings_have_text(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report headings without words."""
    for chapter in book.written():
        for heading in survey.chapters[chapter.path].headings:
            if not heading.title:
                yield Finding(heading.where, "S003", "the heading is empty", "write it or drop it")


def identifiers_are_unique(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report identifiers that stand twice in a chapter, or twice in the book if they are shared."""
    shared: dict[str, Position] = {}
    for chapter in book.written():
        own: dict[str, Position] = {}
        for name, where in survey.chapters[chapter.path].anchors:
            first = own.get(name) or (shared.get(name) if name.startswith(SHARED) else None)
            if first:
                message = f"identifier “{name}” stands at {first} already"
                yield Finding(where, "S004", message, "name one of them otherwise")
            own.setdefault(name, where)
            shared.setdefault(name, where)


def identifiers_are_names(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report identifiers that XML refuses, and those that the press gives out itself."""
    for chapter in book.written():
        for name, where in survey.chapters[chapter.path].anchors:
            if not _NAME.fullmatch(name):
                message = f"identifier “{name}” is no name in XML"
                hint = "begin with a letter; go on with letters, digits, - and ."
                yield Finding(where, "S008", message, hint)
            elif _MARK.fullmatch(name):
                message = f"identifier “{name}” is one that the press gives out itself"
                yield Finding(where, "S008", message, "choose one that says what it names")


def titles_agree(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report chapters that book.yml calls otherwise than they call themselves."""
    for chapter in book.written():
        for heading in survey.chapters[chapter.path].headings:
            if heading.level == 1:
                if heading.title != chapter.title:
                    message = f"the heading is “{heading.title}”, book.yml has “{chapter.title}”"
                    yield Finding(heading.where, "S005", message, f"compare with {chapter.where}")
                break


def chapters_have_text(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report chapters that are nothing but headings."""
    for chapter in book.written():
        facts = survey.chapters[chapter.path]
        in_headings = sum(len(heading.title.split()) for heading in facts.headings)
        if facts.words <= in_headings and not facts.listings and not facts.images:
            where = Position(chapter.path)
            hint = f"set `status: planned` at {chapter.where} until it is written"
            yield Finding(where, "S007", "the chapter has no text", hint)


def no_raw_html(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report HTML in the Markdown: the editions show it as literal text."""
    for chapter in book.written():
        for where in survey.chapters[chapter.path].raw:
            hint = "use a fenced div or a span with a class; put code in backticks"
            yield Finding(where, "S009", "HTML in the manuscript is not passed on", hint)


def variables_are_known(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report names that book.yml gives no value."""
    for chapter in book.written():
        for variable in survey.chapters[chapter.path].variables:
            if variable.name not in book.variables:
                known = ", ".join(sorted(book.variables)) or "none"
                message = f"variable “{variable.name}” is unknown; known: {known}"
                hint = f"add `{variable.name}: ...` to `variables:` in book.yml"
                yield Finding(variable.where, "S010", message, hint)


def fences_hold(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report fences that pandoc takes for text, and blocks that nothing closes."""
    for chapter in book.written():
        for fault, where in survey.chapters[chapter.path].fences:
            hint = "fence the block with `~~~`, or close it with the fence that opens it"
            yield Finding(where, "S011", fault, hint)


def planned_chapters(book: Book, _survey: Survey) -> Iterator[Finding]:
    """Report what is still owed."""
    for chapter in book.chapters():
        if chapter.status is Status.PLANNED:
            yield Finding(chapter.where, "S006", f"“{chapter.title}” is planned and left out")
