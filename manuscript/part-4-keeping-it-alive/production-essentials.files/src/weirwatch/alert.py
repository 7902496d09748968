"""Tell somebody: one POST to a webhook."""

import json
from collections.abc import Mapping
from pathlib import Path

import urllib3

TIMEOUT_S = 5.0


def webhook_from(env: Mapping[str, str]) -> str | None:
    """Read the address from the file that the environment names."""
    path = env.get("WEIRWATCH_WEBHOOK_FILE")
    return Path(path).read_text("utf-8").strip() if path else None


def post(webhook: str, gauge: str, state: str) -> None:
    """Send the alert; raise OSError when it was not taken."""
    body = json.dumps({"gauge": gauge, "state": state}).encode()
    try:
        answer = urllib3.request(
            "POST", webhook, body=body, timeout=TIMEOUT_S, retries=False
        )
    except urllib3.exceptions.HTTPError as exc:
        raise OSError(f"no answer from {webhook}") from exc
    if answer.status != 200:
        raise OSError(f"status {answer.status} from {webhook}")
