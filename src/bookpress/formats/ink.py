"""Pictures of any colour -> the same pictures in black ink, for the printing press.

Black of RGB is printed in four inks, and a hairline in four inks is never sharp.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from bookpress.pictures import BRIGHTNESS, grey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Pdf: TypeAlias = Any  # a pydyf.PDF; it has no types
_PAINT = re.compile(
    r"(\b(?:fill|stroke|stop-color|color)\s*[=:]\s*[\"']?\s*)"
    r"(#[0-9a-f]{6}|#[0-9a-f]{3}|black|white|gr[ae]y|currentcolor)\b",
    re.IGNORECASE,
)
_ROOT = re.compile(r"<svg\b(?![^>]*\sfill=)")
_ALPHA = re.compile(r"/[aA]0[\d.]* gs|/SMask")
_PHOTOGRAPHS = (".png", ".jpg", ".jpeg")
_NAMES = {"black": "#000", "currentcolor": "#000", "white": "#fff", "gray": "#808080"}


def in_black(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write the colours of SVG files as tints of black, and those of photographs as greys."""
    made = {name: _black(data.decode()).encode() for name, data in _of(assets, ".svg")}
    return {**assets, **made, **{name: _grey(data) for name, data in _of(assets, *_PHOTOGRAPHS)}}


def _of(assets: Mapping[str, bytes], *suffixes: str) -> Iterator[tuple[str, bytes]]:
    return ((name, data) for name, data in assets.items() if name.lower().endswith(suffixes))


@lru_cache(maxsize=64)  # a sheet goes to the typesetter several times
def _grey(photograph: bytes) -> bytes:
    return grey(photograph)


def drop_groups(pdf: Pdf) -> None:
    """Take transparency groups off pages where nothing shines through, before a PDF is written.

    WeasyPrint makes groups of opaque drawings too; what is in one is blended in RGB, and a press
    then prints its black in four inks.
    """
    streams = [item for item in pdf.objects if hasattr(item, "stream")]
    if any(_ALPHA.search(_text(stream)) for stream in streams):
        return
    for stream in streams:
        stream.extra.pop("Group", None)


def _text(stream: Pdf) -> str:
    parts = (part if isinstance(part, bytes) else str(part).encode() for part in stream.stream)
    return b"\n".join(parts).decode("latin-1")


def _black(svg: str) -> str:
    """What has no fill of its own is black by default, which is RGB: the root says otherwise."""
    painted = _PAINT.sub(lambda match: match[1] + _tint(match[2].lower()), svg)
    return _ROOT.sub(f'<svg fill="{_tint("black")}"', painted, count=1)


def _tint(colour: str) -> str:
    digits = _NAMES.get(colour.replace("grey", "gray"), colour)[1:]
    pairs = [digits[i : i + 2] for i in (0, 2, 4)] if len(digits) > 3 else [d * 2 for d in digits]  # noqa: PLR2004
    brightness = sum(w * int(pair, 16) / 255 for w, pair in zip(BRIGHTNESS, pairs, strict=True))
    return f"device-cmyk(0 0 0 {round(1 - brightness, 3):g})"
