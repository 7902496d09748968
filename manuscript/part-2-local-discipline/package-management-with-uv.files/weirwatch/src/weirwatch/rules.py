"""Decide whether the water is high, rising, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from weirwatch.readings import Reading


class State(StrEnum):
    """What the water is doing."""

    NORMAL = "normal"
    RISING = "rising"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which level the water is high, from which rate it is rising."""

    high_m: float
    rise_m_per_h: float


def rate_of_rise(readings: Sequence[Reading]) -> float:
    """Return metres per hour between the first and the last reading."""
    if len(readings) < 2:
        return 0.0
    first, last = readings[0], readings[-1]
    elapsed = (last.at - first.at) / timedelta(hours=1)
    if elapsed <= 0:
        raise ValueError("readings are not in time order")
    return (last.level_m - first.level_m) / elapsed


def assess(readings: Sequence[Reading], limits: Limits) -> State:
    """Judge the last reading; raise ValueError when there is none."""
    if not readings:
        raise ValueError("no readings")
    if readings[-1].level_m >= limits.high_m:
        return State.HIGH
    if rate_of_rise(readings) >= limits.rise_m_per_h:
        return State.RISING
    return State.NORMAL
