from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bookpress.formats import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

weasyprint: Any = vars(layout)["weasyprint"]  # as the press has set it up
PX_PER_PT = 4 / 3
BASELINE, HEAD = 14, 58
FONT = Path(__file__).parents[2] / "styles/fonts/SourceSerif4SmText-Regular.ttf"
STYLE = f"""
    @font-face {{ font-family: serif4; src: url("{FONT.as_uri()}") }}
    @page {{ size: 300pt 198pt; margin: {HEAD}pt 20pt 0 }}
    :root {{ --baseline: {BASELINE}pt; --margin-head: {HEAD}pt }}
    html {{ font: 10pt/{BASELINE}pt serif4 }}
    * {{ --block-step: none }}
    body, p, figure, pre {{ margin: 0; font-family: serif4 }}
"""


def pages(style: str, body: str) -> list[Any]:
    """The boxes of the pages that WeasyPrint makes, the press having changed it."""
    fonts = layout.no_fonts()
    css = weasyprint.CSS(string=STYLE + style, font_config=fonts)
    document = weasyprint.HTML(string=body).render(stylesheets=[css], font_config=fonts)
    return [page._page_box for page in document.pages]  # noqa: SLF001


def boxes(box: Any, kind: str) -> Iterator[Any]:  # noqa: ANN401
    for child in getattr(box, "children", ()):
        if type(child).__name__ == kind:
            yield child
        yield from boxes(child, kind)


def tops(style: str, body: str) -> dict[str, float]:
    """How many points below the head margin the line that reads so begins, by its text."""
    return {
        line.children[0].text: round(line.position_y / PX_PER_PT - HEAD, 2)
        for page in pages(style, body)
        for line in boxes(page, "LineBox")
    }


def test_text_below_a_block_of_any_height_stands_on_the_grid() -> None:
    style = "figure { --block-step: start; height: 33pt }"

    lines = tops(style, "<p>above</p><figure></figure><p>below</p>")

    assert lines == {"above": 0, "below": 14 + 33 + 9}


@pytest.mark.parametrize(("value", "above"), [("start", 0), ("center", 4.5), ("end", 9)])
def test_the_value_says_where_the_block_stands_in_its_rounded_height(
    value: str, above: float
) -> None:
    style = f"figure {{ --block-step: {value}; padding-bottom: 19pt }} p {{ --block-step: none }}"

    lines = tops(style, "<p>above</p><figure><p>figure</p></figure><p>below</p>")

    assert lines == {"above": 0, "figure": 14 + above, "below": 14 + 33 + 9}


@pytest.mark.parametrize(("value", "top"), [("start", 0), ("center", 0), ("end", 9)])
def test_at_the_top_of_a_page_only_what_stands_close_to_its_text_moves(
    value: str, top: float
) -> None:
    style = f"figure {{ --block-step: {value}; padding-bottom: 19pt }} p {{ --block-step: none }}"

    lines = tops(style, "<figure><p>figure</p></figure><p>below</p>")

    assert lines == {"figure": top, "below": 33 + 9}


def test_margins_that_collapse_count_once() -> None:
    style = "figure { --block-step: start; height: 10pt; margin: 7pt 0 5pt } p { margin: 3pt 0 }"

    lines = tops(style, "<p>above</p><figure></figure><p>below</p>")

    assert lines == {"above": 3, "below": 3 + 14 + 7 + 10 + 8}


def test_a_box_beside_the_words_of_a_heading_moves_nothing() -> None:
    style = """
        h3 { --block-step: end; font: 10pt/14pt serif4; margin: 5pt 0 3pt }
        h3.noted::before { content: "note"; position: absolute; left: -15pt }
    """

    plain = tops(style, "<p>above</p><h3>head</h3><p>below</p>")
    noted = tops(style, "<p>above</p><h3 class='noted'>head</h3><p>below</p>")

    del noted["note"]
    assert noted == plain


def test_a_block_without_a_step_is_left_alone() -> None:
    lines = tops("figure { height: 33pt }", "<p>above</p><figure></figure><p>below</p>")

    assert lines["below"] == 14 + 33


def test_the_frame_of_a_split_listing_ends_with_its_last_line() -> None:
    style = "pre { box-decoration-break: clone; padding: 5pt; border: 1pt solid; orphans: 2 }"

    first, _ = pages(style, f"<pre>{chr(10).join('abcdefghijklm')}</pre>")

    [frame] = [box for box in boxes(first, "BlockBox") if box.element_tag == "pre"]
    assert frame.height == pytest.approx(len(frame.children) * BASELINE * PX_PER_PT)


def test_the_frame_ends_with_its_last_line_where_what_follows_moves_lines_to_the_next_page() -> (
    None
):
    style = "pre { box-decoration-break: clone; orphans: 3; widows: 3 } p { break-before: avoid }"
    body = f"<pre>{chr(10).join('abcdefghij')}</pre><p>stays with the listing</p>"

    first, _ = pages(style, body)

    [frame] = [box for box in boxes(first, "BlockBox") if box.element_tag == "pre"]
    assert frame.height == pytest.approx(7 * BASELINE * PX_PER_PT)
