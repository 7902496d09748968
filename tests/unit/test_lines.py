"""Lines ended by the widths of words and painted from memory, beside WeasyPrint's own."""

from __future__ import annotations

import gc
import io
import re
from typing import TYPE_CHECKING

import pikepdf
import pytest
from tests import sample_sheets

from bookpress.cache import Store
from bookpress.formats import firstlines, glyphruns
from bookpress.formats.layout import lay_out
from bookpress.formats.sheets import Variant
from bookpress.formats.typeset import _Dressed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bookpress.formats.sheets import Pages

# WeasyPrint leaves its colour profile open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EM, POINTS_A_PIXEL = 1000, 0.75
MEASURE_PT = 360 - 54 - 45
PROSE = (
    "The gauge at Upper Fen says 1.42 m, which is well-known, co-ordinated and not at all "
    "extraordinary; “responsibility” (the word) is divided—or is it?—where the measure asks. "
)
LONG = PROSE * 3
BODY = (
    f"<p>{LONG}</p><p>{PROSE}<em>Set {PROSE}</em> in <code>uv run --locked ty</code>, {LONG}</p>"
    f'<p style="text-align: left">{LONG}</p><p style="word-spacing: .1em">{LONG}</p>'
    f'<p style="letter-spacing: .05em">{LONG}</p><p style="width: 31pt">{PROSE}</p>'
    f"<p>{LONG.replace('which', 'which&#173;ever')}</p><p>{LONG.replace(' the ', ' the&#160;')}</p>"
    "<pre><code>def one(page):\n\n    return page  <b># listing</b>\n\twith a tab\nend</code></pre>"
    f'<p lang="de">{LONG}</p><p><small>{LONG}</small> <u>{LONG}</u></p>'
)


@pytest.fixture(autouse=True)
def _collect_garbage_again() -> Iterator[None]:
    yield
    gc.enable()


def pages_of(tmp_path: Path, body: str) -> Pages:
    dressed = _Dressed(Variant.PRINT, sample_sheets.style(), Store(tmp_path))
    sheet = sample_sheets.sheet("one", body)
    return lay_out(dressed.job(sheet, sheet.html))


def test_widths_of_words_lead_to_the_same_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    end = firstlines.Finder.end

    def noted(*given: object) -> object:
        found.append(end(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(firstlines.Finder, "end", noted)
    ours = pages_of(tmp_path, BODY)
    monkeypatch.setattr(firstlines.Finder, "end", lambda *_: None)
    theirs = pages_of(tmp_path, BODY)

    assert ours == theirs
    assert sum(line is not None for line in found) > len(found) / 3
    assert any(line.hyphen for line in found if line)


@pytest.mark.parametrize("width", [f"{tenth / 10:.1f}pt" for tenth in range(900, 1900, 111)])
def test_they_do_at_any_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    body = f'<p style="width: {width}">{LONG}</p>'

    ours = pages_of(tmp_path, body)
    monkeypatch.setattr(firstlines.Finder, "end", lambda *_: None)

    assert ours == pages_of(tmp_path, body)


def test_kept_lines_show_the_same_glyphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = pages_of(tmp_path, BODY)
    painted = [list(shown) for _, shown in lines(ours)]
    monkeypatch.setattr(glyphruns.Painter, "paint", lambda *_: False)
    theirs = pages_of(tmp_path, BODY)

    assert ours.pdf != theirs.pdf  # or nothing was painted our way
    assert painted == [list(shown) for _, shown in lines(theirs)]
    assert ours.faces == theirs.faces


def test_a_justified_line_ends_at_the_measure(tmp_path: Path) -> None:
    ends = [end for end, _ in lines(pages_of(tmp_path, f"<p>{LONG}</p>"))][:-1]

    assert len(ends) > 4
    assert max(abs(end - MEASURE_PT) for end in ends) < 0.01


def test_a_sheet_that_is_no_xml_is_read_as_html(tmp_path: Path) -> None:
    html, xml = "<p>one<br>two&nbsp;three<p>four", "<p>one<br/>two&#160;three</p><p>four</p>"

    assert pages_of(tmp_path, html) == pages_of(tmp_path, xml)


def lines(pages: Pages) -> Iterator[tuple[float, list[int]]]:
    """The width of every line painted, in points, and its glyphs: ISO 32000-1, 9.4."""
    assert pages.pdf
    with pikepdf.open(io.BytesIO(pages.pdf)) as pdf:
        contents = b"\n".join(page.Contents.read_bytes() for page in pdf.pages)
    font, size, width, glyphs = "", 0.0, 0.0, list[int]()
    for operator in re.finditer(rb"/(\w+) (\S+) Tf|\[(.*?)\] TJ|( Tm|ET)\b", contents):
        if operator[1]:
            font, size = operator[1].decode(), float(operator[2])
        elif operator[4]:
            if glyphs:
                yield width, glyphs
            width, glyphs = 0.0, []
        for shown, kerning in re.findall(rb"<(\w*)>|(-?[\d.]+)", operator[3] or b""):
            numbers = [int(shown[start : start + 4], 16) for start in range(0, len(shown), 4)]
            glyphs += numbers
            advance = sum(pages.faces[font].widths[glyph] for glyph in numbers)
            width += (advance - float(kerning or 0)) * size / EM * POINTS_A_PIXEL
