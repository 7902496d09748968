"""A PDF -> what a printer's preflight looks at inside it.

It reads any PDF, with none of the code that binds ours; so it is the second module that knows
pikepdf, and the wing can be removed with it.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name

from bookpress.errors import BookpressError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BOXES = ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox")
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")  # ISO 32000-1, 7.7.3.4
_OPERATORS = "q Q cm gs Do sh rg RG g G k K cs CS sc SC scn SCN BI ID EI"
_SPACES = {"rg": "DeviceRGB", "g": "DeviceGray", "k": "DeviceCMYK"}
_SHORT = {"/RGB": "/DeviceRGB", "/G": "/DeviceGray", "/CMYK": "/DeviceCMYK"}  # inline images
_LAYERS = 28  # of forms within forms; ISO 32000-1, annex C
_VERSION_IN_XMP = re.compile(rb"GTS_PDFXVersion(?:>|\s*=\s*[\"'])([^<\"']+)")

Thing: TypeAlias = Any  # of pikepdf: which kind it is, the file decides
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float]
_UNIT: Matrix = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is printed; ppi is that of its coarser direction."""

    space: str
    pixels: tuple[int, int]
    ppi: float


@dataclass(slots=True)
class Page:
    """One page. Boxes are left, bottom, right, top, in points.

    spaces:       colour space -> how often it is used.
    coloured:     how many colours hold cyan, magenta or yellow.
    transparency: what lets something shine through -> how often.
    """

    boxes: Mapping[str, Box]
    rotated: int
    annotations: tuple[str, ...]
    spaces: Counter[str] = field(default_factory=Counter)
    coloured: int = 0
    transparency: Counter[str] = field(default_factory=Counter)
    images: list[Image] = field(default_factory=list)

    def box(self, name: str) -> Box:
        """A box, or what stands for it where the page does not have it (ISO 32000-1, 14.11.2)."""
        for candidate in (name, "CropBox", "MediaBox"):
            if candidate in self.boxes:
                return self.boxes[candidate]
        return (0, 0, 612, 792)


@dataclass(frozen=True, slots=True)
class Font:
    """A font: its name, kind (Type0, TrueType, Type3 ...), and whether the file holds it."""

    name: str
    kind: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """What press the colours are meant for."""

    subtype: str
    condition: str
    registry: str
    profile: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole file. actions: what does something when the file is opened or read."""

    size_bytes: int
    version: str
    encrypted: bool
    pages: tuple[Page, ...]
    fonts: frozenset[Font]
    outlines: int
    actions: tuple[str, ...]
    information: Mapping[str, str]
    intents: tuple[Intent, ...]
    identified: bool
    claimed: tuple[str, ...]


def read(data: bytes) -> Facts:
    """Look into a PDF. Raises BookpressError when it cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _facts(pdf, len(data))
    except pikepdf.PasswordError:
        raise BookpressError("the PDF asks for a password", hint="save it without one") from None
    except pikepdf.PdfError as error:
        raise BookpressError(f"this is not a PDF that can be read: {error}") from None


def _facts(pdf: pikepdf.Pdf, size: int) -> Facts:
    reader = _Reader()
    pages = tuple(reader.page(page.obj) for page in pdf.pages)
    information = {key[1:]: str(value) for key, value in pdf.docinfo.items()}
    return Facts(
        size_bytes=size,
        version=pdf.pdf_version,
        encrypted=pdf.is_encrypted,
        pages=pages,
        fonts=frozenset(reader.fonts),
        outlines=_count_outlines(pdf.Root.get("/Outlines", Dictionary())),
        actions=tuple(_actions(pdf.Root)),
        information=information,
        intents=tuple(_intents(pdf.Root)),
        identified="/ID" in pdf.trailer,
        claimed=tuple(_claims(pdf.Root, information)),
    )


def _count_outlines(root: pikepdf.Object) -> int:
    """Count the bookmarks; a broken file may lead in a circle, so each is looked at once."""
    seen: set[tuple[int, int]] = set()
    todo = [root.get("/First")]
    while todo:
        entry = todo.pop()
        if entry is not None and entry.objgen not in seen:
            seen.add(entry.objgen)
            todo += [entry.get("/First"), entry.get("/Next")]
    return len(seen)


def _actions(root: pikepdf.Object) -> Iterator[str]:
    yield from (
        key[1:] for key in ("/OpenAction", "/AA", "/AcroForm", "/OCProperties") if key in root
    )
    names = root.get("/Names", Dictionary())
    yield from (key[1:] for key in ("/JavaScript", "/EmbeddedFiles") if key in names)


def _intents(root: pikepdf.Object) -> Iterator[Intent]:
    for intent in root.get("/OutputIntents", Array()):
        yield Intent(
            str(intent.get("/S", ""))[1:],
            str(intent.get("/OutputConditionIdentifier", "")),
            str(intent.get("/RegistryName", "")),
            "/DestOutputProfile" in intent,
        )


def _claims(root: pikepdf.Object, information: Mapping[str, str]) -> Iterator[str]:
    """The PDF/X versions that the file says it keeps; X-4 says so in XMP only."""
    names = {information.get("GTS_PDFXConformance"), information.get("GTS_PDFXVersion")}
    if "/Metadata" in root:
        names |= {name.decode() for name in _VERSION_IN_XMP.findall(root.Metadata.read_bytes())}
    yield from sorted(name for name in names if name)


class _Reader:
    """Walks through what pages paint, forms and patterns included."""

    def __init__(self) -> None:
        self.fonts: set[Font] = set()
        self.parsed: dict[tuple[int, int], list[Thing]] = {}
        self.known: set[tuple[int, int]] = set()

    def page(self, page: pikepdf.Object) -> Page:
        inherited = dict(_inheritance(page))
        boxes = {name: inherited[f"/{name}"] for name in BOXES if f"/{name}" in inherited}
        made = Page(
            {name: _box(box) for name, box in boxes.items()},
            int(inherited.get("/Rotate", 0)) % 360,
            tuple(str(a.get("/Subtype", "/?"))[1:] for a in page.get("/Annots", Array())),
        )
        if "/Group" in page and page.Group.get("/S") == Name.Transparency:
            made.transparency["page group"] += 1
        resources = inherited.get("/Resources", Dictionary())
        unit = float(page.get("/UserUnit", 1))
        self._walk(pikepdf.Page(page), resources, made, (unit, 0, 0, unit), 0)
        return made

    def _walk(
        self, stream: Thing, resources: pikepdf.Object, page: Page, matrix: Matrix, depth: int
    ) -> None:
        self._list_fonts(resources)
        saved: list[Matrix] = []
        for instruction in self._instructions(stream):
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "q":
                saved.append(matrix)
            elif operator == "Q":
                matrix = saved.pop() if saved else matrix
            elif operator == "cm":
                matrix = _times(_matrix(operands), matrix)
            elif operator == "INLINE IMAGE":
                self._image(instruction.iimage.obj, resources, page, matrix)
            elif operator == "Do":
                thing = _get(resources, "/XObject", operands[0])
                self._paint(thing, resources, page, matrix, depth)
            elif operator == "gs":
                _note_state(_get(resources, "/ExtGState", operands[0]), page)
            else:
                self._colour(operator, operands, resources, page, depth)

    def _instructions(self, stream: Thing) -> list[Thing]:
        if isinstance(stream, pikepdf.Page):
            return pikepdf.parse_content_stream(stream, _OPERATORS)
        if stream.objgen not in self.parsed:  # a form may be painted on many pages
            self.parsed[stream.objgen] = pikepdf.parse_content_stream(stream, _OPERATORS)
        return self.parsed[stream.objgen]

    def _paint(
        self, thing: Thing, resources: pikepdf.Object, page: Page, matrix: Matrix, depth: int
    ) -> None:
        if thing is None or depth > _LAYERS:
            return
        if thing.get("/Subtype") == Name.Image:
            self._image(thing, resources, page, matrix)
            return
        if thing.get("/Group", Dictionary()).get("/S") == Name.Transparency:
            page.transparency["form group"] += 1
        inner = _times(_matrix(thing.get("/Matrix", [1, 0, 0, 1])), matrix)
        self._walk(thing, thing.get("/Resources", resources), page, inner, depth + 1)

    def _image(self, image: Thing, resources: Thing, page: Page, matrix: Matrix) -> None:
        width = int(image.get("/Width", image.get("/W", 1)))
        height = int(image.get("/Height", image.get("/H", 1)))
        space = image.get("/ColorSpace", image.get("/CS"))
        name = "mask" if space is None else _space(space, resources)
        if name != "mask":
            page.spaces[name] += 1
        if "/SMask" in image:
            page.transparency["image with soft mask"] += 1
        a, b, c, d = matrix
        across, upward = max(math.hypot(a, b), 1e-6), max(math.hypot(c, d), 1e-6)
        ppi = min(width / across, height / upward) * 72
        page.images.append(Image(name, (width, height), ppi))

    def _colour(
        self, operator: str, operands: Thing, resources: pikepdf.Object, page: Page, depth: int
    ) -> None:
        name = operator.lower()
        if name in _SPACES:
            page.spaces[_SPACES[name]] += 1
            if name == "k" and any(float(ink) > 0 for ink in list(operands)[:3]):
                page.coloured += 1
        elif name == "cs":
            page.spaces[_space(operands[0], resources)] += 1
        elif name == "sh":
            shading = _get(resources, "/Shading", operands[0])
            if shading is not None:
                page.spaces[_space(shading.ColorSpace, resources)] += 1
        elif name == "scn" and operands and isinstance(operands[-1], Name):
            self._pattern(_get(resources, "/Pattern", operands[-1]), resources, page, depth)

    def _pattern(self, pattern: Thing, resources: pikepdf.Object, page: Page, depth: int) -> None:
        if pattern is None or depth > _LAYERS:
            return
        if "/Shading" in pattern:
            page.spaces[_space(pattern.Shading.ColorSpace, resources)] += 1
        else:
            matrix = _matrix(pattern.get("/Matrix", [1, 0, 0, 1]))
            self._walk(pattern, pattern.get("/Resources", resources), page, matrix, depth + 1)

    def _list_fonts(self, resources: pikepdf.Object) -> None:
        fonts = resources.get("/Font", Dictionary())
        for font in fonts.values():
            if font.is_indirect and font.objgen in self.known:
                continue
            self.known.add(font.objgen)
            self.fonts.add(_font(font))


def _font(font: pikepdf.Object) -> Font:
    kind = str(font.get("/Subtype", "/?"))[1:]
    holder = font.DescendantFonts[0] if kind == "Type0" else font
    descriptor = holder.get("/FontDescriptor", Dictionary())
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    embedded = kind == "Type3" or any(key in descriptor for key in files)
    return Font(str(font.get("/BaseFont", "/(without a name)"))[1:], kind, embedded)


def _inheritance(page: pikepdf.Object) -> Iterator[tuple[str, Thing]]:
    """What a page has from the tree above it, then its own, which counts."""
    parents: list[Thing] = []
    above = page.get("/Parent")
    while above is not None and len(parents) < _LAYERS:
        parents.append(above)
        above = above.get("/Parent")
    for parent in reversed(parents):
        yield from ((key, parent[key]) for key in _INHERITED if key in parent)
    yield from page.items()


def _note_state(state: Thing, page: Page) -> None:
    if state is None:
        return
    if min(float(state.get("/ca", 1)), float(state.get("/CA", 1))) < 1:
        page.transparency["opacity below 1"] += 1
    if state.get("/SMask", Name("/None")) != Name("/None"):
        page.transparency["soft mask"] += 1
    if state.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible):
        page.transparency["blend mode"] += 1


def _space(space: Thing, resources: Thing) -> str:
    """The family of a colour space; ICCBased with the number of its channels."""
    if isinstance(space, Name):
        plain = _SHORT.get(str(space), str(space))
        named = _get(resources, "/ColorSpace", plain)
        return plain[1:] if named is None else _space(named, Dictionary())
    family = str(space[0])[1:]
    if family == "ICCBased":
        return f"ICCBased({int(space[1].N)})"
    if family in {"Indexed", "I", "Pattern"} and len(space) > 1:
        return _space(space[1], resources)
    return family


def _get(resources: pikepdf.Object, kind: str, name: Thing) -> Thing:
    return resources.get(kind, Dictionary()).get(str(name))


def _box(box: Thing) -> Box:
    a, b, c, d = (float(edge) for edge in box)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _matrix(operands: Thing) -> Matrix:
    a, b, c, d = (float(number) for number in list(operands)[:4])
    return a, b, c, d


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d = inner
    e, f, g, h = outer
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
