from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bookpress.findings import Position
from bookpress.listings import blocks
from bookpress.listings.blocks import Excerpt, Patch, Recorded, Session, Shown, WholeFile
from bookpress.survey import Listing


def listing(text: str, language: str = "console", **attributes: str) -> Listing:
    where = Position(PurePosixPath("a.md"), 1)
    return Listing("", language, (language,), attributes, text, where, 2)


def read(item: Listing) -> tuple[blocks.Block, list[str]]:
    [block], findings = blocks.read([item], ["```"], "home")
    return block, [finding.code for finding in findings]


def test_a_command_goes_on_over_lines_with_a_continuation_prompt() -> None:
    block, _ = read(listing("$ cat <<E\n> one\n>\n> E\none\n$ true"))

    assert isinstance(block, Session)
    assert [command.text for command in block.commands] == ["cat <<E\none\n\nE", "true"]
    assert block.commands[0].expected == ("one",)


def test_callouts_are_no_part_of_a_file() -> None:
    block, _ = read(listing("a = 1  # (1)\nb = 2", "python", file="a.py"))

    assert isinstance(block, WholeFile)
    assert block.text == "a = 1\nb = 2\n"


def test_an_empty_block_writes_an_empty_file() -> None:
    block, _ = read(listing("", "python", file="py.typed"))

    assert isinstance(block, WholeFile)
    assert block.text == ""


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (listing("x", "python", file="a.py"), WholeFile),
        (listing("x", "python", file="a.py", part="x"), Excerpt),
        (listing("+x", "diff", file="a.py"), Patch),
        (listing("$ x"), Session),
        (listing("x", "yaml", shown="needs a network"), Shown),
        (listing("x", "yaml", shown="needs a network", file="a.yml"), Shown),
        (listing("$ x", recorded="2026-11-22, GitHub Actions"), Recorded),
    ],
)
def test_attributes_say_what_a_block_is(item: Listing, kind: type) -> None:
    block, codes = read(item)

    assert isinstance(block, kind)
    assert codes == []


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (listing("x", "python"), "X001"),
        (listing("+x", "diff"), "X001"),
        (listing("$ x", exits="1"), "X002"),
        (listing("$ x", exit="one"), "X002"),
        (listing("$ x", timeout="soon"), "X002"),
        (listing("$ x", date="yesterday"), "X002"),
        (listing("$ x", shell="a b"), "X002"),  # noqa: S604  (an attribute of a block)
        (listing("x", "python", file="/etc/passwd"), "X002"),
        (listing("x", "python", file="../a.py"), "X002"),
        (listing("$ x", dir="~"), "X002"),
        (listing("x", "python", file="a.py", part=""), "X002"),
        (listing("x", "python", file="a.py", exit="1"), "X002"),
        (listing("x", "yaml", shown=" "), "X003"),
        (listing("x", "yaml", recorded="2026-11-22"), "X004"),
        (listing("x", "yaml", recorded="2026-13-22, here"), "X004"),
        (listing("x", recorded="last week, GitHub"), "X004"),
        (listing("out\n$ x"), "X005"),
        (listing("no command"), "X005"),
    ],
)
def test_wrong_attributes_are_found(item: Listing, code: str) -> None:
    _, codes = read(item)

    assert codes == [code]


def test_a_session_has_a_folder_and_a_time_limit_of_its_own() -> None:
    block, _ = read(listing("$ x", dir="there", timeout="2.5"))

    assert isinstance(block, Session)
    assert (block.place.directory, block.timeout_seconds) == ("there", 2.5)
