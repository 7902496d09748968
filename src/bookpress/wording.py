"""Markdown -> the words that readers see, each with the places it stands at; no code, no addresses.

The tree has no columns within a paragraph, so this reads the source: what is not prose is blanked
out, and every place stays where it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from bookpress.findings import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import PurePosixPath

Words: TypeAlias = Mapping[str, Sequence[tuple[int, int]]]
"""Words as they are written, and the line and column of each place; both begin with 1."""

LIST = "words.txt"
"""The file beside book.yml with the book's own words, one a line; `#` begins a comment."""

# Attributes whose values are printed.
_PRINTED = ("caption", "title", "term", "see", "seealso", "shown")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCED = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_CODE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_VALUE = re.compile(rf"\b(?:{'|'.join(_PRINTED)})=\"(?P<value>[^\"\n]*)\"")
# The words of these marks are names of variables, or of another language.
_FOREIGN = re.compile(r"\[[^\[\]]*\](?=\{[^{}\n]*(?:\.var\b|\blang=))")
_ELSEWHERE = re.compile(
    r"(?<=\])\([^()\n]*\)"  # where a link leads
    r"|(?<=\])\[[^\[\]\n]*\]"
    r"|\[\^[^\]\n]+\]:?"  # the label of a note
    r"|<[a-z]+:[^>\s]+>"
    r"|(?<![\w$])\$(?=\S)[^$\n]+(?<=\S)\$(?![\w$])"  # TeX
)
# A piece with anything but letters in it is a name, a number, a path or an address.
_PIECE = re.compile(r"[^\s()\[\]{}<>“”\"!?,;*—–…|]+")
_NOT_WORDS = re.compile(r"[\d_/\\@=#$%&+~^]|^-|\w[.:]\w")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


def words(source: str) -> Words:
    """Find the words of a chapter's text, captions, titles and index terms, as they are written.

    Words of one letter and abbreviations in capitals are left out, "'s" is taken off, and a
    compound is several words.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    found: dict[str, list[tuple[int, int]]] = {}
    for word, offset in _words(_prose(source)):
        line = bisect_right(starts, offset)
        found.setdefault(word, []).append((line, offset - starts[line - 1] + 1))
    return found


def listed(path: PurePosixPath, text: str) -> Mapping[str, Position]:
    """Read a list of words; the first place of each counts."""
    found: dict[str, Position] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if word := line.partition("#")[0].strip():
            found.setdefault(word, Position(path, number))
    return found


def _prose(source: str) -> str:
    """Blank out what readers do not see as words; all offsets stay."""
    text = _COMMENT.sub(_blank, source)
    text = _FENCED.sub(_caption, text)
    text = _CODE.sub(_blank, text)
    text = _FOREIGN.sub(_blank, text)
    text = _ATTRIBUTES.sub(_values, text)
    return _ELSEWHERE.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return _kept(match, ())


def _caption(block: re.Match[str]) -> str:
    """Of a fenced block, its attributes are kept; a hidden one has no reader."""
    brace = block["info"].find("{")
    if brace < 0 or ".hidden" in block["info"]:
        return _kept(block, ())
    start = block.start("info") - block.start()
    return _kept(block, [(start + brace, start + len(block["info"]))])


def _values(attributes: re.Match[str]) -> str:
    return _kept(attributes, [value.span("value") for value in _VALUE.finditer(attributes[0])])


def _kept(match: re.Match[str], spans: Iterable[tuple[int, int]]) -> str:
    """Blank out a match but for some spans of it and its line ends."""
    text = re.sub(r"[^\n]", " ", match[0])
    for start, end in spans:
        text = text[:start] + match[0][start:end] + text[end:]
    return text


def _words(prose: str) -> Iterator[tuple[str, int]]:
    """Each word and its offset."""
    for piece in _PIECE.finditer(prose):
        for word, offset in _in_piece(piece[0]):
            yield word, piece.start() + offset


@cache
def _in_piece(piece: str) -> tuple[tuple[str, int], ...]:
    if _NOT_WORDS.search(piece.rstrip(".:")):
        return ()
    found = ((_POSSESSIVE.sub("", m[0]), m.start()) for m in _WORD.finditer(piece))
    return tuple(
        (word.replace("’", "'"), offset)
        for word, offset in found
        if len(word) > 1 and not word.removesuffix("s").isupper()
    )
