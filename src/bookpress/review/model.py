"""What reviewers wrote, where it is in today's text, and what the author decided, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONTEXT = 32
"""How many characters before and after a quote are kept with it."""
LONGEST_BODY, LONGEST_QUOTE, LONGEST_NAME = 8000, 4000, 80
"""What fits a comment, in characters: a longer quote or name is cut, a longer body refused."""
LONGEST_FILED = 64_000
"""What fits the body of a comment that comes in a file; what is longer is cut, and says so."""
NOBODY = "somebody"
"""Who wrote what nobody has signed."""


class Motivation(StrEnum):
    """Why somebody wrote a comment: Web Annotation Vocabulary, section 3.3."""

    COMMENTING = "commenting"
    EDITING = "editing"
    QUESTIONING = "questioning"
    REPLYING = "replying"


class Origin(StrEnum):
    """What a comment came in."""

    WEB = "web"
    STATIC = "static"
    PDF = "pdf"
    DOCX = "docx"
    ISSUE = "issue"


class Status(StrEnum):
    """How far a comment is; only the author changes it."""

    OPEN = "open"
    RESOLVED = "resolved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Selector:
    """A piece of a chapter's text as `text` makes it: TextQuoteSelector and TextPositionSelector.

    prefix, suffix: up to CONTEXT characters around it.
    start, end:     offsets in Unicode characters, not in UTF-16 units; a hint, for drafts differ.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reviewer wrote; nobody rewrites it.

    id:          an IRI, unique and without white space: "urn:uuid:..." as a rule.
    parent:      the id of the comment that this one replies to; "" for none.
    chapter:     slug of the chapter in the draft; "" where nobody knows.
    selector:    None for a comment on a whole chapter or page, and for a reply.
    replacement: what the words are to become, "" to strike them out; None without a suggestion.
    created:     ISO 8601 in UTC; "" where nobody knows.
    draft:       version and commit of the draft that was read; "" where nobody knows.
    page:        of a PDF, counted from 1.
    blocking:    the book must not be released before the author has decided.
    """

    id: str
    chapter: str
    body: str
    author: str = NOBODY
    created: str = ""
    selector: Selector | None = None
    motivation: Motivation = Motivation.COMMENTING
    replacement: str | None = None
    parent: str = ""
    draft: str = ""
    commit: str = ""
    origin: Origin = Origin.STATIC
    page: int | None = None
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment is in today's manuscript: derived, and computed anew with every draft.

    line, line_end: of the chapter's source, counted from 1.
    start, end:     offsets into the chapter's text, as those of a selector.
    score:          how well the words there are those of the quote, 0 to 1.
    """

    chapter: str
    line: int
    line_end: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What the author decided about a comment: an event, never taken back but by a later one.

    reason: why it was declined or reopened, or what was done.
    commit: the one that did what was asked for; "" for none.
    when:   ISO 8601 in UTC.
    """

    status: Status
    reason: str = ""
    commit: str = ""
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment with all that is known of it.

    number:    a short name within one store, from 1, for people to type.
    decisions: oldest first.
    place:     None while the comment is an orphan, and for a reply.
    last:      where it was last seen; None when it never had a place.
    """

    number: int
    comment: Comment
    decisions: tuple[Decision, ...] = ()
    place: Place | None = None
    last: Place | None = None

    @property
    def status(self) -> Status:
        """Open until the author decides."""
        return self.decisions[-1].status if self.decisions else Status.OPEN

    @property
    def orphan(self) -> bool:
        """Say whether what it is about is no longer in the book, or was never found there."""
        return self.place is None and not self.comment.parent
