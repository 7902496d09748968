"""The commands of the wing: arguments -> one library call -> print -> exit code."""

from __future__ import annotations

import click

__all__ = ["review"]


@click.group()
def review() -> None:
    """Send drafts to reviewers, and take in what they say of them."""
