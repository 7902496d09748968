"""A book with ISBNs in a repository of its own, and a kit of it that lacks nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from bookpress.contribution import Contribution, Kind
from bookpress.release import archives, folder, kit, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bookpress.build import Result
    from bookpress.release.kit import Kit

CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"
LEAF_MM, BLEED_MM, PAGE_MM, COVER_MM = (177.8, 234.95), 3.175, 0.0572, 0.5
LOG = "# Changelog\n\n## [2026.11.0] - 2026-11-26\n\n- The bridges stand.\n"
AUTHOR = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@lowlandrivers.example",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@lowlandrivers.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(root: Path, *arguments: str, day: int = 1) -> None:
    """Run git as Ana, on a day of November 2026."""
    moment = f"2026-11-{day:02}T12:00:00+00:00"
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    environment = os.environ | AUTHOR | dates
    subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True)


def book(root: Path, version: str, log: str = LOG) -> Path:
    """Put the clean book under git, with this version, and commit it."""
    shutil.copytree(CLEAN_BOOK, root, ignore=shutil.ignore_patterns("build", "golden"))
    outline = (root / "book.yml").read_text("utf-8")
    changed = outline.replace('version: "1.0"', f'version: "{version}"')
    assert changed != outline
    (root / "book.yml").write_text(changed, "utf-8")
    (root / "CHANGELOG.md").write_text(log, "utf-8")
    (root / ".gitignore").write_text("build/\ndist*/\n", "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Write the book")
    return root


def cover(pages: int) -> bytes:
    """A wrap cover, empty, for a block of so many pages."""
    width = 2 * LEAF_MM[0] + pages * PAGE_MM + COVER_MM + 2 * BLEED_MM
    height = LEAF_MM[1] + 2 * BLEED_MM
    pdf, made = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(width / 25.4 * 72, height / 25.4 * 72))
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def everything(_root: Path, result: Result) -> Iterator[Contribution]:
    """What wings would give to a release that lacks nothing."""
    pages = result.pages.total if result.pages else 0
    facts = {
        "spine_mm": pages * PAGE_MM + COVER_MM,
        "page_mm": PAGE_MM,
        "cover_mm": COVER_MM,
        "bleed_mm": BLEED_MM,
    }
    yield Contribution(Kind.CERTIFICATE, "weir", b"PASS\n")
    yield Contribution(Kind.COVER, "weir", cover(pages), facts=facts)
    yield Contribution(Kind.COMPANION, "", archives.pack({"ch01/a.py": b"pass\n"}))
    yield Contribution(Kind.REPORT, "validators.txt", b"pass\n")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository that the kit is made of."""
    return book(tmp_path_factory.mktemp("released") / "book", "2026.11.0")


@pytest.fixture(scope="session")
def whole(released: Path) -> Kit:
    """The kit of a final release."""
    return kit.make(released, everything)


@pytest.fixture
def dist(whole: Kit, tmp_path: Path) -> Path:
    """A copy of the kit as files, to be broken."""
    place = tmp_path / "dist"
    folder.write(place, whole.files)
    return place


def reseal(place: Path, change: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Make manifest and checksums true again of whatever bytes are there."""
    path = place / names.MANIFEST
    document = json.loads(path.read_bytes())
    for file in document["files"]:
        if (place / file["name"]).is_file():
            data = (place / file["name"]).read_bytes()
            file |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if change:
        change(document)
    path.write_text(json.dumps(document), "utf-8")
    there = {p.name: p.read_bytes() for p in place.iterdir() if p.name != names.SUMS}
    (place / names.SUMS).write_bytes(kit.sums(there))
