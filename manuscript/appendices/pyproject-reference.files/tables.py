"""Put the tables of Appendix B, made of `fields.toml`, into its text."""

import re
import sys
import tomllib
from pathlib import Path

ROWS = Path(__file__).with_name("fields.toml")
TEXT = Path(__file__).parents[1] / "pyproject-reference.md"
PLACE = re.compile(r"^::: \{#tbl-pyproject-(?P<name>[\w-]+) .*?^:::$", re.MULTILINE | re.DOTALL)


def tables() -> dict[str, str]:
    """Map the name of each table to its Markdown."""
    read = tomllib.loads(ROWS.read_text("utf-8"))["table"]
    return {slug(table): markdown(table) for table in read}


def slug(table: dict) -> str:
    """Name a table as its identifier ends."""
    return table.get("slug", table["name"].removeprefix("tool."))


def markdown(table: dict) -> str:
    """Write one table of the appendix; only a standard one has a column of PEPs."""
    standard = any("pep" in row for row in table["field"])
    lines = [
        f'::: {{#tbl-pyproject-{slug(table)} .table caption="{table["caption"]}"}}',
        "| Field | Meaning | PEP |" if standard else "| Field | Meaning |",
        "|---|---|---|" if standard else "|---|---|",
    ]
    for row in table["field"]:
        mark = " †" if row.get("text") else ""
        place = f" ([](#{row['in']}))" if "in" in row else ""
        pep = f" {row['pep']} |" if standard else ""
        lines.append(f"| `{row['example']}`{mark} | {row['says']}{place} |{pep}")
    return "\n".join([*lines, ":::"])


def filled(text: str) -> str:
    """Replace each table of the text by the one that is made now."""
    made = tables()
    return PLACE.sub(lambda place: made.get(place["name"], place[0]), text)


if __name__ == "__main__":
    old = TEXT.read_text("utf-8")
    TEXT.write_text(filled(old), "utf-8")
    sys.exit(filled(old) != old)
