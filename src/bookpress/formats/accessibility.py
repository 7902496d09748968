"""Facts about a finished EPUB -> what its metadata may say about accessibility, and no more.

What was left out is said as well, with the reason, in a report beside the edition.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.formats.package import Meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IMAGE = re.compile(r"<img\b[^>]*>")
_DESCRIBED = re.compile(r'\salt="[^"]*\S[^"]*"')
_MOVING = re.compile(rb"<(?:script|audio|video|object|animate|set)\b|^GIF8")
# What a reader's own size, leading or colours could not change.
_FIXED = re.compile(
    rb"(?:font-size|line-height)\s*:\s*[\d.]+(?:px|pt|cm|mm|in)|position\s*:\s*(?:fixed|absolute)"
    rb"|!important|[{;]\s*color\s*:"
)
_FEATURE = "schema:accessibilityFeature"
_NO_CERTIFIER = "nobody has evaluated this EPUB and signed for it"
_NO_CLAIM = (
    "EPUB Accessibility 1.1 wants every success criterion evaluated and the evaluator named; "
    f"programs judge some of them, and {_NO_CERTIFIER}"
)
_LEFT_OUT = (
    ("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", _NO_CLAIM),
    ("a11y:certifiedBy", "", _NO_CERTIFIER),
    ("a11y:certifierCredential", "", _NO_CERTIFIER),
    ("a11y:certifierReport", "", _NO_CERTIFIER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in the documents, pictures and style sheets of an EPUB.

    images, described: how many pictures there are, and how many have a text alternative.
    page_breaks:       how many marks of printed pages there are.
    moving:            whether anything could flash, move or sound.
    fixed:             whether a style sheet sets what is the reader's to choose.
    """

    images: int
    described: int
    headings: int
    roles: int
    math: int
    page_breaks: int
    index: bool
    moving: bool
    contents: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that the metadata make, or do not make, and what was found."""

    name: str
    value: str
    made: bool
    found: str


def examine(
    documents: Iterable[bytes], pictures: Iterable[bytes], styles: Iterable[bytes] = ()
) -> Facts:
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
        contents='epub:type="toc"' in text,
        fixed=any(map(_FIXED.search, styles)),
    )


def claims(facts: Facts) -> tuple[Claim, ...]:
    """Judge every statement about accessibility that the press knows how to prove.

    Source  Schema.org Accessibility Properties for Discoverability Vocabulary, W3C;
            EPUB Accessibility 1.1, 4 (discovery) and 5 (conformance).
    """
    described = f"{facts.described} of {facts.images} pictures have a text alternative"
    marks = f"{facts.page_breaks} pages of the print edition are marked and listed"
    style = "a style sheet sets" if facts.fixed else "no style sheet sets"
    moving = "something" if facts.moving else "nothing"
    modes = "all that is shown" if facts.images == facts.described else "not all that is shown"
    found = (
        (_FEATURE, "alternativeText", 0 < facts.images == facts.described, described),
        (_FEATURE, "ARIA", facts.roles > 0, f"{facts.roles} elements have a role"),
        (_FEATURE, "displayTransformability", not facts.fixed,
         f"{style} a fixed size or place, or a colour, of text"),
        (_FEATURE, "index", facts.index, "an index is " + ("there" if facts.index else "missing")),
        (_FEATURE, "MathML", facts.math > 0, f"{facts.math} formulas are MathML"),
        (_FEATURE, "pageBreakMarkers", facts.page_breaks > 0, marks),
        (_FEATURE, "pageNavigation", facts.page_breaks > 0, marks),
        (_FEATURE, "readingOrder", True, "the spine has the order of the outline (E002)"),
        (_FEATURE, "structuralNavigation", facts.headings > 0,
         f"{facts.headings} headings, no level skipped (S002)"),
        (_FEATURE, "tableOfContents", facts.contents,
         "the navigation document has " + ("contents" if facts.contents else "no contents")),
        (_FEATURE, "unlocked", True, "the package has neither rights nor encryption (E004)"),
        ("schema:accessibilityHazard", "none", not facts.moving,
         f"{moving} in it could flash, move or sound"),
        ("schema:accessMode", "textual", True, "the text is text"),
        ("schema:accessMode", "visual", facts.images > 0, f"it has {facts.images} pictures"),
        ("schema:accessModeSufficient", "textual", facts.images == facts.described,
         f"{modes} has words: {described}"),
    )  # fmt: skip
    left_out = (Claim(name, value, made=False, found=why) for name, value, why in _LEFT_OUT)
    return (*(Claim(name, value, bool(made), why) for name, value, made, why in found), *left_out)


def report(facts: Facts) -> bytes:
    """Write, as JSON, what the metadata say with its proof, and what they leave out, and why."""
    made, left = [], []
    for claim in claims(facts):
        said = {"property": claim.name, "value": claim.value}
        if claim.made:
            made.append(said | {"proof": claim.found})
        else:
            left.append(said | {"reason": claim.found})
    document = {"claimed": made, "left-out": left}
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()


def features(facts: Facts) -> tuple[str, ...]:
    """The values of schema:accessibilityFeature that are true of the EPUB."""
    true = (claim.value for claim in claims(facts) if claim.made and claim.name == _FEATURE)
    return tuple(sorted(true, key=str.casefold))


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
    if facts.fixed:
        said = ["Text, listings and tables are text."]
    if facts.images and facts.images == facts.described:
        said.append("Every picture has a text alternative.")
    elif facts.images:
        missing = facts.images - facts.described
        said.append(f"{missing} of {facts.images} pictures have no text alternative.")
    said.append("Contents and headings lead to every section.")
    if facts.page_breaks:
        said.append("Page numbers are those of the print edition.")
    return " ".join(said)
