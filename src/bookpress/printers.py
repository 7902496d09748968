"""data/printers/*.toml -> what a printer accepts, as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bookpress.errors import BookpressError
from bookpress.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

POINTS_AN_INCH = 72


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: the vendor's own page, or others who agree ("secondary")."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Gutter:
    """How much white a block of up to so many pages needs at the spine."""

    up_to_pages: int
    width_pt: float


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What a printer asks of the cover: back, spine and front on one page with bleed on all sides.

    leaf_pt:          paper -> what a page adds to the spine; empty where only a template tells.
    spine_text_from:  the fewest pages whose spine may carry text.
    clearance_pt:     white between the text of the spine and its folds.
    safe_pt:          white between text and trim.
    barcode_pt:       (width, height) of the white box of the barcode.
    """

    bleed_pt: float
    leaf_pt: Mapping[str, float]
    spine_text_from: int
    clearance_pt: float
    safe_pt: float
    barcode_pt: tuple[float, float]
    smallest_text_pt: float
    most_ink_percent: int
    standards: tuple[str, ...]
    forbidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a printer asks of a book: of its interior, printed in black, and of its cover.

    Pages, not leaves, are counted. Lengths are points, resolutions pixels an inch, sizes bytes.
    trim_pt:    (narrowest, widest, lowest, highest); None where the profile has no list of sizes.
    bleed_pt:   how far a page with bleed runs beyond the trim; one without bleed is accepted.
    standards:  PDF/X versions, one of which the file must claim and keep; () asks for none.
    forbidden:  what the file must be free of: annotations, outlines, actions, transparency, icc.
    """

    name: str
    title: str
    sources: tuple[Source, ...]
    largest_bytes: int
    fewest_pages: int
    most_pages: int
    trim_pt: tuple[float, float, float, float] | None
    bleed_pt: float
    outer_pt: float
    gutters: tuple[Gutter, ...]
    smallest_text_pt: float
    fewest_ppi: int
    most_ink_percent: int
    standards: tuple[str, ...]
    forbidden: frozenset[str]
    cover: Wrapping

    def gutter_pt(self, pages: int) -> float:
        """The white that a block of so many pages needs at the spine."""
        wide_enough = (g.width_pt for g in self.gutters if pages <= g.up_to_pages)
        return next(wide_enough, self.gutters[-1].width_pt)

    def spine_pt(self, pages: int, paper: str, given_pt: float | None = None) -> float:
        """The thickness of a block of so many pages.

        given_pt: the printer's own figure for it, which counts before the formula.
        Raises    BookpressError when neither tells.
        """
        if given_pt is not None:
            return given_pt
        if paper in self.cover.leaf_pt:
            return pages * self.cover.leaf_pt[paper]
        known = ", ".join(self.cover.leaf_pt)
        way = f"name one of {known}" if known else "look into the printer's template for the cover"
        raise BookpressError(
            f"{self.name} does not say how thick {pages} pages of {paper} paper are",
            hint=f"{way}, or give the width of the spine: --spine 14.2mm",
        )


def names() -> tuple[str, ...]:
    """The printers that there is a profile of."""
    return tuple(sorted(path.stem for path in (data_folder() / "printers").glob("*.toml")))


def load(name: str) -> Profile:
    """Read the profile of a printer; raises BookpressError unless name is one of `names`."""
    if name not in names():
        hint = f"there are {', '.join(names())}"
        raise BookpressError(f"there is no profile of a printer {name}", hint=hint)
    data = tomllib.loads((data_folder() / "printers" / f"{name}.toml").read_text("utf-8"))
    interior = data["interior"]
    trim = interior.get("trim_in")
    return Profile(
        name=name,
        title=data["title"],
        sources=tuple(_sources(data)),
        largest_bytes=int(interior["largest_mb"] * 1_000_000),
        fewest_pages=interior["fewest_pages"],
        most_pages=interior["most_pages"],
        trim_pt=_four(trim) if trim else None,
        bleed_pt=interior["bleed_in"] * POINTS_AN_INCH,
        outer_pt=interior["outer_in"] * POINTS_AN_INCH,
        gutters=tuple(Gutter(up_to, width * POINTS_AN_INCH) for up_to, width in interior["gutter"]),
        smallest_text_pt=interior["smallest_text_pt"],
        fewest_ppi=interior["fewest_ppi"],
        most_ink_percent=interior["most_ink_percent"],
        standards=tuple(interior["standards"]),
        forbidden=frozenset(interior["forbidden"]),
        cover=_wrapping(data["cover"]),
    )


def _wrapping(cover: Mapping[str, Any]) -> Wrapping:
    width, height = (length * POINTS_AN_INCH for length in cover["barcode_in"])
    return Wrapping(
        bleed_pt=cover["bleed_in"] * POINTS_AN_INCH,
        leaf_pt={
            paper: inches * POINTS_AN_INCH for paper, inches in cover["spine_in_a_page"].items()
        },
        spine_text_from=cover["spine_text_from_pages"],
        clearance_pt=cover["spine_clearance_in"] * POINTS_AN_INCH,
        safe_pt=cover["safe_in"] * POINTS_AN_INCH,
        barcode_pt=(width, height),
        smallest_text_pt=cover["smallest_text_pt"],
        most_ink_percent=cover["most_ink_percent"],
        standards=tuple(cover["standards"]),
        forbidden=frozenset(cover["forbidden"]),
    )


def _sources(data: Mapping[str, Any]) -> Iterator[Source]:
    for source in data["sources"]:
        yield Source(source["name"], source["kind"])


def _four(inches: list[float]) -> tuple[float, float, float, float]:
    narrowest, widest, lowest, highest = (length * POINTS_AN_INCH for length in inches)
    return narrowest, widest, lowest, highest
