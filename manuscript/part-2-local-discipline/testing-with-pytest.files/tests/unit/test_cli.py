"""The command line, called as a function."""

import pytest

from weirwatch.cli import main


def test_rising_water_exits_with_1(
    rising_csv: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([rising_csv])

    assert code == 1
    assert capsys.readouterr().out == "rising  1.72 m  3 readings\n"
