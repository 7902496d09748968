"""Markdown -> its words, with their places."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bookpress import dictionary, wording
from bookpress.checks.spelling import MOST_SUGGESTIONS, words_are_known
from bookpress.findings import Position
from bookpress.model import Book, Chapter, Matter, Metadata, Part, Role, Status, Trim
from bookpress.survey import Survey

HERE = PurePosixPath("a.md")


def found(source: str) -> list[str]:
    return list(wording.words(source))


def test_a_word_stands_where_the_source_has_it() -> None:
    source = "# Rivers\n\nThe weir, *Reed* Mere’s\nweir: `weir`.\n"

    words = wording.words(source)

    assert words["weir"] == [(3, 5), (4, 1)]
    assert words["Reed"] == [(3, 12)]
    assert words["Mere"] == [(3, 18)]


@pytest.mark.parametrize(
    "source",
    [
        "`colour` and ``a `colour` b``",
        "`one span on\ntwo colour lines`",
        "```\ncolour\n```",
        '~~~ {.hidden caption="colour"}\ncolour\n~~~',
        "``` text\ncolour\n~~~\nand colour",
        "<!-- colour\ncolour -->",
        "[text](colour.md#colour)",
        "<https://colour.example/colour>",
        "https://colour.example/colour",
        "[colour]{.var}",
        "[colour]{lang=fr}",
        'text{#colour .colour width="colour"}',
        "a call[^colour]",
        "colour_depth src/colour colour2 colour.py --colour colour=1 $colour$ COLOUR COLOURs",
    ],
)
def test_what_is_no_prose_is_left_out(source: str) -> None:
    assert "colour" not in found(source)
    assert "COLOUR" not in found(source)


@pytest.mark.parametrize(
    "source",
    [
        "**colour**",
        "(colour)",
        "colour-blind",
        "“colour”",
        "the colour’s depth",
        "the colours' depth, a colour",
        "[colour](b.md)",
        '[]{.ix term="colour!depth"}',
        '``` text {caption="A colour"}\nx\n```',
        '::: {.sidebar title="A colour"}\n:::',
        "one ` tick and a colour\n\nanother ` tick",
        "a price of $5 and a colour of $6",
    ],
)
def test_what_readers_see_is_a_word(source: str) -> None:
    assert "colour" in found(source)


def test_the_first_line_of_a_word_in_a_list_counts() -> None:
    text = "# names\nweirwatch\n\nuv  # the tool\nuv\n"

    words = wording.listed(PurePosixPath("words.txt"), text)

    assert {word: place.line for word, place in words.items()} == {"weirwatch": 2, "uv": 4}


@pytest.mark.parametrize("word", ["colour", "organise", "centre", "travelling", "don't", "Paris"])
def test_british_spelling_is_known(word: str) -> None:
    english = dictionary.find("en-GB")

    assert english
    assert english.has(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("color", "colour"), ("organize", "organise"), ("recieve", "receive"), ("Github", "GitHub")],
)
def test_other_spelling_is_unknown_and_has_a_suggestion(word: str, meant: str) -> None:
    english = dictionary.find("en-GB")

    assert english
    assert not english.has(word)
    assert english.nearest(word) == meant


@pytest.mark.parametrize("language", ["de", "en", "en-GB-oxendict", "../new/book"])
def test_a_language_without_a_dictionary_has_none(language: str) -> None:
    assert dictionary.find(language) is None


def book() -> Book:
    chapter = Chapter(
        HERE, "A", Role.CHAPTER, Matter.BODY, "1", Status.DRAFT, Position(PurePosixPath("book.yml"))
    )
    about = Metadata(
        "A", "", (), "en-GB", "", "", 1, 1, "", "", "", (), {}, {}, "urn:x:a", ""
    )  # fmt: skip
    part = Part(1, "P", "Weirs and gages.", (chapter,), None, chapter.where)
    return Book(about, Trim(504, 666, 9), (), (part,), (), (), chapter.where)


def test_a_text_in_another_language_is_reported_without_a_long_wait() -> None:
    strange = [f"xq{letter}zzv" for letter in "abcdefghijklmnopqrst"]
    words = wording.words(" ".join(strange))

    findings = list(words_are_known(book(), Survey({}, prose={HERE: words})))

    assert len(findings) == len(strange) + 1
    assert sum("did you mean" in f.hint for f in findings) <= MOST_SUGGESTIONS


def test_a_word_of_the_list_may_begin_a_sentence_and_no_other_spelling_of_a_name_is_let_in() -> (
    None
):
    found = wording.words("Weirwatch uses ZizMor. A zizmor is one.")
    words = wording.listed(PurePosixPath("words.txt"), "weirwatch\nzizmor\n")

    findings = list(words_are_known(book(), Survey({}, prose={HERE: found}, vocabulary=words)))

    assert [f.where.column for f in findings if f.where.path == HERE] == [16]


def test_what_the_outline_says_of_a_part_is_reported_at_the_part() -> None:
    [finding] = words_are_known(book(), Survey({}))

    assert finding.where == book().parts[0].where
    assert "“gages”" in finding.message
