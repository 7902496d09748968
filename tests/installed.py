"""Validators that are not installed: a reason to skip at a desk, a failure where CI=true is set."""

from __future__ import annotations

import os

import pytest

from bookpress.errors import ToolError
from bookpress.validators.panel import PANEL


def require(name: str, rule: str = "") -> None:
    """Skip the test, or fail it where every validator must be there, if this one is missing.

    rule: the one that the validator's complaints break; the test proves that it does.
    """
    [validator] = [member for member in PANEL if member.name == name]
    assert rule in {"", validator.rule}
    try:
        validator.version()
    except ToolError as missing:
        if os.environ.get("CI") == "true" or os.environ.get("BOOKPRESS_STRICT") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
