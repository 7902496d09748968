"""The book that uses everything and gives no finding: golden fragments, equal bytes, cache."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bookpress import build
from bookpress.build import Edition
from bookpress.manuscript import load, silent
from bookpress.model import Format
from bookpress.press import Press

CLEAN = Path(__file__).parent / "clean_book"
GOLDEN = CLEAN / "golden"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# `GOLDEN=write make test-fast` accepts what the press writes now; read the diff before committing.
ACCEPT = os.environ.get("GOLDEN") == "write"


def copy(folder: Path) -> Path:
    shutil.copytree(CLEAN, folder, ignore=shutil.ignore_patterns("build", "golden"))
    return folder


def outputs(root: Path) -> dict[str, bytes]:
    made = root / "build"
    return {
        path.relative_to(made).as_posix(): path.read_bytes()
        for path in sorted(made.rglob("*"))
        if path.is_file() and not path.relative_to(made).parts[0].startswith(".")
    }


def press(root: Path, *arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bookpress", "build", "--quiet", *arguments],
        cwd=root,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1767225600"} | environment,
        check=True,
    )


def test_the_clean_book_gives_no_finding(tmp_path: Path) -> None:
    root = copy(tmp_path / "book")

    assert build.check(root) == ()


@pytest.mark.parametrize("target", Format)
def test_chapters_are_written_as_they_were(target: Format, tmp_path: Path) -> None:
    root = copy(tmp_path / "book")
    manuscript = load(root)

    fragments = Press(root, manuscript, DAY, silent, 1).fragments(target)

    for slug, html in fragments.items():
        golden = GOLDEN / target / f"{slug}.html"
        if ACCEPT:
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(html + "\n", "utf-8")
        assert html + "\n" == golden.read_text("utf-8")


@pytest.mark.slow
def test_every_edition_of_the_clean_book_gives_no_finding(tmp_path: Path) -> None:
    root = copy(tmp_path / "book")

    result = build.build(root, list(Edition), modified=DAY)

    assert result.findings == ()
    assert {"bridges-print.pdf", "bridges-screen.pdf", "bridges.epub", "web/beams.html"} <= set(
        result.artifacts
    )


@pytest.mark.slow
def test_folder_zone_locale_and_workers_change_no_byte(tmp_path: Path) -> None:
    one, other = copy(tmp_path / "one"), copy(tmp_path / "quite" / "another place")

    press(one, "--workers", "1", TZ="Asia/Tokyo", LANG="C", PYTHONHASHSEED="1")
    press(other, "--workers", "2", TZ="America/New_York", LANG="C.UTF-8", PYTHONHASHSEED="2")

    assert outputs(one) == outputs(other)
    assert len(outputs(one)) > 10


@pytest.mark.slow
def test_an_edit_sets_its_chapter_only_and_gives_the_bytes_of_a_clean_build(tmp_path: Path) -> None:
    warm, cold = copy(tmp_path / "warm"), copy(tmp_path / "cold")
    editions = list(Edition)
    build.build(warm, editions, modified=DAY)
    for root in (warm, cold):
        chapter = root / "manuscript/arches.md"
        chapter.write_text(chapter.read_text("utf-8").replace("keystone.", "key stone."), "utf-8")
    sheets = [count(warm)]

    edited = build.build(warm, editions, modified=DAY)
    sheets.append(count(warm))

    assert sheets[1] - sheets[0] == 2  # the chapter, in print and on screen
    assert edited.artifacts == build.build(cold, editions, modified=DAY).artifacts


def count(root: Path) -> int:
    return sum(1 for _ in (root / "build/.cache/sheet").iterdir())


@pytest.mark.slow
def test_a_second_build_makes_nothing_and_gives_the_same_bytes(tmp_path: Path) -> None:
    root = copy(tmp_path / "book")
    first = build.build(root, list(Edition), modified=DAY).artifacts
    before = sorted((root / "build/.cache").rglob("*"))

    second = build.build(root, list(Edition), modified=DAY).artifacts

    assert second == first
    assert sorted((root / "build/.cache").rglob("*")) == before


def test_a_chapter_with_ten_mistakes_gives_ten_findings_at_their_lines(tmp_path: Path) -> None:
    root = copy(tmp_path / "book")
    chapter = root / "manuscript/arches.md"
    text = chapter.read_text("utf-8")
    start = text.count("\n") + 2
    chapter.write_text(text + "\n" + TEN_MISTAKES, "utf-8")

    findings = build.check(root)

    assert [(f.where.line - start, f.code) for f in findings] == [
        (0, "S002"), (2, "L002"), (4, "L001"), (6, "L003"), (8, "L004"), (10, "L006"),
        (12, "L007"), (14, "S010"), (16, "S009"), (19, "T001"),
    ]  # fmt: skip


TEN_MISTAKES = f"""\
#### Too deep

See [](#sec-nowhere).

See [another](other.md).

![An arch](images/arch.png)

![](images/beam.svg)

A note.[^lost]

At [a place](http://).

Release [number]{{.var}}.

A <b>bold</b> stone.

```python
{"x" * 77}
```
"""
