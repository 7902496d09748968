"""Serve the files in `packages` to installers, and say which of them are yanked.

The list of what is yanked is `yanked.toml`: "VERSION" = "REASON".
"""

import hashlib
import tomllib
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "packages"
YANKED = HERE / "yanked.toml"


def link(file: Path, reasons: dict[str, str]) -> str:
    """Write the line of one file, as the simple repository API wants it (PEP 503, PEP 592)."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    version = file.name.removesuffix(".tar.gz").split("-")[1]
    reason = reasons.get(version)
    yanked = "" if reason is None else f' data-yanked="{escape(reason)}"'
    return f'<a href="/packages/{file.name}#sha256={digest}"{yanked}>{file.name}</a><br>'


class Handler(BaseHTTPRequestHandler):
    """Answer for one project's page and for the files it links to."""

    def do_GET(self) -> None:
        match self.path.strip("/").split("/"):
            case ["simple", project]:
                reasons = tomllib.loads(YANKED.read_text("utf-8")) if YANKED.exists() else {}
                files = sorted(PACKAGES.glob(f"{project}-*"))
                page = "<!doctype html>\n" + "\n".join(link(file, reasons) for file in files)
                self.answer(200 if files else 404, "text/html", page.encode())
            case ["packages", name] if (PACKAGES / name).is_file():
                self.answer(200, "application/octet-stream", (PACKAGES / name).read_bytes())
            case _:
                self.answer(404, "text/plain", b"")

    do_HEAD = do_GET

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    (HERE / "state/pages.url").write_text(f"http://127.0.0.1:{server.server_port}", "utf-8")
    server.serve_forever()
