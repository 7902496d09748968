"""Formula -> formula that says itself in words of TeX, for readers who do not see it."""

from __future__ import annotations

import re

_FORMULA = re.compile(
    r"<math\b(?P<rest>[^>]*)>(?P<inside>(?:(?!</math>).)*?"
    r'<annotation encoding="application/x-tex">(?P<tex>.*?)</annotation>)',
    re.DOTALL,
)


def speak(html: str) -> str:
    """Repeat a formula's TeX, which pandoc keeps in an annotation, as its text alternative."""
    return _FORMULA.sub(_spoken, html)


def _spoken(match: re.Match[str]) -> str:
    if "alttext=" in match["rest"]:
        return match[0]
    words = match["tex"].strip().replace('"', "&quot;")
    return f'<math{match["rest"]} alttext="{words}">{match["inside"]}'
