"""Roles -> the flat names of a kit's files: by ISBN where there is one, else slug and version.

Printers and shops find files by the ISBN of what they hold; GitHub releases have no folders.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
PROVENANCE = "provenance.sigstore.json"
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
"""What the name of a file may be: nothing that a shell, a path or a terminal would take amiss."""


class Role(StrEnum):
    """What a file of the kit is; see docs/releasing.md."""

    INTERIOR = "print-interior"
    COVER = "print-cover"
    SCREEN = "screen-pdf"
    EPUB = "epub"
    FRONT_COVER = "epub-cover"
    WEB = "web"
    COMPANION = "companion"
    SOURCE = "source"
    ONIX_30 = "onix-3.0"
    ONIX_31 = "onix-3.1"
    METADATA = "metadata"
    PAGES = "page-map"
    CHANGES = "changes"
    NOTES = "release-notes"
    REPORTS = "reports"


_NUMBERED = {
    Role.INTERIOR: ("print", "{}_text.pdf"),
    Role.COVER: ("print", "{}_cover-{printer}.pdf"),
    Role.SCREEN: ("screen", "{}.pdf"),
    Role.EPUB: ("epub", "{}.epub"),
    Role.FRONT_COVER: ("epub", "{}.jpg"),
}
_PLAIN = {
    Role.INTERIOR: "print.pdf",
    Role.COVER: "cover-{printer}.pdf",
    Role.SCREEN: "screen.pdf",
    Role.EPUB: ".epub",
    Role.FRONT_COVER: ".jpg",
    Role.WEB: "web.zip",
    Role.COMPANION: "companion.zip",
    Role.SOURCE: "source.tar.gz",
    Role.ONIX_30: "onix-3.0.xml",
    Role.ONIX_31: "onix-3.1.xml",
    Role.PAGES: "pages.json",
    Role.REPORTS: "reports.zip",
}
_FIXED = {
    Role.METADATA: "metadata.json",
    Role.CHANGES: "CHANGES.md",
    Role.NOTES: "RELEASE-NOTES.md",
}
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".jpg": "image/jpeg",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".xml": "application/xml",
    ".json": "application/json",
    ".md": "text/markdown",
}


def isbn(role: Role, numbers: Mapping[str, str]) -> str:
    """The ISBN of what a file holds; "" where it has none."""
    return numbers.get(_NUMBERED[role][0], "") if role in _NUMBERED else ""


def name(role: Role, stem: str, numbers: Mapping[str, str], printer: str = "") -> str:
    """Name a file.

    stem:    slug and version: "small-book-2026.11.0".
    numbers: ISBNs by format.
    """
    if number := isbn(role, numbers):
        return _NUMBERED[role][1].format(number, printer=printer)
    if role in _FIXED:
        return _FIXED[role]
    ending = _PLAIN[role].format(printer=printer)
    return f"{stem}{ending}" if ending.startswith(".") else f"{stem}-{ending}"


def media_type(file: str) -> str:
    """The media type of a file of the kit, by its name."""
    return MEDIA_TYPES.get(f".{file.rpartition('.')[2]}", "application/octet-stream")
