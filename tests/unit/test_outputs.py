import subprocess
import sys
from pathlib import Path

import pytest

from bookpress import outputs
from bookpress.errors import BookpressError


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_artifacts_are_where_their_names_say(tmp_path: Path) -> None:
    outputs.publish(tmp_path / "build", {"a.pdf": b"1", "web/images/x.svg": b"2"})

    assert files(tmp_path / "build") == {"a.pdf": b"1", "web/images/x.svg": b"2"}


def test_only_what_differs_is_written_again(tmp_path: Path) -> None:
    outputs.publish(tmp_path, {"a.pdf": b"1", "b.epub": b"2"})
    before = (tmp_path / "a.pdf").stat()

    changed = outputs.publish(tmp_path, {"a.pdf": b"1", "b.epub": b"3"})

    assert changed == ("b.epub",)
    assert (tmp_path / "a.pdf").stat().st_ino == before.st_ino


def test_a_page_that_is_no_longer_made_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    outputs.publish(tmp_path, {"a.pdf": b"1", "web/old/x.html": b"2", "web/index.html": b"3"})

    outputs.publish(tmp_path, {"web/index.html": b"4"})

    assert files(tmp_path) == {"a.pdf": b"1", "web/index.html": b"4"}
    assert not (tmp_path / "web/old").exists()


def test_who_fails_while_writing_keeps_the_last_build_whole(tmp_path: Path) -> None:
    outputs.publish(tmp_path, {"a.pdf": b"old", "b.pdf": b"old"})
    unwritable = {"a.pdf": b"new", "b.pdf/under-a-file/c.pdf": b"new"}

    with pytest.raises(OSError, match=r"b\.pdf"):
        outputs.publish(tmp_path, {"b.pdf": b"new", **unwritable})

    assert files(tmp_path) == {"a.pdf": b"old", "b.pdf": b"old"}


def test_what_a_killed_build_left_half_written_goes_away(tmp_path: Path) -> None:
    (tmp_path / ".staging-killed").mkdir()
    (tmp_path / ".staging-killed/a.pdf").write_bytes(b"half")

    outputs.publish(tmp_path, {"a.pdf": b"1"})

    assert files(tmp_path) == {"a.pdf": b"1"}


PUBLISH_OFTEN = """
import pathlib, sys
from bookpress import outputs
from bookpress.errors import BookpressError
for turn in range(30):
    data = sys.argv[2].encode() * 20_000 + str(turn).encode()
    outputs.publish(pathlib.Path(sys.argv[1]), {"a.pdf": data, "web/b.html": data})
"""


def test_two_builds_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PUBLISH_OFTEN, str(tmp_path)]

    builds = [subprocess.Popen([*command, mark]) for mark in ("x", "y")]

    assert [build.wait(60) for build in builds] == [0, 0]
    made = files(tmp_path)
    assert made["a.pdf"] == made["web/b.html"]
    assert made["a.pdf"][-3:] in {b"x29", b"y29"}


def test_cleaning_leaves_the_readme_and_what_make_has_set_up(tmp_path: Path) -> None:
    for name in ("README.md", ".setup/uv", "web/index.html", ".cache/read/1", "a.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")

    count = outputs.clean(tmp_path)

    assert count == 3
    assert set(files(tmp_path)) == {"README.md", ".setup/uv"}


def test_cleaning_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_bytes(b"1")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/link").symlink_to(outside)

    outputs.clean(tmp_path / "build")

    assert (outside / "keep").exists()
    assert not (tmp_path / "build/link").exists()


def test_cleaning_what_was_never_built_is_nothing_to_do(tmp_path: Path) -> None:
    assert outputs.clean(tmp_path / "build") == 0


@pytest.mark.parametrize(
    ("names", "formats", "said"),
    [
        (["a/code.zip"], ["print"], "only the screen edition"),
        (["a/code.zip", "b/code.zip"], ["screen"], "called code.zip"),
    ],
)
def test_what_cannot_be_carried_along_is_refused(
    tmp_path: Path, names: list[str], formats: list[str], said: str
) -> None:
    with pytest.raises(BookpressError, match=said):
        outputs.carried([tmp_path / name for name in names], formats)


def test_files_are_carried_along_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "code.zip").write_bytes(b"PK")

    assert outputs.carried([tmp_path / "code.zip"], ["print", "screen"]) == {"code.zip": b"PK"}
    assert outputs.carried([], ["web"]) == {}
