"""The pipeline, written out once, in reading order. The only user of the cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import allowances, components, crossref, outline, pandoc, pictures, survey
from bookpress.cache import Store, digest
from bookpress.checks import ESTIMATES, MANUSCRIPT, PROOF
from bookpress.crossref import Targets
from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.formats import bind as binder
from bookpress.formats import print as print_format
from bookpress.formats import typeset as typesetter
from bookpress.formats.print import Copy
from bookpress.formats.sheets import Style, Variant
from bookpress.markup import Setting
from bookpress.model import Format
from bookpress.resources import styles_folder
from bookpress.templates import Templates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bookpress.checks import ManuscriptCheck
    from bookpress.model import Book, Chapter
    from bookpress.pagination import PageMap, Proof
    from bookpress.survey import ChapterFacts, Survey

CACHE = "build/.cache"
Progress = Callable[[str, int, int], None]


class Edition(StrEnum):
    """What the press makes. The screen edition has the pages of the print edition."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"
    WEB = "web"


PAGED = (Edition.PRINT, Edition.SCREEN)
_STYLES = {
    Variant.PRINT: ("print.css",),
    Variant.SCREEN: ("print.css", "screen.css"),
}
_DESIGN = (".css", ".js", ".ttf", ".txt", ".icc")  # and the licences of the fonts
_MANUSCRIPT_CODES = frozenset("SL")
_PROOF_CODES = frozenset("BT")
_PACKAGE_CODES = frozenset("E")


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The outline and all written chapters, read.

    trees:  what pandoc made of each chapter, in bytes, so that the cache can tell it.
    images: the image files that chapters name, by path; those that exist.
    """

    book: Book
    sources: Mapping[PurePosixPath, str]
    trees: Mapping[PurePosixPath, bytes]
    images: Mapping[PurePosixPath, bytes]
    survey: Survey
    targets: Targets


@dataclass(frozen=True, slots=True)
class Result:
    """What a build made: files by name, what is wrong, and where everything landed.

    pages is None when no paged edition was asked for.
    """

    manuscript: Manuscript
    artifacts: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    pages: PageMap | None


def silent(_stage: str, _done: int, _total: int) -> None:
    """Report progress to nobody."""


def check(root: Path) -> tuple[Finding, ...]:
    """Say what is wrong with the manuscript, without typesetting it."""
    manuscript = load(root)
    findings = _found(manuscript, *MANUSCRIPT, *ESTIMATES)
    return allowances.settle(manuscript.book, findings, _MANUSCRIPT_CODES)


def build(
    root: Path,
    editions: Sequence[Edition],
    *,
    modified: dt.datetime,
    progress: Progress = silent,
    workers: int = 0,
) -> Result:
    """Make editions and prove them.

    modified: the date that goes into the editions: the commit's, never the clock's.
    workers:  processes that typeset; 0 for as many as there are processors.
    Raises    OutlineError when book.yml cannot be understood, ToolError when a tool fails.
    """
    manuscript = load(root, progress=progress)
    press = Press(root, manuscript, modified, progress, workers or os.cpu_count() or 1)
    findings = list(_found(manuscript, *MANUSCRIPT))
    artifacts: dict[str, bytes] = {}
    name = manuscript.book.slug

    variants = [Variant(edition) for edition in editions if edition in PAGED]
    proofs = press.typeset(variants) if variants else {}
    pages = next((proof.pages for proof in proofs.values()), None)
    for variant, proof in proofs.items():
        artifacts[f"{name}-{variant}.pdf"] = proof.pdf
        findings += [finding for look in PROOF for finding in look(manuscript.book, proof)]
    if pages:
        artifacts[f"{name}-pages.json"] = pages.to_json()
    if Edition.EPUB in editions:
        artifacts[f"{name}.epub"] = press.package(pages)
    if Edition.WEB in editions:
        artifacts |= {f"web/{file}": data for file, data in press.publish().items()}

    press.store.sweep()
    codes = _MANUSCRIPT_CODES | (_PROOF_CODES if proofs else frozenset())
    codes |= _PACKAGE_CODES if Edition.EPUB in editions else frozenset()
    settled = allowances.settle(manuscript.book, [*findings, *press.findings], codes)
    return Result(manuscript, artifacts, settled, pages)


def load(root: Path, *, progress: Progress = silent) -> Manuscript:
    """Read book.yml and every written chapter, and survey them."""
    book = outline.load(root)
    sources = {chapter.path: _text(root / chapter.path) for chapter in book.written()}
    progress("read", 0, len(sources))
    trees = Store(root / CACHE).recall_all(
        "read",
        {path: (_tools(), text.encode()) for path, text in sources.items()},
        lambda unknown: pandoc.read({path: sources[path] for path in unknown}),
    )
    facts = {
        path: survey.facts(pandoc.decode(path, data), sources[path]) for path, data in trees.items()
    }
    images = _images(root, facts.values())
    known = {path: pictures.examine(path.suffix, data) for path, data in images.items()}
    surveyed = survey.Survey(facts, known)
    progress("read", len(sources), len(sources))
    return Manuscript(book, sources, trees, images, surveyed, Targets(book, surveyed))


@dataclass
class Press:
    """A manuscript on its way to the editions, and the folder whose cache it may use."""

    root: Path
    manuscript: Manuscript
    modified: dt.datetime
    progress: Progress
    workers: int
    store: Store = field(init=False)
    findings: list[Finding] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.root / CACHE)
        self.styles = styles_folder(self.root)
        self.templates = Templates(self.styles)

    def fragments(self, target: Format) -> dict[str, str]:
        """Write every chapter for one format; returns HTML by the chapter's slug.

        A chapter is written anew when its own text changed, or a number or address it cites.
        """
        manuscript = self.manuscript
        settings = {c: _setting(manuscript, c, target) for c in manuscript.book.written()}

        def make(unknown: tuple[Chapter, ...]) -> dict[Chapter, bytes]:
            trees = [pandoc.decode(c.path, manuscript.trees[c.path]) for c in unknown]
            written = pandoc.write(
                [components.fragment(t, settings[c]) for c, t in zip(unknown, trees, strict=True)]
            )
            return {c: made.to_bytes() for c, made in zip(unknown, written, strict=True)}

        self.progress(f"write {target}", 0, len(settings))
        inputs = {
            chapter: (_tools(), manuscript.trees[chapter.path], repr(setting).encode())
            for chapter, setting in settings.items()
        }
        made = self.store.recall_all(f"fragment-{target}", inputs, make)
        written = {chapter: pandoc.Written.from_bytes(data) for chapter, data in made.items()}
        for chapter, fragment in written.items():
            facts = manuscript.survey.chapters[chapter.path]
            self.findings += (_complaint(facts, *said) for said in fragment.complaints)
        self.progress(f"write {target}", len(settings), len(settings))
        return {chapter.slug: fragment.html for chapter, fragment in written.items()}

    def typeset(self, variants: Sequence[Variant]) -> dict[Variant, Proof]:
        """Set the sheets in pages and bind them; returns a proof of every variant."""
        sheets = print_format.sheets(self.copy, self.templates)
        styles = {variant: self._style(*_STYLES[variant]) for variant in variants}
        done = count(1)
        self.progress("typeset", 0, len(sheets))
        made = typesetter.typeset(
            sheets,
            styles,
            self.store,
            workers=self.workers,
            progress=lambda _slug: self.progress("typeset", next(done), len(sheets)),
        )
        proofs = {}
        for number, (variant, pages) in enumerate(made.items(), 1):
            meta = self.manuscript.book.metadata
            proofs[variant] = binder.bind(pages, meta, self.modified, self.store)
            self.progress("bind", number, len(made))
        return proofs

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
            self._all_pictures() | {cover.NAME: self.cover()},
            self.templates,
            self._styles(),
            pages,
            self.modified,
        )
        self.findings += package.look(book, fragments, made)
        self.progress("package", 1, 1)
        return made

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

    def publish(self) -> dict[str, bytes]:
        """Make the web edition: its files by name."""
        from bookpress.checks import site  # noqa: PLC0415
        from bookpress.formats import web  # noqa: PLC0415

        book, surveyed = self.manuscript.book, self.manuscript.survey
        made = web.make(
            book,
            surveyed,
            self.fragments(Format.WEB),
            self._all_pictures(),
            self.templates,
            self._styles(),
        )
        self.findings += site.look(book, made)
        return made

    def _style(self, *sheets: str) -> Style:
        """The style sheets of a paged edition, joined, and the fonts that they name."""
        names = ["fonts.css", "tokens.css", *sheets]
        files = self._styles()
        for name in names:
            if name not in files:
                hint = "a styles folder of your own needs all that the press's own has"
                raise BookpressError(f"there is no {name} in {self.styles.name}/", hint=hint)
        css = "\n".join(files[name].decode() for name in names)
        named = {name: data for name, data in files.items() if f'"{name}"' in css}
        where = Position(PurePosixPath("styles", names[-1]))
        return Style(css, named, where)

    def _all_pictures(self) -> dict[str, bytes]:
        return {
            name: data
            for chapter in self.manuscript.book.written()
            for name, data in _pictures(self.manuscript, chapter)
        }

    def _styles(self) -> dict[str, bytes]:
        """The design, without its templates: style sheets, scripts and fonts by name."""
        return {
            path.relative_to(self.styles).as_posix(): path.read_bytes()
            for path in sorted(self.styles.rglob("*"))
            if path.is_file() and path.suffix in _DESIGN
        }


def _found(manuscript: Manuscript, *checks: ManuscriptCheck) -> Iterator[Finding]:
    for look in checks:
        yield from look(manuscript.book, manuscript.survey)


def _complaint(facts: ChapterFacts, said: str, piece: str) -> Finding:
    """What pandoc said of a piece of a chapter, at the place of that piece."""
    places = [where for text, where in facts.formulas if text == piece]
    return Finding(places[0] if places else Position(facts.path), "T006", f"{said}: {piece}")


def _setting(manuscript: Manuscript, chapter: Chapter, target: Format) -> Setting:
    facts = manuscript.survey.chapters[chapter.path]
    own = ((name, manuscript.targets.own(chapter.path, name)) for name, _ in facts.anchors)
    return Setting(
        slug=chapter.slug,
        format=target,
        links=crossref.links(manuscript.targets, facts),
        numbers={name: found for name, found in own if found},
        variables=manuscript.book.variables,
    )


def _pictures(manuscript: Manuscript, chapter: Chapter) -> Iterator[tuple[str, bytes]]:
    """The image files of one chapter, by their name in the editions."""
    for image in manuscript.survey.chapters[chapter.path].images:
        path = crossref.resolve(chapter.path, image.source)
        if path in manuscript.images and not manuscript.survey.pictures[path].fault:
            yield crossref.image_name(path), manuscript.images[path]


def _text(path: Path) -> str:
    """A chapter's Markdown; the outline has seen to it that it is there, in UTF-8."""
    return path.read_text("utf-8")


def _images(root: Path, chapters: Iterable[ChapterFacts]) -> dict[PurePosixPath, bytes]:
    """Read the image files that chapters name, those inside the book's folder that exist."""
    images = {}
    for chapter in chapters:
        for image in chapter.images:
            path = crossref.resolve(chapter.path, image.source)
            file = root / path
            inside = not crossref.is_external(image.source) and file.resolve().is_relative_to(root)
            if inside and file.is_file():
                images[path] = file.read_bytes()
    return dict(sorted(images.items()))


@cache
def _tools() -> bytes:
    """A name for the press itself: what another version of it made is not used again."""
    folder = Path(__file__).parent
    own = [path for suffix in ("*.py", "*.lua") for path in sorted(folder.rglob(suffix))]
    return digest(pandoc.version().encode(), *(path.read_bytes() for path in own)).encode()
