"""Reports of validators -> verdicts, without starting one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bookpress.errors import ToolError
from bookpress.validators import ace, browser, epubcheck, lychee, nu, parsers, verapdf
from bookpress.validators.verdict import Complaint


def epubcheck_report(*messages: dict[str, Any], **counts: int) -> dict[str, Any]:
    checker = {"checkerVersion": "5.3.0", "nFatal": 0, "nError": 0, "nWarning": 0, **counts}
    return {"checker": checker, "messages": list(messages)}


def message(severity: str, code: str, **place: object) -> dict[str, Any]:
    return {"severity": severity, "ID": code, "message": "said", "locations": [place]}


def test_a_warning_of_epubcheck_is_a_complaint_at_its_place() -> None:
    said = message("WARNING", "RSC-017", path="EPUB/a.xhtml", line=5, column=9)

    verdict = epubcheck.read(epubcheck_report(said, nWarning=1))

    assert verdict.complaints == (Complaint("WARNING RSC-017: said", "EPUB/a.xhtml", 5, 9),)
    assert verdict.figure == "0 fatals, 0 errors, 1 warning, 0 usages"


def test_the_usage_that_every_font_gives_is_the_only_one_allowed() -> None:
    font = message("USAGE", "CSS-028", path="EPUB/epub.css", line=4, column=14)
    other = message("USAGE", "OPF-097", path="EPUB/content.opf", line=-1, column=-1)

    verdict = epubcheck.read(epubcheck_report(font, other, nUsage=2))

    assert verdict.complaints == (Complaint("USAGE OPF-097: said", "EPUB/content.opf", 1, 1),)
    assert verdict.figure.endswith("1 usage")


def ace_report(outcome: str, missing: list[str], *violations: dict[str, Any]) -> dict[str, Any]:
    document = {"earl:testSubject": {"url": "a.xhtml"}, "assertions": list(violations)}
    return {
        "assertions": [document],
        "earl:assertedBy": {"doap:release": {"doap:revision": "1.4.6"}},
        "earl:result": {"earl:outcome": outcome},
        "a11y-metadata": {"missing": missing, "empty": []},
    }


def test_metadata_that_only_a_person_can_vouch_for_may_be_missing() -> None:
    report = ace_report("pass", ["a11y:certifiedBy", "schema:accessMode"])

    verdict = ace.read(report)

    said = Complaint("metadata schema:accessMode is missing", "EPUB/content.opf")
    assert verdict.complaints == (said,)


def test_a_violation_found_by_ace_names_rule_document_and_element() -> None:
    violation = {
        "earl:test": {"earl:impact": "critical", "dct:title": "image-alt"},
        "earl:result": {"dct:description": "Fix\n this", "earl:pointer": {"css": ["p > img"]}},
    }

    verdict = ace.read(ace_report("fail", [], violation))

    said = Complaint("critical image-alt: Fix this (p > img)", "EPUB/a.xhtml")
    assert verdict.complaints == (said,)


def test_an_outcome_of_ace_that_nothing_explains_is_a_complaint() -> None:
    verdict = ace.read(ace_report("fail", []))

    assert verdict.complaints == (Complaint("the outcome is fail"),)


VERA = "version\t1.31.50\nverdict\tua1\t106\t900\t1\n{failure}verdict\t3a\t155\t900\t0\n"


def test_a_failed_rule_of_verapdf_names_standard_clause_and_place() -> None:
    failure = "failure\tua1\t7.2-34\t3\tText has a language\troot/page[0]\n"

    verdict = verapdf.read(VERA.format(failure=failure))

    said = "PDF/UA-1 7.2-34, 3 times: Text has a language, first at root/page[0]"
    assert verdict.complaints == (Complaint(said),)
    assert verdict.version == "1.31.50"
    assert verdict.figure == "PDF/UA-1 1 failed rule of 106, PDF/A-3a 0 failed rules of 155"


def test_a_failure_that_verapdf_does_not_explain_is_a_complaint_all_the_same() -> None:
    verdict = verapdf.read(VERA.format(failure=""))

    assert verdict.complaints == (Complaint("PDF/UA-1: 1 failed rule"),)


def test_a_standard_that_verapdf_did_not_judge_is_no_pass() -> None:
    with pytest.raises(ToolError, match="no verdict for 3a"):
        verapdf.read("version\t1.31.50\nverdict\tua1\t106\t900\t0\n")


def test_qpdf_without_a_complaint_prints_only_what_it_always_prints() -> None:
    printed = (
        "checking a.pdf\nPDF Version: 1.7\nFile is not encrypted\nFile is not linearized\n"
        "No syntax or stream encoding errors found; the file may still contain\n"
        "errors that qpdf cannot detect\n"
    )

    assert parsers.read_qpdf("11.3.0", 0, printed).complaints == ()
    assert parsers.read_qpdf("11.3.0", 3, printed + "WARNING: odd\n").complaints == (
        Complaint("WARNING: odd"),
    )


def test_a_parser_that_fails_in_silence_is_a_complaint() -> None:
    assert parsers.read_qpdf("11.3.0", 2, "").complaints
    assert parsers.read_ghostscript("10.00.0", 1, "").complaints


def test_ghostscript_counts_the_pages_that_it_has_drawn() -> None:
    printed = (
        "GPL Ghostscript 10.0.0 (2022-09-21)\nProcessing pages 1 through 2.\nPage 1\nPage 2\n\n"
        "The following errors were encountered at least once while processing this file:\n"
        "\terror executing PDF token\n"
    )

    verdict = parsers.read_ghostscript("10.00.0", 0, printed)

    assert verdict.complaints == (Complaint("error executing PDF token"),)
    assert verdict.figure == "1 complaint, 2 pages drawn"


def test_an_info_of_the_nu_checker_counts(tmp_path: Path) -> None:
    said = {
        "type": "info",
        "url": f"{tmp_path.as_uri()}/a.html",
        "message": "a slash",
        "lastLine": 62,
        "firstColumn": 4,
    }

    verdict = nu.read({"version": "26.9.27 (c6ba02c)", "messages": [said]}, tmp_path)

    assert verdict.complaints == (Complaint("info: a slash", "a.html", 62, 4),)
    assert (verdict.version, verdict.figure) == ("26.9.27", "1 message")


def test_a_broken_link_is_placed_in_the_page_that_has_it(tmp_path: Path) -> None:
    failure = {
        "url": f"{tmp_path.as_uri()}/b.html#no",
        "status": {"text": "Error", "details": "no such\nfragment"},
        "span": {"line": 3, "column": 8},
    }
    report = {"total": 9, "error_map": {f"{tmp_path}/a.html": [failure]}, "timeout_map": {}}

    verdict = lychee.read(report, tmp_path, "0.24.2")

    assert verdict.complaints == (Complaint("b.html#no: no such fragment", "a.html", 3, 8),)
    assert verdict.figure == "1 broken link of 9"


def test_a_web_edition_without_a_link_is_not_one_without_a_broken_link() -> None:
    with pytest.raises(ToolError, match="found no links"):
        lychee.read({"total": 0}, Path(), "0.24.2")


def use_report(**copied: list[str]) -> dict[str, Any]:
    return {"chromium": "156", "pages": 1, "stops": 9, "copied": copied, "complaints": []}


def test_what_is_copied_is_compared_line_by_line() -> None:
    verdict = browser.read_use(use_report(a=["x = 1\ny = 2 \n"]), {"a": ("x = 1\ny = 2\n",)})

    [said] = verdict.complaints
    assert said == Complaint("button 1 copies 'y = 2 ' as line 2; the source has 'y = 2'", "a")


def test_a_listing_without_a_button_and_a_button_without_a_listing_are_complaints() -> None:
    missing = browser.read_use(use_report(), {"a": ("x\n",)})
    spare = browser.read_use(use_report(a=["x\n"]), {"a": ()})

    assert missing.complaints == (Complaint("button 1 is missing: nothing copies ['x']", "a"),)
    assert spare.complaints == (Complaint("button 1 copies what is no listing: ['x']", "a"),)


def test_a_violation_found_by_axe_counts_pages_rules_and_what_it_left_undecided() -> None:
    report = {
        "axe": "4.14.1",
        "pages": 2,
        "checks": 90,
        "undecided": 1,
        "complaints": [{"page": "a.html", "message": "serious color-contrast at 360 px"}],
    }

    verdict = browser.read_axe(report)

    assert verdict.complaints == (Complaint("serious color-contrast at 360 px", "a.html"),)
    assert verdict.figure == "1 violation on 2 pages in three views, 90 rules applied, 1 undecided"
