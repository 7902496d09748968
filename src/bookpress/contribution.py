"""What one wing gives to a release, or why it cannot: a file, its facts, a judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a contribution is for."""

    COVER = "cover"
    COMPANION = "companion"
    REPORT = "report"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Contribution:
    """A file for a release kit.

    name:  tells those of one kind apart: the printer of a cover or certificate, a report's file.
    data:  None where there is nothing to give; `why` says in one sentence what is missing.
    good:  whether what a report or certificate is about was found to be right.
    facts: of a cover, lengths in millimetres: `spine_mm`, `page_mm` (what one page adds to the
           spine), `cover_mm` (what the cover itself adds), `bleed_mm`.
    """

    kind: Kind
    name: str
    data: bytes | None
    why: str = ""
    good: bool = True
    facts: Mapping[str, float] = field(default_factory=dict)
