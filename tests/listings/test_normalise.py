from __future__ import annotations

import pytest

from bookpress.listings.normalise import NORMALISERS, Normaliser, is_progress, normalise


@pytest.mark.parametrize("normaliser", NORMALISERS, ids=lambda n: n.name)
def test_a_normaliser_does_what_its_example_says(normaliser: Normaliser) -> None:
    assert normaliser.pattern.sub(normaliser.replacement, normaliser.before) == normaliser.after
    assert normalise(normaliser.before) == normaliser.after


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Installed 1 package in 0.93ms", "Installed 1 package in 12ms"),
        ("======= 3 passed in 0.05s =======", "======= 3 passed in 1.20s ======="),
        ("finished in 3s", "finished in 14s"),
        ("user 0m0.010s", "user 1m2.345s"),
        ("a.whl (3.2KiB)", "a.whl (11.0 MiB)"),
        ("1f3a9c2 Begin", "0cde881 Begin"),
        ("CPython 3.13.0 interpreter", "CPython 3.13.8 interpreter"),
    ],
)
def test_what_changes_from_run_to_run_does_not_count(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("timeout = 30s", "timeout = 60s"),
        ("3 passed", "4 passed"),
        ("urllib3==2.6.1", "urllib3==2.6.2"),
        ("Python 3.12.1", "Python 3.13.1"),
        ("defaced", "effaced"),
        ("1234567 readings", "7654321 readings"),
        ("sha256:" + "0a" * 32, "sha256:" + "0b" * 32),
        ("port 8000", "port 8001"),
    ],
)
def test_other_differences_count(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "line",
    [
        "   Building weirwatch @ file:///somewhere",
        "      Built weirwatch @ file:///somewhere",
        "Downloading ruff (10.2MiB)",
        " Downloaded ruff",
        "Prepared 3 packages in 204ms",
        "   ━━━━━━━━━━━━ 1.2/1.2 MB 30.1 MB/s eta 0:00:00",
    ],
)
def test_progress_of_downloads_and_builds_is_told_apart(line: str) -> None:
    assert is_progress(line)


@pytest.mark.parametrize(
    "line", ["Building source distribution...", "Resolved 3 packages in 12ms", "Built in a day"]
)
def test_other_lines_are_no_progress(line: str) -> None:
    assert not is_progress(line)
