"""A folder's name -> a small book in it that builds at once; its files lie in data/new."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from bookpress.errors import BookpressError
from bookpress.outline.fields import slugify
from bookpress.resources import data_folder

_PLACEHOLDER = "title: A Small Book\n"


def new(folder: Path) -> None:
    """Make a small book in a folder that is empty or does not exist yet.

    The book is put together beside it and moved there, so that nothing half-made is left behind.
    Raises BookpressError when the folder holds anything or cannot be written.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        problem = f"{folder.name} is not an empty folder"
        raise BookpressError(problem, hint="name a folder that does not exist yet")
    try:
        _make(folder)
    except OSError as error:
        problem = f"{folder.name} cannot be made: {error.strerror}"
        raise BookpressError(problem, hint="name a folder in which you may write") from error


def title(name: str) -> str:
    """Guess a book's title from its folder: "river-notes" is River Notes."""
    words = re.findall(r"[^\W_]+", name)
    return " ".join(word[0].upper() + word[1:] for word in words) or "A Small Book"


def _make(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-book-") as staging:
        book = Path(staging) / "book"
        shutil.copytree(data_folder() / "new", book)
        outline = book / "book.yml"
        text = outline.read_text(encoding="utf-8")
        outline.write_text(text.replace(_PLACEHOLDER, _naming(folder.name)), encoding="utf-8")
        if folder.exists():
            for item in book.iterdir():
                item.rename(folder / item.name)
        else:
            book.rename(folder)


def _naming(name: str) -> str:
    """Write the lines of book.yml that name the book; quoted, for a folder may be called 1984."""
    guess = title(name)
    lines = f"title: {json.dumps(guess, ensure_ascii=False)}\n"
    return lines if slugify(guess) else f"{lines}slug: book\n"
