"""Annotations come from anywhere: what is one is read, and what is none is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookpress.review import w3c
from bookpress.review.model import (
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_QUOTE,
    NOBODY,
    Decision,
    Motivation,
    Status,
)

FOREIGN = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "http://example.org/anno/1",
    "type": "Annotation",
    "creator": "Ana",
    "created": "2026-11-20T12:00:00+02:00",
    "body": "Who opens it?",
    "target": {
        "source": "https://example.org/manuscript/weirs.md",
        "selector": {"type": "TextQuoteSelector", "exact": "the  sluice\n", "prefix": "noon "},
    },
}


def annotation(**changed: Any) -> dict[str, Any]:  # noqa: ANN401
    return FOREIGN | changed


def test_an_annotation_of_another_tool_is_read() -> None:
    comment = w3c.read(FOREIGN)

    assert comment.selector
    assert (comment.selector.exact, comment.selector.prefix) == ("the sluice", "noon ")
    assert (comment.chapter, comment.author) == ("weirs", "Ana")
    assert (comment.body, comment.created) == ("Who opens it?", "2026-11-20T10:00:00Z")


def test_an_edit_and_a_reply_are_told_apart() -> None:
    edit = {"type": "TextualBody", "purpose": "editing", "value": ""}

    suggestion = w3c.read(annotation(body=[edit]))
    answer = w3c.read(annotation(target="urn:uuid:1", body="Yes."))

    assert (suggestion.replacement, suggestion.motivation) == ("", Motivation.EDITING)
    assert (answer.parent, answer.motivation) == ("urn:uuid:1", Motivation.REPLYING)


def test_controls_of_a_terminal_and_marks_of_direction_do_not_get_in() -> None:
    evil = "a\x1b[31mb\x07\u202ec\x00d\ud800e\r\nf"

    comment = w3c.read(annotation(body=evil, creator=evil))

    assert comment.body == "a\ufffd[31mb\ufffd\ufffdc\ufffdd\ufffde\nf"
    assert comment.author == "a\ufffd[31mb\ufffd\ufffdc\ufffdd\ufffde f"


def test_long_names_and_quotes_are_cut_and_long_bodies_refused() -> None:
    quote = {"type": "TextQuoteSelector", "exact": "x" * 99_999, "prefix": "p" * 999 + "end"}

    comment = w3c.read(annotation(creator="n" * 999, target={"source": "a.md", "selector": quote}))

    assert comment.selector
    assert len(comment.selector.exact) == LONGEST_QUOTE
    assert comment.selector.prefix.endswith("end")
    assert len(comment.author) == LONGEST_NAME
    with pytest.raises(w3c.MalformedError, match="more than 8000 characters"):
        w3c.read(annotation(body="x" * (LONGEST_BODY + 1)))


@pytest.mark.parametrize(
    "data",
    [None, 7, "x", [], {}, annotation(body=None, target=None), annotation(body=[], target={})],
)
def test_what_says_nothing_is_refused(data: object) -> None:
    with pytest.raises(w3c.MalformedError):
        w3c.read(data)


def test_an_annotation_without_an_id_always_gets_the_same() -> None:
    first, second = (w3c.read(annotation(id=wrong)) for wrong in (None, "no id, for it has spaces"))

    assert first.id == second.id
    assert first.id.startswith("urn:uuid:")
    assert w3c.read(annotation(id=None, body="other")).id != first.id
    assert w3c.read(annotation(creator=None)).author == NOBODY


def test_collections_pages_lists_and_single_annotations_are_taken() -> None:
    made = w3c.collection([FOREIGN], "one")

    assert made["total"] == 1
    for data in (made, made["first"], [FOREIGN], FOREIGN):
        [item] = w3c.items(data)
        assert w3c.read(item) == w3c.read(FOREIGN)
    with pytest.raises(w3c.MalformedError):
        w3c.items({"type": "Letter"})
    with pytest.raises(w3c.MalformedError, match="too many"):
        w3c.items([{}] * (w3c.MOST + 1))


def test_a_decision_comes_back_as_it_was_made() -> None:
    decision = Decision(Status.DECLINED, "no", "abc1234", "Tomas", "2026-11-21T08:00:00Z")

    assert w3c.read_decision(w3c.write_decision(decision)) == decision
    with pytest.raises(w3c.MalformedError):
        w3c.read_decision({"status": "forgotten"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_KEYS = ("id", "creator", "created", "body", "bodyValue", "target", "motivation", "book:draft")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_KEYS, _JSON)), _JSON)
def test_whatever_comes_is_a_comment_that_can_be_written_again_or_refused(
    changed: dict[str, Any], selector: object
) -> None:
    target = {"source": changed.get("id"), "selector": [selector, {"type": "TextQuoteSelector"}]}

    for data in (annotation(**changed), FOREIGN | changed | {"target": target}, changed):
        try:
            comment = w3c.read(data)
        except w3c.MalformedError:
            continue
        written = w3c.text(w3c.write(comment, {}))
        assert w3c.read(json.loads(written.encode("utf-8"))) == comment
        assert not any(ord(c) < 32 and c not in "\n\t" for c in comment.body + comment.author)
