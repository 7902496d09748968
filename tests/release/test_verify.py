"""A publisher can tell a kit from anything else, and nothing in a folder is believed."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.release.conftest import cover, reseal

from bookpress import cli
from bookpress.errors import BookpressError
from bookpress.release import archives, manifest, names, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INTERIOR, EPUB = "9783161484100_text.pdf", "9780306406157.epub"
COVER, SHEET = "9783161484100_cover-weir.pdf", "metadata.json"
WEB, SOURCE = "bridges-2026.11.0-web.zip", "bridges-2026.11.0-source.tar.gz"
COMPANION = "bridges-2026.11.0-companion.zip"
Document = dict[str, Any]

pytestmark = pytest.mark.slow


def codes(place: Path) -> set[tuple[str, str]]:
    return {(str(f.where.path), f.code) for f in verify.verify(place).findings}


def entry(document: Document, name: str) -> Document:
    found: Document = next(file for file in document["files"] if file["name"] == name)
    return found


def count(place: Path) -> int:
    return manifest.from_json((place / names.MANIFEST).read_bytes()).pages


def rezip(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Write a zip again with one of its files changed."""
    with zipfile.ZipFile(path) as old:
        files = {n: old.read(n) for n in old.namelist()}
    assert change(files[name]) != files[name]
    files[name] = change(files[name])
    with zipfile.ZipFile(path, "w") as new:
        for n, data in files.items():
            new.writestr(n, data)


def test_a_kit_is_what_it_claims_to_be(
    dist: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dist)

    code = cli.run(["release", "verify", "."])

    assert (code, capsys.readouterr().out) == (0, "")


def test_a_sealed_kit_is_still_one(dist: Path) -> None:
    reseal(dist)

    assert codes(dist) == set()


def test_one_changed_byte_is_found(dist: Path) -> None:
    data = bytearray((dist / WEB).read_bytes())
    data[len(data) // 2] ^= 1
    (dist / WEB).write_bytes(data)

    assert codes(dist) == {(WEB, "R011")}


def test_a_file_too_few_or_too_many_is_found(dist: Path) -> None:
    (dist / EPUB).unlink()
    (dist / "extra.txt").write_text("hello", "utf-8")

    assert codes(dist) == {(EPUB, "R010"), ("extra.txt", "R010")}


def test_a_link_is_no_file_of_a_kit(dist: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes((dist / SHEET).read_bytes())
    (dist / SHEET).unlink()
    (dist / SHEET).symlink_to(secret)

    assert (SHEET, "R010") in codes(dist)


def test_a_cover_for_a_thicker_block_is_found_however_well_it_is_sealed(dist: Path) -> None:
    (dist / COVER).write_bytes(cover(80))

    def believe(document: Document) -> None:
        entry(document, COVER)["spine_mm"] = 80 * 0.0572 + 0.5

    reseal(dist, believe)

    [finding] = verify.verify(dist).findings
    assert (str(finding.where.path), finding.code) == (COVER, "R016")
    pages = count(dist)
    block = pages * 0.0572 + 0.5
    message = f"leaves 5.08 mm for the spine; {pages} pages are {block:.2f} mm"
    assert finding.message == message


def test_an_isbn_that_is_none_is_found(dist: Path) -> None:
    reseal(dist, lambda document: document["isbn"].update(print="9783161484101"))

    found = codes(dist)

    assert (names.MANIFEST, "R015") in found
    assert (INTERIOR, "R015") in found


def test_an_isbn_of_another_book_in_the_epub_is_found(dist: Path) -> None:
    with zipfile.ZipFile(dist / EPUB) as epub:
        opf = next(name for name in epub.namelist() if name.endswith(".opf"))
    rezip(dist / EPUB, opf, lambda data: data.replace(b"isbn:9780306406157", b"isbn:9783161484100"))
    reseal(dist)

    assert codes(dist) == {(EPUB, "R015")}


def test_a_file_of_another_version_is_found(dist: Path) -> None:
    sheet = json.loads((dist / SHEET).read_bytes())
    (dist / SHEET).write_text(json.dumps(sheet | {"version": "2026.10.0"}), "utf-8")
    reseal(dist)

    assert codes(dist) == {(SHEET, "R014")}


def test_a_manifest_of_another_version_is_contradicted_by_every_file(dist: Path) -> None:
    reseal(dist, lambda document: document.update(version="2026.12.0"))

    found = codes(dist)

    assert {(name, "R014") for name in (INTERIOR, EPUB, SHEET)} <= found


def test_a_wrong_number_of_pages_or_another_leaf_is_found(dist: Path) -> None:
    pages = count(dist)

    def lie(document: Document) -> None:
        document["pages"] = pages + 2
        document["trim_mm"] = [152.4, 228.6]

    reseal(dist, lie)

    messages = [f.message for f in verify.verify(dist).findings if f.code == "R013"]
    assert f"has {pages} pages; the kit's book has {pages + 2}" in messages
    assert "a leaf is 177.8 × 234.95 mm; the book's: 152.4 × 228.6 mm" in messages


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (INTERIOR, b"%PDF-1.7\n"),
        (INTERIOR, b""),
        (EPUB, b"PK\x03\x04" + bytes(100)),
        (EPUB, b"not a zip"),
        (WEB, b"PK\x05\x06" + bytes(18)),
        (SOURCE, b"\x1f\x8b\x08\x00" + bytes(40)),
        (SHEET, b"[" * 100_000),
        (SHEET, b"\xff\xfe"),
        ("9780306406157.jpg", b"GIF89a"),
        ("bridges-2026.11.0-onix-3.0.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("bridges-2026.11.0-onix-3.1.xml", b"<ONIXMessage"),
        ("bridges-2026.11.0-pages.json", b'{"pages": NaN}'),
    ],
)
def test_a_sealed_file_that_is_broken_is_a_finding_and_no_crash(
    dist: Path, name: str, data: bytes
) -> None:
    (dist / name).write_bytes(data)
    reseal(dist)

    assert (name, "R012") in codes(dist)


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil", "a/../../evil", "c:evil", "\\evil"]
)
def test_an_archive_that_leads_outside_is_found(dist: Path, name: str) -> None:
    with zipfile.ZipFile(dist / COMPANION, "w") as archive:
        archive.writestr(name, b"")
    reseal(dist)

    [finding] = verify.verify(dist).findings
    assert (str(finding.where.path), finding.code) == (COMPANION, "R012")
    assert "leads outside" in finding.message


def test_a_tar_that_leads_outside_is_found(dist: Path) -> None:
    with tarfile.open(dist / SOURCE, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../evil"), io.BytesIO())
    reseal(dist)

    assert codes(dist) == {(SOURCE, "R012")}


def test_an_archive_that_unpacks_without_end_is_left(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 20_000_000)
    with zipfile.ZipFile(dist / COMPANION, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30_000_000))
    reseal(dist)

    [finding] = [f for f in verify.verify(dist).findings if str(f.where.path) == COMPANION]
    assert "unpacks to more than" in finding.message


@pytest.mark.parametrize(
    "line",
    [
        f"{'0' * 64}  ../../etc/passwd",
        f"{'0' * 64}  /etc/passwd",
        f"{'0' * 64}  -rf",
        f"{'0' * 64}  a b",
        f"{'0' * 64}  \x1b[2Jx",
        "abc  short",
        "",
    ],
)
def test_checksums_that_name_no_plain_file_are_refused(dist: Path, line: str) -> None:
    with (dist / names.SUMS).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")

    with pytest.raises(BookpressError, match="is no hash and plain file name"):
        verify.verify(dist)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"pages": -1},
        {"pages": "24"},
        {"pages": True},
        {"isbn": ["9783161484100"]},
        {"files": {}},
        {"files": [{"name": "../evil", "role": "web"}]},
        {"trim_mm": [1e999, 1]},
        {"surprise": 1},
        {"commit": "main"},
        {"title": None},
    ],
)
def test_a_manifest_of_another_form_is_a_finding_that_says_where(
    dist: Path, change: Document
) -> None:
    reseal(dist, lambda document: document.update(change))

    [finding] = verify.verify(dist).findings
    assert (str(finding.where.path), finding.code) == (names.MANIFEST, "R010")
    assert "cannot be read" in finding.message


def test_a_folder_without_checksums_is_no_kit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["release", "verify", str(tmp_path)])

    assert code == 2
    assert "name the folder that holds all files of the release" in capsys.readouterr().err


def test_what_a_hostile_manifest_says_does_not_reach_the_terminal(dist: Path) -> None:
    reseal(dist, lambda document: document["isbn"].update(print="\x1b[2J\x07"))

    messages = "".join(f.message for f in verify.verify(dist).findings)

    assert "\x1b" not in messages
    assert "\x07" not in messages


def test_a_kit_without_manifest_is_told_so(dist: Path) -> None:
    (dist / names.MANIFEST).unlink()

    verdict = verify.verify(dist)

    assert verdict.kit is None
    assert {(str(f.where.path), f.code) for f in verdict.findings} == {(names.MANIFEST, "R010")}


def test_a_manifest_is_read_as_it_was_written(dist: Path) -> None:
    data = (dist / names.MANIFEST).read_bytes()

    assert manifest.to_json(manifest.from_json(data)) == data
