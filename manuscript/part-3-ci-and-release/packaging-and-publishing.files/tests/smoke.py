"""Ask an installed weirwatch one question whose answer is known."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

READINGS = "2026-03-02 06:00,1.00\n2026-03-02 07:00,1.50\n"
ANSWER = "rising  1.50 m  2 readings\n"


def main() -> None:
    """Start the command as its users do, away from the checkout."""
    with TemporaryDirectory() as folder:
        Path(folder, "gauge.csv").write_text(READINGS, encoding="utf-8")
        done = subprocess.run(
            ["weirwatch", "gauge.csv"],  # ruff: ignore[S607] from PATH
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.stdout != ANSWER:
        sys.exit(f"{done.stderr}weirwatch answered {done.stdout!r}")
    sys.stdout.write(f"weirwatch {version('weirwatch')} answers\n")


if __name__ == "__main__":
    main()
