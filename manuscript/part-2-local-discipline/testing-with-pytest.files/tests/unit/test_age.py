"""Readings that are too old to be judged."""

from datetime import UTC, datetime

import pytest

from weirwatch.cli import main


def test_silent_gauge_is_an_error(
    rising_csv: str, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime(2026, 3, 2, 16, tzinfo=UTC)

    code = main([rising_csv, "--max-age", "2"], now)

    assert code == 2
    assert "last reading is 9.0 h old" in capsys.readouterr().err
