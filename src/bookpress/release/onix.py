"""Metadata of the book -> an ONIX message for the trade, a product for each format.

Source  EDItEUR, ONIX for Books 3.0 and 3.1, reference names; code lists, issue 75. Only what
        book.yml says is written: no prices, no rights, no suppliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from bookpress.model import Contributor, Metadata

Tree = tuple[str, "str | list[Tree]"]
RELEASES = ("3.0", "3.1")
_ROLES = {  # MARC relator -> list 17
    "aut": "A01", "edt": "B01", "ill": "A12", "trl": "B06", "aui": "A24", "aft": "A19",
    "bkd": "A11", "cov": "A36", "pht": "A13", "ive": "A43", "clb": "A01", "ctb": "A01",
}  # fmt: skip
_OTHER_ROLE = "Z99"
_LANGUAGES = {  # BCP 47 -> list 74
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "cze", "da": "dan", "de": "ger", "el": "gre",
    "en": "eng", "es": "spa", "et": "est", "fi": "fin", "fr": "fre", "he": "heb", "hi": "hin",
    "hr": "hrv", "hu": "hun", "id": "ind", "is": "ice", "it": "ita", "ja": "jpn", "ko": "kor",
    "lt": "lit", "lv": "lav", "nb": "nob", "nl": "dut", "nn": "nno", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "rum", "ru": "rus", "sk": "slo", "sl": "slv", "sr": "srp", "sv": "swe",
    "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "chi",
}  # fmt: skip
_FEATURES = {  # schema:accessibilityFeature -> list 196
    "tableOfContents": "11", "index": "12", "readingOrder": "13", "alternativeText": "14",
    "MathML": "17", "pageNavigation": "19", "ARIA": "30", "displayTransformability": "36",
}  # fmt: skip
_TEXT_ALONE = "52"
_PDF_UA = "05"
_BISAC, _THEMA, _KEYWORDS = "10", "93", "20"


@dataclass(frozen=True, slots=True)
class Product:
    """One format of the book.

    form:     list 150: BC paperback, ED digital download; details: list 175.
    extents:  (list 23, pages).
    features: (list 196, a sentence or ""), about accessibility.
    """

    format: str
    form: str
    details: tuple[str, ...]
    extents: tuple[tuple[str, int], ...]
    measures_mm: tuple[tuple[str, float], ...] = ()
    features: tuple[tuple[str, str], ...] = ()


def paperback(front: int, body: int, leaf_mm: tuple[float, float], spine_mm: float) -> Product:
    """The print edition: pages of front matter and others, width and height, spine or 0."""
    width, height = leaf_mm
    measures = [("01", height), ("02", width), *([("03", spine_mm)] if spine_mm else [])]
    extents = (("03", front), ("00", body), ("07", front + body))
    return Product("print", "BC", (), tuple(e for e in extents if e[1]), tuple(measures))


def epub(pages: int, features: tuple[str, ...], summary: str, *, text_alone: bool) -> Product:
    """The EPUB, with what its package document says of accessibility; pages: those in print."""
    codes = [(code, "") for name, code in _FEATURES.items() if name in features]
    said = [("00", summary)] if summary else []
    alone = [(_TEXT_ALONE, "")] if text_alone else []
    return Product(
        "epub", "ED", ("E101", "E200"), (("08", pages),), (), tuple(said + codes + alone)
    )


def screen(pages: int) -> Product:
    """The tagged PDF."""
    return Product("screen", "ED", ("E107",), (("07", pages),), (), ((_PDF_UA, ""),))


def write(
    release: str,
    metadata: Metadata,
    contents: str,
    products: tuple[Product, ...],
    moment: dt.datetime,
) -> bytes:
    """Write a message.

    release:  "3.0" or "3.1".
    contents: the table of contents in one line.
    moment:   when it was sent: the commit's time.
    """
    space = f"http://ns.editeur.org/onix/{release}/reference"
    root = ET.Element("ONIXMessage", {"xmlns": space, "release": release})
    authors = (person.name for person in metadata.contributors)
    header: list[Tree] = [
        ("Sender", [("SenderName", metadata.publisher or next(authors, metadata.title))]),
        ("SentDateTime", f"{moment:%Y%m%dT%H%MZ}"),
    ]
    _grow(root, [("Header", header)])
    for product in products:
        _grow(root, [("Product", list(_product(product, metadata, contents, products)))])
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _grow(parent: ET.Element, branches: list[Tree]) -> None:
    for name, value in branches:
        element = ET.SubElement(parent, name)
        if isinstance(value, str):
            element.text = value or None
        else:
            _grow(element, value)


def _product(
    product: Product, metadata: Metadata, contents: str, products: tuple[Product, ...]
) -> Iterator[Tree]:
    yield "RecordReference", _reference(product, metadata)
    yield "NotificationType", "03" if metadata.date else "02"
    yield "RecordSourceType", "01"
    yield _identifier(product, metadata)
    yield "DescriptiveDetail", list(_description(product, metadata))
    texts = [("03", metadata.description), ("04", contents)]
    yield "CollateralDetail", [_text(kind, text) for kind, text in texts if text]
    if metadata.publisher:
        yield "PublishingDetail", list(_publishing(metadata))
    related: list[Tree] = [
        ("RelatedProduct", [("ProductRelationCode", "06"), _identifier(other, metadata)])
        for other in products
        if other is not product
    ]
    if related:
        yield "RelatedMaterial", related


def _reference(product: Product, metadata: Metadata) -> str:
    number = metadata.isbn.get(product.format)
    return f"urn:isbn:{number}" if number else f"{metadata.identifier}:{product.format}"


def _identifier(product: Product, metadata: Metadata) -> Tree:
    number = metadata.isbn.get(product.format)
    if number:
        return "ProductIdentifier", [("ProductIDType", "15"), ("IDValue", number)]
    own: list[Tree] = [("ProductIDType", "01"), ("IDTypeName", "identifier of the book's outline")]
    return "ProductIdentifier", [*own, ("IDValue", _reference(product, metadata))]


def _description(product: Product, metadata: Metadata) -> Iterator[Tree]:
    yield "ProductComposition", "00"
    yield "ProductForm", product.form
    yield from (("ProductFormDetail", detail) for detail in product.details)
    for code, sentence in product.features:
        said: list[Tree] = [("ProductFormFeatureDescription", sentence)] if sentence else []
        feature: list[Tree] = [
            ("ProductFormFeatureType", "09"),
            ("ProductFormFeatureValue", code),
        ]
        yield "ProductFormFeature", feature + said
    yield "PrimaryContentType", "10"
    for kind, length in product.measures_mm:
        yield (
            "Measure",
            [
                ("MeasureType", kind),
                ("Measurement", f"{length:.1f}".removesuffix(".0")),
                ("MeasureUnitCode", "mm"),
            ],
        )
    if product.form == "ED":
        yield "EpubTechnicalProtection", "00"
    yield _title(metadata)
    for number, person in enumerate(metadata.contributors, 1):
        yield _contributor(number, person)
    if not metadata.contributors:
        yield "NoContributor", ""
    yield "EditionNumber", str(metadata.edition)
    if language := _LANGUAGES.get(metadata.language.partition("-")[0].lower()):
        yield "Language", [("LanguageRole", "01"), ("LanguageCode", language)]
    for kind, pages in product.extents:
        yield "Extent", [("ExtentType", kind), ("ExtentValue", str(pages)), ("ExtentUnit", "03")]
    yield from _subjects(metadata)


def _title(metadata: Metadata) -> Tree:
    element: list[Tree] = [("TitleElementLevel", "01"), ("TitleText", metadata.title)]
    if metadata.subtitle:
        element.append(("Subtitle", metadata.subtitle))
    return "TitleDetail", [("TitleType", "01"), ("TitleElement", element)]


def _contributor(number: int, person: Contributor) -> Tree:
    return "Contributor", [
        ("SequenceNumber", str(number)),
        ("ContributorRole", _ROLES.get(person.role, _OTHER_ROLE)),
        ("PersonName", person.name),
        ("PersonNameInverted", person.file_as),
    ]


def _subjects(metadata: Metadata) -> Iterator[Tree]:
    for scheme, name in (("thema", _THEMA), ("bisac", _BISAC)):
        for index, code in enumerate(metadata.subjects.get(scheme, ())):
            main: list[Tree] = [("MainSubject", "")] if not index else []
            subject: list[Tree] = [("SubjectSchemeIdentifier", name), ("SubjectCode", code)]
            yield "Subject", main + subject
    if metadata.keywords:
        words = "; ".join(metadata.keywords)
        yield (
            "Subject",
            [("SubjectSchemeIdentifier", _KEYWORDS), ("SubjectHeadingText", words)],
        )


def _text(kind: str, text: str) -> Tree:
    return "TextContent", [("TextType", kind), ("ContentAudience", "00"), ("Text", text)]


def _publishing(metadata: Metadata) -> Iterator[Tree]:
    yield "Publisher", [("PublishingRole", "01"), ("PublisherName", metadata.publisher)]
    yield "PublishingStatus", "04" if metadata.date else "02"
    if metadata.date:
        yield (
            "PublishingDate",
            [("PublishingDateRole", "01"), ("Date", metadata.date.replace("-", ""))],
        )
    if metadata.printing > 1:
        yield "LatestReprintNumber", str(metadata.printing)
