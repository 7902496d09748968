"""Chapters with their changes marked -> PDF: the book with struck text, or with bars alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bookpress.findings import Position
from bookpress.formats import print as print_format
from bookpress.formats.sheets import Sheet, Variant
from bookpress.review.changes import marking, nodes, settle
from bookpress.review.changes.blocks import NUMBER
from bookpress.review.changes.inlines import MARK
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bookpress.pagination import Proof
    from bookpress.press import Press
    from bookpress.review.changes.blocks import Marked
    from bookpress.review.changes.nodes import Element, Nodes
    from bookpress.review.changes.pairs import Pair

STYLE = "changes-print.css"
_NEW = "ins.rev{color:inherit;text-decoration:none}"


def struck(
    press: Press,
    pairs: Sequence[Pair],
    marks: Mapping[str, Marked],
    pictures: Mapping[str, bytes],
    title: str,
) -> Proof:
    """Set the book with its changes: struck and added words, and bars beside them.

    pictures: the earlier ones, by the names that struck figures call them by.
    title:    stands at the head of the pages, instead of the part.
    """
    made = {slug: nodes.write(marked.fragment) for slug, marked in marks.items()}
    sheets: list[Sheet] = []
    todo = list(pairs)
    for sheet in _sheets(press, made, pictures):
        chapter = next((p for p in pairs if p.now and p.now.slug == sheet.slug), None)
        while chapter and todo and todo[0] is not chapter:
            sheets.append(_removed(press, todo.pop(0), made, pictures))
        if chapter:
            todo.pop(0)
        sheets.append(_dressed(press, sheet, marks, chapter))
    sheets += [_removed(press, pair, made, pictures) for pair in todo]
    headed = [
        replace(sheet, running_head=(title, sheet.running_head[1])) if sheet.running_head else sheet
        for sheet in sheets
    ]
    return press.typeset([Variant.SCREEN], sheets=headed)[Variant.SCREEN]


def barred(press: Press, fragments: Mapping[str, Nodes], marks: Mapping[str, Marked]) -> Proof:
    """Set today's book as it is, with bars beside what has changed: no page differs in its breaks.

    fragments: by slug, as `with_names` makes them.
    """
    made = {slug: nodes.write(fragment) for slug, fragment in fragments.items()}
    sheets = [_dressed(press, sheet, marks, None) for sheet in _sheets(press, made, {})]
    return press.typeset([Variant.SCREEN], sheets=sheets)[Variant.SCREEN]


def with_names(marked: Marked) -> Nodes:
    """The new text with bars, and a name on every block that has one."""
    count = 0

    def name(element: Element) -> Sequence[nodes.Node]:
        nonlocal count
        if MARK not in element.classes or element.get("id"):
            return [element.with_attribute(NUMBER, "")]
        count += 1
        return [element.with_attribute(NUMBER, "").with_attribute("id", f"change-{count}")]

    return nodes.rewrite(settle.with_bars(marked.fragment), name)


def _sheets(
    press: Press, fragments: Mapping[str, str], pictures: Mapping[str, bytes]
) -> tuple[Sheet, ...]:
    held = {slug: {**own, **pictures} for slug, own in press.copy.pictures.items()}
    copy = replace(press.copy, fragments=fragments, pictures=held)
    return print_format.sheets(copy, press.templates)


def _dressed(press: Press, sheet: Sheet, marks: Mapping[str, Marked], pair: Pair | None) -> Sheet:
    """Give a sheet with changes the style of the marks; the others stay as the book has them."""
    if not (sheet.slug in marks and marks[sheet.slug].changes):
        return sheet
    css = marking.style(press, STYLE) + (_NEW if pair and not pair.was else "")
    return replace(sheet, html=sheet.html.replace("</head>", f"<style>{css}</style></head>", 1))


def _removed(
    press: Press, pair: Pair, made: Mapping[str, str], pictures: Mapping[str, bytes]
) -> Sheet:
    chapter, book = pair.chapter, press.manuscript.book
    fragment = markup(made[chapter.slug])
    html = press.templates.render("sheet.html.j2", book=book, section=chapter, fragment=fragment)
    css = marking.style(press, STYLE)
    return Sheet(
        slug=chapter.slug,
        matter=chapter.matter,
        html=html.replace("</head>", f"<style>{css}</style></head>", 1),
        where=Position(chapter.path),
        running_head=("", chapter.title),
        assets=pictures,
    )
