"""A folder that claims to be a release kit -> findings; nothing in it is believed.

It needs neither the sources nor a network. Names are looked at before any file is opened, sizes
before any is read, hashes before any is understood.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bookpress.errors import BookpressError
from bookpress.findings import Finding, Position
from bookpress.outline import fields
from bookpress.release import inside, manifest, names
from bookpress.release.names import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bookpress.release.inside import Shown
    from bookpress.release.manifest import File, Manifest

LARGEST_BYTES = 4_000_000_000
_LARGEST_LIST = 1_000_000
_SUM = re.compile(rf"([0-9a-f]{{64}}) [ *]({names.SAFE.pattern})")
_CHUNK = 1 << 20
_LENGTH_TOLERANCE_MM = 0.05
_SPINE_TOLERANCE_MM = 0.1
_IN_EVERY_FILE = frozenset(
    {Role.INTERIOR, Role.SCREEN, Role.EPUB, Role.SOURCE, Role.METADATA, Role.CHANGES, Role.NOTES}
)
_NUMBERED = {
    Role.INTERIOR: "print",
    Role.SCREEN: "screen",
    Role.EPUB: "epub",
    Role.ONIX_30: "",
    Role.ONIX_31: "",
    Role.METADATA: "",
}
_LOOKS: Mapping[Role, Callable[[Path, Manifest], Shown]] = {
    Role.INTERIOR: lambda path, _: inside.pdf(path),
    Role.COVER: lambda path, _: inside.pdf(path),
    Role.SCREEN: lambda path, _: inside.pdf(path),
    Role.EPUB: lambda path, _: inside.epub(path),
    Role.FRONT_COVER: lambda path, _: inside.jpeg(path),
    Role.WEB: lambda path, _: inside.web(path),
    Role.COMPANION: lambda path, _: inside.archive(path),
    Role.REPORTS: lambda path, _: inside.archive(path),
    Role.SOURCE: lambda path, kit: inside.source(path, f"{kit.slug}-{kit.version}"),
    Role.ONIX_30: lambda path, _: inside.onix(path, "3.0"),
    Role.ONIX_31: lambda path, _: inside.onix(path, "3.1"),
    Role.METADATA: lambda path, _: inside.metadata(path),
    Role.PAGES: lambda path, _: inside.page_map(path),
    Role.CHANGES: lambda path, kit: inside.text(path, kit.version),
    Role.NOTES: lambda path, kit: inside.text(path, kit.version),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. kit: None when there is no manifest that could be read."""

    kit: Manifest | None
    findings: tuple[Finding, ...]


def verify(folder: Path, tell: Callable[[str], None] = lambda _line: None) -> Verdict:
    """Verify a kit: names, sizes and hashes, then what every file shows of itself.

    tell:   gets the name of each file before it is looked at.
    Raises  BookpressError when the folder is none, or holds no SHA256SUMS.
    """
    listed = _listed(folder)
    found = [*_strangers(folder, listed), *_unlike(folder, listed, tell)]
    broken = {str(finding.where.path) for finding in found}
    if names.MANIFEST in broken or names.MANIFEST not in listed:
        return Verdict(None, tuple(found) or (_said(names.MANIFEST, "R010", "is not there"),))
    try:
        kit = manifest.from_json(_text(folder / names.MANIFEST))
    except ValueError as error:
        return Verdict(None, (*found, _said(names.MANIFEST, "R010", f"cannot be read: {error}")))
    found += _disagreements(kit, listed)
    found += _numbers(kit)
    shown: dict[str, Shown] = {}
    for file in kit.files:
        if file.name in listed and file.name not in broken:
            tell(file.name)
            try:
                shown[file.name] = _LOOKS[file.role](folder / file.name, kit)
            except (ValueError, OSError) as error:
                found.append(_said(file.name, "R012", f"is not what it should be: {error}"))
    found += (f for file in kit.files if file.name in shown for f in _look(kit, file, shown))
    return Verdict(kit, tuple(sorted(found)))


def _listed(folder: Path) -> dict[str, str]:
    """Read SHA256SUMS: hash by name, safe names only."""
    path = folder / names.SUMS
    if not path.is_file() or path.is_symlink():
        hint = "name the folder that holds all files of the release"
        raise BookpressError(f"there is no {names.SUMS} in {folder}", hint=hint)
    listed: dict[str, str] = {}
    for number, line in enumerate(_text(path).decode("utf-8", errors="replace").splitlines(), 1):
        match = _SUM.fullmatch(line)
        if not match or match[2] in listed:
            where = Position(PurePosixPath(names.SUMS), number)
            problem = "names a file twice" if match else "is no hash and plain file name"
            raise BookpressError(f"line {number} {problem}", where=where)
        listed[match[2]] = match[1]
    return listed


def _text(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_LIST:
        raise BookpressError(f"{path.name} is larger than {_LARGEST_LIST} bytes")
    return path.read_bytes()


def _strangers(folder: Path, listed: Mapping[str, str]) -> Iterator[Finding]:
    """Files that are there and not listed, or listed and not there."""
    there = {entry.name: entry for entry in os.scandir(folder)}
    for name in sorted(set(there) - set(listed) - {names.SUMS, names.PROVENANCE}):
        yield _said(_printable(name), "R010", f"is not named in {names.SUMS}")
    for name in sorted(listed):
        if name not in there:
            yield _said(name, "R010", "is missing", "download it again")
        elif not stat.S_ISREG(there[name].stat(follow_symlinks=False).st_mode):
            yield _said(name, "R010", "is no plain file")


def _unlike(
    folder: Path, listed: Mapping[str, str], tell: Callable[[str], None]
) -> Iterator[Finding]:
    """Files whose bytes are not those that were hashed."""
    for name, expected in sorted(listed.items()):
        path = folder / name
        if path.is_symlink() or not path.is_file():
            continue
        tell(f"sha256 {name}")
        if path.stat().st_size > LARGEST_BYTES:
            yield _said(name, "R011", f"is larger than {LARGEST_BYTES} bytes; nobody looked at it")
        elif (digest := _hash(path)) != expected:
            message = f"its SHA-256 is {digest}; {names.SUMS} has {expected}"
            yield _said(name, "R011", message, "download it again")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _disagreements(kit: Manifest, listed: Mapping[str, str]) -> Iterator[Finding]:
    """Where manifest and checksums do not name the same files."""
    entries = {file.name: file for file in kit.files}
    for name in sorted(set(listed) - set(entries) - {names.MANIFEST}):
        yield _said(name, "R010", f"is not named in {names.MANIFEST}")
    for name, file in sorted(entries.items()):
        if name not in listed:
            yield _said(name, "R010", f"is named in {names.MANIFEST}, not in {names.SUMS}")
        elif listed[name] != file.sha256:
            yield _said(name, "R011", f"{names.MANIFEST} has the SHA-256 {file.sha256}")


def _numbers(kit: Manifest) -> Iterator[Finding]:
    """ISBNs of the manifest that are none, or that a file's entry contradicts."""
    for form, number in kit.isbn.items():
        try:
            valid = fields.isbn(number) == number
        except fields.RefusedError:
            valid = False
        if not valid:
            message = f"the ISBN of `{_printable(form)}`, {_printable(number)}, is none"
            yield _said(names.MANIFEST, "R015", message)
    for file in kit.files:
        if file.isbn != names.isbn(file.role, kit.isbn):
            own = _printable(file.isbn) or "none"
            yield _said(file.name, "R015", f"its ISBN is {own}; the kit has another for it")


def _look(kit: Manifest, file: File, shown: Mapping[str, Shown]) -> Iterator[Finding]:
    found = shown[file.name]
    yield from _size(kit, file, found)
    yield from _version(kit, file, found)
    yield from _isbn(kit, file, found)
    if file.role is Role.COVER:
        interiors = [shown[f.name].pages for f in kit.of(Role.INTERIOR) if f.name in shown]
        yield from _spine(kit, file, found, interiors)


def _size(kit: Manifest, file: File, found: Shown) -> Iterator[Finding]:
    paged = file.role in (Role.INTERIOR, Role.SCREEN, Role.METADATA, Role.PAGES)
    if paged and found.pages != kit.pages:
        yield _said(file.name, "R013", f"has {found.pages} pages; the kit's book has {kit.pages}")
    if file.pages and found.pages != file.pages:
        yield _said(file.name, "R013", f"has {found.pages} pages; the manifest says {file.pages}")
    if file.role in (Role.INTERIOR, Role.SCREEN):
        wrong = sorted(size for size in found.trims_mm if not _near(size, kit.trim_mm))
        if wrong:
            asked = _size_text(kit.trim_mm)
            yield _said(file.name, "R013", f"a leaf is {_size_text(wrong[0])}; the book's: {asked}")


def _version(kit: Manifest, file: File, found: Shown) -> Iterator[Finding]:
    if file.role not in _IN_EVERY_FILE:
        return
    if not found.versions:
        yield _said(file.name, "R014", "says nowhere what version it is")
    elif set(found.versions) != {kit.version}:
        said = ", ".join(map(_printable, found.versions))
        yield _said(file.name, "R014", f"says it is version {said}; the kit is {kit.version}")


def _isbn(kit: Manifest, file: File, found: Shown) -> Iterator[Finding]:
    if file.role not in _NUMBERED:
        return
    own = _NUMBERED[file.role]
    expected = {form: n for form, n in kit.isbn.items() if form == own or not own}
    printed = {form: n for form, n in found.isbns if form == own or not own}
    if printed != expected:
        said = ", ".join(_printable(n) for n in printed.values()) or "none"
        asked = ", ".join(map(_printable, expected.values())) or "none"
        yield _said(file.name, "R015", f"its ISBN is {said}; the kit's: {asked}")


def _spine(kit: Manifest, file: File, found: Shown, interiors: list[int]) -> Iterator[Finding]:
    """Hold the spine that the cover really has against the block that it is to go around."""
    leaf, bleed = kit.trim_mm, file.bleed_mm
    for width, height in found.media_mm:
        spine = width - 2 * leaf[0] - 2 * bleed
        if abs(height - leaf[1] - 2 * bleed) > _SPINE_TOLERANCE_MM:
            message = f"is {height:g} mm high; leaf and bleed are {leaf[1] + 2 * bleed:g} mm"
            yield _said(file.name, "R016", message)
        if abs(spine - file.spine_mm) > _SPINE_TOLERANCE_MM:
            message = f"leaves {spine:.2f} mm for the spine; the manifest says {file.spine_mm:g} mm"
            yield _said(file.name, "R016", message)
        for pages in interiors:
            block = pages * file.page_mm + file.cover_mm
            if abs(spine - block) > _SPINE_TOLERANCE_MM:
                message = f"leaves {spine:.2f} mm for the spine; {pages} pages are {block:.2f} mm"
                yield _said(file.name, "R016", message, "make the cover for this interior")


def _near(size: tuple[float, ...], other: tuple[float, ...]) -> bool:
    pairs = zip(size, other, strict=False)
    return len(size) == len(other) and all(abs(a - b) <= _LENGTH_TOLERANCE_MM for a, b in pairs)


def _size_text(size: tuple[float, ...]) -> str:
    return " × ".join(f"{length:g}" for length in size) + " mm"


def _printable(text: str) -> str:
    """What a hostile file says, fit for a terminal."""
    return "".join(c if c.isprintable() else "�" for c in text[:120])


def _said(name: str, code: str, message: str, hint: str = "") -> Finding:
    return Finding(Position(PurePosixPath(name)), code, message, hint)
