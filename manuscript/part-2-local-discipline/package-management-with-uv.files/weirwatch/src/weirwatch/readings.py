"""Read gauge readings from CSV text."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One level, in metres above the gauge datum."""

    at: datetime
    level_m: float


def parse(text: str) -> Iterator[Reading]:
    """Yield readings in file order; raise ValueError naming the bad line."""
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        if not row or row[0].startswith("#"):
            continue
        try:
            at = datetime.strptime(row[0], "%Y-%m-%d %H:%M")
            level = float(row[1])
        except (ValueError, IndexError) as exc:
            raise ValueError(f"line {number}: cannot read {row!r}") from exc
        yield Reading(at, level)
