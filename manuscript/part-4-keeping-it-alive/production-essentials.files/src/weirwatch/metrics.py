"""Count what the service does, and print it in the text format of Prometheus."""

from collections import defaultdict
from threading import Lock

BOUNDS = (0.5, 1.0, 5.0)


class Metrics:
    """Numbers with a name and labels; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: defaultdict[str, float] = defaultdict(float)

    def add(self, name: str, amount: float = 1, /, **labels: object) -> None:
        """Let a counter grow."""
        with self._lock:
            self._values[_key(name, labels)] += amount

    def set(self, name: str, value: float) -> None:
        """Say what a gauge stands at."""
        with self._lock:
            self._values[name] = value

    def observe(self, name: str, took: float, /, **labels: object) -> None:
        """Count one duration in each bucket that it fits."""
        for bound in BOUNDS:
            self.add(f"{name}_bucket", took <= bound, **labels, le=bound)
        self.add(f"{name}_bucket", **labels, le="+Inf")
        self.add(f"{name}_sum", took, **labels)
        self.add(f"{name}_count", **labels)

    def text(self) -> str:
        """Return a line for each number."""
        with self._lock:
            values = sorted(self._values.items())
        return "".join(f"{key} {value:g}\n" for key, value in values)


def _key(name: str, labels: dict[str, object]) -> str:
    if not labels:
        return name
    pairs = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{pairs}}}"
