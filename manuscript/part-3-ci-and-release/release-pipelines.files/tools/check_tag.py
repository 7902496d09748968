"""Check that tag, version and changelog name one release; print its notes."""

import re
import sys
import tomllib
from pathlib import Path


def notes(changelog: str, version: str) -> str:
    """Return the section of a version, without its heading; "" if there is none."""
    pattern = rf"^## {re.escape(version)} \(.*?\)\n(.*?)(?=^## |\Z)"
    found = re.search(pattern, changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def main(tag: str) -> None:
    """Stop with a sentence where two of the three disagree."""
    text = Path("pyproject.toml").read_text("utf-8")
    version = tomllib.loads(text)["project"]["version"]
    if tag != f"v{version}":
        sys.exit(f"the tag is {tag}, and pyproject.toml says {version}")
    section = notes(Path("CHANGELOG.md").read_text("utf-8"), version)
    if not section:
        sys.exit(f"CHANGELOG.md has no section for {version}")
    sys.stdout.write(f"{section}\n")


if __name__ == "__main__":
    main(sys.argv[1])
