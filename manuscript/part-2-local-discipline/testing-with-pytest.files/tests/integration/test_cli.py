"""The command, as the scheduler starts it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration
COMMAND = [sys.executable, "-m", "weirwatch.cli"]


def test_rising_water_is_printed_and_exits_with_1(rising_csv: str) -> None:
    done = subprocess.run(  # ruff: ignore[S603] our own command
        [*COMMAND, rising_csv],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "rising  1.72 m  3 readings\n"
    assert done.returncode == 1
