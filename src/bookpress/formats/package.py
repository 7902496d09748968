"""Finished documents -> one EPUB file. The only module that knows EbookLib.

EbookLib writes the package document, the NCX and the container, nothing else: its `EpubHtml` loses
white space in listings, attributes of body and text directly below it (0.20), so every document
comes as finished bytes.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ebooklib import epub

if TYPE_CHECKING:
    import datetime as dt

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP file can tell
_GENERATOR = "http://www.idpf.org/2007/opf"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STORED = "mimetype"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the EPUB: its name in the package, its media type, its manifest properties."""

    name: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meta:
    """A statement of the package's metadata.

    name:       a Dublin Core element ("dc:title"), else the property of a `meta` element.
    identifier: the id by which others refine this one; refines: whose id this one refines.
    """

    name: str
    value: str
    identifier: str = ""
    refines: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class NavPoint:
    """A line of the NCX, for reading systems older than EPUB 3."""

    title: str
    address: str
    below: tuple[NavPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """All that goes into an EPUB.

    identifier: the unique one, as an URN.
    title:      what older reading systems are told; the metadata have it with its subtitle.
    spine:      names of the documents in reading order.
    """

    identifier: str
    title: str
    language: str
    metadata: tuple[Meta, ...]
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    contents: tuple[NavPoint, ...]


def pack(package: Package, modified: dt.datetime) -> bytes:
    """Write an EPUB 3.3 file; the same package and date give the same bytes.

    modified: the date for dcterms:modified, in UTC.
    """
    buffer = io.BytesIO()
    writer = _Writer(buffer, _book(package), {"mtime": modified, "epub3_pages": False})
    writer.process()
    writer.write()
    return _freeze(buffer.getvalue())


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    """EbookLib's writer, except that the package says what language it is in."""

    def _write_opf_file(self, root) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        root.set(_XML_LANG, self.book.language)
        super()._write_opf_file(root)


def _book(package: Package) -> epub.EpubBook:
    book = epub.EpubBook()
    book.metadata.pop(_GENERATOR, None)
    book.set_identifier(package.identifier)
    book.title = package.title
    book.set_language(package.language)
    for meta in package.metadata:
        _add(book, meta)
    names = {}
    for number, item in enumerate(package.items, 1):
        names[item.name] = f"i{number}"
        made = epub.EpubItem(f"i{number}", item.name, item.media_type, item.data)
        made.properties = list(item.properties)
        book.add_item(made)
    book.add_item(epub.EpubNcx())
    book.spine = [names[name] for name in package.spine]
    book.toc = [_ncx(point, f"n{number}") for number, point in enumerate(package.contents, 1)]
    return book


def _add(book: epub.EpubBook, meta: Meta) -> None:
    others = {"id": meta.identifier} if meta.identifier else {}
    if meta.name.startswith("dc:"):
        book.add_metadata("DC", meta.name.removeprefix("dc:"), meta.value, others)
        return
    if meta.refines:
        others["refines"] = f"#{meta.refines}"
    if meta.scheme:
        others["scheme"] = meta.scheme
    book.add_metadata(None, "meta", meta.value, {"property": meta.name, **others})


def _ncx(point: NavPoint, name: str) -> object:
    if not point.below:
        return epub.Link(point.address, point.title, name)
    below = [_ncx(inner, f"{name}-{number}") for number, inner in enumerate(point.below, 1)]
    return (epub.Section(point.title, point.address), below)


def _freeze(data: bytes) -> bytes:
    """Zip again in the same order, without the clock and the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            kind = zipfile.ZIP_STORED if name == _STORED else zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name), kind, 9)
    return buffer.getvalue()
