"""A browser that breaks down says nothing about the pages it was to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bookpress.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Skip, with what it said, where the program that drives the browser failed itself."""
    try:
        return (yield)
    except ToolError as failure:
        if "node failed with exit code" in str(failure):
            pytest.skip(f"the browser broke down: {failure}")
        raise
