"""Web edition -> conformance with HTML, CSS and SVG, by the Nu HTML checker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

# Without the first, it reads pictures and style sheets as HTML and finds thousands of errors.
_WHAT = ("--skip-non-html", "--also-check-css", "--also-check-svg")
_HOW = ("--format", "json", "--stdout", "--exit-zero-always")


def version() -> str:
    """The version that is installed; raises ToolError when something is missing."""
    toolbox.java()
    _jar()
    return toolbox.module_version("vnu-jar")


def judge(site: Path) -> Verdict:
    """Run the checker on every page, style sheet and drawing below a folder."""
    done = toolbox.run([toolbox.java(), "-jar", _jar(), *_WHAT, *_HOW, site])
    return read(json.loads(done.stdout), site)


def read(report: Mapping[str, Any], site: Path) -> Verdict:
    """Read the checker's JSON report; what it calls an info counts as well."""
    complaints = tuple(_complaint(message, site) for message in report["messages"])
    number = str(report.get("version", "")).split(" ", 1)[0]
    return Verdict(number, plural(len(complaints), "message"), complaints)


def _complaint(message: Mapping[str, Any], site: Path) -> Complaint:
    file = Path(unquote(urlsplit(message.get("url", "")).path))
    inside = file.relative_to(site.resolve()) if file.is_relative_to(site.resolve()) else ""
    kind = message.get("subType", message["type"])
    line = message.get("firstLine", message.get("lastLine", 1))
    return Complaint(
        f"{kind}: {message['message']}",
        Path(inside).as_posix() if inside else "",
        max(line, 1),
        max(message.get("firstColumn", 1), 1),
    )


def _jar() -> Path:
    jar = toolbox.module("vnu-jar") / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        raise toolbox.absent("vnu.jar")
    return jar
