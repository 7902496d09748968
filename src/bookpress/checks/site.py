"""The finished web edition -> findings about addresses and identifiers in it (L009, E003)."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bookpress.findings import Finding, Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.model import Book

_EXTERNAL = re.compile(r"^([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)""")
_LINKS = ("a",)
_HARMLESS = re.compile(r"^(data|mailto):")


@dataclass(slots=True)
class _Page(HTMLParser):
    """What a page is made of: its identifiers, and addresses with the element they stand in."""

    identifiers: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.identifiers.append(value)
            elif name in ("href", "src") and value:
                self.addresses.append((tag, value))


def look(book: Book, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Report addresses that lead nowhere, other hosts the pages ask, and doubled identifiers.

    files: the web edition, by name.
    """
    pages = {name: _read(data) for name, data in files.items() if name.endswith(".html")}
    for name, page in pages.items():
        where = _place(book, name)
        for anchor, times in Counter(page.identifiers).items():
            if times > 1:
                yield Finding(where, "E003", f"`#{anchor}` stands {times} times in {name}")
        for tag, address in page.addresses:
            if problem := _problem(name, tag, address, files, pages):
                yield Finding(where, "L009", f"{name} leads to {address}, {problem}")
    for name, data in files.items():
        for address in _CSS_URL.findall(data.decode()) if name.endswith(".css") else ():
            if problem := _problem(name, "style", address, files, pages):
                yield Finding(book.where, "L009", f"{name} leads to {address}, {problem}")


def _problem(
    name: str, tag: str, address: str, files: Mapping[str, bytes], pages: Mapping[str, _Page]
) -> str:
    """What is wrong with an address; "" when nothing is."""
    if _EXTERNAL.match(address):
        asked = tag not in _LINKS and not _HARMLESS.match(address)
        return "which is asked of another host" if asked else ""
    path, _, anchor = address.partition("#")
    folder = posixpath.dirname(name)
    file = posixpath.normpath(posixpath.join(folder, unquote(path))) if path else name
    if file not in files:
        return "which is not in the web edition"
    if anchor and file in pages and unquote(anchor) not in pages[file].identifiers:
        return "and nothing has that identifier"
    return ""


def _read(data: bytes) -> _Page:
    page = _Page()
    page.feed(data.decode())
    page.close()
    return page


def _place(book: Book, file: str) -> Position:
    slug = file.removesuffix(".html")
    return next((Position(c.path) for c in book.written() if c.slug == slug), book.where)
