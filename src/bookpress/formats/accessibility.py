"""Facts about a finished EPUB -> what its metadata may say about accessibility, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.formats.package import Meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IMAGE = re.compile(r"<img\b[^>]*>")
_DESCRIBED = re.compile(r'\salt="[^"]*\S[^"]*"')
_MOVING = re.compile(rb"<(?:script|audio|video|object|animate|set)\b|^GIF8")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in the documents and pictures of an EPUB.

    images, described: how many pictures there are, and how many have a text alternative.
    page_breaks:       how many marks of printed pages there are.
    moving:            whether anything could flash, move or sound.
    """

    images: int
    described: int
    headings: int
    roles: int
    math: int
    page_breaks: int
    index: bool
    moving: bool


def examine(documents: Iterable[bytes], pictures: Iterable[bytes]) -> Facts:
    """Count what the metadata will be about; documents are XHTML, the navigation among them."""
    text = b"\n".join(documents).decode()
    images = _IMAGE.findall(text)
    return Facts(
        images=len(images),
        described=sum(1 for image in images if _DESCRIBED.search(image)),
        headings=len(re.findall(r"<h[1-6]\b", text)),
        roles=text.count(' role="'),
        math=text.count("<math"),
        page_breaks=text.count('role="doc-pagebreak"'),
        index='epub:type="index"' in text,
        moving=bool(_MOVING.search(text.encode())) or any(map(_MOVING.search, pictures)),
    )


def features(facts: Facts) -> tuple[str, ...]:
    """The values of schema:accessibilityFeature that are true of the EPUB.

    Source  Schema.org Accessibility Properties for Discoverability Vocabulary, W3C.
    """
    always = ("displayTransformability", "readingOrder", "tableOfContents", "unlocked")
    found = {
        "alternativeText": 0 < facts.images == facts.described,
        "ARIA": facts.roles > 0,
        "index": facts.index,
        "MathML": facts.math > 0,
        "pageBreakMarkers": facts.page_breaks > 0,
        "pageNavigation": facts.page_breaks > 0,
        "structuralNavigation": facts.headings > 0,
    }
    true = [feature for feature, holds in found.items() if holds]
    return tuple(sorted((*always, *true), key=str.casefold))


def metadata(facts: Facts) -> Iterator[Meta]:
    """Say how the EPUB can be read; conformance is claimed by who evaluates it, not by a press."""
    yield Meta("schema:accessMode", "textual")
    if facts.images:
        yield Meta("schema:accessMode", "visual")
    if facts.images == facts.described:
        yield Meta("schema:accessModeSufficient", "textual")
    if facts.images:
        yield Meta("schema:accessModeSufficient", "textual,visual")
    for feature in features(facts):
        yield Meta("schema:accessibilityFeature", feature)
    yield Meta("schema:accessibilityHazard", "unknown" if facts.moving else "none")
    yield Meta("schema:accessibilitySummary", summary(facts))


def summary(facts: Facts) -> str:
    """The same in sentences, for a reader."""
    said = ["Text, listings and tables are text and follow the reader's font, size and colours."]
    if facts.images and facts.images == facts.described:
        said.append("Every picture has a text alternative.")
    elif facts.images:
        missing = facts.images - facts.described
        said.append(f"{missing} of {facts.images} pictures have no text alternative.")
    said.append("Contents and headings lead to every section.")
    if facts.page_breaks:
        said.append("Page numbers are those of the print edition.")
    return " ".join(said)
