"""printings/*.json <-> the page map of every printing, kept for errata and comparisons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.pagination import PageMap

if TYPE_CHECKING:
    from pathlib import Path

    from bookpress.release.manifest import Manifest

FOLDER = "printings"


@dataclass(frozen=True, slots=True)
class Printing:
    """What was printed: edition and printing, the version it was made of, and its pages."""

    edition: int
    number: int
    version: str
    pages: PageMap


def load(root: Path) -> tuple[Printing, ...]:
    """Read all printings that are kept, oldest first; raises BookpressError for a broken file."""
    found = [_read(path) for path in sorted((root / FOLDER).glob("*.json"))]
    return tuple(sorted(found, key=lambda p: (p.edition, p.number)))


def of_version(printings: tuple[Printing, ...], version: str) -> PageMap | None:
    """The pages of a version, if they are kept."""
    return next((p.pages for p in printings if p.version == version), None)


def keep(manifest: Manifest, pages: bytes) -> tuple[str, bytes]:
    """Make the file that keeps a printing: its name below the book's folder, and its bytes."""
    kept = {
        "edition": manifest.edition,
        "printing": manifest.printing,
        "version": manifest.version,
        "commit": manifest.commit,
        "pages": json.loads(pages),
    }
    name = f"{FOLDER}/{manifest.edition}-{manifest.printing}.json"
    return name, f"{json.dumps(kept, indent=1, ensure_ascii=False)}\n".encode()


def write(root: Path, name: str, data: bytes) -> None:
    """Put the file of a printing below the book's folder.

    Raises  BookpressError when another version is kept as this printing.
    """
    path = root / name
    if path.is_file() and _read(path).version != json.loads(data)["version"]:
        problem = f"{name} keeps version {_read(path).version} as this printing"
        raise BookpressError(problem, hint="raise `printing:` in book.yml when you print again")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def _read(path: Path) -> Printing:
    try:
        found = json.loads(path.read_bytes())
        pages = PageMap.from_json(json.dumps(found["pages"]).encode())
        return Printing(int(found["edition"]), int(found["printing"]), found["version"], pages)
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = "bookpress release keep DIR writes it again, from the kit of that printing"
        place = f"{FOLDER}/{path.name}"
        raise BookpressError(f"{place} holds no printing's pages", hint=hint) from None
