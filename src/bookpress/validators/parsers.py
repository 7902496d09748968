"""PDF -> whether qpdf and Ghostscript, two readers of their own, read it without a complaint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bookpress.validators import toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from pathlib import Path

# Not -q: told to be quiet, Ghostscript 10.00 keeps errors to itself as well, and ends with 0.
_RENDER = ("-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=nullpage")
# What Ghostscript says of any file: who it is, how far it is, a headline above what is wrong.
_PROGRESS = re.compile(
    r"GPL Ghostscript \S+ \(|Copyright \(C\) |This software is supplied |see the file COPYING "
    r"|Page \d+$|Processing pages |The following .* were encountered "
)
_PAGES = re.compile(r"^Page \d+$", re.MULTILINE)
# What qpdf says of a file with which nothing is wrong.
_REPORT = ("checking ", "PDF Version: ", "File is ", "No syntax or stream encoding errors found")
_REMARKS = ("the file may still contain", "errors that qpdf cannot detect")


def qpdf_version() -> str:
    """The version that is installed; raises ToolError when it is missing."""
    done = toolbox.run([_qpdf(), "--version"])
    return done.stdout.split()[2]


def ghostscript_version() -> str:
    """The version that is installed; raises ToolError when it is missing."""
    return toolbox.run([_ghostscript(), "--version"]).stdout.strip()


def qpdf(pdf: Path) -> Verdict:
    """Have qpdf check structure, cross-references and streams."""
    done = toolbox.run([_qpdf(), "--check", pdf], allowed=(0, 2, 3))
    return read_qpdf(qpdf_version(), done.returncode, done.stdout + done.stderr)


def ghostscript(pdf: Path) -> Verdict:
    """Have Ghostscript interpret every page."""
    done = toolbox.run([_ghostscript(), *_RENDER, pdf], allowed=(0, 1))
    return read_ghostscript(ghostscript_version(), done.returncode, done.stdout + done.stderr)


def read_qpdf(version: str, code: int, printed: str) -> Verdict:
    """Read what qpdf prints: every line but those of a report without a complaint."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    odd = [line for line in lines if not line.startswith((*_REPORT, *_REMARKS))]
    return _verdict(version, code, odd)


def read_ghostscript(version: str, code: int, printed: str) -> Verdict:
    """Read what Ghostscript prints: every line but those that any file gets."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    pages = plural(len(_PAGES.findall(printed)), "page")
    return _verdict(version, code, [x for x in lines if not _PROGRESS.match(x)], f", {pages} drawn")


def _verdict(version: str, code: int, lines: list[str], seen: str = "") -> Verdict:
    if code and not lines:
        lines = [f"it ended with code {code} and said nothing"]
    complaints = tuple(Complaint(line) for line in dict.fromkeys(lines))
    return Verdict(version, f"{plural(len(complaints), 'complaint')}{seen}", complaints)


def _qpdf() -> Path:
    return toolbox.program("qpdf", package="qpdf")


def _ghostscript() -> Path:
    return toolbox.program("gs", package="ghostscript")
