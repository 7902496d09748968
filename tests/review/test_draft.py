"""The draft as files: one that needs nothing else, the same from the same manuscript."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from bookpress import build, outputs
from bookpress.cli import run
from bookpress.errors import BookpressError
from bookpress.review import desk, draft, making, reviews
from bookpress.review.model import Comment, Selector

CLEAN_BOOK = Path(__file__).parents[1] / "clean_book"
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
STYLES = Path(__file__).parents[2] / "styles"


class Names(HTMLParser):
    """The identifiers of a page, and what it asks for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in {"href", "src"} and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that uses every component."""
    root = tmp_path_factory.mktemp("clean") / "book"
    shutil.copytree(CLEAN_BOOK, root, ignore=shutil.ignore_patterns("build", "golden"))
    return root


@pytest.fixture(scope="module")
def page(clean: Path) -> str:
    return making.build(clean, paged=False)[making.HTML].decode()


def element(page: str, name: str, attributes: str = "") -> str:
    [found] = re.findall(rf"<{name}{attributes}>(.*?)</{name}>", page, re.DOTALL)
    return str(found)


def test_a_draft_asks_for_nothing_outside_itself(page: str) -> None:
    links = Names(page).links

    outside = {link for link in links if not link.startswith(("#", "data:", "https://"))}
    assert outside == set()
    assert not re.findall(r"url\((?!\"?(?:data:|#))", page)


def test_every_link_within_a_draft_leads_somewhere(page: str) -> None:
    names = Names(page)

    assert len(names.ids) == len(set(names.ids))
    assert {link[1:] for link in names.links if link.startswith("#")} <= set(names.ids)
    assert len([link for link in names.links if link.startswith("#")]) > 20


def test_the_policy_names_the_script_and_the_style_by_their_hashes(page: str) -> None:
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0]

    for name in ("script", "style"):
        digest = hashlib.sha256(element(page, name).encode()).digest()
        assert f"sha256-{base64.b64encode(digest).decode()}" in policy
    assert "connect-src &#39;none&#39;" in policy


def test_the_same_manuscript_and_comments_give_the_same_bytes(book: Path) -> None:
    with reviews.open_store(book, desk.read(book)[0].book) as comments:
        comments.add(Comment("urn:1", "weirs", "By whom?", selector=Selector("twelve minutes")))

    first = making.build(book, paged=False)
    shutil.rmtree(book / "build")

    assert making.build(book, paged=False) == first
    assert b"By whom?" in first[making.HTML]


def test_known_comments_are_in_the_draft_at_their_places(book: Path) -> None:
    with reviews.open_store(book, desk.read(book)[0].book) as comments:
        comments.add(Comment("urn:1", "weirs", "</script>", selector=Selector("twelve minutes")))

    page = making.build(book, paged=False)[making.HTML].decode()

    data = json.loads(element(page, "script", ' type="application/json" id="draft-data"'))
    [entry] = data["comments"]
    assert entry["annotation"]["body"][0]["value"] == "</script>"
    assert (entry["place"]["chapter"], entry["place"]["line"]) == ("weirs", 5)


def test_a_draft_says_which_commit_it_is_and_whether_it_was_edited(book: Path) -> None:
    clean = draft.stamp(book, desk.read(book)[0])
    chapter = book / "manuscript/weirs.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nOne more.\n", "utf-8")

    edited = draft.stamp(book, desk.read(book)[0])

    assert re.fullmatch(r"2026\.11\.0-draft\.1 · [0-9a-f]{7}", clean.label)
    assert edited.label == f"{clean.label}+edits"
    assert edited.commit == clean.commit


def test_a_book_in_no_repository_has_a_draft_too(clean: Path, page: str) -> None:
    assert draft.stamp(clean, desk.read(clean)[0]).label == "1.0"
    assert '<span class="stamp">Draft 1.0</span>' in page


@pytest.mark.parametrize(
    ("html", "located"),
    [
        ('<p data-pos="m/a.md@3:1-4:1">One</p>', '<p data-pos="3:1-4:1" data-at="ch01:3">One</p>'),
        (
            '<div data-pos="m/a.md@3:1-9:1">\n<p data-pos="m/a.md@4:1-5:1">One</p></div>',
            '<div data-pos="3:1-9:1" data-at="ch01:3">\n<p data-pos="4:1-5:1">One</p></div>',
        ),
        (
            '<hr data-pos="a.md@3:1-9:1">1<p data-pos="a.md@9:1-9:3">2</p>',
            '<hr data-pos="3:1-9:1" data-at="ch01:3">1<p data-pos="9:1-9:3" data-at="ch01:9">2</p>',
        ),
        ('<li>A <em data-pos="a.md@3:1-4:1">b</em></li>', "<li>A <em>b</em></li>"),
        ("<p>No position</p>", "<p>No position</p>"),
    ],
)
def test_a_block_shows_its_line_unless_the_one_around_it_does(html: str, located: str) -> None:
    assert draft.locate(html, "ch01") == located


def test_a_draft_holds_of_each_font_what_can_be_met(page: str) -> None:
    fonts = [
        base64.b64decode(found) for found in re.findall(r"data:font/ttf;base64,([^\"]+)", page)
    ]

    assert len(fonts) == 13
    assert all(data[:4] == b"\0\1\0\0" for data in fonts)
    assert sum(map(len, fonts)) < 700_000


def test_a_styles_folder_without_the_draft_s_own_is_told(book: Path) -> None:
    shutil.copytree(STYLES, book / "styles", ignore=shutil.ignore_patterns("review.js"))

    with pytest.raises(BookpressError, match=r"there is no review\.js in styles/"):
        making.build(book, paged=False)


def test_a_script_that_would_end_the_page_is_refused(book: Path) -> None:
    shutil.copytree(STYLES, book / "styles")
    script = book / "styles/review.js"
    script.write_text(f"{script.read_text('utf-8')}\n// </script>\n", "utf-8")

    with pytest.raises(BookpressError, match="would end"):
        making.build(book, paged=False)


def test_build_puts_the_draft_into_the_build_folder(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["-C", str(book), "review", "build", "--no-pdf"])

    assert code == 0
    assert (book / "build/draft.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert "draft.html (0." in capsys.readouterr().err


@pytest.fixture(scope="module")
def papers(clean: Path) -> tuple[list[str], list[str], bytes]:
    """The pages of the screen edition and of the draft, as text."""
    made = build.build(clean, [build.Edition.SCREEN], modified=DAY)
    drafted = making.build(clean)[making.PDF]
    texts = []
    for data in (made.artifacts["bridges-screen.pdf"], drafted):
        with pypdfium2.PdfDocument(data) as pdf:
            texts.append([page.get_textpage().get_text_bounded() for page in pdf])
    return texts[0], texts[1], drafted


@pytest.mark.slow
def test_the_paper_draft_has_the_pages_of_the_edition_with_stamp_and_lines(
    papers: tuple[list[str], list[str], bytes],
) -> None:
    edition, drafted, _ = papers

    def words(page: str) -> list[str]:
        return re.sub(r"Draft 1\.0|\b[\w-]+:\d+\b", "", page).split()

    printed = [page for page in drafted if page.strip()]
    assert len(drafted) == len(edition)
    assert all("Draft 1.0" in page for page in printed)
    assert any("ch01:12" in page for page in drafted)
    assert [sorted(words(d)) for d in drafted] == [sorted(words(e)) for e in edition]


@pytest.mark.slow
def test_the_paper_draft_says_in_its_properties_what_it_is(book: Path) -> None:
    made = making.build(book)
    outputs.publish(book / "build", made)

    stamp = draft.stamp(book, desk.read(book)[0])
    with pikepdf.open(io.BytesIO(made[making.PDF])) as pdf:
        about = {str(name): str(value) for name, value in pdf.docinfo.items()}
    assert (about["/bookcommit"], about["/bookdraft"]) == (stamp.commit, stamp.label)
