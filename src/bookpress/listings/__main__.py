"""`python -m bookpress.listings verify|record [CHAPTER...]`, for a checkout without the rest."""

from __future__ import annotations

import sys

import click

from bookpress.errors import BookpressError
from bookpress.listings.commands import companion, record, verify

if __name__ == "__main__":
    try:
        sys.exit(click.Group(commands=[verify, record, companion]).main(standalone_mode=False))
    except BookpressError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
