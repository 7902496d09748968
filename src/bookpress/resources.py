"""What the press brings along -> where it lies: the styles, and the files of a new book."""

from __future__ import annotations

from pathlib import Path

from bookpress.errors import ToolError

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "styles", _PACKAGE.parents[1] / "styles")


def styles_folder(root: Path) -> Path:
    """Find the design: the book's own styles/, else the one packaged with the press.

    root: the folder of book.yml. In an editable checkout the packaged design is the repository's.
    Raises ToolError when the installation is incomplete.
    """
    for folder in (root / "styles", *_PLACES):
        if folder.is_dir():
            return folder
    raise ToolError("the press has no styles", hint="install bookpress again")


def data_folder() -> Path:
    """Where the package's data lie: schema, filters, the files of a new book."""
    return _PACKAGE / "data"
