"""The EPUB holds the manuscript, whole and in order, and claims nothing it has not."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from bookpress.checks import package
from bookpress.formats import epub, pagebreaks
from bookpress.formats.accessibility import Facts, examine, features
from bookpress.formats.entries import letters
from bookpress.formats.formulas import speak
from bookpress.formats.hanging import hang
from bookpress.formats.pagebreaks import Break
from bookpress.manuscript import load, silent
from bookpress.model import Format
from bookpress.pagination import Extent, PageMap
from bookpress.press import Press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODIFIED = dt.datetime(2026, 11, 22, 12, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
OUTLINE = """\
title: Locks & Gates
subtitle: On Rivers
authors: [{name: Ana Weir, file-as: "Weir, Ana"}]
language: en-GB
publisher: Lowland Press
keywords: [rivers]
isbn: {print: "978-3-16-148410-0"}
front:
  - {role: titlepage}
  - {role: copyright-page}
  - {role: toc}
parts:
  - title: Water
    summary: What it does.
    chapters:
      - {file: gates.md, title: Gates}
      - {file: locks.md, title: Locks}
back:
  - {role: index}
"""
GATES = """\
# Gates {#ch-gates}

A [gate]{.ix} opens.[^1] See [](#lst-open) and [](locks.md#sec-fill).

[^1]: Or *shuts*.

```python {#lst-open file="gate.py" caption="Opening"}
def lift(metres: float) -> None:

    print("a  b")  # (1)
```

1. Two spaces, and an empty line above.

![A gate in a wall](gate.svg){#fig-gate caption="The gate"}

The level is $h = \\frac{a}{b}$.
"""
LOCKS = """\
# Locks {#ch-locks}

## Filling {#sec-fill}

Fill the [lock]{.ix}[]{.ix term="lock!filling"}, as [](#fig-gate) shows.

```console {#ses-fill}
$ fill --slowly
full
```
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7"/></svg>'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
PAGES = PageMap(
    folios=("i", "ii", "1", "2", "3", "4", "5"),
    anchors={
        ("gates", "ch-gates"): 4,
        ("gates", "lst-open"): 4,
        ("gates", "fig-gate"): 5,
        ("locks", "ch-locks"): 6,
        ("gates", "ix-1"): 4,
        ("locks", "ix-1"): 6,
        ("locks", "ix-2"): 6,
    },
    extents=(Extent("part-1", 3, 1), Extent("gates", 4, 2), Extent("locks", 6, 2)),
)


class Edition:
    """The book above as an EPUB, with all that went into it."""

    def __init__(self, root: Path) -> None:
        files = {"book.yml": OUTLINE, "gates.md": GATES, "locks.md": LOCKS}
        for name, text in files.items():
            (root / name).write_text(text, "utf-8")
        (root / "gate.svg").write_bytes(SVG)
        self.manuscript = load(root)
        press = Press(root, self.manuscript, MODIFIED, silent, 1)
        self.book = self.manuscript.book
        self.fragments = press.fragments(Format.EPUB)
        self.templates = press.templates
        self.styles = {
            path.relative_to(press.styles).as_posix(): path.read_bytes()
            for path in press.styles.rglob("*")
            if path.is_file()
        }
        self.data = self.make(PAGES)

    def make(self, pages: PageMap | None) -> bytes:
        return epub.make(
            self.book,
            self.manuscript.survey,
            self.fragments,
            {"images/gate.svg": SVG, "images/unused.svg": SVG, "cover.png": PNG},
            self.templates,
            self.styles,
            pages,
            MODIFIED,
        )

    def text(self, name: str) -> str:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return archive.read(f"EPUB/{name}").decode()

    def findings(self, data: bytes) -> list[str]:
        found = package.look(self.book, self.fragments, data)
        return [f"{finding.where.path} {finding.code} {finding.message}" for finding in found]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return Edition(tmp_path_factory.mktemp("book"))


def altered(data: bytes, name: str, change: Callable[[str], str] | None) -> bytes:
    """The same archive with one file changed, or without it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == f"EPUB/{name}":
                if change is None:
                    continue
                changed = change(content.decode())
                assert changed.encode() != content, "the change changes nothing"
                content = changed.encode()
            new.writestr(entry, content)
    return made.getvalue()


def test_a_sound_epub_gives_no_finding(edition: Edition) -> None:
    assert edition.findings(edition.data) == []


def test_the_same_book_and_date_give_the_same_bytes(edition: Edition) -> None:
    assert edition.make(PAGES) == edition.data


def test_the_archive_begins_with_its_type_and_has_no_clock(edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(edition.data)) as archive:
        entries = archive.infolist()

    assert (entries[0].filename, entries[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_package_says_its_language_and_date_in_utc(edition: Edition) -> None:
    package_document = edition.text("content.opf")

    assert re.search(r'<package [^>]*xml:lang="en-GB"', package_document)
    assert ">2026-11-22T10:30:00Z<" in package_document
    assert "Ebook" not in package_document


def test_titles_and_names_are_escaped_once(edition: Edition) -> None:
    assert '<dc:title id="title">Locks &amp; Gates</dc:title>' in edition.text("content.opf")
    assert "<title>Locks &amp; Gates</title>" in edition.text("titlepage.xhtml")


def test_white_space_in_listings_survives(edition: Edition) -> None:
    listing = re.search(r"<code>(.*?)</code>", edition.text("gates.xhtml"), re.DOTALL)

    assert listing is not None
    lines = re.sub(r"<[^>]+>", "", listing[1]).split("\n")
    assert lines == [
        "def lift(metres: float) -&gt; None:", "", '    print("a  b") 1', ""
    ]  # fmt: skip


def test_only_pictures_that_are_shown_are_packed(edition: Edition) -> None:
    package_document = edition.text("content.opf")

    assert 'href="images/gate.svg"' in package_document
    assert "unused" not in package_document


def test_landmarks_name_cover_contents_text_and_index(edition: Edition) -> None:
    landmarks = edition.text("nav.xhtml").partition('epub:type="landmarks"')[2]

    assert re.findall(r'epub:type="([a-z-]+)" href="([^"]+)"', landmarks) == [
        ("cover", "cover.xhtml"),
        ("titlepage", "titlepage.xhtml"),
        ("copyright-page", "copyright-page.xhtml"),
        ("toc", "nav.xhtml"),
        ("bodymatter", "part-1.xhtml"),
        ("index", "index.xhtml"),
    ]


def test_the_page_list_holds_every_page_that_is_marked_in_order(edition: Edition) -> None:
    listed = edition.text("nav.xhtml").partition('epub:type="page-list"')[2]

    assert re.findall(r'<a href="([^"]+)">(\w+)</a>', listed) == [
        ("part-1.xhtml#page-1", "1"),
        ("gates.xhtml#page-2", "2"),
        ("gates.xhtml#page-3", "3"),
        ("locks.xhtml#page-4", "4"),
    ]
    assert ">urn:isbn:9783161484100<" in edition.text("content.opf")


def test_without_a_print_edition_nothing_is_said_of_pages(edition: Edition) -> None:
    data = edition.make(None)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = b"".join(archive.read(n) for n in archive.namelist() if n.endswith((".xhtml", "f")))
    assert b"page-list" not in texts
    assert b"pageBreak" not in texts
    assert edition.findings(data) == []


def test_the_index_names_printed_pages(edition: Edition) -> None:
    index = edition.text("index.xhtml")

    assert re.findall(r'<a href="([^"]+)">(\w+)</a>', index) == [
        ("gates.xhtml#ix-1", "2"),
        ("locks.xhtml#ix-1", "4"),
        ("locks.xhtml#ix-2", "4"),
    ]


def test_index_terms_are_nested_below_their_main_term(edition: Edition) -> None:
    made = letters(edition.book, edition.manuscript.survey)

    assert [letter.name for letter in made] == ["G", "L"]
    [lock] = made[1].entries
    assert (lock.term, [entry.term for entry in lock.below]) == ("lock", ["filling"])


BROKEN = [
    (
        "gates.xhtml",
        lambda t: t.replace("a  b", "a b"),
        ("gates.md", "E001", "EPUB/gates.xhtml departs"),
    ),
    (
        "gates.xhtml",
        lambda t: t.replace("</h1>", ""),
        ("gates.md", "E001", "EPUB/gates.xhtml is not well"),
    ),
    ("locks.xhtml", None, ("locks.md", "E002", "EPUB/locks.xhtml is in the manifest only")),
    (
        "content.opf",
        lambda t: re.sub(r'<item href="images/gate.svg"[^>]*>', "", t),
        ("book.yml", "E002", "EPUB/images/gate.svg is not in the manifest"),
    ),
    (
        "content.opf",
        lambda t: re.sub(
            r"(<itemref[^>]*>\s*)(<itemref[^>]*>\s*)(<itemref[^>]*>\s*</spine>)", r"\2\1\3", t
        ),
        ("book.yml", "E002", "the spine is not in the order of book.yml"),
    ),
    (
        "content.opf",
        lambda t: re.sub(r"<itemref[^>]*>(\s*<itemref[^>]*>\s*</spine>)", r"\1", t),
        ("locks.md", "E002", "EPUB/locks.xhtml is in the spine 0 times, not once"),
    ),
    (
        "locks.xhtml",
        lambda t: t.replace('id="ses-fill"', 'id="sec-fill"'),
        ("locks.md", "E003", "`#sec-fill` stands 2 times in EPUB/locks.xhtml"),
    ),
    (
        "gates.xhtml",
        lambda t: t.replace("locks.xhtml#sec-fill", "locks.xhtml#sec-full"),
        ("gates.md", "L009", "EPUB/gates.xhtml leads to locks.xhtml#sec-full, and nothing"),
    ),
    (
        "toc.ncx",
        lambda t: t.replace('src="locks.xhtml', 'src="docks.xhtml'),
        ("book.yml", "L009", "EPUB/toc.ncx leads to docks.xhtml#locks, which is not in the EPUB"),
    ),
    (
        "epub.css",
        lambda t: t.replace("fonts/SourceCodePro-It.ttf", "fonts/It.ttf"),
        ("book.yml", "L009", "EPUB/epub.css leads to fonts/It.ttf, which is not in the EPUB"),
    ),
    (
        "gates.xhtml",
        lambda t: t.replace('alt="A gate in a wall"', 'alt=""'),
        ("book.yml", "E004", "the EPUB claims alternativeText, but images/gate.svg has none"),
    ),
    (
        "nav.xhtml",
        lambda t: t.replace('<li><a href="gates.xhtml#page-3">3</a></li>', ""),
        ("book.yml", "E004", "the EPUB claims pageNavigation, but 4 pages are marked and 3"),
    ),
]


@pytest.mark.parametrize(
    ("name", "change", "finding"), BROKEN, ids=[" ".join(b[2]) for b in BROKEN]
)
def test_what_the_packaging_breaks_is_found(
    edition: Edition, name: str, change: Callable[[str], str] | None, finding: tuple[str, str, str]
) -> None:
    found = edition.findings(altered(edition.data, name, change))

    assert any(line.startswith(" ".join(finding)) for line in found), found


def test_what_is_no_epub_is_a_finding(edition: Edition) -> None:
    [finding] = edition.findings(b"PK, but not for long")

    assert finding.startswith("book.yml E002 the EPUB cannot be opened")


def test_a_page_without_an_identifier_has_no_mark() -> None:
    pages = PageMap(("1", "2", "3"), {("a", "x"): 1, ("a", "y"): 3}, (Extent("a", 1, 3),))

    html, found = pagebreaks.breaks('<h1 id="x">A</h1><p>b</p><h2 id="y">C</h2>', "a", pages)

    assert found == (Break("1", "page-1"), Break("3", "page-3"))
    assert re.sub(r' epub:type="pagebreak"[^>]*', "", html) == (
        '<span></span><h1 id="x">A</h1><p>b</p><span></span><h2 id="y">C</h2>'
    )


def test_a_mark_goes_into_a_list_item_and_not_before_it() -> None:
    pages = PageMap(("1", "2"), {("a", "x"): 2}, (Extent("a", 1, 2),))

    html, _ = pagebreaks.breaks('<ul><li id="x">one</li></ul>', "a", pages)

    assert '<ul><li id="x"><span epub:type="pagebreak"' in html


BODY = (
    "<p>A first paragraph, <em>which ends</em> on the second page.</p>"
    '<pre class="code"><code><span class="line"><span class="k">if</span> high:\n</span>'
    '<span class="line">    warn(&quot;gauge&quot;)\n</span></code></pre>'
    "<ul><li>An item of a list.</li><li>Another item of it.</li></ul>"
    "<p>Twice the same words.</p><p>Twice the same words.</p>"
)
MARK = re.compile(r'<span epub:type="pagebreak"[^>]*></span>')


@pytest.mark.parametrize(
    ("opening", "before"),
    [
        ("which ends on the second page. if high:", "<em>which ends"),
        ("graph, which ends on the second page.", "paragraph, <em>"),
        ('warn("gauge") An item', "warn(&quot;gauge"),
        ("Another item of it. Twice", "Another item"),
    ],
)
def test_a_mark_stands_before_the_word_that_is_first_on_its_page(opening: str, before: str) -> None:
    pages = PageMap(("1", "2"), {}, (Extent("a", 1, 2),), openings=("A first para", opening))

    html, found = pagebreaks.breaks(BODY, "a", pages)

    _, _, second = MARK.split(html)
    assert [mark.folio for mark in found] == ["1", "2"]
    assert second.startswith(before)


def test_a_page_that_begins_with_doubtful_words_has_its_mark_at_its_first_identifier() -> None:
    html = f'{BODY}<p id="x">The end.</p>'
    openings = ("A first para", "Twice the same words.", "Words that are not there at all")
    pages = PageMap(("1", "2", "3"), {("a", "x"): 2}, (Extent("a", 1, 3),), openings=openings)

    html, found = pagebreaks.breaks(html, "a", pages)

    assert [mark.folio for mark in found] == ["1", "2"]
    assert MARK.split(html)[2] == '<p id="x">The end.</p>'


def test_page_numbers_of_the_index_do_not_hide_where_its_pages_begin() -> None:
    html = '<ul><li>gate, <a href="a#ix-1">2</a></li><li>lock, <a href="a#ix-2">3</a></li></ul>'
    pages = PageMap(("8", "9"), {}, (Extent("index", 1, 2),), openings=("gate, ", "lock, weir"))

    html, _ = pagebreaks.breaks(f"{html}<p>weir</p>", "index", pages, located=True)

    assert MARK.split(html)[2].startswith("lock, <a")


def test_lines_of_a_listing_nest_and_keep_their_text() -> None:
    html = '<pre class="code"><code><span class="k">if</span> x:\n\n    y\n</code></pre>'

    made = hang(html)

    assert re.sub(r"<[^>]+>", "", made) == "if x:\n\n    y\n"
    assert made.count('<span class="line">') == 3


def test_a_formula_is_given_its_words() -> None:
    inside = '<mi>a</mi><annotation encoding="application/x-tex">"a"</annotation>'

    made = speak(f'<math display="inline"><semantics>{inside}</semantics></math>')

    assert made.startswith('<math display="inline" alttext="&quot;a&quot;"><semantics>')


def test_a_feature_is_claimed_only_when_it_is_there() -> None:
    bare = features(Facts(2, 1, 0, 0, 0, 0, index=False, moving=False))
    full = features(Facts(2, 2, 1, 1, 1, 1, index=True, moving=False))

    assert bare == ("displayTransformability", "readingOrder", "tableOfContents", "unlocked")
    assert {"alternativeText", "index", "MathML", "pageNavigation"} <= set(full)


def test_a_picture_without_words_and_one_that_moves_are_counted() -> None:
    document = b'<html><img src="a.svg" alt=" "/><img src="b.svg" alt="A weir"/></html>'

    facts = examine([document], [b"<svg><animate/></svg>"])

    assert (facts.images, facts.described, facts.moving) == (2, 1, True)


def test_the_report_gives_a_proof_for_each_claim_and_a_reason_for_what_is_left_out(
    edition: Edition,
) -> None:
    said = json.loads(package.accessibility_report(package.read(edition.data)))

    package_document = edition.text("content.opf")
    claimed = {(s["property"], s["value"]) for s in said["claimed"]}
    in_metadata = set(re.findall(r'property="(schema:access[^"]*)">([^<]*)<', package_document))
    kept = {pair for pair in in_metadata if pair[0] != "schema:accessibilitySummary"}
    assert claimed == kept - {("schema:accessModeSufficient", "textual,visual")}
    assert all(s["proof"] for s in said["claimed"])
    left = {s["property"]: s["reason"] for s in said["left-out"]}
    assert "nobody has evaluated this EPUB" in left["dcterms:conformsTo"]
    assert "dcterms:conformsTo" not in package_document


@pytest.mark.parametrize(
    ("style", "fixed"),
    [
        (b"p { font-size: 12px }", True),
        (b"p { margin: 0; color: #333 }", True),
        (b"p { border-color: red; font-size: 0.9em; margin: 2px }", False),
    ],
)
def test_text_that_a_reader_cannot_change_is_not_called_transformable(
    style: bytes,
    fixed: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    facts = examine([b"<p/>"], [], [style])

    assert ("displayTransformability" in features(facts)) is not fixed
