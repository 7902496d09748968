"""One value of book.yml -> the same in the press's own units, or `RefusedError` with a hint."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

from bookpress.outline.yamltree import Misread, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTH = re.compile(r"^([0-9]+(?:\.[0-9]+)?) ?(in|mm|pt)$")
PERCENT = re.compile(r"^([0-9]{1,2}) ?%$")
DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
LANGUAGE = re.compile(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$"
)
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
ADDRESS = re.compile(r"^https?://[^\s/?#]+\S*$")
URN = re.compile(r"^urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]+$", re.IGNORECASE)
BISAC = re.compile(r"^[A-Z]{3}[0-9]{6}$")
THEMA = re.compile(r"^([A-Z][A-Z0-9]{0,7}|[1-6][A-Z0-9-]{0,15})$")
PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?==[0-9][A-Za-z0-9.!+-]*$")
INTERPRETER = re.compile(r"^[0-9]+\.[0-9]+(\.[0-9]+)?$")
VARIABLE = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
ENVIRONMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")

ISBN_DIGITS = 13
POINTS: Final = {"in": 72.0, "mm": 72 / 25.4, "pt": 1.0}
LEAST_SIDE_PT, MOST_SIDE_PT, MOST_BLEED_PT = 144.0, 2160.0, 36.0
WIDEST_TOLERANCE = 50


class RefusedError(ValueError):
    """A value that is no such thing: what is wrong and what to type."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


def describe(value: object) -> str:
    """Say in an author's words what YAML made of a value."""
    match value:
        case None:
            return "is empty"
        case Misread(meaning=meaning):
            return f"is read as {meaning}"
        case int():
            return f"is read as the number {value}"
        case str():
            return f'is the text "{shorten(value)}"'
        case list():
            return "is a list"
        case _:
            return "is a mapping"


def expect(value: object, noun: str, example: str) -> str:
    """Let text pass, and refuse the rest naming what is expected; YAML's slips get quotes."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Misread | int):
        raw = value.raw if isinstance(value, Misread) else str(value)
        raise RefusedError(
            f"{describe(value)}, not as text", f'write it in quotes: "{shorten(raw)}"'
        )
    raise RefusedError(f"{describe(value)}, not {noun}", f"write for instance {example}")


def _matching(value: object, pattern: re.Pattern[str], noun: str, example: str) -> str:
    text_ = expect(value, noun, example)
    if not pattern.match(text_):
        raise RefusedError(f'"{shorten(text_)}" is not {noun}', f"write for instance {example}")
    return text_


def text(value: object) -> object:
    """Join the lines of a text; leave lists, mappings and nothing to the schema."""
    if isinstance(value, str | int | Misread):
        return " ".join(expect(value, "a text", "").split())
    return value


def path(value: object) -> object:
    """Read a path as it stands; `files` says what is wrong with it."""
    if isinstance(value, str | int | Misread):
        return expect(value, "a path", "")
    return value


def author(value: object) -> object:
    """Let a bare name stand for an author of that name."""
    return value if isinstance(value, dict) else {"name": value}


def length(value: object) -> float:
    """Read a length such as 9.25in, 235 mm or 666pt; returns points (1/72 inch)."""
    raw = str(value.raw if isinstance(value, Misread) else value)
    if not isinstance(value, str) and raw.replace(".", "", 1).isdecimal():
        raise RefusedError(f"the length {raw} has no unit", f"write {raw}in, {raw}mm or {raw}pt")
    written = _matching(value, LENGTH, "a length in in, mm or pt", "9.25in")
    found = LENGTH.match(written)
    return round(float(found[1]) * POINTS[found[2]], 3) if found else 0.0


def side(value: object) -> float:
    """Read the width or height of the trim; returns points."""
    points = length(value)
    if not LEAST_SIDE_PT <= points <= MOST_SIDE_PT:
        problem = f"a trim of {shorten(str(value))} is no book; 2in to 30in is possible"
        raise RefusedError(problem, "check the unit")
    return points


def bleed(value: object) -> float:
    """Read how far pictures run beyond the trim; returns points."""
    points = length(value)
    if points > MOST_BLEED_PT:
        raise RefusedError(
            f"a bleed of {shorten(str(value))} is too wide; the most is 0.5in", "check the unit"
        )
    return points


def percent(value: object) -> int:
    """Read a tolerance such as 10%."""
    written = value.raw if isinstance(value, Misread) else str(value)
    found = PERCENT.match(written.strip())
    if not found:
        problem = f"the tolerance {shorten(written)} is not a percentage"
        raise RefusedError(problem, "write for instance 10%")
    if int(found[1]) > WIDEST_TOLERANCE:
        problem = f"the tolerance is {found[1]} %; the most is {WIDEST_TOLERANCE} %"
        raise RefusedError(problem, "a budget that admits anything promises nothing")
    return int(found[1])


def day(value: object) -> str:
    """Read a date, ISO 8601; YAML 1.1 knows dates too, so quotes are not needed."""
    raw = value.raw if isinstance(value, Misread) else value
    written = _matching(str(raw) if isinstance(raw, int) else raw, DAY, "a date", "2026-03-02")
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        hint = "write year, month and day, as 2026-03-02"
        raise RefusedError(f"{written} is not a day of the calendar", hint) from None


def isbn(value: object) -> str:
    """Read an ISBN-13; returns its digits. The check digit: ISO 2108, annex C."""
    written = expect(value, "an ISBN", '"978-3-16-148410-0"')
    digits = re.sub(r"[\s-]", "", written)
    barcode = "compare it with the barcode: 13 digits, 978 or 979 first"
    if not (digits.isascii() and digits.isdecimal() and len(digits) == ISBN_DIGITS):
        count = sum(character.isdigit() for character in digits)
        problem = f'the ISBN "{shorten(written)}" has {count} digits, not {ISBN_DIGITS}'
        if count == ISBN_DIGITS:
            problem = f'the ISBN "{shorten(written)}" has more than digits, hyphens and spaces'
        raise RefusedError(problem, barcode)
    if not digits.startswith(("978", "979")):
        raise RefusedError(f"the ISBN begins with {digits[:3]}, not with 978 or 979", barcode)
    check = -sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits[:12])) % 10
    if int(digits[12]) != check:
        problem = f"the ISBN ends in {digits[12]}; its check digit is {check}"
        raise RefusedError(
            problem, "a digit is wrong or two are swapped: compare it digit by digit"
        )
    return digits


def language(value: object) -> str:
    """Read a language tag, BCP 47 (RFC 5646), in its canonical case."""
    written = expect(value, "a language", "en-GB")
    guess = _canonical(written).replace("-UK", "-GB")
    if LANGUAGE.match(written) and not written.endswith("-UK"):
        return written
    hint = f"write {guess}" if LANGUAGE.match(guess) else "write for instance en-GB, de or pt-BR"
    raise RefusedError(f'"{shorten(written)}" is not a language tag (BCP 47)', hint)


def _canonical(tag: str) -> str:
    first, *rest = re.split("[-_]", tag.lower())
    cases = {2: str.upper, 4: str.title}
    return "-".join([first, *(cases.get(len(part), str)(part) for part in rest)])


def slug(value: object) -> str:
    """Read the name of the book in file names."""
    noun = "a slug: lower-case letters, digits and hyphens"
    return _matching(value, SLUG, noun, "small-book")


def address(value: object) -> str:
    """Read a web address."""
    return _matching(value, ADDRESS, "a web address", "https://book.example/")


def urn(value: object) -> str:
    """Read a name for the book that is no place (RFC 8141)."""
    return _matching(value, URN, "a URN", "urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def bisac(value: object) -> str:
    """Read a subject code of the Book Industry Study Group."""
    return _matching(value, BISAC, "a BISAC subject", "COM051360")


def thema(value: object) -> str:
    """Read a subject code or qualifier of Thema."""
    return _matching(value, THEMA, "a Thema subject", "UMX")


def pin(value: object) -> str:
    """Read a requirement with an exact version."""
    return _matching(value, PIN, "a pinned requirement", "ruff==0.14.0")


def interpreter(value: object) -> str:
    """Read a Python version."""
    return _matching(value, INTERPRETER, "a Python version", '"3.13"')


def folder(value: object) -> str:
    """Read the path of a folder below another one."""
    written = expect(value, "a folder", "weirwatch")
    if written.startswith(("/", "~")) or "\\" in written or ".." in written.split("/"):
        hint = "write a path below it, with forward slashes"
        raise RefusedError(f'the folder "{shorten(written)}" leaves the sandbox', hint)
    return written


def variables(value: object) -> object:
    """Check the names of an author's own words; leave the words to the schema."""
    for name in value if isinstance(value, dict) else ():
        if not VARIABLE.fullmatch(name):
            problem = f'"{shorten(name)}" is not a name for [name]{{.var}}'
            raise RefusedError(problem, "use lower-case letters, digits and hyphens")
    return value


def environment(value: object) -> object:
    """Check the names of environment variables; leave their values to the schema."""
    for name in value if isinstance(value, dict) else ():
        if not ENVIRONMENT.fullmatch(str(name)):
            problem = f'"{shorten(name)}" is not a name for an environment variable'
            raise RefusedError(problem, "use letters, digits and underscores")
    return value


def one_each(numbers: Mapping[str, str | None]) -> None:
    """Ask that no two formats share an ISBN."""
    given = [(name, number) for name, number in numbers.items() if number]
    for i, (name, number) in enumerate(given):
        for other, same in given[:i]:
            if number == same:
                problem = f"`{other}` and `{name}` have the same ISBN"
                raise RefusedError(problem, "each format that is sold has its own")


def budget(pages: int | None, tolerance: int | None) -> None:
    """Ask for pages where a tolerance is given."""
    if tolerance is not None and pages is None:
        raise RefusedError("there is a `tolerance` but no `pages`", "add `pages:`")


def slugify(title: str) -> str:
    """Make a file name of a title: "Über uns" becomes uber-uns; "" when no letter is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
