"""A finished PDF and what goes along with it -> one PDF: files as PDF/A-3 wants them, and facts.

Source: ISO 19005-3, 6.8 and annex E; ISO 32000-1, 7.11.4.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

if TYPE_CHECKING:
    from collections.abc import Mapping

# Not asked of the machine: every one of them knows other types.
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".zip": "application/zip",
}
_UNKNOWN = "application/octet-stream"


def attach(pdf: bytes, files: Mapping[str, bytes], date: dt.datetime) -> bytes:
    """Put files into a PDF/A-3, which a reader finds among its attachments.

    files: by the name that a reader sees; they supplement the whole document.
    date:  of all of them.
    """
    if not files:
        return pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        moment = String(date.astimezone(dt.UTC).strftime("D:%Y%m%d%H%M%SZ"))
        listed: list[object] = []
        for name in sorted(files):
            entry = opened.make_indirect(_specification(opened, name, files[name], moment))
            listed += [String(name), entry]
        names = opened.Root.get("/Names", Dictionary())
        names.EmbeddedFiles = opened.make_indirect(Dictionary(Names=Array(listed)))
        opened.Root.Names = names
        opened.Root.AF = Array(listed[1::2])
        return _saved(opened)


def inform(pdf: bytes, facts: Mapping[str, str]) -> bytes:
    """Add entries of our own to the document information dictionary (ISO 32000-1, 14.3.3)."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for name, value in sorted(facts.items()):
            opened.docinfo[Name(f"/{name}")] = String(value)
        return _saved(opened)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    modes = pikepdf.ObjectStreamMode
    pdf.save(made, deterministic_id=True, object_stream_mode=modes.generate)
    return made.getvalue()


def _specification(pdf: pikepdf.Pdf, name: str, data: bytes, moment: String) -> Dictionary:
    kind = _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), _UNKNOWN)
    checksum = hashlib.md5(data, usedforsecurity=False).digest()  # ISO 32000-1, table 46 asks MD5
    stream = pdf.make_stream(
        data,
        Type=Name.EmbeddedFile,
        Subtype=Name(f"/{kind}"),
        Params=Dictionary(
            Size=len(data), CreationDate=moment, ModDate=moment, CheckSum=String(checksum)
        ),
    )
    return Dictionary(
        Type=Name.Filespec,
        F=String(name),
        UF=String(name),
        Desc=String(f"{name}, which belongs to this book"),
        AFRelationship=Name.Supplement,
        EF=Dictionary(F=stream, UF=stream),
    )
