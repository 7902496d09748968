"""The rules that the README states."""

from datetime import UTC, datetime, timedelta

import pytest

from weirwatch.readings import Reading
from weirwatch.rules import Limits, State, assess

LIMITS = Limits(high_m=2.0, rise_m_per_h=0.25)
START = datetime(2026, 3, 2, 5, tzinfo=UTC)


def hourly(*levels: float) -> list[Reading]:
    hours = (START + timedelta(hours=n) for n in range(len(levels)))
    return [Reading(*pair) for pair in zip(hours, levels, strict=True)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param((1.0, 1.1), State.NORMAL, id="slow-rise-is-normal"),
        pytest.param((1.0, 1.25), State.RISING, id="rate-limit-is-rising"),
        pytest.param((1.0,), State.NORMAL, id="one-reading-has-no-rate"),
        pytest.param((1.9, 2.0), State.HIGH, id="at-the-limit-is-high"),
        pytest.param((2.4, 2.0), State.HIGH, id="fallen-to-limit-is-high"),
    ],
)
def test_state(levels: tuple[float, ...], expected: State) -> None:
    state = assess(hourly(*levels), LIMITS)

    assert state is expected


def test_no_readings_are_an_error() -> None:
    with pytest.raises(ValueError, match="no readings"):
        assess([], LIMITS)
