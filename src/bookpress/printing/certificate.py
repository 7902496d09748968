"""Verdicts -> the certificate of a preflight, as text for people or JSON for programs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from bookpress.printing.preflight import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bookpress.printers import Profile
    from bookpress.printing.preflight import Verdict


def text(name: str, pdf: bytes, profile: Profile, verdicts: Sequence[Verdict]) -> str:
    """Write the certificate: which file, for whom, every demand with its numbers, the outcome."""
    width = max(len(verdict.demand) for verdict in verdicts)
    lines = [f"preflight of {name} for {profile.name}: {profile.title}"]
    lines.append(f"sha256 {hashlib.sha256(pdf).hexdigest()}")
    lines += [
        f"  {v.outcome:<7}  {v.demand:<{width}}  {v.found}  [asked: {v.asked}]" for v in verdicts
    ]
    lines += [f"source ({source.kind}): {source.name}" for source in profile.sources]
    return "\n".join([*lines, outcome(profile, verdicts), ""])


def outcome(profile: Profile, verdicts: Sequence[Verdict]) -> str:
    """Sum the verdicts up in one line."""
    failed = sum(verdict.outcome is Outcome.MISSED for verdict in verdicts)
    unknown = sum(verdict.outcome is Outcome.UNKNOWN for verdict in verdicts)
    if failed:
        return f"FAIL: {failed} of {len(verdicts)} demands of {profile.name} are not met"
    if unknown:
        return f"NOT PROVEN: {unknown} of {len(verdicts)} demands could not be measured"
    return f"PASS: all {len(verdicts)} demands of {profile.name} are met"


def as_json(name: str, pdf: bytes, profile: Profile, verdicts: Sequence[Verdict]) -> str:
    """Write the certificate for other programs."""
    made = {
        "file": name,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "profile": profile.name,
        "passed": passed(verdicts),
        "verdicts": [
            {"demand": v.demand, "outcome": v.outcome.lower(), "found": v.found, "asked": v.asked}
            for v in verdicts
        ],
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def passed(verdicts: Sequence[Verdict]) -> bool:
    """Say whether every demand was measured and met."""
    return all(verdict.outcome is Outcome.MET for verdict in verdicts)
