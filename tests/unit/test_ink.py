from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath

import pikepdf
import pytest

from bookpress.findings import Position
from bookpress.formats.ink import in_black
from bookpress.formats.layout import lay_out
from bookpress.formats.sheets import Job

HERE = Position(PurePosixPath("manuscript/one.md"))
STYLES = Path(__file__).parents[2] / "styles"
FONTS = {f"fonts/{path.name}": path for path in (STYLES / "fonts").glob("*.ttf")}
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="9" height="9"/>'
    b'<path d="M9 9h30" stroke="#000" stroke-width="1.1" fill="none"/>'
    b'<rect x="40" width="20" height="20" fill="#e0e0e0" style="stroke: black"/>'
    b'<text x="9" y="20" text-anchor="middle" font-family="Source Sans 3">lock</text></svg>'
)


def forms(drawing: bytes) -> dict[bytes, bool]:
    """What is painted on a page with a drawing, and whether it is a transparency group."""
    html = (
        "<!DOCTYPE html><html lang='en'><head><title>t</title></head>"
        "<body><img src='a.svg' alt='a drawing'/></body></html>"
    )
    css = (STYLES / "fonts.css").read_text()
    job = Job("one", html, css, FONTS, {"a.svg": drawing}, HERE, HERE, tagged=False)
    with pikepdf.open(io.BytesIO(lay_out(job).pdf)) as pdf:
        [page] = pdf.pages
        objects = [page.Contents, *dict(page.Resources.get("/XObject", {})).values()]
        return {item.read_bytes(): "/Group" in item for item in objects}


def colour_spaces(drawing: bytes) -> set[str]:
    painted = b" ".join(forms(drawing))
    return {name.decode() for name in re.findall(rb"(rg|RG|DeviceCMYK)\b", painted)}


@pytest.mark.parametrize(
    ("colour", "tint"),
    [("#000", "1"), ("black", "1"), ("#fff", "0"), ("#f2f2f2", "0.051"), ("#e0e0e0", "0.122"),
     ("#ff0000", "0.787"), ("currentColor", "1"), ("Grey", "0.498")],
)  # fmt: skip
def test_a_colour_becomes_the_tint_of_black_that_looks_as_bright(colour: str, tint: str) -> None:
    written = in_black({"a.svg": f'<svg fill="none"><rect fill="{colour}"/></svg>'.encode()})

    assert f'<rect fill="device-cmyk(0 0 0 {tint})"/>' in written["a.svg"].decode()


def test_what_has_no_fill_of_its_own_is_black_ink_too() -> None:
    [written] = in_black({"a.svg": b"<svg viewBox='0 0 1 1'><rect/></svg>"}).values()

    assert written.startswith(b'<svg fill="device-cmyk(0 0 0 1)" viewBox')


def test_identifiers_and_other_files_keep_their_bytes() -> None:
    assets = {"a.svg": b'<svg fill="none"><use href="#abc"/></svg>', "b.png": b'fill="#000"'}

    assert in_black(assets) == assets


# WeasyPrint 70 leaves the file of its colour profile open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_drawing_in_black_paints_no_colour_of_the_screen() -> None:
    [drawing] = in_black({"a.svg": DRAWING}).values()

    before, after = colour_spaces(DRAWING), colour_spaces(drawing)

    assert (before, after) == ({"rg", "RG"}, {"DeviceCMYK"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("opacity", "groups"), [("1", False), ("0.5", True)])
def test_only_where_something_shines_through_is_anything_blended(
    opacity: str, *, groups: bool
) -> None:
    drawing = DRAWING.replace(b"<text ", f'<text opacity="{opacity}" '.encode())

    painted = forms(drawing)

    assert any(painted.values()) is groups
