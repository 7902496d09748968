"""What a line of the log is."""

import json
import logging

from weirwatch.log import JsonFormatter


def line(event: str, **fields: str) -> str:
    record = logging.LogRecord("x", logging.ERROR, "", 0, event, None, None)
    record.fields = fields
    return JsonFormatter().format(record)


def test_every_line_is_one_object() -> None:
    found = json.loads(line("polled", gauge='the "old" mill\n'))

    assert found["event"] == "polled"
    assert found["gauge"] == 'the "old" mill\n'


def test_a_token_is_hidden_and_the_line_is_still_json() -> None:
    found = json.loads(line("failed", error="from http://x/?token=abc"))

    assert found["error"] == "from http://x/?token=***"
