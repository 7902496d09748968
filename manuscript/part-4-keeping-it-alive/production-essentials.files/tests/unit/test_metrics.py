"""What /metrics says."""

from weirwatch.metrics import Metrics


def test_a_duration_counts_in_every_bucket_that_it_fits() -> None:
    metrics = Metrics()

    metrics.observe("poll", 0.7)

    assert metrics.text().splitlines() == [
        'poll_bucket{le="+Inf"} 1',
        'poll_bucket{le="0.5"} 0',
        'poll_bucket{le="1.0"} 1',
        'poll_bucket{le="5.0"} 1',
        "poll_count 1",
        "poll_sum 0.7",
    ]


def test_counters_with_different_labels_are_apart() -> None:
    metrics = Metrics()

    metrics.add("failures", reason="OSError")
    metrics.add("failures", reason="OSError")
    metrics.add("failures", reason="alert")
    metrics.set("overdue", 3)

    assert metrics.text().splitlines() == [
        'failures{reason="OSError"} 2',
        'failures{reason="alert"} 1',
        "overdue 3",
    ]
