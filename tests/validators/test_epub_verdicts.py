"""What EPUBCheck and Ace find in a sound EPUB: nothing; in broken ones: what was broken."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests import installed

from bookpress.validators import ace, epubcheck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow


def rewrite(epub: Path, broken: Path, name: str, change: Callable[[str], str]) -> None:
    """Copy an EPUB with one of its documents changed."""
    with zipfile.ZipFile(epub) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == f"EPUB/{name}":
                content = change(content.decode()).encode()
                assert content != old.read(entry), "the change changes nothing"
            new.writestr(entry, content)


def without(pattern: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, "", text, count=1, flags=re.DOTALL)


def test_epubcheck_has_nothing_to_say_about_the_clean_book(epub: Path) -> None:
    installed.require("EPUBCheck", "V001")

    verdict = epubcheck.judge(epub)

    assert verdict.complaints == ()
    assert verdict.version == "5.3.0"
    assert verdict.figure == "0 fatals, 0 errors, 0 warnings, 0 usages"


def test_epubcheck_finds_a_link_that_leads_nowhere_where_it_stands(
    epub: Path, tmp_path: Path
) -> None:
    installed.require("EPUBCheck", "V001")
    broken = tmp_path / "broken.epub"
    rewrite(epub, broken, "beams.xhtml", lambda text: re.sub('href="#[^"]+', 'href="#no', text))

    verdict = epubcheck.judge(broken)

    codes = {said.message.split(":")[0] for said in verdict.complaints}
    assert codes == {"ERROR RSC-012"}
    assert {said.path for said in verdict.complaints} == {"EPUB/beams.xhtml"}
    assert min(said.line for said in verdict.complaints) > 1


def test_ace_finds_no_violation_in_the_clean_book(epub: Path) -> None:
    installed.require("Ace", "V002")

    verdict = ace.judge(epub)

    assert verdict.complaints == ()
    assert verdict.version == "1.4.6"
    assert verdict.figure.startswith("0 violations, ")


CLAIM = '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 AA</meta></metadata>'
# EPUBCheck 5.3.0 has nothing to say about any of these.
SILENT: dict[str, tuple[str, Callable[[str], str]]] = {
    "image-alt": ("beams.xhtml", without(r' alt="[^"]*"')),
    "metadata-conformsto-invalid": (
        "content.opf",
        lambda text: text.replace("</metadata>", CLAIM),
    ),
    "epub-pagelist-missing-pagebreak": (
        "nav.xhtml",
        lambda text: re.sub(
            '(doc-pagelist".*?)<li>.*?</li>', r"\1", text, count=1, flags=re.DOTALL
        ),
    ),
    "epub-pagesource": ("content.opf", without(r'<meta property="pageBreakSource".*?</meta>')),
    "epub-type-has-matching-role": ("preface.xhtml", without(' role="doc-footnote"')),
    "epub-lang": ("content.opf", without(' xml:lang="[^"]*"')),
}


@pytest.mark.parametrize("rule", SILENT)
def test_ace_finds_what_epubcheck_is_silent_about(epub: Path, tmp_path: Path, rule: str) -> None:
    installed.require("Ace", "V002")
    broken = tmp_path / "broken.epub"
    rewrite(epub, broken, *SILENT[rule])

    verdict = ace.judge(broken)

    assert any(f" {rule}:" in said.message for said in verdict.complaints), verdict.complaints
