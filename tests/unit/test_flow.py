"""The layout report: each break that readers stumble on is provoked by a style that allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import sample_sheets
from tests.sample_sheets import sheet

from bookpress.cache import Store
from bookpress.formats.sheets import Variant
from bookpress.formats.typeset import typeset
from bookpress.pagination import Block

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.findings import Finding
    from bookpress.formats.sheets import Typeset

# The type area is 261 by 432 pt: thirty lines of 14 pt.
LINE = "<p>a line of text</p>"
HERE = 'data-pos="manuscript/a.md@7:1-9:1"'
PLACE = "manuscript/a.md:7:1"
HEADING = f'<h2 {HERE} style="break-after: auto; margin: 0; font: 10pt/14pt Serif">Head</h2>'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def set_body(store: Store, body: str) -> Typeset:
    styles = {Variant.PRINT: sample_sheets.style()}
    return typeset((sheet("a", body),), styles, store, workers=1)[Variant.PRINT]


def findings(store: Store, body: str) -> tuple[Finding, ...]:
    return set_body(store, body).findings


def said(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.where)) for finding in found]


@pytest.mark.parametrize(("above", "wanted"), [(27, []), (28, ["T010"]), (29, ["T010"])])
def test_a_heading_needs_two_lines_below_it_on_its_page(
    above: int, wanted: list[str], store: Store
) -> None:
    found = findings(store, LINE * above + HEADING + LINE * 12)

    assert said(found) == [(code, PLACE) for code in wanted]


def test_a_heading_with_nothing_below_it_at_the_end_of_a_chapter_is_stranded(store: Store) -> None:
    [finding] = findings(store, LINE * 5 + HEADING)

    assert finding.code == "T010"
    assert "“Head” stands at the foot of a page with 0 lines" in finding.message


@pytest.mark.parametrize(("above", "lines", "wanted"), [(29, 4, 1), (26, 5, 1), (28, 4, 0)])
def test_a_listing_leaves_no_single_line_before_or_after_a_break(
    above: int, lines: int, wanted: int, store: Store
) -> None:
    style = 'style="margin: 0; orphans: 1; widows: 1; line-height: 14pt"'
    code = "\n".join("x" * lines)

    found = findings(store, f"{LINE * above}<pre {HERE} {style}>{code}</pre>{LINE * 9}")

    assert said(found) == ([("T011", PLACE)] * wanted)


def test_a_caption_stands_on_the_page_of_its_listing(store: Store) -> None:
    code = '<pre style="margin: 0; line-height: 14pt; break-before: page">x\nx</pre>'
    figure = f'<figure {HERE} style="margin: 0"><figcaption>Listing</figcaption>{code}</figure>'

    [finding] = findings(store, f"{LINE * 29}{figure}{LINE * 9}")

    assert (finding.code, str(finding.where)) == ("T011", PLACE)
    assert "into 0 and 2 lines" in finding.message


@pytest.mark.parametrize(("lines", "wanted"), [(10, ["T012"]), (11, [])])
def test_a_page_before_a_break_is_a_third_full(lines: int, wanted: list[str], store: Store) -> None:
    body = f'{LINE * (lines - 1)}<p {HERE}>last</p><div style="break-before: page">{LINE * 6}</div>'

    assert said(findings(store, body)) == [(code, PLACE) for code in wanted]


def test_a_last_page_of_few_lines_is_noted(store: Store) -> None:
    [finding] = findings(store, f"{LINE * 30}<p {HERE}>a</p>{LINE * 3}")

    assert (finding.code, str(finding.where)) == ("T017", PLACE)
    assert "has 4 lines" in finding.message


def test_a_short_chapter_of_one_page_is_no_short_page(store: Store) -> None:
    assert findings(store, f"<p {HERE}>a</p>") == ()


def test_a_footnote_that_moved_to_the_next_page_is_reported(store: Store) -> None:
    call = f"<p {HERE}>text<book-note>{'a long note ' * 12}</book-note> goes on</p>"

    found = findings(store, LINE * 29 + call + LINE * 9)

    assert said(found) == [("T013", PLACE)]


def test_a_ladder_of_hyphens_is_reported(store: Store) -> None:
    words = "internationalisation " * 6

    found = findings(store, f'<p {HERE} lang="en" style="width: 50pt">{words}</p>')

    assert ("T014", PLACE) in said(found)


def test_two_hyphens_in_a_row_are_allowed(store: Store) -> None:
    words = "a-<br/>a-<br/>word<br/>a-<br/>end"

    assert findings(store, f'<p {HERE} style="text-align: left">{words}</p>') == ()


def test_a_loose_line_is_reported(store: Store) -> None:
    text = "one two incomprehensibilities and an end"

    found = findings(store, f'<p {HERE} style="width: 95pt; hyphens: none">{text}</p>')

    [loose] = [finding for finding in found if finding.code == "T015"]
    assert str(loose.where) == PLACE
    assert "times as wide as they should be: “one two”" in loose.message


def test_words_that_run_out_of_their_cell_are_reported(store: Store) -> None:
    cells = "<td>incomprehensibilities</td><td>b</td>"
    style = 'style="table-layout: fixed; width: 100pt; hyphens: none"'

    [finding] = findings(store, f"<table {HERE} {style}><tr>{cells}</tr></table>")

    assert (finding.code, str(finding.where)) == ("T018", PLACE)
    assert "beyond its box" in finding.message


@pytest.mark.parametrize(("above", "edge"), [(29, "foot"), (27, "head")])
def test_a_line_alone_on_a_page_is_reported(above: int, edge: str, store: Store) -> None:
    text = "one<br/>two<br/>three<br/>four"

    style = 'style="orphans: 1; widows: 1; text-align: left"'

    [finding] = findings(store, f"{LINE * above}<p {HERE} {style}>{text}</p>{LINE * 9}")

    assert (finding.code, str(finding.where)) == ("T016", PLACE)
    assert f"at the {edge} of a page" in finding.message


def test_the_pages_of_a_paragraph_are_known(store: Store) -> None:
    text = "<br/>".join("abcd")

    pages = set_body(store, f"{LINE * 28}<p {HERE}>{text}</p>{LINE * 9}").pages

    [block] = pages.blocks
    assert block == Block(block.path, 7, 8, 1, 2)
    assert str(block.path) == "manuscript/a.md"
