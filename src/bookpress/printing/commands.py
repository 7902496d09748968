"""The commands of the wing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bookpress.contribution import Contribution, Kind
from bookpress.printing import profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CLEAN, FINDINGS = 0, 1


def contributions(
    root: Path,
    made: Mapping[str, bytes],
    pages: int,  # noqa: ARG001  (the covers' spines will rest on it)
    *,
    judged: bool,  # noqa: ARG001
    tell: Callable[[str], None],
) -> Iterator[Contribution]:
    """Certify the print edition for every printer, for `release kit`."""
    from bookpress import outline  # noqa: PLC0415  (--help must be quick)
    from bookpress.printing import certificate  # noqa: PLC0415
    from bookpress.printing import preflight as inspection  # noqa: PLC0415

    name = f"{outline.load(root).slug}-print.pdf"
    evidence = inspection.measure(made[name])
    for printer in profiles.names():
        profile = profiles.load(printer)
        verdicts = inspection.judge(evidence, profile)
        outcome = certificate.outcome(profile, verdicts)
        tell(f"preflight for {printer}: {outcome}")
        written = certificate.text(name, made[name], profile, verdicts).encode()
        good = certificate.passed(verdicts)
        yield Contribution(Kind.CERTIFICATE, printer, written, "" if good else outcome, good)
        yield Contribution(Kind.COVER, printer, None, "the press makes no wrap covers yet")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile",
    "printer",
    type=click.Choice(profiles.names()),
    required=True,
    help="The printer whose demands count.",
)
@click.option(
    "--report", "style", type=click.Choice(("text", "json")), default="text", help="How to say it."
)
def preflight(file: Path, *, printer: str, style: str) -> int:
    """Say whether a printer takes FILE, any PDF, as the interior of a book in black.

    Exits with 1 when a demand is not met, or cannot be measured.
    """
    from bookpress.printing import certificate  # noqa: PLC0415  (--help must be quick)
    from bookpress.printing import preflight as inspection  # noqa: PLC0415

    pdf, profile = file.read_bytes(), profiles.load(printer)
    verdicts = inspection.judge(inspection.measure(pdf), profile)
    write = {"text": certificate.text, "json": certificate.as_json}[style]
    click.echo(write(file.name, pdf, profile, verdicts), nl=False)
    return CLEAN if certificate.passed(verdicts) else FINDINGS
