"""A cover in one PDF, and the block it goes around -> verdicts, one for each demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bookpress.printing import inside, preflight
from bookpress.printing.preflight import Outcome, Verdict
from bookpress.prooftext import letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bookpress.printers import Profile
    from bookpress.printing.inside import Box

_TOLERANCE_PT = 0.072  # a thousandth of an inch
_LETTER_TOLERANCE_PT = 0.1
# What is asked of the cover as of the pages, only with figures of its own.
_SHARED = (
    preflight.file_size, preflight.encryption, preflight.extras, preflight.fonts,
    preflight.smallest_text, preflight.images, preflight.colours, preflight.transparency,
    preflight.total_ink, preflight.marks,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """The printed pages between the covers; lengths are points."""

    pages: int
    width_pt: float
    height_pt: float
    spine_pt: float


def block(interior: bytes, profile: Profile, paper: str, spine_pt: float | None) -> Block:
    """Measure the block that an interior makes.

    spine_pt: its thickness by the printer's template, which counts before the formula.
    Raises    BookpressError when the PDF cannot be read, or nothing tells the thickness.
    """
    pages = inside.read(interior).pages
    left, bottom, right, top = pages[0].box("TrimBox")
    spine = profile.spine_pt(len(pages), paper, spine_pt)
    return Block(len(pages), right - left, top - bottom, spine)


def judge(pdf: bytes, around: Block, profile: Profile) -> tuple[Verdict, ...]:
    """Hold a cover against what a printer asks. Raises BookpressError when it cannot be read."""
    evidence, asked = preflight.measure(pdf), profile.cover
    figures = replace(
        profile,
        forbidden=asked.forbidden,
        standards=asked.standards,
        smallest_text_pt=asked.smallest_text_pt,
        most_ink_percent=asked.most_ink_percent,
    )
    page = evidence.facts.pages[0]
    inks = [box for _, box in letters(pdf, 1)]
    trim = page.box("TrimBox")
    own = (
        _count(len(evidence.facts.pages)),
        _size(trim, around),
        _bleed(trim, page.box("MediaBox"), asked.bleed_pt),
        _safe(inks, trim, asked.safe_pt),
        *_folds(inks, trim, around, profile),
    )
    return (*own, *(demand(evidence, figures) for demand in _SHARED))


def _count(pages: int) -> Verdict:
    return _verdict("pages", str(pages), "one: back, spine and front", good=pages == 1)


def _size(trim: Box, around: Block) -> Verdict:
    """Two leaves and the spine, as wide as the block is thick."""
    width, height = trim[2] - trim[0], trim[3] - trim[1]
    wanted = 2 * around.width_pt + around.spine_pt, around.height_pt
    off = max(abs(width - wanted[0]), abs(height - wanted[1]))
    asked = f"{_inches(*wanted)}: a spine of {around.spine_pt / 72:.4f} in for {around.pages} pages"
    return _verdict("trim", _inches(width, height), asked, good=off <= _TOLERANCE_PT)


def _bleed(trim: Box, media: Box, bleed_pt: float) -> Verdict:
    """The knife is not exact: without bleed a white edge shows."""
    beyond = (trim[0] - media[0], trim[1] - media[1], media[2] - trim[2], media[3] - trim[3])
    good = all(abs(edge - bleed_pt) <= _TOLERANCE_PT for edge in beyond)
    found = ", ".join(f"{edge / 72:.3f}" for edge in beyond) + " in"
    return _verdict("bleed", found, f"{bleed_pt / 72:g} in on all four sides", good=good)


def _safe(inks: list[Box], trim: Box, least_pt: float) -> Verdict:
    asked = f"at least {least_pt / 72:g} in to the trim"
    distances = [
        min(box[0] - trim[0], box[1] - trim[1], trim[2] - box[2], trim[3] - box[3]) for box in inks
    ]
    return _least("text and trim", distances, least_pt, asked)


def _folds(inks: list[Box], trim: Box, around: Block, profile: Profile) -> tuple[Verdict, ...]:
    """A letter belongs to the spine when its middle lies there."""
    asked = profile.cover
    left = trim[0] + around.width_pt
    right = left + around.spine_pt
    on_spine = [box for box in inks if left < (box[0] + box[2]) / 2 < right]
    beside = [box for box in inks if box not in on_spine]
    spine = [min(box[0] - left, right - box[2]) for box in on_spine]
    panels = [max(left - box[2], box[0] - right) for box in beside]
    clear = f"at least {asked.clearance_pt / 72:g} in to the folds"
    if around.pages < asked.spine_text_from:
        clear = f"none below {asked.spine_text_from} pages"
        text = _verdict("text on the spine", _letters(spine), clear, good=not spine)
    else:
        text = _least("text on the spine", spine, asked.clearance_pt, clear)
    beyond = f"at least {asked.safe_pt / 72:g} in to the folds"
    return text, _least("text and folds", panels, asked.safe_pt, beyond)


def _letters(found: list[float]) -> str:
    return f"{len(found)} letters" if found else "none"


def _least(demand: str, distances: Iterable[float], least_pt: float, asked: str) -> Verdict:
    closest = min(distances, default=None)
    if closest is None:
        return _verdict(demand, "no text", asked, good=True)
    good = closest >= least_pt - _LETTER_TOLERANCE_PT
    return _verdict(demand, f"{closest / 72:.3f} in", asked, good=good)


def _verdict(demand: str, found: str, asked: str, *, good: bool) -> Verdict:
    return Verdict(demand, Outcome.MET if good else Outcome.MISSED, found, asked)


def _inches(width_pt: float, height_pt: float) -> str:
    return f"{width_pt / 72:.3f} x {height_pt / 72:.3f} in"
