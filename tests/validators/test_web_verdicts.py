"""What validators find in a sound web edition: nothing; in broken ones: what was broken."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests import installed

from bookpress.validators import browser, copies, lychee, nu, toolbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

PAGE = "beams.html"


@pytest.fixture
def expected(editions: Path) -> dict[str, tuple[str, ...]]:
    return copies.expected(editions.parent)


@pytest.fixture
def page(site: Path) -> Path:
    """A web edition of one page, to be broken."""
    for other in site.glob("*.html"):
        if other.name != PAGE:
            other.unlink()
    return site / PAGE


def rewrite(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_text("utf-8")
    changed = change(text)
    assert changed != text, "the change changes nothing"
    file.write_text(changed, "utf-8")


def adding(html: str) -> Callable[[str], str]:
    return lambda text: text.replace("</main>", f"{html}</main>")


def replacing(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def test_nu_finds_no_mistake(editions: Path) -> None:
    installed.require("Nu", "V005")

    verdict = nu.judge(editions / "web")

    assert verdict.complaints == ()
    assert verdict.version.startswith("26.")


def test_nu_finds_mistakes_in_pages_and_style_sheets_where_they_stand(site: Path) -> None:
    installed.require("Nu", "V005")
    rewrite(site / PAGE, adding("<p><div>no</div></p>"))
    (site / "web.css").write_text("p { colour: red }\n")

    verdict = nu.judge(site)

    assert {said.path for said in verdict.complaints} == {PAGE, "web.css"}
    assert any("“colour”" in said.message and said.line == 1 for said in verdict.complaints)


def test_axe_finds_no_violation(editions: Path) -> None:
    installed.require("axe-core", "V006")

    verdict = browser.axe(editions / "web")

    assert verdict.complaints == ()
    assert verdict.version == "4.14.1"


PALE = """\
<svg viewBox="0 0 90 30"><rect width="90" height="30" fill="#888"/>
<text x="45" y="20" fill="#aaa" text-anchor="middle">pale</text></svg>"""


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<img src="images/beam.svg">', "critical image-alt at 1280 px"),
        ('<p style="color: #999">Pale</p>', "serious color-contrast at 360 px"),
        ('<p style="color: #333; background: none">Dark</p>', "color-contrast at 1280 px, dark"),
        (
            '<p>Step <b style="color: #999; background: #fff">1</b></p>',
            "serious color-contrast, computed: 2.85 to 1, 153 153 153 on 255 255 255",
        ),
        (
            PALE,
            "serious color-contrast, computed: 1.53 to 1, 170 170 170 on 136 136 136",
        ),
        (
            '<p style="background: linear-gradient(#fff, #ddd)">Shaded</p>',
            "serious color-contrast, computed: undecided: ",
        ),
    ],
    ids=["alternative", "contrast", "contrast in the dark", "letter", "drawing", "undecided"],
)
def test_axe_finds_what_keeps_somebody_from_reading(page: Path, html: str, rule: str) -> None:
    installed.require("axe-core", "V006")
    rewrite(page, adding(html))

    verdict = browser.axe(page.parent)

    assert any(rule in said.message for said in verdict.complaints), verdict.complaints
    assert {said.path for said in verdict.complaints} == {PAGE}


def test_every_page_is_read_in_any_width_by_keyboard_and_without_scripts(
    editions: Path, expected: dict[str, tuple[str, ...]]
) -> None:
    installed.require("Chromium", "V007")

    verdict = browser.use(editions / "web")

    assert verdict.complaints == ()
    assert sum(map(len, expected.values())) > 3
    assert f"{sum(map(len, expected.values()))} listings copied" in verdict.figure


@pytest.mark.parametrize("mode", ["axe", "use"])
def test_chromium_judges_without_any_network_not_even_the_loopback(page: Path, mode: str) -> None:
    installed.require("axe-core", "V006")
    cut_off = [str(toolbox.program("unshare")), "--map-root-user", "--net"]
    if subprocess.run([*cut_off, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a namespace of its own")
    packages = toolbox.module("playwright-core").parent
    look = [toolbox.node(), str(browser.SCRIPT), mode, str(page.parent), toolbox.chromium()]

    done = toolbox.run([*cut_off, *look], environment={"NODE_PATH": str(packages)})

    report = json.loads(done.stdout)
    assert (report["pages"], report["complaints"]) == (1, [])


HIDDEN = "<script>document.querySelector('.late').hidden = false</script>"
FAULTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "px wider than a window of 360 px": (
        PAGE,
        adding('<div style="width: 400px; height: 1px; position: relative"></div>'),
    ),
    "asks another host: https://host.invalid/a.png": (
        PAGE,
        adding('<img src="https://host.invalid/a.png" alt="A far picture">'),
    ),
    "asks for lost.png, which is not there": (PAGE, adding('<img src="lost.png" alt="None">')),
    "a script fails": (PAGE, adding("<script>nothing.at.all</script>")),
    "no link to the text": (PAGE, replacing('class="skip" href="#text"', 'href="index.html"')),
    "does not lead into the text": (PAGE, replacing('<main id="text"', '<main id="text" inert')),
    "the focus cannot be seen": (
        PAGE,
        adding("<style>:focus-visible { outline: none !important }</style>"),
    ),
    "the Tab key does not reach": (
        PAGE,
        adding('<a href="#a" onfocus="this.blur()">a</a><a href="#b">b</a>'),
    ),
    "pieces of text when scripts are off": (
        PAGE,
        adding(f'<p class="late" hidden>Late.</p>{HIDDEN}'),
    ),
    "reads otherwise when scripts are off": (
        PAGE,
        adding("<script>document.querySelector('main').append('More.')</script>"),
    ),
    "button 1 copies": ("web.js", replacing("await navigator.clipboard.writeText(textOf(pre))",
        "await navigator.clipboard.writeText(textOf(pre).trim().toUpperCase())")),
    "button 1 is missing": ("web.js", replacing('"pre.code, pre.console"', '".none"')),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_chromium_finds_what_breaks_the_use_of_a_page(
    page: Path, expected: dict[str, tuple[str, ...]], fault: str
) -> None:
    installed.require("Chromium", "V007")
    name, change = FAULTS[fault]
    rewrite(page.with_name(name), change)

    verdict = browser.use(page.parent, {PAGE: expected[PAGE]})

    assert any(fault in said.message for said in verdict.complaints), verdict.complaints


def test_chromium_finds_a_search_that_finds_nothing(
    site: Path, expected: dict[str, tuple[str, ...]]
) -> None:
    installed.require("Chromium", "V007")
    for other in site.glob("*.html"):
        if other.name not in (PAGE, "search.html"):
            other.unlink()
    for fragment in site.glob("pagefind/fragment/*"):
        fragment.unlink()

    verdict = browser.use(site, {PAGE: expected[PAGE]})

    said = [said.message for said in verdict.complaints if said.path == "search.html"]
    assert any(f"is not found in {PAGE}#" in message for message in said), verdict.complaints


def test_lychee_follows_every_link(editions: Path) -> None:
    installed.require("lychee", "V008")

    verdict = lychee.judge(editions / "web")

    assert verdict.complaints == ()
    assert verdict.figure.startswith("0 broken links of ")


def test_lychee_finds_lost_pages_and_fragments(site: Path) -> None:
    installed.require("lychee", "V008")
    rewrite(site / PAGE, adding('<a href="lost.html">a</a> <a href="arches.html#lost">b</a>'))

    verdict = lychee.judge(site)

    assert {said.message.split(":")[0] for said in verdict.complaints} == {
        "lost.html",
        "arches.html#lost",
    }
    assert {said.path for said in verdict.complaints} == {PAGE}
