"""Commands -> what each prints and its exit code, in one bash that nothing escapes from.

The shell reads commands from one pipe and answers each with its exit code on another, so that a
command's output, of both its streams in the order of writing, is all there is on a third.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OUTPUT_LIMIT = 1 << 20
_CHUNK = 1 << 16
# `status` hands the exit code of one command to the `$?` of the next. An interactive bash names no
# line numbers in its messages; ours would name those of this loop.
_LOOP = r"""
command_not_found_handle() { printf 'bash: %s: command not found\n' "$1" >&2; return 127; }
__status() { return "${__code:-0}"; }
while IFS= read -r -d '' -u ASK __command; do
  __status
  eval "$__command" </dev/null ASK<&- TELL>&-
  __code=$?
  printf '%s\n' "$__code" >&TELL
done
"""
_OWN_LINES = re.compile(r"^bash: (?:eval: )?line \d+: ", re.MULTILINE)


class Fault(StrEnum):
    """Why a command was ended."""

    NONE = ""
    TIME = "time"
    OUTPUT = "output"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has run: its exit code, what it printed, and why it was ended, if it was."""

    exit: int
    output: str
    fault: Fault


class Shell:
    """A bash in a folder with an environment of its own; a context manager that ends all in it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        ask, self._ask = os.pipe()
        self._tell, tell = os.pipe()
        self._output, output = os.pipe()
        loop = _LOOP.replace("ASK", str(ask)).replace("TELL", str(tell))
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", loop, "bash"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(ask, tell),
            start_new_session=True,
        )
        for end in (ask, tell, output):
            os.close(end)
        os.set_blocking(self._output, False)
        os.set_blocking(self._tell, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, command: str, *, seconds: float) -> Done:
        """Run a command; end it and the shell after so many seconds or too much output."""
        kept = bytearray()
        deadline = time.monotonic() + seconds
        try:
            os.write(self._ask, command.encode() + b"\0")
        except OSError:  # the shell has ended, or we have ended it
            return self._ended(kept, Fault.GONE)
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            selector.register(self._tell, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(max(0, deadline - time.monotonic()))}
                if not ready:
                    return self._ended(kept, Fault.TIME)
                code = self._answer() if self._tell in ready else None
                open_ = self._drain(kept)
                if len(kept) > OUTPUT_LIMIT:
                    return self._ended(kept, Fault.OUTPUT)
                if code is not None:
                    return Done(code, _text(kept), Fault.NONE) if code >= 0 else self._left(kept)
                if not open_ and self._output in selector.get_map():
                    selector.unregister(self._output)

    def close(self) -> None:
        """End the shell and all it has started."""
        if self._ask < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for end in (self._ask, self._tell, self._output):
            with contextlib.suppress(OSError):
                os.close(end)
        self._ask = self._tell = self._output = -1

    def _answer(self) -> int | None:
        """The exit code the shell tells; -1 when the shell itself is gone."""
        answer = os.read(self._tell, 64)
        return int(answer) if answer else -1

    def _drain(self, kept: bytearray) -> bool:
        """Take what is there of the output; False when nobody can write to it any more."""
        while len(kept) <= OUTPUT_LIMIT:
            try:
                data = os.read(self._output, _CHUNK)
            except BlockingIOError:
                return True
            if not data:
                return False
            kept += data
        return True

    def _left(self, kept: bytearray) -> Done:
        """The command ended the shell, with `exit` or `set -e`; its number is ours until `wait`."""
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self.close()
        code = self._process.returncode
        return Done(code if code >= 0 else 128 - code, _text(kept), Fault.NONE)

    def _ended(self, kept: bytearray, fault: Fault) -> Done:
        self.close()
        return Done(-1, _text(kept[:OUTPUT_LIMIT]), fault)


def _text(data: bytearray | bytes) -> str:
    text = bytes(data).decode("utf-8", "replace").replace("\r\n", "\n")
    return _OWN_LINES.sub("bash: ", text)
