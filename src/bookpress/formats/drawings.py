"""Pictures that are SVG -> SVG in the page itself, where the book's faces and theme reach it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PICTURE = re.compile(r'<img src="([^"]+\.svg)" alt="([^"]*)"( style="[^"]*")? ?/>')
_ROOT = re.compile(r"<svg\b([^>]*)>")
_OWN_NAME = re.compile(r'\s(?:role|aria-\w+|style|class)="[^"]*"')
_TITLE = re.compile(r"<(title|desc|metadata)\b[^>]*>.*?</\1>", re.DOTALL)
_HEAD = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A style sheet or script in a drawing would reach the whole page.
_RISKY = re.compile(r"<(?:style|script|foreignObject|svg\b.*<svg)\b", re.DOTALL)
_IDS = re.compile(r"""(\sid="|url\(#|href="#)([^")]+)""")


def inline(html: str, images: Mapping[str, bytes]) -> str:
    """Put drawings into a fragment in place of the `img` elements that show them.

    images: image files by their name in the fragment; what is not there stays an `img`.
    The text alternative becomes the drawing's label; its identifiers get its name before them.
    """
    return _PICTURE.sub(lambda match: _drawing(match, images.get(match[1])), html)


def _drawing(match: re.Match[str], data: bytes | None) -> str:
    text = _COMMENT.sub("", data.decode()) if data else ""
    if not _ROOT.search(text) or _RISKY.search(text):
        return match[0]
    name = match[1].rpartition("/")[2].removesuffix(".svg")
    text = _TITLE.sub("", _HEAD.sub("", text))
    text = _IDS.sub(lambda found: f"{found[1]}{name}-{found[2]}", text)
    label = f' class="drawing" role="img" aria-label="{match[2]}"{match[3] or ""}'
    return _ROOT.sub(
        lambda root: f"<svg{_OWN_NAME.sub('', root[1])}{label}>", text, count=1
    ).strip()
