import io
import re

import pytest

from bookpress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def build(shown: progress.Progress) -> None:
    with shown:
        shown("read", 0, 2)
        shown("read", 1, 2)
        shown("read", 2, 2)
        shown("typeset", 0, 1)
        shown("typeset", 1, 1)


def test_a_pipe_gets_a_line_for_each_finished_stage() -> None:
    stream = io.StringIO()

    build(progress.choose(stream, quiet=False, verbose=False))

    lines = [re.sub(r"\d+\.\d s", "N s", line) for line in stream.getvalue().splitlines()]
    assert lines == ["read: 2 of 2 (N s)", "typeset: 1 of 1 (N s)"]


def test_verbose_gives_a_line_for_every_step_even_on_a_terminal() -> None:
    stream = Terminal()

    build(progress.choose(stream, quiet=False, verbose=True))

    assert [line.split(" (")[0] for line in stream.getvalue().splitlines()] == [
        "read: 0 of 2",
        "read: 1 of 2",
        "read: 2 of 2",
        "typeset: 0 of 1",
        "typeset: 1 of 1",
    ]


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_quiet_is_silent(stream: io.StringIO) -> None:
    build(progress.choose(stream, quiet=True, verbose=True))

    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()

    build(progress.choose(stream, quiet=False, verbose=False))

    last = stream.getvalue().rpartition("read")[2]
    assert "2/2" in last
    assert "typeset" in last
    assert "1/1" in last


def test_a_stage_may_take_more_steps_than_were_foreseen() -> None:
    stream = io.StringIO()
    shown = progress.choose(stream, quiet=False, verbose=False)

    with shown:
        for done in range(4):
            shown("typeset", done, 2)

    assert stream.getvalue().startswith("typeset: 3 of 3 (")
    assert stream.getvalue().count("\n") == 1


def test_a_stage_may_run_twice() -> None:
    stream = io.StringIO()
    shown = progress.choose(stream, quiet=False, verbose=False)

    build(shown)
    build(shown)

    assert stream.getvalue().count("typeset: 1 of 1") == 2


def interrupted(shown: progress.Progress) -> None:
    with shown:
        shown("read", 1, 2)
        raise KeyboardInterrupt


def test_the_cursor_is_back_when_a_build_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()

    with pytest.raises(KeyboardInterrupt):
        interrupted(progress.choose(stream, quiet=False, verbose=False))

    hidden, shown = (stream.getvalue().rfind(f"\x1b[?25{letter}") for letter in "lh")
    assert -1 < hidden < shown
