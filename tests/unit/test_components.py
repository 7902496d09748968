"""What is written in Markdown comes out as the components that the styles know."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookpress import components, crossref, pandoc, survey
from bookpress.crossref import Targets
from bookpress.findings import Position
from bookpress.markup import Setting
from bookpress.model import Book, Chapter, Format, Matter, Metadata, Part, Role, Status, Trim

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = PurePosixPath("manuscript/uv.md")


def book(*paths: PurePosixPath) -> Book:
    chapters = tuple(
        Chapter(p, p.stem, Role.CHAPTER, Matter.BODY, str(i), Status.DRAFT, Position(p))
        for i, p in enumerate(paths, 1)
    )
    meta = Metadata("T", "", (), "en", "", "", 1, 1, "", "", "", (), {}, {}, "", "")
    part = Part(1, "Part", "", chapters, None, Position(HERE))
    return Book(meta, Trim(504, 666, 9), (), (part,), (), (), Position(PurePosixPath("book.yml")))


def write(
    text: str, target: Format = Format.WEB, variables: Mapping[str, str] | None = None
) -> str:
    tree = pandoc.decode(HERE, pandoc.read({HERE: text})[HERE])
    facts = survey.facts(tree, text)
    targets = Targets(book(HERE), survey.Survey({HERE: facts}))
    own = {name: found for name, _ in facts.anchors if (found := targets.own(HERE, name))}
    setting = Setting("uv", target, crossref.links(targets, facts), own, variables or {})
    [written] = pandoc.write([components.fragment(tree, setting)])
    return written.html.strip()


def test_a_listing_has_its_number_its_file_and_its_caption() -> None:
    html = write('~~~toml {#lst-a file="pyproject.toml" caption="The `name`"}\na = 1\n~~~\n')

    assert html.startswith(
        '<figure class="listing" id="lst-a"><figcaption><span class="label">Listing 1.1</span> '
        '<span class="file">pyproject.toml</span> '
        '<span class="caption">The <code>name</code></span></figcaption>'
    )
    assert '<pre class="code" data-language="toml" tabindex="0"><code>a = ' in html


def pages(text: str) -> list[str]:
    """What the references of a printed chapter say of pages."""
    html = write(text, Format.PRINT)
    return re.findall(r'<span class="on-page">(.*?) ?<a [^>]*>0</a>', html)


REACH = """# T {#ch-t}

LINK

## One {#sec-one}

~~~toml {#lst-a caption="A"}
a = 1
~~~

### Deeper {#sec-deeper}

LINK

## Two {#sec-two}

LINK
"""


def test_print_names_the_page_of_what_stands_in_another_section() -> None:
    assert pages(REACH.replace("LINK", "[](#lst-a)")) == ["on page"] * 2
    assert pages(REACH.replace("LINK", "[this](#sec-deeper)")) == ["(page"] * 2
    assert pages(REACH.replace("LINK", "[](#sec-two)")) == ["on page"] * 2
    assert pages(REACH.replace("LINK", "[](#ch-t)")) == []


def test_a_number_stays_with_its_word_and_words_of_a_link_part() -> None:
    html = write("# T\n\n[](#sec-s), [words of a link](#sec-s).\n\n## S {#sec-s}\n")

    assert '<a href="#sec-s" class="xref whole">Section 1.1</a>' in html
    assert '<a href="#sec-s" class="xref">words of a link</a>' in html


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("--no-dev", '<span class="whole">--no-dev</span>'),
        ("uv  lock --dry-run", 'uv  lock <span class="whole">--dry-run</span>'),
        ("a-b < c & d", '<span class="whole">a-b</span> &lt; c &amp; d'),
        ("tool.github-workflows-require", "tool.github-workflows-require"),
        ("uv lock", "uv lock"),
    ],
)
def test_paper_breaks_no_short_word_of_code_after_a_hyphen(code: str, written: str) -> None:
    text = f"# T\n\nUse `{code}`.\n"

    assert f"<code>{written}</code>" in write(text, Format.PRINT)
    assert 'class="whole"' not in write(text)


def test_sessions_are_numbered_apart_from_listings() -> None:
    html = write(
        '```console {#ses-a caption="A"}\n$ ls\n```\n\n```sh {#lst-b caption="B"}\nls\n```'
    )

    assert re.findall(r'"label">([^<]*)', html) == ["Session 1.1", "Listing 1.1"]


def test_a_hidden_block_is_in_no_edition() -> None:
    assert write("```console {.hidden}\n$ ls\n```") == ""


def test_what_was_not_executed_says_so() -> None:
    html = write('```yaml {#lst-a shown="needs GitHub\'s issuer" caption="C"}\na: 1\n```')

    assert '<span class="mark" data-kind="shown">shown: needs GitHub\'s issuer</span>' in html


def test_callouts_are_matched_by_the_list_below() -> None:
    html = write('```toml {caption="C"}\na = 1  # (1)\n```\n\n1. One.\n2. Two.\n\nText.')

    assert '<b class="callout">1</b>\n</code>' in html
    assert re.search(r'<ol class="callouts">\s*<li>\s*One\.\s*</li>', html)


def test_a_list_elsewhere_is_no_list_of_callouts() -> None:
    assert "callouts" not in write("```toml\na = 1  # (1)\n```\n\nText.\n\n1. One.")


def test_an_alert_is_an_aside_with_a_name() -> None:
    html = write("> [!WARNING]\n> Care.")

    assert '<aside class="admonition warning" role="note" aria-label="Warning">' in html
    assert '<p class="admonition-title">Warning</p>' in html


def test_a_log_entry_has_its_date() -> None:
    html = write('::: {.log date="2026-03-02"}\nRed.\n:::')

    assert '<time datetime="2026-03-02">2 March 2026</time>' in html


def test_a_checklist_loses_its_boxes() -> None:
    html = write("::: {.checklist}\n- [ ] `uv sync` works\n- plain\n:::")

    assert re.sub(r"\s+", " ", html) == (
        '<ul class="checklist"> <li><code>uv sync</code> works </li> <li>plain </li> </ul>'
    )


def test_a_figure_keeps_its_alternative_and_its_caption_apart() -> None:
    html = write('![What it says](../images/a.svg){#fig-a caption="What is printed"}')

    assert '<img src="images/a.svg" alt="What it says" />' in html
    assert '<span class="label">Figure 1.1</span> <span class="caption">What is printed' in html


def test_a_head_cell_heads_its_column() -> None:
    assert '<th scope="col">a</th>' in write("| a |\n|---|\n| 1 |")


def test_a_bare_reference_reads_the_name_of_its_target() -> None:
    html = write("# T {#ch-t}\n\n## S {#sec-s}\n\nSee [](#sec-s) and [](#ch-t).")

    assert '<a href="#sec-s" class="xref whole">Section 1.1</a>' in html
    assert '<a href="#ch-t" class="xref whole">Chapter 1</a>' in html


def test_print_adds_the_page_and_the_position() -> None:
    html = write("# T\n\nSee [](#sec-s).\n\n## S {#sec-s}", Format.PRINT)

    assert '<p data-pos="manuscript/uv.md@3:1-' in html
    assert 'on page <a data-page="uv.html#sec-s" href="uv.html#sec-s">0</a>' in html


def test_a_dead_link_keeps_its_words() -> None:
    assert write("[words](#nowhere)") == "<p><span>words</span></p>"


@pytest.mark.parametrize(
    ("target", "call"),
    [
        (
            Format.PRINT,
            '<book-note id="fn-1">Text.<span class="note-break"></span>More.</book-note>',
        ),
        (Format.EPUB, '<a epub:type="noteref" role="doc-noteref" href="#fn-1" id="fnref-1">'),
        (Format.WEB, '<a class="noteref" role="doc-noteref" href="#fn-1" id="fnref-1">'),
    ],
)
def test_a_note_stands_where_the_format_has_its_notes(target: Format, call: str) -> None:
    html = write("A.[^1]\n\n[^1]: Text.\n\n    More.\n", target)

    assert call in html
    assert html.count("Text.") == 1


def test_content_for_one_format_is_in_that_format_only() -> None:
    text = '::: {.only format="epub web"}\nScreen.\n:::\n\n::: {.only format="print"}\nPaper.\n:::'

    assert [("Screen" in write(text, f), "Paper" in write(text, f)) for f in Format] == [
        (False, True), (True, False), (True, False),
    ]  # fmt: skip


def test_index_marks_are_counted_before_anything_is_left_out() -> None:
    text = '::: {.only format="print"}\n[a]{.ix}\n:::\n\n[b]{.ix}'

    assert 'id="ix-2"' in write(text, Format.WEB)


def test_a_variable_is_replaced_and_braces_are_left_alone() -> None:
    html = write("Release [v]{.var}, `${{ a }}`, {{ b }}.", variables={"v": "1.0"})

    assert html == "<p>Release 1.0, <code>${{ a }}</code>, {{ b }}.</p>"


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(alphabet="ab#*_`[](){}<>!&|-:^$~\"'=. \n\\/1", max_size=60), min_size=1, max_size=8
    )
)
def test_any_markdown_becomes_well_formed_xml(pieces: list[str]) -> None:
    for target in Format:
        html = write("\n\n".join(pieces), target)

        ET.fromstring(f'<body xmlns:epub="http://www.idpf.org/2007/ops">{html}</body>')  # noqa: S314


def test_a_sidebar_is_a_landmark_with_its_title_for_a_name() -> None:
    html = write('::: {.sidebar title="Who owns `uv` & why?"}\nNobody.\n:::\n')

    assert html.startswith(
        '<aside class="sidebar" aria-label="Who owns uv &amp; why?">'
        '<p class="sidebar-title">Who owns <code>uv</code> &amp; why?</p>'
    )
