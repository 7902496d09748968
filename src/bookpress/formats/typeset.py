"""Sheets and styles -> pages, laid out again until the page numbers printed in them are true.

A page number is an element with data-page="SLUG.html#id". The passes settle how many figures it
has; the binder prints them (see `numbers`). Every run goes through the same states, from an
estimate that depends on the sheets alone: there can be two sets of numbers that both fit, and
starting from yesterday's could end in the other one. The store only saves setting a sheet that
was set before.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import escape
from importlib import metadata, resources
from multiprocessing import forkserver, resource_tracker
from typing import TYPE_CHECKING

from bookpress.cache import digest, write_whole
from bookpress.errors import BookpressError
from bookpress.findings import Finding
from bookpress.formats.folios import (
    addresses,
    castoff,
    cited,
    cites_pages_side_by_side,
    fill,
    page_map,
)
from bookpress.formats.ink import in_black
from bookpress.formats.sheets import (
    Job,
    Pages,
    Section,
    Sheet,
    Stamps,
    Style,
    Typeset,
    Variant,
)
from bookpress.model import Matter
from bookpress.pagination import roman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.context import ForkServerContext
    from multiprocessing.pool import Pool
    from pathlib import Path

    from bookpress.cache import Store
    from bookpress.pagination import PageMap

__all__ = ["Sheet", "Style", "Typeset", "Variant", "typeset"]

MOST_PASSES = 12
WIDENING_PASS = 4
FRONT_STAMPS_A_BLOCK, STAMPS_A_BLOCK = 20, 50
SHEETS_A_WORKER = 12
_ENGINE = (
    "firstlines.py",
    "flow.py",
    "glyphruns.py",
    "ink.py",
    "layout.py",
    "leaders.py",
    "linebreaks.py",
    "measure.py",
    "numbers.py",
    "rhythm.py",
    "sheets.py",
    "tagging.py",
)

Key = tuple[Variant, str]


def warm_up() -> None:
    """Start loading what workers need, beside what is done meanwhile: it takes a second.

    Ctrl-C reaches all processes of a terminal, and would end this one amid its imports.
    """
    _context()
    resource_tracker.ensure_running()  # unblocks signals, so it comes first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def quiet(_slug: str) -> None:
    """Report progress to nobody."""


def typeset(
    sheets: Sequence[Sheet],
    styles: Mapping[Variant, Style],
    store: Store,
    *,
    workers: int = 0,
    progress: Callable[[str], None] = quiet,
) -> dict[Variant, Typeset]:
    """Set the book in every variant asked for.

    sheets:   in page order; front matter first.
    styles:   the first variant settles the page numbers; the others must break pages alike.
    workers:  processes; 0 for as many as there are processors.
    progress: called with the slug of each sheet that a worker has set; not for cached ones.
    Raises    BookpressError when page numbers do not settle or two variants differ in pages.
    """
    with ExitStack() as stack:
        shop = _Workshop(store, workers or os.cpu_count() or 1, progress, stack)
        wardrobe = {variant: _Dressed(variant, style, store) for variant, style in styles.items()}
        made = _settle(sheets, wardrobe, shop)
        leader = next(iter(wardrobe))
        pages = page_map(sheets, {slug: p for (v, slug), p in made.items() if v is leader})
        made |= shop.set(_stamping(sheets, wardrobe, pages))
    return {
        variant: _gather(sheets, dressed, made, shop.digests, pages)
        for variant, dressed in wardrobe.items()
    }


def _settle(
    sheets: Sequence[Sheet], wardrobe: Mapping[Variant, _Dressed], shop: _Workshop
) -> dict[Key, Pages]:
    """Set the sheets until the room for page numbers is right in the first variant.

    It can go back and forth: with "9" a paragraph moves its target to page 10, with "10" back to
    page 9. From WIDENING_PASS on a number keeps the room it once had, which then only grows.
    """
    leader = next(iter(wardrobe))
    folios = castoff(sheets)
    before: Mapping[str, str] = {}
    painted: dict[str, str] = {}
    made: dict[Key, Pages] = {}
    widths: dict[str, dict[str, int]] = {sheet.slug: {} for sheet in sheets}
    pages: PageMap | None = None
    for turn in range(1, MOST_PASSES + 1):
        jobs = {}
        for sheet in sheets:
            kept = widths[sheet.slug] if turn >= WIDENING_PASS else {}
            html = fill(sheet, folios, kept, shorten=turn > 1)
            draft = turn == 1 and cites_pages_side_by_side(html)
            if draft:
                jobs[leader, sheet.slug] = wardrobe[leader].job(sheet, html, paint=False)
            elif painted.get(sheet.slug) != html:
                # In all variants at once, so that no processor waits for the last sheet of one.
                jobs |= {
                    (v, sheet.slug): dressed.job(sheet, html) for v, dressed in wardrobe.items()
                }
                painted[sheet.slug] = html
        if not jobs:
            return made
        # Few sheets are set again: processors that have none set the stamps, by what is known now.
        spare = _stamping(sheets, wardrobe, pages) if pages else {}
        done = shop.set(jobs | spare)
        made |= {key: done[key] for key in jobs}
        before = folios
        pages = page_map(sheets, {slug: p for (v, slug), p in made.items() if v is leader})
        folios = {name: pages.folio(page) for name, page in addresses(pages).items()}
    raise _unsettled(sheets, before, folios)


def _unsettled(
    sheets: Sequence[Sheet], before: Mapping[str, str], after: Mapping[str, str]
) -> BookpressError:
    moving = {name for name, folio in after.items() if before.get(name) != folio}
    places = [
        f"{target} (page {before.get(target, '0')}, then {after[target]}; cited in {sheet.slug})"
        for sheet in sheets
        for target in cited(sheet)
        if target in moving
    ]
    return BookpressError(
        f"page numbers do not settle in {MOST_PASSES} passes: {'; '.join(places[:5])}",
        hint="reword a paragraph that cites one of these pages",
    )


def _stamping(
    sheets: Sequence[Sheet], wardrobe: Mapping[Variant, _Dressed], pages: PageMap
) -> dict[Key, Job]:
    return {
        (variant, f"stamps-{number}"): dressed.stamps(names)
        for variant, dressed in wardrobe.items()
        for number, names in enumerate(_stamps(sheets, pages))
    }


def _stamps(sheets: Sequence[Sheet], pages: PageMap) -> Iterator[tuple[str | tuple[str, str], ...]]:
    """What is stamped on pages, in blocks: an edit that adds pages adds no block as a rule."""
    front = sum(folio.isalpha() for folio in pages.folios)
    body = pages.total - front
    for count, size, name in (
        (front, FRONT_STAMPS_A_BLOCK, roman),
        (body, STAMPS_A_BLOCK, str),
    ):
        for first in range(1, count + 1, size):
            yield tuple(name(number) for number in range(first, first + size))
    heads = dict.fromkeys(sheet.running_head for sheet in sheets if sheet.running_head)
    if heads:
        yield tuple(
            (side, text)
            for verso, recto in heads
            for side, text in (("recto", recto), ("verso", verso))
        )


class _Dressed:
    """One variant of the book: its style, shelved where workers find it."""

    def __init__(self, variant: Variant, style: Style, store: Store) -> None:
        self.variant, self.style = variant, style
        self.fonts = {sha256(data).hexdigest(): data for data in style.files.values()}
        self.files = {name: _shelve(data, store) for name, data in style.files.items()}

    def job(self, sheet: Sheet, html: str, *, paint: bool = True) -> Job:
        """Ask for a sheet; the printing press gets its drawings in black."""
        for_press = self.variant is Variant.PRINT
        return Job(
            slug=sheet.slug,
            html=html,
            css=self.style.css,
            files=self.files,
            assets=in_black(sheet.assets) if for_press else sheet.assets,
            where=sheet.where,
            style_where=self.style.where,
            tagged=self.variant is Variant.SCREEN,
            paint=paint,
        )

    def stamps(self, names: Sequence[str | tuple[str, str]]) -> Job:
        """Ask for a block of running heads or folios; the first page of it is a recto."""
        body = "".join(
            f'<div class="stamp {"verso" if number % 2 else "recto"}"'
            f' data-folio="{escape(name if isinstance(name, str) else "")}"'
            f' data-head="{escape("" if isinstance(name, str) else name[1])}"></div>'
            for number, name in enumerate(names)
        )
        html = f'<!DOCTYPE html><html lang="en"><title>Stamps</title><body>{body}</body></html>'
        sheet = Sheet("stamps", Matter.BODY, html, self.style.where)
        return replace(self.job(sheet, html), tagged=False, stamps=True)


def _shelve(data: bytes, store: Store) -> Path:
    store.recall("file", data, make=lambda: data)
    return store.path("file", data)


class _Workshop:
    """Sets sheets in worker processes, started when the first sheet is not in the store."""

    def __init__(
        self, store: Store, workers: int, progress: Callable[[str], None], stack: ExitStack
    ) -> None:
        self.store, self.workers, self.progress, self.stack = store, workers, progress, stack
        self.pool: Pool | None = None
        self.digests: dict[Key, str] = {}

    def set(self, jobs: Mapping[Key, Job]) -> dict[Key, Pages]:
        """Set what is asked for; from the store where it was set before."""
        inputs = {key: (*_engine(), *job.inputs()) for key, job in jobs.items()}

        def make(unknown: tuple[Key, ...]) -> dict[Key, bytes]:
            largest_first = sorted(unknown, key=lambda key: -len(jobs[key].html))
            orders = [(key, jobs[key], paths[key]) for key in largest_first]
            made = {}
            for key, data in self._pool().imap_unordered(_work, orders):
                made[key] = data
                self.progress(jobs[key].slug)
            return made

        paths = {key: self.store.path("sheet", *data) for key, data in inputs.items()}
        self.digests |= {key: path.name for key, path in paths.items()}
        known = self.store.recall_all("sheet", inputs, make)
        return {key: Pages.from_bytes(data) for key, data in known.items()}

    def _pool(self) -> Pool:
        if self.pool is None:
            warm_up()
            self.pool = self.stack.enter_context(
                _context().Pool(self.workers, _ignore_interrupts, maxtasksperchild=SHEETS_A_WORKER)
            )
        return self.pool


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bookpress.formats.layout"])
    return context


def _ignore_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the press ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(order: tuple[Key, Job, Path]) -> tuple[Key, bytes]:
    """Set one sheet and keep it, so that an interrupted run loses nothing that was done."""
    key, job, path = order
    layout = importlib.import_module("bookpress.formats.layout")  # WeasyPrint, in workers only
    try:
        data: bytes = layout.lay_out(job).to_bytes()
    except Exception as problem:
        problem.add_note(f"while setting the sheet {job.slug} ({job.where})")
        raise
    write_whole(path, data)
    return key, data


@cache
def _engine() -> tuple[bytes, ...]:
    """What sets the pages: another release of it, or of WeasyPrint, sets them anew."""
    package = resources.files("bookpress.formats")
    versions = (metadata.version("weasyprint"), metadata.version("pydyf"))
    return (*(v.encode() for v in versions), *((package / name).read_bytes() for name in _ENGINE))


def _gather(
    sheets: Sequence[Sheet],
    dressed: _Dressed,
    made: Mapping[Key, Pages],
    digests: Mapping[Key, str],
    pages: PageMap,
) -> Typeset:
    variant = dressed.variant
    sections = tuple(Section(sheet, made[variant, sheet.slug]) for sheet in sheets)
    if page_map(sheets, {s.sheet.slug: s.pages for s in sections}) != pages:
        raise _different(variant, sections, pages)
    stamps = tuple(
        Stamps(made[variant, f"stamps-{number}"], {name: i for i, name in enumerate(names)})
        for number, names in enumerate(_stamps(sheets, pages))
    )
    findings = [
        f for p in (*(s.pages for s in sections), *(s.pages for s in stamps)) for f in p.findings
    ]
    findings += _dead_links(sections, pages)
    return Typeset(
        variant=variant,
        sections=sections,
        stamps=stamps,
        fonts=dressed.fonts,
        pages=pages,
        findings=tuple(sorted(set(findings))),
        key=digest(*(digests[key].encode() for key in sorted(made) if key[0] is variant)),
    )


def _dead_links(sections: Sequence[Section], pages: PageMap) -> Iterator[Finding]:
    known = addresses(pages)
    for section in sections:
        for target, where in section.pages.cited.items():
            if target not in known:
                message = f"{section.sheet.slug} links to {target}, which is not in this edition"
                hint = "link to something printed, or have the target printed"
                yield Finding(where, "L009", message, hint)


def _different(variant: Variant, sections: Sequence[Section], pages: PageMap) -> BookpressError:
    """Name the first sheet whose pages differ between two variants."""
    for section in sections:
        slug, own = section.sheet.slug, section.pages
        first = next(extent.first for extent in pages.extents if extent.slug == slug)
        moved = [
            name for name, page in own.anchors.items() if pages.anchors[slug, name] != first + page
        ]
        if moved or own.count + own.count % 2 != pages.extent(slug):
            place = f" from #{moved[0]} on" if moved else ""
            return BookpressError(
                f"{slug} breaks its pages otherwise in the {variant} edition{place}",
                hint="the styles of two editions may differ in colours only",
            )
    raise AssertionError(variant)
