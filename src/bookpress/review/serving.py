"""A book's folder -> a server for its reviewers, which follows the author's saves."""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookpress import outputs, saves
from bookpress.errors import BookpressError, ToolError
from bookpress.review import keys as secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bookpress.review.desk import Desk

HOST, PORT = "127.0.0.1", 8765
KEYS = ".review-keys"
MOST_AT_ONCE = 200
"""How many requests are answered at a time; an open page takes one of them."""
_LOCAL = ("127.0.0.1", "localhost", "::1")
_ANY = ("0.0.0.0", "::", "")  # noqa: S104  (named, to be warned of)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens. names: further names under which it may be asked."""

    host: str = HOST
    port: int = PORT
    names: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Say whether this machine alone can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def hosts(self) -> tuple[str, ...]:
        """All names under which it may be asked."""
        own = () if self.host in _ANY else (self.host,)
        return tuple(dict.fromkeys((*_LOCAL, *own, *self.names)))

    def link(self, port: int, key: str) -> str:
        """The link by which somebody with a key gets in."""
        host = (*self.names, HOST)[0] if self.host in _ANY else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/enter/{key}"


def serve(root: Path, address: Address, *, fresh: bool, say: Callable[[str], None]) -> None:
    """Serve the draft of a book until Ctrl-C.

    fresh:  make new links; those that were sent out no longer work.
    say:    tells the author what happens, a line at a time.
    Raises  BookpressError when the book has no draft or the port is taken, ToolError when a
            package is missing.
    """
    try:
        import uvicorn  # noqa: PLC0415  (an extra; --help must be quick)

        from bookpress.review.desk import Desk  # noqa: PLC0415
        from bookpress.review.server import Bell, application  # noqa: PLC0415
    except ImportError as error:
        hint = "python -m pip install 'bookpress[review]'"
        raise ToolError(f"{error.name} is not installed", hint=hint) from None
    keys = secret.load(root / outputs.FOLDER / KEYS, fresh=fresh)
    bell, stop = Bell(), threading.Event()
    listening = _listen(address)
    desk = Desk(root, bell.ring)
    port = listening.getsockname()[1]
    _tell(address, port, keys, say)
    config = uvicorn.Config(
        application(desk, keys, bell, address.hosts),
        limit_concurrency=MOST_AT_ONCE,
        access_log=False,  # a request's path may hold a key
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    follower = threading.Thread(target=_follow, args=(desk, stop, say), daemon=True)
    follower.start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        stop.set()
        bell.close()
        follower.join()
        desk.close()
        listening.close()


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address.host, address.port))
        made.listen()  # who opens a link as soon as it is told waits, and is not turned away
    except OSError as error:
        made.close()
        raise BookpressError(
            f"port {address.port} of {address.host} cannot be served: {error.strerror}",
            hint="type: bookpress review serve --port 0",
        ) from error
    return made


def _tell(address: Address, port: int, keys: secret.Keys, say: Callable[[str], None]) -> None:
    say(f"for reviewers: {address.link(port, keys.reviewer)}")
    say(f"for the author, who decides: {address.link(port, keys.author)}")
    if not address.is_local:
        say(
            f"warning: {address.host} can be reached from other machines, and what is sent is not "
            "encrypted; a tunnel (ssh -L, Tailscale) or a draft.html by mail is safer"
        )
    say("Ctrl-C ends; saving a file makes a new draft")


def _follow(desk: Desk, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Make the draft anew whenever the author saves something."""
    with saves.saves(desk.root, stop) as saved:
        for names in saves.gather(saved, stop):
            good = desk.rebuild()
            shown = ", ".join(sorted(names))
            say(f"{shown}: new draft" if good else f"{shown}: the last draft stays\n{desk.problem}")
