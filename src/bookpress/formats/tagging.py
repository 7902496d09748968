"""Mends the structure tree of a section while its PDF is still Python objects.

WeasyPrint 70 writes one element per page for a broken block, one per line for text, marks running
matter as content, links every inline box within a link again, and gives notes and header cells no
names that are unique in a book. Cheap to mend here; costly once the PDF is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pydyf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TAGS = {
    "pre": "P",
    "code": "Code",
    "figure": "Div",
    "aside": "Div",
    "header": "Div",
    "footer": "Div",
    "hgroup": "Div",
    "nav": "Div",
    "figcaption": "Caption",
    "book-note": "Note",
    "book-note::footnote-marker": "Lbl",
    "book-note::footnote-call": "Reference",
    "book-leader": "Artifact",  # no such element: `_prune` takes it out of the tree
} | dict.fromkeys(
    (
        "abbr",
        "b",
        "cite",
        "dfn",
        "em",
        "i",
        "kbd",
        "samp",
        "small",
        "strong",
        "sub",
        "sup",
        "time",
        "var",
    ),
    "Span",
)
# Elements that may hold marked content themselves; grouping elements may not (ISO 32000-1, 14.8.4).
_HOLDERS = {f"/{tag}" for tag in ("P", "Lbl", "LBody", "TH", "TD", "Span", "Code", "Note")}
_HOLDERS |= {f"/H{level}" for level in range(1, 7)} | {"/Reference", "/Caption"}

Pdf: TypeAlias = Any  # pydyf has no types worth the name
Element: TypeAlias = Any
Kid: TypeAlias = Any
Module: TypeAlias = Any
Source = tuple[int, str]
"""An HTML element and the pseudo-element of it that a structure element was made for."""


def record_sources(tags: Module) -> dict[int, Source]:
    """Make WeasyPrint remember what each structure element was made for, and use our tags.

    tags:   the module weasyprint.pdf.tags; two private functions of it are wrapped.
    Returns number of a PDF object -> source; filled while a PDF is written, to be cleared before.
    """
    plain_tag, plain_tree = tags._get_pdf_tag, tags._build_box_tree  # noqa: SLF001
    sources: dict[int, Source] = {}

    def build_box_tree(box: Element, *rest: Element) -> Iterator[Element]:
        for element in plain_tree(box, *rest):
            if box.element is not None:
                sources.setdefault(element.number, (id(box.element), box.element_tag))
            yield element

    tags._get_pdf_tag = lambda tag: TAGS.get(tag) or plain_tag(tag)  # noqa: SLF001
    tags._build_box_tree = build_box_tree  # noqa: SLF001
    return sources


class Structure:
    """The structure tree of one section's PDF.

    slug:    makes the names of notes and header cells unique in the book.
    sources: what `record_sources` remembered.
    """

    def __init__(self, pdf: Pdf, slug: str, sources: Mapping[int, Source]) -> None:
        self.pdf, self.slug, self.sources = pdf, slug, sources
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.body = self.at(self.root["K"][0])
        self.headers: dict[str, str] = {}  # repeated table head -> the head that stays
        self.linked: set[bytes] = set()
        self.doubled: set[bytes] = set()

    def mend(self) -> None:
        """Do all there is to do; the tree is then ready to be bound."""
        self._join(self.body)
        self._prune()
        self._lists()
        self._definitions()
        self._flatten()
        self._unlink()
        self._name()

    def at(self, reference: bytes) -> Element:
        """Look up an object by its reference, b"12 0 R"."""
        return self.pdf.objects[int(reference.split()[0])]

    def _is_element(self, kid: Kid) -> bool:
        return isinstance(kid, bytes) and self.at(kid).get("Type") == "/StructElem"

    def _join(self, parent: Element) -> None:
        """Make one element of the fragments of a block over pages or an inline over lines."""
        seen: dict[tuple[Source, str], Element] = {}
        own, kids = self.sources.get(parent.number), pydyf.Array()
        for kid in parent["K"]:
            element: Element = self.at(kid) if self._is_element(kid) else None
            source = self.sources.get(element.number) if element is not None else None
            # An anonymous box is made for the element of its parent. Links and figures hold their
            # content themselves and are bound to a page.
            if source is None or source == own or element["S"] in {"/Link", "/Figure"}:
                kids.append(kid)
                continue
            first = seen.setdefault((source, element["S"]), element)
            if first is element:
                kids.append(kid)
            elif element["S"] == "/THead":
                self._same_headers(first, element)
            else:
                self._move_kids(element, first)
        parent["K"] = kids
        for kid in kids:
            if self._is_element(kid):
                self._join(self.at(kid))

    def _move_kids(self, element: Element, first: Element) -> None:
        for kid in element["K"]:
            # A content item belongs to the page of its element unless it names one.
            first["K"].append(kid if isinstance(kid, bytes) else self._item(kid, element, first))
            if isinstance(kid, bytes) and "P" in self.at(kid):
                self.at(kid)["P"] = first.reference

    def _item(self, mcid: int, element: Element, holder: Element) -> Kid:
        if element["Pg"] == holder["Pg"]:
            return mcid
        return pydyf.Dictionary({"Type": "/MCR", "Pg": element["Pg"], "MCID": mcid})

    def _same_headers(self, first: Element, again: Element) -> None:
        """Drop a table head repeated after a page break; its cells are those of the first."""
        cells = [
            [self.at(cell) for row in head["K"] for cell in self.at(row)["K"]]
            for head in (first, again)
        ]
        for kept, repeated in zip(*cells, strict=True):
            if "ID" in kept:
                self.headers[repeated["ID"].string] = kept["ID"].string

    def _prune(self) -> None:
        """Find what hangs in the tree; drop artifacts and links within links."""
        todo = [(self.body.reference, False)]
        while todo:
            reference, in_link = todo.pop()
            self.linked.add(reference)
            element, kept = self.at(reference), pydyf.Array()
            is_link = element["S"] == "/Link"
            for kid in element["K"]:
                if not isinstance(kid, bytes):
                    kept.append(kid)
                elif self.at(kid).get("Type") == "/OBJR":
                    if is_link or not in_link:
                        kept.append(kid)
                    else:
                        self.doubled.add(self.at(kid)["Obj"])
                elif self.at(kid)["S"] != "/Artifact":
                    todo.append((kid, in_link or is_link))
                    kept.append(kid)
            element["K"] = kept

    def _lists(self) -> None:
        """Put what a list item holds besides its label into its body (ISO 32000-1, 14.8.4.3.3)."""
        for reference in sorted(self.linked):
            item = self.at(reference)
            if item["S"] != "/LI":
                continue
            label = [kid for kid in item["K"] if self._tag(kid) == "/Lbl"]
            rest = [kid for kid in item["K"] if kid not in label]
            if rest and any(self._tag(kid) != "/LBody" for kid in rest):
                item["K"] = pydyf.Array([*label, self._body(item, rest)])

    def _definitions(self) -> None:
        """Make one list item of a term, its label, and its meaning (ISO 32000-1, 14.8.4.3.3)."""
        for reference in sorted(self.linked):
            if self.at(reference)["S"] == "/L":
                kids = self.at(reference)["K"]
                self.at(reference)["K"] = pydyf.Array(self._terms(kids))

    def _terms(self, kids: list[Kid]) -> Iterator[Kid]:
        item: Element = None
        for kid in kids:
            element = self.at(kid)
            _, made_for = self.sources.get(element.number, (0, ""))
            body = next((inner for inner in element["K"] if self._tag(inner) == "/LBody"), None)
            if made_for == "dd" and item is not None and body:
                item["K"].append(body)
                self.at(body)["P"] = item.reference
                self.linked.discard(kid)
                continue
            if made_for == "dt" and body:
                item = element
                self.at(body)["S"] = "/Lbl"
            yield kid

    def _tag(self, kid: Kid) -> str:
        return str(self.at(kid)["S"]) if self._is_element(kid) else ""

    def _body(self, item: Element, kids: list[Kid]) -> bytes:
        """Make the body of a list item; bodies among the kids are taken apart."""
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference}
        )
        self.pdf.add_object(body)
        body["K"] = pydyf.Array()
        for kid in kids:
            if self._tag(kid) == "/LBody":
                self._move_kids(self.at(kid), body)
                self.linked.discard(kid)
            else:
                body["K"].append(kid)
                self.at(kid)["P"] = body.reference
        self.linked.add(body.reference)
        reference: bytes = body.reference
        return reference

    def _flatten(self) -> None:
        """Put the text of a paragraph into it, instead of an element for each of its lines."""
        numbers = self.at(self.root["ParentTree"])["Nums"]
        pages = dict(zip(self.pdf.page_references, numbers[1::2], strict=False))
        for reference in tuple(self.linked):
            holder = self.at(reference)
            if holder["S"] in _HOLDERS:
                holder["K"] = pydyf.Array(
                    self._lifted(kid, holder, pages) if self._is_line(kid) else kid
                    for kid in holder["K"]
                )

    def _is_line(self, kid: Kid) -> bool:
        if not self._is_element(kid):
            return False
        element = self.at(kid)
        return (
            element.number not in self.sources
            and element["S"] == "/Span"
            and all(isinstance(item, int) for item in element["K"])
        )

    def _lifted(self, kid: bytes, holder: Element, pages: Mapping[bytes, Element]) -> Kid:
        element = self.at(kid)
        [mcid] = element["K"]
        pages[element["Pg"]][mcid] = holder.reference
        self.linked.discard(kid)
        return self._item(mcid, element, holder)

    def _unlink(self) -> None:
        """Make artifacts of all marked content that hangs in no tree; drop doubled links."""
        nums = self.at(self.root["ParentTree"])["Nums"]
        dropped = {self.at(reference)["StructParent"] for reference in self.doubled}
        pairs = zip(nums[::2], nums[1::2], strict=True)
        nums[:] = [item for pair in pairs if pair[0] not in dropped for item in pair]
        for reference, elements in zip(self.pdf.page_references, nums[1::2], strict=False):
            artifacts = {i for i, element in enumerate(elements) if element not in self.linked}
            for i in artifacts:
                elements[i] = "null"
            page = self.at(reference)
            if "Annots" in page:
                page["Annots"] = pydyf.Array(a for a in page["Annots"] if a not in self.doubled)
            stream = self.at(page["Contents"]).stream
            for i, item in enumerate(stream):
                if isinstance(item, dict) and item.get("MCID") in artifacts:
                    stream[i - 1] = "/Artifact"
                    stream[i] = pydyf.Dictionary({"Type": "/Pagination"})

    def _name(self) -> None:
        """Give names, unique in the book, to notes and header cells, and the cells a scope."""
        named: list[tuple[str, bytes]] = []
        elements: list[Element] = [thing for thing in self.pdf.objects if isinstance(thing, dict)]
        for element in elements:
            if element.get("Type") == "/StructElem" and element.reference in self.linked:
                self._name_one(element, len(named))
                if "ID" in element:
                    named.append((element["ID"].string, element.reference))
        names = [item for name, element in sorted(named) for item in (pydyf.String(name), element)]
        self.root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})

    def _name_one(self, element: Element, number: int) -> None:
        attributes = element.get("A", {})
        if element["S"] == "/TH":
            attributes.setdefault("Scope", "/Column")
        if element["S"] == "/Note":
            element["ID"] = pydyf.String(f"note-{number}")
        if "ID" in element:
            element["ID"] = pydyf.String(f"{self.slug}-{element['ID'].string}")
        if "Headers" in attributes:
            attributes["Headers"] = pydyf.Array(
                pydyf.String(f"{self.slug}-{self.headers.get(name.string, name.string)}")
                for name in attributes["Headers"]
            )


def enclose(pdf: Pdf) -> None:
    """Save and restore the graphics state around each page, so that stamps can follow it."""
    for reference in pdf.page_references:
        page = pdf.objects[int(reference.split()[0])]
        stream = pdf.objects[int(page["Contents"].split()[0])].stream
        stream.insert(0, b"q")
        stream.append(b"Q")


def forget_links(pdf: Pdf) -> None:
    """Take the links out of pages that go to a printer."""
    for reference in pdf.page_references:
        pdf.objects[int(reference.split()[0])].pop("Annots", None)
