"""The tables of Appendix B, compared with their source, with the chapters and with files."""

from __future__ import annotations

import io
import re
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bookpress import outline
from bookpress.listings.companion import companion
from bookpress.model import Status

ROOT = Path(__file__).parents[2]
MANUSCRIPT = ROOT / "manuscript"
APPENDIX = MANUSCRIPT / "appendices/pyproject-reference.md"
FIELDS = runpy.run_path(str(APPENDIX.with_suffix(".files") / "fields.py"))
TABLES = runpy.run_path(str(APPENDIX.with_suffix(".files") / "tables.py"))
ROWS: list[tuple[dict[str, Any], dict[str, Any], str]] = FIELDS["rows"]()


def planted(folder: Path, *without: str) -> Path:
    """A tree whose files set every field of the appendix, but for those named."""
    for table, row, field in ROWS:
        if not row.get("text") and field not in without:
            path = folder / table["name"].replace(".", "-") / field.replace("*", "any")
            path.mkdir(parents=True)
            line = row["example"].replace("...]", '"x"]').replace("... }", 'email = "x" }')
            text = f"[{table['name']}]\n{line.replace('...', 'x')}\n"
            path.joinpath("pyproject.toml").write_text(text, "utf-8")
    return folder


def test_the_tables_of_the_page_are_those_that_are_made() -> None:
    text = APPENDIX.read_text("utf-8")

    assert TABLES["filled"](text) == text
    assert all(made in text for made in TABLES["tables"]().values())


def test_a_row_that_was_edited_on_the_page_is_put_back() -> None:
    text = APPENDIX.read_text("utf-8")

    edited = text.replace("An SPDX expression.", "Some words.")

    assert edited != text
    assert TABLES["filled"](edited) == text


def test_every_field_is_explained_once() -> None:
    fields = [field for *_, field in ROWS]

    assert len(fields) == len(set(fields))


def test_a_tree_with_exactly_these_fields_is_accepted(tmp_path: Path) -> None:
    assert FIELDS["complaints"](planted(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("pyproject.toml", "[tool.uv.pip]\nstrict = true\n", "no row explains tool.uv.pip.strict"),
        (
            "pyproject.toml",
            "[build-system]\nrequire = []\n",
            "no row explains build-system.require",
        ),
        ("pyproject.toml", "[tool.mypy]\n", "no row explains tool.mypy"),
        ("ruff.toml", "[lint]\npreview = true\n", "no row explains tool.ruff.lint.preview"),
        ("ruff.toml", "line-length = 80\n", "tool.ruff.line-length is marked as never set, and is"),
    ],
)
def test_a_field_without_a_row_is_found(
    name: str, text: str, complaint: str, tmp_path: Path
) -> None:
    tree = planted(tmp_path)
    tree.joinpath(name).write_text(text, "utf-8")

    assert FIELDS["complaints"](tree) == [complaint]


@pytest.mark.parametrize("field", [field for _, row, field in ROWS if not row.get("text")])
def test_a_row_without_a_field_is_found(field: str, tmp_path: Path) -> None:
    tree = planted(tmp_path, field)

    assert FIELDS["complaints"](tree) == [f"no file sets {field}"]


def test_an_example_that_no_file_has_is_found(tmp_path: Path) -> None:
    tree = planted(tmp_path, "tool.coverage.report.fail_under")
    tree.joinpath("pyproject.toml").write_text("[tool.coverage.report]\nfail_under = 90\n", "utf-8")

    assert FIELDS["complaints"](tree) == ["no file says report.fail_under = 95"]


def test_environments_are_not_looked_into(tmp_path: Path) -> None:
    tree = planted(tmp_path)
    inner = tree / "project/.venv/lib"
    inner.mkdir(parents=True)
    inner.joinpath("pyproject.toml").write_text("[tool.strange]\nkey = 1\n", "utf-8")

    assert FIELDS["complaints"](tree) == []


def chapter_of(identifier: str) -> str:
    [text] = [
        text
        for path in MANUSCRIPT.rglob("*.md")
        if f"{{#{identifier}" in (text := path.read_text("utf-8"))
    ]
    return text


@pytest.mark.parametrize("place", sorted({row["in"] for _, row, _ in ROWS}))
def test_the_place_that_introduces_a_field_is_there_and_referred_to(place: str) -> None:
    assert chapter_of(place)
    assert f"[](#{place})" in APPENDIX.read_text("utf-8")


@pytest.mark.parametrize(
    ("field", "place"), [(field, row["in"]) for _, row, field in ROWS if row.get("text")]
)
def test_a_field_marked_as_discussed_is_discussed(field: str, place: str) -> None:
    key = field.removesuffix(".*").rpartition(".")[2]

    assert re.search(rf"\b{key.replace('-', '[- ]')}\b", chapter_of(place))


@pytest.mark.slow
def test_the_last_tree_of_the_book_sets_exactly_these_fields(tmp_path: Path) -> None:
    unread = [c.slug for c in outline.load(ROOT).chapters() if c.status is Status.PLANNED]
    if unread:
        pytest.skip(f"planned: {', '.join(unread)}")
    with zipfile.ZipFile(io.BytesIO(companion(ROOT))) as archive:
        last = archive.namelist()[-1].partition("/")[0]
        archive.extractall(
            tmp_path, [name for name in archive.namelist() if name.startswith(f"{last}/")]
        )

    assert FIELDS["complaints"](tmp_path / last) == []
