"""Removable wings -> what they add to the command line: commands, and parts of our own.

A wing is a package with a module `commands`. Its click commands are commands of the press; the
functions it may have are named below, each with the command of ours that calls it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from bookpress.contribution import Contribution
    from bookpress.findings import Finding

_WINGS = (
    "bookpress.listings",
    "bookpress.review",
    "bookpress.release",
    "bookpress.validators",
    "bookpress.printing",
)


ASKED = "bookpress.wings"
"""Where a command finds this module in its context: a wing cannot import it."""


class Commands(click.Group):
    """The commands of the press, and those of the wings; a wrong name gets a guess."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order of the source, those of the wings last."""
        return [*self.commands, *_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name; wings are asked last, and imported only then."""
        return super().get_command(ctx, cmd_name) or _commands().get(cmd_name)


def complaints(root: Path) -> Iterator[Finding]:
    """What wings find wrong with a manuscript, for `check`."""
    return (found for look in _functions("complaints") for found in look(root))


def require(editions: Sequence[str]) -> None:
    """Raise ToolError when a wing lacks what it proves these editions with (`build --strict`)."""
    for demand in _functions("require"):
        demand(editions)


def judge(root: Path, editions: Sequence[str], *, quiet: bool) -> tuple[Finding, ...]:
    """Have wings prove the editions in build/, for `build --strict`; a line for every verdict."""

    def tell(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    if not _present("bookpress.validators"):
        click.echo("no validator judged the editions: their wing was removed", err=True)
    return tuple(f for look in _functions("verdicts") for f in look(root, editions, tell))


def contributions(
    root: Path, made: Mapping[str, bytes], pages: int, *, judged: bool, tell: Callable[[str], None]
) -> Iterator[Contribution]:
    """What wings give to a release kit, for `release kit`.

    made:   the editions by name, as built; pages: of the print edition.
    judged: whether validators are to judge the editions.
    """
    for look in _functions("contributions"):
        yield from look(root, made, pages, judged=judged, tell=tell)


def blockers(root: Path) -> Iterator[Finding]:
    """What wings know that forbids a release, such as open comments, for `release check`."""
    return (found for look in _functions("blockers") for found in look(root))


def equipment() -> Iterator[tuple[str, str, str, str]]:
    """What wings rest on, for `doctor`: name, version or "", what needs it, what to type."""
    return (tool for look in _functions("equipment") for tool in look())


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(f"{wing}.commands") for wing in _WINGS if _present(wing))


@cache
def _commands() -> dict[str, click.Command]:
    """The commands of all wings; a private one belongs to a group."""
    found = [i for m in _modules() for name, i in vars(m).items() if not name.startswith("_")]
    return {item.name: item for item in found if isinstance(item, click.Command) and item.name}


def _functions(name: str) -> Iterator[Callable[..., Any]]:
    return (vars(module)[name] for module in _modules() if name in vars(module))


def _present(wing: str) -> bool:
    """Say whether a wing is installed and has commands."""
    return util.find_spec(wing) is not None and util.find_spec(f"{wing}.commands") is not None
