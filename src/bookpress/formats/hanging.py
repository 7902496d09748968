"""Listing -> listing whose lines are elements, which a narrow screen can break and indent."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"(<pre\b[^>]*><code>)(.*?)(</code></pre>)", re.DOTALL)


def hang(html: str) -> str:
    """Wrap every line of every listing and session, its line feed included, in `span.line`.

    Nothing is added to the text: without the style sheet the listing reads as before. The press
    closes what it opens on every line, so that the spans nest.
    """
    return _BLOCK.sub(lambda block: f"{block[1]}{_lines(block[2])}{block[3]}", html)


def _lines(text: str) -> str:
    return "".join(f'<span class="line">{line}</span>' for line in text.splitlines(keepends=True))
