"""A book -> a folder its chapters run in: files, an environment, nothing else of the machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bookpress.errors import ToolError
from bookpress.listings.compare import SKIP
from bookpress.listings.store import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.listings.toolbox import Toolbox
    from bookpress.model import Executables

# How this machine reaches the network. Values that hold a password stay out.
_NETWORK = (
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT",
    "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
)  # fmt: skip
_GIT = """\
[user]
\tname = {author}
\temail = {email}
[init]
\tdefaultBranch = main
[core]
\tpager = cat
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""


class Sandbox:
    """The folder that a book's chapters run in.

    It lies outside the book, since git and uv look for projects in the folders above; its name
    follows from the book's folder, so that what a chapter leaves fits where the next one starts.

    work:  where the chapters' files are; home: HOME; both are handed from chapter to chapter.
    files: a copy of the chapter's own files.
    """

    def __init__(self, root: Path, asked: Executables, toolbox: Toolbox, downloads: Path) -> None:
        name = f"bookpress-{os.getuid()}-{digest(str(root.resolve()).encode())[:8]}"
        self.folder = Path(tempfile.gettempdir()).resolve() / name
        self.work = self.folder / "work"
        self.home = self.folder / "home"
        self.files = self.folder / "files"
        self._commands = self.folder / "bin"
        self._temporary = self.folder / "tmp"
        self._asked = asked
        self._toolbox = toolbox
        self._downloads = downloads
        names = [str(self.folder / part) for part in ("work", "home", "files", "bin", "tmp")]
        hidden = [*names, str(self.folder), str(downloads), *toolbox.hidden]
        self._hidden = sorted(hidden, key=len, reverse=True)

    def prepare(self) -> None:
        """Make the folder empty but for a home with a git identity, and link the tools."""
        self._own()
        for part in (self.work, self.home, self.files, self._commands, self._temporary):
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
        for name, program in self._toolbox.commands.items():
            (self._commands / name).symlink_to(program)
        steps = self._commands / "workflow-steps"
        steps.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bookpress.listings.steps "$@"\n')
        steps.chmod(0o755)
        config = self.home / ".config/git/config"
        config.parent.mkdir(parents=True)
        author = self._asked.author or "Author"
        email = self._asked.email or "author@example.org"
        config.write_text(_GIT.format(author=author, email=email), "utf-8")
        self._downloads.mkdir(parents=True, exist_ok=True)

    def lend(self, files: Path) -> None:
        """Copy a chapter's own files, if it has any, to where $CHAPTER_FILES points."""
        shutil.rmtree(self.files)
        if files.is_dir():
            shutil.copytree(files, self.files, symlinks=True)
        else:
            self.files.mkdir()

    def environment(self) -> dict[str, str]:
        """The variables of every command; of the machine's own, only how to reach the network."""
        author = (self._asked.author or "author").split()[0].lower()
        given = {name: os.environ[name] for name in _NETWORK if name in os.environ}
        return {name: value for name, value in given.items() if "@" not in value} | {
            "HOME": str(self.home),
            "USER": author,
            "LOGNAME": author,
            "SHELL": "/bin/bash",
            "PATH": str(self._commands),
            "TMPDIR": str(self._temporary),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "COLUMNS": "76",
            "PAGER": "cat",
            "EDITOR": "true",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONUNBUFFERED": "1",
            "UV_CACHE_DIR": str(self._downloads),
            "UV_LINK_MODE": "copy",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
            "CHAPTER_FILES": str(self.files),
            **self._asked.environment,
        }

    def without_paths(self, output: str) -> str:
        """Leave the names of this machine's folders out of what is printed."""
        for path in self._hidden:
            output = output.replace(path, SKIP)
        return output

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _own(self) -> None:
        """Make the folder, for nobody else; refuse one that somebody else has put there."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        state = self.folder.lstat()
        if state.st_uid != os.getuid() or self.folder.is_symlink():
            hint = "remove it, or set TMPDIR to a folder of your own"
            raise ToolError(f"{self.folder} belongs to somebody else", hint=hint)


@contextmanager
def turn(cache: Path) -> Iterator[None]:
    """Wait until no other run uses the book's sandbox; the system frees a dead one's lock."""
    cache.mkdir(parents=True, exist_ok=True)
    lock = os.open(cache / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(cache / "lock")  # or the cache's sweep would take it for forgotten
        yield
    finally:
        os.close(lock)
