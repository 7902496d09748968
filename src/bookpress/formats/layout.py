"""One sheet and its style -> its pages, set by WeasyPrint in a worker of `typeset`."""

from __future__ import annotations

import gc
import hashlib
import logging
import mimetypes
import os
import warnings
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from bookpress.findings import Finding
from bookpress.formats import flow
from bookpress.formats.deferral import deferred
from bookpress.formats.firstlines import know_widths
from bookpress.formats.glyphruns import keep_glyphs, share_contexts
from bookpress.formats.ink import drop_groups
from bookpress.formats.leaders import join_leaders
from bookpress.formats.linebreaks import let_last_space_hang
from bookpress.formats.measure import Inspector, Places, complaint, families
from bookpress.formats.numbers import Recorder
from bookpress.formats.rhythm import keep_rhythm
from bookpress.formats.sheets import BASE, Face, Pages, address
from bookpress.formats.tagging import Structure, enclose, forget_links, record_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.findings import Position
    from bookpress.formats.sheets import Job, Number


@contextmanager
def _no_fonts_of_the_machine() -> Iterator[None]:
    """Show Fontconfig a configuration without a font, as long as it takes to read one.

    The environment is the only way to tell it, and is not left so: a Chromium that is started
    from here would take it over, and it crashes on a machine without fonts.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(resources.files("bookpress") / "data" / "fonts.conf")
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


# What WeasyPrint needs for variable fonts, or where HarfBuzz cannot subset, loads as long as the
# whole rest of it.
_HARDLY_NEEDED = {
    "fontTools.subset": ("Options", "Subsetter"),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
with _no_fonts_of_the_machine(), warnings.catch_warnings(), deferred(_HARDLY_NEEDED):
    warnings.simplefilter("ignore")  # "No fonts configured", which is what we want
    import weasyprint
    from weasyprint import layout
    from weasyprint.draw import text
    from weasyprint.layout import block, inline, leader
    from weasyprint.pdf import fonts as weasyprint_fonts
    from weasyprint.pdf import tags
    from weasyprint.text import line_break
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import (
        URLFetcher,
        URLFetcherResponse,
    )

Document: TypeAlias = Any  # WeasyPrint has no types worth the name
Element: TypeAlias = Any
__all__ = ["lay_out", "no_fonts", "weasyprint"]  # tests lay out by themselves

TAGGED, UNTAGGED = "pdf/a-3a", "pdf/a-3b"
STAMPS = ".stamp{break-before:page;string-set:folio attr(data-folio),head attr(data-head)}"

keep_rhythm(block)
know_widths(inline, line_break)
let_last_space_hang(inline)
join_leaders(inline, leader, line_break)
_sources = record_sources(tags)
share_contexts(line_break)
keep_glyphs(text, inline, line_break)
_recorder = Recorder(text, line_break)
_log: list[str] = []
_margin_boxes = layout.make_margin_boxes


def no_fonts() -> FontConfiguration:
    """The fonts of one style before its own are loaded: none, whatever the machine has."""
    with _no_fonts_of_the_machine():
        return FontConfiguration()


def _no_margin_boxes(*_given: object) -> tuple[()]:
    """Running heads and folios are set apart, and laid over the pages by the binder."""
    return ()


_parse_html = weasyprint.tinyhtml5.parse


def _parse(source: Any, **more: Any) -> Element:  # noqa: ANN401
    """Parse a sheet as XML, which takes a tenth of the time, or as HTML if it is no such page."""
    text = source.read()
    try:
        root = ET.fromstring(text)  # noqa: S314  (the press wrote it, doctype included)
    except ET.ParseError:
        return _parse_html(text, **more)
    return root if root.tag == "html" else _parse_html(text, **more)


weasyprint.tinyhtml5.parse = _parse


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _log.append(record.getMessage())


weasyprint.LOGGER.handlers[:] = [_Listener()]
weasyprint.LOGGER.propagate = False


class _Shelf(URLFetcher):  # type: ignore[misc]
    """Serves what a sheet and its style bring along, and nothing else."""

    def __init__(self, files: Mapping[str, bytes | Path]) -> None:
        super().__init__()
        self.files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        name = unquote(urlsplit(url).path.lstrip("/"))
        if not url.startswith(BASE) or name not in self.files:
            raise ValueError("it is not among the book's files")
        held = self.files[name]
        data = held.read_bytes() if isinstance(held, Path) else held
        return URLFetcherResponse(url, data, {"Content-Type": mimetypes.guess_type(name)[0] or ""})


class _Dress:
    """A style sheet, parsed, with its fonts loaded; kept for the next sheet of the style."""

    def __init__(self, css: str, files: Mapping[str, Path]) -> None:
        _log.clear()
        self.fonts = no_fonts()
        self.profiles: dict[str, Any] = {}
        self.css = weasyprint.CSS(
            string=css,
            base_url=BASE,
            url_fetcher=_Shelf(files),
            font_config=self.fonts,
            color_profiles=self.profiles,
        )
        self.families = families(css)
        self.digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files.values()}
        self.log = tuple(_log)

    def findings(self, where: Position) -> tuple[Finding, ...]:
        """What WeasyPrint says about the style sheet itself."""
        return tuple(
            Finding(where, "T004" if line.startswith("Font-face") else "T003", line)
            for line in self.log
        )


_dresses: dict[str, _Dress] = {}


def _dress(job: Job) -> _Dress:
    css = job.css + (STAMPS if job.stamps else "")
    name = hashlib.sha256(f"{css}{sorted(job.files.items())}".encode()).hexdigest()
    if name not in _dresses:
        _dresses[name] = _Dress(css, job.files)
    return _dresses[name]


def lay_out(job: Job) -> Pages:
    """Set one sheet.

    Returns the pages; without a PDF when the job is a draft.
    Source  weasyprint.HTML.render, Document.write_pdf; its log is read, not shown.
    """
    gc.disable()  # a quarter faster; the worker is replaced before it grows
    dress = _dress(job)
    _log.clear()
    _sources.clear()
    _recorder.clear()
    html = weasyprint.HTML(
        string=job.html,
        base_url=BASE + f"{job.slug}.html",
        url_fetcher=_Shelf({**job.files, **job.assets}),
    )
    layout.make_margin_boxes = _margin_boxes if job.stamps else _no_margin_boxes
    variant = TAGGED if job.tagged else UNTAGGED
    document = html.render(
        stylesheets=[dress.css],
        font_config=dress.fonts,
        color_profiles=dress.profiles,
        pdf_variant=variant,
    )
    pages = _facts(job, dress, document, html.etree_element)
    if not job.paint:
        return pages
    if job.stamps:
        _drop_empty_margins(document)
    painter = _Painter(job)
    # No identifier: the book gets one, and this one costs writing every object twice.
    pdf = document.write_pdf(pdf_variant=variant, pdf_identifier=False, finisher=painter.finish)
    findings = (*pages.findings, *_complaints(job, html.etree_element))
    return replace(
        pages,
        faces=painter.faces,
        numbers=painter.numbers,
        findings=tuple(dict.fromkeys(findings)),
        pdf=pdf,
    )


def _complaints(job: Job, root: Element) -> Iterator[Finding]:
    """What WeasyPrint says about the sheet."""
    places = Places(root, job.where)
    for line in dict.fromkeys(_log):
        if finding := complaint(line, places):
            yield finding


def _facts(job: Job, dress: _Dress, document: Document, root: Element) -> Pages:
    boxes = [page._page_box for page in document.pages]  # noqa: SLF001
    places = Places(root, job.where)
    anchors: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            anchors.setdefault(name, number)  # an element on several pages: its first fragment
    stood = flow.read(boxes)
    findings = (
        *Inspector(places, dress.families).look(boxes),
        *flow.Reviewer(stood, places).look(),
        *dress.findings(job.style_where),
    )
    return Pages(
        count=len(boxes),
        blanks=tuple(i for i, box in enumerate(boxes) if box.page_type.blank),
        anchors=anchors,
        openings=flow.openings(stood, places),
        blocks=flow.printed(stood, places),
        cited=_cited(job.slug, root, places),
        outline=tuple(_entry(e) for e in document.make_bookmark_tree(0.75, transform_pages=True)),
        findings=findings,
    )


class _Painter:
    """WeasyPrint's finisher for one job, and what it learns about fonts and page numbers."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.faces: dict[str, Face] = {}
        self.numbers: tuple[Number, ...] = ()

    def finish(self, document: Document, pdf: Document) -> None:
        self.numbers = _recorder.mark(document, pdf, self.job.slug)
        enclose(pdf)
        if self.job.tagged:
            Structure(pdf, self.job.slug, _sources).mend()
        else:
            forget_links(pdf)
            drop_groups(pdf)
        for font in document.fonts.values():
            known = self.faces.get(font.hash, Face("", {}, {}))
            self.faces[font.hash] = Face(
                known.file or getattr(font, "digest", ""),
                {**known.text, **font.to_unicode},
                {**known.widths, **font.widths},
            )


def _leave_subset_to_binder(font: Element, *rest: object) -> None:
    """Replace Font.clean: the binder makes one subset for the whole book.

    Not for fonts with missing glyphs, whose encoding is their own, nor for other than plain
    outlines; they stay as WeasyPrint makes them.
    """
    digest = hashlib.sha256(font.file_content).hexdigest()
    plain = not (font.missing or font.bitmap or font.png or font.svg or font.colr)
    known = any(digest in dress.digests for dress in _dresses.values())
    if plain and known and "fvar" not in font.tables:
        font.digest = digest
        font.file_content = font.file_content[:4]  # its type is read from these
    else:
        _clean(font, *rest)


_clean = weasyprint_fonts.Font.clean
weasyprint_fonts.Font.clean = _leave_subset_to_binder


def _drop_empty_margins(document: Document) -> None:
    """Keep margin boxes with text only: an empty one would still paint its border."""
    for page in (page._page_box for page in document.pages):  # noqa: SLF001
        page.children = [
            box
            for box in page.children
            if not hasattr(box, "at_keyword") or any(_has_text(child) for child in box.children)
        ]


def _has_text(box: Element) -> bool:
    return bool(getattr(box, "text", "").strip()) or any(
        _has_text(child) for child in getattr(box, "children", ())
    )


def _cited(slug: str, root: Element, places: Places) -> dict[str, Position]:
    cited: dict[str, Position] = {}
    for element in root.iter():
        for name in ("href", "data-page"):
            target = address(slug, element.get(name) or "") if element.tag != "link" else ""
            if target and target not in cited:
                cited[target] = places.of(element)
    return cited


def _entry(item: Element) -> tuple[str, int, float, float, tuple[Any, ...]]:
    title, (page, x, y), below, _ = item
    return title, page, x, y, tuple(_entry(child) for child in below)
