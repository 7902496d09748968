"""The text of a chapter is what readers see, and offsets into it can be relied upon."""

from __future__ import annotations

import pytest

from bookpress.review import clean, text


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>one <em>two</em>\n three</p>", "one two three"),
        ("<p>one</p><p>two</p>", "one two"),
        ("<li>one<br />two</li>", "one two"),
        ("<p>weir<em>watch</em></p>", "weirwatch"),
        ("<p>a &amp; b &lt;c&gt;</p>", "a & b <c>"),
        ("<p>a<button>Copy</button><script>x</script>b</p>", "ab"),
        ('<p>a<span aria-hidden="true">1 <em>note</em></span> b</p>', "a b"),
        ('<p>a<img alt="x" src="y"> b</p>', "a b"),
        ("<pre><code>if x:\n    y\n</code></pre>", "if x: y"),
    ],
)
def test_a_reader_sees_words_and_single_spaces(html: str, seen: str) -> None:
    assert text.of_html(html)[0] == seen


def test_white_space_is_what_browsers_take_for_it() -> None:
    assert clean.collapse("\ufeffa\u00a0b\u2009c\x1fd\x85e ") == "a b c\x1fd\x85e"


def test_it_is_known_where_the_end_notes_begin() -> None:
    html = '<p>Text.</p><section role="doc-endnotes"><ol><li>A note.</li></ol></section>'

    seen, notes = text.of_html(html)

    assert seen[notes:] == "A note."
    assert text.of_html("<p>Text.</p>") == ("Text.", 5)
