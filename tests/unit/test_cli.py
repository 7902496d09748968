import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bookpress import __version__, cli, commit
from bookpress.errors import BookpressError

OUTLINE = """\
title: River Notes
authors: [{name: Nobody}]
language: en-GB
trim: {width: 7in, height: 9.25in}
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One}
"""
HEAVY = {
    "weasyprint",
    "pypandoc",
    "pydantic",
    "yaml",
    "jinja2",
    "pikepdf",
    "lxml",
    "rich",
    "pygments",
}
SECONDS = 120


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean book of one chapter, which is also the working folder."""
    folder = tmp_path / "river"
    folder.mkdir()
    (folder / "book.yml").write_text(OUTLINE)
    (folder / "one.md").write_text("# One\n\nThe river rises.\n")
    monkeypatch.chdir(folder)
    return folder


def break_link(book: Path) -> None:
    (book / "one.md").write_text("# One\n\nSee [there](#nowhere).\n")


def start(*arguments: str, cwd: Path) -> "subprocess.Popen[str]":
    """The program itself, as a shell starts it: its processes are a group, which Ctrl-C stops."""
    return subprocess.Popen(
        [sys.executable, "-m", "bookpress", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509  (no threads here)
    )


def _hear_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background, these tests among them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_help_teaches_by_examples(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["--help"])

    assert code == 0
    assert "bookpress check --explain L002" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_and_version_load_no_library_of_the_pipeline(arguments: list[str]) -> None:
    script = f"import sys; from bookpress import cli; cli.run({arguments}); print(*sys.modules)"

    printed = subprocess.check_output([sys.executable, "-c", script], text=True)

    assert not HEAVY & set(printed.splitlines()[-1].split())


def test_every_command_has_a_help_text() -> None:
    context = cli.cli.make_context("bookpress", ["check"])

    commands = [cli.cli.get_command(context, name) for name in cli.cli.list_commands(context)]

    assert len(commands) >= 7
    assert all(command and command.help for command in commands)


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["--version"])

    assert (code, capsys.readouterr().out) == (0, f"bookpress {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "Did you mean 'check'?"),
        (["check", "--strcit"], "--strict"),
        (["build", "--format", "mobi"], "'mobi' is not one of"),
        (["-C", "no-such-folder", "check"], "'no-such-folder' does not exist"),
    ],
)
def test_a_wrong_argument_is_named_with_what_would_be_right(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code = cli.run(arguments)

    assert code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "check", "status", "watch", "clean"])
def test_a_folder_without_a_book_is_told_what_to_type(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    code = cli.run([command])

    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith("error: there is no book.yml in this folder\n  hint: ")
    assert "bookpress new DIR" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("book")
def test_a_clean_book_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["check"])

    assert (code, *capsys.readouterr()) == (0, "", "no findings\n")


def test_an_error_exits_with_1_and_gives_file_line_and_column(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_link(book)

    code = cli.run(["check"])

    printed = capsys.readouterr()
    assert code == 1
    assert printed.out.startswith("one.md:3:")
    assert "error L002: " in printed.out
    assert printed.err == "1 error\n"


def test_quiet_prints_findings_only(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_link(book)

    cli.run(["check", "--quiet"])

    printed = capsys.readouterr()
    assert printed.out.startswith("one.md:3:")
    assert printed.err == ""


def test_paths_are_given_from_where_the_command_was_typed(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_link(book)
    monkeypatch.chdir(book.parent)

    cli.run(["-C", "river", "check"])

    assert capsys.readouterr().out.startswith("river/one.md:3:")


def test_a_pipe_gets_no_colours(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_link(book)

    cli.run(["check"])

    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)])
def test_strict_counts_warnings(book: Path, options: list[str], code: int) -> None:
    words = "The river rises. " * 3000
    (book / "one.md").write_text(f"# One\n\n{words}\n")
    budget = "  - title: The Part\n    pages: 2\n    tolerance: 0%\n"
    (book / "book.yml").write_text(OUTLINE.replace("  - title: The Part\n", budget))

    assert cli.run(["check", *options]) == code


def test_mistakes_in_the_outline_are_all_told_and_exit_with_2(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "book.yml").write_text(OUTLINE.replace("title: River", "titel: River") + "colour: x\n")

    code = cli.run(["check"])

    err = capsys.readouterr().err
    assert code == 2
    assert "book.yml:1:1: " in err
    assert "book.yml:9:1: " in err
    assert "did you mean `title`" in err
    assert "Traceback" not in err


def test_programs_read_mistakes_in_the_outline_as_findings(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "book.yml").write_text(OUTLINE + "colour: x\n")

    code = cli.run(["check", "--report", "json"])

    document = json.loads(capsys.readouterr().out)
    assert code == 2
    assert document["counts"]["errors"] == 1
    [finding] = document["findings"]
    assert (finding["path"], finding["line"], finding["code"]) == ("book.yml", 9, "outline")


@pytest.mark.parametrize("code", ["L002", "l002"])
def test_a_rule_is_explained_without_a_book(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    exit_code = cli.run(["check", "--explain", code])

    assert exit_code == 0
    assert capsys.readouterr().out.startswith("L002 (error): A link to an identifier")


def test_a_rule_that_does_not_exist_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["check", "--explain", "L02"])

    assert code == 2
    assert "error: there is no rule L02\n  hint: did you mean L00" in capsys.readouterr().err


@pytest.mark.usefixtures("book")
def test_status_lists_chapters_with_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["status"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].split()[:5] == ["status", "words", "castoff", "pages", "budget"]
    assert lines[1].split() == ["Part", "1:", "The", "Part", "1", "of", "1", "4", "4"]


def test_a_new_book_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    codes = cli.run(["new", "first"]), cli.run(["-C", str(tmp_path / "first"), "check"])

    assert codes == (0, 0)
    assert "bookpress -C first build" in capsys.readouterr().out


def test_clean_empties_build_and_keeps_its_readme(book: Path) -> None:
    (book / "build/web").mkdir(parents=True)
    (book / "build/web/index.html").write_text("x")
    (book / "build/README.md").write_text("x")

    code = cli.run(["clean"])

    assert code == 0
    assert {path.name for path in (book / "build").iterdir()} == {"README.md", ".lock"}
    assert (book / "one.md").exists()


def test_a_reader_that_closes_the_pipe_early_is_no_crash(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "bookpress", "check", "--explain", "all"]

    done = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)

    assert done.stderr == b""


def test_source_date_epoch_is_the_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    date = commit.last_changed(tmp_path)

    assert date == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize("value", ["yesterday", "-5", "1.5", "²", "9" * 12])
def test_a_date_that_is_no_number_of_seconds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)

    with pytest.raises(BookpressError, match="must be seconds since 1970"):
        commit.last_changed(tmp_path)


def test_without_it_the_date_is_that_of_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    identity = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = os.environ | identity | {"GIT_COMMITTER_DATE": "2026-03-02T10:00:00+01:00"}
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environment, check=True)

    date = commit.last_changed(tmp_path)

    assert date == dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("path", ["", None])
def test_a_book_in_no_repository_has_a_date_that_never_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str | None
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if path is not None:
        monkeypatch.setenv("PATH", path)

    assert commit.last_changed(tmp_path) == commit.UNKNOWN


def snapshot(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    outputs = (path for path in paths if ".cache" not in path.parts and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in outputs}


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    _, err = process.communicate(timeout=SECONDS)
    return process.returncode, err


@pytest.mark.slow
def test_ctrl_c_leaves_the_outputs_of_the_last_build_whole(book: Path) -> None:
    assert finish(start("build", "-q", cwd=book)) == (0, "")
    before = snapshot(book / "build")
    (book / "one.md").write_text("# One\n\n" + "The river rises and falls again.\n\n" * 3000)

    building = start("build", "-q", cwd=book)
    time.sleep(3)
    os.killpg(building.pid, signal.SIGINT)
    code, err = finish(building)

    assert (code, err.strip()) == (130, "interrupted: the outputs of the last build are whole")
    assert snapshot(book / "build") == before


@pytest.mark.slow
def test_two_builds_at_once_make_what_one_makes(book: Path) -> None:
    builds = [start("build", "-q", cwd=book) for _ in range(2)]
    ends = [finish(build) for build in builds]
    together = snapshot(book / "build")

    assert finish(start("clean", cwd=book)) == (0, "")
    assert finish(start("build", "-q", cwd=book)) == (0, "")

    assert ends == [(0, ""), (0, "")]
    assert together == snapshot(book / "build")


@pytest.mark.slow
def test_a_build_puts_the_editions_and_the_findings_into_build(book: Path) -> None:
    code, err = finish(start("build", cwd=book))

    assert code == 0
    assert {
        "findings.json",
        "river-notes-print.pdf",
        "river-notes-screen.pdf",
        "river-notes.epub",
        "web/index.html",
    } <= snapshot(book / "build").keys()
    assert "build/river-notes-print.pdf (new)" in err


@pytest.mark.slow
def test_watch_serves_the_book_builds_on_save_and_ends_with_ctrl_c(book: Path) -> None:
    watching = start("watch", "--port", "0", "--no-pdf", cwd=book)
    assert watching.stderr is not None
    told = iter(watching.stderr.readline, "")
    address = next(line for line in told if "http://" in line).split()[4].rstrip(",")
    next(line for line in told if line.startswith("built"))

    (book / "one.md").write_text("# One\n\nThe river falls.\n")
    next(line for line in told if line.startswith("built"))
    with urllib.request.urlopen(address + "one.html", timeout=SECONDS) as page:  # noqa: S310
        text = page.read().decode()
    os.killpg(watching.pid, signal.SIGINT)
    code, _ = finish(watching)

    assert "The river falls." in text
    assert code == 0
