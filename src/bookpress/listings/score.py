"""Scripts and runs -> the book's score: how many of its listings and sessions are executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bookpress.listings.blocks import Plain, Recorded, Shown
from bookpress.listings.store import digest, write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path, PurePosixPath

    from bookpress.listings.blocks import Block
    from bookpress.listings.source import Script, Scripts

NAME = "build/score.json"


@dataclass(frozen=True, slots=True)
class Count:
    """How many blocks that readers see are executed, recorded elsewhere, and only shown."""

    executed: int = 0
    recorded: int = 0
    shown: int = 0

    def blocks(self) -> int:
        """How many there are."""
        return self.executed + self.recorded + self.shown


def kind(block: Block) -> str:
    """What became of a block: executed, recorded or shown."""
    if isinstance(block, Shown | Plain):
        return "shown"
    return "recorded" if isinstance(block, Recorded) else "executed"


def count(script: Script) -> Count:
    """Count the blocks of a chapter that readers see."""
    kinds = [kind(block) for block in script.blocks if not block.place.hidden]
    return Count(kinds.count("executed"), kinds.count("recorded"), kinds.count("shown"))


def total(counts: Iterable[Count]) -> Count:
    """Add counts up."""
    each = tuple(counts)
    return Count(
        sum(c.executed for c in each), sum(c.recorded for c in each), sum(c.shown for c in each)
    )


def write(
    scripts: Scripts,
    verified: Collection[PurePosixPath],
    failed: Collection[PurePosixPath],
    versions: Mapping[str, str],
) -> None:
    """Keep the score for the editions and the status, in build/score.json.

    verified, failed: the chapters that were run and compared just now, and how it went. Others
                      keep what an earlier run found if their text is still the same.
    """
    path = scripts.root / NAME
    before = _verified_before(path)
    chapters = []
    for script in scripts.chosen(()):
        name = script.chapter.path
        source = digest(script.text.encode())
        held = name in verified or (name not in failed and before.get(str(name)) == source)
        chapters.append(_chapter(script, source, verified=held))
    document = {
        **_figures(total(count(script) for script in scripts.chosen(()))),
        "versions": dict(versions),
        "chapters": chapters,
    }
    write_whole(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def unverified(scripts: Scripts) -> tuple[str, ...]:
    """The chapters to run whose text is not the one that was last found to hold."""
    known = _verified_before(scripts.root / NAME)
    return tuple(
        script.chapter.slug
        for script in scripts.to_run(())
        if known.get(str(script.chapter.path)) != digest(script.text.encode())
    )


def _chapter(script: Script, source: str, *, verified: bool) -> dict[str, Any]:
    return {
        "path": str(script.chapter.path),
        "slug": script.chapter.slug,
        "number": script.chapter.number,
        "title": script.chapter.title,
        **_figures(count(script)),
        "verified": verified,
        "source": source,
        "listings": [_block(block) for block in script.blocks if not block.place.hidden],
    }


def _block(block: Block) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": block.place.identifier,
        "line": block.place.where.line,
        "kind": kind(block),
    }
    if isinstance(block, Shown):
        entry["reason"] = block.reason
    elif isinstance(block, Recorded):
        entry["recorded"] = block.when
    return entry


def _figures(counted: Count) -> dict[str, int]:
    return {
        "blocks": counted.blocks(),
        "executed": counted.executed,
        "recorded": counted.recorded,
        "shown": counted.shown,
    }


def _verified_before(path: Path) -> dict[str, str]:
    """The text of each chapter, by name, as it was when it was last found to hold."""
    try:
        document = json.loads(path.read_bytes())
        return {c["path"]: c["source"] for c in document["chapters"] if c["verified"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
