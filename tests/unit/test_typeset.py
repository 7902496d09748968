from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import sample_sheets
from tests.sample_sheets import sheet

from bookpress.cache import Store
from bookpress.formats.sheets import Typeset, Variant
from bookpress.formats.typeset import typeset

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.formats.sheets import Sheet


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def set_in_print(store: Store, *sheets: Sheet, css: str = sample_sheets.CSS) -> Typeset:
    styles = {Variant.PRINT: sample_sheets.style(css)}
    return typeset(sheets, styles, store, workers=1)[Variant.PRINT]


def test_every_sheet_opens_on_a_recto(store: Store) -> None:
    made = set_in_print(store, sheet("a", "<p>a</p>"), sheet("b", "<p>b</p>"))

    assert [(extent.first, extent.pages) for extent in made.pages.extents] == [(1, 2), (3, 2)]
