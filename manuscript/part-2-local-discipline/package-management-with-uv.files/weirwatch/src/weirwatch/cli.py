"""Command line: weirwatch readings.csv"""

import argparse
import os
import sys
from collections.abc import Mapping

from weirwatch.fetch import read
from weirwatch.readings import parse
from weirwatch.rules import Limits, State, assess


def limits_from(env: Mapping[str, str]) -> Limits:
    """Take the limits from environment variables, or the trust's defaults."""
    return Limits(
        high_m=float(env.get("WEIRWATCH_HIGH_M", "2.0")),
        rise_m_per_h=float(env.get("WEIRWATCH_RISE_M_PER_H", "0.25")),
    )


def main(argv: list[str] | None = None) -> int:
    """Print the state; return 0 for normal, 1 for rising or high, 2 for an error."""
    parser = argparse.ArgumentParser(prog="weirwatch")
    parser.add_argument("source", help="CSV file or web address")
    args = parser.parse_args(argv)
    try:
        readings = list(parse(read(args.source)))
        state = assess(readings, limits_from(os.environ))
    except (OSError, ValueError) as exc:
        print(f"weirwatch: {exc}", file=sys.stderr)
        return 2
    print(f"{state}  {readings[-1].level_m:.2f} m  {len(readings)} readings")
    return 0 if state is State.NORMAL else 1
