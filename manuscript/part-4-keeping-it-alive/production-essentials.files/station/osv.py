"""Answer what scanners ask of an OSV server, on port 8742, from one advisory."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ADVISORY = json.loads(Path(sys.argv[1]).read_text("utf-8"))
FIXED = ADVISORY["affected"][0]["ranges"][0]["events"][1]["fixed"]


def found(query):
    package = query.get("package", {})
    same = package.get("name") == ADVISORY["affected"][0]["package"]["name"]
    return same and number(query.get("version", "0")) < number(FIXED)


def number(version):
    return [int(part) for part in version.split(".") if part.isdigit()]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "queries" in asked:
            short = {key: ADVISORY[key] for key in ("id", "modified")}
            answers = [{"vulns": [short]} if found(q) else {} for q in asked["queries"]]
            self.reply({"results": answers})
        else:
            self.reply({"vulns": [ADVISORY]} if found(asked) else {})

    def do_GET(self):
        self.reply(ADVISORY)

    def reply(self, answer):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


HTTPServer(("127.0.0.1", 8742), Handler).serve_forever()
