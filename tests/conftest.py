"""A browser that breaks a navigation off says nothing about the page it was to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Skip, with what it said, where a navigation failed after all its tries; nothing else."""
    try:
        return (yield)
    except ToolError as failure:
        said = str(failure)
        if "node failed with exit code" in said and "navigating to" in said:
            pytest.skip(f"the browser broke a navigation off: {failure}")
        raise
