"""A book -> where its chapters differ from what their blocks do when they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress import allowances
from bookpress.findings import Finding, Position
from bookpress.listings import check, compare, score, source
from bookpress.listings.blocks import Excerpt, Session
from bookpress.listings.play import silent, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bookpress.listings.blocks import Command
    from bookpress.listings.play import Played
    from bookpress.listings.source import Script, Scripts


def verify(
    root: Path,
    slugs: Sequence[str] = (),
    progress: Callable[[str], None] = silent,
    *,
    cold: bool = False,
) -> tuple[Finding, ...]:
    """Run chapters and compare: say what the manuscript shows that is not so.

    root:     the folder of book.yml; nothing is written there but below build/.cache.
    slugs:    the chapters that are compared; none for all. Those before them run as well.
    progress: hears a line about every chapter.
    Raises    BookpressError when a chapter is not there, a tool is missing, or blocks have
              attributes that cannot be understood.
    """
    scripts = source.load(root)
    chosen = scripts.chosen(slugs)
    findings = list(check.complaints(scripts, slugs))
    played: list[Played] = []
    if scripts.to_run(slugs):
        with stage(scripts, cold=cold) as stage_:
            for run in stage_.play(slugs, progress):
                played.append(run)
                if run.script in chosen or run.outcome.failure:
                    findings += judge(run)
        findings += _not_reached(scripts, slugs, played)
        _keep_score(scripts, chosen, findings, stage_.tools.versions)
    families = frozenset("" if slugs else "X")
    return allowances.settle(scripts.book, findings, families)


def _keep_score(
    scripts: Scripts,
    chosen: Sequence[Script],
    findings: Sequence[Finding],
    versions: Mapping[str, str],
) -> None:
    wrong = {finding.where.path for finding in findings}
    paths = {script.chapter.path for script in chosen}
    score.write(scripts, verified=paths - wrong, failed=paths & wrong, versions=versions)


def judge(played: Played) -> Iterator[Finding]:
    """Compare a chapter with its run."""
    outcome = played.outcome
    blocks = played.script.blocks
    for index, block in enumerate(blocks):
        match block:
            case Session():
                for command, output in zip(
                    block.commands, outcome.outputs.get(index, ()), strict=False
                ):
                    failed = outcome.failure and outcome.failure.block == index
                    if not failed and _compared(block):
                        yield from _difference(block, command, output)
            case Excerpt() if index in outcome.looked:
                yield from _excerpt(block, outcome.looked[index])
    for path, code, message in outcome.invalid:
        at = blocks[outcome.wrote[path]].place.where if path in outcome.wrote else None
        yield Finding(at or Position(played.script.chapter.path), code, f"{path}: {message}")
    if failure := outcome.failure:
        place = blocks[failure.block].place
        where = place.where if failure.line < 0 else place.line(failure.line)
        yield Finding(where, failure.code, failure.message, failure.hint)


def _compared(session: Session) -> bool:
    """Hidden sessions need show nothing; what they do show must be so."""
    return not session.place.hidden or any(command.expected for command in session.commands)


def _difference(session: Session, command: Command, output: str) -> Iterator[Finding]:
    comparison = compare.compare(command.expected, compare.lines(output))
    first = comparison.first_difference()
    if first is None:
        return
    diff = "\n".join(f"  {line}" for line in comparison.diff())
    name = command.text.split("\n")[0]
    yield Finding(
        session.place.line(command.output + first),
        "X020",
        f"`{name}` prints something else (- the chapter, + the command)\n{diff}",
        "`bookpress record` puts in what it prints",
    )


def _excerpt(block: Excerpt, text: str) -> Iterator[Finding]:
    line = strange_line(block.text.split("\n"), text.split("\n"))
    if line is not None:
        message = f"{block.file} does not hold this excerpt: it departs at this line"
        yield Finding(block.place.line(line), "X024", message, "copy it from the file again")
    elif block.part not in text:
        message = f'{block.file} does not hold the part "{block.part}"'
        yield Finding(block.place.where, "X024", message, "let `part` name a piece of the file")


def strange_line(excerpt: Sequence[str], lines: Sequence[str]) -> int | None:
    """The first line of an excerpt, from 0, that the file does not go on with; None if it is there.

    A line `[...]`, also behind a comment sign, passes over lines; a piece between two of them may
    stand further to the right in the file than in the excerpt, as a whole.
    """
    start, at = 0, 0
    while start <= len(excerpt):
        end = next((i for i in range(start, len(excerpt)) if _passes(excerpt[i])), len(excerpt))
        piece = excerpt[start:end]
        found, reached = _find(piece, lines, at)
        if found is None:
            return start + reached
        at = found + len(piece)
        start = end + 1
    return None


def _passes(line: str) -> bool:
    return line.strip(" \t#/;-<!>*") == compare.SKIP


def _find(piece: Sequence[str], lines: Sequence[str], at: int) -> tuple[int | None, int]:
    """Where the piece stands at or behind a line; else how many of its lines fit at most."""
    reached = 0
    for place in range(at, len(lines) - len(piece) + 1):
        indent = _indent(piece, lines[place : place + len(piece)])
        fits = 0
        for own, other in zip(piece, lines[place:], strict=False):
            if (f"{indent}{own}" if own.strip() else "") != other.rstrip():
                break
            fits += 1
        if fits == len(piece):
            return place, fits
        reached = max(reached, fits)
    return None, min(reached, max(len(piece) - 1, 0))


def _indent(piece: Sequence[str], lines: Sequence[str]) -> str:
    """What the file's lines have before those of the excerpt."""
    for own, other in zip(piece, lines, strict=True):
        if own.strip():
            more = len(other) - len(own)
            return other[:more] if more > 0 and not other[:more].strip() else ""
    return ""


def _not_reached(
    scripts: Scripts, slugs: Sequence[str], played: Sequence[Played]
) -> Iterator[Finding]:
    """Chapters that were asked for and not run, since one before them failed."""
    done = [run.script for run in played]
    missed: list[Script] = [s for s in scripts.to_run(slugs) if s not in done]
    for script in missed:
        if script in scripts.chosen(slugs):
            message = f'not run: the chapter "{done[-1].chapter.slug}" before it failed'
            yield Finding(Position(script.chapter.path), "X027", message)
