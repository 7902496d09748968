"""A PDF of anybody's -> its annotations and the characters of the pages they are on, as JSON.

The file is taken for hostile: it is read in a process of its own, which has little memory and
little time and which nothing else depends on. What cannot be understood of one annotation is
counted, and keeps nobody from reading the others.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from bookpress import prooftext
from bookpress.errors import BookpressError
from bookpress.review.model import LONGEST_FILED

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
MOST_BYTES = 200_000_000
MOST_PAGES = 5_000
MOST_NOTES = 20_000
_LONGEST = 2 * LONGEST_FILED
_MOST_QUADS = 2_000
_SECONDS, _CPU_SECONDS, _MEMORY = 180, 90, 3 << 30
_NO_NOTES = frozenset(("/Link", "/Popup", "/Widget", "/PrinterMark", "/TrapNet", "/Watermark"))
_INFO = ("bookcommit", "bookdraft")
"""The keys of a PDF's information that name the commit and the draft it was made of."""
_NUMBERS = 8  # of a quadrilateral: four points


def read(path: Path) -> Json:
    """Read the annotations of a file.

    Returns  "info": what the file says of its draft, by key; "notes": objects as `_note` makes
             them; "unread": how many annotations could not be understood; "damage": the first
             thing that is wrong with the file, if any; "pages": by number, from 1, the characters
             of each page that has notes, with their boxes.
    Raises   BookpressError, with the name of the file, when it cannot be read within its limits.
    """
    if path.stat().st_size > MOST_BYTES:
        raise BookpressError(f"{path}: it is larger than {MOST_BYTES // 1_000_000} MB")
    command = [sys.executable, "-I", "-m", __name__, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
        found = json.loads(done.stdout) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        raise BookpressError(f"{path}: it cannot be read within {_SECONDS} seconds") from None
    except ValueError:
        found = {}
    if "problem" in found:
        raise BookpressError(f"{path}: {found['problem']}")
    if "notes" not in found:
        hint = "open it in a viewer, and save it again under another name"
        raise BookpressError(f"{path}: it cannot be read as a PDF", hint=hint)
    return dict(found)


def main(path: Path) -> None:
    """Print what `read` returns, or the problem."""
    _limit()
    try:
        found = _read(path)
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        ValueError,
        MemoryError,
        RecursionError,
    ) as error:
        kind = "it is protected by a password" if isinstance(error, pikepdf.PasswordError) else ""
        said = str(error).replace(str(path), "")[:200].strip(" :")
        found = {"problem": kind or f"it cannot be read as a PDF: {said}"}
    sys.stdout.write(json.dumps(found))


def _limit() -> None:
    for kind, most in ((resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_AS, _MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(kind, (most, most))


def _read(path: Path) -> Json:
    with pikepdf.open(path) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            raise ValueError(f"it has {len(pdf.pages)} pages; the most is {MOST_PAGES}")
        info = {key: _text(pdf.docinfo, f"/{key}") for key in _INFO} if pdf.docinfo else {}
        notes: list[Json] = []
        unread = 0
        for number, page in enumerate(pdf.pages, 1):
            for annotation in _annotations(page):
                try:
                    if note := _note(annotation, number):
                        notes.append(note)
                except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError):
                    unread += 1
                if len(notes) + unread > MOST_NOTES:
                    raise ValueError(f"it has more than {MOST_NOTES} annotations")
        damage = [str(warning)[:200] for warning in pdf.get_warnings()[:1]]
    noted = sorted({note["page"] for note in notes})
    pages = prooftext.characters(path, noted)
    found = {"info": info, "notes": notes, "unread": unread, "pages": pages}
    return found | {"damage": damage}


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    found = page.obj.get("/Annots")
    yield from found if isinstance(found, pikepdf.Array) else ()


def _note(annotation: Any, page: int) -> Json | None:  # noqa: ANN401  (a PDF has no types)
    """What one annotation says; None for what is no reviewer's.

    boxes: left, bottom, right, top of each piece that it marks; points from the origin.
    number, reply_to: names of the object, and of the one it answers, within the file.
    """
    kind = str(annotation.get("/Subtype"))
    if kind in _NO_NOTES:
        return None
    answered = annotation.get("/IRT")
    return {
        "kind": kind.removeprefix("/"),
        "page": page,
        "number": _number(annotation),
        "reply_to": _number(answered) if isinstance(answered, pikepdf.Dictionary) else "",
        "grouped": str(annotation.get("/RT", "")) == "/Group",
        "name": _text(annotation, "/NM"),
        "author": _text(annotation, "/T"),
        "text": _text(annotation, "/Contents"),
        "rich": _text(annotation, "/RC"),
        "created": _text(annotation, "/CreationDate") or _text(annotation, "/M"),
        "state": _text(annotation, "/State"),
        "boxes": [*_boxes(annotation)],
        "marks": "/QuadPoints" in annotation,
    }


def _number(found: Any) -> str:  # noqa: ANN401
    return "{} {}".format(*found.objgen) if found.is_indirect else ""


def _text(found: Any, key: str) -> str:  # noqa: ANN401
    value = found.get(key)
    return str(value)[:_LONGEST] if isinstance(value, pikepdf.String | str) else ""


def _boxes(annotation: Any) -> Iterator[list[float]]:  # noqa: ANN401
    """The quadrilaterals, in whatever order their points are; else, or if flat, the rectangle."""
    listed = annotation.get("/QuadPoints")
    found = False
    if isinstance(listed, pikepdf.Array):
        numbers = [_coordinate(number) for number in [*listed][: _MOST_QUADS * _NUMBERS]]
        for start in range(0, len(numbers) - _NUMBERS + 1, _NUMBERS):
            quad = numbers[start : start + _NUMBERS]
            box = [min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2])]
            if box[0] < box[2] and box[1] < box[3]:
                found = True
                yield box
    rectangle = annotation.get("/Rect")
    if not found and isinstance(rectangle, pikepdf.Array) and len(rectangle) == _NUMBERS // 2:
        x0, y0, x1, y1 = map(_coordinate, rectangle)
        yield [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]


def _coordinate(value: Any) -> float:  # noqa: ANN401
    number = float(value)
    if not -1e6 < number < 1e6:  # noqa: PLR2004
        raise ValueError("a coordinate beyond any page")
    return number


if __name__ == "__main__":
    main(Path(sys.argv[1]))
