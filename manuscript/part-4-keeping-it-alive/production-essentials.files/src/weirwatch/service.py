"""Watch gauges until told to stop: weirwatch-service SOURCE ... --every SECONDS"""

import argparse
import logging
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath

from weirwatch import log
from weirwatch.alert import post, webhook_from
from weirwatch.cli import limits_from
from weirwatch.fetch import read
from weirwatch.metrics import Metrics
from weirwatch.readings import parse
from weirwatch.rules import State, assess

logger = logging.getLogger("weirwatch")


class Watch:
    """The gauges, one after the other, every so many seconds."""

    def __init__(self, sources: list[str], every: float) -> None:
        self.metrics = Metrics()
        self.stopping = threading.Event()
        self._sources = {PurePosixPath(s).stem: s for s in sources}
        self.polled = dict.fromkeys(self._sources, time.monotonic())
        self._every = every
        self._states: dict[str, State] = {}

    def healthy(self) -> bool:
        """Say whether some gauge was polled within two intervals."""
        return time.monotonic() - max(self.polled.values()) < 2 * self._every

    def overdue(self) -> int:
        """Count the gauges that were not polled within two intervals."""
        limit = time.monotonic() - 2 * self._every
        return sum(polled < limit for polled in self.polled.values())

    def run(self) -> None:
        """Poll until told to stop."""
        while not self.stopping.is_set():
            began = time.monotonic()
            for gauge, source in self._sources.items():
                if not self.stopping.is_set():
                    self.poll(gauge, source)
            self.stopping.wait(began + self._every - time.monotonic())

    def poll(self, gauge: str, source: str) -> None:
        """Read one gauge, judge it, count and log what happened."""
        began = time.monotonic()
        try:
            readings = list(parse(read(source)))
            state = assess(readings, limits_from(os.environ))
        except (OSError, ValueError) as exc:
            reason = type(exc).__name__
            self.metrics.add("weirwatch_failures_total", reason=reason)
            self._tell("poll_failed", logging.ERROR, gauge, error=str(exc))
        else:
            self.metrics.add("weirwatch_readings_total", len(readings))
            self._tell("polled", logging.INFO, gauge, state=state)
            self._alert(gauge, state)
        self.polled[gauge] = time.monotonic()
        seconds = self.polled[gauge] - began
        self.metrics.observe("weirwatch_poll_seconds", seconds)

    def _alert(self, gauge: str, state: State) -> None:
        if self._states.get(gauge, State.NORMAL) is state:
            return
        try:
            if webhook := webhook_from(os.environ):
                post(webhook, gauge, state)
                self._tell("alert_sent", logging.INFO, gauge, state=state)
        except OSError as exc:
            self.metrics.add("weirwatch_failures_total", reason="alert")
            self._tell("alert_failed", logging.ERROR, gauge, error=str(exc))
        else:
            self._states[gauge] = state

    def _tell(self, event: str, level: int, gauge: str, **more: str) -> None:
        fields = {"gauge": gauge, **more}
        logger.log(level, event, extra={"fields": fields})


class Page(BaseHTTPRequestHandler):
    """Answer /healthz and /metrics."""

    watch: Watch

    def do_GET(self) -> None:
        """Serve one of the two pages."""
        if self.path == "/healthz":
            healthy = self.watch.healthy()
            self._send(200 if healthy else 503, f"healthy: {healthy}\n")
        elif self.path == "/metrics":
            metrics = self.watch.metrics
            metrics.set("weirwatch_overdue_gauges", self.watch.overdue())
            self._send(200, metrics.text())
        else:
            self._send(404, "not here\n")

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Keep http.server's own lines out of the log."""


def main() -> int:
    """Serve the pages in one thread, poll in another, stop on SIGTERM."""
    parser = argparse.ArgumentParser(prog="weirwatch-service")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("--every", type=float, default=900, metavar="SECONDS")
    parser.add_argument("--port", type=int, default=8741)
    args = parser.parse_args()
    log.start()
    watch = Watch(args.sources, args.every)
    page = type("Bound", (Page,), {"watch": watch})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: watch.stopping.set())
    with ThreadingHTTPServer(("127.0.0.1", args.port), page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        logger.info("started")
        watch.run()
        server.shutdown()
    logger.info("stopped")
    return 0
