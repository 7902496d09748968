"""book.yml and manuscript/*.md -> Manuscript: the outline and all written chapters, read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress import crossref, outline, pandoc, pictures, survey, wording
from bookpress.cache import Store, digest
from bookpress.crossref import Targets
from bookpress.outline import yamltree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bookpress.findings import Position
    from bookpress.model import Book
    from bookpress.survey import ChapterFacts, Survey

CACHE = "build/.cache"

Tell = Callable[[str, int, int], None]
"""What is told of progress: the stage, the steps done and the steps in all."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


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


def load(root: Path, *, progress: Tell = silent) -> Manuscript:
    """Read book.yml and every written chapter, and survey them."""
    book = outline.load(root)
    sources = {chapter.path: _text(root / chapter.path) for chapter in book.written()}
    progress("read", 0, len(sources))

    def read(unknown: tuple[PurePosixPath, ...]) -> dict[PurePosixPath, bytes]:
        return pandoc.read({path: sources[path] for path in unknown})

    store = Store(root / CACHE)
    inputs = {path: (tools(), text.encode()) for path, text in sources.items()}
    trees = store.recall_all("read", inputs, read)
    facts = {
        path: survey.facts(pandoc.decode(path, data), sources[path]) for path, data in trees.items()
    }
    images = _images(root, facts.values())
    known = {path: pictures.examine(path.suffix, data) for path, data in images.items()}
    prose = _prose(store, inputs, sources)
    surveyed = survey.Survey(facts, known, prose, _vocabulary(root))
    progress("read", len(sources), len(sources))
    return Manuscript(book, sources, trees, images, surveyed, Targets(book, surveyed))


def _text(path: Path) -> str:
    """A chapter's Markdown; the outline has seen to it that it is there, in UTF-8."""
    return path.read_text("utf-8")


def _prose(
    store: Store,
    inputs: Mapping[PurePosixPath, Sequence[bytes]],
    sources: Mapping[PurePosixPath, str],
) -> dict[PurePosixPath, wording.Words]:
    """The words of every chapter; to find them takes longer than all else that is surveyed."""

    def find(unknown: tuple[PurePosixPath, ...]) -> dict[PurePosixPath, bytes]:
        return {path: json.dumps(wording.words(sources[path])).encode() for path in unknown}

    found = store.recall_all("words", inputs, find)
    return {path: json.loads(data) for path, data in found.items()}


def _vocabulary(root: Path) -> Mapping[str, Position]:
    """The book's own list of words, if it has one.

    Raises  BookpressError when it is not text.
    """
    path, file = PurePosixPath(wording.LIST), root / wording.LIST
    if not file.is_file():
        return {}
    return wording.listed(path, yamltree.decode(path, file.read_bytes()))


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
def tools() -> bytes:
    """A name for the press itself: what another version of it made is not used again."""
    folder = Path(__file__).parent
    own = [path for suffix in ("*.py", "*.lua") for path in sorted(folder.rglob(suffix))]
    return digest(pandoc.version().encode(), *(path.read_bytes() for path in own)).encode()
