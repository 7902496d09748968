"""Addresses that the manuscript names are asked, and those that do not answer are found."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from bookpress import cli
from bookpress.errors import ToolError
from bookpress.findings import Position
from bookpress.validators import external, toolbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTLINE = """\
title: River Notes
authors: [{name: Nobody}]
language: en-GB
parts:
  - title: The Part
    chapters:
      - {file: one.md, title: One}
"""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/here") else 404)
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815  (the library's name)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    """A host that knows /here and nothing else."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def book(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "book.yml").write_text(OUTLINE, "utf-8")
    text = f"# One\n\nSee [here]({host}/here?a=b&c=d#top), [there]({host}/there) and\n[it](#ch)."
    (tmp_path / "one.md").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_addresses_are_listed_once_with_their_first_place(book: Path, host: str) -> None:
    (book / "one.md").write_text(f"# One\n\n[a]({host}/x#a)\n\n[b]({host}/x#b) [c](mailto:a@b.c)\n")

    found = external.links(book)

    assert [(address, where.line) for address, where in found] == [(f"{host}/x", 3)]


@pytest.mark.slow
def test_an_address_that_does_not_answer_is_found_at_its_line(
    book: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        toolbox.program("lychee")
    except ToolError as missing:
        pytest.skip(str(missing))

    code = cli.run(["links"])

    printed = capsys.readouterr()
    assert code == 1
    assert printed.out.startswith("one.md:3:")
    assert f"V009: {host}/there does not answer:" in printed.out
    assert "1 of 2 addresses answer" in printed.err
    assert book.is_dir()


def test_a_report_is_read_by_its_lines(book: Path) -> None:
    places = (("https://a.example", Position(PurePosixPath("a.md"), 7)),)
    failure = {"span": {"line": 1}, "status": {"text": "404  Not\nFound"}}
    report = {"error_map": {}, "timeout_map": {str(book): [failure]}}

    [finding] = external.read(report, places)

    assert (finding.where.line, finding.code) == (7, "V009")
    assert finding.message == "https://a.example does not answer: 404 Not Found"
