"""What workflows do on GitHub: publish a kit, keep one comment and one issue; all through `gh`.

`gh` reads its token and repository from the environment; nothing here knows them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookpress.errors import BookpressError, ToolError
from bookpress.release import names, version
from bookpress.release.verify import verify
from bookpress.release.version import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bookpress.release.manifest import Manifest

LARGEST_COMMENT = 60_000  # characters; GitHub takes 65,536
LARGEST_SUMMARY = 900_000  # bytes; GitHub takes 1 MiB
LABEL = "broken-links"
_TITLE = "Addresses in the book that do not answer"
_MARK = "\n\n(cut here: the whole text is in the job's log)\n"


def publish(folder: Path, tag: str, tell: Callable[[str], None] = lambda _line: None) -> None:
    """Publish a kit as the release of its tag.

    A draft is made with all files, downloaded and verified, and only then published: who looks
    sees no release or a whole one. A draft that an earlier try left is replaced.

    Raises  BookpressError when the folder is no kit of the tag or the release is out already,
            ToolError when gh fails or another file comes back than was sent.
    """
    kit = _kit(folder, tag)
    if _state(tag) == "published":
        hint = "what is published stays as it is: release a new version"
        raise BookpressError(f"{tag} is published already", hint=hint)
    if _state(tag) == "draft":
        tell(f"replacing the draft of {tag} that an earlier try left")
        _gh("release", "delete", tag, "--yes")
    files = sorted(path for path in folder.iterdir() if path.is_file())
    notes = next(file.name for file in kit.files if file.role is names.Role.NOTES)
    early = version.parse(kit.version).stage is not Stage.FINAL
    _gh(
        "release", "create", tag, "--verify-tag", "--draft",
        "--title", kit.release_title, "--notes-file", str(folder / notes),
        *(("--prerelease", "--latest=false") if early else ()),
        *map(str, files),
    )  # fmt: skip
    tell(f"drafted {tag} with {len(files)} files; downloading them again")
    _download_and_compare(folder, tag)
    _gh("release", "edit", tag, "--draft=false")
    tell(f"published {tag}")


def comment(pull_request: str, text: str, links: Mapping[str, str]) -> None:
    """Keep one comment on a pull request up to date. links: addresses by their words."""
    words = " | ".join(f"[{name}]({address})" for name, address in links.items())
    body = _cut(text, LARGEST_COMMENT) + (f"\n\n{words}\n" if words else "")
    with _file(body) as path:
        _gh("pr", "comment", pull_request, "--edit-last", "--create-if-none", "--body-file", path)


def issue(findings: Sequence[Mapping[str, Any]]) -> str:
    """Keep one issue on broken links: open it, bring it up to date, or close it.

    findings: as `--report json` writes them. Returns what was done, in one line.
    """
    listed = json.loads(
        _gh("issue", "list", "--label", LABEL, "--state", "open", "--json", "number") or "[]"
    )
    number = str(listed[0]["number"]) if listed else ""
    if not findings:
        if number:
            said = "All addresses answer again."
            _gh("issue", "close", number, "--comment", said)
        return f"closed issue {number}" if number else "all addresses answer"
    lines = [f"- `{f['path']}:{f['line']}` {f['message']}" for f in findings]
    body = "\n".join(["These did not answer in the last run:", "", *lines, ""])
    with _file(_cut(body, LARGEST_COMMENT)) as path:
        if number:
            _gh("issue", "edit", number, "--body-file", path)
            return f"brought issue {number} up to date"
        _gh("issue", "create", "--title", _TITLE, "--label", LABEL, "--body-file", path)
        return "opened an issue"


def summary(text: str) -> str:
    """Cut a text to what a job summary holds."""
    data = text.encode()
    cut = data[: LARGEST_SUMMARY - len(_MARK)].decode(errors="ignore")
    return text if len(data) <= LARGEST_SUMMARY else cut + _MARK


def _kit(folder: Path, tag: str) -> Manifest:
    verdict = verify(folder)
    if verdict.kit is None or verdict.findings:
        hint = f"bookpress release verify {folder} says why"
        raise BookpressError(f"{folder} is no kit to publish", hint=hint)
    if f"v{verdict.kit.version}" != tag:
        raise BookpressError(f"{folder} is the kit of v{verdict.kit.version}, not of {tag}")
    return verdict.kit


def _state(tag: str) -> str:
    """Say how far a release is: "", "draft" or "published"."""
    found = _gh("release", "view", tag, "--json", "isDraft", may_fail=True)
    if not found:
        return ""
    return "draft" if json.loads(found)["isDraft"] else "published"


def _download_and_compare(folder: Path, tag: str) -> None:
    with tempfile.TemporaryDirectory(prefix="bookpress-") as back:
        _gh("release", "download", tag, "--dir", back)
        sent = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        came = {path.name: path.read_bytes() for path in Path(back).iterdir()}
    wrong = sorted(n for n in sent.keys() | came.keys() if sent.get(n) != came.get(n))
    if wrong:
        hint = "the draft stays a draft; run the job again"
        raise ToolError(f"not what was sent came back: {', '.join(wrong[:5])}", hint=hint)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_MARK)] + _MARK


@contextmanager
def _file(text: str) -> Iterator[str]:
    """A text in a file, for as long as gh reads it."""
    with tempfile.TemporaryDirectory(prefix="bookpress-") as folder:
        path = Path(folder, "body.md")
        path.write_text(text, "utf-8")
        yield str(path)


def _gh(*arguments: str, may_fail: bool = False) -> str:
    """Run gh; "" when it failed and may."""
    program = shutil.which("gh")
    if program is None:
        raise ToolError("gh is not on this machine", hint="https://cli.github.com")
    done = subprocess.run([program, *arguments], capture_output=True, check=False, text=True)
    if done.returncode and not may_fail:
        said = done.stderr.strip().splitlines()
        problem = f"gh {' '.join(arguments[:2])} failed"
        raise ToolError(problem, hint=f"it said: {said[-1][:200]}" if said else "")
    return done.stdout if not done.returncode else ""
