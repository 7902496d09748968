"""Looks over laid-out pages for what no check of the manuscript can see.

It walks WeasyPrint's boxes (70.0) without importing WeasyPrint: text boxes have a `text`, replaced
ones a `replacement`. Lengths in boxes are CSS pixels, 0.75 pt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from bookpress.findings import Finding, Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

Box: TypeAlias = Any  # WeasyPrint has no types worth the name
Element: TypeAlias = Any
POINTS = 0.75
SLACK_PX = 1.0
SHORTEST_INNER_LINE = 0.6
SHOWN_CHARACTERS = 40
_PLACE = re.compile(r"(?:(?P<path>.*)@)?(?P<line>\d+):(?P<column>\d+)")
_CHARACTER = re.compile(r'"(.+)" \((U\+[0-9A-F]+)\)$', re.DOTALL)
_URL = re.compile(r"https://book\.invalid/([^'\":\s]+)")
_FACE = re.compile(r"@font-face\s*\{[^}]*?font-family\s*:\s*([^;}]+)")


class Places:
    """Where the elements of a sheet stand in the manuscript, from their data-pos attributes.

    root:    the root element, an xml.etree one.
    default: the place of what has no data-pos, neither itself nor around it.
    """

    def __init__(self, root: Element, default: Position) -> None:
        self.root, self.default = root, default
        self.parents = {child: parent for parent in root.iter() for child in parent}

    def of(self, element: Element) -> Position:
        """The place of an element, or of the nearest one around it that has one."""
        for outer in self.around(element):
            if match := _PLACE.match(outer.get("data-pos") or ""):
                path = PurePosixPath(match["path"]) if match["path"] else self.default.path
                return Position(path, int(match["line"]), int(match["column"]))
        return self.default

    def around(self, element: Element) -> Iterator[Element]:
        """The element, the one around it, and so on to the root."""
        while element is not None:
            yield element
            element = self.parents.get(element)

    def known(self, element: Element) -> bool:
        """Say whether an element comes from the manuscript."""
        return any(e.get("data-pos") for e in self.around(element))

    def of_text(self, wanted: str) -> Position:
        """The place of the first element that holds a piece of text."""
        for element in self.root.iter():
            if wanted in (element.text or ""):
                return self.of(element)
            if wanted in (element.tail or ""):
                return self.of(self.parents.get(element))
        return self.default

    def of_picture(self, source: str) -> Position:
        """The place of the first image with this address."""
        pictures = (e for e in self.root.iter("img") if e.get("src") == source)
        return self.of(next(pictures, None))


def families(css: str) -> frozenset[str]:
    """The font families a style sheet brings along in its @font-face rules."""
    return frozenset(name.strip().strip("\"'") for name in _FACE.findall(css))


def complaint(line: str, places: Places) -> Finding | None:
    """Make a finding of a line of WeasyPrint's log; None for what is found otherwise."""
    if line.startswith("No anchor"):
        return None  # links are checked for all sheets at once, in `typeset`
    if match := _CHARACTER.search(line):
        character, code = match.groups()
        message = f"no font of the book has a glyph for {character!r} ({code})"
        hint = "write it otherwise, or add a font that has it to styles/fonts"
        return Finding(places.of_text(character), "T004", message, hint)
    if match := _URL.search(line):
        return Finding(places.of_picture(match[1]), "T003", f"the typesetter says: {line}")
    return Finding(places.default, "T003", f"the typesetter says: {line}")


@dataclass(frozen=True, slots=True)
class _Area:
    left: float
    top: float
    width: float
    height: float


class Inspector:
    """Finds lines too short, things too wide and families that are no font of the book."""

    def __init__(self, places: Places, known: AbstractSet[str]) -> None:
        self.places, self.known = places, known
        self.reported: set[tuple[str, object]] = set()
        self.area = _Area(0, 0, 0, 0)

    def look(self, page_boxes: Sequence[Box]) -> Iterator[Finding]:
        """Go through all pages, in order."""
        for page in page_boxes:
            self.area = _Area(page.content_box_x(), page.content_box_y(), page.width, page.height)
            for child in page.children:
                if not hasattr(child, "at_keyword"):  # a margin box
                    yield from self._box(child)

    def _box(self, box: Box) -> Iterator[Finding]:
        if hasattr(box, "_box"):
            return  # placed absolutely: where it is, it is on purpose
        if hasattr(box, "text"):
            if box.text.strip():
                yield from self._overhang(box, repr(_shown(box.text)))
                yield from self._family(box)
        elif hasattr(box, "replacement"):
            yield from self._overhang(box, f"<{box.element_tag}>")
        else:
            yield from self._lines(box)
            for child in getattr(box, "children", ()):
                yield from self._box(child)

    def _overhang(self, box: Box, name: str) -> Iterator[Finding]:
        area = self.area
        left = area.left - box.position_x
        right = box.position_x + box.margin_width() - area.left - area.width
        below = box.position_y + box.margin_height() - area.top - area.height
        beyond, side = max((left, "left"), (right, "right"), (below, "bottom"))
        limit = box.margin_height() if side == "bottom" and hasattr(box, "text") else SLACK_PX
        if beyond > limit and self._first("T002", box.element):
            message = (
                f"{name} runs {beyond * POINTS:.1f} pt beyond the {side} of the type area "
                f"({area.width * POINTS:.0f} by {area.height * POINTS:.0f} pt)"
            )
            yield Finding(self.places.of(box.element), "T002", message)

    def _family(self, box: Box) -> Iterator[Finding]:
        family = box.style["font_family"][0]
        if family not in self.known and self._first("T004", family):
            message = f"{_shown(box.text)!r} asks for {family!r}, which is no font of the book"
            hint = "name the family in an @font-face rule with a file of styles/fonts"
            yield Finding(self.places.of(box.element), "T004", message, hint)

    def _lines(self, block: Box) -> Iterator[Finding]:
        lines = [child for child in getattr(block, "children", ()) if _is_line(child)]
        if not lines or lines[0].style["text_align_all"] != "justify":
            return
        # The last line of a fragment may be the end of the paragraph; the first may be indented.
        for line in lines[:-1]:
            length, spaces, broken = _measure(line)
            available = block.width - (line.position_x - block.content_box_x())
            short = length < SHORTEST_INNER_LINE * available
            if short and spaces >= 0 and not broken and self._first("T005", block.element):
                message = (
                    f"a line in mid-paragraph fills {length / available:.0%} of its measure: "
                    f"{_shown(_text(line))!r}"
                )
                hint = "reword the sentence, or put a no-break space after a short word"
                yield Finding(self.places.of(block.element), "T005", message, hint)

    def _first(self, code: str, what: object) -> bool:
        """Say whether this is the first finding of its kind about an element."""
        new = (code, what) not in self.reported
        self.reported.add((code, what))
        return new


def _is_line(box: Box) -> bool:
    return type(box).__name__ == "LineBox"


def _texts(box: Box) -> Iterator[Box]:
    if hasattr(box, "text"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _texts(child)


def _text(line: Box) -> str:
    return "".join(box.text for box in _texts(line))


def _measure(line: Box) -> tuple[float, int, bool]:
    """The line's length before justification, its spaces, whether the author broke it."""
    texts = list(_texts(line))
    spaces = [box.text.count(" ") + box.text.count("\u00a0") for box in texts]
    added = sum(box.justification_spacing * n for box, n in zip(texts, spaces, strict=True))
    last = texts[-1] if texts else None
    broken = last is not None and (last.text.endswith("\n") or "br" in (last.element_tag or ""))
    return line.width - added, sum(spaces), broken


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
