"""What has changed between two texts is marked so that either text can be had back."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookpress import components, pandoc
from bookpress.markup import Setting
from bookpress.model import Format
from bookpress.review import text
from bookpress.review.changes import blocks, nodes, pieces, settle
from bookpress.review.changes.blocks import Kind, Marked

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def read(html: str) -> str:
    return text.of_html(html)[0]


def shape(fragment: nodes.Nodes) -> str:
    """A fragment with the white space between its blocks left out, attributes in."""
    return re.sub(r">\s+<", "><", nodes.write(nodes.joined(fragment))).strip()


def preformatted(fragment: nodes.Nodes) -> list[str]:
    return [nodes.text([e]) for e in nodes.walk(fragment) if e.tag == "pre"]


def assert_both_can_be_had_back(old: str, new: str, marked: Marked) -> None:
    accepted, rejected = settle.accept(marked.fragment), settle.reject(marked.fragment)
    assert read(nodes.write(accepted)) == read(new)
    assert read(nodes.write(rejected)) == read(old)
    assert preformatted(accepted) == preformatted(nodes.parse(new))
    assert preformatted(rejected) == preformatted(nodes.parse(old))
    assert read(nodes.write(settle.with_bars(marked.fragment))) == read(new)
    ids = [e.get("id") for e in nodes.walk(marked.fragment) if e.get("id")]
    assert len(ids) == len(set(ids))


def compared(old: str, new: str) -> Marked:
    marked = blocks.compare(old, new)
    assert_both_can_be_had_back(old, new, marked)
    return marked


def kinds(marked: Marked) -> list[Kind]:
    return [change.kind for change in marked.changes]


# ---- What is a change, and how it is shown ---------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>one two</p>", "<p>one\n  two</p>"),
        ("<p>one</p><p>two</p>", "<p>one</p>\n\n<p> two </p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ('<p id="x" data-pos="a@1:1-2:1">one</p>', '<p id="y" data-pos="a@5:1-6:1">one</p>'),
        ("<p>a weir</p>", '<p>a <span id="ix-1" class="ix">weir</span></p>'),
        ("<p>a weir</p>", '<p><span id="ix-1" class="ix"></span>a weir</p>'),
    ],
)
def test_what_a_reader_does_not_see_is_no_change(old: str, new: str) -> None:
    marked = compared(old, new)

    assert marked.changes == ()
    assert shape(marked.fragment) == shape(nodes.parse(new))


def test_a_space_in_a_listing_is_a_change() -> None:
    marked = compared("<pre><code>if x:\n  y</code></pre>", "<pre><code>if x:\n    y</code></pre>")

    assert kinds(marked) == [Kind.REPLACED]


def test_words_are_struck_and_added_inside_the_block() -> None:
    marked = compared("<p>The gate is open.</p>", "<p>The weir is open.</p>")

    assert '<del class="rev">gate</del><ins class="rev">weir</ins>' in nodes.write(marked.fragment)
    assert [(c.kind, c.added, c.removed) for c in marked.changes] == [(Kind.EDITED, 1, 1)]


def test_changed_words_that_only_a_space_parts_are_struck_together() -> None:
    marked = compared("<p>It was a red door there.</p>", "<p>It was a blue gate there.</p>")

    assert '<del class="rev">red door</del><ins class="rev">blue gate</ins>' in nodes.write(
        marked.fragment
    )


def test_words_within_emphasis_stay_within_it() -> None:
    marked = compared("<p>a <em>very old</em> gate</p>", "<p>a <em>very new</em> gate</p>")

    wanted = '<em>very <del class="rev">old</del><ins class="rev">new</ins></em>'
    assert wanted in nodes.write(marked.fragment)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a gate</p>", "<p>a <em>gate</em></p>"),
        (
            '<p><a href="https://a.example">a</a> gate</p>',
            '<p><a href="https://b.example">a</a> gate</p>',
        ),
    ],
)
def test_emphasis_and_links_are_seen_as_well(old: str, new: str) -> None:
    assert kinds(compared(old, new)) == [Kind.EDITED]


def test_a_listing_and_a_figure_are_replaced_whole() -> None:
    old = '<figure id="f"><img src="a.png" alt="x" /><figcaption>One of two</figcaption></figure>'
    new = old.replace("two", "three")

    marked = compared(old, new)

    assert kinds(marked) == [Kind.REPLACED]
    gone, come = [e for e in nodes.walk(marked.fragment) if e.tag == "figure"]
    assert (gone.get("id"), come.get("id")) == ("", "f")


def test_a_picture_with_other_content_is_a_change() -> None:
    figure = '<figure><img src="images/a.svg" alt="x" /></figure>'

    same = blocks.compare(figure, figure, {"images/a.svg": "1"}, {"images/a.svg": "1"})
    other = blocks.compare(figure, figure, {"images/a.svg": "1"}, {"images/a.svg": "2"})

    assert (kinds(same), kinds(other)) == ([], [Kind.REPLACED])
    assert 'src="images/was-a.svg"' in nodes.write(other.fragment)


def test_blocks_that_come_together_are_one_change_below_their_heading() -> None:
    old = "<h2>Gates</h2><p>Old.</p>"
    new = "<h2>Gates</h2><p>Old.</p><p>Water rises in spring.</p><ul><li>A weir</li></ul>"

    [change] = compared(old, new).changes

    assert (change.kind, change.heading, change.added) == (Kind.ADDED, "Gates", 6)


def test_a_block_is_found_again_below_new_ones() -> None:
    old = "<p>alpha beta gamma delta</p><p>one two three four</p>"
    new = "<p>fresh and quite other</p><p>alpha beta gamma</p><p>one two three five</p>"

    assert kinds(compared(old, new)) == [Kind.ADDED, Kind.EDITED, Kind.EDITED]


def test_struck_text_has_no_identifier_and_leads_nowhere() -> None:
    old = '<p>See <a href="#x" id="y">the gate</a> there, and here.</p>'

    marked = compared(old, "<p>See there, and here.</p>")

    gone = next(e for e in nodes.walk(marked.fragment) if e.tag == "del")
    assert not any(e.get("id") or e.get("href") for e in nodes.walk([gone]))


def test_strikes_of_the_book_s_own_are_left_alone() -> None:
    marked = compared("<p>a <del>struck</del> word</p>", "<p>a <del>struck</del> sign</p>")

    assert "<del>struck</del>" in nodes.write(settle.accept(marked.fragment))


# ---- Either text can be had back -------------------------------------------------------------

WORDS = st.text("ab c\u00a0\n.,<&é-", max_size=12)
INLINE = st.recursive(
    st.one_of(
        WORDS,
        st.just(nodes.Element("br")),
        st.just(nodes.Element("img", (("src", "a.png"), ("alt", "x")))),
        st.just(nodes.Element("span", (("class", "ix"),))),
    ),
    lambda inner: st.builds(
        nodes.Element,
        st.sampled_from(["em", "code", "a", "span", "del", "ins"]),
        st.sampled_from([(), (("class", "ix"),), (("href", "#x"),)]),
        st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
LINE = st.lists(INLINE, max_size=4).map(tuple)
LEAVES = st.builds(nodes.Element, st.sampled_from(["p", "h2", "pre", "p", "p"]), st.just(()), LINE)
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda tag, items: nodes.Element(
                tag, (), tuple(nodes.Element("li", (), item) for item in items)
            ),
            st.sampled_from(["ul", "ol"]),
            st.lists(
                st.one_of(LINE, st.lists(inner, max_size=2).map(tuple)), min_size=1, max_size=3
            ),
        ),
        st.builds(
            nodes.Element,
            st.sampled_from(["blockquote", "aside", "figure"]),
            st.just(()),
            st.lists(inner, max_size=3).map(tuple),
        ),
    ),
    max_leaves=8,
)
FRAGMENTS = st.lists(BLOCKS, max_size=6).map(nodes.write)


@settings(max_examples=150, deadline=None)
@given(FRAGMENTS, FRAGMENTS)
def test_either_text_can_be_had_back(old: str, new: str) -> None:
    marked = blocks.compare(old, new)

    assert_both_can_be_had_back(old, new, marked)
    names = [pieces.signature(nodes.Element("div", (), f), {}) for f in _fragments(new, marked)]
    assert names[0] == names[1]


@settings(max_examples=50, deadline=None)
@given(FRAGMENTS)
def test_a_text_has_not_changed_since_itself(fragment: str) -> None:
    assert blocks.compare(fragment, fragment).changes == ()


def _fragments(new: str, marked: Marked) -> tuple[nodes.Nodes, nodes.Nodes]:
    return nodes.parse(new), nodes.parse(nodes.write(settle.accept(marked.fragment)))


# ---- On this book's own history --------------------------------------------------------------


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )
    return done.stdout if done.returncode == 0 else ""


def fragments(texts: dict[PurePosixPath, str]) -> dict[PurePosixPath, str]:
    """Write chapters as the web edition has them, without what they need of other chapters."""
    trees = pandoc.read(texts)
    setting = Setting("chapter", Format.WEB, {}, {}, {})
    written = pandoc.write(
        [components.fragment(pandoc.decode(path, data), setting) for path, data in trees.items()]
    )
    return {path: made.html for path, made in zip(trees, written, strict=True)}


def test_every_chapter_of_this_book_can_be_had_back_as_it_first_was() -> None:
    chapters = sorted((ROOT / "manuscript").rglob("*.md"))
    today, first, middle = {}, {}, {}
    for chapter in chapters:
        path = chapter.relative_to(ROOT).as_posix()
        commits = git("log", "--format=%h", "--", path).split()
        if len(commits) < 2:  # a shallow clone, or a new file
            continue
        name = PurePosixPath(path)
        today[name] = chapter.read_text("utf-8")
        first[name] = git("show", f"{commits[-1]}:{path}")
        middle[name] = git("show", f"{commits[len(commits) // 2]}:{path}")
    if not today:
        pytest.skip("this clone has no history")

    now = fragments(today)

    for then in (first, middle):
        for name, old in fragments(then).items():
            assert_both_can_be_had_back(old, now[name], blocks.compare(old, now[name]))
