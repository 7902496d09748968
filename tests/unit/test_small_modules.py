"""Page map, allowances, templates, pictures, contents: small modules, one claim each or two."""

from __future__ import annotations

import json
import sys
from pathlib import Path, PurePosixPath

import pytest

from bookpress import allowances, pictures
from bookpress.errors import BookpressError
from bookpress.findings import Allowance, Finding, Position
from bookpress.formats.deferral import deferred
from bookpress.model import Book, Metadata, PageBudget, Trim
from bookpress.pagination import Extent, PageMap, roman
from bookpress.templates import Templates, markup

YML = Position(PurePosixPath("book.yml"), 9, 3)
HERE = Position(PurePosixPath("manuscript/a.md"), 4)


def book(*allowed: Allowance) -> Book:
    meta = Metadata("A: B", "", (), "en", "", "", 1, 1, "", "", "", (), {}, {}, "", "")
    return Book(meta, Trim(504, 666, 9), (), (), (), allowed, YML)


@pytest.mark.parametrize(("number", "text"), [(1, "i"), (4, "iv"), (49, "xlix"), (90, "xc")])
def test_front_matter_is_numbered_in_roman(number: int, text: str) -> None:
    assert roman(number) == text


def test_the_page_map_knows_pages_folios_and_extents() -> None:
    pages = PageMap(("i", "ii", "1", "2"), {("uv", "sec"): 3}, (Extent("uv", 3, 2),))

    assert (pages.total, pages.extent("uv"), pages.folio(pages.page("uv", "sec"))) == (4, 2, "1")
    assert json.loads(pages.to_json())["sections"][0]["anchors"] == {"sec": 3}


def test_a_budget_admits_its_ends() -> None:
    assert [PageBudget(27, 33).admits(n) for n in (26, 27, 33, 34)] == [False, True, True, False]


def test_what_is_allowed_is_left_out() -> None:
    allowed = Allowance("S002", PurePosixPath("manuscript"), "reason", YML)

    left = allowances.settle(book(allowed), [Finding(HERE, "S002", "m")], frozenset("S"))

    assert [f.code for f in left] == ["A002"]  # the folder is no file of this empty book


def test_an_allowance_of_another_family_is_not_called_unused() -> None:
    allowed = Allowance("T002", YML.path, "reason", YML)

    assert allowances.settle(book(allowed), [], frozenset("SL")) == ()
    assert [f.code for f in allowances.settle(book(allowed), [], frozenset("T"))] == ["A001"]


def test_a_title_has_a_short_form() -> None:
    meta = book().metadata

    assert (meta.short_title, meta.long_title) == ("A", "B")


def test_a_template_escapes_all_but_markup(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.j2").write_text("{{ plain }} {{ html }}", "utf-8")

    text = Templates(tmp_path).render("a.j2", plain="<b>", html=markup("<i>"))

    assert text == "&lt;b&gt; <i>"


@pytest.mark.parametrize(
    ("source", "line"), [("a\n{{ missing }}", 2), ("a\nb\n{% if %}", 3), ("{{ x", 1)]
)
def test_a_template_that_fails_says_where(source: str, line: int, tmp_path: Path) -> None:
    folder = tmp_path / "styles"
    (folder / "templates").mkdir(parents=True)
    (folder / "templates/a.j2").write_text(source, "utf-8")

    with pytest.raises(BookpressError) as caught:
        Templates(folder).render("a.j2")

    assert str(caught.value).startswith(f"styles/templates/a.j2:{line}:1: template: ")


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        (".gif", b"GIF89a", ".gif is none of"),
        (".png", b"no picture", "cannot be read as an image"),
        (".svg", b"<svg", "is not well-formed"),
        (".svg", b'<!DOCTYPE s [<!ENTITY a "b">]><s/>', "declares entities"),
        (".svg", b'<svg><image href="https://a.org/b.png"/></svg>', "refers to another file"),
        (".svg", b'<svg><use href="#own"/></svg>', ""),
    ],
)
def test_a_picture_that_no_edition_can_show_has_a_fault(name: str, data: bytes, fault: str) -> None:
    found = pictures.examine(name, data)

    assert found.fault.startswith(fault)
    assert bool(found.fault) == bool(fault)


def test_a_deferred_module_is_loaded_when_it_is_called_and_others_get_the_real_one() -> None:
    sys.modules.pop("colorsys", None)

    with deferred({"colorsys": ("rgb_to_hsv",)}):
        import colorsys as later  # noqa: PLC0415  (what is tested)

    assert "colorsys" not in sys.modules
    assert later.rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
    assert sys.modules["colorsys"] is not later


def test_a_module_that_is_loaded_already_is_not_deferred() -> None:
    with deferred({"json": ("loads",)}):
        assert sys.modules["json"] is json
