"""What is in a PDF and what a printer asks -> verdicts, one for each demand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError, ToolError
from bookpress.printing import inks, inside
from bookpress.prooftext import text_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bookpress.printers import Profile
    from bookpress.printing.inks import Coverage
    from bookpress.printing.inside import Box, Facts, Intent, Page
    from bookpress.prooftext import TextBlock

_TOLERANCE_PT = 0.01
_TEXT_TOLERANCE_PT = 0.1  # a letter may overhang its line by a hair
_PPI_TOLERANCE = 1
_RGB = frozenset({"DeviceRGB", "CalRGB", "Lab", "ICCBased(3)"})
_REGISTRY = "http://www.color.org"


class Outcome(StrEnum):
    """What came of a check; unknown when the tool for it is missing or fails."""

    MET = "pass"
    MISSED = "FAIL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One demand of the printer, what was found in the file, and what is asked."""

    demand: str
    outcome: Outcome
    found: str
    asked: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was measured in a file. blocks and coverage: one a page; coverage None: why."""

    facts: Facts
    blocks: Sequence[TextBlock | None]
    coverage: Sequence[Coverage] | None
    why: str = ""


def measure(pdf: bytes) -> Evidence:
    """Look at a PDF with pikepdf, pdfium and Ghostscript.

    Raises BookpressError when it cannot be read; that Ghostscript is missing is in the evidence.
    """
    facts = inside.read(pdf)
    try:
        blocks = text_blocks(pdf)
    except ValueError as error:
        raise BookpressError(f"pdfium cannot read the PDF: {error}") from None
    try:
        return Evidence(facts, blocks, inks.measure(pdf))
    except ToolError as error:
        hint = f"; type {error.hint}" if error.hint else ""
        return Evidence(facts, blocks, None, error.problem + hint)


def judge(evidence: Evidence, profile: Profile) -> tuple[Verdict, ...]:
    """Hold what was found against what a printer asks, in the order of `DEMANDS`."""
    return tuple(demand(evidence, profile) for demand in DEMANDS)


def declines(evidence: Evidence, profile: Profile) -> str:
    """What this printer makes no books of, however good the file is: so many pages, such a leaf."""
    count = len(evidence.facts.pages)
    if not profile.fewest_pages <= count <= profile.most_pages:
        return _pages(count)
    if profile.trim_pt:
        narrow, wide, low, high = profile.trim_pt
        for width, height in {_size(page.box("TrimBox")) for page in evidence.facts.pages}:
            if not (narrow <= width <= wide and low <= height <= high):
                return f"leaves of {_inches(width, height)}"
    return ""


def file_size(evidence: Evidence, profile: Profile) -> Verdict:
    """The printer's site takes no larger file."""
    size, most = evidence.facts.size_bytes, profile.largest_bytes
    found = f"{size / 1e6:.2f} MB"
    return _verdict("file size", found, f"at most {most / 1e6:g} MB", good=size <= most)


def encryption(evidence: Evidence, _profile: Profile) -> Verdict:
    """A locked file cannot be imposed."""
    locked = evidence.facts.encrypted
    return _verdict("encryption", "encrypted" if locked else "none", "none", good=not locked)


def page_count(evidence: Evidence, profile: Profile) -> Verdict:
    """Leaves have two pages; thin and thick blocks cannot be bound."""
    count, low, high = len(evidence.facts.pages), profile.fewest_pages, profile.most_pages
    good = low <= count <= high and count % 2 == 0
    return _verdict("pages", f"{count}", f"{low} to {high}, an even number", good=good)


def trim(evidence: Evidence, profile: Profile) -> Verdict:
    """Every leaf is cut to the same size."""
    sizes = Counter(_size(page.box("TrimBox")) for page in evidence.facts.pages)
    turned = [n for n, page in enumerate(evidence.facts.pages, 1) if page.rotated]
    found = ", ".join(f"{_inches(*size)} on {_pages(n)}" for size, n in sizes.most_common(3))
    asked = "one size on all pages, none turned"
    good = len(sizes) == 1 and not turned
    if profile.trim_pt:
        narrow, wide, low, high = profile.trim_pt
        asked += f", from {_inches(narrow, low)} to {_inches(wide, high)}"
        good = good and all(narrow <= w <= wide and low <= h <= high for w, h in sizes)
    return _verdict("trim", found + _where("turned", turned), asked, good=good)


def boxes(evidence: Evidence, profile: Profile) -> Verdict:
    """The page is as large as the trim, or runs beyond it by the bleed; the boxes nest."""
    wrong = [n for n, page in enumerate(evidence.facts.pages, 1) if not _nested(page)]
    beyond = Counter(
        edge for page in evidence.facts.pages for edge in _edges(page) if edge > _TOLERANCE_PT
    )
    bleeds = [pt for pt in beyond if abs(pt - profile.bleed_pt) > _TOLERANCE_PT]
    widths = ", ".join(f"{pt / 72:.3f} in" for pt in sorted(beyond)) or "none"
    asked = f"no bleed, or {profile.bleed_pt / 72:g} in; TrimBox within BleedBox within MediaBox"
    found = f"bleed {widths}" + _where("boxes that do not nest", wrong)
    return _verdict("boxes", found, asked, good=not wrong and not bleeds)


def gutter(evidence: Evidence, profile: Profile) -> Verdict:
    """Text must not vanish in the spine; the thicker the block, the more white it needs."""
    count = len(evidence.facts.pages)
    return _white(evidence, "gutter", profile.gutter_pt(count), f"for {count} pages", _inner)


def outer_margins(evidence: Evidence, profile: Profile) -> Verdict:
    """The knife is not exact: text keeps its distance from head, foot and fore-edge."""
    return _white(evidence, "outer margins", profile.outer_pt, "to the trim", _outer)


def extras(evidence: Evidence, profile: Profile) -> Verdict:
    """What a screen shows and paper cannot."""
    facts = evidence.facts
    annotations = Counter(kind for page in facts.pages for kind in page.annotations)
    found = {
        "annotations": [f"{n} {kind}" for kind, n in sorted(annotations.items())],
        "outlines": [f"{facts.outlines} bookmarks"] if facts.outlines else [],
        "actions": list(facts.actions),
    }
    refused = [text for kind, texts in found.items() if kind in profile.forbidden for text in texts]
    ours = [kind for kind in found if kind in profile.forbidden]
    said = [text for texts in found.values() for text in texts]
    asked = f"no {', no '.join(ours)}" if ours else "nothing"
    return _verdict("extras", ", ".join(said) or "none", asked, good=not refused)


def fonts(evidence: Evidence, _profile: Profile) -> Verdict:
    """A font that is not in the file is replaced by another; Type 3 prints as a bitmap."""
    known = sorted(evidence.facts.fonts, key=lambda font: font.name)
    missing = [font.name for font in known if not font.embedded]
    drawn = [font.name for font in known if font.kind == "Type3"]
    found = f"{len(known)} fonts" + _named("not embedded", missing) + _named("Type 3", drawn)
    return _verdict("fonts", found, "all embedded, no Type 3", good=not missing and not drawn)


def smallest_text(evidence: Evidence, profile: Profile) -> Verdict:
    """Smaller type fills in on the press."""
    least = profile.smallest_text_pt
    sizes = [(b.smallest_pt, n, b.smallest) for n, b in enumerate(evidence.blocks, 1) if b]
    if not sizes:
        return _verdict("smallest text", "no text", f"at least {least:g} pt", good=True)
    size, page, around = min(sizes)
    small = [n for pt, n, _ in sizes if pt < least - _TOLERANCE_PT]
    found = f"{size:g} pt on page {page} ({around})" + _where("too small", small)
    return _verdict("smallest text", found, f"at least {least:g} pt", good=not small)


def images(evidence: Evidence, profile: Profile) -> Verdict:
    """Coarse pictures show their pixels in print."""
    least = profile.fewest_ppi
    seen = [
        (image.ppi, n) for n, page in enumerate(evidence.facts.pages, 1) for image in page.images
    ]
    coarse = sorted({n for ppi, n in seen if ppi < least - _PPI_TOLERANCE})
    found = f"{len(seen)} images"
    if seen:
        found += f", the coarsest {min(seen)[0]:.0f} ppi on page {min(seen)[1]}"
    found += _where("too coarse", coarse)
    return _verdict("images", found, f"at least {least} ppi as printed", good=not coarse)


def colours(evidence: Evidence, profile: Profile) -> Verdict:
    """RGB is converted by somebody else's rules: black text becomes four inks."""
    spaces = sum((page.spaces for page in evidence.facts.pages), Counter[str]())
    refused = {name for name in spaces if name in _RGB}
    asked = "no RGB"
    if "icc" in profile.forbidden:
        refused |= {name for name in spaces if name.startswith("ICCBased")}
        asked += ", no ICC profiles"
    found = ", ".join(f"{n} {name}" for name, n in sorted(spaces.items())) or "none"
    return _verdict("colour spaces", found, asked, good=not refused)


def transparency(evidence: Evidence, profile: Profile) -> Verdict:
    """What shines through is flattened by the printer, and may come out otherwise."""
    kinds = sum((page.transparency for page in evidence.facts.pages), Counter[str]())
    found = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "none"
    forbidden = "transparency" in profile.forbidden
    asked = "none" if forbidden else "any"
    return _verdict("transparency", found, asked, good=not (kinds and forbidden))


def black(evidence: Evidence, _profile: Profile) -> Verdict:
    """An interior in black uses one ink; four inks never meet exactly, and text blurs."""
    asked = "cyan, magenta and yellow 0 on every page"
    if evidence.coverage is None:
        return Verdict("black ink only", Outcome.UNKNOWN, evidence.why, asked)
    pages = [n for n, page in enumerate(evidence.coverage, 1) if page.coloured]
    most = max((page.coloured for page in evidence.coverage), default=0)
    found = f"{most:.5f} of a page coloured at most" + _where("coloured", pages)
    return _verdict("black ink only", found, asked, good=not pages)


def total_ink(evidence: Evidence, profile: Profile) -> Verdict:
    """More ink than this does not dry."""
    asked = f"at most {profile.most_ink_percent} %"
    if evidence.coverage is None:
        return Verdict("total ink", Outcome.UNKNOWN, evidence.why, asked)
    most = max((page.most for page in evidence.coverage), default=0)
    return _verdict("total ink", f"{most:g} %", asked, good=most <= profile.most_ink_percent)


def marks(evidence: Evidence, profile: Profile) -> Verdict:
    """PDF/X: the file says for which press it is, and keeps what it promises."""
    facts, asked = evidence.facts, " or ".join(profile.standards) or "none in particular"
    claimed = ", ".join(facts.claimed) or "no PDF/X"
    intents = ", ".join(i.condition or i.subtype for i in facts.intents) or "no OutputIntent"
    found = f"{claimed}; {intents}"
    if not profile.standards and not any("PDF/X" in name for name in facts.claimed):
        return _verdict("PDF/X", found, asked, good=True)
    lacks = [lack for lack, here in _needs(facts).items() if not here]
    good = not lacks
    if profile.standards:
        good = good and any(name in facts.claimed for name in profile.standards)
    return _verdict("PDF/X", found + _named("without", lacks), asked, good=good)


DEMANDS: tuple[Callable[[Evidence, Profile], Verdict], ...] = (
    file_size, encryption, page_count, trim, boxes, gutter, outer_margins, extras, fonts,
    smallest_text, images, colours, transparency, black, total_ink, marks,
)  # fmt: skip


def _needs(facts: Facts) -> dict[str, bool]:
    """What every PDF/X file has (ISO 15930-1, 6; ISO 15930-7, 6)."""
    information = facts.information
    intents = [intent for intent in facts.intents if intent.subtype == "GTS_PDFX"]
    return {
        "one OutputIntent of GTS_PDFX": len(intents) == 1,
        "the press of its OutputIntent": all(_described(intent) for intent in intents),
        "Trapped": information.get("Trapped") in {"/True", "/False"},
        "Title": bool(information.get("Title")),
        "CreationDate and ModDate": {"CreationDate", "ModDate"} <= information.keys(),
        "ID": facts.identified,
        "a TrimBox on every page": all("TrimBox" in page.boxes for page in facts.pages),
        "freedom from encryption": not facts.encrypted,
    }


def _described(intent: Intent) -> bool:
    """A press known by its name in a registry, or by a profile in the file."""
    named = bool(intent.condition) and intent.registry.rstrip("/") == _REGISTRY
    return named or intent.profile


def _verdict(demand: str, found: str, asked: str, *, good: bool) -> Verdict:
    return Verdict(demand, Outcome.MET if good else Outcome.MISSED, found, asked)


def _white(
    evidence: Evidence,
    demand: str,
    least: float,
    why: str,
    side: Callable[[Box, Box, int], float],
) -> Verdict:
    """Measure the white between text and trim on one side of every page."""
    asked = f"at least {least / 72:g} in {why}"
    both = enumerate(zip(evidence.blocks, evidence.facts.pages, strict=True), 1)
    measured = [(side(b.box, page.box("TrimBox"), n), n) for n, (b, page) in both if b]
    if not measured:
        return _verdict(demand, "no text", asked, good=True)
    white, number = min(measured)
    close = [n for pt, n in measured if pt < least - _TEXT_TOLERANCE_PT]
    found = f"{white / 72:.3f} in on page {number}" + _where("too close", close)
    return _verdict(demand, found, asked, good=not close)


def _inner(text: Box, trim_box: Box, number: int) -> float:
    return text[0] - trim_box[0] if number % 2 else trim_box[2] - text[2]


def _outer(text: Box, trim_box: Box, number: int) -> float:
    fore_edge = trim_box[2] - text[2] if number % 2 else text[0] - trim_box[0]
    return min(fore_edge, text[1] - trim_box[1], trim_box[3] - text[3])


def _nested(page: Page) -> bool:
    within = [page.box(name) for name in ("TrimBox", "BleedBox", "MediaBox")]
    pairs = pairwise(within)
    return all(min(edge) >= -_TOLERANCE_PT for edge in (_beyond(*pair) for pair in pairs))


def _edges(page: Page) -> Box:
    """How far the page runs beyond its trim, on each side."""
    return _beyond(page.box("TrimBox"), page.box("MediaBox"))


def _beyond(small: Box, large: Box) -> Box:
    left, bottom, right, top = (s - e for s, e in zip(small, large, strict=True))
    return round(left, 3), round(bottom, 3), round(-right, 3), round(-top, 3)


def _size(box: Box) -> tuple[float, float]:
    return round(box[2] - box[0], 2), round(box[3] - box[1], 2)


def _inches(width_pt: float, height_pt: float) -> str:
    return f"{width_pt / 72:.3f} x {height_pt / 72:.3f} in"


def _pages(count: int) -> str:
    return f"{count} page{'s' if count != 1 else ''}"


def _where(what: str, pages: Sequence[int]) -> str:
    if not pages:
        return ""
    shown = ", ".join(map(str, pages[:5])) + (", ..." if len(pages) > 5 else "")  # noqa: PLR2004
    return f"; {what}: {_pages(len(pages))} ({shown})"


def _named(what: str, names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"; {what}: {listed}" if listed else ""
