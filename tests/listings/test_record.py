from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress.listings import play
from bookpress.listings.record import record
from bookpress.listings.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Write = Callable[..., Path]

BEFORE = """\
Text with `code`,\ttabs and  \nbreaks.

```console {#ses-a   caption="Two commands"}
$ echo one
old
$ printf 'a\\nb\\nc\\n'
a
[...]
c
$ pwd
$ true
gone
```

~~~~console
$ printf '```\\n'
~~~~
"""
AFTER = """\
Text with `code`,\ttabs and  \nbreaks.

```console {#ses-a   caption="Two commands"}
$ echo one
one
$ printf 'a\\nb\\nc\\n'
a
[...]
c
$ pwd
/somewhere
$ true
```

~~~~console
$ printf '```\\n'
```
~~~~
"""


def chapter(root: Path) -> str:
    return (root / "chapter-1.md").read_bytes().decode()


def test_outputs_are_put_in_place_and_every_other_byte_stays(write: Write) -> None:
    root = write(BEFORE.replace("$ pwd", "$ pwd | sed 's,.*,/somewhere,'"))

    recording = record(root)

    wanted = AFTER.replace("$ pwd", "$ pwd | sed 's,.*,/somewhere,'")
    assert chapter(root) == f"# Chapter-1\n\n{wanted}"
    assert recording.findings == ()
    assert recording.changed == {PurePosixPath("chapter-1.md"): 4}


def test_what_was_recorded_is_verified_and_recorded_again_as_it_is(write: Write) -> None:
    root = write(BEFORE)
    record(root)
    once = chapter(root)

    findings = verify(root)
    again = record(root)

    assert findings == ()
    assert again.changed == {}
    assert chapter(root) == once


def test_lines_that_end_as_in_windows_stay_so(write: Write) -> None:
    root = write("")
    path = root / "chapter-1.md"
    path.write_bytes(b"# Chapter-1\r\n\r\n```console\r\n$ echo one\r\nold\r\n```\r\n")

    record(root)

    assert path.read_bytes() == b"# Chapter-1\r\n\r\n```console\r\n$ echo one\r\none\r\n```\r\n"


def test_nothing_is_written_when_a_command_fails(write: Write) -> None:
    root = write("```console\n$ echo one\n$ false\n```\n")
    before = chapter(root)

    recording = record(root)

    assert chapter(root) == before
    assert [finding.code for finding in recording.findings] == ["X021"]


def test_only_the_chapters_that_are_named_are_written(write: Write) -> None:
    root = write("```console\n$ echo one\n```\n", "```console\n$ echo two\n```\n")

    recording = record(root, ["chapter-2"])

    assert list(recording.changed) == [PurePosixPath("chapter-2.md")]
    assert chapter(root) == "# Chapter-1\n\n```console\n$ echo one\n```\n"


def test_paths_of_the_machine_are_left_out(write: Write) -> None:
    root = write("```console\n$ mkdir d; cd d; pwd\n```\n")

    record(root)

    assert "$ mkdir d; cd d; pwd\n[...]/d\n" in chapter(root)


def test_an_output_that_would_be_read_as_a_command_is_refused(write: Write) -> None:
    root = write("```console\n$ echo '$ rm -r'\n$ echo '> x'\n$ printf '```\\n'\n```\n")
    before = chapter(root)

    recording = record(root)

    assert [finding.code for finding in recording.findings] == ["X028"] * 3
    assert chapter(root) == before


def test_a_chapter_that_is_edited_while_it_runs_is_not_written(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write("```console\n$ echo one\n```\n")
    edited = "# Chapter-1\n\nAnother.\n\n```console\n$ echo one\n```\n"
    real = play.stage

    def slow(*arguments: object, **options: object) -> object:
        (root / "chapter-1.md").write_text(edited, "utf-8")
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("bookpress.listings.record.stage", slow)
    recording = record(root)

    assert [finding.code for finding in recording.findings] == ["X027"]
    assert chapter(root) == edited


def test_hidden_sessions_are_not_recorded(write: Write) -> None:
    root = write("```console {.hidden}\n$ echo one\n```\n")

    assert record(root).changed == {}
