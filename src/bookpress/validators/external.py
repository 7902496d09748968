"""Links out of the manuscript -> those that do not answer, by lychee: the one use of the network.

No build and no other check calls this; `bookpress links` does, and a workflow by night.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress import crossref, manuscript
from bookpress.findings import Finding
from bookpress.validators import toolbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bookpress.findings import Position

_OPTIONS = ("--no-progress", "--format=json", "--max-retries=3", "--timeout=30", "--scheme=http",
            "--scheme=https")  # fmt: skip
_FOUND = 2
_WEB = ("http://", "https://")


def links(root: Path) -> tuple[tuple[str, Position], ...]:
    """The addresses that the manuscript links to, each with the first place that does."""
    surveyed = manuscript.load(root).survey
    found: dict[str, Position] = {}
    for facts in surveyed.chapters.values():
        for link in facts.links:
            address = link.target.partition("#")[0]
            if crossref.is_external(address) and address.startswith(_WEB):
                found.setdefault(address, link.where)
    return tuple(found.items())


def check(addresses: Sequence[tuple[str, Position]]) -> tuple[Finding, ...]:
    """Ask every address; raises ToolError when lychee is missing or fails."""
    if not addresses:
        return ()
    with tempfile.TemporaryDirectory(prefix="bookpress-") as folder:
        listed = Path(folder, "links.txt")
        listed.write_text("".join(f"{address}\n" for address, _ in addresses), "utf-8")
        command = [toolbox.program("lychee"), *_OPTIONS, listed]
        done = toolbox.run(command, allowed=(0, _FOUND))
    return tuple(sorted(read(json.loads(done.stdout), addresses)))


def read(report: Mapping[str, Any], addresses: Sequence[tuple[str, Position]]) -> Iterator[Finding]:
    """Read lychee's report on a list of addresses; its lines are theirs."""
    for kind in ("error_map", "timeout_map"):
        for failures in report[kind].values():
            for failure in failures:
                address, where = addresses[failure["span"]["line"] - 1]
                status = failure["status"]
                why = " ".join(str(status.get("details") or status["text"]).split())
                yield Finding(where, "V009", f"{address} does not answer: {why}")
