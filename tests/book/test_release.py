"""The release kit of this repository's own book: made twice, the same, and verified."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bookpress.release import folder, repository, verify

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def clone(place: Path) -> Path:
    """A clone of the commit that is checked out, with none of its tags and caches."""
    place.parent.mkdir(parents=True, exist_ok=True)
    command = ["git", "clone", "-q", "--no-tags", str(ROOT), str(place)]
    subprocess.run(command, check=True, capture_output=True)
    return place


def test_the_kit_of_this_book_is_the_same_in_two_places_and_what_it_claims_to_be(
    tmp_path: Path,
) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone; a kit is made of a commit")
    places = {
        clone(tmp_path / "one"): {"TZ": "Asia/Tokyo", "LANG": "C", "PYTHONHASHSEED": "1"},
        clone(tmp_path / "quite" / "another place"): {
            "TZ": "America/New_York",
            "LC_ALL": "C.UTF-8",
        },
    }
    arguments = ["-m", "bookpress", "release", "kit", "--unjudged", "--quiet"]

    for root, variables in places.items():
        environment = os.environ | variables
        subprocess.run([sys.executable, *arguments], cwd=root, env=environment, check=True)

    one, other = (root / "dist" for root in places)
    assert list(folder.differences(one, other)) == []
    assert (one / "SHA256SUMS").read_bytes() == (other / "SHA256SUMS").read_bytes()
    verdict = verify.verify(one)
    assert verdict.findings == ()
    assert verdict.kit
    assert verdict.kit.commit == repository.commit(ROOT)
