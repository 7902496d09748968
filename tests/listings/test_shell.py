from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bookpress.listings.shell import OUTPUT_LIMIT, Done, Fault, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Shell(tmp_path, {"PATH": os.environ["PATH"]}) as shell:
        yield shell


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def ends(pid: int) -> bool:
    """Say whether a process ends within two seconds."""
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_both_streams_come_in_the_order_of_writing(shell: Shell) -> None:
    done = shell.run("echo 1; echo 2 >&2; echo 3; (exit 4)", seconds=10)

    assert done == Done(4, "1\n2\n3\n", Fault.NONE)


def test_folder_and_variables_and_status_outlast_a_command(shell: Shell) -> None:
    shell.run("mkdir d; cd d; word=kept; f() { echo $word; }", seconds=10)
    shell.run("false", seconds=10)

    done = shell.run("echo $?; basename $PWD; f", seconds=10)

    assert done.output == "1\nd\nkept\n"


def test_errors_read_as_in_an_interactive_shell(shell: Shell) -> None:
    done = shell.run("nonesuch; cd nowhere", seconds=10)

    assert done.output == (
        "bash: nonesuch: command not found\nbash: cd: nowhere: No such file or directory\n"
    )


def test_a_command_finds_nothing_to_read(shell: Shell) -> None:
    assert shell.run("cat; echo end", seconds=10).output == "end\n"


def test_a_command_that_ends_the_shell_has_its_code(shell: Shell) -> None:
    done = shell.run("echo bye; exit 3", seconds=10)
    after = shell.run("echo more", seconds=10)

    assert done == Done(3, "bye\n", Fault.NONE)
    assert after.fault is Fault.GONE


def test_a_hanging_command_is_ended_with_all_it_started(shell: Shell) -> None:
    started = time.monotonic()

    done = shell.run("sleep 600 & echo $!; sleep 601", seconds=0.5)

    assert done.fault is Fault.TIME
    assert time.monotonic() - started < 5
    assert ends(int(done.output))


def test_what_runs_in_the_background_ends_with_the_shell(tmp_path: Path) -> None:
    with Shell(tmp_path, {"PATH": os.environ["PATH"]}) as shell:
        pid = int(shell.run("sleep 600 & echo $!", seconds=10).output)
        before = alive(pid)

    assert before
    assert ends(pid)


def test_a_gigabyte_of_output_does_not_fill_memory(shell: Shell) -> None:
    tracemalloc.start()

    done = shell.run("head -c 1G /dev/zero | tr '\\0' x", seconds=60)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert done.fault is Fault.OUTPUT
    assert len(done.output) == OUTPUT_LIMIT
    assert peak < 16 * OUTPUT_LIMIT


def test_bytes_that_are_no_text_are_shown_as_such(shell: Shell) -> None:
    assert shell.run("printf '\\xff'", seconds=10).output == "\ufffd"


def test_a_shell_without_output_still_answers(shell: Shell) -> None:
    shell.run("exec >&- 2>&-", seconds=10)

    assert shell.run("(exit 5)", seconds=10) == Done(5, "", Fault.NONE)


def test_a_long_command_is_taken_whole(shell: Shell) -> None:
    text = "x" * 300_000

    assert shell.run(f"cat <<E | wc -c\n{text}\nE", seconds=10).output.strip() == "300001"
