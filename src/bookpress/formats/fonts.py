"""A font file and the glyphs used -> the font with these glyphs only, their numbers unchanged."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Collection

logging.getLogger("fontTools").setLevel(logging.ERROR)

_LAYOUT = {"GSUB", "GPOS", "GDEF", "BASE", "DSIG"}


def subset_font(data: bytes, glyphs: Collection[int]) -> bytes:
    """Take all other glyphs and all layout tables out of a font.

    glyphs: glyph numbers; those beyond the font's last one are passed over.
    Returns a font whose glyphs have the numbers they had, so that pages need no change.
    """
    options = subset.Options(
        retain_gids=True,
        notdef_outline=True,
        desubroutinize=True,
        hinting=False,
        layout_features=[],
        name_IDs=[],
        glyph_names=False,
        legacy_cmap=False,
        recalc_timestamp=False,
    )
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    for table in _LAYOUT & set(font.keys()):  # before fontTools 4.68 takes them apart to drop them
        del font[table]
    count = font["maxp"].numGlyphs
    subsetter = subset.Subsetter(options)
    subsetter.populate(gids=sorted(glyph for glyph in glyphs if glyph < count))
    subsetter.subset(font)
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
