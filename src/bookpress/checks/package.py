"""The finished EPUB -> findings about what the packaging lost, doubled or forgot (E..., L009).

Nothing here rests on how the EPUB was made: it is unzipped and read as any reading system does.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from bookpress.findings import Finding, Position
from bookpress.formats import accessibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bookpress.model import Book, Chapter

    PackageCheck = Callable[[Book, Mapping[str, str], "Opened"], Iterator[Finding]]

_XHTML = "{http://www.w3.org/1999/xhtml}"
_EPUB = "{http://www.idpf.org/2007/ops}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_CONTAINER = "META-INF/container.xml"
_ROOTFILE = ".//{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_EXTERNAL = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)""")
_PICTURES = (".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_MIMETYPE = b"application/epub+zip"


@dataclass(frozen=True, slots=True)
class Opened:
    """An EPUB, unzipped.

    files:     all its files by their full name, in the order of the archive.
    opf:       full name of the package document; package is its root element.
    documents: the XHTML documents that are well-formed, by full name.
    broken:    those that are not, with what the parser said.
    """

    files: Mapping[str, bytes]
    opf: str
    package: ET.Element
    documents: Mapping[str, ET.Element]
    broken: Mapping[str, str]

    def manifest(self) -> dict[str, ET.Element]:
        """The manifest's items by the full name of the file."""
        items = self.package.iterfind(f"{_OPF}manifest/{_OPF}item")
        return {self.beside(self.opf, item.get("href", "")): item for item in items}

    def spine(self) -> list[str]:
        """Full names of the documents in reading order."""
        names = {item.get("id"): name for name, item in self.manifest().items()}
        refs = self.package.iterfind(f"{_OPF}spine/{_OPF}itemref")
        return [names.get(ref.get("idref"), "") for ref in refs]

    @staticmethod
    def beside(file: str, address: str) -> str:
        """The full name of what an address in a file means, without its fragment."""
        path = unquote(address.partition("#")[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file


def look(book: Book, fragments: Mapping[str, str], data: bytes) -> Iterator[Finding]:
    """Report all that is wrong with a finished EPUB.

    fragments: HTML of every written chapter, by slug, as it went into the packaging.
    """
    try:
        opened = read(data)
    except (zipfile.BadZipFile, KeyError, ET.ParseError) as error:
        yield Finding(book.where, "E002", f"the EPUB cannot be opened: {error}")
        return
    for check in CHECKS:
        yield from check(book, fragments, opened)


def read(data: bytes) -> Opened:
    """Unzip an EPUB and parse its documents.

    Raises  BadZipFile, KeyError or ParseError when container or package document are not there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = _parse(files[_CONTAINER]).find(_ROOTFILE)
    opf = root.get("full-path", "") if root is not None else ""
    documents, broken = {}, {}
    for name, content in files.items():
        if name.endswith(".xhtml"):
            try:
                documents[name] = _parse(content)
            except ET.ParseError as error:
                broken[name] = str(error)
    return Opened(files, opf, _parse(files[opf]), documents, broken)


def accessibility_report(opened: Opened) -> bytes:
    """Say of a finished EPUB what its metadata claim, by what proof, and what they leave out."""
    pictures = (d for n, d in opened.files.items() if n.endswith(_PICTURES))
    styles = (d for n, d in opened.files.items() if n.endswith(".css"))
    documents = (opened.files[name] for name in opened.documents)
    return accessibility.report(accessibility.examine(documents, pictures, styles))


def well_formed(book: Book, _fragments: Mapping[str, str], opened: Opened) -> Iterator[Finding]:
    """Report documents that no XML parser reads."""
    for name, problem in opened.broken.items():
        yield Finding(_place(book, name), "E001", f"{name} is not well-formed: {problem}")


def text_is_whole(book: Book, fragments: Mapping[str, str], opened: Opened) -> Iterator[Finding]:
    """Report chapters whose text, white space included, is not that of the manuscript."""
    for chapter in book.written():
        name = _document(opened, chapter)
        if name not in opened.documents:
            continue
        body = opened.documents[name].find(f"{_XHTML}body")
        wanted = _text(_parse(_wrapped(fragments[chapter.slug]))).strip()
        found = _text(body).strip() if body is not None else ""
        if found != wanted:
            message = f"{name} departs from the manuscript {_difference(wanted, found)}"
            yield Finding(Position(chapter.path), "E001", message)


def archive_is_in_order(
    book: Book, _fragments: Mapping[str, str], opened: Opened
) -> Iterator[Finding]:
    """Report an archive that does not say first, and plainly, that it is an EPUB."""
    if next(iter(opened.files), "") != "mimetype" or opened.files["mimetype"] != _MIMETYPE:
        yield Finding(book.where, "E002", "the archive does not begin with its `mimetype`")


def manifest_is_complete(
    book: Book, _fragments: Mapping[str, str], opened: Opened
) -> Iterator[Finding]:
    """Report files that the manifest does not list, and the other way round."""
    listed = opened.manifest()
    outside = {"mimetype", opened.opf}
    for name in opened.files:
        if name not in listed and name not in outside and not name.startswith("META-INF/"):
            yield Finding(_place(book, name), "E002", f"{name} is not in the manifest")
    for name in listed:
        if name not in opened.files:
            yield Finding(_place(book, name), "E002", f"{name} is in the manifest only")


def spine_is_complete(
    book: Book, _fragments: Mapping[str, str], opened: Opened
) -> Iterator[Finding]:
    """Report chapters that are not in the spine, or not in the outline's order."""
    spine = [name for name in opened.spine() if name]
    wanted = [_document(opened, chapter) for chapter in book.written()]
    for chapter, name in zip(book.written(), wanted, strict=True):
        if spine.count(name) != 1:
            message = f"{name} is in the spine {spine.count(name)} times, not once"
            yield Finding(Position(chapter.path), "E002", message)
    order = [name for name in dict.fromkeys(spine) if name in wanted]
    if order != [name for name in wanted if name in order]:
        yield Finding(book.where, "E002", "the spine is not in the order of book.yml")


def identifiers_are_unique(
    book: Book, _fragments: Mapping[str, str], opened: Opened
) -> Iterator[Finding]:
    """Report identifiers that stand twice in one document."""
    for name, document in opened.documents.items():
        counts = Counter(_identifiers(document))
        for anchor, times in counts.items():
            if times > 1:
                message = f"`#{anchor}` stands {times} times in {name}"
                yield Finding(_place(book, name), "E003", message)


def links_lead_somewhere(
    book: Book, _fragments: Mapping[str, str], opened: Opened
) -> Iterator[Finding]:
    """Report addresses, of links, pictures, styles and fonts, that lead nowhere in the EPUB."""
    anchors = {name: set(_identifiers(root)) for name, root in opened.documents.items()}
    for name, address in _addresses(opened):
        file = opened.beside(name, address)
        anchor = unquote(address.partition("#")[2])
        if file not in opened.files:
            message = f"{name} leads to {address}, which is not in the EPUB"
        elif anchor and anchor not in anchors.get(file, {anchor}):
            message = f"{name} leads to {address}, and nothing has that identifier"
        else:
            continue
        yield Finding(_place(book, name), "L009", message)


def _addresses(opened: Opened) -> Iterator[tuple[str, str]]:
    """Every address inside the EPUB, with the file it stands in."""
    found: list[tuple[str, str]] = []
    for name, root in opened.documents.items():
        for element in root.iter():
            found += [(name, value) for key in ("href", "src") if (value := element.get(key))]
    for name, data in opened.files.items():
        if name.endswith(".ncx"):
            points = _parse(data).iter(f"{_NCX}content")
            found += [(name, point.get("src", "")) for point in points]
        elif name.endswith(".css"):
            found += [(name, url) for url in _CSS_URL.findall(data.decode())]
    return (pair for pair in found if not _EXTERNAL.match(pair[1]))


def claims_are_true(book: Book, _fragments: Mapping[str, str], opened: Opened) -> Iterator[Finding]:
    """Report accessibility features that the metadata claim and the documents lack."""
    metas = opened.package.iterfind(f"{_OPF}metadata/{_OPF}meta")
    claimed = {m.text for m in metas if m.get("property") == "schema:accessibilityFeature"}
    for claim, problem in _lacks(opened):
        if claim in claimed:
            yield Finding(book.where, "E004", f"the EPUB claims {claim}, but {problem}")


def _lacks(opened: Opened) -> Iterator[tuple[str, str]]:
    """What the documents lack, and the feature that would be untrue for it."""
    elements = [element for root in opened.documents.values() for element in root.iter()]
    bare = [e for e in elements if e.tag == f"{_XHTML}img" and not (e.get("alt") or "").strip()]
    if bare:
        yield "alternativeText", f"{bare[0].get('src')} has none"
    kinds = {kind for e in elements for kind in (e.get(f"{_EPUB}type") or "").split()}
    wanted = {
        "tableOfContents": "toc",
        "index": "index",
        "pageNavigation": "page-list",
        "pageBreakMarkers": "pagebreak",
    }
    for claim, kind in wanted.items():
        if kind not in kinds:
            yield claim, f'no element has the type "{kind}"'
    marks = sum(e.get("role") == "doc-pagebreak" for e in elements)
    lists = (e for e in elements if e.get(f"{_EPUB}type") == "page-list")
    listed = sum(1 for e in lists for _ in e.iter(f"{_XHTML}a"))
    if marks != listed:
        yield "pageNavigation", f"{marks} pages are marked and {listed} are listed"
    locks = [name for name in opened.files if name.startswith("META-INF/") and name != _CONTAINER]
    if locks:
        yield "unlocked", f"the package has {locks[0]}"
    if not any(element.tag.endswith("}math") for element in elements):
        yield "MathML", "there is no formula"


def _parse(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314  (made by this press moments ago, of the book's text)


def _wrapped(fragment: str) -> bytes:
    return f'<div xmlns:epub="{_EPUB[1:-1]}">{fragment}</div>'.encode()


def _text(element: ET.Element) -> str:
    return "".join(element.itertext())


def _identifiers(root: ET.Element) -> Iterator[str]:
    return (anchor for element in root.iter() if (anchor := element.get("id")))


def _document(opened: Opened, chapter: Chapter) -> str:
    return opened.beside(opened.opf, f"{chapter.slug}.xhtml")


def _place(book: Book, file: str) -> Position:
    """A chapter's manuscript for its document, else the outline."""
    slug = posixpath.basename(file).removesuffix(".xhtml")
    return next((Position(c.path) for c in book.written() if c.slug == slug), book.where)


def _difference(wanted: str, found: str) -> str:
    """Where two texts part, with the words around it."""
    pairs = enumerate(zip(wanted, found, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(wanted), len(found)))
    return f"at “{wanted[at : at + 30]}”: it has “{found[at : at + 30]}”"


CHECKS: tuple[PackageCheck, ...] = (
    well_formed,
    text_is_whole,
    archive_is_in_order,
    manifest_is_complete,
    spine_is_complete,
    identifiers_are_unique,
    links_lead_somewhere,
    claims_are_true,
)
