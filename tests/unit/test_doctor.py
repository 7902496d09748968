import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from bookpress import doctor
from bookpress.doctor import Item, Remedy
from bookpress.errors import ToolError

ROOT = Path(__file__).resolve().parents[2]
FOUND = Item("pandoc", "3.9", "reading the manuscript", required=True)
LOST = Item("Pango", "", "typesetting", required=True, remedies=("apt x", "dnf y"))
SPARE = Item("Java", "", "EPUBCheck", required=False, remedies=("apt j",))


def test_a_missing_tool_is_followed_by_what_to_type() -> None:
    text = doctor.write([FOUND, LOST, SPARE])

    assert text.splitlines() == [
        "ok  pandoc  3.9      reading the manuscript",
        "!!  Pango   missing  typesetting",
        "      type apt x",
        "      or dnf y",
        "--  Java    missing  EPUBCheck (optional)",
        "      type apt j",
    ]


def test_only_what_is_required_makes_the_machine_unhealthy() -> None:
    assert doctor.healthy([FOUND, SPARE])
    assert not doctor.healthy([FOUND, LOST])


def test_remedies_name_a_command_for_each_package_manager() -> None:
    remedy = Remedy(apt="libpango-1.0-0", brew="pango")

    assert remedy.commands() == ("sudo apt-get install libpango-1.0-0", "brew install pango")


def test_the_doctor_knows_every_library_the_press_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[^a-z0-9-]", line)[0] for line in project["dependencies"]}

    named = {item.name for item in doctor.examine()}

    assert declared <= named


def test_versions_are_those_that_are_installed() -> None:
    found = {item.name: item.version for item in doctor.examine()}

    assert found["weasyprint"] == metadata.version("weasyprint")
    assert found["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert re.fullmatch(r"3\.\d+(\.\d+)*", found["pandoc"])
    assert re.fullmatch(r"1\.\d+\.\d+", found["Pango"])


def test_the_libraries_looked_for_are_those_weasyprint_loads() -> None:
    source = metadata.distribution("weasyprint").locate_file("weasyprint/text/ffi.py")
    asked_for = set(re.findall(r"'(lib[\w.-]+\.(?:so\.\d|dylib))'", Path(str(source)).read_text()))
    optional = {name for name in asked_for if "vector" in name}

    looked_for = {name for names in doctor.NATIVE.values() for name in names}

    assert looked_for == asked_for - optional


def test_a_library_that_does_not_load_is_named_with_all_the_others_and_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(doctor.NATIVE, "Pango", ("libno-such-pango.so.0",))
    monkeypatch.setitem(doctor.NATIVE, "HarfBuzz", ("libno-such-harfbuzz.so.0",))

    with pytest.raises(ToolError, match="typesetting needs Pango, HarfBuzz, which are") as caught:
        doctor.require_native()

    assert "apt-get install libpango-1.0-0" in caught.value.hint
    assert "brew install pango" in caught.value.hint


def test_a_program_that_is_not_on_path_is_missing_not_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = {item.name: item.version for item in doctor.examine()}

    assert found["Java"] == found["git"] == ""
    assert found["pandoc"]


def test_a_program_that_fails_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "pdfinfo"
    broken.write_text("#!/bin/sh\necho 22.12.0\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = {item.name: item.version for item in doctor.examine()}

    assert found["Poppler"] == ""


def test_the_set_up_script_installs_the_packages_the_doctor_names() -> None:
    script = (ROOT / ".ci/setup.sh").read_text("utf-8")

    assert f'APT_LIBRARIES="{doctor.PANGO.apt}"' in script


def test_the_set_up_script_is_plain_posix_shell() -> None:
    done = subprocess.run(["sh", "-n", ROOT / ".ci/setup.sh"], check=False, capture_output=True)

    assert (done.returncode, done.stderr) == (0, b"")
