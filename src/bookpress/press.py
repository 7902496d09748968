"""Manuscript -> editions: what each stage is given, and what it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress import components, crossref, pagefind, pandoc, score
from bookpress.cache import Store
from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.formats import bind as binder
from bookpress.formats import print as print_format
from bookpress.formats import rhythm, tokens
from bookpress.formats import typeset as typesetter
from bookpress.formats.print import Copy
from bookpress.formats.sheets import Style, Variant
from bookpress.manuscript import CACHE, tools
from bookpress.markup import EXTENSIONS, Setting
from bookpress.model import Format, Role
from bookpress.resources import styles_folder
from bookpress.templates import Templates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bookpress.formats.sheets import Sheet
    from bookpress.formats.wrap import Geometry
    from bookpress.manuscript import Manuscript, Tell
    from bookpress.model import Chapter
    from bookpress.pagination import PageMap, Proof
    from bookpress.survey import ChapterFacts

_STYLES = {
    Variant.PRINT: ("print.css",),
    Variant.SCREEN: ("print.css", "screen.css"),
}
_DESIGN = (".css", ".js", ".ttf", ".txt", ".icc")  # and the licences of the fonts


@dataclass
class Press:
    """A manuscript on its way to the editions, and the folder whose cache it may use."""

    root: Path
    manuscript: Manuscript
    modified: dt.datetime
    progress: Tell
    workers: int
    store: Store = field(init=False)
    findings: list[Finding] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.root / CACHE)
        self.styles = styles_folder(self.root)
        self.templates = Templates(self.styles)

    def fragments(self, target: Format, *, placed: bool = False) -> dict[str, str]:
        """Write every chapter for one format; returns HTML by the chapter's slug.

        placed: blocks carry the lines they come from, as they always do in print.

        A chapter is written anew when its own text changed, or a number or address it cites.
        """
        manuscript = self.manuscript
        settings = {c: self._setting(c, target, placed=placed) for c in manuscript.book.written()}

        def make(unknown: tuple[Chapter, ...]) -> dict[Chapter, bytes]:
            trees = (pandoc.decode(c.path, manuscript.trees[c.path]) for c in unknown)
            fragments = (
                components.fragment(tree, settings[c])
                for c, tree in zip(unknown, trees, strict=True)
            )
            written = pandoc.write(fragments)
            return {c: made.to_bytes() for c, made in zip(unknown, written, strict=True)}

        self.progress(f"write {target}", 0, len(settings))
        inputs = {
            chapter: (tools(), manuscript.trees[chapter.path], repr(setting).encode())
            for chapter, setting in settings.items()
        }
        made = self.store.recall_all(f"fragment-{target}", inputs, make)
        written = {chapter: pandoc.Written.from_bytes(data) for chapter, data in made.items()}
        for chapter, fragment in written.items():
            facts = manuscript.survey.chapters[chapter.path]
            self.findings += (_complaint(facts, *said) for said in fragment.complaints)
        self.progress(f"write {target}", len(settings), len(settings))
        return {chapter.slug: fragment.html for chapter, fragment in written.items()}

    def sheets(self) -> tuple[Sheet, ...]:
        """The book as it goes to the typesetter, in order."""
        return tuple(print_format.sheets(self.copy, self.templates))

    def typeset(
        self,
        variants: Sequence[Variant],
        more: Sequence[str] = (),
        sheets: Sequence[Sheet] | None = None,
    ) -> dict[Variant, Proof]:
        """Set the sheets in pages and bind them; returns a proof of every variant.

        more:   further style sheets, by name.
        sheets: what is set instead of the book's own.
        """
        sheets = self.sheets() if sheets is None else sheets
        styles = {variant: self._style(*_STYLES[variant], *more) for variant in variants}
        done = count(1)
        total = len(sheets)
        self.progress("typeset", 0, total)
        made = typesetter.typeset(
            sheets,
            styles,
            self.store,
            workers=self.workers,
            progress=lambda _slug: self.progress("typeset", min(next(done), total - 1), total),
        )
        self.progress("typeset", total, total)
        proofs = {}
        for number, (variant, pages) in enumerate(made.items(), 1):
            meta = self.manuscript.book.metadata
            proofs[variant] = binder.bind(pages, meta, self.modified, self.store)
            self.progress("bind", number, len(made))
        return proofs

    def _setting(self, chapter: Chapter, target: Format, *, placed: bool) -> Setting:
        manuscript = self.manuscript
        book, facts = manuscript.book, manuscript.survey.chapters[chapter.path]
        own = ((name, manuscript.targets.own(chapter.path, name)) for name, _ in facts.anchors)
        executed = ""
        if target is Format.WEB and book.executables.tools:
            executed = f"executed with {score.versions(book.executables)}"
        return Setting(
            slug=chapter.slug,
            format=target,
            links=crossref.links(manuscript.targets, facts),
            numbers={name: found for name, found in own if found},
            variables=book.variables,
            score=self._score(target) if facts.scored else "",
            executed=executed and f"{executed}, {self.modified:%Y-%m-%d}",
            terms=crossref.terms(manuscript.targets, facts),
            glossary=chapter.role is Role.GLOSSARY,
            placed=placed,
        )

    def _score(self, target: Format) -> str:
        manuscript = self.manuscript
        counted = score.count(manuscript.book, manuscript.survey, manuscript.targets)
        executables = manuscript.book.executables
        return score.write(counted, executables, target, EXTENSIONS[target])

    @cached_property
    def copy(self) -> Copy:
        """All that is set in pages; print and screen are set from the same copy."""
        manuscript = self.manuscript
        return Copy(
            manuscript.book,
            manuscript.survey,
            manuscript.targets,
            self.fragments(Format.PRINT),
            {
                chapter.slug: dict(_pictures(manuscript, chapter))
                for chapter in manuscript.book.written()
            },
        )

    def package(self, pages: PageMap | None) -> bytes:
        """Make the EPUB; its page-list names the pages of the print edition of this build."""
        from bookpress.checks import package  # noqa: PLC0415
        from bookpress.formats import (  # noqa: PLC0415  (an edition not asked for costs nothing)
            cover,
            epub,
        )

        book, surveyed = self.manuscript.book, self.manuscript.survey
        self.progress("package", 0, 1)
        fragments = self.fragments(Format.EPUB)
        made = epub.make(
            book,
            surveyed,
            fragments,
            self.pictures() | {cover.NAME: self.cover()},
            self.templates,
            self.design(),
            pages,
            self.modified,
        )
        self.findings += package.look(book, fragments, made)
        self.progress("package", 1, 1)
        return made

    @staticmethod
    def accessibility(edition: bytes) -> bytes:
        """Say what a finished EPUB claims of its accessibility, and what it leaves out, and why."""
        from bookpress.checks import package  # noqa: PLC0415

        return package.accessibility_report(package.read(edition))

    def cover(self) -> bytes:
        """Set the front cover; returns it as a picture (PNG)."""
        from bookpress import prooftext  # noqa: PLC0415
        from bookpress.formats import cover  # noqa: PLC0415

        book = self.manuscript.book
        sheet, style = cover.sheet(book, self.templates), self._style("cover.css")
        [made] = typesetter.typeset((sheet,), {Variant.SCREEN: style}, self.store).values()
        self.findings += made.findings
        pdf = binder.bind(made, book.metadata, self.modified, self.store).pdf
        return self.store.recall(
            "cover", pdf, make=lambda: prooftext.picture(pdf, 1, cover.WIDTH_PX)
        )

    def wrap(self, measures: Geometry) -> bytes:
        """Set the cover of the printed book; returns it as PDF/X-1a, one page with bleed."""
        from bookpress.formats import wrap  # noqa: PLC0415

        book = self.manuscript.book
        style = wrap.dress(self._style(*wrap.STYLES), measures)
        sheet = wrap.sheet(book, measures, self.templates)
        [made] = typesetter.typeset((sheet,), {Variant.PRINT: style}, self.store).values()
        self.findings += made.findings
        return binder.bind(made, book.metadata, self.modified, self.store).pdf

    def publish(self) -> dict[str, bytes]:
        """Make the web edition: its files by name."""
        from bookpress.checks import site  # noqa: PLC0415
        from bookpress.formats import web  # noqa: PLC0415

        book, surveyed = self.manuscript.book, self.manuscript.survey
        search = bool(pagefind.version()) and "search.js" in self.design()
        made = web.make(
            book,
            surveyed,
            self.fragments(Format.WEB),
            self.pictures(),
            self.templates,
            self.design(),
            search=search,
        )
        if search:
            pages = {name: data for name, data in made.items() if name.endswith(".html")}
            made |= {f"pagefind/{name}": data for name, data in pagefind.index(pages).items()}
        self.findings += site.look(book, made)
        return made

    def _style(self, *sheets: str) -> Style:
        """The style sheets of a paged edition, joined, and the fonts that they name."""
        names = ["fonts.css", "tokens.css", *sheets]
        files = self.design()
        for name in names:
            if name not in files:
                hint = "a styles folder of your own needs all that the press's own has"
                raise BookpressError(f"there is no {name} in {self.styles.name}/", hint=hint)
        joined = "\n".join(files[name].decode() for name in names)
        css = tokens.write_in(joined, kept=rhythm.TOKENS)
        named = {name: data for name, data in files.items() if f'"{name}"' in css}
        where = Position(PurePosixPath("styles", names[-1]))
        return Style(css, named, where)

    def pictures(self) -> dict[str, bytes]:
        """The image files of all chapters, by their name in the editions."""
        return {
            name: data
            for chapter in self.manuscript.book.written()
            for name, data in _pictures(self.manuscript, chapter)
        }

    def design(self) -> dict[str, bytes]:
        """The design, without its templates: style sheets, scripts and fonts by name."""
        return {
            path.relative_to(self.styles).as_posix(): path.read_bytes()
            for path in sorted(self.styles.rglob("*"))
            if path.is_file() and path.suffix in _DESIGN
        }


def _complaint(facts: ChapterFacts, said: str, piece: str) -> Finding:
    """What pandoc said of a piece of a chapter, at the place of that piece."""
    places = [where for text, where in facts.formulas if text == piece]
    return Finding(places[0] if places else Position(facts.path), "T006", f"{said}: {piece}")


def _pictures(manuscript: Manuscript, chapter: Chapter) -> Iterator[tuple[str, bytes]]:
    """The image files of one chapter, by their name in the editions."""
    for image in manuscript.survey.chapters[chapter.path].images:
        path = crossref.resolve(chapter.path, image.source)
        if path in manuscript.images and not manuscript.survey.pictures[path].fault:
            yield crossref.image_name(path), manuscript.images[path]
