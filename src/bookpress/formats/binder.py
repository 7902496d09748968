"""Binds the PDFs of the sections: the only module that knows the inside of a finished PDF."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from bookpress.formats import labels
from bookpress.formats.folios import addresses
from bookpress.formats.glyphs import ascii_name, subset_tag, to_unicode, width_runs
from bookpress.formats.numbers import print_numbers
from bookpress.formats.sheets import BASE, Face, Variant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from bookpress.cache import Store
    from bookpress.formats.sheets import Outline, Section, Sheet, Stamps, Typeset
    from bookpress.model import Metadata

HEADER = b"/Artifact <</Type /Pagination /Subtype /Header>> BDC q /%s Do Q EMC\n"
FOOTER = b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC q /%s Do Q EMC\n"


def make(typeset: Typeset, book: Metadata, date: dt.datetime, store: Store) -> bytes:
    """Bind a variant of the book; see `bind.bind`."""
    binder = Binder(typeset, store)
    for section in typeset.sections:
        binder.add(section)
    binder.fonts.finish()
    binder.describe(book, date)
    modes, made = pikepdf.ObjectStreamMode, io.BytesIO()
    binder.pdf.save(
        made,
        deterministic_id=True,
        min_version="1.7" if binder.tagged else "1.3",  # PDF/X-1a:2001 is PDF 1.3
        object_stream_mode=modes.generate if binder.tagged else modes.disable,
    )
    return made.getvalue()


@dataclass(slots=True)
class _Shared:
    """A font of the book: its dictionary in the PDF and how all sections use it."""

    font: pikepdf.Object
    text: dict[int, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)


class Fonts:
    """One subset a font for the whole book."""

    def __init__(self, pdf: pikepdf.Pdf, files: Mapping[str, bytes], store: Store) -> None:
        self.pdf, self.files, self.store = pdf, files, store
        self.shared: dict[str, _Shared] = {}
        self.own = 0

    def add(self, resources: pikepdf.Object, faces: Mapping[str, Face]) -> None:
        """Let a section use the book's fonts instead of its own."""
        for name, font in resources.Font.items():
            face = faces[name[1:]]
            if not face.file:
                self._rename(font)
                continue
            shared = self.shared.setdefault(face.file, _Shared(font))
            shared.text = {**face.text, **shared.text}
            shared.widths = {**face.widths, **shared.widths}
            resources.Font[name] = shared.font

    def _rename(self, font: pikepdf.Object) -> None:
        """Give a subset that stays apart a name of its own (ISO 32000-1, 9.6.4)."""
        self.own += 1
        cid = font.DescendantFonts[0]
        base = str(font.BaseFont).partition("+")[2]
        name = Name(f"/{subset_tag(f'{self.own} {base}'.encode())}+{base}")
        font.BaseFont = cid.BaseFont = cid.FontDescriptor.FontName = name

    def finish(self) -> None:
        """Make the subsets, with the glyphs of all sections."""
        for file, shared in self.shared.items():
            glyphs = sorted({0, *shared.text, *shared.widths})
            listed = " ".join(map(str, glyphs)).encode()
            program = self.store.recall(
                "subset", file.encode(), listed, make=partial(self._subset, file, glyphs)
            )
            self._embed(shared, program, subset_tag(file.encode() + listed))

    def _subset(self, file: str, glyphs: list[int]) -> bytes:
        from bookpress.formats.fonts import subset_font  # noqa: PLC0415  (half a second)

        return subset_font(self.files[file], glyphs)

    def _embed(self, shared: _Shared, program: bytes, tag: str) -> None:
        font, cid = shared.font, shared.font.DescendantFonts[0]
        descriptor, stream = cid.FontDescriptor, self.pdf.make_stream(program)
        if "/FontFile3" in descriptor:
            stream.Subtype = Name.OpenType
            descriptor.FontFile3 = stream
        else:
            stream.Length1 = len(program)
            descriptor.FontFile2 = stream
        # Pango ends a family that ends with a figure with a comma: "Source Sans 3,".
        name = Name(f"/{tag}+{str(font.BaseFont).partition('+')[2].rstrip(',')}")
        font.BaseFont = cid.BaseFont = descriptor.FontName = name
        cid.W = Array(width_runs(shared.widths))
        box = descriptor.FontBBox
        descriptor.FontBBox = Array([box[0], box[1], max(shared.widths.values()), box[3]])
        font.ToUnicode = self.pdf.make_stream(to_unicode(shared.text))


class Furniture:
    """Running heads and folios as form XObjects, each made once."""

    def __init__(self, pdf: pikepdf.Pdf, stamps: tuple[Stamps, ...], fonts: Fonts) -> None:
        self.pdf, self.fonts = pdf, fonts
        self.made: dict[str | tuple[str, str], tuple[str, pikepdf.Object]] = {}
        self.found = {name: (block, page) for block in stamps for name, page in block.index.items()}
        self.blocks: dict[int, tuple[pikepdf.Pdf, pikepdf.Object]] = {}

    def stamp(self, page: pikepdf.Page, sheet: Sheet, folio: str, number: int) -> None:
        """Lay head and folio over a page; number counts from 1, odd ones are rectos."""
        marks = [FOOTER % self._use(page, folio)]
        if sheet.running_head:
            verso, recto = sheet.running_head
            name = ("recto", recto) if number % 2 else ("verso", verso)
            marks.insert(0, HEADER % self._use(page, name))
        page.contents_add(self.pdf.make_stream(b"".join(marks)))

    def _use(self, page: pikepdf.Page, name: str | tuple[str, str]) -> bytes:
        if name not in self.made:
            self.made[name] = (f"Stamp{len(self.made)}", self._form(*self.found[name]))
        key, form = self.made[name]
        page.obj.Resources.XObject[f"/{key}"] = form
        return key.encode()

    def _form(self, block: Stamps, number: int) -> pikepdf.Object:
        if id(block) not in self.blocks:
            self.blocks[id(block)] = self._open(block)
        source, resources = self.blocks[id(block)]
        page = source.pages[number]
        contents = page.obj.Contents.read_bytes()
        form = self.pdf.make_stream(contents, Type=Name.XObject, Subtype=Name.Form)
        form.BBox = Array([float(edge) for edge in page.mediabox])
        form.Resources = resources
        return form

    def _open(self, block: Stamps) -> tuple[pikepdf.Pdf, pikepdf.Object]:
        source = pikepdf.open(io.BytesIO(block.pages.pdf))
        theirs = source.pages[0].obj.Resources
        ours = Dictionary(Font=Dictionary(), ExtGState=Dictionary())
        resources = self.pdf.make_indirect(ours)
        for kind in (Name.Font, Name.ExtGState):
            for name, thing in theirs.get(kind, Dictionary()).items():
                copy = self.pdf.copy_foreign(source.make_indirect(thing))
                resources[kind][name] = copy
        self.fonts.add(resources, block.pages.faces)
        return source, resources


class Binder:
    """Adds section after section to one PDF."""

    def __init__(self, typeset: Typeset, store: Store) -> None:
        self.typeset = typeset
        self.tagged = typeset.variant is Variant.SCREEN
        self.pdf = pikepdf.new()
        self.fonts = Fonts(self.pdf, typeset.fonts, store)
        self.furniture = Furniture(self.pdf, typeset.stamps, self.fonts)
        self.addresses = addresses(typeset.pages)
        self.folios = {name: typeset.pages.folio(page) for name, page in self.addresses.items()}
        self.own: set[tuple[int, int]] = set()  # what has left the file it came from
        self.parent_tree: list[object] = []
        self.key = 0  # the next of the parent tree
        self.ids: dict[str, object] = {}
        self.names: dict[str, object] = {}
        self.elements: list[pikepdf.Object] = []
        self.images: dict[bytes, pikepdf.Object] = {}
        self.outline: list[pikepdf.OutlineItem] = []
        self.profile: pikepdf.Object | None = None

    def add(self, section: Section) -> None:
        """Add the pages of a section, and a blank verso if their number is odd."""
        pdf, first = self.pdf, len(self.pdf.pages)
        source = pikepdf.open(io.BytesIO(section.pages.pdf))
        # First the pages: the structure then refers to the copies with /Pg and /Obj.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # destinations follow below
            pdf.pages.extend(source.pages)
        pages = list(pdf.pages)[first:]
        resources = pages[0].obj.Resources  # WeasyPrint: one for all pages of a document
        if self.tagged:
            self._join_structure(source)
            self._join_names(section.sheet.slug, source, first)
            for page in pages:
                self._join_page(page, section.sheet.slug)
            self.key = int(self.parent_tree[-2]) + 1  # type: ignore[call-overload]
            self._join_outline(section, first)
        self._print_numbers(section, pages)
        self._share(resources)
        self.fonts.add(resources, section.pages.faces)
        self._stamp(section, pages, first)
        if len(pages) % 2 and not section.sheet.single:
            self._blank(pages[-1])
        self._let_go([resources, self.profile, *(page.obj.Contents for page in pages)])
        source.close()

    def _let_go(self, todo: list[Any]) -> None:
        """Take streams, and those they lead to, out of the file they came from.

        It can be closed then; otherwise all sections stay in memory until the book is saved.
        """
        while todo:
            thing = todo.pop()
            if not isinstance(thing, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
                continue
            if thing.is_indirect and thing.objgen in self.own:
                continue
            self.own.add(thing.objgen)
            if isinstance(thing, pikepdf.Stream):
                coding: dict[str, Any] = {"filter": thing.get("/Filter")}
                coding["decode_parms"] = thing.get("/DecodeParms")
                thing.write(thing.read_raw_bytes(), **coding)
            inside = list(thing) if isinstance(thing, pikepdf.Array) else dict(thing.items())
            todo.extend(inside.values() if isinstance(inside, dict) else inside)

    def _join_structure(self, source: pikepdf.Pdf) -> None:
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        if self.profile is None:
            intent = source.Root.OutputIntents[0]
            self.profile = self.pdf.copy_foreign(intent.DestOutputProfile)
        self.elements += list(tree.K[0].K)
        for key, value in _pairs(tree.ParentTree.Nums):
            self.parent_tree += [self.key + int(key), value]
        for name, element in _pairs(tree.IDTree.Names):
            self.ids[str(name)] = element

    def _join_names(self, slug: str, source: pikepdf.Pdf, first: int) -> None:
        names = source.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())
        order = {page.obj.objgen: index for index, page in enumerate(source.pages)}
        for name, target in _pairs(names.get("/Names", Array())):
            place = self._place(first + order[target[0].objgen], target[2], target[3])
            self.names[ascii_name(f"{slug}.html#{name}")] = place
        height = source.pages[0].mediabox[3]
        self.names[ascii_name(f"{slug}.html")] = self._place(first, 0, height)

    def _join_page(self, page: pikepdf.Page, slug: str) -> None:
        page.obj.StructParents += self.key
        for annotation in page.obj.get("/Annots", Array()):
            annotation.StructParent += self.key
            self._link(annotation, slug)

    def _link(self, annotation: pikepdf.Object, slug: str) -> None:
        """Links between sections arrive as addresses below BASE, and leave as destinations."""
        if "/Dest" in annotation:
            target = f"{slug}.html#{annotation.Dest}"
        elif str(annotation.A.URI).startswith(BASE):
            target = unquote(str(annotation.A.URI)[len(BASE) :])
            del annotation["/A"]
        else:
            return
        if target not in self.folios:  # a finding says so
            target = f"{slug}.html"
        annotation.Dest = String(ascii_name(target))
        annotation.Contents = String(f"Page {self.folios[target]}")

    def _place(self, page: int, x: object, y: object) -> Array:
        return Array([self.pdf.pages[page].obj, Name.XYZ, x, y, 0])

    def _join_outline(self, section: Section, first: int) -> None:
        entries = [self._entry(entry, first) for entry in section.pages.outline]
        below = section.sheet.depth and self.outline
        (self.outline[-1].children if below else self.outline).extend(entries)

    def _entry(self, entry: Outline, first: int) -> pikepdf.OutlineItem:
        title, page, x, y, below = entry
        item = pikepdf.OutlineItem(title, self._place(first + page, x, y))
        item.children.extend(self._entry(child, first) for child in below)
        return item

    def _print_numbers(self, section: Section, pages: list[pikepdf.Page]) -> None:
        numbers = section.pages.numbers
        for index in sorted({number.page for number in numbers}):
            contents = pages[index].obj.Contents
            contents.write(print_numbers(contents.read_bytes(), numbers, self.folios))

    def _share(self, resources: pikepdf.Object) -> None:
        """Keep one copy of every image and of the colour profile."""
        profile = self.profile and Array([Name.ICCBased, self.profile])
        if "/srgb" in resources.get("/ColorSpace", {}):
            if profile:
                resources.ColorSpace["/srgb"] = profile
            else:
                del resources.ColorSpace["/srgb"]
        for name, thing in resources.get("/XObject", Dictionary()).items():
            if thing.Subtype == Name.Image:
                resources.XObject[name] = self._image(thing)
                continue
            if "/CS" in thing.get("/Group", {}) and profile:
                thing.Group.CS = profile
            self._share(thing.get("/Resources", Dictionary()))
        for pattern in resources.get("/Pattern", {}).values():
            self._share(pattern.get("/Resources", Dictionary()))

    def _image(self, image: pikepdf.Object) -> pikepdf.Object:
        mask = image.get("/SMask")
        data = image.read_raw_bytes() + (mask.read_raw_bytes() if mask is not None else b"")
        return self.images.setdefault(hashlib.sha256(data).digest(), image)

    def _stamp(self, section: Section, pages: list[pikepdf.Page], first: int) -> None:
        """Running heads and folios: on no opener, no blank page and nothing bare."""
        for index, page in enumerate(pages):
            if index and index not in section.pages.blanks and not section.sheet.bare:
                number = first + index + 1
                folio = self.typeset.pages.folio(number)
                self.furniture.stamp(page, section.sheet, folio, number)

    def _blank(self, like: pikepdf.Page) -> None:
        """Add an empty verso; its stream is not empty, which Ghostscript calls an error."""
        page = Dictionary(Type=Name.Page, Resources=Dictionary())
        page.Contents = self.pdf.make_stream(b"q Q")
        for name in (Name.MediaBox, Name.TrimBox, Name.BleedBox):
            page[name] = like.obj[name]
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))

    def describe(self, book: Metadata, date: dt.datetime) -> None:
        """Write what the whole file says of itself."""
        producer = f"pikepdf {pikepdf.__version__}"
        entries = labels.information(book, date, producer)
        entries |= {} if self.tagged else labels.PDF_X
        self.pdf.docinfo = self.pdf.make_indirect(_strings(entries))
        if self.tagged:
            packet = labels.xmp(book, date, producer, book.isbn.get("screen", ""))
            metadata = self.pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
            self.pdf.Root.Metadata = metadata
            self.pdf.Root.Lang = String(book.language)
            self._finish_screen()
        else:
            self.pdf.docinfo.Trapped = Name("/False")
            self._intend(Name.GTS_PDFX, _strings(labels.PRESS))

    def _intend(self, subtype: Name, intent: Dictionary) -> None:
        intent.Type, intent.S = Name.OutputIntent, subtype
        self.pdf.Root.OutputIntents = Array([intent])

    def _finish_screen(self) -> None:
        pdf, root = self.pdf, self.pdf.Root
        document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(self.elements))
        )
        for element in self.elements:
            element.P = document
        tree = Dictionary(
            Type=Name.StructTreeRoot,
            K=Array([document]),
            ParentTree=pdf.make_indirect(Dictionary(Nums=Array(self.parent_tree))),
            ParentTreeNextKey=self.key,
            IDTree=pdf.make_indirect(_name_tree(self.ids)),
        )
        root.StructTreeRoot = document.P = pdf.make_indirect(tree)
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.Names = Dictionary(Dests=pdf.make_indirect(_name_tree(self.names)))
        numbers: list[object] = []
        for index, style in labels.numbering(self.typeset.pages.folios):
            numbers += [index, Dictionary(S=Name(style), St=1)]
        root.PageLabels = Dictionary(Nums=Array(numbers))
        root.PageMode = Name.UseOutlines
        with pdf.open_outline() as outline:
            outline.root.extend(self.outline)
        intent = _strings(labels.SCREEN)
        intent.DestOutputProfile = self.profile
        self._intend(Name.GTS_PDFA1, intent)


def _strings(entries: Mapping[str, str]) -> Dictionary:
    return Dictionary({f"/{name}": String(text) for name, text in entries.items()})


def _pairs(items: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    rest = iter(items)
    return zip(rest, rest, strict=True)


def _name_tree(tree: Mapping[str, object]) -> Dictionary:
    """A name tree of one leaf; names are sorted as bytes (ISO 32000-1, 7.9.6)."""
    names = sorted(tree, key=lambda name: bytes(String(name)))
    items: list[object] = [item for name in names for item in (String(name), tree[name])]
    return Dictionary(Names=Array(items))
