"""Findings -> text for people, annotations for GitHub, JSON for scripts, SARIF for scanners."""

from __future__ import annotations

import json
from collections import Counter
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bookpress.errors import BookpressError
from bookpress.findings import Severity
from bookpress.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import PurePosixPath

    from bookpress.findings import Finding

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LAYOUT = {
    "T010": ("stranded heading", "stranded headings"),
    "T011": ("badly parted listing", "badly parted listings"),
    "T012": ("short page", "short pages"),
    "T013": ("strayed footnote", "strayed footnotes"),
    "T014": ("ladder of hyphens", "ladders of hyphens"),
    "T002": ("overfull box", "overfull boxes"),
    "T018": ("overfull line", "overfull lines"),
    "T015": ("loose line", "loose lines"),
    "T005": ("short line", "short lines"),
    "T016": ("widow or orphan", "widows and orphans"),
    "T017": ("nearly empty last page", "nearly empty last pages"),
}


class Style(StrEnum):
    """How findings are written."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
    SARIF = "sarif"


def severity(finding: Finding) -> Severity:
    """Look up how much a finding matters; a code without a rule is an error."""
    rule = RULES.get(finding.code)
    return rule.severity if rule else Severity.ERROR


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Say how bad the worst finding is; None when there is none."""
    return max(map(severity, findings), default=None)


def write(
    findings: Sequence[Finding],
    style: Style,
    *,
    base: PurePosixPath,
    version: str,
    colour: bool = False,
) -> str:
    """Write findings in one style, in the order of their places.

    base:    the book's folder as seen from where the reader stands; paths are given from there.
    version: the press's own, named in JSON and SARIF.
    colour:  whether text may hold terminal colours.
    Returns  text that ends in a newline, or nothing at all.
    """
    ordered = sorted(findings)
    if style is Style.GITHUB:
        return "".join(_annotation(finding, base) for finding in ordered)
    if style is Style.JSON:
        return _json(_document(ordered, base, version))
    if style is Style.SARIF:
        return _json(_sarif(ordered, base, version))
    return "".join(_text(finding, base, colour=colour) for finding in ordered)


def summary(findings: Iterable[Finding]) -> str:
    """Count findings by severity: "2 errors, 1 warning", or "no findings"."""
    counts = Counter(map(severity, findings))
    parts = [_plural(counts[level], level.name.lower()) for level in sorted(counts, reverse=True)]
    return ", ".join(parts) or "no findings"


def explain(code: str) -> str:
    """Say what a rule asks and why; raises KeyError when there is no such rule."""
    rule = RULES[code]
    return f"{rule.code} ({rule.severity.name.lower()}): {rule.sentence}\n  {rule.why}\n"


def explanation(code: str) -> str:
    """Explain one rule, or with "all" every rule; raises BookpressError when there is none."""
    if code.lower() == "all":
        return "".join(map(explain, RULES))
    if code.upper() in RULES:
        return explain(code.upper())
    near = get_close_matches(code.upper(), RULES, n=1, cutoff=0.5)
    guess = f"did you mean {near[0]}? " if near else ""
    raise BookpressError(
        f"there is no rule {code}", hint=f"{guess}`bookpress check --explain all` lists them"
    )


def layout(findings: Iterable[Finding]) -> str:
    """Count what the layout report looks for: "layout: 0 stranded headings, ..."."""
    counts = Counter(finding.code for finding in findings)
    nouns = ((counts[code], one, many) for code, (one, many) in _LAYOUT.items())
    return f"layout: {', '.join(f'{n} {one if n == 1 else many}' for n, one, many in nouns)}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _text(finding: Finding, base: PurePosixPath, *, colour: bool) -> str:
    level = severity(finding)
    label = f"{level.name.lower()} {finding.code}"
    if colour:
        label = f"\x1b[1;{_COLOURS[level]}m{label}\x1b[0m"
    place = f"{base / finding.where.path}:{finding.where.line}:{finding.where.column}"
    hint = f"  hint: {finding.hint}\n" if finding.hint else ""
    return f"{place}: {label}: {finding.message}\n{hint}"


def _annotation(finding: Finding, base: PurePosixPath) -> str:
    """Write a workflow command; the escapes are those of GitHub's runner."""
    message = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    properties = {
        "file": str(base / finding.where.path),
        "line": finding.where.line,
        "col": finding.where.column,
        "title": finding.code,
    }
    fields = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{_ANNOTATIONS[severity(finding)]} {fields}::{_escaped(message)}\n"


def _escaped(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _document(findings: Sequence[Finding], base: PurePosixPath, version: str) -> dict[str, Any]:
    counts = Counter(map(severity, findings))
    return {
        "bookpress": version,
        "counts": {f"{level.name.lower()}s": counts[level] for level in reversed(Severity)},
        "findings": [
            {
                "code": finding.code,
                "severity": severity(finding).name.lower(),
                "path": str(base / finding.where.path),
                "line": finding.where.line,
                "column": finding.where.column,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in findings
        ],
    }


def _sarif(findings: Sequence[Finding], base: PurePosixPath, version: str) -> dict[str, Any]:
    """Build a log of the Static Analysis Results Interchange Format, version 2.1.0."""
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "bookpress", "version": version, "rules": [_sarif_rule(c) for c in codes]}
    results = [_sarif_result(finding, codes.index(finding.code), base) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _sarif_rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.sentence},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity.name.lower()},
    }


def _sarif_result(finding: Finding, rule: int, base: PurePosixPath) -> dict[str, Any]:
    text = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    region = {"startLine": finding.where.line, "startColumn": finding.where.column}
    artifact = {"uri": quote(str(base / finding.where.path)), "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": severity(finding).name.lower(),
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
