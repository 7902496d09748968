"""A finished file of a kit -> what it shows of itself: pages, lengths, versions, ISBNs.

Every file is anybody's until it is verified: each reader is bounded, and raises ValueError for
what it cannot read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bookpress import prooftext
from bookpress.release import archives
from bookpress.release.metadata import millimetres

if TYPE_CHECKING:
    from pathlib import Path

MOST_PAGES = 5_000
_OPENING = 12  # the imprint is among these pages
_VERSION = re.compile(r"\b[Vv]ersion\s+(\d[\w.+-]*(?:-\s+(?:rc|draft)\.\d+)?)")
_PRINTED = re.compile(_VERSION.pattern + r"\s+of\s+the\s+text\b")  # the words of the imprint
_ISBN = re.compile(r"ISBN\s+(97[89][\d -]{10,14})\s+\(([a-z]+)\)")
_OUTLINE_VERSION = re.compile(r"""^version:\s*["']?([^"'\s#]+)""", re.MULTILINE)
_OPF_URN = re.compile(r"urn:isbn:(97[89]\d{10})")
_CONTAINER = "META-INF/container.xml"
_ROOTFILE = ".//{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_IDENTIFIER = ".//{http://purl.org/dc/elements/1.1/}identifier"
_IMPRINT = b'epub:type="copyright-page"'
_TAGS = re.compile(r"<[^>]*>")
_LARGEST = archives.LARGEST_DOCUMENT


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file shows; what does not apply to its kind is empty.

    sizes_mm: (trim, media) of every page, each width and height.
    versions: those that it says it is; isbns: by format, as it prints or encodes them.
    """

    pages: int = 0
    trims_mm: frozenset[tuple[float, float]] = frozenset()
    media_mm: frozenset[tuple[float, float]] = frozenset()
    versions: tuple[str, ...] = ()
    isbns: tuple[tuple[str, str], ...] = ()


def pdf(path: Path) -> Shown:
    """Look at a PDF: how many pages of what size, and what its imprint says."""
    leaves = prooftext.leaves(path, MOST_PAGES)
    text = "\n".join(prooftext.opening(path, _OPENING))
    return Shown(
        pages=len(leaves),
        trims_mm=frozenset(_mm(leaf.trim) for leaf in leaves),
        media_mm=frozenset(_mm(leaf.media) for leaf in leaves),
        versions=printed(text),
        isbns=_isbns(text),
    )


def epub(path: Path) -> Shown:
    """Look at an EPUB: its identifier, and what its imprint says."""
    with archives.opened(path) as archive:
        if archive.namelist()[:1] != ["mimetype"]:
            raise ValueError("it does not begin with its mimetype")
        root = _xml(archives.document(archive, _CONTAINER)).find(_ROOTFILE)
        package = _xml(
            archives.document(archive, "" if root is None else root.get("full-path", ""))
        )
        versions: list[str] = []
        for name in archive.namelist():
            if name.endswith(".xhtml") and archive.getinfo(name).file_size <= _LARGEST:
                document = archive.read(name)
                if _IMPRINT in document:
                    text = _TAGS.sub(" ", document.decode("utf-8", errors="replace"))
                    versions += _versions(text)
    identifiers = " ".join(e.text or "" for e in package.iterfind(_IDENTIFIER))
    return Shown(
        versions=tuple(versions),
        isbns=tuple(("epub", number) for number in _OPF_URN.findall(identifiers)),
    )


def web(path: Path) -> Shown:
    """Look at the web edition."""
    with archives.opened(path) as archive:
        archives.document(archive, "index.html")
    return Shown()


def archive(path: Path) -> Shown:
    """Look at a zip that says nothing of itself."""
    with archives.opened(path):
        return Shown()


def source(path: Path, stem: str) -> Shown:
    """Look at the sources: the version in the outline."""
    outline = archives.text_in_tar(path, f"{stem}/book.yml").decode("utf-8", errors="replace")
    return Shown(versions=tuple(_OUTLINE_VERSION.findall(outline)))


def jpeg(path: Path) -> Shown:
    """Look at the beginning of a picture."""
    with path.open("rb") as file:
        if file.read(3) != b"\xff\xd8\xff":
            raise ValueError("it is no JPEG")
    return Shown()


def onix(path: Path, release: str) -> Shown:
    """Look at an ONIX message: its release, and the ISBN of each product by the product's form."""
    root = _xml(_bounded(path))
    space = f"{{http://ns.editeur.org/onix/{release}/reference}}"
    if root.tag != f"{space}ONIXMessage" or root.get("release") != release:
        raise ValueError(f"it is no ONIX {release} message")
    found: list[tuple[str, str]] = []
    for product in root.iterfind(f"{space}Product"):
        form = product.findtext(f"{space}DescriptiveDetail/{space}ProductForm")
        pdf = product.findtext(f"{space}DescriptiveDetail/{space}ProductFormDetail") == "E107"
        name = "print" if form == "BC" else "screen" if pdf else "epub"
        found += (
            (name, identifier.findtext(f"{space}IDValue") or "")
            for identifier in product.iterfind(f"{space}ProductIdentifier")
            if identifier.findtext(f"{space}ProductIDType") == "15"
        )
    return Shown(isbns=tuple(found))


def metadata(path: Path) -> Shown:
    """Look at the metadata sheet."""
    found = _json(path)
    numbers = found.get("isbn")
    pairs = numbers.items() if isinstance(numbers, dict) else ()
    return Shown(
        pages=_count(found.get("pages")),
        versions=(str(found.get("version"))[:60],),
        isbns=tuple((str(name)[:20], str(number)[:20]) for name, number in pairs),
    )


def page_map(path: Path) -> Shown:
    """Look at the page map."""
    return Shown(pages=_count(_json(path).get("pages")))


def text(path: Path, version: str) -> Shown:
    """Look for the version in a text for people."""
    return Shown(versions=(version,) if version in _bounded(path).decode("utf-8") else ())


def _mm(size: tuple[float, float]) -> tuple[float, float]:
    return millimetres(size[0]), millimetres(size[1])


def printed(text: str) -> tuple[str, ...]:
    """The versions that the imprint says the text is; other versions are what the book is about."""
    return _versions(text, _PRINTED)


def _versions(text: str, pattern: re.Pattern[str] = _VERSION) -> tuple[str, ...]:
    """The versions that a text says it is; a line may end after a hyphen."""
    found = (re.sub(r"\s+", "", match).rstrip(".") for match in pattern.findall(text))
    return tuple(dict.fromkeys(found))


def _isbns(text: str) -> tuple[tuple[str, str], ...]:
    found = ((form, re.sub(r"[ -]", "", number)) for number, form in _ISBN.findall(text))
    return tuple(dict.fromkeys(found))


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST} bytes")
    return path.read_bytes()


def _json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(_bounded(path))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("it is no object")  # noqa: TRY004  (of the file, not of Python)
    return found


def _count(value: object) -> int:
    if type(value) is not int:
        raise ValueError("it does not tell the number of pages")
    return value


def _xml(data: bytes) -> ET.Element:
    """Parse a document that declares nothing: entities are how few bytes become many."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it declares a document type")
    try:
        return ET.fromstring(data)  # noqa: S314  (nothing is declared, its size is bounded)
    except ET.ParseError as error:
        raise ValueError(f"it is not well-formed: {error}") from None
