"""A comment stays with its words while the author edits them, or says that it has lost them."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from tests.review import copy_edit
from tests.review.copy_edit import ORPHANED, PARTIAL, RIGHT, WRONG

from bookpress.review import anchor, clean
from bookpress.review.model import Comment, Selector

EDITS = Path(__file__).parent / "edits"
CHAPTERS = ("code-quality", "package-management-with-uv", "the-devops-mindset")
TEXT = (
    "At noon the sluice is opened by hand, and it is shut at night. Nobody knows who began this."
    " The keeper writes down the level every hour. The keeper reads the level at noon."
)


def version(chapter: str, name: str) -> str:
    return clean.collapse((EDITS / f"{chapter}.{name}.txt").read_text("utf-8"))


def quote(exact: str, text: str = TEXT) -> Selector:
    start = text.index(exact)
    return anchor.select(text, start, start + len(exact))


def found(wanted: Selector, text: str) -> str | None:
    match = anchor.find(text, wanted)
    return text[match.start : match.end] if match else None


def comment(selector: Selector | None, chapter: str = "weirs") -> Comment:
    return Comment("urn:x:1", chapter, "Why?", selector=selector)


def test_a_round_of_mending_leaves_comments_where_they_belong() -> None:
    before = {chapter: version(chapter, "before") for chapter in CHAPTERS}
    after = {chapter: version(chapter, "after") for chapter in CHAPTERS}

    counted = copy_edit.measure(before, after, 100)

    alive = sum(counted[kind] for kind in (RIGHT, PARTIAL, WRONG, ORPHANED))
    assert alive > 250
    assert counted[RIGHT] >= 0.98 * alive, copy_edit.report(counted)
    assert counted[WRONG] <= 0.003 * alive, copy_edit.report(counted)


def test_a_chapter_written_anew_loses_comments_rather_than_to_misplace_them() -> None:
    before = {"the-devops-mindset": version("the-devops-mindset", "first")}
    after = {"the-devops-mindset": version("the-devops-mindset", "after")}

    counted = copy_edit.measure(before, after, 200)

    assert counted[WRONG] == 0, copy_edit.report(counted)
    assert counted[ORPHANED] + counted[copy_edit.LEFT_ALONE] > 0


def test_the_measure_tells_right_from_wrong() -> None:
    strayed: Counter[str] = Counter(
        copy_edit.judge(own, (100, 140)) for own in ((100, 140), (110, 140), (80, 105), (0, 40))
    )

    assert strayed == {RIGHT: 2, PARTIAL: 1, WRONG: 1}


@pytest.mark.parametrize(
    ("exact", "changed", "now"),
    [
        ("opened by hand", TEXT.replace("noon", "twelve o'clock"), "opened by hand"),
        (
            "opened by hand, and it",
            TEXT.replace("hand", "two hands"),
            "opened by two hands, and it",
        ),
        (
            "is shut at night. Nobody knows",
            TEXT.replace("at night", "at midnight"),
            "is shut at midnight. Nobody knows",
        ),
    ],
)
def test_a_quote_is_found_again_with_whole_words(exact: str, changed: str, now: str) -> None:
    assert found(quote(exact), changed) == now


def test_of_several_places_the_one_with_the_same_surroundings_is_taken() -> None:
    second = TEXT.index("The keeper reads")
    selector = anchor.select(TEXT, second, second + len("The keeper"))
    changed = f"The keeper slept. {TEXT}"

    match = anchor.find(changed, selector)

    assert match
    assert changed[match.start :].startswith("The keeper reads")


def test_a_long_quote_is_found_by_its_ends_whatever_was_changed_between() -> None:
    text = version("code-quality", "before")
    wanted = anchor.select(text, 5_000, 8_000)
    edited = text[:5_500] + " Much was written here." + text[5_700:6_900] + text[7_000:]

    match = anchor.find(edited, wanted)

    assert match
    start = edited.index(text[5_000:5_100])
    end = edited.index(text[7_900:8_000]) + 100
    assert abs(match.start - start) < 10
    assert abs(match.end - end) < 10


def test_a_long_quote_of_nothing_costs_little() -> None:
    letters = random.Random(1).choices("etaoin shrdlu", k=4_000)  # noqa: S311  (no secret)
    text = version("code-quality", "before")

    assert anchor.find(text, Selector("".join(letters), "before", "after")) is None


def test_a_short_quote_without_its_surroundings_is_an_orphan() -> None:
    assert found(quote("night"), "It was night over another river, far away.") is None


def test_letters_that_are_alike_by_chance_are_no_place() -> None:
    wanted = Selector("the sluice is opened by hand at noon", "", "", 0, 36)

    assert found(wanted, "These lucid essays opine on band and spoon, and on little else.") is None


def test_words_that_were_moved_to_another_chapter_are_found_there() -> None:
    texts = {
        "weirs": copy_edit.chapter("weirs", "Nothing is left here but this."),
        "gates": copy_edit.chapter("gates", TEXT),
    }

    place = anchor.attach(comment(quote("the sluice is opened by hand")), texts)

    assert place
    assert (place.chapter, place.score) == ("gates", 1.0)


def test_a_comment_without_a_quote_is_at_the_head_of_its_chapter_while_there_is_one() -> None:
    texts = {"weirs": copy_edit.chapter("weirs", TEXT)}

    place = anchor.attach(comment(None), texts)

    assert place
    assert (place.chapter, place.line) == ("weirs", 1)
    assert anchor.attach(comment(None, "removed"), texts) is None


def test_a_quote_of_an_issue_is_taken_where_its_line_is() -> None:
    second = TEXT.rindex("the level")

    match = anchor.nearest(TEXT, "the level", second - 10)

    assert match
    assert match.start == second
