"""Code block -> the HTML of a listing or a terminal session."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bookpress import highlight, tree
from bookpress.markup import caption, named, place, span
from bookpress.model import Format
from bookpress.tree import Node, html

if TYPE_CHECKING:
    from bookpress.markup import Setting

COLUMNS = 76
SESSION = "console"


def language(node: Node) -> str:
    """The language a code block is in: its first class that is not ours."""
    return next((name for name in tree.classes(node) if name != "hidden"), "")


def has_callouts(block: Node) -> bool:
    """Say whether a block is a listing with `# (1)` marks."""
    return block["t"] == "CodeBlock" and bool(highlight.callouts(block["c"][1])[1])


def write(node: Node, setting: Setting) -> list[Node]:
    """Write a code block; a hidden one runs, but no edition shows it."""
    if "hidden" in tree.classes(node):
        return []
    identifier = tree.identifier(node)
    attributes = tree.attributes(node)
    kind = "session" if language(node) == SESSION else "listing"
    head = caption(
        setting.label(identifier),
        span("file", attributes.get("file", "")),
        span("caption", attributes.get("caption", "")),
        _mark(attributes, setting.executed if identifier else ""),
    )
    if not head:
        return [html(_pre(node, setting, place(node)))]
    block = _pre(node, setting)
    where = f"{named(identifier)}{place(node)}"
    return [html(f'<figure class="{kind}"{where}>{head}{block}</figure>')]


def _pre(node: Node, setting: Setting, where: str = "") -> str:
    text, callouts = highlight.callouts(node["c"][1])
    name = language(node)
    if name == SESSION:
        lines, kind = highlight.session(text), "console"
    else:
        lines, kind = highlight.code(text, name), "code"
    inside = highlight.render(
        lines,
        width=COLUMNS if setting.format is Format.PRINT else 0,
        marks={line: _callouts(numbers) for line, numbers in callouts.items()},
    )
    spoken = f' data-language="{escape(name)}"' if name else ""
    focus = ' tabindex="0"' if setting.format is Format.WEB else ""
    return f'<pre class="{kind}"{spoken}{focus}{where}><code>{inside}\n</code></pre>'


def _callouts(numbers: tuple[int, ...]) -> str:
    return "".join(f' <b class="callout">{number}</b>' for number in numbers)


def _mark(attributes: dict[str, str], executed: str) -> str:
    """What the reader is told of a block: why it was not executed, or with what it was."""
    for kind in ("shown", "recorded"):
        if kind in attributes:
            reason = escape(f"{kind}: {attributes[kind].strip()}", quote=False)
            return f'<span class="mark" data-kind="{kind}">{reason}</span>'
    if not executed:
        return ""
    return f'<span class="mark" data-kind="executed" title="{escape(executed)}">executed</span>'
