"""Style sheets -> the same with their tokens written in: `var(--measure)` becomes `392pt`.

WeasyPrint 70 works every var() out anew for every box, and hands every custom property down to each
of them: a fifth of the time that typesetting takes.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+)")
_USE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
_DEEPEST = 8


def write_in(css: str, kept: tuple[str, ...] = ()) -> str:
    """Replace the tokens that `:root` defines by their values; the last definition counts.

    kept: tokens that stay defined, because somebody asks boxes for them.
    What is not defined, or defined in circles, is left as it stands: WeasyPrint reports it.
    """
    css = _COMMENT.sub("", css)
    tokens = {
        name: value.strip() for block in _ROOT.findall(css) for name, value in _TOKEN.findall(block)
    }
    definitions = "; ".join(f"{name}: {tokens[name]}" for name in kept if name in tokens)
    rules = _ROOT.sub("", css)
    for _ in range(_DEEPEST):
        rules = _USE.sub(lambda use: tokens.get(use[1], use[0]), rules)
    return f":root {{ {definitions} }}\n{rules}" if definitions else rules
