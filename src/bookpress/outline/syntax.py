"""What PyYAML says in a parser's words -> the same in an author's, and what to type."""

from __future__ import annotations

from dataclasses import dataclass

BACKSLASH = r"in double quotes a backslash is written \\"


@dataclass(frozen=True, slots=True)
class Saying:
    """A complaint about the syntax.

    sign: what PyYAML's message contains (6.0; scanner.py, parser.py, composer.py).
    """

    sign: str
    problem: str
    hint: str

    @property
    def at_begin(self) -> bool:
        """Say whether it is told where the construct begins, not where the parser gave up."""
        return self.sign in _AT_BEGIN


_AT_BEGIN = ("expected alphabetic", "expected ':'", "end of stream", "expected ',' or")
_SAYINGS = (
    Saying("single document", "a second document begins here", "delete the line `---`"),
    Saying("mapping values are not", "a colon is not expected here",
           'a text with a colon stands in quotes: "CI: the loop"; or check the indentation'),
    Saying(r"'\t'", "a tab stands where spaces should", "indent with spaces"),
    Saying("cannot start any token", "a text cannot begin like this", "put it in quotes"),
    Saying("expected alphabetic", "a text cannot begin like this", "put it in quotes"),
    Saying("expected ':'", "this line has no colon", "a key ends with a colon and a space"),
    Saying("end of stream", "the quoted text that begins here does not end", "add the quote"),
    Saying("expected ',' or", "the bracket that opens here does not close, or a comma is missing",
           "add the bracket or the comma"),
    Saying("'<scalar>'", "something follows a text in quotes", "put all of it in quotes"),
    Saying("<block end>", "the indentation does not fit the lines above",
           "entries of one list or mapping begin in the same column"),
    Saying("sequence entries", "an entry of a list is not expected here",
           "begin it on a line of its own, or put the text in quotes"),
    Saying("node content", "a value is missing, or begins with a sign of YAML",
           "write it, in quotes"),
    Saying("escape", "this escape is unknown", BACKSLASH),
)  # fmt: skip


def explain(said: str) -> Saying:
    """Find the author's words for a message of PyYAML; a rare one is passed on as it is."""
    for saying in _SAYINGS:
        if saying.sign in said:
            return saying
    return Saying("", f"not YAML: {said}", "compare it with what `bookpress new` writes")
