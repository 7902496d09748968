"""What a line of a gauge's file may look like."""

import pytest

from weirwatch.readings import parse


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("2026-03-02T05:00,1.12", id="letter-in-time"),
        pytest.param("2026-03-02 05:00", id="no-level"),
        pytest.param("2026-03-02 05:00,dry", id="level-in-words"),
    ],
)
def test_unreadable_line_is_named_by_number(line: str) -> None:
    text = f"# time, level in metres\n{line}\n"

    with pytest.raises(ValueError, match="line 2: cannot read"):
        list(parse(text))
