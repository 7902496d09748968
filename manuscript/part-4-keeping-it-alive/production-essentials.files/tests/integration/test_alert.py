"""What is said about the webhook when it does not answer well."""

from pathlib import Path

import pytest

from weirwatch.alert import post, webhook_from

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("form", ["/hook?token={}", "/hook/{}"])
def test_a_refused_alert_does_not_name_the_token(
    gauge_url: str, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "webhook"
    path.write_text(gauge_url + form.format("fen-2026"), encoding="utf-8")
    webhook = webhook_from({"WEIRWATCH_WEBHOOK_FILE": str(path)})
    assert webhook is not None

    with pytest.raises(OSError, match="status 501") as refused:
        post(webhook, "lower-fen", "high")

    assert "fen-2026" not in str(refused.value)
