"""Search in the web edition: an index of the same bytes everywhere, and no trace without one."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
import sys
from pathlib import Path

import pytest

from bookpress import doctor, pagefind
from bookpress.errors import ToolError
from bookpress.manuscript import load, silent
from bookpress.press import Press

CLEAN = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PAGE = """\
<!DOCTYPE html>
<html lang="en-GB"><head><title>Locks</title></head><body>
<main{mark}><h1>Locks</h1><h2 id="sec-fill">Filling</h2><p>Water {word}.</p></main>
</body></html>
"""


def page(word: str, mark: str = " data-pagefind-body") -> bytes:
    return PAGE.format(word=word, mark=mark).encode()


def web(root: Path) -> dict[str, bytes]:
    return Press(root, load(root), DAY, silent, 1).publish()


def without_pagefind(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sys.modules, "pagefind_bin", None)  # as if it were not installed


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return shutil.copytree(
        CLEAN, tmp_path / "book", ignore=shutil.ignore_patterns("build", "golden")
    )


def test_the_index_is_the_same_in_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {f"{number}.html": page(f"word{number}") for number in range(12)}
    made = []

    for number, zone in enumerate(("UTC", "Asia/Tokyo", "UTC")):
        folder = tmp_path / ("x" * (20 * number + 1))
        folder.mkdir()
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setattr("tempfile.tempdir", None)
        made.append(pagefind.index(pages))

    assert made[0] == made[1] == made[2]


def test_only_marked_pages_are_indexed_and_no_ready_made_box_is_shipped() -> None:
    found = pagefind.index({"a.html": page("rises"), "b.html": page("falls", mark="")})

    fragments = [gzip.decompress(d).decode() for n, d in found.items() if n.endswith("fragment")]
    assert [text.count("Water rises") for text in fragments] == [1]
    assert '"sec-fill"' in fragments[0]
    assert not [name for name in found if "ui" in name]
    [language] = json.loads(found["pagefind-entry.json"])["languages"].values()
    assert language["page_count"] == 1


def test_settings_of_the_user_do_not_reach_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = pagefind.index({"a.html": page("rises")})
    monkeypatch.setenv("PAGEFIND_FORCE_LANGUAGE", "de")

    assert pagefind.index({"a.html": page("rises")}) == plain


def test_pages_lead_to_the_search_page(book: Path) -> None:
    files = web(book)

    assert 'role="search"' in files["search.html"].decode()
    assert all('href="search.html"' in files[n].decode() for n in files if n.endswith(".html"))
    assert "data-pagefind-body" not in files["search.html"].decode()
    assert "data-pagefind-body" not in files["book-index.html"].decode()
    assert b"Copyright 2022 CloudCannon" in files["pagefind-LICENSE.txt"]
    assert "pagefind/pagefind.js" in files


def test_without_pagefind_the_web_edition_has_no_trace_of_search(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = web(book)
    without_pagefind(monkeypatch)

    files = web(book)

    assert set(whole) - set(files) == {
        n for n in whole if n.startswith(("pagefind", "search"))
    }  # fmt: skip
    assert not [n for n in files if n.endswith((".html", ".js")) and b"search.html" in files[n]]


def test_the_doctor_names_pagefind_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pagefind(monkeypatch)

    [item] = [item for item in doctor.examine() if item.name == "Pagefind"]

    assert (item.version, item.required) == ("", False)
    assert item.remedies == ("uv sync --locked --extra search",)
    with pytest.raises(ToolError, match="pagefind is not installed"):
        pagefind.index({})
