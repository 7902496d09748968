"""Fenced blocks of a chapter -> what each of them does in the sandbox, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.findings import Finding, Position
from bookpress.highlight import callouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bookpress.survey import Listing

SESSION, DIFF = "console", "diff"
TIMEOUT_SECONDS = 120.0
_RECORDED = re.compile(r"(\d{4}-\d{2}-\d{2}), *\S")
_SECONDS = re.compile(r"\d{1,4}(\.\d+)?")
_FENCE = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands in the manuscript and in the sandbox.

    where:     its opening fence; first_line the line on which its text begins.
    directory: the folder below the sandbox it works in.
    """

    where: Position
    first_line: int
    identifier: str
    language: str
    hidden: bool
    directory: str

    def line(self, index: int) -> Position:
        """The source position of a line of the block's text, counted from 0."""
        return Position(self.where.path, self.first_line + index)


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file's whole new text, which is written."""

    place: Place
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a file, which must occur in it."""

    place: Place
    file: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A change to a file, which is applied."""

    place: Place
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a session and what the manuscript says it prints.

    index:  the line of the block's text, from 0, on which the command begins.
    output: the line, from 0, on which its output begins.
    """

    text: str
    index: int
    output: int
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """Commands that are run in one shell, and their outputs, which are compared.

    exit:  the exit code of the last command; those before it exit with 0.
    date:  the moment git is told, ISO 8601; "" for the next minute of the chapter.
    shell: the name of a shell that blocks share; "" for one of its own.
    moves: whether the block names its folder itself.
    """

    place: Place
    commands: tuple[Command, ...]
    exit: int
    date: str
    shell: str
    moves: bool
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A block that is not run, and why."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A block that was run once elsewhere: "2026-11-22, GitHub Actions"."""

    place: Place
    when: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A block that does not say what it is."""

    place: Place


Block = WholeFile | Excerpt | Patch | Session | Shown | Recorded | Plain

_KNOWN = {
    WholeFile: {"file", "dir", "caption"},
    Excerpt: {"file", "dir", "caption", "part"},
    Patch: {"file", "dir", "caption"},
    Session: {"dir", "caption", "exit", "date", "shell", "timeout"},
    Shown: {"shown", "file", "part", "caption", "exit"},
    Recorded: {"recorded", "file", "part", "caption", "exit"},
    Plain: {"caption"},
}  # fmt: skip
_NAMES = {
    WholeFile: "a file", Excerpt: "an excerpt", Patch: "a diff", Session: "a session",
    Shown: "a shown block", Recorded: "a recorded block", Plain: "a block that is not run",
}  # fmt: skip
MARKS = frozenset({"file", "part", "exit", "shell", "timeout", "shown", "recorded"})
"""The attributes by which a book says that its blocks are to be run."""


def read(
    listings: Sequence[Listing], lines: Sequence[str], directory: str
) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Tell a chapter's blocks apart.

    lines:     the chapter's source.
    directory: the folder below the sandbox in which blocks work unless they name another.
    Returns    the blocks in the order of the page, and what is wrong with their attributes.
    """
    blocks: list[Block] = []
    findings: list[Finding] = []
    for listing in listings:
        fence = lines[listing.where.line - 1]
        if not _FENCE.match(fence):
            findings.append(_inside(listing, lines))
        elif "{" in fence and not (listing.identifier or listing.attributes or _is_hidden(listing)):
            message = "the attributes of this block cannot be read"
            hint = "a value stands in double quotes and holds none"
            findings.append(Finding(listing.where, "X002", message, hint))
        else:
            block = _block(listing, directory)
            blocks.append(block)
            findings += _complaints(block, listing)
    return tuple(blocks), tuple(findings)


def _inside(listing: Listing, lines: Sequence[str]) -> Finding:
    """Complain of a block in a list or a quotation, whose own place the reader does not tell."""
    first, *_ = listing.text.split("\n")
    for number in range(listing.where.line, len(lines)):
        if _FENCE.match(lines[number - 1].lstrip(" >\t")) and lines[number].endswith(first):
            break
    else:
        number = listing.where.line
    message = "a block inside a list or a quotation cannot be run"
    where = Position(listing.where.path, number)
    return Finding(where, "X010", message, "let its fence begin in column 1")


def _is_hidden(listing: Listing) -> bool:
    return "hidden" in listing.classes


def runs(block: Block) -> bool:
    """Say whether the block does anything in the sandbox."""
    return isinstance(block, WholeFile | Excerpt | Patch | Session)


def _block(listing: Listing, directory: str) -> Block:
    given = listing.attributes
    place = Place(
        where=listing.where,
        first_line=listing.first_line,
        identifier=listing.identifier,
        language=listing.language,
        hidden=_is_hidden(listing),
        directory=given.get("dir", directory),
    )
    if "shown" in given:
        return Shown(place, given["shown"].strip())
    if "recorded" in given:
        return Recorded(place, given["recorded"].strip())
    if listing.language == SESSION:
        return _session(place, listing)
    return _of_file(place, listing) if given.get("file") else Plain(place)


def _of_file(place: Place, listing: Listing) -> Block:
    file = listing.attributes["file"]
    if listing.language == DIFF:
        return Patch(place, file, listing.text)
    text = callouts(listing.text)[0]
    if "part" in listing.attributes:
        return Excerpt(place, file, listing.attributes["part"], text)
    return WholeFile(place, file, f"{text}\n" if text else "")


def _session(place: Place, listing: Listing) -> Session:
    given = listing.attributes
    seconds = given.get("timeout", "")
    code = given.get("exit", "0")
    return Session(
        place=place,
        commands=tuple(_commands(callouts(listing.text)[0].split("\n"))),
        exit=int(code) if code.isdecimal() else 0,
        date=given.get("date", ""),
        shell=given.get("shell", ""),
        moves="dir" in given,
        timeout_seconds=float(seconds) if _SECONDS.fullmatch(seconds) else TIMEOUT_SECONDS,
    )


def _commands(lines: Sequence[str]) -> Iterator[Command]:
    """Cut a session into commands; lines with `> ` right below a command continue it."""
    starts = [index for index, line in enumerate(lines) if line.startswith("$ ")]
    for index, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        output = index + 1
        while output < end and (lines[output].startswith("> ") or lines[output] == ">"):
            output += 1
        text = "\n".join(line[2:] for line in lines[index:output])
        yield Command(text, index, output, tuple(lines[output:end]))


def _complaints(block: Block, listing: Listing) -> Iterator[Finding]:
    where, given, kind = listing.where, listing.attributes, type(block)
    for name in given:
        if name not in _KNOWN[kind]:
            message = f"`{name}` says nothing about {_NAMES[kind]}"
            known = ", ".join(sorted(_KNOWN[kind]))
            yield Finding(where, "X002", message, f"known here: {known}")
    for name in ("file", "dir"):
        if name in given and not _is_below(given[name]):
            message = f'`{name}="{given[name]}"` leaves the sandbox'
            yield Finding(where, "X002", message, "write a path below it, with forward slashes")
    match block:
        case Plain():
            hint = 'add file="...", or shown="the reason why it is not run"'
            yield Finding(where, "X001", "this block is neither run nor said to be shown", hint)
        case Shown(reason=""):
            hint = 'write shown="why it cannot be run"'
            yield Finding(where, "X003", "this block is shown without a reason", hint)
        case Recorded(when=when) if not _is_record(when):
            hint = 'write recorded="2026-11-22, GitHub Actions"'
            yield Finding(where, "X004", f'"{when}" does not say on which day and where', hint)
        case Excerpt(part=""):
            yield Finding(where, "X002", "`part` is empty", "name what the excerpt shows")
        case Session():
            yield from _session_complaints(block, listing)


def _session_complaints(session: Session, listing: Listing) -> Iterator[Finding]:
    where, given = listing.where, listing.attributes
    if not session.commands or session.commands[0].index:
        hint = "begin it with a line `$ command`"
        yield Finding(session.place.line(0), "X005", "this session begins without a command", hint)
    wanted = {
        "exit": (re.compile(r"\d{1,3}"), 'a number of at most 255, as in exit="1"'),
        "timeout": (_SECONDS, 'seconds, as in timeout="30"'),
        "shell": (re.compile(r"[\w-]+"), 'a name, as in shell="server"'),
    }
    for name, (pattern, form) in wanted.items():
        if name in given and not pattern.fullmatch(given[name]):
            yield Finding(where, "X002", f'`{name}="{given[name]}"` is not {form}')
    if "date" in given and not _is_moment(given["date"]):
        hint = 'write date="2026-03-02T09:00:00"'
        yield Finding(where, "X002", f'`date="{given["date"]}"` is not a date and a time', hint)


def _is_below(path: str) -> bool:
    return not path.startswith(("/", "~")) and "\\" not in path and ".." not in path.split("/")


def _is_record(text: str) -> bool:
    match = _RECORDED.match(text)
    return match is not None and _is_moment(match[1])


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
