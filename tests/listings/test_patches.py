from __future__ import annotations

import pytest

from bookpress.listings import patches

TEXT = "one\ntwo\nthree\nfour\none\ntwo\n"


@pytest.mark.parametrize(
    ("diff", "wanted"),
    [
        ("@@ -2,2 +2,2 @@\n two\n-three\n+3", "one\ntwo\n3\nfour\none\ntwo\n"),
        ("-three\n+3", "one\ntwo\n3\nfour\none\ntwo\n"),
        ("--- a/x\n+++ b/x\n@@ -9 +9 @@\n-four\n+4\n", "one\ntwo\nthree\n4\none\ntwo\n"),
        ("@@ -5,2 +5,2 @@\n-one\n+1\n two", "one\ntwo\nthree\nfour\n1\ntwo\n"),
        (
            "@@ -1 +1,2 @@\n one\n+new\n@@ -5 +6 @@\n-one\n+1",
            "one\nnew\ntwo\nthree\nfour\n1\ntwo\n",
        ),
        ("@@ -1,0 +2 @@\n+new", "one\nnew\ntwo\nthree\nfour\none\ntwo\n"),
    ],
)
def test_a_diff_that_fits_is_applied(diff: str, wanted: str) -> None:
    assert patches.apply(TEXT, diff) == wanted


def test_a_diff_can_make_a_file() -> None:
    assert patches.apply("", "@@ -0,0 +1,2 @@\n+a\n+b") == "a\nb\n"


@pytest.mark.parametrize(
    ("diff", "line", "problem"),
    [
        ("@@ -1,2 +1,2 @@\n one\n-zwei\n+2", 2, "not in the file"),
        (" four\n-three\n+3", 0, "not in the file"),
        ("-one\n+1", 0, "in 2 places"),
        ("three", 0, "begins with"),
    ],
)
def test_a_diff_that_does_not_fit_is_refused_at_its_line(
    diff: str, line: int, problem: str
) -> None:
    with pytest.raises(patches.StaleError, match=problem) as caught:
        patches.apply(TEXT, diff)

    assert caught.value.line == line
