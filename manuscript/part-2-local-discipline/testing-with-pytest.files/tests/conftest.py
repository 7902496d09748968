"""What any test may ask for."""

from pathlib import Path

import pytest

RISING = """\
2026-03-02 05:00,1.12
2026-03-02 06:00,1.38
2026-03-02 07:00,1.72
"""


@pytest.fixture
def rising_csv(tmp_path: Path) -> str:
    """Write three readings that rise by 0.30 m an hour."""
    path = tmp_path / "rising.csv"
    path.write_text(RISING, encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def default_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the limits that a developer may have set."""
    monkeypatch.delenv("WEIRWATCH_HIGH_M", raising=False)
    monkeypatch.delenv("WEIRWATCH_RISE_M_PER_H", raising=False)
