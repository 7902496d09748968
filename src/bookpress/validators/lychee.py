"""Web edition -> links and fragments that lead nowhere, by lychee, without the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress.errors import ToolError
from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPTIONS = (
    "--offline",
    "--include-fragments",
    "--no-progress",
    "--index-files=index.html",
    "--format=json",
)
_MAPS = ("error_map", "timeout_map")
_FOUND = 2


def version() -> str:
    """The version that is installed; raises ToolError when it is missing."""
    return toolbox.run([_lychee(), "--version"]).stdout.split()[-1]


def judge(site: Path) -> Verdict:
    """Follow every link between the pages below a folder; other hosts are not asked."""
    command = [_lychee(), *_OPTIONS, f"--root-dir={site.resolve()}", site.resolve()]
    done = toolbox.run(command, allowed=(0, _FOUND), folder=site)
    return read(json.loads(done.stdout), site, version())


def read(report: Mapping[str, Any], site: Path, number: str) -> Verdict:
    """Read lychee's JSON report; raises ToolError when it has followed no link at all."""
    if not report["total"]:
        raise ToolError("lychee has found no links", hint="it reads the HTML files of build/web")
    complaints = tuple(_complaints(report, site))
    figure = f"{plural(len(complaints), 'broken link')} of {report['total']}"
    return Verdict(number, figure, complaints)


def _complaints(report: Mapping[str, Any], site: Path) -> Iterator[Complaint]:
    for kind in _MAPS:
        for page, failures in report[kind].items():
            path = Path(page)
            inside = path.relative_to(site.resolve()) if path.is_absolute() else path
            for failure in failures:
                status, place = failure["status"], failure.get("span") or {}
                why = status.get("details") or status["text"]
                address = failure["url"].removeprefix(f"{site.resolve().as_uri()}/")
                text = f"{address}: {' '.join(str(why).split())}"
                line, column = place.get("line", 1), place.get("column") or 1
                yield Complaint(text, inside.as_posix(), line, column)


def _lychee() -> Path:
    return toolbox.program("lychee")
