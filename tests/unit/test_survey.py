"""The facts of a chapter, each with its place; and what its links lead to."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bookpress import crossref, pandoc, survey, tree
from bookpress.crossref import Kind, Targets
from bookpress.findings import Position
from bookpress.model import Book, Chapter, Matter, Metadata, Part, Role, Status, Trim
from bookpress.survey import ChapterFacts, Survey

UV = PurePosixPath("manuscript/part/uv.md")
GIT = PurePosixPath("manuscript/part/git.md")


def facts(text: str, path: PurePosixPath = UV) -> ChapterFacts:
    return survey.facts(pandoc.decode(path, pandoc.read({path: text})[path]), text)


def line(where: Position) -> tuple[int, int]:
    return (where.line, where.column)


def targets(**texts: str) -> Targets:
    paths = {PurePosixPath(f"manuscript/part/{name}.md"): text for name, text in texts.items()}
    chapters = tuple(
        Chapter(p, p.stem.title(), Role.CHAPTER, Matter.BODY, str(n), Status.DRAFT, Position(p))
        for n, p in enumerate(paths, 1)
    )
    part = Part(1, "P", "", chapters, None, Position(UV))
    meta = Metadata("T", "", (), "en", "", "", 1, 1, "", "", "", (), {}, {}, "", "")
    book = Book(meta, Trim(1, 1, 0), (), (part,), (), (), Position(PurePosixPath("book.yml")))
    return Targets(book, Survey({path: facts(text, path) for path, text in paths.items()}))


def test_every_word_is_read_whatever_it_looks_like() -> None:
    source = r'A "b" \\ *c* `{"t":"Str","c":"d"}` {"t": e} **f “g”** [h](#i)' + "\n"
    path = PurePosixPath("a.md")

    read = pandoc.decode(path, pandoc.read({path: source})[path])

    assert tree.text(read.blocks) == r'A “b” \ c {"t":"Str","c":"d"} {“t”: e} f “g” h'
    assert not [n for n in tree.walk(read.blocks) if n["t"] == "Span" and tree.is_wrapper(n)]


def test_a_tab_in_a_listing_stays_one() -> None:
    assert facts("```text\na\tb\n```\n").listings[0].text == "a\tb"


def test_headings_have_their_level_identifier_words_and_place() -> None:
    found = facts("# The *uv* `lock` {#ch-uv}\n\ntext\n\n## Two\n").headings

    assert [(h.level, h.anchor, h.title, line(h.where)) for h in found] == [
        (1, "ch-uv", "The uv lock", (1, 1)),
        (2, "two", "Two", (5, 1)),
    ]


def test_a_listing_says_where_its_text_begins() -> None:
    [block] = facts('text\n\n```toml {#lst-a .hidden file="a.toml"}\na = 1\nb = 2\n```\n').listings

    assert (block.identifier, block.language, block.classes) == (
        "lst-a",
        "toml",
        ("hidden", "toml"),
    )
    assert (block.attributes, block.text) == ({"file": "a.toml"}, "a = 1\nb = 2")
    assert (block.where.line, block.first_line) == (3, 4)


def test_a_link_keeps_its_target_and_its_place_in_the_line() -> None:
    [link] = facts("See [the words](git.md#sec-a).\n").links

    assert (link.target, link.text, line(link.where)) == ("git.md#sec-a", "the words", (1, 5))


def test_an_image_keeps_alternative_and_caption_apart() -> None:
    [image] = facts('![What it says](a.svg){#fig-a caption="Printed"}\n').images

    assert (image.alt, image.caption, image.identifier) == ("What it says", "Printed", "fig-a")


def test_index_terms_are_the_words_or_what_is_said_instead() -> None:
    found = facts('A [lock]{.ix}, []{.ix term="lock!stale"}.\n').terms

    assert [(term.term, term.anchor) for term in found] == [
        ("lock", "ix-1"),
        ("lock!stale", "ix-2"),
    ]


def test_notes_in_code_and_comments_are_none() -> None:
    text = "A.[^a] `[^b]`\n\n[^a]: T.\n\n```\n[^c]: x\n```\n\n<!-- [^d] -->\n"

    assert [(note.label, note.call) for note in facts(text).notes] == [("a", True), ("a", False)]


def test_words_are_those_a_reader_sees() -> None:
    text = "# One two\n\nThree – four.\n\n```sh\nfive six\n```\n\n```sh {.hidden}\nseven\n```\n"

    assert facts(text).words == 6


@pytest.mark.parametrize(
    ("link", "label", "kind"),
    [
        ("#lst-b", "Listing 1.2", Kind.FLOAT),
        ("#sec-one", "Section 1.1", Kind.SECTION),
        ("#deep", "“Deep”", Kind.HEADING),
        ("#ch-git", "Chapter 2", Kind.CHAPTER),
        ("git.md", "Chapter 2", Kind.CHAPTER),
        ("git.md#sec-git", "Section 2.1", Kind.SECTION),
        ("../part/git.md#sec-git", "Section 2.1", Kind.SECTION),
    ],
)
def test_a_link_finds_its_target(link: str, label: str, kind: Kind) -> None:
    known = targets(
        uv="# Uv\n\n```a {#lst-a}\n```\n\n## One {#sec-one}\n\n### Deep\n\n```a {#lst-b}\n```\n",
        git="# Git {#ch-git}\n\n## G {#sec-git}\n",
    )

    found = known.find(UV, link)

    assert found
    assert (found.label, found.kind) == (label, kind)


@pytest.mark.parametrize("link", ["#none", "none.md", "git.md#one", "#one-of-git"])
def test_a_link_to_nowhere_finds_nothing(link: str) -> None:
    assert targets(uv="# U\n\n## One\n", git="# G\n\n## One of git\n").find(UV, link) is None


def test_a_hidden_block_takes_no_number() -> None:
    known = targets(uv="# U\n\n```a {#lst-a .hidden}\n```\n\n```a {#lst-b}\n```\n")

    found = known.find(UV, "#lst-b")

    assert found
    assert found.label == "Listing 1.1"


def test_an_address_is_short_within_a_section() -> None:
    target = crossref.Target("uv", "sec-a", Kind.SECTION, "Section 1.1", "1.1")

    assert [target.address("xhtml", here) for here in ("uv", "git")] == [
        "#sec-a",
        "uv.xhtml#sec-a",
    ]


@pytest.mark.parametrize(
    ("link", "external"),
    [("https://a.org", True), ("mailto:a@b.org", True), ("//a.org", True), ("a.md#b:c", False)],
)
def test_what_has_a_scheme_or_a_host_is_external(link: str, external: bool) -> None:  # noqa: FBT001
    assert crossref.is_external(link) is external


def test_a_table_stands_where_its_first_line_does() -> None:
    data = pandoc.read({UV: "text\n\n| a |\n|---|\n| 1 |\n"})[UV]
    [table] = [n for n in tree.walk(pandoc.decode(UV, data).blocks) if n["t"] == "Table"]

    assert tree.position(table, UV) == Position(UV, 3, 1)


def test_an_image_is_named_after_its_path() -> None:
    path = crossref.resolve(UV, "../images/deep/a.svg")

    assert crossref.image_name(path) == "images/deep-a.svg"
