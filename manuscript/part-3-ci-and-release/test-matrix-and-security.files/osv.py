"""Run a command while this machine answers like osv.dev, from the file advisories.json.

usage: uv run --no-project osv.py COMMAND [ARGUMENT ...]

For machines that cannot reach the real service. pip-audit asks the stand-in because of the two
variables below; the answers concern only what advisories.json lists.
"""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ADVISORIES = json.loads(Path(__file__).with_name("advisories.json").read_text())


def affected(package: str, version: str) -> list[dict]:
    """The advisories that list this version of this package."""
    return [
        advisory
        for advisory in ADVISORIES
        for entry in advisory["affected"]
        if entry["package"]["name"] == package and version in entry["versions"]
    ]


class Handler(BaseHTTPRequestHandler):
    """POST /v1/query and /v1/querybatch, GET /v1/vulns/ID."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        queries = asked.get("queries", [asked])
        found = [affected(q["package"]["name"], q["version"]) for q in queries]
        if "queries" in asked:
            brief = [[{k: a[k] for k in ("id", "modified")} for a in one] for one in found]
            self.answer({"results": [{"vulns": one} if one else {} for one in brief]})
        else:
            self.answer({"vulns": found[0]} if found[0] else {})

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        self.answer(next(a for a in ADVISORIES if a["id"] == name))

    def answer(self, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def main(command: list[str]) -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        told = {
            "PIP_AUDIT_VULNERABILITY_SERVICE": "osv",
            "PIP_AUDIT_OSV_URL": f"{address}/v1/query",
            "OSV_URL": address,
        }
        code = subprocess.run(command, env=os.environ | told, check=False).returncode
        server.shutdown()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
