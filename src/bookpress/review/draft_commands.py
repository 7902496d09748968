"""The commands that make drafts and serve them: arguments -> one library call -> print."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from bookpress.errors import BookpressError
from bookpress.review.serving import HOST, PORT, Address
from bookpress.terminal import require_book, say


@click.command("build")
@click.option("--no-pdf", is_flag=True, help="Make draft.html only.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that typeset; 0: one a core.",
)
@click.pass_obj
def build(base: PurePosixPath | None, *, no_pdf: bool, quiet: bool, workers: int) -> None:
    """Make the draft for reviewers: build/draft.html and build/draft.pdf.

    draft.html is one file that needs no network and no server: send it by mail. Reviewers select
    words, comment on them, and send back what `Download my comments` gives them. Both files carry
    version and commit, and in the margin the lines of the manuscript: ch04:112.
    """
    from bookpress import outputs  # noqa: PLC0415  (--help must be quick)
    from bookpress.review import making  # noqa: PLC0415

    require_book()
    made = making.build(Path.cwd(), paged=not no_pdf, workers=workers)
    outputs.publish(Path.cwd() / outputs.FOLDER, made)
    if not quiet:
        for name, data in made.items():
            place = (base or PurePosixPath()) / outputs.FOLDER / name
            click.echo(f"{place} ({len(data) / 1e6:.1f} MB)", err=True)


@click.command("serve")
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="0 picks a free one.",
)
@click.option("--open", "is_open", is_flag=True, help="Let --host be one that others can reach.")
@click.option(
    "--name",
    "names",
    multiple=True,
    help="A further name under which the server is asked, as that of a tunnel; may be repeated.",
)
@click.option("--new-links", is_flag=True, help="Make new links; those sent out no longer work.")
def serve(*, host: str, port: int, is_open: bool, names: tuple[str, ...], new_links: bool) -> None:
    """Serve the draft to reviewers, and make it anew on every save.

    Prints two links: one to share with reviewers, one for the author, who alone resolves, declines
    and reopens comments. The server listens to this machine only; for others, use a tunnel.
    """
    from bookpress.review import serving  # noqa: PLC0415

    require_book()
    address = Address(host, port, names)
    if not (address.is_local or is_open):
        hint = "a tunnel (ssh -L) is safer; if it must be, add --open"
        raise BookpressError(f"{host} can be reached from other machines", hint=hint)
    serving.serve(Path.cwd(), address, fresh=new_links, say=say)


COMMANDS = (build, serve)
