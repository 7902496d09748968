"""Editions and what other wings contribute -> all files of a release kit, with their facts."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from importlib import metadata as installed
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import __version__, build, commit, outline, pandoc, pictures, report
from bookpress.contribution import Contribution, Kind
from bookpress.errors import BookpressError
from bookpress.findings import Severity
from bookpress.manuscript import silent
from bookpress.release import (
    archives,
    changes,
    manifest,
    metadata,
    names,
    notes,
    onix,
    printings,
    repository,
    version,
)
from bookpress.release.manifest import Absent, File, Manifest
from bookpress.release.names import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bookpress.build import Result
    from bookpress.findings import Finding
    from bookpress.manuscript import Tell
    from bookpress.model import Book
    from bookpress.pagination import PageMap
    from bookpress.release.version import Version

Contribute = Callable[[Path, "Result"], Iterable[Contribution]]
"""Asks the other wings what they give to the release of a book that was built."""

_TOOLS = ("ebooklib", "fonttools", "jinja2", "pikepdf", "pillow", "pygments", "pypdfium2",
          "weasyprint")  # fmt: skip
_LOCK = "uv.lock"
_ASKED = {
    Kind.COVER: "no wing makes covers for printers",
    Kind.CERTIFICATE: "no wing knows what printers ask",
    Kind.REPORT: "no wing had the editions judged",
}


@dataclass(frozen=True, slots=True)
class Kit:
    """A release kit: its files by name, none when errors were found in the book.

    absent:  what it does not hold, or what was found wrong.
    lacking: what of that a final release cannot be without.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    absent: tuple[Absent, ...] = ()
    lacking: tuple[Absent, ...] = ()


@dataclass(slots=True)
class _Shelf:
    """Where the files of a kit are gathered."""

    stem: str
    numbers: Mapping[str, str]
    data: dict[str, bytes] = field(default_factory=dict)
    entries: list[File] = field(default_factory=list)

    def put(self, role: Role, data: bytes, printer: str = "") -> File:
        """Name a file, keep it and describe it."""
        name = names.name(role, self.stem, self.numbers, printer)
        isbn = names.isbn(role, self.numbers)
        digest = hashlib.sha256(data).hexdigest()
        entry = File(name, role, names.media_type(name), len(data), digest, isbn)
        self.data[name] = data
        self.entries.append(entry)
        return entry

    def describe(self, entry: File, **facts: object) -> None:
        """Add what is known of a file beyond its bytes."""
        place = self.entries.index(entry)
        self.entries[place] = replace(entry, **facts)  # type: ignore[arg-type]  # fields of File


@dataclass(frozen=True, slots=True)
class _Release:
    """All that a kit is made of: editions, contributions, and the commit they come from."""

    root: Path
    result: Result
    pages: PageMap
    given: tuple[Contribution, ...]
    number: Version
    revision: str
    moment: dt.datetime

    @property
    def book(self) -> Book:
        """The outline."""
        return self.result.manuscript.book

    def edition(self, ending: str) -> bytes:
        """A file that was built."""
        return self.result.artifacts[f"{self.book.slug}{ending}"]


def make(root: Path, contribute: Contribute, *, progress: Tell = silent, workers: int = 0) -> Kit:
    """Build every edition and make the kit of them.

    Raises  BookpressError when the folder is no clean commit or book.yml has no version.
    """
    number = version.parse(outline.load(root).metadata.version)
    revision, moment = _clean_commit(root), commit.last_changed(root)
    result = build.build(
        root,
        list(build.Edition),
        modified=moment,
        progress=progress,
        workers=workers,
        strict=True,
    )
    if report.worst(result.findings) is Severity.ERROR or result.pages is None:
        return Kit({}, result.findings)
    given = tuple(contribute(root, result))
    return _assemble(_Release(root, result, result.pages, given, number, revision, moment))


def _clean_commit(root: Path) -> str:
    revision = repository.commit(root)
    if edited := repository.changed(root):
        shown = ", ".join(edited[:3]) + (", ..." if len(edited) > 3 else "")  # noqa: PLR2004
        hint = "commit them first (git status lists them): a kit is made of a commit"
        raise BookpressError(f"{len(edited)} files are not as committed: {shown}", hint=hint)
    return revision


def _assemble(release: _Release) -> Kit:
    shelf = _Shelf(f"{release.book.slug}-{release.number}", release.book.metadata.isbn)
    tags = version.known(repository.tags(release.root))
    previous = changes.previous(release.number, tags)
    _put_editions(shelf, release)
    _put_contributions(shelf, release)
    _put_metadata(shelf, release)
    shelf.put(Role.SOURCE, repository.archive(release.root, shelf.stem))
    shelf.put(Role.PAGES, release.edition("-pages.json"))
    shelf.put(Role.CHANGES, _changes(release, previous).encode())
    absent = tuple(_absences(release.given))
    described = _manifest(release, shelf, previous, absent)
    shelf.put(Role.NOTES, notes.write(described).encode())
    ordered = tuple(sorted(shelf.entries, key=lambda file: file.name))
    files = {**shelf.data, names.MANIFEST: manifest.to_json(replace(described, files=ordered))}
    files[names.SUMS] = sums(files)
    return Kit(files, release.result.findings, absent, tuple(_missed(release.given)))


def _manifest(
    release: _Release, shelf: _Shelf, previous: Version | None, absent: tuple[Absent, ...]
) -> Manifest:
    meta = release.book.metadata
    return Manifest(
        title=meta.title,
        release_title=_release_title(release),
        slug=release.book.slug,
        version=str(release.number),
        edition=meta.edition,
        printing=meta.printing,
        commit=release.revision,
        committed=f"{release.moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        previous=str(previous or ""),
        isbn=dict(meta.isbn),
        trim_mm=metadata.leaf_mm(release.book),
        pages=release.pages.total,
        files=tuple(shelf.entries),
        absent=absent,
        tools=dict(_tools()),
        lock_sha256=_lock(release.root),
    )


def sums(files: Mapping[str, bytes]) -> bytes:
    """Write SHA256SUMS, as `sha256sum --check` reads it."""
    lines = (f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files))
    return "".join(lines).encode()


def _put_editions(shelf: _Shelf, release: _Release) -> None:
    leaf, total = metadata.leaf_mm(release.book), release.pages.total
    certified = (g for g in release.given if g.kind is Kind.CERTIFICATE and _right(g))
    interior = shelf.put(Role.INTERIOR, release.edition("-print.pdf"))
    takers = tuple(sorted(certificate.name for certificate in certified))
    shelf.describe(interior, pages=total, trim_mm=leaf, printers=takers)
    screen = shelf.put(Role.SCREEN, release.edition("-screen.pdf"))
    shelf.describe(screen, pages=total, trim_mm=leaf)
    epub = release.edition(".epub")
    shelf.put(Role.EPUB, epub)
    shelf.put(Role.FRONT_COVER, pictures.jpeg(metadata.front_cover(epub)))
    made = release.result.artifacts
    site = {name.removeprefix("web/"): d for name, d in made.items() if name.startswith("web/")}
    shelf.put(Role.WEB, archives.pack(site))


def _put_contributions(shelf: _Shelf, release: _Release) -> None:
    base = PurePosixPath()
    found = report.write(release.result.findings, report.Style.JSON, base=base, version=__version__)
    reports = {"findings.json": found.encode()}
    for item in release.given:
        if item.data is None or (item.kind is Kind.COVER and not item.good):
            continue
        if item.kind is Kind.COVER:
            cover = shelf.put(Role.COVER, item.data, item.name)
            facts = {name: round(length, 4) for name, length in item.facts.items()}
            leaf = metadata.leaf_mm(release.book)
            shelf.describe(cover, pages=1, trim_mm=leaf, printers=(item.name,), **facts)
        elif item.kind is Kind.COMPANION:
            shelf.put(Role.COMPANION, item.data)
        else:
            name = f"preflight-{item.name}.txt" if item.kind is Kind.CERTIFICATE else item.name
            reports[name] = item.data
    shelf.put(Role.REPORTS, archives.pack(reports))


def _put_metadata(shelf: _Shelf, release: _Release) -> None:
    covers = (g for g in release.given if g.kind is Kind.COVER and _right(g))
    spine = next((cover.facts["spine_mm"] for cover in covers), 0.0)
    book, pages = release.book, release.pages
    products = metadata.products(book, pages, spine, release.edition(".epub"))
    for role, standard in zip((Role.ONIX_30, Role.ONIX_31), onix.RELEASES, strict=True):
        shelf.put(role, metadata.message(standard, book, products, release.moment))
    shelf.put(Role.METADATA, metadata.sheet(book, pages, spine))


def _absences(given: tuple[Contribution, ...]) -> Iterator[Absent]:
    """What is not there, and what was found wrong by those who were asked."""
    yield from (_absent(item) for item in given if not _right(item))
    there = {item.kind for item in given}
    yield from (Absent(str(kind), why) for kind, why in _ASKED.items() if kind not in there)


def _missed(given: tuple[Contribution, ...]) -> Iterator[Absent]:
    """What a final release cannot be without; one printer who takes it all will do."""
    by_printer = {Kind.CERTIFICATE, Kind.COVER}
    ready = [{g.name for g in given if g.kind is kind and _right(g)} for kind in by_printer]
    served = bool(set.intersection(*ready))
    dispensable = {absent for absent in map(_absent, given) if served}
    for absent in _absences(given):
        kind = absent.role.partition(" ")[0]
        if not (kind in by_printer and absent in dispensable):
            yield absent


def _right(item: Contribution) -> bool:
    return item.data is not None and item.good


def _absent(item: Contribution) -> Absent:
    return Absent(f"{item.kind} {item.name}".strip(), item.why)


def _changes(release: _Release, previous: Version | None) -> str:
    log = release.root / changes.LOG
    own = changes.section(log.read_text("utf-8"), str(release.number)) if log.is_file() else ""
    compared = None
    if previous:
        then = printings.of_version(printings.load(release.root), str(previous))
        manuscript = release.result.manuscript
        compared = changes.compare(release.root, manuscript, previous, then, release.pages)
    return changes.write(release.book.metadata.title, str(release.number), own, compared)


def _release_title(release: _Release) -> str:
    meta, number = release.book.metadata, release.number
    title = f"{meta.short_title}, edition {meta.edition}, printing {meta.printing} ({number})"
    kind = {version.Stage.RC: ", proof", version.Stage.DRAFT: ", draft"}.get(number.stage, "")
    return title + kind


def _tools() -> Iterator[tuple[str, str]]:
    yield "bookpress", __version__
    yield "pandoc", pandoc.version()
    yield from ((name, installed.version(name)) for name in _TOOLS)


def _lock(root: Path) -> str:
    lock = root / _LOCK
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
