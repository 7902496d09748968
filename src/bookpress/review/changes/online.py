"""Chapters with their changes marked -> one HTML file that needs nothing but itself."""

from __future__ import annotations

import base64
import mimetypes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.crossref import is_external
from bookpress.formats import drawings
from bookpress.review import draft
from bookpress.review.changes import marking, nodes
from bookpress.review.changes.blocks import NUMBER
from bookpress.review.changes.inlines import Fate
from bookpress.review.changes.nodes import Element
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bookpress.press import Press
    from bookpress.review.changes.blocks import Change, Marked
    from bookpress.review.changes.earlier import Revision
    from bookpress.review.changes.pairs import Pair

STYLES = ("web.css", "changes.css")
_ALWAYS = "".join(map(chr, range(32, 127))) + "“”‘’–…"
_VOID = re.compile(r"<((?:br|hr|img|input|wbr|col)\b[^<>]*?)\s*/>")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A change as the list of changes shows it.

    excerpt: (what became of it, text), short. anchor: where it stands.
    """

    change: Change
    anchor: str
    excerpt: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter as the edition shows it."""

    pair: Pair
    lines: tuple[Line, ...]
    html: str

    @property
    def added(self) -> int:
        """Words that are new in it."""
        return sum(line.change.added for line in self.lines)

    @property
    def removed(self) -> int:
        """Words that are gone from it."""
        return sum(line.change.removed for line in self.lines)


def make(  # noqa: PLR0913, PLR0917  (each is a stage of its own in `editions`)
    press: Press,
    pairs: Sequence[Pair],
    marks: Mapping[str, Marked],
    pictures: Mapping[str, bytes],
    revision: Revision,
    facts: Sequence[tuple[str, str, str]],
) -> bytes:
    """Write the edition: what has changed in all, the list of every chapter, then the chapters.

    pictures: those of today and the earlier ones, by their names in the fragments.
    facts:    what book.yml says otherwise: what, then, now.
    """
    included = frozenset(pair.chapter.slug for pair in pairs)
    sections = [
        Section(pair, _lines(pair, marks), _article(pair, marks, included, pictures))
        for pair in pairs
    ]
    text = "".join(section.html for section in sections)
    joined = "\n".join(marking.style(press, name) for name in STYLES)
    css = draft.with_fonts(joined, press.design(), frozenset(text) | frozenset(_ALWAYS))
    html = press.templates.render(
        "changes.html.j2",
        book=press.manuscript.book,
        revision=revision,
        sections=tuple(sections),
        facts=tuple(facts),
        css=markup(css),
    )
    return html.encode()


def _lines(pair: Pair, marks: Mapping[str, Marked]) -> tuple[Line, ...]:
    slug = pair.chapter.slug
    return tuple(
        Line(change, f"{slug}.change-{change.number}", tuple(_excerpt(change)))
        for change in marks[slug].changes
    )


def _excerpt(change: Change) -> list[tuple[str, str]]:
    """The first place that differs, with a few words around it."""
    runs = change.runs
    first = next((i for i, (fate, _) in enumerate(runs) if fate is not Fate.KEPT), 0)
    shown: list[tuple[str, str]] = []
    if first:
        text = runs[first - 1][1]
        shown.append(("", f"…{text[-_AROUND:].partition(' ')[2]}" if len(text) > _AROUND else text))
    for fate, text in runs[first : first + 3]:
        limit = _AROUND if fate is Fate.KEPT else 3 * _AROUND
        cut = text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0]}…"
        shown.append((str(fate), cut))
        if fate is Fate.KEPT:
            break
    return shown


def _article(
    pair: Pair, marks: Mapping[str, Marked], included: frozenset[str], pictures: Mapping[str, bytes]
) -> str:
    slug = pair.chapter.slug
    total = len(marks[slug].changes)
    numbered = nodes.rewrite(marks[slug].fragment, lambda e: [_numbered(e, slug, total)])
    drawn = nodes.parse(drawings.inline(nodes.write(numbered), pictures))
    placed = nodes.rewrite(drawn, lambda e: [_placed(e, slug, included, pictures)])
    return markup(_VOID.sub(r"<\1>", nodes.write(placed)))


def _numbered(element: Element, slug: str, total: int) -> Element:
    """Put the number of a change before it; it leads to the next one, and round."""
    if not (number := element.get(NUMBER)):
        return element
    following = int(number) % total + 1
    link = Element(
        "a",
        (
            ("class", "rev-no"),
            ("id", f"change-{number}"),
            ("href", f"{slug}.html#change-{following}"),
            ("aria-label", f"Change {number} of {total}; go to change {following}"),
        ),
        (number,),
    )
    return _led(element.with_attribute(NUMBER, ""), link)


def _led(element: Element, link: Element) -> Element:
    """Put a link at the start of a block, or of the first item where it has items."""
    if element.tag not in {"ul", "ol", "dl"}:
        return element.holding((link, *element.children))
    children = list(element.children)
    first = next(i for i, node in enumerate(children) if isinstance(node, Element))
    item = children[first]
    children[first] = _led(item, link) if isinstance(item, Element) else item
    return element.holding(children)


def _placed(
    element: Element, slug: str, included: frozenset[str], pictures: Mapping[str, bytes]
) -> Element:
    """Make identifiers of the chapter unique in the file, and lead links and pictures into it."""
    pairs = []
    for name, value in element.attributes:
        if name == "id":
            pairs.append((name, f"{slug}.{value}"))
        elif name == "href" and not is_external(value):
            pairs += [(name, there)] if (there := _address(value, slug, included)) else []
        elif name == "src":
            pairs.append((name, _data(value, pictures.get(value, b""))))
        else:
            pairs.append((name, _REFERENCE.sub(rf"url(#{slug}.\1)", value)))
    if element.tag == "figure" and "table" in element.classes:
        pairs.append(("tabindex", "0"))  # it scrolls where it is wider than the screen
    return Element(element.tag, tuple(pairs), element.children)


def _address(link: str, slug: str, included: frozenset[str]) -> str:
    """A link within the file; "" when it leads to what is not in it."""
    file, _, anchor = link.partition("#")
    target = file.removesuffix(".html") or slug
    if target not in included:
        return ""
    return f"#{target}.{anchor}" if anchor and anchor != target else f"#{target}"


def _data(name: str, data: bytes) -> str:
    kind = mimetypes.guess_type(name)[0]
    return f"data:{kind or 'application/octet-stream'};base64,{base64.b64encode(data).decode()}"
