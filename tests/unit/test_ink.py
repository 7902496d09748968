from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath

import pikepdf
import pytest
from PIL import Image

from bookpress.findings import Position
from bookpress.formats.ink import in_black
from bookpress.formats.layout import lay_out
from bookpress.formats.sheets import Job
from bookpress.printing import inks

HERE = Position(PurePosixPath("manuscript/one.md"))
STYLES = Path(__file__).parents[2] / "styles"
FONTS = {f"fonts/{path.name}": path for path in (STYLES / "fonts").glob("*.ttf")}
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="9" height="9"/>'
    b'<path d="M9 9h30" stroke="#000" stroke-width="1.1" fill="none"/>'
    b'<rect x="40" width="20" height="20" fill="#e0e0e0" style="stroke: black"/>'
    b'<text x="9" y="20" text-anchor="middle" font-family="Source Sans 3">lock</text></svg>'
)


def photograph(mode: str, colour: object, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (30, 30), colour).save(made, kind)  # type: ignore[arg-type]  # as the mode wants
    return made.getvalue()


def coloured(picture: bytes) -> float:
    """How much of a page with a picture takes cyan, magenta or yellow."""
    html = "<!DOCTYPE html><html lang='en'><title>t</title><body><img src='a.png' alt='a'/></body>"
    # Without any font Pango puts the line, and the picture with it, somewhere at random.
    fonts = (STYLES / "fonts.css").read_text() + "html { font-family: 'Source Sans 3' }"
    css = fonts + "@page { size: 90pt; margin: 0 } img { image-rendering: crisp-edges }"
    job = Job("one", html, css, FONTS, {"a.png": picture}, HERE, HERE, tagged=False)
    pages = lay_out(job)
    assert pages.findings == ()
    [page] = inks.measure(pages.pdf)
    return page.coloured


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
    assets = {"a.svg": b'<svg fill="none"><use href="#abc"/></svg>', "b.css": b'fill="#000"'}

    assert in_black(assets) == assets


@pytest.mark.parametrize(
    ("picture", "grey"),
    [
        (photograph("RGB", (255, 0, 0)), 54),  # 0.2126 * 255
        (photograph("RGBA", (0, 0, 0, 0)), 255),  # nothing is there but paper
        (photograph("LA", (0, 128)), 127),  # half of black and half of paper
        (photograph("P", 0), 0),
        (photograph("I;16", 32768), 128),
        (photograph("CMYK", (0, 0, 0, 255), "JPEG"), 0),
    ],
    ids=["colour", "transparent", "half transparent", "palette", "16 bits", "four inks"],
)
def test_a_photograph_becomes_as_grey_as_it_looks_on_paper(picture: bytes, grey: int) -> None:
    [made] = in_black({"a.png": picture}).values()

    with Image.open(io.BytesIO(made)) as image:
        assert image.mode == "L"
        assert image.getpixel((9, 9)) == pytest.approx(grey, abs=1)


def test_a_photograph_that_is_grey_already_keeps_its_bytes() -> None:
    plain = photograph("L", 90, "JPEG")

    assert in_black({"a.jpg": plain}) == {"a.jpg": plain}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not inks.installed(), reason="Ghostscript is not installed")
def test_a_photograph_is_printed_with_one_ink() -> None:
    red = photograph("RGBA", (200, 30, 30, 200))
    [made] = in_black({"a.png": red}).values()

    assert coloured(red) > 0
    assert coloured(made) == 0


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
