"""Write events as lines of JSON."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

SECRET = re.compile(r"(?i)(token|password)=\S+")


class JsonFormatter(logging.Formatter):
    """One event, one line, one object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON, without secrets."""
        at = datetime.fromtimestamp(record.created, UTC)
        event: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        event |= getattr(record, "fields", {})
        return SECRET.sub(r"\1=***", json.dumps(event, default=str))


def start(level: str = "INFO") -> None:
    """Send every event to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger("weirwatch").setLevel(level)
