"""The kit of a release: complete, the same everywhere, and true to the book."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from tests.release.conftest import book, everything, git

from bookpress import cli, outline, prooftext
from bookpress.contribution import Contribution, Kind
from bookpress.errors import BookpressError
from bookpress.release import folder, kit, manifest, names
from bookpress.release.names import Role
from bookpress.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.build import Result
    from bookpress.release.kit import Kit

pytestmark = pytest.mark.slow

BESIDE = Path(sys.executable).parent
SCHEMA = data_folder() / "manifest.schema.json"


def read(whole: Kit) -> manifest.Manifest:
    return manifest.from_json(whole.files[names.MANIFEST])


def one(whole: Kit, role: Role) -> bytes:
    [file] = read(whole).of(role)
    return whole.files[file.name]


def run(program: str, *arguments: str | Path) -> int:
    return subprocess.run(
        [BESIDE / program, *arguments], check=False, capture_output=True
    ).returncode


def test_a_final_kit_holds_a_file_of_every_role_and_lacks_nothing(whole: Kit) -> None:
    roles = {file.role for file in read(whole).files}

    assert roles == set(Role)
    assert whole.lacking == ()
    assert {file.name for file in read(whole).files} | {names.MANIFEST, names.SUMS} == set(
        whole.files
    )


def test_files_are_named_by_isbn_else_by_slug_and_version(whole: Kit) -> None:
    found = {file.role: file.name for file in read(whole).files}

    assert found[Role.INTERIOR] == "9783161484100_text.pdf"
    assert found[Role.COVER] == "9783161484100_cover-weir.pdf"
    assert found[Role.EPUB] == "9780306406157.epub"
    assert found[Role.SCREEN] == "bridges-2026.11.0-screen.pdf"
    assert all(names.SAFE.fullmatch(name) for name in whole.files)


@pytest.mark.parametrize("release", ["3.0", "3.1"])
def test_onix_is_valid_and_an_isbn_of_letters_is_not(
    whole: Kit, release: str, tmp_path: Path
) -> None:
    message = tmp_path / "onix.xml"
    message.write_bytes(one(whole, Role(f"onix-{release}")))
    broken = tmp_path / "broken.xml"
    broken.write_bytes(
        message.read_bytes().replace(b"<NotificationType>02", b"<NotificationType>x")
    )

    assert run("onixcheck", message) == 0
    assert broken.read_bytes() != message.read_bytes()
    assert run("onixcheck", broken) == 1


def test_the_manifest_keeps_its_schema_and_a_broken_one_does_not(
    whole: Kit, tmp_path: Path
) -> None:
    good, bad = tmp_path / "manifest.json", tmp_path / "bad.json"
    good.write_bytes(whole.files[names.MANIFEST])
    document = json.loads(good.read_bytes())
    document["files"][0]["name"] = "../evil"
    bad.write_text(json.dumps(document), "utf-8")

    assert run("check-jsonschema", "--schemafile", SCHEMA, good) == 0
    assert run("check-jsonschema", "--schemafile", SCHEMA, bad) == 1


def test_title_page_package_document_onix_and_sheet_say_the_same(whole: Kit) -> None:
    kept = read(whole)
    with zipfile.ZipFile(io.BytesIO(one(whole, Role.EPUB))) as epub:
        package = next(epub.read(n).decode() for n in epub.namelist() if n.endswith(".opf"))
    onix = ET.fromstring(one(whole, Role.ONIX_30))  # noqa: S314  (our own)
    space = "{http://ns.editeur.org/onix/3.0/reference}"
    sheet = json.loads(one(whole, Role.METADATA))
    imprint = "\n".join(prooftext.page_texts(one(whole, Role.INTERIOR))[:6])

    titles = {element.text for element in onix.iter(f"{space}TitleText")}
    numbers = {element.text for element in onix.iter(f"{space}IDValue")}

    assert titles == {kept.title, sheet["title"]} == {"Bridges: A Short Book about Long Things"}
    assert f">{kept.title}</dc:title>" in package
    assert {"9783161484100", "9780306406157"} <= numbers
    assert f"urn:isbn:{kept.isbn['epub']}" in package
    assert "ISBN 9783161484100 (print)" in imprint
    assert "Version 2026.11.0 of the text" in imprint


def test_the_source_archive_is_the_commit_and_builds_the_same_book(
    whole: Kit, tmp_path: Path
) -> None:
    with tarfile.open(fileobj=io.BytesIO(one(whole, Role.SOURCE))) as archive:
        archive.extractall(tmp_path, filter="data")

    assert outline.load(tmp_path / "bridges-2026.11.0").metadata.version == "2026.11.0"


def test_the_front_cover_is_a_jpeg_for_shops(whole: Kit) -> None:
    with Image.open(io.BytesIO(one(whole, Role.FRONT_COVER))) as image:
        assert (image.format, image.mode, image.width) == ("JPEG", "RGB", 1600)


def test_changes_have_the_words_of_the_changelog(whole: Kit) -> None:
    text = one(whole, Role.CHANGES).decode()

    assert "- The bridges stand." in text
    assert "This is the first release" in text


def test_no_clock_is_in_a_kit(whole: Kit) -> None:
    committed = read(whole).committed

    assert committed == "2026-11-01T12:00:00Z"
    assert (
        f"SentDateTime>{committed[:10].replace('-', '')}T1200Z<"
        in one(whole, Role.ONIX_31).decode()
    )


def test_folder_zone_and_locale_change_no_byte_of_a_kit(tmp_path: Path) -> None:
    first = book(tmp_path / "one", "2026.11.0-draft.1")
    second = tmp_path / "quite" / "another place"
    second.parent.mkdir()
    git(tmp_path, "clone", "-q", str(first), str(second))
    places = {
        first: {"TZ": "Asia/Tokyo", "LANG": "C", "PYTHONHASHSEED": "1", "UMASK": "022"},
        second: {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
    }
    arguments = ["-m", "bookpress", "release", "kit", "--unjudged", "--quiet"]

    for root, variables in places.items():
        environment = os.environ | variables
        subprocess.run([sys.executable, *arguments], cwd=root, env=environment, check=True)

    assert list(folder.differences(first / "dist", second / "dist")) == []
    assert (first / "dist/SHA256SUMS").read_bytes() == (second / "dist/SHA256SUMS").read_bytes()
    assert len(list((first / "dist").iterdir())) > 12
    for path in sorted((first / "dist").iterdir()):
        assert path.read_bytes() == (second / "dist" / path.name).read_bytes(), path.name


def test_a_draft_says_what_is_absent_and_a_final_release_of_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = book(tmp_path / "book", "2026.11.0")
    monkeypatch.chdir(root)

    final = cli.run(["release", "kit", "--unjudged"])
    refused = capsys.readouterr().out
    outline_text = (root / "book.yml").read_text("utf-8")
    (root / "book.yml").write_text(outline_text.replace("11.0", "11.0-draft.1"), "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Make it a draft")
    draft = cli.run(["release", "kit", "--unjudged"])
    notes = (root / "dist/RELEASE-NOTES.md").read_text("utf-8")

    assert final == 1
    assert "R008" in refused
    assert "report validators.txt is absent from the kit" in refused
    assert draft == 0
    assert "report validators.txt: the validators were not asked" in notes


def given(released: Path, *changed: Contribution) -> Kit:
    """The kit of what wings give, with some of it changed or added."""

    def contribute(root: Path, result: Result) -> Iterator[Contribution]:
        new = {(item.kind, item.name): item for item in changed}
        old = {(item.kind, item.name): item for item in everything(root, result)}
        yield from (old | new).values()

    return kit.make(released, contribute)


def test_what_is_found_wrong_is_lacking(released: Path) -> None:
    failed = Contribution(Kind.CERTIFICATE, "weir", b"FAIL\n", "1 demand is not met", good=False)
    judged = Contribution(Kind.REPORT, "validators.txt", b"fail\n", "1 verdict", good=False)

    made = given(released, failed, judged)

    assert {absent.role for absent in made.lacking} == {"certificate weir", "report validators.txt"}
    [interior] = read(made).of(Role.INTERIOR)
    assert interior.printers == ()


def test_one_printer_that_takes_interior_and_cover_is_enough(released: Path) -> None:
    other = Contribution(Kind.COVER, "brook", None, "only its template tells the spine")
    accepted = Contribution(Kind.CERTIFICATE, "brook", b"PASS\n")

    made = given(released, other, accepted)

    assert [absent.role for absent in made.absent] == ["cover brook"]
    assert made.lacking == ()
    assert "- cover brook: only its template tells the spine" in one(made, Role.NOTES).decode()


def test_a_cover_that_is_wrong_is_left_out(released: Path) -> None:
    wrong = Contribution(Kind.COVER, "weir", b"%PDF", "1 demand is not met", good=False)

    made = given(released, wrong)

    assert [absent.role for absent in made.lacking] == ["cover weir"]
    assert read(made).of(Role.COVER) == ()


def test_an_edited_folder_makes_no_kit(tmp_path: Path) -> None:
    root = book(tmp_path / "book", "2026.11.0")
    (root / "manuscript/arches.md").write_text("# Arches\n\nThey stand.\n", "utf-8")

    with pytest.raises(BookpressError, match=r"1 files are not as committed: manuscript/arches.md"):
        kit.make(root, everything)


def test_a_folder_with_something_else_is_not_touched(whole: Kit, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("Dear", "utf-8")

    with pytest.raises(BookpressError, match="holds something that is no kit"):
        folder.write(tmp_path / "letters", whole.files)

    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["one.txt"]
