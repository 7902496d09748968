from __future__ import annotations

import pytest

from bookpress.listings import compare


def differs(expected: str, printed: str) -> int | None:
    comparison = compare.compare(expected.splitlines(), compare.lines(printed))
    return comparison.first_difference()


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("", ""),
        ("a\nb", "a\nb\n"),
        ("a  \nb\n\n", "a\nb   \n\n\n"),
        ("[...]", "a\nb"),
        ("[...]", ""),
        ("a\n[...]\nd", "a\nb\nc\nd"),
        ("a\n[...]\nd", "a\nd"),
        ("[...]\nd", "a\nb\nd"),
        ("at [...]/weir", "at /somewhere/else/weir"),
        ("at [...]/weir", "at [...]/weir"),
        ("[...]\nb\n[...]\nb", "a\nb\nb"),
        ("done in 3ms", "done in 900ms"),
        ("done", "Prepared 1 package in 2ms\ndone"),
        ("Prepared 1 package in 2ms\ndone", "done"),
        ("(was 12fec56)", "(was 2367854)"),
        ("(was 2367854)", "(was 12fec56)"),
        ("[...] 2367854 of v1", "moved to 12fec56 of v1"),
    ],
)
def test_these_are_the_same(expected: str, printed: str) -> None:
    assert differs(expected, printed) is None


@pytest.mark.parametrize(
    ("expected", "printed", "line"),
    [
        ("a\nb", "a\nc", 1),
        ("a\nb", "a", 1),
        ("a", "a\nb", 1),
        ("", "a", 0),
        ("a", "", 0),
        ("a\n[...]\nd", "a\nb\nc", 2),
        ("[...]\nb\n[...]\nb", "a\nb\nc", 3),
        ("at [...]/weir", "at /somewhere/gauge", 0),
        ("a.b", "axb", 0),
        ("read 2367854 lines", "read 2367855 lines", 0),
        ("(was 12fec56)", "(was 236785)", 0),
    ],
)
def test_these_are_not_and_the_first_wrong_line_is_told(
    expected: str, printed: str, line: int
) -> None:
    assert differs(expected, printed) == line


def test_a_difference_is_shown_with_the_lines_around_it() -> None:
    comparison = compare.compare(list("abcdefg"), list("abcxefg"))

    assert list(comparison.diff()) == ["  b", "  c", "- d", "+ x", "  e", "  f"]


def test_what_holds_keeps_what_it_leaves_out() -> None:
    expected = ["at [...]/weir", "[...]", "3 passed in 0.02s"]
    printed = ["at /x/weir", "one", "two", "4 passed in 0.03s"]

    merged = compare.compare(expected, printed).merged()

    assert list(merged) == ["at [...]/weir", "[...]", "4 passed in 0.03s"]


def test_the_first_recording_holds_all_that_was_printed() -> None:
    printed = ["Prepared 1 package in 2ms", "Installed 1 package in 1ms"]

    assert list(compare.compare([], printed).merged()) == printed


@pytest.mark.slow
def test_a_long_output_is_compared_in_reasonable_time() -> None:
    printed = [str(number) for number in range(60_000)]

    comparison = compare.compare(["0", "[...]", "59999"], printed)

    assert comparison.first_difference() is None
