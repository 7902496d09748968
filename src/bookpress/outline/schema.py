"""Plain values -> the outline as book.yml words it, or everything that is wrong with them.

The only module that knows pydantic. The docstrings below are what an editor shows an author: they
go into the JSON Schema. What needs the disk is checked in `files`.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from bookpress.model import Role, Status
from bookpress.outline import fields, vocabulary
from bookpress.outline.complaints import Complaint, complaint

if TYPE_CHECKING:
    from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

Text = Annotated[str, BeforeValidator(fields.text), Field(min_length=1)]
File = Annotated[str, BeforeValidator(fields.path), Field(min_length=1)]
Pages = Annotated[int, Field(ge=1, le=2000)]
Count = Annotated[int, Field(ge=1, le=999)]


def _pattern(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


def _choice(*words: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(words)})


_LENGTH = _pattern(fields.LENGTH.pattern, "9.25in")
Side = Annotated[float, BeforeValidator(fields.side), _LENGTH]
Bleed = Annotated[float, BeforeValidator(fields.bleed), _LENGTH]
Percent = Annotated[int, BeforeValidator(fields.percent), _pattern(fields.PERCENT.pattern, "10%")]
Day = Annotated[str, BeforeValidator(fields.day), _pattern(fields.DAY.pattern, "2026-03-02")]
Isbn13 = Annotated[str, BeforeValidator(fields.isbn), _pattern(r"^97[89][0-9 -]+$", "978-...")]
Language = Annotated[
    str, BeforeValidator(fields.language), _pattern(fields.LANGUAGE.pattern, "en-GB")
]
Slug = Annotated[str, BeforeValidator(fields.slug), _pattern(fields.SLUG.pattern, "small-book")]
Address = Annotated[str, BeforeValidator(fields.address), _pattern("^https?://", "https://...")]
Urn = Annotated[str, BeforeValidator(fields.urn), _pattern("^urn:", "urn:uuid:...")]
Bisac = Annotated[str, BeforeValidator(fields.bisac), _pattern(fields.BISAC.pattern, "COM051360")]
Thema = Annotated[str, BeforeValidator(fields.thema), _pattern(fields.THEMA.pattern, "UMX")]
Tool = Annotated[str, BeforeValidator(fields.pin), _pattern(fields.PIN.pattern, "ruff==0.14.0")]
Python = Annotated[
    str, BeforeValidator(fields.interpreter), _pattern(fields.INTERPRETER.pattern, "3.13")
]
Folder = Annotated[str, BeforeValidator(fields.folder), Field(min_length=1)]
StatusWord = Annotated[Status, BeforeValidator(vocabulary.status), _choice(*Status)]
MarcCode = Annotated[str, BeforeValidator(vocabulary.marc), _choice(*vocabulary.MARC)]
FrontRole = Annotated[Role, BeforeValidator(vocabulary.front_role), _choice(*vocabulary.FRONT)]
BackRole = Annotated[Role, BeforeValidator(vocabulary.back_role), _choice(*vocabulary.BACK)]
Variables = Annotated[dict[str, Text], BeforeValidator(fields.variables)]
Environment = Annotated[dict[str, Text], BeforeValidator(fields.environment)]


class _Entry(BaseModel):
    """What all mappings of book.yml have in common: known keys only, types as written."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class Author(_Entry):
    """Somebody who wrote the book."""

    name: Text
    """As on the title page."""
    file_as: Text | None = None
    """As in an alphabetical list: "Turing, Alan"."""


class Helper(_Entry):
    """Somebody else who is named on the title page."""

    name: Text
    role: MarcCode
    """The MARC relator code: edt editor, ill illustrator, trl translator, ..."""
    file_as: Text | None = None


class TrimSize(_Entry):
    """The finished leaf; lengths in in, mm or pt."""

    width: Side
    height: Side
    bleed: Bleed = 9.0
    """How far pictures run beyond the trim: 0.125in for most printers."""


class Isbns(_Entry):
    """One ISBN a format, in quotes; hyphens are welcome."""

    print: Isbn13 | None = None
    epub: Isbn13 | None = None
    screen: Isbn13 | None = None

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        fields.one_each({"print": self.print, "epub": self.epub, "screen": self.screen})
        return self


class Subjects(_Entry):
    """What the book is about, in the codes of the trade."""

    bisac: list[Bisac] = []
    thema: list[Thema] = []


class ChapterEntry(_Entry):
    """A chapter or an appendix: one Markdown file."""

    file: File
    """Its path from the folder of book.yml; the name, without .md, is its address."""
    title: Text
    """The same words as its first heading."""
    status: StatusWord = Status.DRAFT
    """planned: announced, in no edition; draft; final."""
    pages: Pages | None = None
    tolerance: Percent | None = None

    @model_validator(mode="after")
    def _budget(self) -> Self:
        fields.budget(self.pages, self.tolerance)
        return self


class SectionEntry(_Entry):
    """A section outside the body."""

    role: Role
    file: File | None = None
    title: Text | None = None
    status: StatusWord = Status.DRAFT

    @model_validator(mode="after")
    def _file_or_leaf(self) -> Self:
        vocabulary.file_or_leaf(self.role, self.file, self.title)
        return self


class FrontEntry(SectionEntry):
    """A section before the first chapter."""

    role: FrontRole
    """The press makes halftitlepage, titlepage, copyright-page, toc and loi; others are files."""


class BackEntry(SectionEntry):
    """A section after the last chapter or appendix."""

    role: BackRole
    """The press makes the index; others are files."""


class PartEntry(_Entry):
    """A run of chapters under one title."""

    title: Text
    summary: Text | None = None
    """One paragraph on the part's opening page."""
    pages: Pages | None = None
    """How long the part should be in print, opening page and blank versos included."""
    tolerance: Percent | None = None
    """How far from `pages` the part may stray; 10% unless told."""
    chapters: Annotated[list[ChapterEntry], Field(min_length=1, max_length=99)]

    @model_validator(mode="after")
    def _budget(self) -> Self:
        fields.budget(self.pages, self.tolerance)
        return self


class AppendicesEntry(PartEntry):
    """The appendices, lettered A to Z."""

    title: Text = "Appendices"
    chapters: Annotated[list[ChapterEntry], Field(min_length=1, max_length=26)]


class ListingsEntry(_Entry):
    """Where the book's listings and terminal sessions run."""

    directory: Folder = "."
    """The folder, below the sandbox, in which blocks run unless they name another."""
    date: Day = "2000-01-01"
    """The day the chapters live in."""
    tools: list[Tool] = []
    """Python packages whose commands the chapters call, pinned."""
    interpreters: list[Python] = []
    """Python versions the chapters call."""
    author: Text | None = None
    """Who commits in the book's repositories."""
    email: Text | None = None
    environment: Environment = {}
    """Variables that are set for every command, in quotes: {UV_OFFLINE: "1"}."""


class AllowEntry(_Entry):
    """A finding that is no mistake here; one that nothing needs is a finding itself."""

    code: Text
    path: File
    """A file, or a folder with all below it."""
    reason: Text


AuthorWord = Annotated[Author, BeforeValidator(fields.author, json_schema_input_type=str | Author)]


class Outline(_Entry):
    """The outline of a book: what it is called, what it holds, how long it may be."""

    title: Text
    subtitle: Text | None = None
    slug: Slug | None = None
    """The name of the book in file names; made from the title unless told."""
    authors: list[AuthorWord] = []
    """Their names; {name, file-as} where the alphabet wants another order."""
    contributors: list[Helper] = []
    language: Language
    """BCP 47: en-GB, de, pt-BR."""
    publisher: Text | None = None
    rights: Text | None = None
    """The line of the copyright page."""
    edition: Count = 1
    printing: Count = 1
    version: Text | None = None
    """In quotes, or YAML makes a number of it: "2026.10"."""
    date: Day | None = None
    """The day of publication; left out while it is undecided."""
    description: Text | None = None
    keywords: list[Text] = []
    subjects: Subjects = Subjects()
    isbn: Isbns = Isbns()
    identifier: Urn | None = None
    """Names the book where it has no ISBN; made from the slug unless told."""
    url: Address | None = None
    repository: Address | None = None
    """Where it is on GitHub: drafts for reviewers offer to file comments there."""
    trim: TrimSize = TrimSize(width="7in", height="9.25in", bleed="0.125in")  # type: ignore[arg-type]
    front: Annotated[list[FrontEntry], Field(max_length=99)] = []
    """In reading order; half-title, title, imprint and contents unless told."""
    parts: Annotated[list[PartEntry], Field(min_length=1, max_length=99)]
    appendices: AppendicesEntry | None = None
    back: Annotated[list[BackEntry], Field(max_length=99)] = []
    variables: Variables = {}
    """Words the manuscript may use as [name]{.var}."""
    listings: ListingsEntry = ListingsEntry()
    allow: list[AllowEntry] = []
    """Findings that are meant to be, each with its reason."""


def read(data: object) -> Outline | tuple[Complaint, ...]:
    """Give the values of book.yml their types, or say all that is wrong with them."""
    try:
        return Outline.model_validate(data)
    except ValidationError as error:
        return tuple(complaint(item, _known()) for item in error.errors(include_url=False))


@cache
def _known() -> dict[str, Any]:
    return Outline.model_json_schema()


class _ForAuthors(GenerateJsonSchema):
    """Leaves out what helps no author: repeated names, our defaults in points, explicit nulls."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def json_schema() -> str:
    """Write the JSON Schema (2020-12) by which editors complete and check book.yml."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= Outline.model_json_schema(schema_generator=_ForAuthors)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
