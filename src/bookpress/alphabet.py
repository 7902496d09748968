"""Term -> where it stands in an alphabetical list, and which spellings of it are one term."""

from __future__ import annotations

import re
import unicodedata

SYMBOLS = "Symbols"
_MARKS = re.compile(r"[\W_]+")
_PLURAL = re.compile(r"(?<=\w\w)(?:(?<=[sxz])es|(?<!s)s)$")


def key(term: str) -> tuple[str, str]:
    """Sort as a reader looks things up: no accents, case or leading marks; words apart."""
    parted = unicodedata.normalize("NFKD", term)
    plain = "".join(c for c in parted if not unicodedata.combining(c)).casefold()
    start = next((i for i, character in enumerate(plain) if character.isalnum()), 0)
    return plain[start:], term


def letter(term: str) -> str:
    """The letter that a term stands under; SYMBOLS where it begins with none."""
    first = key(term)[0][:1].upper()
    return first if first.isalpha() else SYMBOLS


def plain(term: str) -> str:
    """A term without its case, its marks and its plural: alike for what readers take for one."""
    return _PLURAL.sub("", _MARKS.sub("", term.casefold()))
