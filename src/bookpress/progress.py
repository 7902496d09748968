"""What the pipeline is doing -> bars on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID


class Progress(Protocol):
    """Something that is told how far a stage is: `done` of `total` steps, both counted from 0.

    More may be done than was foreseen: sheets are set again until their page numbers are true.
    """

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of it."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was found."""


def choose(stream: TextIO, *, quiet: bool, verbose: bool) -> Progress:
    """Pick what suits the stream: nothing with --quiet, bars on a terminal, else lines."""
    if quiet:
        return Silence()
    if stream.isatty() and not verbose:
        return Bars(stream)
    return Lines(stream, every_step=verbose)


class Silence:
    """Shows nothing."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Lines:
    """Writes a line when a stage has ended, with the seconds it took; or one for every step."""

    def __init__(self, stream: TextIO, *, every_step: bool) -> None:
        self.stream = stream
        self.every_step = every_step
        self.stage, self.line = "", ""
        self.began = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of a step; a stage has ended when another begins."""
        if stage != self.stage:
            self._write()
            self.stage, self.began = stage, time.monotonic()
        seconds = time.monotonic() - self.began
        self.line = f"{stage}: {done} of {max(done, total)} ({seconds:.1f} s)"
        if self.every_step:
            self._write()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()

    def _write(self) -> None:
        if self.line:
            print(self.line, file=self.stream, flush=True)
        self.line = ""


class Bars:
    """Draws a bar for each stage on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        from rich import console, progress  # noqa: PLC0415  (0.1 s that a pipe need not wait)

        self.bars = progress.Progress(
            progress.TextColumn("{task.description:<12}"),
            progress.BarColumn(bar_width=32),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            console=console.Console(file=stream),
        )
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move the stage's bar, drawing it first if it is new."""
        if stage not in self.tasks:
            self.tasks[stage] = self.bars.add_task(stage, total=total)
        self.bars.update(self.tasks[stage], completed=done, total=max(done, total))

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()
