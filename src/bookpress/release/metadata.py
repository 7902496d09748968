"""Book, pages and the finished EPUB -> metadata.json and the products of the ONIX messages.

Both say what the title page and the EPUB's package document say: all are written from one book.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bookpress.checks import package
from bookpress.release import onix

if TYPE_CHECKING:
    import datetime as dt

    from bookpress.model import Book
    from bookpress.pagination import PageMap

POINTS_AN_INCH, MM_AN_INCH = 72, 25.4
_OPF = "{http://www.idpf.org/2007/opf}"
_FEATURE, _SUMMARY = "schema:accessibilityFeature", "schema:accessibilitySummary"
_SUFFICIENT = "schema:accessModeSufficient"


def millimetres(points: float) -> float:
    """Points as millimetres, to a hundredth."""
    return round(points / POINTS_AN_INCH * MM_AN_INCH, 2)


def leaf_mm(book: Book) -> tuple[float, float]:
    """Width and height of the trimmed leaf."""
    return millimetres(book.trim.width_pt), millimetres(book.trim.height_pt)


def products(book: Book, pages: PageMap, spine_mm: float, epub: bytes) -> tuple[onix.Product, ...]:
    """The formats of the book as the trade lists them. spine_mm: 0 where no cover tells it."""
    front = sum(folio.isalpha() for folio in pages.folios)
    said = _accessibility(epub)
    features = tuple(value for name, value in said if name == _FEATURE)
    summary = next((value for name, value in said if name == _SUMMARY), "")
    return (
        onix.paperback(front, pages.total - front, leaf_mm(book), spine_mm),
        onix.epub(pages.total, features, summary, text_alone=(_SUFFICIENT, "textual") in said),
        onix.screen(pages.total),
    )


def message(
    release: str, book: Book, products: tuple[onix.Product, ...], moment: dt.datetime
) -> bytes:
    """The ONIX message of a release of the standard, "3.0" or "3.1"."""
    return onix.write(release, book.metadata, "; ".join(contents(book)), products, moment)


def contents(book: Book) -> tuple[str, ...]:
    """The chapters of the editions, numbered as in the book."""
    return tuple(
        f"{chapter.number} {chapter.title}".strip()
        for part in book.parts
        for chapter in part.written()
    )


def sheet(book: Book, pages: PageMap, spine_mm: float) -> bytes:
    """The metadata sheet, for people and programs."""
    meta = book.metadata
    found = {
        "title": meta.title,
        "subtitle": meta.subtitle,
        "contributors": [
            {"name": p.name, "role": p.role, "file_as": p.file_as} for p in meta.contributors
        ],
        "language": meta.language,
        "publisher": meta.publisher,
        "date": meta.date,
        "version": meta.version,
        "edition": meta.edition,
        "printing": meta.printing,
        "isbn": dict(meta.isbn),
        "identifier": meta.identifier,
        "url": meta.url,
        "rights": meta.rights,
        "description": meta.description,
        "keywords": list(meta.keywords),
        "subjects": {scheme: list(codes) for scheme, codes in meta.subjects.items()},
        "contents": list(contents(book)),
        "pages": pages.total,
        "trim_mm": list(leaf_mm(book)),
        "spine_mm": spine_mm or None,
        "ink": "black",
    }
    return f"{json.dumps(found, indent=2, ensure_ascii=False)}\n".encode()


def _accessibility(epub: bytes) -> tuple[tuple[str, str], ...]:
    """What the package document says under schema:, in its order."""
    opened = package.read(epub)
    metas = opened.package.iterfind(f"{_OPF}metadata/{_OPF}meta")
    return tuple(
        (meta.get("property", ""), meta.text or "")
        for meta in metas
        if meta.get("property", "").startswith("schema:")
    )


def front_cover(epub: bytes) -> bytes:
    """The picture that the package document names as cover (PNG)."""
    opened = package.read(epub)
    name = next(
        name for name, item in opened.manifest().items()
        if "cover-image" in item.get("properties", "").split()
    )  # fmt: skip
    return opened.files[name]
