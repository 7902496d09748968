"""Answers that attach a comment to other words -> where it is looked for.

Who gives a comment another place leaves an answer to it that quotes the words and says REATTACHED;
what the reviewer wrote stays as it was. The last such answer counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bookpress.review.model import Comment, Motivation

if TYPE_CHECKING:
    from collections.abc import Iterable

REATTACHED = "Attached to these words."


def moved(comments: Iterable[Comment]) -> dict[str, Comment]:
    """The comments that were attached to other words, by id, as if they had quoted those."""
    known = {comment.id: comment for comment in comments}
    answers = [c for c in known.values() if c.selector and c.body == REATTACHED]
    return {
        to.parent: replace(known[to.parent], chapter=to.chapter, selector=to.selector)
        for to in answers
        if to.parent in known
    }


def move(comment: Comment, to: Comment) -> Comment:
    """Make the answer that attaches a comment to the words that `to` quotes."""
    answering = Motivation.REPLYING
    return replace(to, parent=comment.id, body=REATTACHED, replacement=None, motivation=answering)
