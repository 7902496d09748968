"""The service, in the process of the test."""

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from weirwatch.service import Watch, main

pytestmark = pytest.mark.integration


def test_what_a_poll_counts(gauge_url: str) -> None:
    watch = Watch([gauge_url + "/rising.csv", gauge_url + "/gone.csv"], 60)
    for gauge in ("rising", "gone"):
        watch.poll(gauge, f"{gauge_url}/{gauge}.csv")

    lines = watch.metrics.text().splitlines()

    assert "weirwatch_readings_total 3" in lines
    assert 'weirwatch_failures_total{reason="OSError"} 1' in lines
    assert "weirwatch_poll_seconds_count 2" in lines
    assert watch.healthy()
    assert watch.overdue() == 0


def test_a_gauge_that_nobody_polls_is_overdue() -> None:
    watch = Watch(["lower-fen.csv"], 0)

    assert watch.overdue() == 1
    assert not watch.healthy()


@pytest.fixture
def stopped() -> Iterator[None]:
    """Put the signal handlers back."""
    kept = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    return port


def ask(port: int, page: str) -> tuple[int, str, str]:
    url = f"http://127.0.0.1:{port}/{page}"
    try:
        answer = urllib3.request("GET", url, timeout=5, retries=False)
    except urllib3.exceptions.HTTPError:
        return 0, "", ""
    return answer.status, answer.headers["Content-Type"], answer.data.decode()


def test_the_service_answers_alerts_and_stops(
    gauge_url: str,
    stopped: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    webhook = tmp_path / "webhook"
    webhook.write_text(f"{gauge_url}/hook?token=abc\n", encoding="utf-8")
    monkeypatch.setenv("WEIRWATCH_WEBHOOK_FILE", str(webhook))
    source = gauge_url + "/rising.csv"
    port = free_port()
    command = ["weirwatch-service", source, "--port", str(port)]
    monkeypatch.setattr(sys, "argv", command)
    answers: list[tuple[int, str, str]] = []

    def visit() -> None:
        try:
            while "poll_seconds_count" not in ask(port, "metrics")[2]:
                time.sleep(0.05)
            pages = ("healthz", "metrics", "else")
            answers.extend(ask(port, page) for page in pages)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Thread(target=visit, daemon=True)
    visitor.start()
    code = main()

    assert code == 0
    assert [status for status, _, _ in answers] == [200, 200, 404]
    assert answers[1][1] == "text/plain; version=0.0.4"
    assert "weirwatch_overdue_gauges 0" in answers[1][2]
    lines = capsys.readouterr().out.splitlines()
    events = [json.loads(line)["event"] for line in lines]
    assert events == ["started", "polled", "alert_failed", "stopped"]
