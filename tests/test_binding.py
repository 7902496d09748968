"""A whole book through typesetter and binder; `bound_book` looks at it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from tests import sample_sheets
from tests.bound_book import BoundBook

from bookpress import printers, prooftext
from bookpress.cache import Store
from bookpress.formats.attachments import attach
from bookpress.formats.bind import bind
from bookpress.formats.sheets import Variant
from bookpress.formats.typeset import typeset
from bookpress.printing import preflight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bookpress.pagination import Proof


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> dict[Variant, Proof]:
    store = Store(tmp_path_factory.mktemp("cache"))
    made = typeset(sample_sheets.book(), sample_sheets.styles(), store)
    return {
        variant: bind(pages, sample_sheets.METADATA, sample_sheets.DATE, store)
        for variant, pages in made.items()
    }


@pytest.fixture
def screen(proofs: dict[Variant, Proof]) -> Iterator[BoundBook]:
    book = BoundBook(proofs[Variant.SCREEN].pdf)
    yield book
    book.close()


def test_what_the_pdf_says_of_itself_holds_on_its_pages(screen: BoundBook) -> None:
    complaints = screen.complaints()

    assert complaints == []
    seen = screen.seen
    assert seen["folios"] > 15
    assert seen["blank"] == 2
    assert seen["numbers"] > 60
    assert seen["outside"] == 3 * 2 - 3  # one in each chapter, and none twice for the code in it
    assert (seen["/Note"], seen["/Figure"], seen["/Table"]) == (12, 6, 3)


def test_the_page_map_is_that_of_the_pdf(screen: BoundBook, proofs: dict[Variant, Proof]) -> None:
    pages = proofs[Variant.SCREEN].pages

    assert pages.folios == tuple(screen.labels)
    assert {f"{slug}.html#{name}": page - 1 for (slug, name), page in pages.anchors.items()} == {
        name.replace("gr%C3%B6%C3%9Fe", "größe"): page
        for name, page in screen.places.items()
        if "#" in name
    }


def test_chapters_stand_below_their_part_in_the_outline(screen: BoundBook) -> None:
    with screen.pdf.open_outline() as outline:
        titles = {entry.title: [child.title for child in entry.children] for entry in outline.root}

    assert list(titles) == ["Contents", "Basics", "Index"]
    assert titles["Basics"] == ["Folios", "Margins", "Sheets"]


def test_print_has_the_pages_of_the_screen_edition(proofs: dict[Variant, Proof]) -> None:
    printed, shown = (prooftext.page_texts(proofs[variant].pdf) for variant in Variant)

    assert printed == shown


def test_print_has_no_links_no_outline_and_no_tags(proofs: dict[Variant, Proof]) -> None:
    with pikepdf.open(io.BytesIO(proofs[Variant.PRINT].pdf)) as pdf:
        assert not any("/Annots" in page.obj for page in pdf.pages)
        assert not {"/Outlines", "/StructTreeRoot", "/Names"} & set(pdf.Root.keys())


def test_print_says_for_which_press_it_is(proofs: dict[Variant, Proof]) -> None:
    evidence = preflight.measure(proofs[Variant.PRINT].pdf)

    marks = preflight.marks(evidence, printers.load("ingram"))

    assert marks.outcome is preflight.Outcome.MET
    assert marks.found == "PDF/X-1:2001, PDF/X-1a:2001; CGATS TR 001"
    assert evidence.facts.version == "1.3"


def test_each_font_is_embedded_once_for_the_whole_book(proofs: dict[Variant, Proof]) -> None:
    with pikepdf.open(io.BytesIO(proofs[Variant.SCREEN].pdf)) as pdf:
        names = [
            str(thing.FontName)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]

    assert sorted(name.partition("+")[2] for name in names) == ["Mono", "Serif"]


def test_what_the_screen_edition_carries_along_comes_out_as_it_went_in(
    proofs: dict[Variant, Proof],
) -> None:
    plain, files = proofs[Variant.SCREEN].pdf, {"b.zip": b"PK", "a.txt": b"text"}

    made = attach(plain, files, sample_sheets.DATE)

    assert attach(plain, dict(reversed(files.items())), sample_sheets.DATE) == made
    with pikepdf.open(io.BytesIO(made)) as pdf, pikepdf.open(io.BytesIO(plain)) as before:
        assert {name: f.get_file().read_bytes() for name, f in pdf.attachments.items()} == files
        assert pdf.attachments["b.zip"].get_file().mime_type == "application/zip"
        assert [str(entry.F) for entry in pdf.Root.AF] == ["a.txt", "b.zip"]
        assert len(pdf.Root.Names.Dests.Names) == len(before.Root.Names.Dests.Names)


def test_nothing_is_missing_dead_or_too_wide(proofs: dict[Variant, Proof]) -> None:
    codes = {finding.code for proof in proofs.values() for finding in proof.complaints}

    assert not codes & {"L009", "T002", "T003", "T004"}


def test_folios_are_read_where_they_are_printed(proofs: dict[Variant, Proof]) -> None:
    proof = proofs[Variant.PRINT]

    folios = prooftext.folios_printed(proof.pdf, margin_pt=50)

    first = {extent.first for extent in proof.pages.extents}
    assert all(not folios[page - 1] for page in first)
    assert {folio for folio in folios if folio} <= set(proof.pages.folios)
    assert [
        f for f, own in zip(folios, proof.pages.folios, strict=True) if f not in ("", own)
    ] == []


# What follows shows that the look is alive: each damage is found.


def drop_labels(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels.Nums[-1].St = 2


def move_destination(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.Dests.Names
    place = [str(name) for name in list(names)[::2]].index("two.html#two-title") * 2 + 1
    names[place][0] = pdf.pages[0].obj


def break_parent_key(pdf: pikepdf.Pdf) -> None:
    pdf.pages[8].obj.StructParents = 0


def double_a_name(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.StructTreeRoot.IDTree.Names
    names[1].ID = names[3].ID


def cut_off_a_section(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.K[0].K[3]


def drop_content(pdf: pikepdf.Pdf) -> None:
    section = pdf.Root.StructTreeRoot.K[0].K[4]
    paragraph = next(kid for kid in section.K if kid.S == "/P")
    del paragraph.K[0]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (drop_labels, "its label is"),
        (move_destination, "two.html#two-title is on i"),
        (break_parent_key, "keys of the parent tree"),
        (double_a_name, "names of elements"),
        (cut_off_a_section, "leads out of the structure"),
        (drop_content, "claimed 0 times"),
    ],
)
def test_damage_is_found(
    damage: Callable[[pikepdf.Pdf], None], words: str, proofs: dict[Variant, Proof]
) -> None:
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(proofs[Variant.SCREEN].pdf)) as pdf:
        damage(pdf)
        pdf.save(changed)

    book = BoundBook(changed.getvalue())
    complaints = book.complaints()
    book.close()

    assert any(words in complaint for complaint in complaints)
