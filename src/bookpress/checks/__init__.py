"""The checks in the order of the report: of the manuscript, of the pages, of the packages.

Estimates are asked only where there are no pages to be counted.
A check is a generator of findings. It prints, raises, mends and decides nothing; the severity of
what it finds stands in `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bookpress.checks import budgets, glossary, index, links, measure, spelling, structure
from bookpress.findings import Finding
from bookpress.model import Book
from bookpress.pagination import Proof
from bookpress.survey import Survey

ManuscriptCheck = Callable[[Book, Survey], Iterator[Finding]]
ProofCheck = Callable[[Book, Proof], Iterator[Finding]]

MANUSCRIPT: tuple[ManuscriptCheck, ...] = (
    structure.one_title,
    structure.levels_follow,
    structure.headings_have_text,
    structure.identifiers_are_unique,
    structure.identifiers_are_names,
    structure.titles_agree,
    structure.chapters_have_text,
    structure.no_raw_html,
    structure.variables_are_known,
    structure.fences_hold,
    structure.planned_chapters,
    links.links_lead_somewhere,
    links.links_have_text,
    links.addresses_are_well_formed,
    links.images_exist,
    links.images_have_alternatives,
    links.images_are_sharp,
    links.notes_match,
    measure.listings_fit,
    index.references_lead_somewhere,
    index.entries_differ,
    index.entries_are_parted,
    index.chapters_are_indexed,
    glossary.terms_are_defined_once,
    glossary.terms_are_in_order,
    glossary.references_are_defined,
    glossary.glossaries_define,
    spelling.a_dictionary_is_there,
    spelling.words_are_known,
)
ESTIMATES: tuple[ManuscriptCheck, ...] = (budgets.castoff,)
PROOF: tuple[ProofCheck, ...] = (
    budgets.parts,
    budgets.chapters,
    budgets.complaints,
)
