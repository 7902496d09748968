import http.client
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookpress import preview, watch
from bookpress.errors import BookpressError
from bookpress.preview import Server

SECONDS = 20.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("book") / "build"
    (build / "web/images").mkdir(parents=True)
    (build / "web/index.html").write_bytes(b"<!DOCTYPE html><title>Uv</title>")
    (build / "web/book.css").write_bytes(b"p {}")
    (build / "web/images/fig 1.svg").write_bytes(b"<svg/>")
    (build / "book-screen.pdf").write_bytes(b"%PDF-1.7")
    (build / "findings.json").write_bytes(b"{}")
    (build / "web/link.html").symlink_to(build.parent / "secret.html")
    (build.parent / "secret.html").write_bytes(b"secret")
    (build.parent / "secret.pdf").write_bytes(b"secret")
    return build


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with preview.serving(folder, 0) as server:
        yield server


def get(
    server: Server, path: str, *, host: str | None = None, method: str = "GET"
) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/", "text/html; charset=utf-8", b"<!DOCTYPE html><title>Uv</title>"),
        ("/index.html?x=1", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("/book.css", "text/css; charset=utf-8", b"p {}"),
        ("/images/fig%201.svg", "image/svg+xml", b"<svg/>"),
        ("/-/book-screen.pdf", "application/pdf", b"%PDF-1.7"),
        ("/-/", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("/-/view/book-screen.pdf", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
    ],
)
def test_an_edition_is_served_with_its_type(
    server: Server, path: str, kind: str, start: bytes
) -> None:
    status, content_type, body = get(server, path)

    assert (status, content_type) == (200, kind)
    assert body.startswith(start)


@pytest.mark.parametrize("path", ["/", "/-/", "/-/view/book-screen.pdf"])
def test_a_page_reloads_itself_after_a_build(server: Server, path: str) -> None:
    _, _, body = get(server, path)

    assert b'new EventSource("/-/events")' in body


def test_the_served_file_itself_is_not_changed(server: Server, folder: Path) -> None:
    before = (folder / "web/index.html").read_bytes()

    get(server, "/")

    assert (folder / "web/index.html").read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/images/..%2f..%2f..%2fsecret.html",
        "/-/../secret.pdf",
        "/-/..%2fsecret.pdf",
        "//etc/passwd",
        "/link.html",
        "/-/findings.json",
        "/-/web/index.html",
        "/images",
        "/none.html",
        "/%00",
    ],
)
def test_nothing_but_the_editions_is_served(server: Server, path: str) -> None:
    status, _, body = get(server, path)

    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "0.0.0.0:80"])
def test_a_page_of_another_host_cannot_read_the_preview(server: Server, host: str) -> None:
    status, _, body = get(server, "/", host=host)

    assert status == 403
    assert b"Uv" not in body


def test_the_preview_listens_on_the_loopback_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_localhost_is_this_machine(server: Server) -> None:
    status, _, _ = get(server, "/", host=f"localhost:{server.server_port}")

    assert status == 200


def test_head_tells_the_length_and_sends_no_body(server: Server) -> None:
    status, _, body = get(server, "/book.css", method="HEAD")

    assert (status, body) == (200, b"")


def test_a_name_in_an_address_cannot_become_markup(server: Server) -> None:
    _, _, body = get(server, "/-/view/%3Cscript%3Ealert(1)%3C/script%3E.pdf")

    assert b"<script>alert" not in body


def test_a_port_that_is_taken_is_an_error_with_a_remedy(server: Server, folder: Path) -> None:
    with (
        pytest.raises(BookpressError, match=f"port {server.server_port} of 127.0.0.1") as caught,
        preview.serving(folder, server.server_port),
    ):
        pass

    assert caught.value.hint == "type: bookpress watch --port 0"


class Author:
    """Somebody who saves files while `watch` runs in a thread, and reads what it says."""

    def __init__(self, root: Path, server: Server) -> None:
        self.root = root
        self.server = server
        self.said: queue.Queue[str] = queue.Queue()
        self.builds = 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        watch.watch(self.root, self.server, self.rebuild, self.said.put, self.stop)

    def rebuild(self) -> int:
        self.builds += 1
        if (self.root / "manuscript/uv.md").read_text() == "broken":
            raise BookpressError("pandoc failed")
        return 3

    def hears(self, start: str) -> str:
        while True:
            line = self.said.get(timeout=SECONDS)
            if line.startswith(start):
                return line

    def events(self) -> Iterator[str]:
        """The events an open page receives; the first is the greeting."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.server_port, timeout=SECONDS
        )
        connection.request("GET", "/-/events")
        answer = connection.getresponse()
        assert answer.headers["Content-Type"] == "text/event-stream"
        try:
            while line := answer.readline():
                if line.strip():
                    yield line.decode().strip()
        finally:
            connection.close()


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    (tmp_path / "manuscript").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "manuscript/uv.md").write_text("one")
    (tmp_path / "book.yml").write_text("title: Uv")
    with preview.serving(tmp_path / "build", 0) as server:
        author = Author(tmp_path, server)
        author.thread.start()
        try:
            author.hears("built")
            yield author
        finally:
            author.stop.set()
            author.thread.join(SECONDS)


@pytest.mark.parametrize("name", ["manuscript/uv.md", "book.yml"])
def test_a_save_rebuilds_the_book_and_names_the_file(author: Author, name: str) -> None:
    (author.root / name).write_text("two")

    assert author.hears("changed") == f"changed: {name}"
    assert author.hears("built") == "built; findings: 3"


def test_a_save_by_renaming_as_editors_do_is_seen_again_and_again(author: Author) -> None:
    for turn in range(2):
        (author.root / "book.yml~").write_text(f"turn {turn}")
        (author.root / "book.yml~").rename(author.root / "book.yml")

        assert "book.yml" in author.hears("changed")
        author.hears("built")


def test_what_the_build_itself_writes_starts_no_build(author: Author) -> None:
    before = author.builds
    (author.root / "build/book-print.pdf").write_bytes(b"%PDF")
    (author.root / "build/.cache").mkdir()

    with pytest.raises(queue.Empty):
        author.said.get(timeout=1.5)

    assert author.builds == before


def test_an_open_page_hears_of_the_build(author: Author) -> None:
    events = author.events()
    assert next(events) == ": hello"

    (author.root / "manuscript/uv.md").write_text("two")

    assert [next(events), next(events)] == ["event: built", "data: 3"]


def test_a_build_that_fails_is_told_and_the_next_save_builds_again(author: Author) -> None:
    (author.root / "manuscript/uv.md").write_text("broken")
    told = author.hears("error")

    (author.root / "manuscript/uv.md").write_text("whole")

    assert told == "error: pandoc failed"
    assert author.hears("built") == "built; findings: 3"
