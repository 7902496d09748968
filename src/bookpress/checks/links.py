"""Survey -> findings about links, images and footnotes (L...)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bookpress import crossref
from bookpress.crossref import Targets
from bookpress.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.model import Book
    from bookpress.survey import ChapterFacts, Image, Link, Survey

PIXELS_PER_INCH = 300
_SIDE_MARGINS_PT = 112  # inner and outer together, as tokens.css has them
_POINTS_PER_INCH = 72
_CSS_PIXELS_PER_INCH = 96


def links_lead_somewhere(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report links to files that are not in the book and to identifiers that are nowhere."""
    targets = Targets(book, survey)
    for facts in _chapters(book, survey):
        for link in facts.links:
            if not crossref.is_external(link.target) and not targets.find(facts.path, link.target):
                yield _dead(facts, link, survey, targets)


def _dead(facts: ChapterFacts, link: Link, survey: Survey, targets: Targets) -> Finding:
    file, _, anchor = link.target.partition("#")
    path = crossref.resolve(facts.path, file) if file else facts.path
    if targets.file(path) is None:
        known = {str(other): other for other in survey.chapters}
        near = get_close_matches(str(path), known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else "add it to book.yml, or drop the link"
        return Finding(link.where, "L001", f"{path} is no file of the book", hint)
    names = [name for name, _ in survey.chapters[path].anchors]
    if not file:
        names += [n for f in survey.chapters.values() for n, _ in f.anchors if _shared(n)]
    near = get_close_matches(anchor, names, n=1)
    hint = f"did you mean #{near[0]}?" if near else f"give the target `{{#{anchor}}}`"
    return Finding(link.where, "L002", f"nothing in {path} has the identifier “{anchor}”", hint)


def _shared(name: str) -> bool:
    return name.startswith(crossref.SHARED)


def links_have_text(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report bare references to what has no number or title to put there."""
    targets = Targets(book, survey)
    for facts in _chapters(book, survey):
        for link in facts.links:
            target = targets.find(facts.path, link.target)
            if not link.text and (
                crossref.is_external(link.target) or (target and not target.label)
            ):
                message = f"the link to {link.target} has no text"
                yield Finding(link.where, "L008", message, f"write `[words]({link.target})`")


def addresses_are_well_formed(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report external links that no browser could follow."""
    for facts in _chapters(book, survey):
        for link in facts.links:
            if crossref.is_external(link.target) and (fault := _address_fault(link.target)):
                yield Finding(link.where, "L007", f"{link.target}: {fault}", "use https://host/...")


def _address_fault(address: str) -> str:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (raises when it is no number)
    except ValueError as error:
        return str(error)
    if parts.scheme == "mailto":
        return "" if "@" in parts.path else "no address after mailto:"
    if parts.scheme not in ("http", "https"):
        return f"scheme “{parts.scheme}” is none of http, https, mailto"
    if not parts.hostname or any(character.isspace() for character in address):
        return "no host" if not parts.hostname else "white space in it"
    return ""


def images_exist(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report images that are missing, outside the book's folder or unreadable."""
    for facts in _chapters(book, survey):
        for image in facts.images:
            path = crossref.resolve(facts.path, image.source)
            if crossref.is_external(image.source) or path.is_absolute() or ".." in path.parts:
                message = f"image {image.source} is not in the book's folder"
                yield Finding(image.where, "L003", message, "copy it to manuscript/images/")
            elif path not in survey.pictures:
                hint = "names are relative to the chapter's folder"
                yield Finding(image.where, "L003", f"there is no image {path}", hint)
            elif fault := survey.pictures[path].fault:
                yield Finding(image.where, "L003", f"image {path} {fault}")


def images_have_alternatives(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report images of which a listener would hear nothing."""
    for facts in _chapters(book, survey):
        for image in facts.images:
            if not image.alt:
                message = f"image {image.source} has no text alternative"
                hint = f"write `![what it says]({image.source})`"
                yield Finding(image.where, "L004", message, hint)


def images_are_sharp(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report pixel images too coarse for the width they are printed at."""
    measure_in = (book.trim.width_pt - _SIDE_MARGINS_PT) / _POINTS_PER_INCH
    for facts in _chapters(book, survey):
        for image in facts.images:
            picture = survey.pictures.get(crossref.resolve(facts.path, image.source))
            if picture and picture.width_px:
                width_in = _printed_in(image, picture.width_px, measure_in)
                found = int(picture.width_px / width_in)
                if found < PIXELS_PER_INCH:
                    yield _coarse(image, found, int(width_in * PIXELS_PER_INCH) + 1)


def _printed_in(image: Image, width_px: int, measure_in: float) -> float:
    share = image.attributes.get("width", "").removesuffix("%")
    if share.isdigit() and int(share):
        return measure_in * int(share) / 100
    return min(measure_in, width_px / _CSS_PIXELS_PER_INCH)


def _coarse(image: Image, found: int, wanted_px: int) -> Finding:
    message = f"image {image.source} has {found} pixels an inch in print; {PIXELS_PER_INCH} needed"
    hint = f"make it {wanted_px} pixels wide, or narrow it with `{{width=50%}}`"
    return Finding(image.where, "L005", message, hint)


def notes_match(book: Book, survey: Survey) -> Iterator[Finding]:
    """Report footnotes that lack a text or a call, or have more than one of either."""
    for facts in _chapters(book, survey):
        calls: dict[str, int] = {}
        texts = {note.label for note in facts.notes if not note.call}
        defined: set[str] = set()
        for note in facts.notes:
            if note.call:
                calls[note.label] = calls.get(note.label, 0) + 1
                if note.label not in texts:
                    hint = f"add `[^{note.label}]: ...` below the paragraph"
                    yield Finding(note.where, "L006", f"footnote “{note.label}” has no text", hint)
                elif calls[note.label] > 1:
                    message = f"footnote “{note.label}” is called a second time"
                    yield Finding(note.where, "L006", message, "give each call a note of its own")
            elif note.label in defined:
                message = f"footnote “{note.label}” is defined a second time"
                yield Finding(note.where, "L006", message, "name one of them otherwise")
            else:
                defined.add(note.label)
        for note in facts.notes:
            if not note.call and note.label not in calls:
                message = f"footnote “{note.label}” is never called"
                yield Finding(note.where, "L006", message, f"put `[^{note.label}]` in the text")


def _chapters(book: Book, survey: Survey) -> Iterator[ChapterFacts]:
    return (survey.chapters[chapter.path] for chapter in book.written())
