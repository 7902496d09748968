"""A finished PDF -> a PDF of some of its pages, each with the folio that it has in the book."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

if TYPE_CHECKING:
    from collections.abc import Sequence

_FROM_THE_BOOK = (Name.StructParents, Name.Tabs, Name.B)


def excerpt(pdf: bytes, pages: Sequence[int], folios: Sequence[str], title: str) -> bytes:
    """Take pages out of a PDF; the same pages give the same bytes.

    pages:  from 1, in the order that they are to have.
    folios: what is printed on each of them; a viewer shows it as the page's name.
    Returns a plain PDF: without tags, outline and the links to pages that are not in it.
    Source  ISO 32000-1, 12.4.2, of page labels.
    """
    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.new() as made:
        for number in pages:
            made.pages.append(whole.pages[number - 1])
        for page in made.pages:
            _let_go(page)
        made.Root.PageLabels = Dictionary(Nums=_labels(folios))
        made.Root.Lang = whole.Root.get("/Lang", String("en"))
        made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        made.docinfo.Title = String(title)
        file = io.BytesIO()
        modes = pikepdf.ObjectStreamMode
        made.save(file, deterministic_id=True, object_stream_mode=modes.generate)
    return file.getvalue()


def _let_go(page: pikepdf.Page) -> None:
    """Drop what only the whole book makes sense of."""
    for key in _FROM_THE_BOOK:
        if key in page.obj:
            del page.obj[key]
    kept = [note for note in page.obj.get("/Annots", Array()) if _leads_out(note)]
    for note in kept:
        if "/StructParent" in note:
            del note.StructParent
    page.obj.Annots = Array(kept)


def _leads_out(note: pikepdf.Object) -> bool:
    action = note.get("/A")
    return action is not None and action.get("/S") == Name.URI


def _labels(folios: Sequence[str]) -> Array:
    listed = Array()
    for index, folio in enumerate(folios):
        listed.append(index)
        listed.append(Dictionary(P=String(folio)))
    return listed
