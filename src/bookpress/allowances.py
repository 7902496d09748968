"""Findings and allowances -> the findings that remain, and those about allowances."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bookpress.findings import Finding
from bookpress.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bookpress.model import Book


def settle(book: Book, found: Iterable[Finding], families: frozenset[str]) -> tuple[Finding, ...]:
    """Leave out what book.yml allows, add what is wrong with its allowances, and sort.

    families: the first letters of the codes that were looked for; an allowance of another family
              may be needed after all, so it is not reported as unused.
    """
    everything = set(found)
    allowed = {f for f in everything if any(a.covers(f) for a in book.allowances)}
    return tuple(sorted((everything - allowed) | set(_about(book, allowed, families))))


def _about(book: Book, allowed: set[Finding], families: frozenset[str]) -> Iterator[Finding]:
    files = {chapter.path for chapter in book.chapters()} | {book.where.path}
    folders = {parent for path in files for parent in path.parents}
    for allowance in book.allowances:
        if allowance.code not in RULES:
            near = get_close_matches(allowance.code, RULES, n=1)
            hint = f"did you mean {near[0]}?" if near else "`bookpress check --explain` lists them"
            yield Finding(allowance.where, "A002", f"there is no rule {allowance.code}", hint)
        elif allowance.path not in files | folders:
            yield Finding(allowance.where, "A002", f"{allowance.path} is no file of the book")
        elif allowance.code[0] in families and not any(allowance.covers(f) for f in allowed):
            message = f"{allowance.code} is not found in {allowance.path} any more"
            yield Finding(allowance.where, "A001", message, "delete the allowance")
