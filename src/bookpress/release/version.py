"""A version such as "2026.11.0-rc.1" -> the kind of release it names, and its place in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bookpress.errors import BookpressError

_PATTERN = re.compile(
    r"(?P<year>[2-9]\d{3})\.(?P<month>1[0-2]|[1-9])\.(?P<count>0|[1-9]\d{0,3})"
    r"(?:-(?P<stage>draft|rc)\.(?P<number>[1-9]\d{0,3}))?",
    re.ASCII,
)
_HINT = 'versions look like "2026.11.0", "2026.11.0-rc.1" (proof) or "2026.11.0-draft.3"'


class Stage(StrEnum):
    """How final a release is: a draft for reviewers, a proof for the publisher, or final."""

    DRAFT = "draft"
    RC = "rc"
    FINAL = "final"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A calendar version; ordered in time. rank and number tell drafts, proofs and finals apart.

    Source  calver.org, YYYY.MM.MICRO; the suffixes sort as in Semantic Versioning 2.0.0, 11.
    """

    year: int
    month: int
    count: int
    rank: int
    number: int

    @property
    def stage(self) -> Stage:
        """What kind of release it is."""
        return tuple(Stage)[self.rank]

    @property
    def tag(self) -> str:
        """The name of its tag."""
        return f"v{self}"

    def __str__(self) -> str:
        suffix = "" if self.stage is Stage.FINAL else f"-{self.stage}.{self.number}"
        return f"{self.year}.{self.month}.{self.count}{suffix}"


def parse(text: str) -> Version:
    """Read a version; raises BookpressError when it is none."""
    match = _PATTERN.fullmatch(text)
    if not match:
        raise BookpressError(f'"{text[:40]}" is not a version of a book', hint=_HINT)
    stage = Stage(match["stage"] or "final")
    year, month, count, number = (int(match[n] or 0) for n in ("year", "month", "count", "number"))
    return Version(year, month, count, tuple(Stage).index(stage), number)


def known(tags: list[str]) -> tuple[Version, ...]:
    """The versions among tags, oldest first; other tags are passed over."""
    matching = (tag[1:] for tag in tags if tag.startswith("v") and _PATTERN.fullmatch(tag[1:]))
    return tuple(sorted(map(parse, matching)))
