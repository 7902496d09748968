"""Two presses with a manuscript each -> every chapter in one format, with its changes marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.pagination import content_name
from bookpress.review.changes import blocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bookpress.model import Format
    from bookpress.press import Press
    from bookpress.review.changes.blocks import Marked
    from bookpress.review.changes.pairs import Pair

_ADDRESS = re.compile(r' (href|data-page)="([^"#:/]+)\.html')


def mark(pairs: Sequence[Pair], old: Press, new: Press, target: Format) -> dict[str, Marked]:
    """Compare every chapter with what it was; returns them by slug, a removed one by its old one.

    A link to a chapter that has another file name now is the same link.
    """
    before, after = old.fragments(target), new.fragments(target)
    was, now = _names(old.pictures()), _names(new.pictures())
    renamed = {p.was.slug: p.now.slug for p in pairs if p.was and p.now}
    made = {}
    for pair in pairs:
        earlier = _readdress(before[pair.was.slug], renamed) if pair.was else ""
        today = after[pair.now.slug] if pair.now else ""
        made[pair.chapter.slug] = blocks.compare(earlier, today, was, now)
    return made


def was_pictures(old: Press) -> dict[str, bytes]:
    """The earlier image files, by the names that struck figures call them by."""
    return {re.sub(r"([^/]+)$", r"was-\1", name): data for name, data in old.pictures().items()}


def style(press: Press, name: str) -> str:
    """One of the style sheets of changes; raises BookpressError when the design has none."""
    files = press.design()
    if name not in files:
        hint = "a styles folder of your own needs all that the press's own has"
        raise BookpressError(f"there is no {name} in {press.styles.name}/", hint=hint)
    return files[name].decode()


def _names(pictures: Mapping[str, bytes]) -> dict[str, str]:
    return {name: content_name(data) for name, data in pictures.items()}


def _readdress(html: str, renamed: Mapping[str, str]) -> str:
    def replace(found: re.Match[str]) -> str:
        return f' {found[1]}="{renamed.get(found[2], found[2])}.html'

    return _ADDRESS.sub(replace, html)
