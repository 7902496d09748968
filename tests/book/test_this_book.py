"""This repository's own book: one test a rule, one a part's budget, on a real build of it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import installed

from bookpress import build, outline, outputs, printers
from bookpress.build import Edition, Result
from bookpress.checks.budgets import part_extent
from bookpress.errors import ToolError
from bookpress.findings import Severity
from bookpress.listings.verify import verify
from bookpress.pagination import Proof
from bookpress.printing import preflight
from bookpress.rules import RULES
from bookpress.validators import panel

if TYPE_CHECKING:
    from bookpress.model import Part

ROOT = Path(__file__).parents[2]
BOOK = outline.load(ROOT)
SERIOUS = [code for code, rule in RULES.items() if rule.severity > Severity.NOTE]

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


@pytest.mark.parametrize("part", [p for p in BOOK.parts if p.written()], ids=lambda p: p.slug)
def test_a_part_stays_within_its_budget(part: Part, result: Result) -> None:
    assert result.pages is not None
    extent = part_extent(part, Proof(b"", result.pages, ()))

    assert part.budget is not None
    assert extent <= part.budget.maximum
    assert extent >= part.budget.minimum or not part.complete()
