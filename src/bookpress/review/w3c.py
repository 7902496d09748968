"""Comments <-> W3C Web Annotations, the form in which they travel and are kept.

An annotation is as the Web Annotation Data Model has it (W3C Recommendation, 2017); what the model
has no name for stands under keys that begin with `book:`. Whatever comes in is taken for hostile.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from bookpress.errors import BookpressError
from bookpress.review import clean
from bookpress.review.model import (
    CONTEXT,
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_QUOTE,
    NOBODY,
    Comment,
    Decision,
    Motivation,
    Origin,
    Selector,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from enum import StrEnum

    _Choice = TypeVar("_Choice", bound=StrEnum)

Json = dict[str, Any]
CONTEXTS = ["http://www.w3.org/ns/anno.jsonld", {"book": "https://book.invalid/review#"}]
PDF = "http://tools.ietf.org/rfc/rfc8118"  # what a fragment of a PDF conforms to, in W3C's words
MOST = 10_000
"""How many annotations a file may hold."""
_LARGEST = 10_000_000


class MalformedError(BookpressError):
    """An annotation is none, or says nothing."""


def write(comment: Comment, sources: Mapping[str, str]) -> Json:
    """Make an annotation of a comment.

    sources: the manuscript file of each chapter, by slug, as book.yml spells it.
    """
    bodies = []
    if comment.body:
        bodies.append(_body(comment.body, _purpose(comment)))
    if comment.replacement is not None:
        bodies.append(_body(comment.replacement, Motivation.EDITING))
    unknown = f"{comment.chapter}.md" if comment.chapter else ""
    target: Json = {"source": sources.get(comment.chapter, unknown)}
    if selectors := [*_selectors(comment)]:
        target["selector"] = selectors
    made: Json = {
        "@context": CONTEXTS,
        "id": comment.id,
        "type": "Annotation",
        "motivation": str(comment.motivation),
        "creator": {"type": "Person", "name": comment.author},
        "body": bodies,
        "target": [comment.parent, target] if comment.parent else target,
        "book:origin": str(comment.origin),
    }
    extra = {
        "created": comment.created,
        "book:draft": comment.draft,
        "book:commit": comment.commit,
        "book:blocking": comment.blocking,
    }
    return made | {key: value for key, value in extra.items() if value}


def read(data: object, *, longest: int = LONGEST_BODY) -> Comment:
    """Make a comment of an annotation, ours or another tool's.

    longest: how many characters its body may have.
    Raises   MalformedError when it is none, says nothing, or says too much.
    """
    if not isinstance(data, dict):
        raise MalformedError("an annotation is an object")
    comments, edits = _bodies(data)
    body = clean.block("\n\n".join(comments), longest + 1)
    edit = clean.block(edits[0], longest + 1) if edits else None
    if max(len(body), len(edit or "")) > longest:
        raise MalformedError(f"a comment has more than {longest} characters")
    parent, target = _targets(data)
    selectors = [item for item in _list(target.get("selector")) if isinstance(item, dict)]
    selector = _selector(selectors)
    if not body and edit is None and not selector:
        raise MalformedError("a comment without words")
    motivation = _choice(Motivation, data.get("motivation"), Motivation.COMMENTING)
    chapter = PurePosixPath(clean.line(target.get("source"), 400)).stem
    author, created = _author(data.get("creator")), clean.moment(data.get("created"))
    quote = f"{selector.prefix}|{selector.exact}|{selector.suffix}" if selector else ""
    own = (chapter, quote, body, edit or "", author, created, parent)
    return Comment(
        id=clean.identifier(data.get("id"), *own),
        chapter=chapter,
        body=body,
        author=author,
        created=created,
        selector=selector,
        motivation=_motivation(motivation, edit, parent),
        replacement=edit,
        parent=parent,
        draft=clean.line(data.get("book:draft"), LONGEST_NAME),
        commit=clean.line(data.get("book:commit"), LONGEST_NAME),
        origin=_choice(Origin, data.get("book:origin"), Origin.STATIC),
        page=_page(selectors),
        blocking=data.get("book:blocking") is True,
    )


def collection(annotations: Sequence[Json], label: str) -> Json:
    """Put annotations into one AnnotationCollection, all on its first page."""
    return {
        "@context": CONTEXTS,
        "type": "AnnotationCollection",
        "label": label,
        "total": len(annotations),
        "first": {
            "type": "AnnotationPage",
            "items": [{k: v for k, v in a.items() if k != "@context"} for a in annotations],
        },
    }


def items(data: object) -> list[object]:
    """The annotations of a collection, a page, a list, or of one annotation.

    Raises  MalformedError when it is none of them, or holds more than MOST.
    """
    found = data
    if isinstance(found, dict) and isinstance(found.get("first"), dict):
        found = found["first"]
    if isinstance(found, dict):
        found = found.get("items", [found] if found.get("type") == "Annotation" else None)
    if not isinstance(found, list):
        raise MalformedError(
            "this holds no annotations", hint="a draft's download is one that does"
        )
    if len(found) > MOST:
        raise MalformedError(f"{len(found)} annotations are too many; the most is {MOST}")
    return found


def text(data: Json) -> str:
    """Write JSON the same way every time."""
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_decision(decision: Decision) -> Json:
    """Make an object of a decision."""
    fields = ("status", "reason", "commit", "who", "when")
    pairs = ((name, str(getattr(decision, name))) for name in fields)
    return {name: value for name, value in pairs if value}


def read_decision(data: object) -> Decision:
    """Make a decision of what `write_decision` made; raises MalformedError when it was not that."""
    if not isinstance(data, dict) or data.get("status") not in list(Status):
        raise MalformedError("this is no decision")
    return Decision(
        Status(data["status"]),
        clean.block(data.get("reason"), LONGEST_BODY),
        clean.line(data.get("commit"), LONGEST_NAME),
        clean.line(data.get("who"), LONGEST_NAME),
        clean.moment(data.get("when")),
    )


def _body(value: str, purpose: str) -> Json:
    return {
        "type": "TextualBody",
        "format": "text/plain",
        "purpose": str(purpose),
        "value": value,
    }


def _purpose(comment: Comment) -> Motivation:
    """What the words of a comment are for: those beside a suggestion explain it."""
    editing = comment.motivation is Motivation.EDITING
    return Motivation.COMMENTING if editing else comment.motivation


def _selectors(comment: Comment) -> Iterator[Json]:
    if found := comment.selector:
        quote = {"exact": found.exact, "prefix": found.prefix, "suffix": found.suffix}
        yield {"type": "TextQuoteSelector", **quote}
        yield {"type": "TextPositionSelector", "start": found.start, "end": found.end}
    if comment.page:
        yield {"type": "FragmentSelector", "conformsTo": PDF, "value": f"page={comment.page}"}


def _bodies(data: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What an annotation says, and what it suggests."""
    comments: list[str] = []
    edits: list[str] = []
    for body in _list(data.get("body", data.get("bodyValue"))):
        value = body.get("value") if isinstance(body, dict) else body
        if isinstance(value, str):
            is_edit = isinstance(body, dict) and body.get("purpose") == Motivation.EDITING
            (edits if is_edit else comments).append(value)
    return comments, edits


def _targets(data: Mapping[str, Any]) -> tuple[str, Json]:
    """The comment that an annotation replies to, and the place in a chapter that it is about."""
    parent = ""
    place: Json = {}
    for target in _list(data.get("target")):
        if isinstance(target, dict):
            place = place or target
        elif isinstance(target, str) and target:
            parent = parent or clean.identifier(target, target)
    return parent, place


def _selector(found: Sequence[Mapping[str, Any]]) -> Selector | None:
    quotes = [s for s in found if s.get("type") == "TextQuoteSelector"]
    exact = clean.line(quotes[0].get("exact"), LONGEST_QUOTE) if quotes else ""
    if not exact:
        return None
    places = [s for s in found if s.get("type") == "TextPositionSelector"] or [{}]
    start, end = _offset(places[0].get("start")), _offset(places[0].get("end"))
    # Context keeps its white space at the ends: without it words at the edge would touch.
    prefix = clean.context(quotes[0].get("prefix"))[-CONTEXT:]
    suffix = clean.context(quotes[0].get("suffix"))[:CONTEXT]
    return Selector(exact, prefix, suffix, start, max(start, end))


def _page(found: Sequence[Mapping[str, Any]]) -> int | None:
    for selector in found:
        value = selector.get("value")
        if selector.get("type") == "FragmentSelector" and isinstance(value, str):
            number = value.removeprefix("page=")
            if number.isascii() and number.isdecimal() and 1 <= len(number) <= 6:  # noqa: PLR2004
                return int(number) or None
    return None


def _author(creator: object) -> str:
    for one in _list(creator):
        name = one.get("name", one.get("nickname")) if isinstance(one, dict) else one
        if found := clean.line(name, LONGEST_NAME):
            return found
    return NOBODY


def _motivation(given: Motivation, edit: str | None, parent: str) -> Motivation:
    if parent:
        return Motivation.REPLYING
    if edit is not None:
        return Motivation.EDITING
    plain = given in (Motivation.COMMENTING, Motivation.QUESTIONING)
    return given if plain else Motivation.COMMENTING


def _choice(kind: type[_Choice], value: object, default: _Choice) -> _Choice:
    given = value if isinstance(value, str) else ""
    return next((choice for choice in kind if choice == given), default)


def _offset(value: object) -> int:
    return value if type(value) is int and 0 <= value <= _LARGEST else 0


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value[:100] if isinstance(value, list) else [value]
