"""What the schema refused -> a sentence in an author's words, and what to type."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from bookpress.outline.fields import describe
from bookpress.outline.yamltree import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bookpress.outline.yamltree import Location

_OWNERS: Final = {
    "parts": "the part", "chapters": "the chapter", "front": "the section", "back": "the section",
    "allow": "the allowance", "authors": "the author", "contributors": "the contributor",
    "trim": "the trim", "appendices": "`appendices`",
}  # fmt: skip
_TYPES: Final = {
    "string": ("a text", "write one text; put it in quotes if it begins with a bracket"),
    "int": ("a whole number", "write digits only"),
    "list": ("a list", "begin each entry on a line of its own with `- `"),
    "model": ("a mapping", "write `key: value` lines"),
    "dict": ("a mapping", "write `key: value` lines"),
}
_LIMITS: Final = {
    "greater_than_equal": ("is {value}; the least is {ge}", "write {ge} or more"),
    "less_than_equal": ("is {value}; the most is {le}", "write {le} or less"),
    "too_long": ("has {actual_length} entries; the most is {max_length}", "split it"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A mistake by its place in the values; at_key when the key is wrong rather than the value."""

    location: Location
    problem: str
    hint: str = ""
    at_key: bool = False


def complaint(item: Mapping[str, Any], known: dict[str, Any]) -> Complaint:
    """Say in an author's words what pydantic says in a program's.

    item:  one of ValidationError.errors(): loc, type, input and ctx.
    known: the JSON Schema of the outline, for the keys that would be right.
    """
    location = item["loc"]
    name = _name(location)
    if item["type"] == "missing":
        owner = _OWNERS.get(_owner(location), "the outline")
        return Complaint(location[:-1], f"{owner} has no {name}", f"add `{location[-1]}:`")
    if item["type"] == "extra_forbidden":
        hint = _suggestion(location, known)
        return Complaint(location, f"unknown key {name}", hint, at_key=True)
    problem, hint = _refusal(item["type"], item["input"], item.get("ctx", {}))
    subject = f"{name} " if problem.startswith(("is ", "has ")) else ""
    return Complaint(location, subject + problem, hint)


def _refusal(kind: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """Say what is wrong with a value; a sentence that begins with its verb wants its name."""
    if kind == "value_error":
        return context["error"].problem, context["error"].hint
    if kind in _LIMITS:
        problem, hint = _LIMITS[kind]
        return problem.format(value=value, **context), hint.format(**context)
    if value is None or kind == "too_short":
        is_list = kind == "list_type" or isinstance(value, list)
        return "is empty", _TYPES["list"][1] if is_list else "write a value after the colon"
    wanted, hint = _TYPES[kind.removesuffix("_type")]
    if kind == "int_type" and isinstance(value, str) and value.isdecimal():
        hint = f"write it without quotes: {shorten(value)}"
    return f"{describe(value)}, not {wanted}", hint


def _name(location: Location) -> str:
    """Name a place as an author would: `title`, or entry 2 of `keywords`."""
    match location:
        case (*_, str() as key, int() as index):
            return f"entry {index + 1} of `{key}`"
        case (*_, last):
            return f"`{shorten(str(last))}`"
        case _:
            return "the outline"


def _owner(location: Location) -> str:
    """The nearest key above a place: `chapters` for the title of a chapter."""
    return next((step for step in reversed(location[:-1]) if isinstance(step, str)), "")


def _suggestion(location: Location, known: dict[str, Any]) -> str:
    """Suggest the key that was meant, else name all that would be known there."""
    place = known
    for step in location[:-1]:
        below = place["items"] if isinstance(step, int) else place["properties"][step]
        place = _resolve(below, known["$defs"])
    keys = list(place["properties"])
    near = get_close_matches(str(location[-1]).lower(), keys, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(keys)}"


def _resolve(place: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference of the JSON Schema, through `anyOf` where a value may be left out."""
    choices = [place, *place.get("anyOf", ())]
    reference = next((choice["$ref"] for choice in choices if "$ref" in choice), None)
    return definitions[reference.rpartition("/")[2]] if reference else place
