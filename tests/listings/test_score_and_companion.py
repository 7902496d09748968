from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from bookpress import cli
from bookpress.errors import BookpressError
from bookpress.listings.companion import companion
from bookpress.listings.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Write = Callable[..., Path]

TWO = """\
```python {#lst-a file="a.py" caption="A"}
a = 1
```

```yaml {#lst-b shown="needs a river" caption="B"}
a: 1
```

```console {.hidden}
$ git init -q; echo '*.log' > .gitignore; touch x.log run; chmod +x run; mkdir __pycache__
$ touch __pycache__/a.pyc; git add a.py
```
"""


def score(root: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((root / "build/score.json").read_bytes())
    return result


def test_the_score_counts_what_readers_see(write: Write) -> None:
    root = write(TWO)

    verify(root)

    kept = score(root)
    assert (kept["blocks"], kept["executed"], kept["recorded"], kept["shown"]) == (2, 1, 0, 1)
    assert kept["chapters"][0]["verified"]
    assert kept["chapters"][0]["blocks"] == 2
    assert kept["chapters"][0]["listings"][1] == {
        "id": "lst-b",
        "line": 7,
        "kind": "shown",
        "reason": "needs a river",
    }


def test_a_chapter_that_does_not_hold_is_not_verified(write: Write) -> None:
    root = write(TWO, "```console\n$ echo 1\n2\n```\n")

    verify(root)

    assert [chapter["verified"] for chapter in score(root)["chapters"]] == [True, False]


def test_a_chapter_stays_verified_as_long_as_its_text_is_the_same(write: Write) -> None:
    verify(write(TWO, "```console\n$ true\n```\n"))
    root = write(f"{TWO}\nMore.\n", "```console\n$ true\n```\n")

    verify(root, ["chapter-2"])

    assert [chapter["verified"] for chapter in score(root)["chapters"]] == [False, True]


def test_the_companion_holds_the_files_at_the_end_of_each_chapter(write: Write) -> None:
    root = write(TWO, "Nothing is run here.", "```console\n$ rm a.py; echo b > b.py\n```\n")

    data = companion(root)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        assert archive.read("ch01/a.py") == b"a = 1\n"
    assert names == [
        "ch01/.gitignore", "ch01/a.py", "ch01/run",
        "ch03/.gitignore", "ch03/b.py", "ch03/run",
    ]  # fmt: skip
    assert (modes["ch01/run"], modes["ch01/a.py"]) == (0o755, 0o644)


def test_the_companion_of_the_same_book_has_the_same_bytes(write: Write) -> None:
    root = write(TWO)
    first = companion(root)
    for kept in (root / "build").rglob("*"):
        if kept.is_file() and kept.parent.name in ("runs", "trees"):
            kept.unlink()

    assert companion(root) == first


def test_no_companion_is_made_of_a_book_that_fails(write: Write) -> None:
    with pytest.raises(BookpressError, match="exits with 1"):
        companion(write("```console\n$ false\n```\n"))


def test_a_book_that_holds_gets_its_companion_beside_its_editions(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write("```console\n$ echo one > one.txt\n```\n")
    monkeypatch.chdir(root)

    code = cli.run(["verify", "--quiet"])

    assert code == 0
    with zipfile.ZipFile(root / "build/a-tiny-book-companion.zip") as archive:
        assert archive.namelist() == ["ch01/one.txt"]
