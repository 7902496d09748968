"""`bookpress diff`: what has changed since a commit, as editions that can be trusted and sent."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from tests.review import rivers

from bookpress import prooftext
from bookpress.review.changes import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"


def diff(root: Path, *options: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bookpress", "-C", str(root), "diff", *options],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == code, done.stderr
    return done.stderr


def edit(file: Path, *edits: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def page(root: Path) -> str:
    return (root / "build/rivers-changes.html").read_text("utf-8")


def article(html: str, slug: str) -> str:
    found = re.search(rf'<article [^>]*id="{slug}".*?</article>', html, re.DOTALL)
    assert found
    return found[0]


def test_words_that_changed_are_struck_and_added_and_listed(book: Path) -> None:
    edit(book / "manuscript/weirs.md", ("took twelve minutes", "took nine minutes"))

    said = diff(book, "--since", "HEAD", "-f", "html")

    assert "1 Weirs: 1 change, +1 -1 words" in said
    html = page(book)
    assert '<del class="rev">twelve</del><ins class="rev">nine</ins>' in article(html, "weirs")
    assert 'href="#weirs.change-1"' in html
    assert 'id="weirs.change-1"' in html
    assert "Word for word as before: Locks." in html
    assert not re.search(r"<script|https?://(?!www\.w3\.org)[^\"]*\.(?:css|js|ttf)", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links <= set(ids)


def test_lines_filled_otherwise_are_no_change(book: Path) -> None:
    edit(book / "manuscript/weirs.md", ("says it\nmust be", "says\nit must be"))

    said = diff(book, "--since", "HEAD", "-f", "html")

    assert "nothing has changed that a reader would see" in said
    assert "Nothing has changed that a reader would see." in page(book)


def test_a_new_a_removed_and_a_renamed_chapter_are_told_apart(book: Path) -> None:
    (book / "manuscript/gates.md").write_text("# Gates\n\nA gate has one board.\n", "utf-8")
    (book / "manuscript/locks.md").unlink()
    (book / "manuscript/weirs.md").rename(book / "manuscript/dams.md")
    edit(book / "manuscript/dams.md", ("](locks.md)", "](gates.md)"))
    edit(
        book / "book.yml",
        ("manuscript/locks.md, title: Locks", "manuscript/gates.md, title: Gates"),
        ("manuscript/weirs.md", "manuscript/dams.md"),
        ('title: "Rivers: A Short Book"', 'title: "Rivers: A Shorter Book"'),
    )

    said = diff(book, "--since", "HEAD", "-f", "html")

    assert "2 Gates: 1 change, +6 -0 words; new in the book" in said
    assert "2 Locks: 1 change, +0 -6 words; removed from the book" in said
    assert "was manuscript/weirs.md" in said
    assert "book.yml: title: Rivers: A Short Book -> Rivers: A Shorter Book" in said
    html = page(book)
    assert "A lock has two gates." in article(html, "locks")
    assert 'class="chapter rev-gone"' in html
    assert 'class="chapter rev-new"' in html


def test_chapters_that_changed_places_are_told(book: Path) -> None:
    outline = (book / "book.yml").read_text("utf-8")
    *head, first, second = outline.splitlines(keepends=True)
    (book / "book.yml").write_text("".join([*head, second, first]), "utf-8")

    said = diff(book, "--since", "HEAD", "-f", "html")

    assert "stands elsewhere in the book" in said
    assert "was number 2" in said


@pytest.mark.parametrize(
    ("options", "problem", "hint"),
    [
        (["--since", "v9"], "git knows no commit v9", "git log --oneline"),
        (["--since=--upload-pack=x"], "git knows no commit --upload-pack=x", "git tag"),
        (["--since", "HEAD", "--chapter", "no"], "there is no chapter no", "weirs, locks"),
    ],
)
def test_what_is_not_there_is_named(
    book: Path, options: list[str], problem: str, hint: str
) -> None:
    said = diff(book, *options, "-f", "html", code=2)

    assert problem in said
    assert hint in said
    assert not list((book / "build").glob("*.html"))


def test_a_folder_without_a_repository_says_what_to_do(tmp_path: Path) -> None:
    root = rivers.small_book(tmp_path)
    shutil.rmtree(root / ".git")

    said = diff(root, "--since", "HEAD", code=2)

    assert "this folder is in no git repository" in said
    assert "git init" in said


def test_a_commit_before_the_book_is_told(book: Path) -> None:
    for command in (["rm", "-q", "--cached", "book.yml"], ["commit", "-q", "-m", "No book"]):
        who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
        subprocess.run(["git", *who, *command], cwd=book, check=True, capture_output=True)

    assert "there was no book" in diff(book, "--since", "HEAD", code=2)


def test_the_same_change_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    edit(book / "manuscript/weirs.md", ("took twelve minutes", "took nine minutes"))
    other = tmp_path / "elsewhere" / "rivers"
    shutil.copytree(book, other)

    diff(book, "--since", "HEAD", "-f", "html")
    diff(other, "--since", "HEAD", "-f", "html")

    assert page(book) == page(other)


def test_changed_pages_are_listed_and_taken_out_with_their_folios(
    book: Path, tmp_path: Path
) -> None:
    long = "".join(
        f"Paragraph {n} of the locks says what it says. {'Water. ' * 60}\n\n" for n in range(14)
    )
    edit(
        book / "manuscript/locks.md",
        ("A lock has two gates.\n", f"A lock has two gates.\n\n{long}"),
    )
    rivers.commit(book)
    edit(book / "manuscript/locks.md", ("Paragraph 9 of the locks", "Paragraph 9 of all locks"))
    edit(book / "manuscript/weirs.md", ("Nobody remembers the flood.\n\n", ""))
    other = tmp_path / "elsewhere" / "rivers"
    shutil.copytree(book, other)

    diff(book, "--since", "HEAD")
    diff(other, "--since", "HEAD")

    made = {path.name: path.read_bytes() for path in (book / "build").glob("rivers-change*")}
    again = {path.name: path.read_bytes() for path in (other / "build").glob("rivers-change*")}
    assert made == again
    listed = made["rivers-changed-pages.md"].decode()
    assert re.search(r"^\| 3 \| \d+ \| weirs \| 3 \|$", listed, re.MULTILINE)
    assert "2 of " in listed
    pages = made["rivers-changed-pages.pdf"]
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        labels = [str(label.P) for label in list(pdf.Root.PageLabels.Nums)[1::2]]
    folios = re.findall(r"^\| (\S+) \|", listed, re.MULTILINE)[1:]
    assert labels == folios
    assert "Paragraph 9 of all locks" in " ".join(prooftext.page_texts(pages)[1].split())
    whole = made["rivers-changes.pdf"]
    texts = [" ".join(text.split()) for text in prooftext.page_texts(whole)]
    assert any("Nobody remembers the flood." in text for text in texts)
    assert any("Paragraph 9 of theall locks" in text for text in texts)


def test_axe_finds_nothing_in_the_edition(tmp_path: Path, browse: Callable[..., object]) -> None:
    root = tmp_path / "book"
    shutil.copytree(CLEAN_BOOK, root, ignore=shutil.ignore_patterns("build", "golden"))
    rivers.commit(root)
    edit(
        root / "manuscript/beams.md", ("* span**3 / 48 / STIFFNESS  #", "* span**3 / STIFFNESS  #")
    )
    edit(root / "manuscript/beams.md", ("Everything does, a little.", "Everything does."))
    (root / "manuscript/images/beam.svg").write_text(
        (root / "manuscript/images/beam.svg").read_text("utf-8").replace("700 N", "800 N"), "utf-8"
    )
    diff(root, "--since", "HEAD", "-f", "html")

    found = browse("look", address=(root / "build/bridges-changes.html").as_uri())

    assert found == {"light": [], "dark": [], "phone": [], "wide": 0, "turns": "#beams.change-2"}


def test_every_fragment_of_the_edition_is_well_formed(book: Path) -> None:
    edit(book / "manuscript/weirs.md", ("`keeper` says", "*nobody* says"))

    diff(book, "--since", "HEAD", "-f", "html")

    assert nodes.parse(article(page(book), "weirs"))
