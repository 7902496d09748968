"""The folder of editions -> a preview on 127.0.0.1 that reloads in the browser on every build.

/               the web edition (build/web)
/-/             the PDFs of the last build
/-/NAME.pdf     one of them
/-/view/NAME.pdf  a page that shows it and reloads it
/-/events       server-sent events: `built` with the number of findings, `failed`
"""

from __future__ import annotations

import html
import queue
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
BEAT_SECONDS = 15.0
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_RELOAD = b"""<script>
new EventSource("/-/events").addEventListener("built", () => location.reload());
</script>
"""
_VIEWER = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>{name}</title>
<style>html, body, embed {{ margin: 0; width: 100%; height: 100%; border: 0 }}</style>
<embed src="/-/{address}" type="application/pdf">
"""
_LIST = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>PDFs</title>
<ul>{items}</ul>
"""


class Listeners:
    """The open pages of the preview, each of which hears of every build."""

    def __init__(self) -> None:
        self._queues: set[queue.Queue[str]] = set()
        self._lock = threading.Lock()

    def tell(self, event: str, data: str) -> None:
        """Send an event to all open pages."""
        with self._lock:
            for waiting in self._queues:
                waiting.put(f"event: {event}\ndata: {data}\n\n")

    @contextmanager
    def listen(self) -> Iterator[queue.Queue[str]]:
        """Hear events for as long as the block runs."""
        own: queue.Queue[str] = queue.Queue()
        with self._lock:
            self._queues.add(own)
        try:
            yield own
        finally:
            with self._lock:
                self._queues.remove(own)


class Server(ThreadingHTTPServer):
    """Serves what the last build left in a folder, to this machine alone."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__((HOST, port), Handler)
        self.folder = folder.resolve()
        self.listeners = Listeners()

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version = "bookpress"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a page, a PDF or the stream of events."""
        if self.headers.get("Host") not in self._names():
            self._send(HTTPStatus.FORBIDDEN, "text/plain", b"this preview is for 127.0.0.1 only\n")
            return
        path = unquote(urlsplit(self.path).path)
        if path == "/-/events":
            self._stream()
        elif path == "/-/":
            self._page(_list(self.server.folder))
        elif path.startswith("/-/view/"):
            name = path.removeprefix("/-/view/")
            self._page(_VIEWER.format(name=html.escape(name), address=quote(name)))
        else:
            self._file(_locate(self.server.folder, path))

    def do_HEAD(self) -> None:
        """Answer likewise, without a body."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep quiet: the terminal is for findings."""

    def _names(self) -> set[str]:
        """What a browser on this machine calls us; another name is a rebound domain's."""
        port = self.server.server_port
        return {f"{HOST}:{port}", f"localhost:{port}"}

    def _file(self, path: Path | None) -> None:
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if path is None or data is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"not in the last build\n")
            return
        if path.suffix == ".html":
            data += _RELOAD
        self._send(HTTPStatus.OK, TYPES.get(path.suffix, "application/octet-stream"), data)

    def _page(self, text: str) -> None:
        self._send(HTTPStatus.OK, TYPES[".html"], text.encode() + _RELOAD)

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        """Send events until the page is closed; a beat now and then finds out that it is."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with self.server.listeners.listen() as events:
            try:
                self.wfile.write(b": hello\n\n")
                while True:
                    try:
                        message = events.get(timeout=BEAT_SECONDS)
                    except queue.Empty:
                        message = ": beat\n\n"
                    self.wfile.write(message.encode())
            except OSError:
                return


def _locate(folder: Path, path: str) -> Path | None:
    """Find the file of an address; None when it is not one of the editions' files."""
    area = folder / "web"
    name = path.removeprefix("/")
    if path.startswith("/-/"):
        area, name = folder, path.removeprefix("/-/")
        if "/" in name or not name.endswith(".pdf"):
            return None
    if "\0" in name:
        return None
    found = (area / name).resolve()
    if found.is_dir():
        found /= "index.html"
    return found if found.is_relative_to(area.resolve()) and found.is_file() else None


def _list(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob("*.pdf"))
    link = '<li><a href="/-/view/{}">{}</a></li>'
    return _LIST.format(items="".join(link.format(quote(n), html.escape(n)) for n in names))


@contextmanager
def serving(folder: Path, port: int) -> Iterator[Server]:
    """Serve a folder of editions while the block runs.

    port:  0 for any that is free.
    Raises BookpressError when the port is taken.
    """
    try:
        server = Server(folder, port)
    except OSError as error:
        raise BookpressError(
            f"port {port} of {HOST} cannot be served: {error.strerror}",
            hint="type: bookpress watch --port 0",
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
