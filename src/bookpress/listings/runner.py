"""A chapter's blocks, in the order of the page -> what each of them did in the sandbox."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NoReturn

from bookpress.listings import patches
from bookpress.listings.blocks import Command, Excerpt, Patch, Session, WholeFile
from bookpress.listings.shell import OUTPUT_LIMIT, Fault, Shell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bookpress.listings.blocks import Block
    from bookpress.listings.sandbox import Sandbox

_FIRST_HOUR = 9


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a chapter went no further.

    block: its index; line: the line of its text, from 0, or -1 for the fence.
    """

    block: int
    line: int
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a chapter's blocks did.

    outputs: what each command of a session printed, by the index of the block.
    looked:  the text of the file that an excerpt is from, by the index of the block.
    wrote:   the blocks that wrote or changed a file, by its path below the sandbox; last one wins.
    invalid: what validators say of the files it wrote: path, code of the rule, message.
    failure: None when the chapter ran to its end.
    """

    outputs: dict[int, list[str]]
    looked: dict[int, str]
    wrote: dict[str, int]
    invalid: tuple[tuple[str, str, str], ...] = ()
    failure: Failure | None = None

    def encode(self) -> bytes:
        """Write a whole run as JSON."""
        names = ("outputs", "looked", "wrote", "invalid")
        kept = {name: getattr(self, name) for name in names}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()


def decode(data: bytes) -> Outcome:
    """Read what `Outcome.encode` wrote."""
    kept = json.loads(data)
    return Outcome(
        outputs={int(index): list(texts) for index, texts in kept["outputs"].items()},
        looked={int(index): text for index, text in kept["looked"].items()},
        wrote=dict(kept["wrote"]),
        invalid=tuple((path, code, message) for path, code, message in kept["invalid"]),
    )


class _StoppedError(Exception):
    """A block failed; carries the failure."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.message)


def run(sandbox: Sandbox, blocks: Iterable[Block], date: str) -> Outcome:
    """Run a chapter in a sandbox that holds what the chapter before has left.

    date: the chapter's day; git is told nine o'clock, and a minute later at every session.
    """
    outcome = Outcome({}, {}, {})
    with ExitStack() as shells:
        run_ = _Run(sandbox, outcome, shells, _morning(date))
        try:
            for index, block in enumerate(blocks):
                run_.block(index, block)
        except _StoppedError as stopped:
            return replace(outcome, failure=stopped.failure)
    return outcome


def _morning(date: str) -> dt.datetime:
    return dt.datetime.fromisoformat(date).replace(hour=_FIRST_HOUR, tzinfo=dt.UTC)


class _Run:
    """The state of a chapter while it runs: its shells, and the time of day."""

    def __init__(
        self, sandbox: Sandbox, outcome: Outcome, shells: ExitStack, moment: dt.datetime
    ) -> None:
        self._sandbox = sandbox
        self._outcome = outcome
        self._stack = shells
        self._named: dict[str, Shell] = {}
        self._moment = moment
        self._index = 0

    def block(self, index: int, block: Block) -> None:
        """Do what the block says; blocks that are only shown do nothing."""
        self._index = index
        match block:
            case WholeFile():
                self._write(self._path(block), block.text)
            case Excerpt():
                self._outcome.looked[index] = self._read(self._path(block), "no excerpt of it")
            case Patch():
                self._patch(block)
            case Session():
                self._session(block)

    def _path(self, block: WholeFile | Excerpt | Patch) -> Path:
        return self._sandbox.work / block.place.directory / block.file

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            self._stop(-1, "X021", f"cannot write the file: {error.strerror}")
        self._outcome.wrote[self._name(path)] = self._index

    def _read(self, path: Path, consequence: str) -> str:
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            message = f"{self._name(path)} does not exist here, so {consequence}"
            self._stop(-1, "X024", message, "write it in a block above, or mend `file` or `dir`")

    def _name(self, path: Path) -> str:
        return str(PurePosixPath(path.relative_to(self._sandbox.work)))

    def _patch(self, block: Patch) -> None:
        path = self._path(block)
        new = "@@ -0,0" in block.text
        text = "" if new and not path.exists() else self._read(path, "it cannot be changed")
        try:
            changed = patches.apply(text, block.text)
        except patches.StaleError as stale:
            hint = "compare it with the file as the blocks above leave it"
            message = f"the diff does not fit {self._name(path)}: {stale.problem}"
            self._stop(stale.line, "X025", message, hint)
        self._write(path, changed)

    def _session(self, block: Session) -> None:
        shell = self._shell(block)
        outputs = self._outcome.outputs.setdefault(self._index, [])
        for number, command in enumerate(block.commands, 1):
            done = shell.run(command.text, seconds=block.timeout_seconds)
            output = self._sandbox.without_paths(done.output)
            outputs.append(output)
            if done.fault:
                self._ended(block, command, done.fault, output)
            expected = block.exit if number == len(block.commands) else 0
            if done.exit != expected:
                message = f"`{_short(command)}` exits with {done.exit}, not {expected}"
                hint = f'it was meant to? write exit="{done.exit}"'
                last = number == len(block.commands)
                self._stop(
                    command.index,
                    "X021",
                    message + _quoted(output),
                    hint
                    if last
                    else "only the last command of a session may exit with another code",
                )
        if not block.shell:
            shell.close()

    def _ended(self, block: Session, command: Command, fault: Fault, output: str) -> None:
        name = _short(command)
        match fault:
            case Fault.TIME:
                message = f"`{name}` was still running after {block.timeout_seconds:g} s"
                hint = 'give it more with timeout="300", or end it in the session'
                self._stop(command.index, "X022", message + _quoted(output), hint)
            case Fault.OUTPUT:
                message = f"`{name}` printed more than {OUTPUT_LIMIT >> 20} MiB"
                self._stop(command.index, "X023", message, "let it print less: pipe it into `head`")
            case _:
                message = f"`{name}` found its shell gone: a command before it ended it"
                self._stop(command.index, "X021", message, "leave out `exit` and `set -e`")

    def _shell(self, block: Session) -> Shell:
        """The shell of a session: its own, or the one it shares, at the block's date."""
        if block.date:
            told = dt.datetime.fromisoformat(block.date)
            self._moment = told if told.tzinfo else told.replace(tzinfo=dt.UTC)
        moment = self._moment.strftime("%Y-%m-%dT%H:%M:%S%z")
        self._moment += dt.timedelta(minutes=1)
        variables = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        folder = self._sandbox.work / block.place.directory
        if block.shell in self._named:
            shell = self._named[block.shell]
            words = [f"export {name}={value}" for name, value in variables.items()]
            go = [f"cd '{folder}'"] if block.moves else []
            shell.run("\n".join([*words, *go]), seconds=block.timeout_seconds)
            return shell
        if not folder.is_dir():
            message = f"the folder {block.place.directory} does not exist here"
            self._stop(-1, "X021", message, 'make it in a session with dir="."')
        shell = self._stack.enter_context(Shell(folder, self._sandbox.environment() | variables))
        if block.shell:
            self._named[block.shell] = shell
        return shell

    def _stop(self, line: int, code: str, message: str, hint: str = "") -> NoReturn:
        raise _StoppedError(Failure(self._index, line, code, message, hint))


def _short(command: Command) -> str:
    first, *rest = command.text.split("\n")
    return f"{first} ..." if rest else first


def _quoted(output: str, limit: int = 30) -> str:
    """The end of what a command printed, each line behind a bar."""
    lines = output.rstrip().split("\n") if output.strip() else []
    left_out = ["  | [...]"] if len(lines) > limit else []
    shown = "\n".join([*left_out, *(f"  | {line}" for line in lines[-limit:])])
    return f"\n{shown}" if shown else "; it printed nothing"
