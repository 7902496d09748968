"""What reviewers write into a PDF arrives, whatever viewer they have written it with."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from tests.review import annotate
from tests.review.annotate import mark, note

from bookpress.errors import BookpressError
from bookpress.review import anchor, pdfcomments, w3c
from bookpress.review.model import Comment, Motivation, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.review.conftest import Printed

pytestmark = pytest.mark.slow


@pytest.fixture
def read(printed: Printed, tmp_path: Path) -> Callable[..., list[Comment]]:
    """Put annotations on the page of a spot, and read the comments of the file."""

    def write_and_read(page: int, make: Callable[[pikepdf.Pdf], Sequence[Any]]) -> list[Comment]:
        path = annotate.annotate(printed.pdf, tmp_path / "a.pdf", lambda pdf: {page: make(pdf)})
        comments, problems = pdfcomments.read(path, lambda _commit: printed.texts)
        assert problems == []
        return comments

    return write_and_read


@pytest.mark.parametrize("order", annotate.ORDERS)
def test_a_highlight_has_its_words_in_whatever_order_its_corners_are(
    printed: Printed, read: Callable[..., list[Comment]], order: Callable[..., list[float]]
) -> None:
    spot = printed.spot("opened by hand")

    [comment] = read(
        spot.page, lambda pdf: [mark(pdf, spot.boxes, order=order, Contents="Who does?")]
    )

    assert comment.selector
    assert comment.selector.exact in spot.text
    assert "opened by hand" in comment.selector.exact
    assert (comment.body, comment.author, comment.origin) == ("Who does?", "Ana", Origin.PDF)
    assert (comment.chapter, comment.page) == ("weirs", spot.page)


def test_quadrilaterals_without_area_fall_back_to_the_rectangle(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = next(s for s in printed.spots if len(s.boxes) == 1 and len(s.text.split()) > 2)

    [comment] = read(
        spot.page,
        lambda pdf: [mark(pdf, spot.boxes, order=annotate.quads_flat, Contents="flat")],
    )

    place = anchor.attach(comment, printed.texts)
    assert place
    assert spot.first_line <= place.line <= spot.last_line


def test_an_answer_belongs_to_what_it_answers_and_a_state_is_an_answer(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = printed.spots[0]

    def make(pdf: pikepdf.Pdf) -> list[Any]:
        first = mark(pdf, spot.boxes, Contents="Why?", NM="one", M="D:20261120101010+01'00'")
        reply = note(pdf, spot.boxes[0], Contents="Because.", IRT=first, RT=Name.R, NM="two")
        again = note(pdf, spot.boxes[0], Contents="I see.", IRT=reply, RT=Name.R, NM="three")
        state = note(pdf, spot.boxes[0], IRT=first, StateModel="Review", State="Completed")
        return [reply, again, state, first]

    comments = read(spot.page, make)

    head, *replies = comments
    assert (head.body, head.created) == ("Why?", "2026-11-20T09:10:10Z")
    assert {(c.body, c.parent, c.motivation) for c in replies} == {
        ("Because.", head.id, Motivation.REPLYING),
        ("I see.", head.id, Motivation.REPLYING),
        ("(set to Completed)", head.id, Motivation.REPLYING),
    }


def test_text_that_is_only_rich_arrives_as_text(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = printed.spots[0]
    rich = (
        '<?xml version="1.0"?><body xmlns="http://www.w3.org/1999/xhtml"><p>so <b>so</b></p></body>'
    )

    [comment] = read(spot.page, lambda pdf: [mark(pdf, spot.boxes, RC=rich)])

    assert comment.body == "so so"


def test_a_strike_out_suggests_and_a_caret_with_it_says_what_instead(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = printed.spot("opened by hand")

    def make(pdf: pikepdf.Pdf) -> list[Any]:
        caret = note(pdf, spot.boxes[-1], Name.Caret, Contents="opens", NM="caret")
        group = {"IRT": caret, "RT": Name.Group}
        struck = mark(pdf, spot.boxes, kind=Name.StrikeOut, NM="struck", **group)
        alone = mark(pdf, spot.boxes, kind=Name.StrikeOut, Contents="too long", NM="alone")
        return [caret, struck, alone]

    replaced, struck = read(spot.page, make)

    assert replaced.selector
    assert replaced.selector.exact in spot.text
    assert (replaced.replacement, replaced.body) == ("opens", "")
    assert (struck.replacement, struck.body) == ("", "too long")
    assert {replaced.motivation, struck.motivation} == {Motivation.EDITING}


def test_a_caret_inserts_after_the_word_it_stands_at(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = next(s for s in printed.spots if len(s.boxes) == 1 and s.text[-1].isalnum())
    _, bottom, right, top = spot.boxes[0]
    word = spot.text.split()[-1]

    [comment] = read(
        spot.page,
        lambda pdf: [note(pdf, (right, bottom, right + 2, top), Name.Caret, Contents="at once")],
    )

    assert comment.selector
    assert comment.selector.exact == word.strip("“”(")
    assert comment.replacement == f"{comment.selector.exact} at once"


def test_notes_and_free_text_are_about_the_words_beside_them(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = next(s for s in printed.spots if len(s.boxes) == 1)
    left, bottom, _, top = spot.boxes[0]
    beside = (left - 60, bottom, left - 40, top)

    def make(pdf: pikepdf.Pdf) -> list[Any]:
        kinds = (Name.Text, Name.FreeText, Name.Ink)
        return [note(pdf, beside, kind, Contents=str(kind)) for kind in kinds]

    comments = read(spot.page, make)

    assert [c.body for c in comments] == ["/Text", "/FreeText", "/Ink"]
    for comment in comments:
        place = anchor.attach(comment, printed.texts)
        assert place
        assert place.chapter in spot.path
        assert spot.first_line <= place.line <= spot.last_line


def test_a_mark_without_words_is_kept(printed: Printed, read: Callable[..., list[Comment]]) -> None:
    spot = printed.spots[0]

    marked, drawn = read(
        1, lambda pdf: [mark(pdf, spot.boxes), note(pdf, spot.boxes[0], Name.Circle)]
    )

    assert (marked.selector, drawn.selector) == (None, None)
    assert marked.body == "(highlight without words on page 1)"
    assert drawn.body == "(circle without words on page 1)"


def test_links_and_windows_are_no_comments(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    box = printed.spots[0].boxes[0]
    kinds = (Name.Link, Name.Popup, Name.PrinterMark)

    assert read(1, lambda pdf: [note(pdf, box, kind, Contents="x") for kind in kinds]) == []


def test_the_same_annotation_in_another_copy_is_the_same_comment(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    spot = printed.spots[0]

    def once(pdf: pikepdf.Pdf) -> list[Any]:
        return [
            mark(pdf, spot.boxes, Contents="named", NM="a"),
            mark(pdf, spot.boxes, Contents="x"),
        ]

    def later(pdf: pikepdf.Pdf) -> list[Any]:
        return [mark(pdf, spot.boxes, Contents="new", NM="b"), *once(pdf)]

    first = {c.id for c in read(spot.page, once)}
    second = {c.id for c in read(spot.page, later)}

    assert len(first) == 2
    assert first < second


def test_a_file_that_names_its_commit_is_read_with_the_text_of_that_commit(
    printed: Printed, tmp_path: Path
) -> None:
    spot = printed.spots[0]
    asked: list[str] = []

    def texts_of(commit: str) -> Any:  # noqa: ANN401
        asked.append(commit)
        return printed.texts

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        pdf.docinfo["/bookcommit"] = "abcdef1234"
        pdf.docinfo["/bookdraft"] = "2026.11.0-draft.1"
        return {spot.page: [mark(pdf, spot.boxes, Contents="x")]}

    path = annotate.annotate(printed.pdf, tmp_path / "a.pdf", make)
    [comment], _ = pdfcomments.read(path, texts_of)

    assert asked == ["abcdef1234"]
    assert (comment.commit, comment.draft) == ("abcdef1234", "2026.11.0-draft.1")


def test_annotations_that_answer_in_a_circle_are_read_once_each(
    printed: Printed, read: Callable[..., list[Comment]]
) -> None:
    box = printed.spots[0].boxes[0]

    def make(pdf: pikepdf.Pdf) -> list[Any]:
        one, two = note(pdf, box, Contents="one"), note(pdf, box, Contents="two")
        one.IRT, two.IRT = two, one
        own = note(pdf, box, Contents="own")
        own.IRT = own
        return [one, two, own]

    comments = read(printed.spots[0].page, make)

    assert sorted(c.body for c in comments) == ["one", "own", "two"]


def test_annotations_of_wrong_types_are_counted_and_the_others_read(
    printed: Printed, tmp_path: Path
) -> None:
    spot = printed.spots[0]

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        good = mark(pdf, spot.boxes, Contents="good")
        broken = [
            7,
            Array([1, 2]),
            Dictionary(Subtype=Name.Text, Rect=Array([Name.A, 1, 2, 3]), Contents=String("x")),
            Dictionary(Subtype=Name.Highlight, QuadPoints=Array([2e6] * 8)),
            Dictionary(Subtype=Name.Text, Rect=String("no"), Contents=Array([1]), IRT=5, T=Name.A),
        ]
        return {spot.page: [*broken, good]}

    path = annotate.annotate(printed.pdf, tmp_path / "a.pdf", make)
    comments, [problem] = pdfcomments.read(path, lambda _commit: printed.texts)

    assert "good" in [c.body for c in comments]
    assert "a.pdf: 4 annotations cannot be understood" in problem


def test_a_damaged_file_is_read_as_far_as_it_can_be_and_said_to_be_damaged(
    printed: Printed, tmp_path: Path
) -> None:
    spot = printed.spots[0]

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        overflowing = Dictionary(Subtype=Name.Text, Rect=Array([1e300] * 4))
        return {1: [overflowing], spot.page: [mark(pdf, spot.boxes, Contents="good")]}

    path = annotate.annotate(printed.pdf, tmp_path / "a.pdf", make)
    comments, [problem] = pdfcomments.read(path, lambda _commit: printed.texts)

    assert [c.body for c in comments] == ["good"]
    assert "a.pdf: it is damaged" in problem


@pytest.mark.parametrize("data", [b"%PDF-1.7\nthis is none", b"%PDF-1.7\n%%EOF", b""])
def test_a_file_that_is_no_pdf_is_refused_by_its_name(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    path.write_bytes(data)

    with pytest.raises(BookpressError, match=r"draft\.pdf: it cannot be read as a PDF"):
        pdfcomments.read(path, lambda _commit: {})


def test_a_tree_of_pages_that_bites_its_tail_ends(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Pages.Kids = Array([pdf.Root.Pages, *pdf.Root.Pages.Kids])
        pdf.save(path)

    with contextlib.suppress(BookpressError):  # to refuse it is right, and so is to find nothing
        assert pdfcomments.read(path, lambda _commit: {}) == ([], [])


def test_nearly_all_marks_are_found_in_the_right_block(printed: Printed, tmp_path: Path) -> None:
    spots = printed.spots

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        made: dict[int, list[Any]] = {}
        for number, spot in enumerate(spots):
            order = annotate.ORDERS[number % len(annotate.ORDERS)]
            found = mark(pdf, spot.boxes, order=order, Contents=str(number), NM=f"n{number}")
            made.setdefault(spot.page, []).append(found)
        return made

    path = annotate.annotate(printed.pdf, tmp_path / "a.pdf", make)
    comments, _ = pdfcomments.read(path, lambda _commit: printed.texts)

    wrong = []
    for comment in comments:
        spot = spots[int(comment.body)]
        place = anchor.attach(comment, printed.texts)
        own = place and printed.texts[place.chapter].path == spot.path
        if not place or not own or not spot.first_line <= place.line <= spot.last_line:
            wrong.append((spot, place))
    assert len(comments) == len(spots) > 100
    assert len(wrong) <= 0.01 * len(spots), wrong


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_broken_file_is_read_or_refused(
    printed: Printed, tmp_path: Path, data: st.DataObject
) -> None:
    spots = printed.spots[:5]

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        return {s.page: [mark(pdf, s.boxes, Contents="x")] for s in spots}

    path = annotate.annotate(printed.pdf, tmp_path / "broken.pdf", make)
    broken = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 40))):
        broken[data.draw(st.integers(8, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(broken[: data.draw(st.integers(len(broken) // 2, len(broken)))])

    try:
        comments, _ = pdfcomments.read(path, lambda _commit: printed.texts)
    except BookpressError as error:
        assert "broken.pdf" in error.problem  # noqa: PT017  (to read it is right as well)
    else:
        assert len(comments) <= len(spots)


_PDF_VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(max_size=20).map(lambda words: f" {words}")
    | st.sampled_from(["/A", "/Highlight", "/StrikeOut", "/Caret", "/Group"]),
    lambda inner: st.lists(inner, max_size=9),
    max_leaves=10,
)
_PDF_KEYS = (
    "Subtype",
    "Rect",
    "QuadPoints",
    "Contents",
    "RC",
    "T",
    "NM",
    "IRT",
    "RT",
    "State",
    "M",
)


def _object(value: object) -> Any:  # noqa: ANN401
    """A name of a PDF for what begins as one, a string for other text, arrays for lists."""
    if isinstance(value, str):
        return Name(value) if value.startswith("/") else String(value)
    return Array([_object(item) for item in value]) if isinstance(value, list) else value


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(_PDF_KEYS, _PDF_VALUES)), max_size=6)
)
def test_whatever_an_annotation_holds_it_is_a_comment_or_counted(
    printed: Printed, tmp_path: Path, held: list[dict[str, Any]]
) -> None:
    spot = printed.spots[0]

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        wild = [
            Dictionary({f"/{key}": _object(value) for key, value in one.items()}) for one in held
        ]
        return {spot.page: [*wild, mark(pdf, spot.boxes, Contents="good")]}

    path = annotate.annotate(printed.pdf, tmp_path / "wild.pdf", make)
    comments, problems = pdfcomments.read(path, lambda _commit: printed.texts)

    assert "good" in [comment.body for comment in comments]
    unread = sum(int(problem.split()[1]) for problem in problems)
    assert len(comments) + unread == len(held) + 1
    for comment in comments:
        json.dumps(w3c.write(comment, {})).encode("utf-8")
