"""Metadata -> what a PDF says about itself: the XMP packet and the document information."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bookpress.model import Metadata

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}

# PDF/A wants every schema described that it does not know itself: PDF/UA's is one (ISO 19005-3,
# 6.6.2.3.3).
_UA_SCHEMA = """\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
"""
_IDENTIFICATION = """\
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
"""

SCREEN = {"OutputConditionIdentifier": "sRGB IEC61966-2.1", "Info": "sRGB2014.icc"}
"""What the colours of the screen edition are meant for."""

PRESS = {
    "OutputConditionIdentifier": "CGATS TR 001",
    "OutputCondition": "SWOP (coated), web offset",
    "RegistryName": "http://www.color.org",
    "Info": "U.S. Web Coated (SWOP)",
}
"""The press of the print edition; its name in the ICC's registry stands for a profile."""

PDF_X = {"GTS_PDFXVersion": "PDF/X-1:2001", "GTS_PDFXConformance": "PDF/X-1a:2001"}
"""What the print edition keeps (ISO 15930-1, 6.1)."""


def authors(metadata: Metadata) -> tuple[str, ...]:
    """The names of those who wrote the book, in the order of the title page."""
    return tuple(person.name for person in metadata.contributors if person.role == "aut")


def full_title(metadata: Metadata) -> str:
    """Title and subtitle as one line."""
    return f"{metadata.title}: {metadata.subtitle}" if metadata.subtitle else metadata.title


def xmp(metadata: Metadata, date: dt.datetime, producer: str, isbn: str) -> bytes:
    """Write the XMP packet of a file that is PDF/A-3a and PDF/UA-1 (ISO 16684-1)."""
    moment = date.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    keywords = ", ".join(metadata.keywords)
    identifier = f"urn:isbn:{isbn}" if isbn else metadata.identifier
    fields = (
        _IDENTIFICATION,
        _one("dc:title", "Alt", full_title(metadata)),
        _many("dc:creator", "Seq", authors(metadata)),
        _many("dc:publisher", "Bag", (metadata.publisher,)),
        _many("dc:language", "Bag", (metadata.language,)),
        _one("dc:description", "Alt", metadata.description),
        _one("dc:rights", "Alt", metadata.rights),
        _many("dc:subject", "Bag", metadata.keywords),
        f"<dc:identifier>{escape(identifier)}</dc:identifier>" if identifier else "",
        f"<pdf:Keywords>{escape(keywords)}</pdf:Keywords>" if keywords else "",
        f"<pdf:Producer>{escape(producer)}</pdf:Producer>",
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>",
        _UA_SCHEMA,
    )
    spaces = "\n".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about=""\n{spaces}>\n'
        + "\n".join(field for field in fields if field)
        + '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def information(metadata: Metadata, date: dt.datetime, producer: str) -> dict[str, str]:
    """The entries of the document information dictionary; they agree with the XMP packet."""
    moment = date.astimezone(dt.UTC).strftime("D:%Y%m%d%H%M%SZ")
    entries = {
        "Title": full_title(metadata),
        "Author": "; ".join(authors(metadata)),
        "Subject": metadata.description,
        "Keywords": ", ".join(metadata.keywords),
        "Producer": producer,
        "CreationDate": moment,
        "ModDate": moment,
    }
    return {name: value for name, value in entries.items() if value}


def numbering(folios: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where numbering begins anew, pages from 0: roman front matter, then arabic to the end."""
    roman = None
    for index, folio in enumerate(folios):
        if folio.isalpha() is not roman:
            roman = folio.isalpha()
            yield index, "/r" if roman else "/D"


def _one(name: str, kind: str, text: str) -> str:
    if not text:
        return ""
    item = f'<rdf:li xml:lang="x-default">{escape(text)}</rdf:li>'
    return f"<{name}><rdf:{kind}>{item}</rdf:{kind}></{name}>"


def _many(name: str, kind: str, texts: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts if text)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""
