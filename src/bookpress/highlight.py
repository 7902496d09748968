"""Listing -> HTML with few spans: neighbouring tokens of one style are one, plain ones are bare."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Piece = tuple[str, str]  # (class or "", text without a line feed)
Line = tuple[Piece, ...]

WRAP = '<span class="wrap"></span>\n'
_INDENT = "    "
_CALLOUT = re.compile(r"[ \t]*(?:#|//|--|;|<!--)[ \t]*((?:\(\d{1,2}\)[ \t]*)+)(?:-->)?[ \t]*$")
_DIFF = {"---": "hunk", "+++": "hunk", "+": "ins", "-": "del", "@": "hunk"}
# Pygments' token types -> our few classes; the longest prefix wins.
_STYLES = (
    ("Token.Comment", "c"),
    ("Token.Keyword", "k"),
    ("Token.Operator.Word", "k"),
    ("Token.Name.Tag", "k"),
    ("Token.Name.Function", "n"),
    ("Token.Name.Class", "n"),
    ("Token.Name.Decorator", "n"),
    ("Token.Literal.String", "s"),
    ("Token.Literal.Number", "o"),
    ("Token.Keyword.Constant", "o"),
)


def callouts(text: str) -> tuple[str, dict[int, tuple[int, ...]]]:
    """Take trailing `# (1)` comments off a listing.

    Returns the text without them and, by line counted from 0, the numbers that stood there.
    """
    lines, found = text.split("\n"), {}
    for index, line in enumerate(lines):
        if match := _CALLOUT.search(line):
            lines[index] = line[: match.start()]
            found[index] = tuple(int(number) for number in re.findall(r"\d+", match[1]))
    return "\n".join(lines), found


def code(text: str, language: str) -> tuple[Line, ...]:
    """Split a listing into lines of styled pieces."""
    if language == "diff":
        return tuple(((_diff(line), line),) for line in text.split("\n"))
    pieces: list[list[Piece]] = [[]]
    for style, part in _tokens(text, language):
        first, *rest = part.split("\n")
        _add(pieces[-1], style, first)
        for line in rest:
            pieces.append([])
            _add(pieces[-1], style, line)
    return tuple(tuple(line) for line in pieces)


def session(text: str) -> tuple[Line, ...]:
    """Split a terminal session into prompts, commands and output."""
    lines: list[Line] = []
    command = False
    for line in text.split("\n"):
        command = line.startswith("$ ") or (command and line.startswith("> "))
        if command:
            lines.append((("prompt", line[:2]), ("command", line[2:])))
        else:
            lines.append((("output", line),) if line else ())
    return tuple(lines)


def render(
    lines: Sequence[Line],
    *,
    width: int = 0,
    marks: dict[int, str] | None = None,
) -> str:
    """Write lines as the inside of a `pre`.

    width: columns after which a line is broken, with a mark; 0 breaks none.
    marks: HTML to put at the end of a line, by its index.
    """
    marks = marks or {}
    return "\n".join(
        WRAP.join(_spans(part) for part in _broken(line, width)) + marks.get(index, "")
        for index, line in enumerate(lines)
    )


def _add(line: list[Piece], style: str, text: str) -> None:
    if line and line[-1][0] == style:
        line[-1] = (style, line[-1][1] + text)
    elif text:
        line.append((style, text))


def _tokens(text: str, language: str) -> Iterator[Piece]:
    """What Pygments makes of the text; plain text where it does not know the language."""
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  (slow; not needed when cached)
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    except ClassNotFound:
        return iter([("", text)])
    return ((_style(str(kind)), value) for kind, value in lexer.get_tokens(text))


def _diff(line: str) -> str:
    """What a line of a diff does; a file's name is no line taken out or put in."""
    return _DIFF.get(line[:3]) or _DIFF.get(line[:1], "")


def _style(kind: str) -> str:
    known = [(len(prefix), name) for prefix, name in _STYLES if kind.startswith(prefix)]
    return max(known)[1] if known else ""


def _spans(line: Iterable[Piece]) -> str:
    return "".join(
        f'<span class="{style}">{escape(text, quote=False)}</span>'
        if style and text.strip()
        else escape(text, quote=False)
        for style, text in line
    )


def _broken(line: Line, width: int) -> Iterator[Line]:
    """Break a line at the last space before the width; what follows is indented."""
    text = "".join(part for _, part in line)
    start, room = 0, width
    while width and len(text) - start > room:
        space = text.rfind(" ", start + 1, start + room)
        end = space + 1 if space > start and text[start:space].strip() else start + room
        yield _cut(line, start, end, indent=start > 0)
        start, room = end, width - len(_INDENT)
    yield _cut(line, start, len(text), indent=start > 0)


def _cut(line: Line, start: int, end: int, *, indent: bool) -> Line:
    pieces: list[Piece] = [("", _INDENT)] if indent else []
    at = 0
    for style, text in line:
        part = text[max(start - at, 0) : max(end - at, 0)]
        if part:
            pieces.append((style, part))
        at += len(text)
    return tuple(pieces)
