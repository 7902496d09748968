"""Finished editions in build/ -> verdicts of the validators, and findings from their complaints.

The panel is one table: which validator judges which edition, and the rule that it stands for.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bookpress.errors import ToolError
from bookpress.findings import Finding, Position
from bookpress.validators import ace, browser, epubcheck, lychee, nu, parsers, verapdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bookpress.validators.verdict import Verdict

FOLDER = "build"
_FILES = {
    "print": "{slug}-print.pdf",
    "screen": "{slug}-screen.pdf",
    "epub": "{slug}.epub",
    "web": "web",
}
_AT_ONCE = 2  # each of them starts a virtual machine or a browser


@dataclass(frozen=True, slots=True)
class Validator:
    """A program of others and what it is asked.

    rule:     code of the rule that its complaints break.
    editions: those that it judges.
    version:  what is installed of it; raises ToolError, with what to type, when it is not.
    judge:    takes the edition's file or folder; raises ToolError when it could not judge.
    """

    name: str
    rule: str
    editions: tuple[str, ...]
    needs: str
    version: Callable[[], str]
    judge: Callable[[Path], Verdict]


PANEL = (
    Validator(
        "EPUBCheck", "V001", ("epub",), "conformance of the EPUB",
        epubcheck.version, epubcheck.judge),
    Validator(
        "Ace", "V002", ("epub",), "accessibility of the EPUB", ace.version, ace.judge),
    Validator(
        "veraPDF", "V003", ("screen",), "accessibility and archiving of the screen PDF",
        verapdf.version, verapdf.judge),
    Validator(
        "qpdf", "V004", ("print", "screen"), "structure of the PDFs",
        parsers.qpdf_version, parsers.qpdf),
    Validator(
        "Ghostscript", "V004", ("print", "screen"), "pages of the PDFs",
        parsers.ghostscript_version, parsers.ghostscript),
    Validator(
        "Nu", "V005", ("web",), "HTML, CSS and SVG of the web edition", nu.version, nu.judge),
    Validator(
        "axe-core", "V006", ("web",), "accessibility of the web edition",
        browser.axe_version, browser.axe),
    Validator(
        "Chromium", "V007", ("web",), "use of the web edition",
        browser.use_version, browser.use),
    Validator(
        "lychee", "V008", ("web",), "links of the web edition", lychee.version, lychee.judge),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """One validator's verdict on one edition; subject is the edition's name below build/."""

    validator: Validator
    subject: str
    verdict: Verdict

    def line(self) -> str:
        """The verdict in one line: name, version, edition and figure."""
        result = "fail" if self.verdict.complaints else "pass"
        name = f"{self.validator.name} {self.verdict.version}"
        return f"{result}: {name}: {self.subject}: {self.verdict.figure}"

    def findings(self) -> Iterator[Finding]:
        """The complaints as findings, placed in the edition that they are about."""
        for said in self.verdict.complaints:
            path = PurePosixPath(FOLDER, self.subject, said.path)
            where = Position(path, said.line, said.column)
            yield Finding(where, self.validator.rule, f"{self.validator.name}: {said.message}")


def require(editions: Sequence[str], panel: Sequence[Validator] = PANEL) -> None:
    """Raise ToolError, naming all of them, when a validator that is needed is not installed."""
    missing: dict[str, str] = {}
    for validator in panel:
        if set(editions) & set(validator.editions):
            try:
                validator.version()
            except ToolError as error:
                missing[f"{validator.name} ({error.problem})"] = error.hint
    if missing:
        raise ToolError(
            f"cannot prove the editions without {', '.join(missing)}",
            hint="; ".join(dict.fromkeys(missing.values())),
        )


def judge(
    folder: Path, slug: str, editions: Sequence[str], panel: Sequence[Validator] = PANEL
) -> Iterator[Opinion]:
    """Have the panel judge editions; yields opinions in the panel's order as they are ready.

    folder: where the editions are: build/.
    Raises  ToolError when a validator is missing or fails: no opinion is no pass.
    """
    cases = [
        (validator, _FILES[edition].format(slug=slug))
        for validator in panel
        for edition in validator.editions
        if edition in editions
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(validator.judge, folder / name) for validator, name in cases]
        try:
            for (validator, name), future in zip(cases, futures, strict=True):
                yield Opinion(validator, name, future.result())
        finally:
            pool.shutdown(cancel_futures=True)


def present(folder: Path, slug: str) -> tuple[str, ...]:
    """The editions that are in a folder."""
    return tuple(
        name for name, file in _FILES.items() if (folder / file.format(slug=slug)).exists()
    )
