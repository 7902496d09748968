from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from bookpress.errors import BookpressError, ToolError
from bookpress.listings.verify import strange_line, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


def contents(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] != "build"
    }


def found(root: Path, *slugs: str) -> list[tuple[int, str]]:
    return [(finding.where.line, finding.code) for finding in verify(root, slugs)]


GOOD = """\
```python {#lst-a file="a.py" caption="A file"}
import sys  # (1)

def one():
    return 1
```

1. Needed further down.

```python {#lst-b file="a.py" part="def one" caption="A piece"}
def one():
    return 1
```

```diff {#lst-c file="a.py" caption="A change"}
 def one():
-    return 1
+    return 2
```

```console {#ses-a caption="A session" exit="3"}
$ cat a.py
[...]
def one():
    return 2
$ pwd | sed s/work/here/ && exit 3
[...]/here
```
"""


def test_a_chapter_that_tells_the_truth_has_no_findings(write: Write) -> None:
    assert verify(write(GOOD)) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "line", "code"),
    [
        ("    return 2\n$ pwd", "    return 3\n$ pwd", 27, "X020"),
        ("[...]/here\n", "[...]/there\n", 29, "X020"),
        ("[...]/here\n", "", 29, "X020"),
        ("return 1\n```\n\n```diff", "return 9\n```\n\n```diff", 14, "X024"),
        ('part="def one"', 'part="def two"', 12, "X024"),
        ('file="a.py" part=', 'file="b.py" part=', 12, "X024"),
        ("-    return 1", "-    return 7", 19, "X025"),
        ('exit="3"', 'exit="2"', 28, "X021"),
        ("$ cat a.py", "$ cat nowhere.py", 24, "X021"),
    ],
)
def test_a_planted_lie_is_found_at_its_line(
    write: Write, right: str, wrong: str, line: int, code: str
) -> None:
    assert right in GOOD
    root = write(GOOD.replace(right, wrong))

    assert found(root) == [(line, code)]


def test_a_difference_is_shown_as_one(write: Write) -> None:
    root = write("```console\n$ printf 'a\\nb\\n'\na\nc\n```\n")

    [finding] = verify(root)

    assert str(finding.where) == "chapter-1.md:6:1"
    assert finding.message.splitlines()[1:] == ["    a", "  - c", "  + b"]


def test_a_command_that_fails_is_shown_with_code_and_output(write: Write) -> None:
    root = write('```console\n$ true\n$ echo "no such gauge" >&2; exit 7\n```\n')

    [finding] = verify(root)

    assert (str(finding.where), finding.code) == ("chapter-1.md:5:1", "X021")
    assert "exits with 7, not 0\n  | no such gauge" in finding.message


def test_only_the_last_command_of_a_session_may_fail(write: Write) -> None:
    root = write('```console {exit="1"}\n$ false\n$ false\n```\n')

    assert found(root) == [(4, "X021")]


def test_a_command_that_hangs_ends(write: Write) -> None:
    root = write('```console {timeout="0.5"}\n$ sleep 600\n```\n')

    assert found(root) == [(4, "X022")]


def test_a_command_that_prints_without_end_is_ended(write: Write) -> None:
    root = write("```console\n$ yes\n```\n")

    assert found(root) == [(4, "X023")]


def test_a_session_in_a_folder_that_is_not_there_is_found(write: Write) -> None:
    root = write('```console {dir="nowhere"}\n$ pwd\n```\n')

    assert found(root) == [(3, "X021")]


def test_no_variable_of_the_machine_reaches_a_command(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLOAD_TOKEN", "hunter2")
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:hunter2@proxy.example")
    root = write("```console {exit=1}\n$ env | grep -i -e hunter2 -e token -e ana:\n```\n")

    assert verify(root) == ()


def test_commands_have_a_home_a_locale_and_an_identity_of_their_own(write: Write) -> None:
    root = write(
        "```console\n"
        "$ echo $HOME $LANG $TZ $COLUMNS $NO_COLOR $RIVER\n"
        "[...] C.UTF-8 UTC 76 1 Lowland\n"
        "$ git config user.name\nAna\n$ git config user.email\nana@example.org\n"
        "$ command -v python3 || echo none\nnone\n```\n",
        more=", author: Ana, email: ana@example.org, environment: {RIVER: Lowland}",
    )

    assert [finding.message for finding in verify(root)] == []


def test_commits_carry_the_dates_of_the_book(write: Write) -> None:
    commit = "git commit -q --allow-empty -m x && git log -1 --format='%aI %cI'"
    text = (
        f"```console\n$ git init -q\n$ {commit}\n"
        "2026-03-05T09:00:00+00:00 2026-03-05T09:00:00+00:00\n```\n\n"
        f'```console {{date="2026-03-05T11:30:00"}}\n$ {commit}\n'
        "2026-03-05T11:30:00+00:00 2026-03-05T11:30:00+00:00\n```\n\n"
        f"```console\n$ {commit}\n"
        "2026-03-05T11:31:00+00:00 2026-03-05T11:31:00+00:00\n```\n"
    )
    root = write(f'::: {{.log date="2026-03-05"}}\nRain.\n:::\n\n{text}')

    assert [finding.message for finding in verify(root)] == []


def test_blocks_may_share_a_shell(write: Write) -> None:
    root = write(
        '```console {shell="one"}\n$ mkdir d; cd d; river=Fen\n```\n\n'
        '```console {shell="one"}\n$ echo $river; basename $PWD\nFen\nd\n```\n\n'
        '```console {shell="one" dir="."}\n$ basename $PWD\nwork\n```\n\n'
        "```console\n$ echo none $river\nnone\n```\n"
    )

    assert [finding.message for finding in verify(root)] == []


def test_a_chapter_starts_from_what_the_one_before_left(write: Write) -> None:
    one = '```text {.hidden file="a.txt"}\none\n```\n'
    two = "```console\n$ cat a.txt; ls ~\none\n```\n"

    assert verify(write(one, two)) == ()
    assert found(write(one.replace("one", "two"), two)) == [(5, "X020")]


def test_a_chapter_brings_files_of_its_own(write: Write) -> None:
    root = write(
        '```console {.hidden}\n$ cp -r "$CHAPTER_FILES"/. .\n```\n\n```console\n$ ls\nb.txt\n```\n'
    )
    (root / "chapter-1.files").mkdir()
    (root / "chapter-1.files/b.txt").write_text("b")

    assert verify(root) == ()


def test_after_a_chapter_that_fails_none_is_run(write: Write) -> None:
    root = write("```console\n$ false\n```\n", "```console\n$ true\n```\n")

    findings = verify(root)

    assert [(str(f.where.path), f.code) for f in findings] == [
        ("chapter-1.md", "X021"),
        ("chapter-2.md", "X027"),
    ]


def test_a_known_chapter_is_not_run_again_unless_what_it_does_has_changed(write: Write) -> None:
    told: list[str] = []
    texts = ["```console\n$ echo 1\n1\n```\n", "```console\n$ echo 2\n2\n```\n"]
    root = write(*texts)
    verify(root, (), told.append)
    told.clear()

    write(texts[0], f"A new paragraph.\n\n{texts[1]}".replace("\n2\n", "\n3\n"))
    findings = verify(root, (), told.append)
    write(texts[0], texts[1].replace("echo 2", "echo '2'"))
    verify(root, (), told.append)

    assert [finding.code for finding in findings] == ["X020"]
    assert [line.partition(" in ")[0] for line in told] == [
        "chapter-1: known",
        "chapter-2: known",
        "chapter-1: known",
        "chapter-2: run",
    ]


def test_a_cold_run_asks_no_cache(write: Write) -> None:
    told: list[str] = []
    root = write("```console\n$ echo 1\n1\n```\n")
    verify(root)

    verify(root, (), told.append, cold=True)

    assert told[0].startswith("chapter-1: run in ")


def test_verify_never_changes_the_manuscript(write: Write) -> None:
    root = write(GOOD.replace("[...]/here", "wrong"), "```console\n$ rm -rf a.py\n```\n")
    before = contents(root)

    verify(root)

    assert contents(root) == before


def test_nothing_of_the_sandbox_is_left(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    verify(write(GOOD))

    assert list(scratch.iterdir()) == []


def test_an_unknown_chapter_is_refused_with_those_that_are_there(write: Write) -> None:
    with pytest.raises(BookpressError, match='"chapter-7" is written') as caught:
        verify(write(GOOD), ["chapter-7"])

    assert caught.value.hint == "written are: chapter-1"


def test_a_missing_interpreter_is_named_with_what_to_type(write: Write) -> None:
    root = write(GOOD, more=', interpreters: ["3.99"]')

    with pytest.raises(ToolError, match=r"Python 3\.99") as caught:
        verify(root)

    assert "uv python install 3.99" in caught.value.hint


def test_an_allowance_covers_what_a_run_finds(write: Write) -> None:
    allow = "allow:\n  - {code: X020, path: chapter-1.md, reason: it snows}\n"

    wrong = verify(write("```console\n$ echo 1\n2\n```\n", allow=allow))
    right = verify(write("```console\n$ echo 1\n1\n```\n", allow=allow))

    assert wrong == ()
    assert [finding.code for finding in right] == ["A001"]


@pytest.mark.parametrize(
    ("excerpt", "line"),
    [
        ("b\nc", None),
        ("a\n[...]\nd", None),
        ("a\n# [...]\n  d", None),
        ("d", None),
        ("c\nb", 1),
        ("a\n[...]\na", 2),
        ("x", 0),
        ("a\nb\nx", 2),
    ],
)
def test_an_excerpt_is_looked_for_line_by_line(excerpt: str, line: int | None) -> None:
    assert strange_line(excerpt.split("\n"), ["a", "b", "c", "", "  d"]) == line
