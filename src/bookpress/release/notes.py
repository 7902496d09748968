"""A manifest -> the release notes: what each file is, what is absent, how to verify the kit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bookpress.release import names
from bookpress.release.names import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bookpress.release.manifest import File, Manifest

_WHAT = {
    Role.INTERIOR: "print interior",
    Role.COVER: "print cover: back, spine and front",
    Role.SCREEN: "tagged PDF for reading on screen, with the pages of the print edition",
    Role.EPUB: "EPUB 3.3",
    Role.FRONT_COVER: "front cover for shops",
    Role.WEB: "web edition; unpack it and open index.html",
    Role.COMPANION: "the files at the end of every chapter, for readers",
    Role.SOURCE: "manuscript, design and outline, as committed",
    Role.ONIX_30: "metadata for the trade, ONIX 3.0",
    Role.ONIX_31: "metadata for the trade, ONIX 3.1",
    Role.METADATA: "metadata sheet",
    Role.PAGES: "the page of every section and line of the manuscript",
    Role.CHANGES: "what has changed since the previous release",
    Role.NOTES: "this page",
    Role.REPORTS: "what validators and printers' preflights found",
}


def write(manifest: Manifest) -> str:
    """Write RELEASE-NOTES.md."""
    lines = [f"# {manifest.release_title}", ""]
    lines += [f"Made of commit `{manifest.commit}` of {manifest.committed}.", ""]
    lines += ["| File | What it is |", "|---|---|"]
    for file in sorted(manifest.files, key=lambda f: list(Role).index(f.role)):
        lines.append(f"| `{file.name}` | {_what(file)} |")
    lines += [
        f"| `{names.MANIFEST}` | every file with its size, hash, pages and lengths |",
        f"| `{names.SUMS}` | the hashes, for `sha256sum` |",
        "",
    ]
    if manifest.absent:
        lines += ["## Absent", "", *_absent(manifest), ""]
    lines += ["## Verify", "", *_verify(manifest)]
    return "\n".join(lines) + "\n"


def _what(file: File) -> str:
    said = [_WHAT[file.role]]
    if file.pages > 1:
        said.append(f"{file.pages} pages")
    if file.trim_mm:
        said.append(f"leaf {file.trim_mm[0]:g} × {file.trim_mm[1]:g} mm")
    if file.spine_mm:
        said.append(f"spine {file.spine_mm:g} mm")
    if file.printers:
        said.append(f"for {', '.join(file.printers)}")
    if file.isbn:
        said.append(f"ISBN {file.isbn}")
    return ", ".join(said)


def _absent(manifest: Manifest) -> Iterator[str]:
    yield from (f"- {absent.role}: {absent.why}" for absent in manifest.absent)


def _verify(manifest: Manifest) -> Iterator[str]:
    [source] = manifest.of(Role.SOURCE)
    yield "In the folder that holds all files of the release:"
    yield ""
    yield f"    sha256sum --check {names.SUMS}"
    yield "    bookpress release verify ."
    yield ""
    yield "The first line compares the hashes. The second opens every file and compares pages,"
    yield "leaf, spine, versions and ISBNs with the manifest; it needs neither the sources nor a"
    yield "network. Where bookpress is not installed and the source archive holds it,"
    yield f"`uvx --from ./{source.name} bookpress release verify .` does the same."
