"""Line of output -> the same line without what changes from run to run.

What is recorded is what was printed; only the comparison looks through these. Each normaliser
is one row of `NORMALISERS`, with the example that its test uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Normaliser:
    """One kind of difference that does not count.

    before: a line as printed; after: the line as it is compared.
    """

    name: str
    pattern: re.Pattern[str]
    replacement: str
    before: str
    after: str


OBJECT = "<hash>"
NORMALISERS = (
    Normaliser(
        "durations in parts of a second",
        re.compile(r"\b\d+(?:\.\d+)? ?(?:ms|µs|us|ns)\b"),
        "<duration>",
        "Resolved 3 packages in 12ms",
        "Resolved 3 packages in <duration>",
    ),
    Normaliser(
        "durations in minutes and seconds",
        re.compile(r"\b\d+m ?\d+(?:\.\d+)?s\b|\b(?<=in )\d+m\b"),
        "<duration>",
        "real 0m1.042s",
        "real <duration>",
    ),
    Normaliser(
        "durations in seconds, with decimals or after the word in",
        re.compile(r"\b\d+\.\d+ ?s(?:ec(?:ond)?s?)?\b|\b(?<=in )\d+ ?s(?:ec(?:ond)?s?)?\b"),
        "<duration>",
        "2 passed in 0.31s",
        "2 passed in <duration>",
    ),
    Normaliser(
        "sizes of files",
        re.compile(r"\b\d+(?:\.\d+)? ?(?:[kKMG]i?B|bytes)\b"),
        "<size>",
        "report.html 3.2 KiB",
        "report.html <size>",
    ),
    Normaliser(
        "names of temporary files",
        re.compile(r"(?:/var/folders/\S+?|/private/tmp|/tmp|\[\.\.\.\])/\.?tmp[\w.-]+"),
        "<temporary>",
        "wrote /tmp/tmpq1x_9z/log",
        "wrote <temporary>/log",
    ),
    Normaliser(
        "short and full object names of git",
        re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9]*[a-f])(?:[0-9a-f]{7,12}|[0-9a-f]{40})\b"),
        OBJECT,
        "[main 3f2a91c] Add the lock file",
        "[main <hash>] Add the lock file",
    ),
    Normaliser(
        "patch levels of interpreters",
        re.compile(r"\b((?:CPython|Python|python|cpython)[ -]?3\.\d+)\.\d+\b"),
        r"\1",
        "Using CPython 3.13.0",
        "Using CPython 3.13",
    ),
)
PROGRESS = re.compile(
    r" *(?:Downloading|Downloaded) \S+(?: \(.*\))?$"
    r"| *(?:Building|Built) \S+(?: @ \S+|==\S+)$"
    r"| *(?:Updating|Updated) \S+://\S+.*$"
    r"|Prepared \d+ packages? in \S+$"
    r"| *[━╸╺ ]*━[━╸╺ ]* .*$"
)
"""Lines about downloads and builds, which a warm cache does not print."""


def normalise(line: str) -> str:
    """Put a fixed word in place of each thing that changes from run to run."""
    line = line.rstrip()
    for normaliser in NORMALISERS:
        line = normaliser.pattern.sub(normaliser.replacement, line)
    return line


def is_progress(line: str) -> bool:
    """Say whether the line is there only while something is downloaded or built."""
    return PROGRESS.match(line) is not None
