"""The draft in a real browser: what reviewers do with it, and what nobody can do to them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bookpress.review import desk, draft, making, reviews, text, w3c
from bookpress.review.model import Comment, Decision, Selector, Status

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow
CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"
QUOTE = Selector("twelve minutes", "was stuck took ", ". Nobody remembers")
GONE = Selector("words that nobody finds any more", "before them ", " after them")
SCRIPT = "</script><script>globalThis.ran = 1</script><img src=x onerror='globalThis.ran = 2'>"


def file_of(book: Path) -> str:
    """Make the draft of a book; returns the address of its file."""
    made = making.build(book, paged=False)
    place = book / "build" / making.HTML
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(made[making.HTML])
    return place.as_uri()


def fill(book: Path, *comments: Comment, decided: Decision | None = None) -> None:
    """Put comments into the book's store; the first of them is decided."""
    with reviews.open_store(book, desk.read(book)[0].book) as kept:
        ids = [kept.add(comment) for comment in comments]
        if decided:
            kept.decide(ids[0], decided)


def of_every_kind() -> tuple[Comment, ...]:
    return (
        Comment("urn:1", "weirs", "By whom?", "Ana", "2026-11-20T10:00:00Z", QUOTE, blocking=True),
        Comment("urn:2", "weirs", "", "Tomas", selector=QUOTE, replacement="nine minutes"),
        Comment("urn:3", "weirs", "Gone.", "Ana", selector=GONE, draft="2026.10.0 · abc"),
        Comment("urn:4", "locks", "A fine chapter.", "Tomas"),
        Comment("urn:5", "weirs", "By Tomas.", "Tomas", parent="urn:1"),
    )


def test_the_page_reads_a_chapter_as_the_press_does(
    tmp_path: Path, browse: Callable[..., Any]
) -> None:
    book = tmp_path / "book"
    shutil.copytree(CLEAN_BOOK, book, ignore=shutil.ignore_patterns("build", "golden"))
    wanted = {slug: chapter.text for slug, chapter in text.load(book).items()}

    read = browse("texts", address=file_of(book), slugs=list(wanted))

    assert read == wanted
    assert len(wanted) > 3


def test_a_reviewer_without_a_server_comments_and_takes_the_comments_along(
    book: Path, browse: Callable[..., Any]
) -> None:
    address = file_of(book)

    made = browse("file", address=address, slug="weirs", folder=book)

    [asked, suggested] = made["first"]
    quote = "The sluice is opened, as keeper says it must be, at noon and by hand"
    assert asked["quote"] == quote
    assert asked["label"] == "Comment by Ana, ch01:3, open"
    assert asked["said"] == ["By whom?", "By the keeper?"]
    assert "blocks a release" in asked["meta"]
    assert (suggested["struck"], suggested["inserted"]) == (["twelve"], ["nine"])
    assert made["painted"]["open"] == [quote, "twelve minutes"]
    assert made["elsewhere"] == [
        {**one, "acts": [act for act in one["acts"] if act != "Remove"]} for one in made["first"]
    ]
    assert made["left"] == 1
    assert made["name"].startswith("comments-rivers-2026-11-0-draft-1-")
    comments = [w3c.read(item) for item in w3c.items(made["file"])]
    stamp = draft.stamp(book, desk.read(book)[0])
    assert [(c.draft, c.commit, c.author) for c in comments] == [
        (stamp.label, stamp.commit, "Ana")
    ] * 3
    assert [c.replacement for c in comments] == [None, "nine minutes", None]
    assert comments[2].parent == comments[0].id
    assert comments[0].selector
    assert comments[0].selector.exact == quote
    chapter = text.load(book)["weirs"].text
    assert chapter[comments[0].selector.start : comments[0].selector.end] == quote
    [link] = made["github"]
    assert link.startswith("https://github.com/ana/rivers/issues/new?template=draft-comment.yml")
    assert "location=ch01%3A3" in link


def test_a_draft_of_a_book_without_a_repository_offers_no_issues(
    book: Path, browse: Callable[..., Any]
) -> None:
    outline = book / "book.yml"
    outline.write_text(outline.read_text("utf-8").replace("repository: https", "url: https"))

    made = browse("file", address=file_of(book), slug="weirs", folder=book)

    assert made["github"] == []


def test_everything_is_done_with_the_keyboard_alone(book: Path, browse: Callable[..., Any]) -> None:
    address = file_of(book)

    made = browse("keyboard", address=address)

    assert made["stops"] < 20
    assert made["heard"].startswith("ch01:7: remembers the")
    assert made["inForm"] == "textarea"
    assert made["landed"] == "Comment by somebody, ch01:7, open"
    assert (made["next"], made["back"]) == ("Answer", "Answer")
    [thread] = made["threads"]
    assert thread["quote"] == "remembers the"
    assert thread["said"] == ["Typed, never clicked.", "And answered."]


def test_two_tabs_with_one_file_keep_each_other_s_comments(
    book: Path, browse: Callable[..., Any]
) -> None:
    kept = browse("tabs", address=file_of(book), slug="weirs")

    assert [one["said"] for one in kept] == [["In the second tab"], ["In the first tab"]]


def test_a_phone_shows_comments_below_the_text(book: Path, browse: Callable[..., Any]) -> None:
    fill(book, *of_every_kind())

    seen = browse("phone", address=file_of(book), slug="weirs")

    assert (seen["before"], seen["after"]) == (0, 0)
    assert seen["below"]
    assert seen["offer"]["height"] >= 40
    assert seen["compose"]["width"] == 360
    assert seen["axe"] == []


def test_axe_finds_nothing_in_any_view(book: Path, browse: Callable[..., Any]) -> None:
    declined = Decision(Status.DECLINED, "The clock was wrong.", "", "author")
    fill(book, *of_every_kind(), decided=declined)

    found = browse("access", address=file_of(book), slug="weirs")

    assert found.pop("motion") == "auto"
    assert {view: said for view, said in found.items() if said} == {}
    assert len(found) == 12


def test_what_reviewers_write_never_runs(book: Path, browse: Callable[..., Any]) -> None:
    quote = Selector(SCRIPT, SCRIPT, SCRIPT)
    hostile = Comment("urn:h", "weirs", SCRIPT, SCRIPT[:80], "", QUOTE, draft=SCRIPT[:80])
    lost = Comment("urn:l", "weirs", "x", SCRIPT[:80], "", quote, replacement=SCRIPT)
    reply = Comment("urn:r", "weirs", SCRIPT, SCRIPT[:80], parent="urn:h")
    fill(book, hostile, lost, reply, decided=Decision(Status.DECLINED, SCRIPT, SCRIPT[:80], SCRIPT))
    bad = book / "bad.json"
    written = json.dumps(w3c.write(hostile, {}) | {"id": "javascript:alert(1)"})
    bad.write_text(written.replace('"source": "weirs.md"', f'"source": {json.dumps(SCRIPT)}'))

    seen = browse("hostile", address=file_of(book), files=[bad])

    assert (seen["ran"], seen["made"]) == (None, 0)
    assert set(seen["links"]) <= {"https:"}
    assert seen["threads"] == 3
    assert "globalThis.ran = 2" in seen["said"]


MALFORMED: tuple[Any, ...] = (
    None,
    [[[]]],
    {"first": {"items": 7}},
    {"type": "Annotation"},
    {"type": "Annotation", "id": {"a": 1}, "target": 5, "body": None},
    {"type": "Annotation", "id": "urn:x", "target": [None, 3], "body": [None, 7, {"value": 9}]},
    {"type": "Annotation", "id": "urn:y", "target": {"selector": [None, {"exact": 5}]}},
    {"type": "Annotation", "id": "urn:v", "target": {"source": 9}, "creator": [None], "created": 1},
    {"type": "Annotation", "id": "urn:z", "target": "urn:z", "body": {"value": "my own parent"}},
    {"type": "Annotation", "id": "__proto__", "__proto__": {"polluted": 1}},
)


def test_the_address_of_an_issue_is_cut_where_servers_would_cut_it(
    book: Path, browse: Callable[..., Any]
) -> None:
    fill(book, Comment("urn:1", "weirs", "€" * 8000, "Ana", selector=QUOTE))

    seen = browse("hostile", address=file_of(book), files=[])

    assert 4000 < seen["longest"] <= 6000
    assert "€" * 8000 in seen["said"]


def test_malformed_comments_files_break_no_page(book: Path, browse: Callable[..., Any]) -> None:
    files = [book / f"bad-{number}.json" for number in range(len(MALFORMED))]
    for file, content in zip(files, MALFORMED, strict=True):
        file.write_text(json.dumps(content))

    seen = browse("hostile", address=file_of(book), files=files)

    assert seen["made"] == 0
    assert "my own parent" in seen["said"]


def test_the_policy_stops_all_that_is_not_the_draft_s_own(
    book: Path, browse: Callable[..., Any]
) -> None:
    address = file_of(book)

    seen = browse("policy", address=address)

    assert seen["ran"] is None
    wanted = {"connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"}
    assert set(seen["stopped"]) == wanted


def test_without_the_highlight_api_blocks_are_marked(
    book: Path, browse: Callable[..., Any]
) -> None:
    address = file_of(book)

    marked = browse("plain", address=address, slug="weirs")

    assert [place.partition(":")[0] for place in marked] == ["3"]
