"""The commands of the wing."""

from __future__ import annotations

from pathlib import Path

import click

from bookpress.printing import profiles

CLEAN, FINDINGS = 0, 1


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
