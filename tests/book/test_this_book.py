"""This repository's own book: one test a rule, one a part's budget, on a real build of it."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import installed

from bookpress import build, outline, outputs, printers, prooftext
from bookpress.build import Edition, Result
from bookpress.checks.budgets import part_extent
from bookpress.errors import ToolError
from bookpress.findings import Severity
from bookpress.formats import pagebreaks
from bookpress.listings.verify import verify
from bookpress.pagination import Proof
from bookpress.printing import preflight
from bookpress.rules import RULES
from bookpress.validators import panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Part

ROOT = Path(__file__).parents[2]
BOOK = outline.load(ROOT)
SERIOUS = [code for code, rule in RULES.items() if rule.severity > Severity.NOTE]

PAPER_ALONE = re.compile(r"\(page\s+[\divxlc]+\)|on\s+page\s+[\divxlc]+")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def result() -> Result:
    return build.build(
        ROOT, list(Edition), modified=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), strict=True
    )


@pytest.fixture(scope="session")
def published(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editions as files, in a copy of the book."""
    root = tmp_path_factory.mktemp("this") / "book"
    shutil.copytree(ROOT / "manuscript", root / "manuscript")
    shutil.copy(ROOT / "book.yml", root)
    outputs.publish(root / "build", result.artifacts)
    return root / "build"


@pytest.mark.parametrize("name", [validator.name for validator in panel.PANEL])
def test_a_validator_has_nothing_against_the_book(name: str, published: Path) -> None:
    installed.require(name)
    members = [validator for validator in panel.PANEL if validator.name == name]

    opinions = list(panel.judge(published, BOOK.slug, list(Edition), members))

    assert opinions
    assert [opinion.verdict.complaints for opinion in opinions] == [()] * len(opinions)


@pytest.mark.parametrize("code", SERIOUS)
def test_the_book_keeps_the_rule(code: str, result: Result) -> None:
    broken = [finding for finding in result.findings if finding.code == code]

    assert broken == []


def test_every_listing_holds() -> None:
    try:
        findings = verify(ROOT, (), print)
    except ToolError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))

    assert [f for f in findings if RULES[f.code].severity > Severity.NOTE] == []


@pytest.mark.parametrize("printer", printers.names())
def test_printers_take_the_print_edition(printer: str, result: Result) -> None:
    evidence = preflight.measure(result.artifacts[f"{BOOK.slug}-print.pdf"])

    verdicts = preflight.judge(evidence, printers.load(printer))

    unknown_at_a_desk = set() if os.environ.get("CI") else {preflight.Outcome.UNKNOWN}
    taken = {preflight.Outcome.MET} | unknown_at_a_desk
    assert [verdict for verdict in verdicts if verdict.outcome not in taken] == []


def test_nearly_every_printed_page_has_its_place_in_the_epub(result: Result) -> None:
    assert result.pages is not None
    read = prooftext.page_texts(result.artifacts[f"{BOOK.slug}-print.pdf"])
    texts = [PAPER_ALONE.sub("", text) for text in read]
    printed = dict(zip(result.pages.folios, map(pagebreaks.letters, texts), strict=True))

    marked = dict(_marked(result.artifacts[f"{BOOK.slug}.epub"]))

    numbered = {folio for folio, text in printed.items() if text}
    assert marked.keys() <= numbered
    assert len(marked) >= 0.95 * len(numbered)
    stray = {f for f, begins in marked.items() if not any(b in printed[f] for b in begins)}
    assert stray == set()


def _marked(epub: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each page that the EPUB marks, and the first letters after its mark.

    None of a section's first page: its title is not painted before all else. The first word after
    a mark may be broken, and have its beginning on the page before: letters after it come as well.
    """
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode() if name.endswith(".xhtml") else ""
            text = re.sub(r"(?s)<a epub:type=.noteref.*?</a>", "", text)
            marks = re.finditer(r'role="doc-pagebreak" id="[^"]*" aria-label="(\w+)"', text)
            for number, mark in enumerate(marks):
                words = unescape(re.sub(r"<[^>]*>", " ", text[mark.end() :].partition(">")[2]))
                after = words.lstrip().partition(" ")[2]
                begins = [pagebreaks.letters(w)[:10] if number else "" for w in (words, after)]
                yield mark[1], (begins[0], begins[1])


@pytest.mark.parametrize("part", [p for p in BOOK.parts if p.written()], ids=lambda p: p.slug)
def test_a_part_stays_within_its_budget(part: Part, result: Result) -> None:
    assert result.pages is not None
    extent = part_extent(part, Proof(b"", result.pages, ()))

    assert part.budget is not None
    assert extent <= part.budget.maximum
    assert extent >= part.budget.minimum or not part.complete()
