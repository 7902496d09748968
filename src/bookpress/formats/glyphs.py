"""Plain values -> their spelling in a PDF: names, widths of glyphs, what glyphs stand for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


def ascii_name(target: str) -> str:
    """Name a destination in ASCII: MuPDF does not find others."""
    return quote(target, safe="#/:.,;!()+=@")


def subset_tag(seed: bytes) -> str:
    """Make the six letters that tell one subset of a font from another (ISO 32000-1, 9.6.4)."""
    return "".join(chr(65 + byte % 26) for byte in hashlib.sha256(seed).digest()[:6])


def width_runs(widths: Mapping[int, int]) -> list[int | list[int]]:
    """Arrange widths as /W does: a first glyph, then the widths of it and those right after it."""
    runs: list[int | list[int]] = []
    run: list[int] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            run = []
            runs += [glyph, run]
        run.append(widths[glyph])
    return runs


def to_unicode(text: Mapping[int, str]) -> bytes:
    """Write the CMap that says what characters glyphs stand for (ISO 32000-1, 9.10.3)."""
    lines = [f"<{glyph:04x}> <{text[glyph].encode('utf-16-be').hex()}>" for glyph in sorted(text)]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode()
