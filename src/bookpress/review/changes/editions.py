"""A book and a commit -> the editions of what has changed since, in the order they are made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bookpress import manuscript
from bookpress.errors import BookpressError
from bookpress.formats.excerpt import excerpt
from bookpress.formats.sheets import Variant
from bookpress.model import Format
from bookpress.press import Press
from bookpress.review import history
from bookpress.review.changes import earlier, marking, online, paged, pages, pairs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bookpress.manuscript import Tell
    from bookpress.pagination import PageMap, Proof
    from bookpress.review.changes.blocks import Marked
    from bookpress.review.changes.earlier import Revision
    from bookpress.review.changes.pairs import Pair


CLIPPINGS = "changed-pages.pdf"


class Form(StrEnum):
    """What is made: one HTML file; the book in PDF; the pages that have changed, and their list."""

    HTML = "html"
    PDF = "pdf"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Summary:
    """What has become of one chapter."""

    title: str
    notes: tuple[str, ...]
    changes: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Made:
    """The editions by file name, and what has changed in each chapter, in reading order.

    absent: the name of an edition that there is nothing to make of; an older one is wrong.
    """

    artifacts: Mapping[str, bytes]
    absent: tuple[str, ...]
    chapters: tuple[Summary, ...]
    facts: tuple[tuple[str, str, str], ...]


def make(  # noqa: PLR0913  (one argument for each option)
    root: Path,
    since: str,
    forms: Sequence[Form],
    *,
    modified: dt.datetime,
    chapter: str = "",
    progress: Tell = manuscript.silent,
) -> Made:
    """Compare the book in a folder, as it lies there, with a commit of its history.

    since:    anything that git knows a commit by.
    modified: the date that goes into the editions: the last commit's, never the clock's.
    chapter:  the slug of the only chapter to be shown; "" shows the book.
    Raises    BookpressError when there is no such commit, book or chapter.
    """
    revision = earlier.find(root, since)
    new = _press(root, manuscript.load(root, progress=progress), modified, progress)
    with history.checked_out(root, revision.commit) as place:
        old = _press(place, _load(place, revision), modified, manuscript.silent)
        desk = _Desk(revision, old, new, pairs.pair(old.manuscript, new.manuscript), chapter)
        return desk.make(forms)


def _press(root: Path, read: manuscript.Manuscript, modified: dt.datetime, tell: Tell) -> Press:
    return Press(root, read, modified, tell, os.cpu_count() or 1)


def _load(place: Path, revision: Revision) -> manuscript.Manuscript:
    try:
        return manuscript.load(place)
    except BookpressError as error:
        problem = f"the book as it was in {revision.title} cannot be read: {error.problem}"
        hint = "compare with a later commit, whose book.yml this press understands"
        raise BookpressError(problem, where=error.where, hint=hint) from error


class _Desk:
    """The two manuscripts side by side, and what is made of them."""

    def __init__(
        self, revision: Revision, old: Press, new: Press, paired: tuple[Pair, ...], chapter: str
    ) -> None:
        self.revision, self.old, self.new, self.paired = revision, old, new, paired
        self.chosen = tuple(p for p in paired if chapter in {"", p.chapter.slug})
        if not self.chosen:
            known = ", ".join(pair.chapter.slug for pair in paired)
            raise BookpressError(f"there is no chapter {chapter}", hint=f"chapters are {known}")
        self.facts = pairs.outline(old.manuscript.book, new.manuscript.book)
        self.pictures = marking.was_pictures(old)

    def make(self, forms: Sequence[Form]) -> Made:
        """Make what is asked for; the list of chapters comes from the web edition's text."""
        marks = marking.mark(self.paired, self.old, self.new, Format.WEB)
        name = self.new.manuscript.book.slug
        artifacts: dict[str, bytes] = {}
        if Form.HTML in forms:
            pictures = self.new.pictures() | self.pictures
            artifacts[f"{name}-changes.html"] = online.make(
                self.new, self.chosen, marks, pictures, self.revision, self.facts
            )
        if Form.PDF in forms or Form.PAGES in forms:
            printed = marking.mark(self.paired, self.old, self.new, Format.PRINT)
            if Form.PDF in forms:
                artifacts[f"{name}-changes.pdf"] = self._struck(printed)
            if Form.PAGES in forms:
                artifacts |= self._pages(printed, name)
        clippings = f"{name}-{CLIPPINGS}"
        absent = (clippings,) if Form.PAGES in forms and clippings not in artifacts else ()
        chapters = tuple(_summary(p, marks) for p in self.chosen)
        return Made(artifacts, absent, chapters, self.facts)

    @property
    def title(self) -> str:
        """What the editions are called after the book's own title."""
        return f"Changes since {self.revision.title}"

    def _struck(self, marks: Mapping[str, Marked]) -> bytes:
        proof = paged.struck(self.new, self.paired, marks, self.pictures, self.title)
        if len(self.chosen) == len(self.paired):
            return proof.pdf
        return self._excerpt(proof, self._own(proof.pages))

    def _pages(self, marks: Mapping[str, Marked], name: str) -> dict[str, bytes]:
        today = {pair.now.slug: marks[pair.now.slug] for pair in self.paired if pair.now}
        fragments = {slug: paged.with_names(marked) for slug, marked in today.items()}
        proof = paged.barred(self.new, fragments, today)
        before, unknown = self._before()
        found = pages.look(proof.pages, before, fragments, today)
        own = set(self._own(proof.pages))
        found = tuple(page for page in found if page.number in own)
        listed = pages.write(found, proof.pages.total, self.revision.title, unknown)
        made = {f"{name}-changed-pages.md": listed.encode()}
        if numbers := [page.number for page in found if page.changed]:
            made[f"{name}-{CLIPPINGS}"] = self._excerpt(proof, numbers)
        return made

    def _own(self, found: PageMap) -> list[int]:
        """The pages of the chapters that are shown."""
        slugs = {pair.chapter.slug for pair in self.chosen}
        whole = len(self.chosen) == len(self.paired)
        extents = [e for e in found.extents if whole or e.slug in slugs]
        return [page for e in extents for page in range(e.first, e.first + e.pages)]

    def _excerpt(self, proof: Proof, numbers: Sequence[int]) -> bytes:
        folios = [proof.pages.folio(number) for number in numbers]
        title = f"{self.new.manuscript.book.metadata.title}. {self.title}"
        return excerpt(proof.pdf, numbers, folios, title)

    def _before(self) -> tuple[PageMap | None, str]:
        """The page map of the commit: as it is kept, else as this press sets it."""
        if found := pages.kept(self.new.root, self.revision.commit):
            return found, ""
        try:
            return self.old.typeset([Variant.SCREEN])[Variant.SCREEN].pages, ""
        except BookpressError as error:
            return None, str(error.problem)


def _summary(pair: Pair, marks: Mapping[str, Marked]) -> Summary:
    changes = marks[pair.chapter.slug].changes
    title = f"{pair.chapter.number} {pair.chapter.title}".strip()
    added = sum(change.added for change in changes)
    return Summary(title, pair.notes, len(changes), added, sum(c.removed for c in changes))
