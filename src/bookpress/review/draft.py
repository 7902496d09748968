"""A manuscript, read -> its draft: one HTML file that holds all it needs, for reviewers.

Every block keeps the lines it comes from in `data-pos`, and shows the first of them in the margin:
`ch04:112`. The file asks nothing of any network; its security policy names its one style sheet and
its one script by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bookpress import commit
from bookpress.contents import part_numeral
from bookpress.errors import BookpressError
from bookpress.formats import drawings, fonts
from bookpress.model import Format
from bookpress.review import text
from bookpress.templates import markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bookpress.manuscript import Manuscript
    from bookpress.model import Book, Chapter
    from bookpress.press import Press
    from bookpress.review.text import ChapterText

STYLES, SCRIPT = ("web.css", "draft.css"), "review.js"
SHORT = 7
"""How many characters of a commit's name are shown."""
_POSITION = re.compile(r' data-pos="(?:[^"]*@)?((\d+):\d+[^"]*)"')
_INLINE = re.compile(r"<(?:a|code|em|span|strong|sub|sup)\b")
_PLACED = re.compile(r"<[^<>]*>|[^<]+")
_ID = re.compile(r'(<[^<>]*\s)id="([^"]+)"')
_LINK = re.compile(r' href="(?:([\w.-]+)\.html)?(?:#([^"]*))?"')
_IMAGE = re.compile(r'<img src="(images/[^"]+)"')
_VOID = re.compile(r"<((?:br|hr|img|input|wbr|col)\b[^<>]*?)\s*/>")
_FONT = re.compile(r'url\("(fonts/[^"]+)"\)')
_REPOSITORY = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+?(?:\.git)?/?")
# What reviewers may type besides the characters of the book.
_TYPED = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180))))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which draft this is: what it says of itself on every page, and in every comment.

    version: as book.yml has it; "" where it has none.
    commit:  the full name of the commit; "" where there is none.
    edited:  the manuscript differs from the commit.
    """

    version: str
    commit: str
    edited: bool

    @property
    def label(self) -> str:
        """Version and commit in a few words: "2026.11.0-draft.1 · 41cb4b0"."""
        named = self.commit[:SHORT] + ("+edits" if self.commit and self.edited else "")
        return " · ".join(part for part in (self.version, named) if part) or "unnamed"


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter in the draft. code: what stands before the line in its locators."""

    chapter: Chapter
    code: str
    part: str
    html: str

    @property
    def source(self) -> str:
        """The manuscript file, as book.yml spells it."""
        return str(self.chapter.path)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that comments can be put into.

    texts:  what readers see of every chapter, by slug: comments are offsets into it.
    build:  names this text: places computed for another one are not to be trusted here.
    """

    book: Book
    stamp: Stamp
    sections: tuple[Section, ...]
    texts: Mapping[str, ChapterText]
    press: Press
    build: str

    @property
    def sources(self) -> dict[str, str]:
        """The manuscript file of every chapter, by slug."""
        return {section.chapter.slug: section.source for section in self.sections}


@dataclass(frozen=True, slots=True)
class Page:
    """A draft as a file: its HTML, and the policy that a server sends along with it."""

    html: bytes
    policy: str


def stamp(root: Path, read: Manuscript) -> Stamp:
    """Say which draft a folder holds: nothing but the files decides."""
    edited = commit.is_edited(root, "book.yml", *map(str, sorted(read.sources)))
    return Stamp(read.book.metadata.version, commit.name(root), edited)


def make(root: Path, read: Manuscript, press: Press) -> Draft:
    """Make the draft of a manuscript."""
    fragments = press.fragments(Format.WEB, placed=True)
    texts = text.chapters(read, fragments)
    pictures = press.pictures()
    parts = {c.slug: f"{part_numeral(p)} {p.title}" for p in read.book.parts for c in p.written()}
    sections = []
    for chapter in read.book.written():
        named = code(chapter)
        html = _own_names(fragments[chapter.slug], chapter.slug)
        html = _pictured(drawings.inline(locate(html, named), pictures), pictures)
        part = parts.get(chapter.slug, "").strip()
        sections.append(Section(chapter, named, part, _VOID.sub(r"<\1>", html)))
    build = hashlib.sha256("\0".join(t.text for t in texts.values()).encode()).hexdigest()[:16]
    return Draft(read.book, stamp(root, read), tuple(sections), texts, press, build)


def code(chapter: Chapter) -> str:
    """What names a chapter in a locator: `ch04`, `appA`, or its slug where it has no number."""
    if chapter.number.isdecimal():
        return f"ch{int(chapter.number):02}"
    return f"app{chapter.number}" if chapter.number else chapter.slug


def locate(html: str, named: str, *, short: bool = True) -> str:
    """Give blocks that begin with text of their own a locator, as `data-at`.

    Of blocks that begin with the same text the outermost gets it. What is in a line of text has
    no place: pandoc gives one to some of it, in tight lists.

    short: leave the file out of `data-pos`.
    """
    pending, made = False, []
    for piece in _PLACED.findall(html):
        found = _POSITION.search(piece) if piece.startswith("<") else None
        if not piece.startswith("<"):
            pending = pending and not piece.strip()
        if found and _INLINE.match(piece):
            made.append(piece.replace(found[0], "", 1))
        elif found:
            shown = "" if pending else f' data-at="{named}:{found[2]}"'
            place = f' data-pos="{found[1]}"' if short else found[0]
            made.append(piece.replace(found[0], place + shown, 1))
            pending = True
        else:
            made.append(piece)
    return "".join(made)


def write(draft: Draft, entries: Sequence[Mapping[str, Any]], *, served: bool = False) -> Page:
    """Write a draft as one file.

    entries: the comments that are known, as `wire` writes them.
    served:  the page is part of a server, which it asks for comments.
    Raises   BookpressError when the styles folder lacks what a draft needs.
    """
    files = draft.press.design()
    for name in (*STYLES, SCRIPT):
        if name not in files:
            hint = "a styles folder of your own needs all that the press's own has"
            raise BookpressError(f"there is no {name} in {draft.press.styles.name}/", hint=hint)
    written = "".join(section.html for section in draft.sections)
    css = with_fonts(
        "\n".join(files[n].decode() for n in STYLES), files, frozenset(written) | _TYPED
    )
    script = files[SCRIPT].decode()
    policy = _policy(script, css, served=served)
    html = draft.press.templates.render(
        "draft.html.j2",
        book=draft.book,
        stamp=draft.stamp,
        sections=[(section, markup(section.html)) for section in draft.sections],
        policy=policy,
        css=markup(_closed(css, "style")),
        script=markup(_closed(script, "script")),
        data=markup(data(facts(draft, served=served) | {"comments": [*entries]})),
    )
    return Page(html.encode(), f"{policy}; frame-ancestors 'none'")


def facts(draft: Draft, *, served: bool) -> dict[str, Any]:
    """What the script of a draft must know of it."""
    given = draft.book.metadata.repository
    return {
        "build": draft.build,
        "commit": draft.stamp.commit,
        "draft": draft.stamp.label,
        "repository": given.rstrip("/").removesuffix(".git")
        if _REPOSITORY.fullmatch(given)
        else "",
        "served": served,
        "slug": draft.book.slug,
        "title": draft.book.metadata.short_title,
    }


def data(values: object) -> str:
    """Write values as JSON that can stand in a `script` element, whatever they hold."""
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", written)


def _policy(script: str, css: str, *, served: bool) -> str:
    """A Content-Security-Policy: CSP level 3. Drawings and tables have styles in attributes."""
    rules = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(css),
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "connect-src": "'self'" if served else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _closed(content: str, element: str) -> str:
    if f"</{element}" in content.lower():
        raise BookpressError(f"the draft's {element} would end at `</{element}` in its text")
    return content


def _own_names(html: str, slug: str) -> str:
    """Put the chapter's slug before identifiers: all chapters are on one page."""

    def link(match: re.Match[str]) -> str:
        chapter, name = match[1] or slug, match[2]
        if match[1] is None and name is None:
            return match[0]
        return f' href="#{chapter}--{name}"' if name else f' href="#{chapter}"'

    html = _ID.sub(rf'\1id="{slug}--\2"', html)
    html = _LINK.sub(link, html)
    return html.replace(f'href="#{slug}--{slug}"', f'href="#{slug}"')


def _pictured(html: str, pictures: Mapping[str, bytes]) -> str:
    """Put pictures that are no drawings into the page."""

    def picture(match: re.Match[str]) -> str:
        held = pictures.get(match[1])
        return f'<img src="{_url(match[1], held)}"' if held else match[0]

    return _IMAGE.sub(picture, html)


def with_fonts(css: str, files: Mapping[str, bytes], characters: frozenset[str]) -> str:
    """Put the fonts into the style sheet, of each the characters that can be met."""

    def font(match: re.Match[str]) -> str:
        held = files.get(match[1])
        return f'url("{_url(match[1], fonts.subset_text(held, characters))}")' if held else "url()"

    return _FONT.sub(font, css)


def _url(name: str, content: bytes) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
