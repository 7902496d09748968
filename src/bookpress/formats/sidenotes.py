"""Notes at the end of a page -> the same, and beside the text where there is room for them.

What stands in the margin is for the eye: it is hidden from reading aids, which have the notes at
the end, and it holds no link or identifier, so that nothing is there twice.
"""

from __future__ import annotations

import re

_NOTE = re.compile(r'<li id="fn-(\d+)">(.*?)<a class="backlink"[^>]*>[^<]*</a></li>', re.DOTALL)
_CALL = re.compile(r'<a class="noteref"[^>]*id="fnref-(\d+)"[^>]*><sup>\d+</sup></a>')
_BLOCK = re.compile(r"<(?:pre|ul|ol|dl|table|figure|blockquote|aside|div|math)\b")
_LINK = re.compile(r"</?a\b[^>]*>")
_ID = re.compile(r'\sid="[^"]*"')
_SECTION = '<section class="footnotes"'


def beside(html: str) -> str:
    """Repeat every note right after its call, as `span.sidenote`.

    The section of notes gets the class `beside` when all of them could be; a note with a listing or
    a list in it cannot stand in a line.
    """
    notes = {number: _inline(text) for number, text in _NOTE.findall(html)}
    if not notes:
        return html
    marked = _CALL.sub(lambda call: call[0] + _aside(call[1], notes.get(call[1], "")), html)
    if not all(notes.values()):
        return marked
    return marked.replace(_SECTION, '<section class="footnotes beside"', 1)


def _aside(number: str, text: str) -> str:
    if not text:
        return ""
    return f'<span class="sidenote" aria-hidden="true"><sup>{number}</sup> {text}</span>'


def _inline(text: str) -> str:
    """A note's paragraphs as one line of HTML; "" when it has blocks in it."""
    if _BLOCK.search(text):
        return ""
    joined = re.sub(r"</p>\s*<p>", "<br />", text)
    return _ID.sub("", _LINK.sub("", re.sub(r"</?p>", "", joined))).strip()
