"""Compare the fields that files set with those that Appendix B explains."""

import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROWS = Path(__file__).with_name("fields.toml")
# Tables whose keys are names that a project chooses: one row stands for all.
OPEN = (
    "project.urls",
    "project.scripts",
    "project.optional-dependencies",
    "dependency-groups",
    "tool.uv.exclude-newer-package",
    "tool.ruff.lint.per-file-ignores",
)
SKIP = {".venv", ".git", "node_modules"}


def values(node: dict, path: str = "") -> list[tuple[str, object]]:
    """List the fields of a file, each with its value."""
    found = []
    for key, value in node.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, dict) and value:
            found += values(value, name)
        else:
            found.append((f"{path}.*" if path in OPEN else name, value))
    return found


def written(value: object) -> str:
    """Write a value on one line, as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            pairs = (f"{key} = {written(item)}" for key, item in value.items())
            return f"{{ {', '.join(pairs)} }}"
    return str(value)


def occurring(folder: Path) -> dict[str, set[str]]:
    """Map each field of the files below a folder to the values it has."""
    found = defaultdict(set)
    for path in [*folder.rglob("pyproject.toml"), *folder.rglob("ruff.toml")]:
        if SKIP & set(path.relative_to(folder).parts):
            continue
        node = tomllib.loads(path.read_text("utf-8"))
        if path.name == "ruff.toml":
            node = {"tool": {"ruff": node}}
        for name, value in values(node):
            found[name].add(written(value))
    return found


def rows() -> list[tuple[dict, dict, str]]:
    """List the rows of the appendix, each with its table and its field."""
    tables = tomllib.loads(ROWS.read_text("utf-8"))["table"]
    return [
        (table, {"in": table.get("in"), **row}, field(table, row))
        for table in tables
        for row in table["field"]
    ]


def field(table: dict, row: dict) -> str:
    """Name the field of a row as `values` does."""
    key = row["example"].partition(" = ")[0]
    name = f"{table['name']}.{key}"
    return next((f"{path}.*" for path in OPEN if name.startswith(f"{path}.")), name)


def complaints(folder: Path) -> list[str]:
    """Say where the rows and the files below a folder differ."""
    found = occurring(folder)
    explained = {name: row for _, row, name in rows()}
    said = [f"no row explains {name}" for name in sorted(found.keys() - explained.keys())]
    for name, row in explained.items():
        if row.get("text"):
            said += [f"{name} is marked as never set, and is"] * (name in found)
        elif name not in found:
            said.append(f"no file sets {name}")
        elif not any(fits(row["example"], value) for value in found[name]):
            said.append(f"no file says {row['example']}")
    return said


def fits(example: str, value: str) -> bool:
    """Tell whether an example shows this value; `...` stands for anything."""
    shown = map(re.escape, example.partition(" = ")[2].split("..."))
    return re.fullmatch(".*".join(shown), value) is not None


def main(folder: str = ".") -> int:
    """Compare; print what differs, or how many fields agree."""
    said = complaints(Path(folder))
    print("\n".join(said) or f"{len(occurring(Path(folder)))} fields, each with its row")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
