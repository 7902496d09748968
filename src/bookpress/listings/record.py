"""A book -> its chapters with the outputs that their commands print, every other byte as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress import allowances
from bookpress.findings import Finding
from bookpress.listings import compare, source
from bookpress.listings.blocks import Session
from bookpress.listings.play import silent, stage
from bookpress.listings.source import closing_fence
from bookpress.listings.store import write_whole
from bookpress.listings.verify import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path, PurePosixPath

    from bookpress.listings.play import Played


@dataclass(frozen=True, slots=True)
class Recording:
    """What was written, and what kept chapters from being written.

    changed: the chapters with new outputs, by path, and how many outputs that were.
    """

    changed: dict[PurePosixPath, int]
    findings: tuple[Finding, ...]


def record(
    root: Path,
    slugs: Sequence[str] = (),
    progress: Callable[[str], None] = silent,
    *,
    cold: bool = False,
) -> Recording:
    """Run chapters and put what their commands print in place of what they show.

    Outputs that hold are left as they are, with their `[...]`. A chapter in which a command
    fails unexpectedly is not written, nor is one that was edited while it ran.

    Raises BookpressError when a chapter is not there or a tool is missing.
    """
    scripts = source.load(root)
    chosen = scripts.chosen(slugs)
    findings = [finding for script in chosen for finding in script.findings]
    changed: dict[PurePosixPath, int] = {}
    if not scripts.to_run(slugs):
        return Recording(changed, allowances.settle(scripts.book, findings, frozenset()))
    with stage(scripts, cold=cold) as stage_:
        for played in stage_.play(slugs, progress):
            if played.outcome.failure:
                findings += judge(played)
            elif played.script in chosen:
                count, problems = _write(root, played)
                findings += [*problems, *(f for f in judge(played) if f.code != "X020")]
                if count:
                    changed[played.script.chapter.path] = count
    return Recording(changed, allowances.settle(scripts.book, findings, frozenset()))


def _write(root: Path, played: Played) -> tuple[int, tuple[Finding, ...]]:
    path = root / played.script.chapter.path
    before = path.read_bytes()
    text = before.decode("utf-8")
    ending = "\r\n" if "\r\n" in text else "\n"
    if text.replace("\r\n", "\n") != played.script.text:
        where = played.script.blocks[0].place.where
        message = "the chapter was edited while it ran; nothing is recorded"
        return 0, (Finding(where, "X027", message, "record it again"),)
    lines = text.split(ending)
    edits, findings = _edits(played, lines)
    for start, end, new in sorted(edits, reverse=True):
        lines[start:end] = new
    if edits and not findings:
        write_whole(path, ending.join(lines).encode())
    return (0 if findings else len(edits)), tuple(findings)


Edit = tuple[int, int, list[str]]


def _edits(played: Played, lines: Sequence[str]) -> tuple[list[Edit], list[Finding]]:
    """The source lines to replace, as [start, end) from 0, and outputs that cannot be written."""
    edits: list[Edit] = []
    findings: list[Finding] = []
    for index, block in enumerate(played.script.blocks):
        if not isinstance(block, Session) or block.place.hidden:
            continue
        for start, end, new in _outputs(block, played.outcome.outputs[index]):
            first = block.place.first_line - 1
            fence = lines[block.place.where.line - 1]
            closing = closing_fence(lines, block.place.where.line) - 1
            if problem := _unwritable(new, fence):
                findings.append(Finding(block.place.line(start), "X028", *problem))
            edits.append((first + start, min(first + end, closing), new))
    return edits, findings


def _outputs(session: Session, outputs: Sequence[str]) -> Iterator[Edit]:
    """What replaces which lines of the block's text, where an output does not hold."""
    for command, output in zip(session.commands, outputs, strict=True):
        comparison = compare.compare(command.expected, compare.lines(output))
        if comparison.first_difference() is not None:
            end = command.output + len(command.expected)
            yield command.output, end, list(comparison.merged())


def _unwritable(new: Sequence[str], fence: str) -> tuple[str, str] | None:
    """Say why an output cannot stand in a session."""
    mark = fence[: len(fence) - len(fence.lstrip(fence[0]))]
    for index, line in enumerate(new):
        if line.startswith("$ "):
            return (
                f"the output holds a line that looks like a command: {line}",
                "cut it with `[...]`",
            )
        if index == 0 and (line == ">" or line.startswith("> ")):
            message = f"the output begins with what looks like a continued command: {line}"
            return message, "cut it with `[...]`"
        if line.strip().startswith(mark):
            return f"the output holds a fence: {line}", "begin the block with a longer fence"
    return None
