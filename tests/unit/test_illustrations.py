"""The lists of figures, tables, listings and sessions, where the outline asks for them."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bookpress import build, prooftext
from bookpress.build import Edition
from bookpress.contents import Entry, contents, illustrations
from bookpress.manuscript import load

if TYPE_CHECKING:
    from collections.abc import Iterable

CLEAN = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The clean book, asked for the lists."""
    root = tmp_path / "book"
    shutil.copytree(CLEAN, root, ignore=shutil.ignore_patterns("build", "golden"))
    outline = root / "book.yml"
    text = outline.read_text("utf-8")
    outline.write_text(text.replace("  - role: toc\n", "  - role: toc\n  - role: loi\n"), "utf-8")
    return root


def test_what_has_a_number_and_a_caption_is_listed_by_kind(book: Path) -> None:
    manuscript = load(book)

    lists = illustrations(manuscript.book, manuscript.survey, manuscript.targets)

    found = {kind: [(e.number, e.title) for e in entries] for kind, entries in lists}
    assert list(found) == ["Figures", "Tables", "Listings", "Sessions"]
    assert found["Figures"] == [("1.1", "A beam under load")]
    assert found["Tables"] == [("1.1", "Three woods"), ("A.1", "Units")]
    assert found["Listings"][0] == ("1.1", "The deflection of a board")


def test_what_is_unlisted_is_missing_from_the_brief_contents_alone(book: Path) -> None:
    chapter = book / "manuscript/beams.md"
    text = chapter.read_text("utf-8")
    chapter.write_text(text.replace("{#sec-checks}", "{#sec-checks .unlisted}"), "utf-8")
    manuscript = load(book)
    given = (manuscript.book, manuscript.survey, manuscript.targets)

    brief, full = contents(*given, brief=True), contents(*given)

    missing = {title for _, title in titles(full)} - {title for _, title in titles(brief)}
    assert missing == {"Checks"}
    assert set(titles(brief)) < set(titles(full))


def titles(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [pair for e in entries for pair in [(e.number, e.title), *titles(e.entries)]]


@pytest.mark.slow
def test_the_printed_list_names_the_page_of_each(book: Path) -> None:
    result = build.build(book, [Edition.PRINT], modified=DAY)

    assert result.findings == ()
    assert result.pages is not None
    pdf = result.artifacts["bridges-print.pdf"]
    page = prooftext.page_texts(pdf)[result.pages.anchors["loi", "loi"] - 1]
    folio = result.pages.folio(result.pages.page("beams", "fig-beam"))
    [line] = [line for line in page.splitlines() if "A beam under load" in line]
    assert line.split()[0] == "1.1"
    assert line.split()[-1] == folio


@pytest.mark.slow
def test_the_epub_and_the_web_edition_lead_to_each(book: Path) -> None:
    result = build.build(book, [Edition.EPUB, Edition.WEB], modified=DAY)

    with zipfile.ZipFile(io.BytesIO(result.artifacts["bridges.epub"])) as archive:
        texts = {n.rpartition("/")[2]: archive.read(n).decode() for n in archive.namelist()[1:-1]
                 if n.endswith(".xhtml")}  # fmt: skip
    assert result.findings == ()
    assert '<a href="beams.xhtml#fig-beam"><span class="number">1.1</span>' in texts["loi.xhtml"]
    assert '<a epub:type="loi" href="loi.xhtml">Figures and listings</a>' in texts["nav.xhtml"]
    page = result.artifacts["web/book-lists.html"].decode()
    assert '<a href="beams.html#fig-beam"><span class="number">1.1</span>' in page
    assert "book-lists.html" in result.artifacts["web/index.html"].decode()
