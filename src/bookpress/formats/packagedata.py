"""Metadata of the book -> statements of the EPUB's package document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.formats.package import Meta

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Metadata
    from bookpress.pagination import PageMap

_AUTHORS = ("aut",)
_AUTHORITIES = {"bisac": "BISAC", "thema": "Thema"}


def identifier(metadata: Metadata) -> str:
    """The EPUB's unique identifier: its own ISBN, else the book's URN."""
    number = metadata.isbn.get("epub")
    return f"urn:isbn:{number}" if number else metadata.identifier


def statements(metadata: Metadata, pages: PageMap | None) -> Iterator[Meta]:
    """Yield all statements but the required ones and those about accessibility.

    Source  EPUB 3.3, 5.5 (metadata); EPUB Accessibility 1.1 (pageBreakSource).
    """
    yield from _titles(metadata)
    yield from _people(metadata)
    simple = {
        "dc:publisher": metadata.publisher,
        "dc:date": metadata.date,
        "dc:rights": metadata.rights,
        "dc:description": metadata.description,
    }
    yield from (Meta(name, value) for name, value in simple.items() if value)
    yield from _subjects(metadata)
    if pages:
        yield Meta("pageBreakSource", _print_edition(metadata))


def _titles(metadata: Metadata) -> Iterator[Meta]:
    yield Meta("dc:title", metadata.title, identifier="title")
    if metadata.subtitle:
        yield Meta("title-type", "main", refines="title")
        yield Meta("dc:title", metadata.subtitle, identifier="subtitle")
        yield Meta("title-type", "subtitle", refines="subtitle")


def _people(metadata: Metadata) -> Iterator[Meta]:
    for number, person in enumerate(metadata.contributors, 1):
        name = f"person{number}"
        kind = "dc:creator" if person.role in _AUTHORS else "dc:contributor"
        yield Meta(kind, person.name, identifier=name)
        yield Meta("role", person.role, refines=name, scheme="marc:relators")
        yield Meta("file-as", person.file_as, refines=name)


def _subjects(metadata: Metadata) -> Iterator[Meta]:
    yield from (Meta("dc:subject", word) for word in metadata.keywords)
    for scheme, codes in metadata.subjects.items():
        for code in codes:
            name = f"{scheme}-{code}"
            yield Meta("dc:subject", code, identifier=name)
            yield Meta("authority", _AUTHORITIES.get(scheme, scheme), refines=name)
            yield Meta("term", code, refines=name)


def _print_edition(metadata: Metadata) -> str:
    """What the page numbers are those of: the printed book's ISBN, else its description."""
    number = metadata.isbn.get("print")
    described = f"{metadata.title}, edition {metadata.edition}, in print"
    return f"urn:isbn:{number}" if number else described
