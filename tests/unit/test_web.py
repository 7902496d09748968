"""The web edition leads nowhere it does not hold, asks no other host and reads without script."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from bookpress.checks import site
from bookpress.formats import web
from bookpress.formats.drawings import inline
from bookpress.formats.sidenotes import beside
from bookpress.manuscript import load, silent
from bookpress.model import Format
from bookpress.press import Press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OUTLINE = """\
title: Locks & Gates
subtitle: On Rivers
authors: [{name: Ana Weir}]
language: en-GB
front:
  - {role: preface, file: preface.md, title: Preface}
parts:
  - title: Water
    summary: What it does.
    chapters:
      - {file: gates.md, title: Gates}
      - {file: locks.md, title: Locks}
back:
  - {role: index}
"""
FILES = {
    "book.yml": OUTLINE,
    "preface.md": "# Preface\n\nRead [](gates.md).\n",
    "gates.md": (
        "# Gates {#ch-gates}\n\nA [gate]{.ix}.[^1] See [](locks.md#sec-fill).\n\n"
        "[^1]: Or *shuts*, as [the next](locks.md) says.\n\n"
        '![A gate](gate.svg){#fig-gate caption="The gate"}\n'
    ),
    "locks.md": "# Locks {#ch-locks}\n\n## Filling {#sec-fill}\n\nFill, as [](#fig-gate) shows.\n",
}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1h7"/></svg>'


@pytest.fixture(scope="module")
def manuscript(tmp_path_factory: pytest.TempPathFactory) -> Press:
    root: Path = tmp_path_factory.mktemp("book")
    for name, text in FILES.items():
        (root / name).write_text(text, "utf-8")
    (root / "gate.svg").write_bytes(SVG)
    modified = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return Press(root, load(root), modified, silent, 1)


@pytest.fixture(scope="module")
def files(manuscript: Press) -> dict[str, bytes]:
    styles = {
        path.relative_to(manuscript.styles).as_posix(): path.read_bytes()
        for path in manuscript.styles.rglob("*")
        if path.is_file()
    }
    book, survey = manuscript.manuscript.book, manuscript.manuscript.survey
    fragments = manuscript.fragments(Format.WEB)
    images = {"images/gate.svg": SVG}
    return web.make(book, survey, fragments, images, manuscript.templates, styles)


def findings(manuscript: Press, files: dict[str, bytes]) -> list[str]:
    found = site.look(manuscript.manuscript.book, files)
    return [f"{finding.where.path} {finding.code} {finding.message}" for finding in found]


def test_a_sound_web_edition_gives_no_finding(manuscript: Press, files: dict[str, bytes]) -> None:
    assert findings(manuscript, files) == []


def test_there_is_a_page_for_every_chapter_and_no_other(files: dict[str, bytes]) -> None:
    pages = {name for name in files if name.endswith(".html")}

    assert pages == {
        "index.html", "preface.html", "gates.html", "locks.html", "book-index.html"
    }  # fmt: skip


def test_a_page_leads_to_the_one_before_and_the_one_after(files: dict[str, bytes]) -> None:
    turns = re.findall(r'<a rel="(\w+)" href="([^"]+)"', files["gates.html"].decode())

    assert turns == [("prev", "preface.html"), ("next", "locks.html")]


def test_the_contents_mark_the_page_that_is_read(files: dict[str, bytes]) -> None:
    current = re.findall(r'<a href="([^"]+)" aria-current="page"', files["locks.html"].decode())

    assert set(current) == {"locks.html"}


def test_only_the_page_that_is_read_shows_its_headings_in_the_contents(
    files: dict[str, bytes],
) -> None:
    assert b'<a href="#sec-fill">' in files["locks.html"]
    assert b"Filling" not in files["gates.html"]


def test_titles_are_escaped_once(files: dict[str, bytes]) -> None:
    assert b"<title>Locks &amp; Gates: On Rivers</title>" in files["index.html"]


def test_every_font_that_the_style_names_is_shipped_and_no_other(files: dict[str, bytes]) -> None:
    named = set(re.findall(r'url\("(fonts/[^"]+)"\)', files["web.css"].decode()))

    assert {name for name in files if name.endswith(".ttf")} == named


def test_a_drawing_is_in_the_page_and_keeps_its_words(files: dict[str, bytes]) -> None:
    page = files["gates.html"].decode()

    assert re.search(r'<svg [^>]*role="img" aria-label="A gate">', page)
    assert "<?xml" not in page
    assert "images/gate.svg" not in files


BROKEN = [
    (
        "preface.html",
        lambda text: text.replace('"gates.html" class="xref whole"', '"gate.html"'),
        "preface.md L009 preface.html leads to gate.html, which is not in the web edition",
    ),
    (
        "gates.html",
        lambda text: text.replace("locks.html#sec-fill", "locks.html#sec-full"),
        "gates.md L009 gates.html leads to locks.html#sec-full, and nothing has that identifier",
    ),
    (
        "locks.html",
        lambda text: text.replace('id="sec-fill"', 'id="text"'),
        "locks.md E003 `#text` stands 2 times in locks.html",
    ),
    (
        "index.html",
        lambda text: text.replace('href="web.css"', 'href="https://elsewhere.example/web.css"'),
        "book.yml L009 index.html leads to https://elsewhere.example/web.css, which is asked of",
    ),
    (
        "web.css",
        lambda text: text.replace("fonts/SourceSans3-It.ttf", "//elsewhere.example/It.ttf"),
        "book.yml L009 web.css leads to //elsewhere.example/It.ttf, which is asked of another",
    ),
]


@pytest.mark.parametrize(("name", "change", "finding"), BROKEN, ids=[b[2] for b in BROKEN])
def test_what_leads_nowhere_is_found(
    manuscript: Press,
    files: dict[str, bytes],
    name: str,
    change: Callable[[str], str],
    finding: str,
) -> None:
    changed = files | {name: change(files[name].decode()).encode()}
    assert changed[name] != files[name], "the change changes nothing"

    found = findings(manuscript, changed)

    assert any(line.startswith(finding) for line in found), found


def test_a_note_stands_beside_its_call_without_links_or_identifiers() -> None:
    call = '<a class="noteref" role="doc-noteref" href="#fn-1" id="fnref-1"><sup>1</sup></a>'
    back = '<a class="backlink" role="doc-backlink" href="#fnref-1">Back</a>'
    note = f'<li id="fn-1"><p>One, <a href="x.html" id="y">two</a>.</p>\n<p>Three.</p>{back}</li>'
    notes = f'<section class="footnotes" role="doc-endnotes"><ol>{note}</ol></section>'

    made = beside(f"<p>Text.{call} More.</p>{notes}")

    aside = '<span class="sidenote" aria-hidden="true"><sup>1</sup> One, two.<br />Three.</span>'
    assert f"{call}{aside} More." in made
    assert '<section class="footnotes beside"' in made
    assert note in made


def test_a_note_with_a_listing_stays_at_the_end() -> None:
    call = '<a class="noteref" href="#fn-1" id="fnref-1"><sup>1</sup></a>'
    note = '<li id="fn-1"><pre>x</pre><a class="backlink" href="#fnref-1">Back</a></li>'
    html = f'<p>{call}</p><section class="footnotes"><ol>{note}</ol></section>'

    assert beside(html) == html


def test_identifiers_of_two_drawings_do_not_meet() -> None:
    data = b'<svg id="a"><title>T</title><g id="g"/><use href="#g" fill="url(#g)"/></svg>'
    image = '<img src="images/one.svg" alt="A &amp; B" style="width: 60%"/>'

    made = inline(image, {"images/one.svg": data})

    assert made == (
        '<svg id="one-a" class="drawing" role="img" aria-label="A &amp; B" style="width: 60%">'
        '<g id="one-g"/><use href="#one-g" fill="url(#one-g)"/></svg>'
    )


@pytest.mark.parametrize("inside", ["<style>p{}</style>", "<script>x</script>"])
def test_a_drawing_that_would_reach_the_page_stays_outside(inside: str) -> None:
    image = '<img src="images/one.svg" alt="A"/>'

    made = inline(image, {"images/one.svg": f"<svg>{inside}</svg>".encode()})

    assert made == image
