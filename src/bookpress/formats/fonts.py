"""A font file and what is used of it -> the font with that only, for a PDF or for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uharfbuzz as harfbuzz

if TYPE_CHECKING:
    from collections.abc import Collection

_FLAGS = (
    harfbuzz.SubsetFlags.RETAIN_GIDS
    | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    | harfbuzz.SubsetFlags.NO_HINTING
    | harfbuzz.SubsetFlags.DESUBROUTINIZE
)
_KEPT = harfbuzz.SubsetFlags.NOTDEF_OUTLINE | harfbuzz.SubsetFlags.NO_HINTING
_LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "DSIG")


def subset_font(data: bytes, glyphs: Collection[int]) -> bytes:
    """Take all other glyphs, all names and all layout tables out of a font.

    glyphs: glyph numbers; those beyond the font's last one are passed over.
    Returns a font whose glyphs have the numbers they had, so that pages need no change.
    Source  HarfBuzz's hb-subset.
    """
    face = harfbuzz.Face(data)
    wanted = harfbuzz.SubsetInput()
    wanted.flags = _FLAGS
    wanted.glyph_set.update(glyph for glyph in glyphs if glyph < face.glyph_count)
    wanted.name_id_set.clear()
    wanted.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _LAYOUT)
    made: bytes = harfbuzz.subset(face, wanted).blob.data
    return made


def subset_text(data: bytes, characters: Collection[str]) -> bytes:
    """Take all out of a font that these characters do not need; its features for them stay.

    Returns a font for a page that holds its fonts itself: TrueType, as it was given.
    Source  HarfBuzz's hb-subset.
    """
    face = harfbuzz.Face(data)
    wanted = harfbuzz.SubsetInput()
    wanted.flags = _KEPT
    wanted.unicode_set.update(map(ord, characters))
    made: bytes = harfbuzz.subset(face, wanted).blob.data
    return made
