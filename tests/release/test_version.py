"""Versions are read, ordered in time, and refused when they are none."""

from __future__ import annotations

import pytest

from bookpress.errors import BookpressError
from bookpress.release import changes, inside
from bookpress.release.version import Stage, known, parse

LOG = """\
# Changelog

## [Unreleased]

- Soon.

## [2026.11.0] - 2026-11-26

- The first printing.

## 2026.11.0-rc.1

- The proof.

[2026.11.0]: https://example.org/compare
"""


def test_a_final_comes_after_its_proofs_and_these_after_its_drafts() -> None:
    tags = ["v2026.11.0", "v2026.11.0-rc.2", "v2026.11.0-rc.10", "v2026.9.3", "v2026.11.0-draft.1"]

    found = [version.tag for version in known([*tags, "nightly", "v1.0", "vv2026.1.0"])]

    assert found == [
        "v2026.9.3", "v2026.11.0-draft.1", "v2026.11.0-rc.2", "v2026.11.0-rc.10", "v2026.11.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stage"),
    [("2026.11.0", "final"), ("2026.1.12-rc.3", "rc"), ("2026.12.0-draft.1", "draft")],
)
def test_a_version_says_what_kind_of_release_it_is(text: str, stage: str) -> None:
    version = parse(text)

    assert version.stage is Stage(stage)
    assert str(version) == text


@pytest.mark.parametrize(
    "text",
    ["", "1.0", "2026.13.0", "2026.0.0", "2026.011.0", "2026.11", "v2026.11.0", "2026.11.0-beta.1",
     "2026.11.0-rc.0", "2026.11.0-rc", "2026.11.0\n", "٢٠٢٦.11.0"],
)  # fmt: skip
def test_what_is_no_version_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BookpressError, match="is not a version of a book") as error:
        parse(text)

    assert "2026.11.0-rc.1" in error.value.hint


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("2026.11.0", "- The first printing."),
        ("2026.11.0-rc.1", "- The proof."),
        ("2026.11", ""),
        ("2026.12.0", ""),
    ],
)
def test_a_version_finds_its_own_section_of_the_changelog(version: str, words: str) -> None:
    assert changes.section(LOG, version) == words


def test_a_final_release_is_compared_with_the_last_final_others_with_the_last() -> None:
    tags = known(["v2026.9.0", "v2026.10.0-rc.1", "v2026.10.0-draft.1"])

    assert str(changes.previous(parse("2026.11.0"), tags)) == "2026.9.0"
    assert str(changes.previous(parse("2026.11.0-draft.1"), tags)) == "2026.10.0-rc.1"
    assert changes.previous(parse("2026.9.0"), tags) is None


def test_the_imprint_tells_the_version_and_the_chapters_tell_those_of_tools() -> None:
    text = "Version 2026.11.0-\r\nrc.1 of the text\r\nSince version 1.8.1 of Poetry, version 2.0"

    assert inside.printed(text) == ("2026.11.0-rc.1",)
    assert inside.printed("since version 1.8.1") == ()
