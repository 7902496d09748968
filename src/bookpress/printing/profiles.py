"""data/printers/*.toml -> what a printer accepts, as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
class Profile:
    """What a printer asks of the interior of a book that is printed in black.

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

    def gutter_pt(self, pages: int) -> float:
        """The white that a block of so many pages needs at the spine."""
        wide_enough = (g.width_pt for g in self.gutters if pages <= g.up_to_pages)
        return next(wide_enough, self.gutters[-1].width_pt)


def names() -> tuple[str, ...]:
    """The printers that there is a profile of."""
    return tuple(sorted(path.stem for path in (data_folder() / "printers").glob("*.toml")))


def load(name: str) -> Profile:
    """Read the profile of a printer; name is one of `names`."""
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
    )


def _sources(data: Mapping[str, Any]) -> Iterator[Source]:
    for source in data["sources"]:
        yield Source(source["name"], source["kind"])


def _four(inches: list[float]) -> tuple[float, float, float, float]:
    narrowest, widest, lowest, highest = (length * POINTS_AN_INCH for length in inches)
    return narrowest, widest, lowest, highest
