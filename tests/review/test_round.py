"""The whole round in a real browser, with a server: read, comment, decide, edit, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.review import rivers

from bookpress.review import desk, reviews

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.review.rivers import Running

pytestmark = pytest.mark.slow
EDITS = (
    ("# Weirs {#ch-weirs}\n", "# Weirs {#ch-weirs}\n\nA new paragraph that nobody had read.\n"),
    ("must be, at noon and **by hand**", "has to be, at noon and *by hand*"),
    ("Nobody remembers the flood.\n\n", ""),
)


def by_words(threads: list[dict[str, Any]], words: str) -> dict[str, Any]:
    [found] = [one for one in threads if words in " ".join(one["said"] + one["inserted"])]
    return found


def test_comments_live_through_answers_decisions_an_edit_and_a_new_draft(
    book: Path, server: Running, browse: Callable[..., Any]
) -> None:
    made = browse(
        "round",
        share=server.share,
        author=server.author,
        slug="weirs",
        chapter=book / "manuscript/weirs.md",
        edits=EDITS,
    )

    assert not {"Resolve", "Decline", "Reopen"} & set(made["reviewerActs"])
    assert "Give a reason" in made["asked"]
    resolved, declined = by_words(made["decided"], "By whom?"), by_words(made["decided"], "nine")
    assert resolved["said"] == ["By whom?", "By Tomas."]
    assert "abc1234" in resolved["decided"][0]
    assert "The clock was wrong." in declined["decided"][0]
    assert made["typed"] == "Half a thought"
    after = made["after"]
    assert by_words(after, "By whom?")["label"].endswith("ch01:5, resolved")
    assert by_words(after, "Which?")["label"].endswith("ch01:11, open")
    lost = by_words(after, "I do.")
    assert lost["lost"]
    assert lost["quote"] == "Nobody remembers the flood."
    assert [one["lost"] for one in after].count(True) == 1
    assert any("has to be, at noon and by hand" in words for words in made["painted"]["settled"])
    assert "second paragraph" in made["painted"]["open"]
    attached = by_words(made["attached"], "I do.")
    assert not attached["lost"]
    assert "ch01:3" in attached["label"]
    assert by_words(made["reopened"], "By whom?")["label"].endswith("open")


def test_a_broken_outline_keeps_the_last_draft_and_is_told_to_the_author_alone(
    book: Path, server: Running, browse: Callable[..., Any]
) -> None:
    with reviews.open_store(book, desk.read(book)[0].book) as comments:
        assert comments.all() == ()

    seen = browse(
        "broken",
        share=server.share,
        author=server.author,
        outline=book / "book.yml",
        wrongText=rivers.OUTLINE.replace("title: Weirs", "titel: Weirs"),
        rightText=rivers.OUTLINE,
    )

    assert "titel" in seen["told"]
    assert seen["reviewer"] == ""
    assert seen["same"]
