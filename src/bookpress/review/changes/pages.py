"""Changes and the page maps of two editions -> the pages that have changed, as a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress.formats.folios import lines_of
from bookpress.pagination import PageMap
from bookpress.review.changes.inlines import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path, PurePosixPath

    from bookpress.review.changes.blocks import Marked
    from bookpress.review.changes.nodes import Element, Nodes

    Lines = tuple[PurePosixPath, int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of today's print edition.

    number: counts from 1 over the whole book; folio: what is printed on it.
    was:    the folios of the pages that had its text before; none where nobody knows, or it is new.
    """

    number: int
    folio: str
    section: str
    changed: bool
    was: tuple[str, ...]


def look(
    now: PageMap,
    before: PageMap | None,
    fragments: Mapping[str, Nodes],
    marks: Mapping[str, Marked],
) -> tuple[Page, ...]:
    """Say of every page that holds text whether it has changed, and where its text stood before.

    fragments: with bars and names, by slug, as they were set for `now`.
    """
    changed: set[int] = set()
    for slug, fragment in fragments.items():
        changed.update(_marked(slug, fragment, now))
    stood = _stood(now, before, marks) if before else {}
    made = []
    for section in now.extents:
        for page in range(section.first, section.first + section.pages):
            was = tuple(before.folio(p) for p in sorted(stood.get(page, ()))) if before else ()
            if page in changed or page in stood:
                made.append(Page(page, now.folio(page), section.slug, page in changed, was))
    return tuple(made)


def kept(root: Path, commit: str) -> PageMap | None:
    """The page map of a printing that was made of a commit, if printings/ keeps it."""
    for path in sorted((root / "printings").glob("*.json")):
        try:
            found = json.loads(path.read_bytes())
            if found["commit"] == commit:
                return PageMap.from_json(json.dumps(found["pages"]).encode())
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # `bookpress errata` says what is wrong with it
    return None


def write(pages: Sequence[Page], total: int, title: str, unknown: str) -> str:
    """Write the list in Markdown.

    total:   pages of the print edition. title: what the book is compared with.
    unknown: why nobody knows where the text stood before; "" when it is known.
    """
    changed = [page for page in pages if page.changed]
    lines = [f"# Pages changed since {title}", ""]
    lines += [f"{len(changed)} of {total} pages of the print edition have changed.", ""]
    lines += [f"Where their text stood before is not known: {unknown}", ""] if unknown else []
    if changed:
        lines += ["| Page | In the PDF | Section | Stood on page |", "|--:|--:|---|---|"]
        lines += [
            f"| {p.folio} | {p.number} | {p.section} | {_span(p.was) or '–'} |" for p in changed
        ]
        lines.append("")
    runs = list(_runs(p for p in pages if not p.changed and p.was and p.was != (p.folio,)))
    if runs:
        lines += ["The text of these pages is as it was, and stood elsewhere:", ""]
        lines += [f"- {now}, before {was}" for now, was in runs]
        lines.append("")
    return "\n".join(lines)


def _marked(slug: str, fragment: Nodes, now: PageMap) -> Iterator[int]:
    """The pages on which a block with a mark stands."""
    spans = {(b.path, b.first_line, b.last_line): (b.first_page, b.last_page) for b in now.blocks}

    def look_below(content: Sequence[Element | str], around: Lines | None) -> Iterator[int]:
        for node in content:
            if isinstance(node, str):
                continue
            lines = lines_of(node.get("data-pos"))
            if MARK in node.classes:
                own = now.anchors.get((slug, node.get("id")))
                span = spans.get(lines) if lines else None
                if span is None and own is None and around:
                    span = spans.get(around)
                first, last = span or (own or 0, own or 0)
                yield from (page for page in range(first, last + 1) if page)
            yield from look_below(node.children, lines or around)

    return look_below(fragment, None)


def _stood(now: PageMap, before: PageMap, marks: Mapping[str, Marked]) -> dict[int, set[int]]:
    """The earlier pages of what stands on each page."""
    old = {(b.path, b.first_line, b.last_line): (b.first_page, b.last_page) for b in before.blocks}
    places: dict[Lines, Lines] = {}
    for marked in marks.values():
        for today, earlier in marked.places.items():
            mine, theirs = lines_of(today), lines_of(earlier)
            if mine and theirs:
                places[mine] = theirs
    stood: dict[int, set[int]] = {}
    for block in now.blocks:
        place = places.get((block.path, block.first_line, block.last_line))
        if place not in old:
            continue
        first, last = old[place]
        long = block.last_page - block.first_page
        for turn in range(long + 1):
            own = stood.setdefault(block.first_page + turn, set())
            own.update([first + turn] if last - first == long else range(first, last + 1))
    return stood


def _runs(pages: Iterator[Page]) -> Iterator[tuple[str, str]]:
    """Runs of pages, and where their text stood."""
    run: list[Page] = []
    for page in pages:
        if run and page.number != run[-1].number + 1:
            yield _ends(run)
            run = []
        run.append(page)
    if run:
        yield _ends(run)


def _ends(run: Sequence[Page]) -> tuple[str, str]:
    now = _span((run[0].folio, run[-1].folio))
    return now, _span((run[0].was[0], run[-1].was[-1]))


def _span(folios: Sequence[str]) -> str:
    if not folios:
        return ""
    return folios[0] if folios[0] == folios[-1] else f"{folios[0]}–{folios[-1]}"
