"""YAML text -> plain values, each with its line and column; what YAML would misread is kept apart.

The only module that knows PyYAML, which reads YAML 1.1: there `no` is a truth value, 3.10 the
number 3.1 and 1:30 the number 90. Such scalars become `Misread`, so that whoever expects text can
say what to quote. Aliases are refused: an outline needs none, and ten lines of them fill a memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml
from yaml.constructor import SafeConstructor

from bookpress.errors import BookpressError, OutlineError
from bookpress.findings import Position
from bookpress.outline.syntax import BACKSLASH, explain

if TYPE_CHECKING:
    from pathlib import PurePosixPath

Location = tuple[str | int, ...]

LARGEST_BYTES = 256 * 1024
DEEPEST = 12
LONGEST_SHOWN = 40
_CORE = "tag:yaml.org,2002:"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = ("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value")
_TAGS = {_CORE + kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Misread:
    """A bare scalar that YAML takes for something other than text: as written, as understood."""

    raw: str
    meaning: str


@dataclass(slots=True)
class Source:
    """A parsed file: its values, and where each of them stands.

    data:     dicts, lists, str, int, None and Misread.
    mistakes: what is wrong with the file whatever its values mean, such as a key that stands twice.
    """

    path: PurePosixPath
    text: str
    root: yaml.Node
    mistakes: list[BookpressError] = field(default_factory=list)
    data: object = None

    def place(self, location: Location, *, key: bool = False) -> Position:
        """Where the value at a location stands, or its key; else the nearest that encloses it."""
        node, key_node = self.root, self.root
        for step in location:
            match node:
                case yaml.MappingNode():
                    pair = next((p for p in node.value if p[0].value == step), None)
                    if pair is None:
                        break
                    key_node, node = pair
                case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                    key_node = node = node.value[step]
                case _:
                    break
        return self.at(key_node if key else node)

    def at(self, node: yaml.Node) -> Position:
        """Where a node begins."""
        return position(self.path, self.text, node.start_mark.index)


def position(path: PurePosixPath, text: str, index: int) -> Position:
    """Turn an index into a text into the line and column that an editor shows."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return Position(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def decode(path: PurePosixPath, data: bytes) -> str:
    """Read bytes as UTF-8 without a byte order mark; raises BookpressError with the place."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        where = position(path, before, len(before))
        raise BookpressError(problem, where=where, hint=hint) from None
    if text.startswith("\ufeff"):
        problem = "the file begins with a byte order mark"
        raise BookpressError(problem, where=Position(path), hint="save it as UTF-8 without BOM")
    return text


def shorten(value: str) -> str:
    """Keep a message to one line: the first 40 characters of a value."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def unprintable(text: str) -> re.Match[str] | None:
    """Find the first character that no XML document can hold, hence no EPUB and no web page."""
    return _UNPRINTABLE.search(text)


def parse(path: PurePosixPath, data: bytes) -> Source:
    """Read one YAML document.

    Raises OutlineError when there is no telling what it says: not UTF-8, too large, not YAML,
    empty, nested too deeply or with aliases.
    """
    try:
        if len(data) > LARGEST_BYTES:
            problem = f"the file has {len(data)} bytes; the most is {LARGEST_BYTES}"
            hint = "it is an outline: the text of the book stands in the manuscript"
            raise BookpressError(problem, where=Position(path), hint=hint)  # noqa: TRY301
        text = decode(path, data)
        source = Source(path, text, _compose(path, text))
    except BookpressError as mistake:
        raise OutlineError((mistake,)) from None
    source.data = _value(source, source.root)
    return source


class _Composer(yaml.SafeLoader):
    """Composes nodes; refuses aliases and deep nesting before they cost anything."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            problem = f"the alias *{shorten(event.anchor)} is not understood here"
            hint = "write the value out; a text that begins with * stands in quotes"
            raise _RefusedError(problem, hint, event.start_mark.index)
        if self.depth == DEEPEST:
            problem = f"this is nested deeper than {DEEPEST} levels"
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _RefusedError(problem, "an outline is flat", event.start_mark.index)
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node


class _RefusedError(Exception):
    """YAML, but none that an outline needs: problem, hint, index into the text."""


def _compose(path: PurePosixPath, text: str) -> yaml.Node:
    try:
        loader = _Composer(text)
    except yaml.reader.ReaderError as error:
        problem = f"the character U+{int(error.character):04X} is not allowed in YAML"
        where = position(path, text, error.position)
        raise BookpressError(problem, where=where, hint="delete it") from None
    try:
        node = loader.get_single_node()
    except _RefusedError as error:
        problem, hint, index = error.args
        raise BookpressError(problem, where=position(path, text, index), hint=hint) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax(path, text, error) from None
    except (ValueError, OverflowError):  # an escape beyond Unicode, such as "\Uffffffff"
        where = position(path, text, loader.index)
        problem = "this escape names no character"
        raise BookpressError(problem, where=where, hint=BACKSLASH) from None
    if node is None:
        hint = "begin with `title:`; `bookpress new FOLDER` writes an example"
        raise BookpressError("the outline is empty", where=Position(path), hint=hint)
    return node


def _syntax(path: PurePosixPath, text: str, error: yaml.MarkedYAMLError) -> BookpressError:
    saying = explain(f"{error.context or ''} {error.problem or ''}".strip())
    begin = error.context_mark or error.problem_mark
    here = error.problem_mark or error.context_mark
    mark = begin if saying.at_begin else here
    where = position(path, text, mark.index if mark else 0)
    return BookpressError(saying.problem, where=where, hint=saying.hint)


def _value(source: Source, node: yaml.Node) -> object:
    if node.tag not in _TAGS:
        problem = f"the tag {shorten(node.tag.replace(_CORE, '!!'))} is not understood here"
        hint = "write the value without a tag; a text that begins with ! stands in quotes"
        source.mistakes.append(BookpressError(problem, where=source.at(node), hint=hint))
    match node:
        case yaml.MappingNode():
            return _mapping(source, node)
        case yaml.SequenceNode():
            return [_value(source, item) for item in node.value]
        case yaml.ScalarNode():
            return _scalar(_printable(source, node))
        case _:
            return None


def _mapping(source: Source, node: yaml.MappingNode) -> dict[str, object]:
    values: dict[str, object] = {}
    firsts: dict[str, yaml.Node] = {}
    for key_node, value_node in node.value:
        key = _key(source, key_node)
        if key is None:
            continue
        first = firsts.setdefault(key, key_node)
        if first is not key_node:
            line = source.at(first).line
            problem = f"the key `{shorten(key)}` stands twice; the first is on line {line}"
            hint = "delete one of the two, or begin the next entry with `- `"
            source.mistakes.append(BookpressError(problem, where=source.at(key_node), hint=hint))
        values[key] = _value(source, value_node)
    return values


def _key(source: Source, node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.ScalarNode):
        problem, hint = "a list or mapping stands where a key should", "a key is one word"
        source.mistakes.append(BookpressError(problem, where=source.at(node), hint=hint))
        return None
    raw: str = _printable(source, node).value
    value = _scalar(node)
    if isinstance(value, str) or value is None:
        return raw
    meaning = value.meaning if isinstance(value, Misread) else f"the number {value}"
    problem = f"the key {shorten(raw)} is read as {meaning}, not as text"
    hint = f'write it in quotes: "{shorten(raw)}":'
    source.mistakes.append(BookpressError(problem, where=source.at(node), hint=hint))
    return raw


def _printable(source: Source, node: yaml.ScalarNode) -> yaml.ScalarNode:
    """Report what an escape in double quotes smuggled in, and go on without it."""
    if found := unprintable(node.value):
        problem = f"the character U+{ord(found[0]):04X} cannot be printed"
        mistake = BookpressError(problem, where=source.at(node), hint="delete it")
        source.mistakes.append(mistake)
        node.value = _UNPRINTABLE.sub("\ufffd", node.value)
    return node


def _scalar(node: yaml.ScalarNode) -> object:
    raw: str = node.value
    match node.tag.removeprefix(_CORE):
        case "null":
            return None
        case "int" if raw.isascii() and raw.isdecimal() and str(int(raw[:LONGEST_SHOWN])) == raw:
            return int(raw)
        case "int" | "float" as kind:
            return Misread(raw, _number(node, kind))
        case "bool":
            return Misread(raw, f"the truth value {str(_is_true(raw)).lower()}")
        case "timestamp":
            return Misread(raw, "a date")
        case _:
            return raw


def _is_true(raw: str) -> bool:
    return SafeConstructor.bool_values.get(raw.lower(), False)


def _number(node: yaml.ScalarNode, kind: str) -> str:
    """Write the number that other programs would see, as far as it is one."""
    make = SafeConstructor()
    try:
        number = make.construct_yaml_int(node) if kind == "int" else make.construct_yaml_float(node)
    except (ValueError, OverflowError):
        return "a number"
    return f"the number {shorten(str(number))}"
