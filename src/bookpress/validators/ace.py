"""EPUB -> accessibility by EPUB Accessibility 1.1 and WCAG, by DAISY Ace in Chromium."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Who vouches for the book as a whole must be a person: the press names nobody, claims nothing.
UNCLAIMED = frozenset({
    "a11y:certifiedBy", "a11y:certifierCredential", "a11y:certifierReport", "dcterms:conformsTo",
})  # fmt: skip


def version() -> str:
    """The version that is installed; raises ToolError when something is missing."""
    toolbox.node()
    toolbox.chromium()
    return toolbox.module_version("@daisy/ace")


def judge(book: Path) -> Verdict:
    """Run Ace on an EPUB. `ace-puppeteer` uses the system's browser; the others bring their own."""
    with tempfile.TemporaryDirectory() as folder:
        starter = toolbox.module("@daisy/ace").parents[1] / ".bin" / "ace-puppeteer"
        browser = {"PUPPETEER_EXECUTABLE_PATH": str(toolbox.chromium())}
        command = [toolbox.node(), starter, "--force", "--silent", "--outdir", folder, book]
        toolbox.run(command, environment=browser)
        return read(json.loads(Path(folder, "report.json").read_text("utf-8")))


def read(report: Mapping[str, Any]) -> Verdict:
    """Read Ace's JSON report: violations, and metadata that is missing without a reason."""
    complaints = tuple(_violations(report)) + tuple(_missing(report))
    outcome = report["earl:result"]["earl:outcome"]
    if outcome != "pass" and not complaints:
        complaints = (Complaint(f"the outcome is {outcome}"),)
    documents = len(report["assertions"])
    revision = report["earl:assertedBy"]["doap:release"]["doap:revision"]
    figure = f"{plural(len(complaints), 'violation')}, {plural(documents, 'document')} asserted"
    return Verdict(revision, figure, complaints)


def _violations(report: Mapping[str, Any]) -> Iterator[Complaint]:
    for document in report["assertions"]:
        path = _inside(document["earl:testSubject"]["url"])
        for assertion in document["assertions"]:
            test, result = assertion["earl:test"], assertion["earl:result"]
            pointer = result.get("earl:pointer") or {}
            at = ", ".join(pointer.get("css") or ())
            said = " ".join(str(result["dct:description"]).split())
            text = f"{test['earl:impact']} {test['dct:title']}: {said}"
            yield Complaint(f"{text} ({at})" if at else text, path)


def _inside(url: str) -> str:
    """A path inside the archive; Ace gives some from its top and some from the package's folder."""
    path = url.lstrip("/")
    return path if path.startswith("EPUB/") else f"EPUB/{path}"


def _missing(report: Mapping[str, Any]) -> Iterator[Complaint]:
    metadata = report["a11y-metadata"]
    for kind in ("missing", "empty"):
        for name in metadata[kind]:
            if kind == "empty" or name not in UNCLAIMED:
                yield Complaint(f"metadata {name} is {kind}", "EPUB/content.opf")
