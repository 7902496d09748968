"""A folder -> the two secrets by which a server for reviewers knows them, and their author."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 24
_SHORTEST = 24


class Role(StrEnum):
    """Who somebody is to the server. Reviewers may not decide."""

    AUTHOR = "author"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret part of the author's link, and of the one that is shared with reviewers."""

    author: str
    reviewer: str

    def role(self, key: str) -> Role | None:
        """Say who holds a key; comparing takes the same time whatever is wrong with it."""
        given = key.encode()
        author = hmac.compare_digest(given, self.author.encode())
        reviewer = hmac.compare_digest(given, self.reviewer.encode())
        return Role.AUTHOR if author else Role.REVIEWER if reviewer else None


def load(path: Path, *, fresh: bool = False) -> Keys:
    """Read the keys, or make them where there are none.

    path:  a file that its owner alone may read.
    fresh: make new ones: links that were sent out, and whoever came by them, no longer get in.
    Raises BookpressError when the file cannot be read or written.
    """
    try:
        if not fresh and path.exists():
            return _read(path)
        keys = Keys(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(file, "w", encoding="utf-8") as written:  # noqa: PTH123  (a descriptor)
            json.dump(asdict(keys), written)
    except (OSError, ValueError) as error:
        hint = "type: bookpress review serve --new-links"
        raise BookpressError(f"{path} holds no links: {error}", hint=hint) from error
    return keys


def _read(path: Path) -> Keys:
    data = json.loads(path.read_text("utf-8"))
    found = [data.get(role) if isinstance(data, dict) else None for role in Role]
    keys = [key for key in found if isinstance(key, str) and len(key) >= _SHORTEST]
    if len(keys) != len(found):
        raise ValueError("it was written by another program")
    return Keys(*keys)
