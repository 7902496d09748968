"""Listings become few spans, long lines are broken with a mark, callouts are taken off."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookpress import highlight


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_neighbouring_tokens_of_one_style_are_one_span() -> None:
    lines = highlight.code('name = "value"', "toml")

    assert highlight.render(lines) == 'name = <span class="s">"value"</span>'


def test_an_unknown_language_is_plain_text() -> None:
    assert highlight.render(highlight.code("a < b", "klingon")) == "a &lt; b"


def test_a_diff_is_styled_by_the_line() -> None:
    lines = highlight.code("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n c", "diff")

    assert [line[0][0] for line in lines] == ["hunk", "hunk", "hunk", "del", "ins", ""]


def test_a_session_tells_commands_from_output() -> None:
    lines = highlight.session("$ git commit \\\n>   -m x\n> quoted\nout\n\n$ ls")

    assert [line[0][0] if line else "" for line in lines] == [
        "prompt", "prompt", "prompt", "output", "", "prompt",
    ]  # fmt: skip


def test_an_output_that_begins_with_an_angle_is_no_continuation() -> None:
    [_, output, angle] = highlight.session("$ ls\nout\n> out")

    assert (output[0][0], angle[0][0]) == ("output", "output")


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("a = 1  # (1)", "a = 1"),
        ("a = 1  # (1) (2)", "a = 1"),
        ("const a = 1; // (1)", "const a = 1;"),
        ("<p>  <!-- (1) -->", "<p>"),
        ("call(1)  # see (1) below", None),
        ("f(1)", None),
    ],
)
def test_callouts_are_comments_at_the_end_of_a_line(line: str, bare: str | None) -> None:
    text, found = highlight.callouts(line)

    assert text == (line if bare is None else bare)
    assert bool(found) == (bare is not None)


def test_callouts_are_found_by_line() -> None:
    _, found = highlight.callouts("a  # (1)\nb\nc  # (2) (3)")

    assert found == {0: (1,), 2: (2, 3)}


def test_a_long_line_is_broken_at_a_space_and_goes_on_indented() -> None:
    lines = highlight.code("alpha beta gamma delta", "text")

    broken = highlight.render(lines, width=12)

    assert broken.replace('<span class="wrap"></span>', "↩") == (
        "alpha beta ↩\n    gamma ↩\n    delta"
    )


@given(st.text(alphabet="ab <&\t\"'$#(1)\n", max_size=200), st.sampled_from(["python", "toml", ""]))
def test_no_character_is_lost(text: str, language: str) -> None:
    assert plain(highlight.render(highlight.code(text, language))) == text


@given(st.text(alphabet="abc de", min_size=1, max_size=300), st.integers(10, 80))
def test_no_broken_line_is_wider_than_the_measure(text: str, width: int) -> None:
    html = highlight.render(highlight.code(text, ""), width=width)

    pieces = plain(html).split("\n")
    assert all(len(piece.rstrip()) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
