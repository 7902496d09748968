"""Say how far one lock file lies behind another, in years of releases."""

import sys
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

YEAR = timedelta(days=365.25)


def releases(lock: str) -> dict[str, tuple[datetime, str]]:
    """Map each locked package to the day and number of its release."""
    found = {}
    for package in tomllib.loads(Path(lock).read_text("utf-8"))["package"]:
        for file in package.get("wheels", []):
            at = datetime.fromisoformat(file["upload-time"])
            found[package["name"]] = at, package["version"]
    return found


old, new = map(releases, sys.argv[1:])
total = 0.0
for name in sorted(old.keys() & new.keys()):
    years = (new[name][0] - old[name][0]) / YEAR
    total += years
    if years:
        print(f"{years:5.2f}  {name} {old[name][1]} -> {new[name][1]}")
print(f"{total:5.2f}  libyears in {len(old)} packages")
