"""Text from outside -> text that can be kept, printed on a terminal and written to a page."""

from __future__ import annotations

import datetime as dt
import re
import uuid

# White space as browsers have it in `\s` (ECMA-262); Python's own differs in five characters.
SPACE = "[\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+"
_SPACE = re.compile(SPACE)
# Escapes drive terminals, and marks of direction show words in another order than they have.
_CONTROLS = "\0-\x08\x0b-\x1f\x7f-\x9f"
_UNSAFE = re.compile(f"[{_CONTROLS}\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[!-~]{1,200}")
_NAMESPACE = uuid.UUID("4e3a0f1e-6f0a-5d1b-9a63-2f1f6c1f7a10")
_LONGEST_CONTEXT = 200
_FULL_DATE = len("2026-11-20")


def collapse(text: str) -> str:
    """Make one space of every run of white space, and nothing of those at the ends."""
    return _SPACE.sub(" ", text).strip(" ")


def block(value: object, most: int) -> str:
    """Text of several lines: no control characters, no white space at the ends.

    What has more than `most` characters is cut, and ends in three dots.
    """
    if not isinstance(value, str):
        return ""
    lines = value[: most * 2].replace("\r\n", "\n").replace("\r", "\n")
    found = _UNSAFE.sub("\ufffd", lines).strip()
    return found if len(found) <= most else f"{found[: most - 1]}…"


def line(value: object, most: int) -> str:
    """Text of one line, white space collapsed."""
    return collapse(block(value, most * 2))[:most]


def context(value: object) -> str:
    """Text of one line, white space collapsed but kept at the ends."""
    if not isinstance(value, str):
        return ""
    half = _LONGEST_CONTEXT
    ends = f"|{value if len(value) <= 2 * half else value[:half] + value[-half:]}|"
    return _UNSAFE.sub("\ufffd", collapse(ends))[1:-1]


def identifier(value: object, *content: str) -> str:
    """An id as it was given if it is one, else one that the same content always gets."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, chr(0).join(content))}"


def moment(value: object) -> str:
    """A time of ISO 8601 in UTC, to the second; "" for what is none."""
    if not isinstance(value, str) or not _FULL_DATE <= len(value) <= 40:  # noqa: PLR2004
        return ""
    try:
        found = dt.datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        return f"{found.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return ""
