"""An independent look at a bound PDF: does what it says of itself hold on its pages?

It reads with pdfium what is printed and with pikepdf what is written, and shares no code with the
press. veraPDF does not see a section missing from the structure tree, nor a wrong parent.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator

ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
FOOT_PT = 50
NOTHING = pikepdf.Dictionary()


@dataclass
class BoundBook:
    """A PDF, opened twice; `seen` counts what was looked at, so that a test can ask for it."""

    data: bytes
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.pdf = pikepdf.open(io.BytesIO(self.data))
        self.view = pypdfium2.PdfDocument(self.data)
        self.text = [page.get_textpage() for page in self.view]
        self.number = {page.obj.objgen: i for i, page in enumerate(self.pdf.pages)}
        self.labels = list(self._labels())
        names = list(self.pdf.Root.Names.Dests.Names)
        self.places = {
            str(name): self.number[target[0].objgen]
            for name, target in zip(names[::2], names[1::2], strict=True)
        }

    def close(self) -> None:
        for text in self.text:
            text.close()
        self.view.close()
        self.pdf.close()

    def complaints(self) -> list[str]:
        """All that is wrong."""
        looks = (self.folios, self.links, self.outline, self.structure, self.marks)
        return [complaint for look in looks for complaint in look()]

    def _labels(self) -> Iterator[str]:
        items = list(self.pdf.Root.PageLabels.Nums)
        starts = {int(first): entry for first, entry in zip(items[::2], items[1::2], strict=True)}
        style, count = "", 0
        for index in range(len(self.pdf.pages)):
            if entry := starts.get(index):
                style, count = str(entry.S), int(entry.St)
            yield roman(count) if style == "/r" else str(count)
            count += 1

    def folios(self) -> Iterator[str]:
        """The folio printed on a page is its page label."""
        for index, text in enumerate(self.text):
            foot = text.get_text_bounded(0, 0, 10_000, FOOT_PT).split()
            everything = text.get_text_range().strip()
            self.seen["folios" if foot else "plain" if everything else "blank"] += 1
            if foot and foot[-1] != self.labels[index]:
                yield f"page {index + 1} prints {foot}, its label is {self.labels[index]}"

    def links(self) -> Iterator[str]:
        """A link leads somewhere and says where; a number in it is the label of that page."""
        for index, page in enumerate(self.pdf.pages):
            for link in page.obj.get("/Annots", []):
                self.seen["links"] += 1
                if not str(link.get("/Contents", "")):
                    yield f"page {index + 1}: a link without Contents"
                if "/A" in link:
                    self.seen["outside"] += 1
                    if "book.invalid" in str(link.A.URI):
                        yield f"page {index + 1}: {link.A.URI}"
                elif str(link.Dest) not in self.places:
                    yield f"page {index + 1}: no destination {link.Dest}"
                else:
                    yield from self._number(index, link)

    def _number(self, index: int, link: pikepdf.Object) -> Iterator[str]:
        x1, y1, x2, y2 = (float(value) for value in link.Rect)
        text = self.text[index].get_text_bounded(
            min(x1, x2) - 0.5, min(y1, y2), max(x1, x2) + 0.5, max(y1, y2)
        )
        if match := re.fullmatch(r"\W*([0-9]+|[ivxlc]+)\W*", text.strip()):
            self.seen["numbers"] += 1
            label = self.labels[self.places[str(link.Dest)]]
            if match[1] != label:
                yield f"page {index + 1} prints {match[1]}, {link.Dest} is on {label}"

    def outline(self) -> Iterator[str]:
        """An outline entry stands on the page it leads to."""
        with self.pdf.open_outline() as outline:
            todo = list(outline.root)
        while todo:
            entry = todo.pop()
            todo += entry.children
            self.seen["outline"] += 1
            index = self.number[entry.destination[0].objgen]  # type: ignore[index]
            if squeezed(entry.title) not in squeezed(self.text[index].get_text_range()):
                yield f"the outline entry {entry.title!r} is not on page {index + 1}"

    def structure(self) -> Iterator[str]:
        """Keys and names are unique; parents and children agree; no page is outside the book."""
        tree = self.pdf.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        keys = [int(key) for key in numbers[::2]]
        pages = [page.obj for page in self.pdf.pages]
        used = [int(page.StructParents) for page in pages if "/StructParents" in page]
        used += [int(link.StructParent) for page in pages for link in page.get("/Annots", [])]
        if keys != sorted(set(keys)) or sorted(used) != keys:
            yield "the keys of the parent tree are not those of pages and links"
        if len(tree.K) != 1 or str(tree.K[0].S) != "/Document":
            yield "the root of the structure is not one Document"
        linked: set[tuple[int, int]] = set()
        names: list[str] = []
        yield from self._elements(tree.K[0], linked, names)
        if len(names) != len(set(names)) or sorted(names) != sorted(
            str(name) for name in list(tree.IDTree.Names)[::2]
        ):
            yield "the names of elements are not those of the IDTree"
        for value in numbers[1::2]:
            for element in value if isinstance(value, pikepdf.Array) else [value]:
                if element is not None and element.objgen not in linked:
                    yield f"the parent tree leads out of the structure: {element.objgen}"

    def _elements(
        self, root: pikepdf.Object, linked: set[tuple[int, int]], names: list[str]
    ) -> Iterator[str]:
        todo, headers = [root], set()
        while todo:
            element = todo.pop()
            linked.add(element.objgen)
            self.seen[str(element.S)] += 1
            if "/Pg" in element and element.Pg.objgen not in self.number:
                yield f"{element.S} is on a page outside the book"
            if "/ID" in element:
                names.append(str(element.ID))
            headers |= {str(name) for name in element.get("/A", NOTHING).get("/Headers", [])}
            for kid in element.K:
                if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") not in (
                    pikepdf.Name.OBJR,
                    pikepdf.Name.MCR,
                ):
                    if kid.P.objgen != element.objgen:
                        yield f"{kid.S} has another parent than {element.S}"
                    todo.append(kid)
        if headers - set(names):
            yield f"header cells that are nowhere: {sorted(headers - set(names))}"

    def marks(self) -> Iterator[str]:
        """Every piece of marked content is an artifact or belongs to exactly one element."""
        claimed = Counter(self._claims(self.pdf.Root.StructTreeRoot.K[0]))
        for index, page in enumerate(self.pdf.pages):
            for item in pikepdf.parse_content_stream(page, "BDC BMC"):
                operands = list(item.operands)
                properties = operands[1] if len(operands) > 1 else NOTHING
                if str(operands[0]) == "/Artifact" or "/MCID" not in properties:
                    self.seen["artifacts"] += 1
                    continue
                self.seen["marks"] += 1
                mark = (page.obj.objgen, int(properties["/MCID"]))
                if claimed[mark] != 1:
                    yield f"page {index + 1}: content {mark[1]} is claimed {claimed[mark]} times"

    def _claims(self, root: pikepdf.Object) -> Iterator[tuple[tuple[int, int], int]]:
        todo = [root]
        while todo:
            element = todo.pop()
            for kid in element.K:
                if isinstance(kid, int):
                    yield element.Pg.objgen, kid
                elif kid.get("/Type") == pikepdf.Name.MCR:
                    yield kid.Pg.objgen, int(kid.MCID)
                elif kid.get("/Type") != pikepdf.Name.OBJR:
                    todo.append(kid)


def roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def squeezed(text: str) -> str:
    """Without white space and hyphens, where lines may have been broken."""
    return re.sub(r"[\s\u00ad\ufffe\u2010-]+", "", text)
