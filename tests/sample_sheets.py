"""A small complete book of sheets, made in code: what the tests of the print engine set."""

from __future__ import annotations

import datetime as dt
import random
import struct
import zlib
from pathlib import Path, PurePosixPath

from bookpress.findings import Position
from bookpress.formats.sheets import Sheet, Style, Variant
from bookpress.model import Contributor, Matter, Metadata

FONTS = Path(__file__).resolve().parent.parent / "styles" / "fonts"
DATE = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
WHERE = Position(PurePosixPath("book.yml"))
STYLE_WHERE = Position(PurePosixPath("styles/print.css"))
CHAPTERS = {"one": "Folios", "two": "Margins", "three": "Sheets"}

CSS = """
@font-face { font-family: Serif; src: url("fonts/SourceSerif4SmText-Regular.ttf") }
@font-face { font-family: Mono; src: url("fonts/SourceCodePro-Regular.ttf") }
@page { size: 360pt 540pt; margin: 54pt 45pt 54pt 54pt; @footnote { border-top: .5pt solid } }
@page :left { margin: 54pt 54pt 54pt 45pt; @top-left { content: string(head); font: 8pt Serif }
  @bottom-left { content: string(folio); font: 9pt Serif } }
@page :right { @top-right { content: string(head); font: 8pt Serif }
  @bottom-right { content: string(folio); font: 9pt Serif } }
html { font: 10pt/14pt Serif; hyphens: auto; orphans: 2; widows: 2 }
body, p { margin: 0 } p { text-align: justify }
h1 { font: 20pt Serif; bookmark-level: 1 } h2 { font: 13pt Serif; break-after: avoid }
pre { font: 8pt/10pt Mono; background: #eee } code { font: .85em Mono } kbd { font: .85em Mono }
img { width: 50%; image-rendering: crisp-edges } figure { margin: 8pt 0 }
td, th { border-bottom: .5pt solid; padding: 2pt 8pt; font: 9pt Serif; text-align: left }
book-note { float: footnote; font: 8.5pt/11pt Serif }
[data-page] { font-variant-numeric: tabular-nums; font-kerning: none; white-space: nowrap }
.toc ul, .index ul { list-style: none; padding: 0 }
book-leader::before { content: leader(". ") }
a { text-decoration: none; color: black }
"""
SCREEN_CSS = CSS + "a { color: #00458b }"
TEXT = (
    "press page folio margin verso recto chapter letter measure line leading gutter quire sheet "
    "proof galley type face ink paper fold bind spine board cloth title note index entry figure "
    "table listing caption heading efficient office"
)
WORDS = TEXT.split()
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60">'
    b'<rect x="2" y="2" width="50" height="56" fill="#ccc"/>'
    b'<text x="60" y="30" font-family="Serif" font-size="9">verso</text></svg>'
)
METADATA = Metadata(
    title="The Sample Book",
    subtitle="Pages & Proofs",
    contributors=(Contributor("Ann Author", "aut", "Author, Ann"),),
    language="en",
    publisher="A Press",
    rights="All rights reserved",
    edition=1,
    printing=1,
    version="1.0",
    date="2026-03-02",
    description="A sample.",
    keywords=("sample", "<press>"),
    subjects={},
    isbn={},
    identifier="urn:example:sample",
    url="",
)


def style(css: str = CSS) -> Style:
    """A style with the two fonts it names."""
    names = ("SourceSerif4SmText-Regular.ttf", "SourceCodePro-Regular.ttf")
    return Style(css, {f"fonts/{name}": (FONTS / name).read_bytes() for name in names}, STYLE_WHERE)


def styles() -> dict[Variant, Style]:
    """The styles of both variants."""
    return {Variant.PRINT: style(), Variant.SCREEN: style(SCREEN_CSS)}


def document(slug: str, body: str, kind: str = "chapter") -> str:
    """A whole HTML document around one section."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{slug}</title>'
        f'</head><body><section class="{kind}" id="{slug}">{body}</section></body></html>'
    )


def sheet(slug: str, body: str, matter: Matter = Matter.BODY) -> Sheet:
    """A chapter with nothing special about it."""
    where = Position(PurePosixPath(f"manuscript/{slug}.md"))
    return Sheet(slug, matter, document(slug, body), where, ("The Part", slug.capitalize()))


def reference(target: str, text: str) -> str:
    """A link and the page it leads to."""
    return f'<a href="{target}">{text}</a> on page <a href="{target}" data-page="{target}">0</a>'


def book() -> tuple[Sheet, ...]:
    """Title pages, contents, a part opener, three chapters and an index: some 30 pages."""
    rng, index = random.Random(7), dict[str, list[str]]()  # noqa: S311  (no secret)
    chapters = [_chapter(slug, rng, index) for slug in CHAPTERS]
    title = '<section id="title"><p>The Sample Book</p></section>'
    imprint = '<section id="imprint" style="break-before: page"><p>Rights</p></section>'
    html = f'<html lang="en"><head><title>T</title></head><body>{title}{imprint}</body></html>'
    rows = "".join(
        _row(f"{slug}.html#{slug}", topic)
        + "".join(_row(f"{slug}.html#{slug}-{part}", f"{topic} {part}") for part in range(4))
        for slug, topic in CHAPTERS.items()
    )
    entries = "".join(
        f"<li>{word} "
        + ", ".join(f'<a href="{target}" data-page="{target}">0</a>' for target in targets)
        + "</li>"
        for word, targets in sorted(index.items())
    )
    return (
        Sheet("prelims", Matter.FRONT, html, WHERE, bare=True),
        Sheet(
            "toc",
            Matter.FRONT,
            document("toc", f'<h1 id="contents">Contents</h1><ul>{rows}</ul>', "toc"),
            WHERE,
            ("The Sample Book", "Contents"),
        ),
        Sheet("part-1", Matter.BODY, document("part-1", "<h1>Basics</h1>"), WHERE, bare=True),
        *chapters,
        Sheet(
            "index",
            Matter.BACK,
            document("index", f'<h1 id="ix">Index</h1><ul>{entries}</ul>', "index"),
            WHERE,
            ("The Sample Book", "Index"),
        ),
    )


def _row(target: str, text: str) -> str:
    return (
        f'<li><a href="{target}">{text}</a><book-leader></book-leader>'
        f'<span data-page="{target}">0</span></li>'
    )


def _chapter(slug: str, rng: random.Random, index: dict[str, list[str]]) -> Sheet:
    topic = CHAPTERS[slug]
    others = [other for other in CHAPTERS if other != slug]
    body = f'<h1 id="{slug}-title">{topic}</h1>'
    for part in range(4):
        body += f'<h2 id="{slug}-{part}">{topic} {part}</h2>'
        for number in range(3):
            target = f"{rng.choice(others)}.html#{rng.choice(others)}"
            target = target.partition("#")[0] + "#" + target.partition(".")[0]
            note = f"<book-note>Of {topic}: {reference(f'#{slug}-title', 'above')}.</book-note>"
            body += (
                f'<p data-pos="manuscript/{slug}.md@{part * 10 + number + 5}:1-9:1">'
                f"{_prose(slug, rng, index, 50)} See {reference(target, 'there')}."
                f"{note if not number else ''} {_prose(slug, rng, index, 30)}</p>"
            )
    body += (
        f'<figure class="listing" id="{slug}-list"><figcaption>Listing</figcaption><pre><code>'
        f"def {slug}(page):\n    return page  # listing\n</code></pre></figure>"
        f'<p>Use <kbd>{topic}</kbd> and <a href="https://example.com/"><code>an</code> outside</a>'
        f' link.</p><table id="{slug}-größe"><thead><tr><th>Name</th><th>Size</th></tr></thead>'
        f"<tbody>{'<tr><td>Rest</td><td>7</td></tr>' * 40}</tbody></table>"
        '<figure><img src="images/plan.svg" alt="Two pages"/><figcaption>A</figcaption></figure>'
        '<figure><img src="images/dots.png" alt="Dots"/><figcaption>B</figcaption></figure>'
        "<ul><li>a</li><li><p>b</p><p>c</p></li></ul>"
        f"<p>{reference(f'{others[0]}.html#{others[0]}-größe', 'That table')},"
        f" {reference('index.html#ix', 'the index')}, {reference('toc.html#contents', 'rows')}.</p>"
    )
    return Sheet(
        slug,
        Matter.BODY,
        document(slug, body),
        Position(PurePosixPath(f"manuscript/{slug}.md")),
        ("Basics", topic),
        depth=1,
        assets={"images/plan.svg": SVG, "images/dots.png": _png()},
    )


def _prose(slug: str, rng: random.Random, index: dict[str, list[str]], count: int) -> str:
    words = [rng.choice(WORDS) for _ in range(count)]
    mark = rng.randrange(count)
    anchor = f"ix-{slug}-{sum(map(len, index.values()))}"
    index.setdefault(words[mark], []).append(f"{slug}.html#{anchor}")
    words[mark] = f'<span id="{anchor}">{words[mark]}</span>'
    return " ".join(words) + "."


def _png(size: int = 60) -> bytes:
    rows = b"".join(
        b"\0" + bytes(x * y % 256 for x in range(size) for _ in range(3)) for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
