"""The clean book's editions on disk, once for all tests of the validators."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from bookpress import build, outputs

CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SLUG = "bridges"


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with every edition of a book that uses every component."""
    root = tmp_path_factory.mktemp("clean") / "book"
    shutil.copytree(CLEAN_BOOK, root, ignore=shutil.ignore_patterns("build", "golden"))
    result = build.build(root, list(build.Edition), modified=DAY)
    outputs.publish(root / "build", result.artifacts)
    return root / "build"


@pytest.fixture
def epub(editions: Path) -> Path:
    return editions / f"{SLUG}.epub"


@pytest.fixture
def screen(editions: Path) -> Path:
    return editions / f"{SLUG}-screen.pdf"


@pytest.fixture
def site(editions: Path, tmp_path: Path) -> Path:
    """A copy of the web edition, to be broken."""
    copy = tmp_path / "web"
    shutil.copytree(editions / "web", copy)
    return copy
