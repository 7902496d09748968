"""Web edition -> accessibility by axe-core, and use by keyboard, in Chromium.

Scripts are on, then off; no page may ask a host other than its own.
"""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress.errors import ToolError
from bookpress.validators import copies, toolbox
from bookpress.validators.verdict import Complaint, Verdict, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCRIPT = Path(__file__).parent / "node" / "pages.cjs"


def axe_version() -> str:
    """The version that is installed; raises ToolError when something is missing."""
    toolbox.node()
    toolbox.chromium()
    toolbox.module("playwright-core")
    return toolbox.module_version("axe-core")


def use_version() -> str:
    """The version of the driver of Chromium; raises ToolError when something is missing."""
    axe_version()
    return toolbox.module_version("playwright-core")


def axe(site: Path) -> Verdict:
    """Run axe-core on every page: 1280 and 360 px wide, and in dark colours.

    What it leaves undecided is computed from the colours that are painted, or is a complaint.
    """
    return read_axe(_look("axe", site))


def use(site: Path, expected: Mapping[str, tuple[str, ...]] | None = None) -> Verdict:
    """Use every page: its width, the hosts it asks, the keyboard, copy buttons, scripts off.

    expected: what each page's buttons must copy, by the page's name; unless told, what the
              listings of the book are whose folder `build/web` this is.
    """
    wanted = copies.expected(site.resolve().parents[1]) if expected is None else expected
    return read_use(_look("use", site), wanted)


def read_axe(report: Mapping[str, Any]) -> Verdict:
    """Read the report of pages.cjs about accessibility."""
    complaints = _complaints(report)
    pages, checks = plural(report["pages"], "page"), plural(report["checks"], "rule")
    figure = f"{plural(len(complaints), 'violation')} on {pages} in three views, {checks} applied"
    return Verdict(report["axe"], f"{figure}, {report['undecided']} undecided", complaints)


def read_use(report: Mapping[str, Any], expected: Mapping[str, tuple[str, ...]]) -> Verdict:
    """Read the report of pages.cjs about use, and compare what was copied with the sources."""
    complaints = (*_complaints(report), *_miscopied(report["copied"], expected))
    copied = sum(map(len, report["copied"].values()))
    figure = (
        f"{plural(len(complaints), 'complaint')} on {plural(report['pages'], 'page')}, "
        f"{plural(copied, 'listing')} copied, {plural(report['stops'], 'stop')} of the Tab key"
    )
    return Verdict(report["chromium"], figure, complaints)


def _look(mode: str, site: Path) -> Mapping[str, Any]:
    axe_version()
    packages = toolbox.module("playwright-core").parent
    command = [toolbox.node(), SCRIPT, mode, site.resolve(), toolbox.chromium()]
    done = toolbox.run(command, environment={"NODE_PATH": str(packages)})
    report: Mapping[str, Any] = json.loads(done.stdout)
    if not report["pages"]:
        raise ToolError(f"there are no pages in {site}")
    return report


def _complaints(report: Mapping[str, Any]) -> tuple[Complaint, ...]:
    return tuple(Complaint(said["message"], said["page"]) for said in report["complaints"])


def _miscopied(
    copied: Mapping[str, list[str]], expected: Mapping[str, tuple[str, ...]]
) -> Iterator[Complaint]:
    for page in sorted(copied.keys() | expected.keys()):
        pairs = zip_longest(copied.get(page, ()), expected.get(page, ()))
        for number, (got, wanted) in enumerate(pairs, 1):
            if got != wanted:
                yield Complaint(f"button {number} {_difference(got, wanted)}", page)


def _difference(got: str | None, wanted: str | None) -> str:
    if got is None:
        return f"is missing: nothing copies {(wanted or '').splitlines()[:1]}"
    if wanted is None:
        return f"copies what is no listing: {got.splitlines()[:1]}"
    lines = zip_longest(got.split("\n"), wanted.split("\n"))
    number, (mine, source) = next((n, p) for n, p in enumerate(lines, 1) if p[0] != p[1])
    return f"copies {mine!r} as line {number}; the source has {source!r}"
