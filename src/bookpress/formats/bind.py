"""Typeset sections -> one PDF with folios, running heads, outline and links between sections.

The work is done by `binder`, which is loaded only when the book is not in the store yet.
"""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module, metadata, resources
from typing import TYPE_CHECKING

from bookpress.pagination import Proof

if TYPE_CHECKING:
    import datetime as dt

    from bookpress.cache import Store
    from bookpress.formats.sheets import Typeset
    from bookpress.model import Metadata

_ENGINE = ("binder.py", "fonts.py", "glyphs.py", "labels.py", "numbers.py")


def bind(typeset: Typeset, book: Metadata, date: dt.datetime, store: Store) -> Proof:
    """Make one PDF of a variant of the book.

    date:   goes into the PDF as the day it was made; aware of its time zone.
    Returns for the screen a PDF/A-3a that is PDF/UA-1 as well; for print pages without tags, links
            and outline, in shades of black. The complaints are those of the typesetter.
    """
    inputs = (
        *_engine(),
        typeset.key.encode(),
        repr(sorted(asdict(book).items())).encode(),
        str(date.timestamp()).encode(),
        "\n".join(
            str((s.sheet.slug, s.sheet.bare, s.sheet.single, s.sheet.depth))
            for s in typeset.sections
        ).encode(),
        repr([s.sheet.running_head for s in typeset.sections]).encode(),
    )
    pdf = store.recall("book", *inputs, make=lambda: _binder(typeset, book, date, store))
    return Proof(pdf, typeset.pages, typeset.findings)


def _binder(typeset: Typeset, book: Metadata, date: dt.datetime, store: Store) -> bytes:
    made: bytes = import_module("bookpress.formats.binder").make(typeset, book, date, store)
    return made


def _engine() -> tuple[bytes, ...]:
    package = resources.files("bookpress.formats")
    versions = (metadata.version("pikepdf"), metadata.version("uharfbuzz"))
    return (*(v.encode() for v in versions), *((package / name).read_bytes() for name in _ENGINE))
