"""A review from the first file to the letters, as an author types it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.review import annotate, sample

from bookpress import cli, outline
from bookpress import commit as repository
from bookpress.review import anchor, history, letters, listing, reviews, text, w3c
from bookpress.review.model import Comment, Decision, Entry, Motivation, Selector, Status

if TYPE_CHECKING:
    from pathlib import Path

    import pikepdf
    from tests.review.conftest import Printed

pytestmark = pytest.mark.slow

DRAFT = "2026.11.0-draft.1 · abc1234"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = sample.book(tmp_path / "book")
    git(made, "init", "--quiet")
    commit(made, "The book")
    monkeypatch.chdir(made)
    return made


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Tomas", "-c", "user.email=tomas@example.org")
    subprocess.run(("git", *who, *arguments), cwd=root, check=True, capture_output=True)


def commit(root: Path, message: str) -> None:
    git(root, "add", "book.yml", "manuscript/weirs.md", "manuscript/gauges.md")
    git(root, "commit", "--quiet", "--message", message)


def remark(root: Path, slug: str, quote: str, body: str, *, name: str = "Ana") -> Comment:
    chapter = text.load(root)[slug]
    start = chapter.text.index(quote)
    selector = anchor.select(chapter.text, start, start + len(quote))
    identifier = f"urn:x:{name}-{body.split(maxsplit=1)[0]}"
    return Comment(identifier, slug, body, name, "2026-11-20T10:00:00Z", selector, draft=DRAFT)


@pytest.fixture
def download(root: Path) -> Path:
    """Three comments and an answer, as a draft's page saves them."""
    first = remark(root, "weirs", "sluice is opened by hand", "Who *opens* it?")
    second = remark(root, "weirs", "every hour", "Even at night?")
    third = remark(root, "gauges", "two gauges", "Three, I think.", name="Tomas")
    edit = replace(third, replacement="three gauges", motivation=Motivation.EDITING)
    answer = replace(
        remark(root, "weirs", "every hour", "Yes.", name="Tomas"),
        parent=second.id,
        selector=None,
        motivation=Motivation.REPLYING,
    )
    made = w3c.collection([w3c.write(c, {}) for c in (first, second, edit, answer)], "all")
    path = root.parent / "comments.json"
    path.write_text(w3c.text(made), "utf-8")
    return path


def run(*arguments: str) -> int:
    return cli.run(["review", *arguments])


def test_a_review_from_the_download_to_the_letter(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", str(download)) == 0
    printed = capsys.readouterr()
    assert (
        "manuscript/weirs.md:5: [1] Ana, 2026-11-20\n    “sluice is opened by hand”" in printed.out
    )
    assert "    > Tomas: Yes." in printed.out
    assert "4 new, 0 known, 0 without a place" in printed.err

    assert run("resolve", "1", "--who", "Tomas") == 0
    assert run("decline", "2", "--reason", "At night as well.", "--who", "Tomas") == 0
    assert run("list", "--open") == 0
    listed = capsys.readouterr().out
    assert "manuscript/gauges.md:10: [3] Tomas" in listed
    assert "[1]" not in listed

    assert run("letter", "Ana") == 0
    letter = capsys.readouterr().out
    head = repository.name(root)[:12]
    assert letter == (
        "Dear Ana,\n\n"
        f"thank you for reading the draft of {DRAFT} of “Weirs and Gauges” and for two comments."
        " This is what became of them: one done and one declined.\n\n"
        "## Done\n\n**Weirs**\non “sluice is opened by hand”\n\n> Who \\*opens\\* it?\n\n"
        f"Done in {head}.\n\n"
        "## Not done, and why\n\n**Weirs**\non “every hour”\n\n> Even at night?\n\n"
        "Declined: At night as well.\n"
    )

    assert run("reopen", "2", "--reason", "Ana is right.") == 0
    assert run("list", "--open", "--format", "json") == 0
    found = {item["number"]: item["status"] for item in json.loads(capsys.readouterr().out)}
    assert found == {2: "open", 3: "open", 4: "open"}


def test_comments_go_with_their_words_and_orphans_are_listed_until_they_are_decided(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "--quiet", str(download))
    path = root / "manuscript/weirs.md"
    changed = sample.WEIRS.replace("At noon the", "It rains.\n\nAt noon, the old")
    path.write_text(changed.replace("The keeper writes down the level every hour. ", ""), "utf-8")
    capsys.readouterr()

    assert run("reanchor", "--dry-run") == 0
    assert "1 kept, 1 moved, 1 orphaned" in capsys.readouterr().out
    assert run("reanchor") == 0
    assert "[1] moved: manuscript/weirs.md:7: Who *opens* it?" in capsys.readouterr().out
    assert run("reanchor") == 0
    assert "2 kept, 1 orphaned" in capsys.readouterr().out

    assert run("list", "--orphans") == 0
    assert "manuscript/weirs.md:8: [2] Ana, 2026-11-20, ORPHAN" in capsys.readouterr().out


def test_what_is_exported_comes_back_in_another_clone(
    root: Path, download: Path, tmp_path: Path
) -> None:
    run("import", "--quiet", str(download))
    run("decline", "2", "--reason", "no")
    run("export", "--quiet")
    files = {p.name: p.read_bytes() for p in (root / reviews.FOLDER).glob("*.json")}
    run("export", "--quiet")
    other = sample.book(tmp_path / "clone")
    (other / reviews.FOLDER).mkdir()
    for name, data in files.items():
        (other / reviews.FOLDER / name).write_bytes(data)

    here = reviews.load(root, outline.load(root))
    there = reviews.load(other, outline.load(other))

    assert sorted(files) == ["gauges.json", "weirs.json"]
    assert {p.name: p.read_bytes() for p in (root / reviews.FOLDER).glob("*.json")} == files
    assert {e.comment.id: (e.comment, e.decisions) for e in here} == {
        e.comment.id: (e.comment, e.decisions) for e in there
    }
    with reviews.open_store(other, outline.load(other)) as store:
        assert [e.comment for e in store.all()] == [e.comment for e in there]


def test_what_others_have_exported_is_not_lost_by_an_export(root: Path, download: Path) -> None:
    run("import", "--quiet", str(download))
    foreign = Entry(1, remark(root, "gauges", "never agree", "Why not?", name="Guest"))
    files = reviews.export([foreign], outline.load(root))
    reviews.write_files(root, files)

    run("export", "--quiet")

    written = (root / reviews.FOLDER / "gauges.json").read_text("utf-8")
    assert "Why not?" in written
    assert "Three, I think." in written


def test_open_comments_become_one_issue_a_chapter_and_no_markup(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "--quiet", str(download))
    capsys.readouterr()

    assert run("export", "--issues") == 0

    made = json.loads(capsys.readouterr().out)
    assert [issue["title"] for issue in made] == ["Review: Weirs", "Review: Gauges"]
    assert made[0]["body"].count("- [ ] ") == 2
    assert "Who \\*opens\\* it?" in made[0]["body"]
    assert not (root / reviews.FOLDER / "weirs.json").exists()


@pytest.mark.parametrize(
    ("words", "harmless"),
    [
        ("<script>x</script>", "\\<script\\>x\\</script\\>"),
        ("![](https://example.org/p.png)", "\\!\\[\\](https:\u200b//example.org/p.png)"),
        ("# head\n- [ ] item\n1. one", "\\# head\n\\- \\[ \\] item\n1\u200b. one"),
        ("@everybody `x` #7", "@\u200beverybody \\`x\\` #7"),
    ],
)
def test_what_reviewers_write_is_text_in_markdown(words: str, harmless: str) -> None:
    assert listing.plain(words) == harmless


def test_annotations_for_github_stand_at_their_lines(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "--quiet", str(download))
    capsys.readouterr()

    assert run("list", "--by", "Tomas", "--format", "github") == 0
    [third, second] = capsys.readouterr().out.splitlines()

    assert third.startswith("::notice file=manuscript/gauges.md,line=10,")
    assert second.startswith("::notice file=manuscript/weirs.md,line=8,")
    assert str(root) not in third


def test_a_wrong_number_and_an_unknown_reviewer_are_errors_with_a_hint(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "--quiet", str(download))
    capsys.readouterr()

    assert run("resolve", "1", "99") == 2
    assert "there is no comment 99" in capsys.readouterr().err
    assert run("letter", "Nobody") == 2
    assert "there are comments of Ana, Tomas" in capsys.readouterr().err
    assert run("resolve", "1", "--commit", "ffffffff") == 2
    assert "there is no commit ffffffff" in capsys.readouterr().err
    assert all(e.status is Status.OPEN for e in reviews.load(root, outline.load(root)))


def test_of_files_one_of_which_is_broken_none_is_taken_in(
    root: Path, download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = download.with_name("broken.json")
    broken.write_text("[{", "utf-8")

    assert run("import", str(download), str(broken)) == 2

    assert "broken.json" in capsys.readouterr().err
    assert not (root / reviews.STORE).exists()


@pytest.mark.parametrize(
    "data",
    [
        "<<<<<<< HEAD",
        "[{}]",
        '[{"type": "Annotation", "body": "x", "book:last": {"chapter": "weirs"}}]',
        '[{"type": "Annotation", "body": "x", "book:decisions": [7]}]',
    ],
)
def test_a_damaged_export_is_named(
    root: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / reviews.FOLDER).mkdir()
    (root / reviews.FOLDER / "weirs.json").write_text(data, "utf-8")

    assert run("list") == 2

    assert "manuscript/comments/weirs.json cannot be read" in capsys.readouterr().err


def test_a_draft_of_another_commit_is_read_as_it_was(root: Path) -> None:
    was = repository.name(root)
    (root / "manuscript/weirs.md").write_text("# Weirs\n\nAll is new.\n", "utf-8")
    commit(root, "Write it anew")

    with history.checked_out(root, was) as folder:
        old = text.load(folder)

    assert "sluice is opened" in old["weirs"].text
    assert "sluice is opened" not in text.load(root)["weirs"].text
    assert history.full_name(root, was[:8]) == was
    assert history.full_name(root, "--all") == ""
    assert not folder.exists()


def test_a_pdf_of_an_earlier_commit_is_carried_over_to_the_words_of_today(
    root: Path, printed: Printed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spot = printed.spot("opened by hand")
    was = repository.name(root)

    def make(pdf: pikepdf.Pdf) -> dict[int, list[Any]]:
        pdf.docinfo["/bookcommit"] = was
        return {spot.page: [annotate.mark(pdf, spot.boxes, Contents="By whom?")]}

    path = annotate.annotate(printed.pdf, tmp_path / "draft.pdf", make)
    changed = sample.WEIRS.replace("# Weirs\n", "# Weirs\n\nIt rains.\n\nIt rains on.\n")
    (root / "manuscript/weirs.md").write_text(changed, "utf-8")
    commit(root, "Let it rain")

    assert run("import", str(path)) == 0

    assert f"manuscript/weirs.md:{spot.first_line + 4}: [1] Ana" in capsys.readouterr().out
    [entry] = reviews.load(root, outline.load(root))
    assert (entry.comment.commit, entry.comment.page) == (was, spot.page)


def test_an_answer_fares_as_the_comment_it_belongs_to(root: Path) -> None:
    head = Comment("urn:x:1", "weirs", "Why?", "Ana", draft=DRAFT)
    answer = replace(head, id="urn:x:2", parent=head.id, body="Because.", author="Tomas")
    entries = [Entry(1, head, (Decision(Status.RESOLVED, "cut"),)), Entry(2, answer)]

    written = letters.letter(entries, [entries[1]], outline.load(root))

    assert "one comment. This is what became of it: one done." in written
    assert "> Because.\n\nDone: cut\n" in written


def test_comments_at_one_place_stand_together_and_orphans_first(root: Path) -> None:
    book = outline.load(root)
    lost = Entry(1, Comment("urn:x:1", "weirs", "lost", selector=Selector("gone")))
    here = remark(root, "weirs", "every hour", "second")
    entries = [Entry(2, here), lost]
    places = reviews.placed(entries, text.load(root))
    placed = [replace(e, place=places[e.comment.id]) for e in entries]

    found = listing.ordered(listing.threads(placed), book)

    assert [thread.head.comment.body for thread in found] == ["lost", "second"]


def test_comments_on_the_same_words_name_one_another(root: Path) -> None:
    chapters = text.load(root)
    quotes = ("sluice is opened", "opened by hand", "every hour")
    said = [remark(root, "weirs", quote, f"{n}") for n, quote in enumerate(quotes)]
    entries = [Entry(n, comment) for n, comment in enumerate(said, 1)]
    places = reviews.placed(entries, chapters)
    threads = listing.threads(replace(e, place=places[e.comment.id]) for e in entries)

    near = listing.alongside(threads)

    assert near == {said[0].id: (2,), said[1].id: (1,)}
    assert "[1] Ana, 2026-11-20, like [2]" in listing.text(threads, {})


def test_a_long_comment_of_a_file_is_exported_and_read_again(root: Path) -> None:
    long = replace(remark(root, "weirs", "every hour", "Long."), body="word " * 5_000 + "end")
    with reviews.open_store(root, outline.load(root)) as store:
        store.add(long)
        files = reviews.export(store.all(), outline.load(root))

    reviews.write_files(root, files)

    [entry] = reviews.exported(root)
    assert entry.comment == long
