"""EPUB -> conformance with EPUB 3.3, by EPUBCheck, the validator that shops run."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# EPUBCheck reports every embedded font as a usage; there is no book with one that it does not.
ALLOWED_USAGES = frozenset({"CSS-028"})
_COUNTS = {"nFatal": "fatal", "nError": "error", "nWarning": "warning"}
_SILENT = frozenset({"INFO", "SUPPRESSED"})


def version() -> str:
    """The version that is installed; raises ToolError when something is missing."""
    toolbox.java()
    _jar()
    return toolbox.python_version("epubcheck")


def judge(book: Path) -> Verdict:
    """Run EPUBCheck on an EPUB, usages included."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [toolbox.java(), "-jar", _jar(), book, "--usage", "--quiet", "--json", report]
        toolbox.run(command, allowed=(0, 1))
        return read(json.loads(report.read_text("utf-8")))


def read(report: Mapping[str, Any]) -> Verdict:
    """Read EPUBCheck's JSON report."""
    checker = report["checker"]
    usages = Counter(m["ID"] for m in report["messages"] if m["severity"] == "USAGE")
    counts = [plural(checker[key], noun) for key, noun in _COUNTS.items()]
    others = sum(times for code, times in usages.items() if code not in ALLOWED_USAGES)
    counts.append(plural(others, "usage"))
    return Verdict(checker["checkerVersion"], ", ".join(counts), tuple(_complaints(report)))


def _complaints(report: Mapping[str, Any]) -> Iterator[Complaint]:
    for message in report["messages"]:
        severity, code = message["severity"], message["ID"]
        if severity in _SILENT or (severity == "USAGE" and code in ALLOWED_USAGES):
            continue
        text = f"{severity} {code}: {message['message']}"
        for place in message["locations"] or [{}]:
            line, column = (max(place.get(key, 1), 1) for key in ("line", "column"))
            yield Complaint(text, _inside(place.get("path", "")), line, column)


def _inside(path: str) -> str:
    """A path inside the archive; that of the archive itself says nothing."""
    return "" if path.startswith((".", "/")) or path.endswith(".epub") else path


def _jar() -> Path:
    return toolbox.inside("epubcheck", "epubcheck.jar")
