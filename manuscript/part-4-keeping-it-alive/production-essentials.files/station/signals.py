"""Work out the four golden signals from two scrapes: FIRST SECOND."""

import re
import sys
from pathlib import Path

LINE = re.compile(r"(\S+) (\S+)")
POLLS = "weirwatch_poll_seconds"


def scrape(name: str) -> dict[str, float]:
    found = LINE.findall(Path(name).read_text("utf-8"))
    return {key: float(value) for key, value in found}


first, second = map(scrape, sys.argv[1:])
grown = {key: value - first.get(key, 0) for key, value in second.items()}
polls = grown[f"{POLLS}_count"]
fits = [
    bound
    for bound in ("0.5", "1.0", "5.0", "+Inf")
    if grown[f'{POLLS}_bucket{{le="{bound}"}}'] >= 0.95 * polls
]
failed = sum(n for key, n in grown.items() if "failures_total" in key)
readings = grown["weirwatch_readings_total"]
print(f"latency     95 % of polls within {fits[0]} s")
print(f"traffic     {readings / polls:.0f} readings a poll")
errors = f"1 poll in {polls / failed:.0f}" if failed else "no poll"
print(f"errors      {errors} failed")
print(f"saturation  {second['weirwatch_overdue_gauges']:.0f} gauges overdue")
