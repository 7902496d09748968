"""From a draft to letters: three tools, one list, an edit, decisions, and what has changed."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pypandoc
import pytest
from tests.review import annotate, rivers

from bookpress import prooftext

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.review.annotate import Box

pytestmark = pytest.mark.slow
WORD = """\
# Locks

A lock has [Always?]{.comment-start id="0" author="Tomas" date="2026-11-20T10:00:00Z"}two
gates[]{.comment-end id="0"}, and
[both are]{.insertion author="Tomas" date="2026-11-20T10:01:00Z"}[each
is]{.deletion author="Tomas" date="2026-11-20T10:01:00Z"} made of oak.
"""


def press(root: Path, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bookpress", "-C", root, *arguments],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def annotated(
    pdf: bytes,
    words: str,
    path: Path,
    **more: Any,  # noqa: ANN401  (what a PDF may hold)
) -> Path:
    """A copy of a draft in which Tomas has marked words and said something."""
    number, box = place_of(pdf, words)

    def make(copy: Any) -> dict[int, list[Any]]:  # noqa: ANN401  (pikepdf has no types for it)
        return {number: [annotate.mark(copy, [box], T="Tomas", NM="round-1", **more)]}

    return annotate.annotate(pdf, path, make)


def place_of(pdf: bytes, words: str) -> tuple[int, Box]:
    """The page of words that stand in one line, and the box around them."""
    wanted = "".join(words.split())
    for number in range(1, len(prooftext.page_texts(pdf)) + 1):
        letters = [(c, box) for c, box in prooftext.letters(pdf, number) if not c.isspace()]
        start = "".join(c for c, _ in letters).find(wanted)
        if start >= 0:
            left, bottom, right, top = zip(
                *(box for _, box in letters[start : start + len(wanted)]), strict=True
            )
            return number, (min(left), min(bottom), max(right), max(top))
    pytest.fail(f"the draft does not print {words}")


def number_of(listed: str, words: str) -> str:
    """The number of the comment in whose entry these words stand."""
    [entry] = [entry for entry in re.split(r"\n(?=\S)", listed) if words in entry]
    found = re.search(r"\[(\d+)\]", entry)
    assert found
    return found[1]


def test_three_tools_one_list_an_edit_decisions_letters_and_what_has_changed(
    book: Path, tmp_path: Path, browse: Callable[..., Any]
) -> None:
    locks, weirs = book / "manuscript/locks.md", book / "manuscript/weirs.md"
    locks.write_text("# Locks\n\nA lock has two gates, and each is made of oak.\n", "utf-8")
    rivers.commit(book)
    press(book, "review", "build")
    draft = (book / "build/draft.pdf").read_bytes()

    browse("file", address=(book / "build/draft.html").as_uri(), slug="weirs", folder=tmp_path)
    marked = annotated(
        draft, "Nobody remembers", tmp_path / "marked.pdf", Contents="Ana’s father does."
    )
    word = tmp_path / "locks.docx"
    pypandoc.convert_text(WORD, "docx", format="markdown", outputfile=str(word))
    files = [*sorted(tmp_path.glob("comments-*.json")), marked, word]
    taken = press(book, "review", "import", *files)
    again = press(book, "review", "import", *files)

    assert "6 new, 0 known, 0 without a place" in taken
    assert "0 new, 6 known" in again
    listed = press(book, "review", "list")
    assert "manuscript/weirs.md:7:" in listed
    assert "manuscript/locks.md:3:" in listed

    edited = weirs.read_text("utf-8").replace("twelve minutes", "nine minutes")
    weirs.write_text(edited.replace("Nobody remembers the flood.\n\n", ""), "utf-8")
    locks.write_text("# Locks\n\nA lock has two gates, and both are made of oak.\n", "utf-8")
    rivers.commit(book)
    press(book, "review", "reanchor")
    orphans = press(book, "review", "list", "--orphans")

    assert "Ana’s father does." in orphans
    assert "ORPHAN" in orphans
    listed = press(book, "review", "list")
    done = [number_of(listed, words) for words in ("nine minutes", "both are", "father does")]
    press(book, "review", "resolve", *done, "--who", "Ana")
    asked = number_of(listed, "Always?")
    press(
        book, "review", "decline", asked, "--reason", "A lock with one is a weir.", "--who", "Ana"
    )
    notes = press(book, "check")
    assert "By whom?" in notes
    assert "Always?" not in notes

    letters = press(book, "review", "letter")
    changed = press(book, "diff", "--since", "HEAD~1", "-f", "html")

    assert "Dear Ana" in letters
    assert "Dear Tomas" in letters
    assert "A lock with one is a weir." in letters
    assert "you suggested “nine minutes”" in letters
    assert "## Still open" in letters
    assert "1 Weirs: 2 changes" in changed
    assert "2 Locks: 1 change" in changed
    html = (book / "build/rivers-changes.html").read_text("utf-8")
    assert '<del class="rev">twelve</del><ins class="rev">nine</ins>' in html
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=book, capture_output=True, check=True, text=True
    )
    assert "sqlite" not in status.stdout
