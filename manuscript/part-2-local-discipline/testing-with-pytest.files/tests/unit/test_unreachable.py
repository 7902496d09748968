"""What the command says when a gauge cannot be reached."""

import pytest

from weirwatch.cli import main


def test_unreachable_gauge_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(source: str) -> str:
        raise OSError(f"{source}: no route to host")

    monkeypatch.setattr("weirwatch.fetch.read", refuse)

    code = main(["upper-fen"])

    assert code == 2
    assert "upper-fen: no route to host" in capsys.readouterr().err
