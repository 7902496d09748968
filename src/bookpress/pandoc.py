"""Markdown -> Tree, Tree -> HTML, by pandoc."""

from __future__ import annotations

import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

from bookpress.errors import ToolError
from bookpress.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import PurePosixPath

    from bookpress.tree import Node

READER = "commonmark_x+sourcepos+implicit_figures"
_WORD_MEGABYTES, _WORD_SECONDS = 1024, 60
# Four fifths of what the reader writes are such spans, and decoding them takes as long.
_WRAPPED_WORD = re.compile(
    r'\{"t":"Span","c":\[\["",\[\],\[\["wrapper","1"\],\["data-pos","[^"\\]*"\]\]\],'
    r'\[(\{"t":"(?:Space|SoftBreak|Str","c":"(?:[^"\\]|\\.)*)"\})\]\]\}'
)
_EMPTY = {"pandoc-api-version": [1, 23, 1], "meta": {}}


def version() -> str:
    """The version of the package that brings pandoc; a new pandoc comes with a new one."""
    return metadata.version("pypandoc-binary")


def read(texts: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, bytes]:
    """Read Markdown into pandoc's JSON, positions on every block.

    texts:  the chapters by path; lines end in a line feed.
    Raises  ToolError when pandoc fails or warns.
    Source  pandoc's `sourcepos` extension, which only the commonmark readers have.
    """
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        return dict(zip(texts, readers.map(_read, texts.values()), strict=True))


def decode(path: PurePosixPath, data: bytes) -> Tree:
    """Make a tree from what `read` returned."""
    return Tree(path, json.loads(data))


def read_word(data: bytes) -> list[Node]:
    """Read a Word file of anybody's, with its comments and tracked changes; returns its blocks.

    Comments and changes are spans: `comment-start`, `comment-end`, `insertion`, `deletion`.
    Raises  ValueError when pandoc cannot read it within its memory and time.
    Source  pandoc's `--track-changes=all`; `--sandbox` keeps it from every other file.
    """
    import pypandoc  # noqa: PLC0415

    options = ("--from=docx", "--to=json", "--track-changes=all", "--sandbox", "--quiet")
    limits = ("+RTS", f"-M{_WORD_MEGABYTES}m", "-RTS")
    command = [pypandoc.get_pandoc_path(), *options, *limits]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, check=False, timeout=_WORD_SECONDS
        )
        blocks = json.loads(done.stdout)["blocks"] if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, RecursionError):
        blocks = None
    if not isinstance(blocks, list):
        raise ValueError("pandoc cannot read it")  # noqa: TRY004  (of a file, not of a program)
    return blocks


@dataclass(frozen=True, slots=True)
class Written:
    """A fragment of HTML that is well-formed XML as well, and what pandoc said while writing it.

    complaints: (what pandoc says, the piece of text it says it of).
    """

    html: str
    complaints: tuple[tuple[str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """Write it for the cache."""
        return json.dumps([self.html, self.complaints]).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Written:
        """Read what `to_bytes` wrote."""
        html, complaints = json.loads(data)
        return cls(html, tuple((said, piece) for said, piece in complaints))


def _read(text: str) -> bytes:
    document = _run(["--from", READER, "--to", "json", "--preserve-tabs"], text)
    blocks = json.loads(_WRAPPED_WORD.sub(r"\1", document))["blocks"]
    return json.dumps(_unwrapped(blocks), ensure_ascii=False).encode()


def _unwrapped(node: Any) -> Any:  # noqa: ANN401  (JSON)
    """Drop the reader's wrapper spans, but for words, which are out already."""
    if isinstance(node, dict):
        return {key: _unwrapped(value) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    kept: list[Any] = []
    for item in node:
        if isinstance(item, dict) and item.get("t") == "Span" and _is_wrapper(item):
            kept.extend(_unwrapped(item["c"][1]))
        else:
            kept.append(_unwrapped(item))
    return kept


def _is_wrapper(span: Node) -> bool:
    return any(name == "wrapper" for name, _ in span["c"][0][2])


def write(trees: Iterable[Tree]) -> list[Written]:
    """Write each tree as a fragment of HTML, while the next one is made."""
    with ThreadPoolExecutor(os.cpu_count()) as writers:
        return list(writers.map(_write, trees))


def _write(tree: Tree) -> Written:
    document = json.dumps(_EMPTY | {"blocks": tree.blocks})
    with resources.as_file(resources.files("bookpress") / "data" / "write.lua") as script:
        made = json.loads(_run(["lua", str(script)], document))
    return Written(_tight(made["html"]), tuple(_complaint(said) for said in made["complaints"]))


def _tight(html: str) -> str:
    """Begin items of lists with their text: behind a mark of its own a line break is a space."""
    return html.replace("<li>\n", "<li>")


def _complaint(said: Mapping[str, str]) -> tuple[str, str]:
    return said["pretty"].partition("\n")[0].rstrip(":"), said.get("contents", "")


def _run(options: Sequence[str], given: str) -> str:
    import pypandoc  # noqa: PLC0415

    command = [pypandoc.get_pandoc_path(), *options]
    done = subprocess.run(command, input=given, capture_output=True, check=False, encoding="utf-8")
    if done.returncode or done.stderr.strip():
        raise ToolError(f"pandoc failed: {done.stderr.strip() or done.returncode}")
    return done.stdout
