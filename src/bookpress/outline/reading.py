"""book.yml -> Book, with the position of every entry; or every mistake in it, each with a hint."""

from __future__ import annotations

import uuid
from math import ceil, floor
from pathlib import PurePosixPath
from string import ascii_uppercase
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError, OutlineError
from bookpress.findings import Allowance, Position
from bookpress.model import (
    Book,
    Chapter,
    Contributor,
    Executables,
    Leaf,
    Matter,
    Metadata,
    PageBudget,
    Part,
    Role,
    Trim,
)
from bookpress.outline import fields, files, schema, vocabulary, yamltree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bookpress.outline.schema import ChapterEntry, Outline, PartEntry, SectionEntry
    from bookpress.outline.yamltree import Location, Source

NAME = PurePosixPath("book.yml")
USUAL_FRONT = (Role.HALFTITLE, Role.TITLE, Role.IMPRINT, Role.CONTENTS)
USUAL_TOLERANCE = 10


def load(root: Path) -> Book:
    """Read the outline of the book in a folder.

    root:    the folder that holds book.yml and, below it, the files.
    Raises   OutlineError with all the mistakes there are, in the order of their lines: about the
             YAML, about keys and values, and about the files that the entries name.
    """
    source = yamltree.parse(NAME, _bytes(root))
    outline = schema.read(source.data)
    mistakes = [*source.mistakes, *files.mistakes(root, source), *_contradictions(source)]
    if not isinstance(outline, schema.Outline):
        complaints = outline
        mistakes += [
            BookpressError(c.problem, where=source.place(c.location, key=c.at_key), hint=c.hint)
            for c in complaints
        ]
    if mistakes or not isinstance(outline, schema.Outline):
        raise OutlineError(tuple(sorted(mistakes, key=_order)))
    return _book(outline, source)


def _bytes(root: Path) -> bytes:
    try:
        return (root / NAME).read_bytes()
    except FileNotFoundError:
        problem, hint = f"there is no {NAME}", "`bookpress new FOLDER` makes a small book"
    except OSError as error:
        problem, hint = f"{NAME} cannot be read: {error.strerror}", "it is a file that you may read"
    mistake = BookpressError(problem, where=Position(NAME), hint=hint)
    raise OutlineError((mistake,))


def _order(mistake: BookpressError) -> tuple[Position, str]:
    return mistake.where or Position(NAME), mistake.problem


def _contradictions(source: Source) -> Iterator[BookpressError]:
    """Say what no single value is to blame for."""
    data = source.data
    if not isinstance(data, dict):
        return
    if not data.get("authors") and not data.get("contributors"):
        hint = "add `authors:` with a list of names"
        yield BookpressError("the book has no author", where=source.place(()), hint=hint)
    title = data.get("title")
    if isinstance(title, str) and title.strip() and not (data.get("slug") or _slug(title)):
        problem = f'the title "{yamltree.shorten(title)}" makes no file name'
        hint = "add `slug:` with a few lower-case letters"
        yield BookpressError(problem, where=source.place(("title",)), hint=hint)
    yield from _doubled_leaves(source)


def _doubled_leaves(source: Source) -> Iterator[BookpressError]:
    lines: dict[str, int] = {}
    for location, entry in files.entries(source.data):
        role, where = entry.get("role"), source.place((*location, "role"))
        if isinstance(role, str) and role in vocabulary.LEAVES:
            if role in lines:
                problem = f"`{role}` stands twice; the first is on line {lines[role]}"
                yield BookpressError(problem, where=where, hint="delete one")
            lines.setdefault(role, where.line)


def _slug(title: str) -> str:
    """Name the book in file names by its title, up to the colon."""
    return fields.slugify(title.partition(":")[0])


def _book(outline: Outline, source: Source) -> Book:
    slug = outline.slug or _slug(outline.title)
    trim = outline.trim
    listings = outline.listings
    return Book(
        slug=slug,
        metadata=_metadata(outline, slug),
        trim=Trim(trim.width, trim.height, trim.bleed),
        front=_front(outline, source),
        parts=_parts(outline, source),
        back=_sections(outline.back, "back", Matter.BACK, source),
        allowances=tuple(
            Allowance(a.code, PurePosixPath(a.path), a.reason, source.place(("allow", i)))
            for i, a in enumerate(outline.allow)
        ),
        where=Position(NAME),
        variables=outline.variables,
        executables=Executables(
            directory=listings.directory,
            date=listings.date,
            tools=tuple(listings.tools),
            interpreters=tuple(listings.interpreters),
            author=listings.author or "",
            email=listings.email or "",
            environment=listings.environment,
        ),
    )


def _metadata(outline: Outline, slug: str) -> Metadata:
    people = [(author.name, "aut", author.file_as) for author in outline.authors]
    people += [(helper.name, helper.role, helper.file_as) for helper in outline.contributors]
    subjects = {"bisac": tuple(outline.subjects.bisac), "thema": tuple(outline.subjects.thema)}
    numbers = outline.isbn.model_dump()
    urn = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:bookpress:{slug}").urn
    return Metadata(
        title=outline.title,
        subtitle=outline.subtitle or "",
        contributors=tuple(Contributor(name, role, sort or name) for name, role, sort in people),
        language=outline.language,
        publisher=outline.publisher or "",
        rights=outline.rights or "",
        edition=outline.edition,
        printing=outline.printing,
        version=outline.version or "",
        date=outline.date or "",
        description=outline.description or "",
        keywords=tuple(outline.keywords),
        subjects={scheme: codes for scheme, codes in subjects.items() if codes},
        isbn={form: number for form, number in numbers.items() if number},
        identifier=outline.identifier or urn,
        url=outline.url or "",
        repository=outline.repository or "",
    )


def _front(outline: Outline, source: Source) -> tuple[Chapter | Leaf, ...]:
    if "front" in outline.model_fields_set:
        return _sections(outline.front, "front", Matter.FRONT, source)
    return tuple(Leaf(role, Matter.FRONT, Position(NAME)) for role in USUAL_FRONT)


def _sections(
    entries: Sequence[SectionEntry], key: str, matter: Matter, source: Source
) -> tuple[Chapter | Leaf, ...]:
    sections: list[Chapter | Leaf] = []
    for i, entry in enumerate(entries):
        where = source.place((key, i))
        if entry.file is None or entry.title is None:
            sections.append(Leaf(entry.role, matter, where))
        else:
            path = PurePosixPath(entry.file)
            chapter = Chapter(path, entry.title, entry.role, matter, "", entry.status, where)
            sections.append(chapter)
    return tuple(sections)


def _parts(outline: Outline, source: Source) -> tuple[Part, ...]:
    parts: list[Part] = []
    count = 0
    for i, entry in enumerate(outline.parts):
        numbers = [str(count + n) for n in range(1, len(entry.chapters) + 1)]
        count += len(numbers)
        parts.append(_part(i + 1, entry, ("parts", i), numbers, source))
    if outline.appendices:
        letters = list(ascii_uppercase)
        parts.append(_part(0, outline.appendices, ("appendices",), letters, source))
    return tuple(parts)


def _part(
    number: int, entry: PartEntry, location: Location, numbers: list[str], source: Source
) -> Part:
    matter, role = (Matter.BODY, Role.CHAPTER) if number else (Matter.BACK, Role.APPENDIX)
    chapters = tuple(
        Chapter(
            path=PurePosixPath(chapter.file),
            title=chapter.title,
            role=role,
            matter=matter,
            number=numbers[i],
            status=chapter.status,
            where=source.place((*location, "chapters", i)),
            budget=_budget(chapter),
        )
        for i, chapter in enumerate(entry.chapters)
    )
    where = source.place(location)
    return Part(number, entry.title, entry.summary or "", chapters, _budget(entry), where)


def _budget(entry: PartEntry | ChapterEntry) -> PageBudget | None:
    """Turn 30 pages and 10 % into 27 to 33, rounding inwards."""
    if entry.pages is None:
        return None
    tolerance = USUAL_TOLERANCE if entry.tolerance is None else entry.tolerance
    least = ceil(entry.pages * (100 - tolerance) / 100)
    return PageBudget(max(1, least), floor(entry.pages * (100 + tolerance) / 100))
