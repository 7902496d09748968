"""Reading over HTTP, from a server that runs here."""

from pathlib import Path

import pytest

from weirwatch.fetch import read

pytestmark = pytest.mark.integration


def test_text_at_address_is_read(gauge_url: str, rising_csv: str) -> None:
    text = read(f"{gauge_url}/rising.csv")

    assert text == Path(rising_csv).read_text(encoding="utf-8")


def test_missing_page_is_an_error_with_its_status(gauge_url: str) -> None:
    with pytest.raises(OSError, match="lower-fen.csv: status 404"):
        read(f"{gauge_url}/lower-fen.csv")
