from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from tests import sample_sheets
from tests.sample_sheets import WHERE, reference, sheet

from bookpress import prooftext
from bookpress.cache import Store
from bookpress.errors import BookpressError
from bookpress.formats import layout
from bookpress.formats.bind import bind
from bookpress.formats.sheets import Job, Typeset, Variant
from bookpress.formats.typeset import _work, typeset
from bookpress.model import Matter

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.formats.sheets import Sheet

LONG = "<p>page after page</p>" * 80  # three pages of thirty lines


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def set_in_print(
    store: Store, *sheets: Sheet, css: str = sample_sheets.CSS, done: list[str] | None = None
) -> Typeset:
    styles = {Variant.PRINT: sample_sheets.style(css)}
    names = [] if done is None else done
    return typeset(sheets, styles, store, workers=1, progress=names.append)[Variant.PRINT]


def text_of(store: Store, *sheets: Sheet, css: str = sample_sheets.CSS) -> tuple[str, ...]:
    made = set_in_print(store, *sheets, css=css)
    proof = bind(made, sample_sheets.METADATA, sample_sheets.DATE, store)
    return prooftext.page_texts(proof.pdf)


def test_every_sheet_opens_on_a_recto(store: Store) -> None:
    made = set_in_print(store, sheet("a", "<p>a</p>"), sheet("b", "<p>b</p>"))

    assert [(extent.first, extent.pages) for extent in made.pages.extents] == [(1, 2), (3, 2)]


def test_front_matter_has_roman_folios_and_the_body_begins_with_1(store: Store) -> None:
    front = sheet("preface", "<p>a</p>", Matter.FRONT)

    made = set_in_print(store, front, sheet("a", "<p>a</p>"), sheet("b", "<p>b</p>", Matter.BACK))

    assert made.pages.folios == ("i", "ii", "1", "2", "3", "4")


def test_openers_blanks_and_bare_sheets_carry_no_head_and_no_folio(store: Store) -> None:
    bare = replace(sheet("bare", LONG), bare=True)

    pages = text_of(store, sheet("plain", LONG), bare)

    stamped = ["The Part" in page or "Plain" in page for page in pages]
    assert stamped == [False, True, True, False, False, False, False, False]


def test_a_folio_stands_on_the_page_it_counts(store: Store) -> None:
    pages = text_of(store, sheet("plain", LONG))

    assert pages[1].split()[-1] == "2"
    assert pages[2].split()[-1] == "3"


def test_a_page_number_is_that_of_its_target(store: Store) -> None:
    pages = text_of(
        store, sheet("a", f"<p>{reference('b.html#end', 'The end')}</p>"),
        sheet("b", f'{LONG}<p id="end">end</p>'),
    )  # fmt: skip

    assert "The end on page 5" in pages[0]
    assert "end" in pages[4].split()


def test_a_page_number_takes_roman_figures_from_front_matter(store: Store) -> None:
    front = sheet("preface", f'{LONG}<p id="end">end</p>', Matter.FRONT)

    pages = text_of(store, front, sheet("a", f"<p>{reference('preface.html#end', 'See')}</p>"))

    assert "See on page iii" in pages[4]


def test_an_index_entry_names_a_page_once(store: Store) -> None:
    targets = ("b.html#one", "b.html#two", "b.html#three")
    links = ", ".join(f'<a href="{name}" data-page="{name}">0</a>' for name in targets)
    body = f'<p id="one">1</p><p id="two">2</p>{LONG}<p id="three">3</p>'

    pages = text_of(store, sheet("b", body), sheet("index", f"<p>entry {links}.</p>"))

    assert "entry 1, 3." in pages[4]


def test_an_index_entry_names_a_run_of_pages_by_its_ends(store: Store) -> None:
    body = "".join(
        f'<p id="p{page}" style="break-before: page">{page}</p>' for page in (1, 2, 3, 5, 6)
    ).replace('<p id="p5"', '<p style="break-before: page">4</p><p id="p5"')
    links = ", ".join(
        f'<a href="b.html#p{page}" data-page="b.html#p{page}">0</a>' for page in (1, 2, 3, 5, 6)
    )

    pages = text_of(store, sheet("b", body), sheet("index", f"<p>entry {links}.</p>"))

    assert "entry 1–3, 5, 6." in pages[6]


def test_an_edit_that_moves_pages_sets_no_other_sheet_anew(store: Store) -> None:
    other = sheet("b", f"<p id='x'>{reference('b.html#x', 'Here')}</p>")
    set_in_print(store, sheet("a", LONG), other)
    done: list[str] = []

    set_in_print(store, sheet("a", LONG * 2), other, done=done)

    assert done == ["a"]


def test_nothing_is_set_twice(store: Store) -> None:
    sheets = (sheet("a", LONG), sheet("b", f"<p>{reference('a.html#a', 'a')}</p>"))
    first = set_in_print(store, *sheets)
    done: list[str] = []

    second = set_in_print(store, *sheets, done=done)

    assert done == []
    assert second.key == first.key


def test_more_figures_than_expected_get_their_room(store: Store) -> None:
    # A page holds far fewer of these lines than the castoff thinks: 9 pages become some 13.
    far = sheet("a", f"<div style='line-height: 30pt'>{LONG}{LONG}</div><p id='far'>far</p>")

    pages = text_of(store, sheet("b", f"<p>{reference('a.html#far', 'It')}, no</p>"), far)

    number = next(i for i, page in enumerate(pages, 1) if "far" in page.split())
    assert number >= 10
    assert f"It on page {number}, no" in pages[0]


def test_a_dead_page_reference_is_reported_where_it_stands(store: Store) -> None:
    link = (
        '<p data-pos="manuscript/a.md@7:3-7:9"><a href="b.html#no" data-page="b.html#no">0</a></p>'
    )

    [finding] = set_in_print(store, sheet("a", link)).findings

    assert (finding.code, str(finding.where)) == ("L009", "manuscript/a.md:7:3")
    assert "b.html#no" in finding.message


def test_a_dead_link_within_a_sheet_is_reported_once(store: Store) -> None:
    [finding] = set_in_print(store, sheet("a", '<p><a href="#no">no</a></p>')).findings

    assert (finding.code, str(finding.where)) == ("L009", "manuscript/a.md:1:1")


def test_a_missing_glyph_is_reported_with_its_code_point(store: Store) -> None:
    snowman = '<p>a</p><p data-pos="manuscript/a.md@9:1-9:4">☃</p>'

    [finding] = set_in_print(store, sheet("a", snowman)).findings

    assert (finding.code, str(finding.where)) == ("T004", "manuscript/a.md:9:1")
    assert "'☃' (U+2603)" in finding.message


def test_no_font_of_the_machine_is_found(store: Store) -> None:
    words = '<p style="font-family: DejaVu Sans" data-pos="a.md@2:1-2:2">words</p>'

    [finding] = set_in_print(store, sheet("a", words)).findings

    assert (finding.code, str(finding.where)) == ("T004", "a.md:2:1")
    assert "'DejaVu Sans'" in finding.message


def test_programs_that_are_started_later_keep_the_fonts_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "theirs.conf")

    layout.no_fonts()

    assert os.environ["FONTCONFIG_FILE"] == "theirs.conf"


def test_what_is_wider_than_the_type_area_is_reported(store: Store) -> None:
    wide = f'<p>a</p><pre data-pos="a.md@4:1-4:9">{"x" * 100}</pre>'

    [finding] = set_in_print(store, sheet("a", wide)).findings

    # 100 characters of 0.6 em at 8 pt are 480 pt; the type area has 360 - 45 - 54 = 261.
    assert (finding.code, str(finding.where)) == ("T002", "a.md:4:1")
    assert "219.0 pt beyond the right" in finding.message


def test_what_the_typesetter_logs_is_a_finding(store: Store) -> None:
    picture = '<figure data-pos="a.md@3:1-3:9"><img src="images/no.png" alt="none"/></figure>'

    [finding] = set_in_print(store, sheet("a", picture)).findings

    assert (finding.code, str(finding.where)) == ("T003", "a.md:3:1")
    assert "images/no.png" in finding.message


def test_a_mistake_in_the_style_is_reported_once_and_not_by_sheet(store: Store) -> None:
    css = sample_sheets.CSS + "p { colour: red }"

    [finding] = set_in_print(
        store, sheet("a", "<p>a</p>"), sheet("b", "<p>b</p>"), css=css
    ).findings

    assert (finding.code, finding.where.path) == ("T003", PurePosixPath("styles/print.css"))
    assert "colour" in finding.message


def test_a_short_line_in_mid_paragraph_is_reported(store: Store) -> None:
    block = '<span style="display: inline-block; width: 199pt"></span>'
    text = f'<p style="width: 200pt" data-pos="a.md@5:1-6:1">a {block} b {block} c</p>'

    [finding] = set_in_print(store, sheet("a", text)).findings

    assert (finding.code, str(finding.where)) == ("T005", "a.md:5:1")
    assert "'a'" in finding.message


def test_variants_that_break_pages_otherwise_are_refused(store: Store) -> None:
    styles = {
        Variant.PRINT: sample_sheets.style(),
        Variant.SCREEN: sample_sheets.style(sample_sheets.CSS + "p { margin-bottom: 60pt }"),
    }

    with pytest.raises(BookpressError, match="a breaks its pages otherwise in the screen edition"):
        typeset((sheet("a", LONG),), styles, store, workers=1)


def test_numbers_that_go_back_and_forth_come_to_rest(store: Store) -> None:
    # Two lines are left on page 9. With "9" the paragraph has three lines, which cannot be divided,
    # and moves to page 10; with "10" it has four, two of which stay on page 9.
    filler = '<div style="height: 430pt; break-after: page"></div>'
    line = '<span style="display: inline-block; width: 99pt"></span> '
    own = '<a href="#t" data-page="#t">0</a>'
    paragraph = f'<p id="t" style="width: 100pt">{line * 2}{line.replace("99", "92")[:-1]}{own}</p>'
    body = f'{filler * 8}<div style="height: 392pt"></div>{paragraph}'

    made = set_in_print(store, sheet("a", body))

    assert made.pages.page("a", "t") == 9
    [number] = made.sections[0].pages.numbers
    assert number.cells == 2


def test_numbers_that_do_not_settle_are_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookpress.formats.typeset.MOST_PASSES", 1)
    far = sheet("b", f'{LONG}<p id="end">end</p>')
    near = sheet("a", f"<p>{reference('b.html#end', 'The end')}</p>")

    with pytest.raises(
        BookpressError, match=r"not settle in 1 passes: b.html#end \(page 4, then 5"
    ):
        set_in_print(store, near, far)


def test_a_failing_sheet_is_named(tmp_path: Path) -> None:
    job = Job("a", "", "", {"no": tmp_path / "no"}, {}, WHERE, WHERE, tagged=False)

    with pytest.raises(FileNotFoundError) as caught:
        _work(((Variant.PRINT, "a"), job, tmp_path / "made"))

    assert caught.value.__notes__ == ["while setting the sheet a (book.yml:1:1)"]


def test_blank_pages_inside_a_sheet_stay_blank(store: Store) -> None:
    body = '<p>a</p><section style="break-before: right"><p>b</p></section>'

    pages = text_of(store, sheet("a", body))

    assert [page.strip() != "" for page in pages] == [True, False, True, False]


@pytest.mark.slow
def test_the_text_before_an_inline_element_fills_its_line(store: Store) -> None:
    # WeasyPrint 70.0 by itself leaves one word on a line when the last space alone does not fit.
    words = "line face note spine cloth proof line recto gutter board line"
    sheets = (
        sheet(f"w{tenth}", f'<p style="width: {200 + tenth / 10}pt; hyphens: none">{words} '
              f"<span>sheet</span> end of the paragraph, more than a line of it.</p>")
        for tenth in range(0, 600, 7)
    )  # fmt: skip

    made = set_in_print(store, *sheets)

    assert [finding for finding in made.findings if finding.code == "T005"] == []
