"""Play the gauges and the webhook on port 8740.

Gauges are the files of a folder; the file `slow` holds the name of one that
takes three seconds. A POST must bring the token that stands in `token`.
"""

import sys
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SLOW, TOKEN = Path("slow"), Path("token")


class Station(SimpleHTTPRequestHandler):
    def do_GET(self):
        if SLOW.exists() and SLOW.read_text().strip() in self.path:
            time.sleep(3)
        super().do_GET()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        good = self.path.endswith(TOKEN.read_text().strip())
        self.send_response(200 if good else 403)
        self.end_headers()

    def log_message(self, *_):
        pass


def handler(*args):
    return Station(*args, directory=sys.argv[1])


ThreadingHTTPServer(("127.0.0.1", 8740), handler).serve_forever()
