"""Get the text of a gauge's readings from a file or from the web."""

from pathlib import Path

import urllib3

TIMEOUT_S = 10.0


def read(source: str) -> str:
    """Return the text; raise OSError when there is none to be had."""
    if not source.startswith(("http://", "https://")):
        return Path(source).read_text(encoding="utf-8")
    try:
        answer = urllib3.request("GET", source, timeout=TIMEOUT_S)
    except urllib3.exceptions.HTTPError as exc:
        raise OSError(f"{source}: {exc}") from exc
    if answer.status != 200:
        raise OSError(f"{source}: status {answer.status}")
    return answer.data.decode("utf-8")
