"""A word of book.yml -> the role, status or MARC code it stands for, or a hint at the right one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bookpress.model import Role, Status
from bookpress.outline.fields import RefusedError, expect
from bookpress.outline.yamltree import shorten

if TYPE_CHECKING:
    from collections.abc import Collection

MARC: Final = {
    "aut": "author", "edt": "editor", "ill": "illustrator", "trl": "translator",
    "aui": "author of introduction", "aft": "author of afterword", "bkd": "book designer",
    "cov": "cover designer", "ctb": "contributor", "pfr": "proofreader", "rev": "reviewer",
    "tyg": "typographer", "pht": "photographer", "ths": "thesis advisor", "ive": "interviewee",
    "mrk": "markup editor", "dtc": "data contributor", "clb": "collaborator",
}  # fmt: skip
LEAVES: Final = frozenset(
    {Role.HALFTITLE, Role.TITLE, Role.IMPRINT, Role.CONTENTS, Role.ILLUSTRATIONS, Role.INDEX}
)
FRONT: Final = (
    Role.HALFTITLE, Role.TITLE, Role.IMPRINT, Role.DEDICATION, Role.CONTENTS, Role.ILLUSTRATIONS,
    Role.FOREWORD, Role.PREFACE, Role.ACKNOWLEDGEMENTS, Role.INTRODUCTION,
)  # fmt: skip
BACK: Final = (
    Role.AFTERWORD, Role.ACKNOWLEDGEMENTS, Role.GLOSSARY, Role.BIBLIOGRAPHY, Role.INDEX,
    Role.COLOPHON,
)  # fmt: skip
_SYNONYMS: Final = {
    "half-title": Role.HALFTITLE, "halftitle": Role.HALFTITLE, "title": Role.TITLE,
    "title-page": Role.TITLE, "imprint": Role.IMPRINT, "copyright": Role.IMPRINT,
    "contents": Role.CONTENTS, "acknowledgements": Role.ACKNOWLEDGEMENTS,
    "illustrations": Role.ILLUSTRATIONS, "references": Role.BIBLIOGRAPHY,
}  # fmt: skip


def _choose(value: object, words: Collection[str], noun: str) -> str:
    written = expect(value, f"a {noun}", next(iter(words)))
    if written in words:
        return written
    near = get_close_matches(written.lower(), words, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(words)}"
    raise RefusedError(f"`{shorten(written)}` is not a {noun}", hint)


def status(value: object) -> Status:
    """Read how far a chapter is."""
    return Status(_choose(value, [*Status], "status"))


def marc(value: object) -> str:
    """Read a MARC relator code; the English word for it is told its code."""
    codes = {word: code for code, word in MARC.items()}
    if isinstance(value, str) and value.lower() in codes:
        problem = f"`{value}` is not a MARC relator code"
        raise RefusedError(problem, f"write {codes[value.lower()]}")
    return _choose(value, MARC, "MARC relator code")


def front_role(value: object) -> Role:
    """Read the role of a section of the front matter."""
    return _role(value, FRONT, "front")


def back_role(value: object) -> Role:
    """Read the role of a section of the back matter."""
    return _role(value, BACK, "back")


def _role(value: object, roles: tuple[Role, ...], matter: str) -> Role:
    if isinstance(value, str) and value.lower() in _SYNONYMS:
        problem = f"`{value}` is not a role of the EPUB vocabulary"
        raise RefusedError(problem, f"write {_SYNONYMS[value.lower()]}")
    role = Role(_choose(value, [*Role], "role"))
    if role in roles:
        return role
    home = {Role.CHAPTER: "parts:", Role.PART: "parts:", Role.APPENDIX: "appendices:"}
    place = home.get(role, "back:" if role in BACK else "front:")
    raise RefusedError(f"`{role}` does not stand in the {matter} matter", f"move it to `{place}`")


def file_or_leaf(role: Role, file: str | None, title: str | None) -> None:
    """Ask for file and title of a section that an author writes, for neither of a generated one."""
    if role in LEAVES and (file or title):
        problem = f"the press makes the `{role}` itself"
        raise RefusedError(problem, f"leave `role: {role}` alone in its entry")
    for key, given in {"file": file, "title": title}.items():
        if role not in LEAVES and not given:
            raise RefusedError(f"the {role} has no `{key}`", f"add `{key}:`")
