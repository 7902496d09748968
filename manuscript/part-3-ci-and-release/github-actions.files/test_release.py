"""The version never falls behind the last release."""

import subprocess
from importlib.metadata import version


def test_version_is_not_behind_the_last_tag() -> None:
    describe = ["git", "describe", "--abbrev=0"]
    done = subprocess.run(  # ruff: ignore[S603] our own command
        describe, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip().removeprefix("v") <= version("weirwatch")
