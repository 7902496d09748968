"""Image files -> what the press must know of them: kind, pixels, faults."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from xml.etree import ElementTree as ET

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
BRIGHTNESS = (0.2126, 0.7152, 0.0722)
"""How bright red, green and blue look: ITU-R BT.709."""
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file of the book.

    width_px: pixels across; 0 for a drawing (SVG), which prints sharp at any size.
    fault:    why no edition can show it, "" when all can.
    """

    width_px: int = 0
    fault: str = ""


def examine(suffix: str, data: bytes) -> Picture:
    """Look into an image file; what it claims by its suffix must be what it is."""
    media_type = MEDIA_TYPES.get(suffix.lower())
    if media_type is None:
        return Picture(fault=f"{suffix or 'no suffix'} is none of {', '.join(MEDIA_TYPES)}")
    if media_type == "image/svg+xml":
        return Picture(fault=_drawing_fault(data))
    return _photograph(media_type, data)


def jpeg(picture: bytes) -> bytes:
    """Make a picture without transparency a JPEG, as shops ask of covers: 300 dots an inch."""
    from PIL import Image  # noqa: PLC0415  (slow; most books have none)

    made = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(made, "JPEG", quality=92, subsampling=0, dpi=(300, 300))
    return made.getvalue()


def grey(photograph: bytes) -> bytes:
    """Take the colours and the transparency of a photograph away, as a press with one ink does.

    Returns a PNG in shades of grey, as bright as the colours look (ITU-R BT.709) on white paper;
            the file itself where it has neither colours nor transparency.
    """
    from PIL import Image  # noqa: PLC0415  (slow; most books have none)

    with Image.open(io.BytesIO(photograph)) as image:
        if image.mode in {"1", "L"} and "transparency" not in image.info:
            return photograph
        if image.mode.startswith("I"):  # 16 bits a pixel
            shades = image.point(lambda value: value / 256).convert("L")
        else:
            opaque = Image.new("RGBA", image.size, "white")
            opaque.alpha_composite(image.convert("RGBA"))
            shades = opaque.convert("RGB").convert("L", (*BRIGHTNESS, 0))
        made = io.BytesIO()
        shades.save(made, "PNG", optimize=True)
    return made.getvalue()


def _photograph(media_type: str, data: bytes) -> Picture:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (slow; most books have none)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                image.verify()
                found, width = Image.MIME.get(image.format or "", ""), image.width
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombWarning) as error:
        return Picture(fault=f"cannot be read as an image: {error}")
    return Picture(width, "" if found == media_type else f"is {found}, not {media_type}")


def _drawing_fault(data: bytes) -> str:
    if b"<!ENTITY" in data:
        return "declares entities"
    try:
        root = ET.fromstring(data)  # noqa: S314  (no entities, and it is the author's own)
    except ET.ParseError as error:
        return f"is not well-formed: {error}"
    for element in root.iter():
        if str(element.tag).rpartition("}")[2] == "script":
            return "contains a script"
        for name in _HREFS:
            if not element.get(name, "#").startswith(("#", "data:")):
                return f"refers to another file: {element.get(name)}"
    return ""
