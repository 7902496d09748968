"""A kit's manifest: values <-> manifest.json, whose form data/manifest.schema.json describes."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from bookpress.release import names
from bookpress.release.names import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_MOST = 500


@dataclass(frozen=True, slots=True)
class File:
    """A file of the kit.

    size, sha256: of its bytes. pages: of a PDF. Lengths are millimetres: trim_mm of the leaf; of a
    cover also what its bleed, its spine, each page of the block and the cover itself measure.
    printers: those who take the file as it is.
    """

    name: str
    role: Role
    media_type: str
    size: int
    sha256: str
    isbn: str = ""
    pages: int = 0
    trim_mm: tuple[float, ...] = ()
    bleed_mm: float = 0
    spine_mm: float = 0
    page_mm: float = 0
    cover_mm: float = 0
    printers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """What a kit does not hold, and why."""

    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a kit is. committed: the commit's time, ISO 8601; previous: the version before."""

    title: str
    release_title: str
    slug: str
    version: str
    edition: int
    printing: int
    commit: str
    committed: str
    previous: str
    isbn: Mapping[str, str]
    trim_mm: tuple[float, ...]
    pages: int
    files: tuple[File, ...]
    absent: tuple[Absent, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    lock_sha256: str = ""

    def of(self, role: Role) -> tuple[File, ...]:
        """The files of a role."""
        return tuple(file for file in self.files if file.role is role)


def to_json(manifest: Manifest) -> bytes:
    """Write manifest.json; what does not apply to a file is left out of its entry."""
    written = {"format": FORMAT} | {f.name: getattr(manifest, f.name) for f in fields(manifest)}
    written["files"] = [_entry(file) for file in manifest.files]
    written["absent"] = [{"role": a.role, "why": a.why} for a in manifest.absent]
    return f"{json.dumps(written, indent=2, ensure_ascii=False)}\n".encode()


def _entry(file: File) -> dict[str, Any]:
    values = {f.name: getattr(file, f.name) for f in fields(file)}
    needed = ("name", "role", "media_type", "size", "sha256")
    return {key: value for key, value in values.items() if value or key in needed}


def from_json(data: bytes) -> Manifest:
    """Read what anybody may have written; raises ValueError saying what is wrong with it."""
    try:
        found = json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    found = _only(found, "the manifest", {f.name for f in fields(Manifest)} | {"format"})
    if found.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}; another bookpress made it")
    files = tuple(_file(entry) for entry in _list(found, "files"))
    if len({file.name for file in files}) < len(files):
        raise ValueError("a file is named twice")
    take = _Taker(found)
    return Manifest(
        **{n: take.text(n) for n in ("title", "release_title", "slug", "version", "committed")},
        edition=take.count("edition"),
        printing=take.count("printing"),
        commit=take.matching("commit", _COMMIT),
        previous=take.text("previous"),
        isbn=take.texts("isbn"),
        trim_mm=take.lengths("trim_mm"),
        pages=take.count("pages"),
        files=files,
        absent=tuple(_absent(entry) for entry in _list(found, "absent")),
        tools=take.texts("tools"),
        lock_sha256=take.text("lock_sha256"),
    )


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _only(value: object, what: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")  # noqa: TRY004  (of the file, not of Python)
    if unknown := sorted(set(value) - keys):
        raise ValueError(f"{what} has the unknown key {unknown[0][:40]!a}")
    return value


def _list(found: Mapping[str, Any], key: str) -> list[object]:
    value = found.get(key)
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(f"`{key}` is not a list of at most {_MOST}")
    return value


def _file(value: object) -> File:
    take = _Taker(_only(value, "a file", {f.name for f in fields(File)}))
    role = take.text("role")
    if role not in list(Role):
        raise ValueError(f"{role[:40]!a} is no role of a file")
    return File(
        name=take.matching("name", names.SAFE),
        role=Role(role),
        media_type=take.text("media_type"),
        size=take.count("size"),
        sha256=take.matching("sha256", _SHA256),
        isbn=take.text("isbn", ""),
        pages=take.count("pages", 0),
        trim_mm=take.lengths("trim_mm", ()),
        **{n: take.length(n) for n in ("bleed_mm", "spine_mm", "page_mm", "cover_mm")},
        printers=tuple(str(p)[:40] for p in (take.found.get("printers") or ())),
    )


def _absent(value: object) -> Absent:
    take = _Taker(_only(value, "an absent file", {"role", "why"}))
    return Absent(take.text("role"), take.text("why"))


@dataclass(frozen=True, slots=True)
class _Taker:
    """Takes values out of an object, each of the type it must have."""

    found: Mapping[str, Any]

    def _take(self, key: str, default: Any, good: Callable[[Any], bool]) -> Any:  # noqa: ANN401
        value = self.found.get(key, default)
        if not good(value):
            raise ValueError(f"`{key}` is {value!a:.60}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._take(key, default, lambda value: isinstance(value, str)))

    def matching(self, key: str, pattern: re.Pattern[str]) -> str:
        def good(value: object) -> bool:
            return isinstance(value, str) and bool(pattern.fullmatch(value))

        return str(self._take(key, None, good))

    def count(self, key: str, default: int | None = None) -> int:
        return int(self._take(key, default, lambda value: type(value) is int and value >= 0))

    def length(self, key: str) -> float:
        return float(self._take(key, 0, _is_length))

    def lengths(self, key: str, default: tuple[float, ...] | None = None) -> tuple[float, ...]:
        def good(value: object) -> bool:
            return isinstance(value, list | tuple) and all(map(_is_length, value))

        return tuple(self._take(key, default, good))

    def texts(self, key: str) -> dict[str, str]:
        def good(value: object) -> bool:
            return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())

        return dict(self._take(key, None, good))


def _is_length(value: object) -> bool:
    return type(value) in (int, float) and 0 <= float(str(value)) < math.inf
