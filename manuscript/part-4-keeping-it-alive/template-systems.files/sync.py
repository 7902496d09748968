# /// script
# requires-python = ">=3.11"
# dependencies = ["pyyaml==6.0.3"]
# ///
"""Merge what a template ships into the repository in this folder.

usage: uv run sync.py [--theirs]

`.rhiza/template.yml` names the template and its release; what was taken is
recorded in `.rhiza/template.lock`. Exit code 0: merged, 1: conflicts are
marked in the files, 2: refused, and nothing was changed. With --theirs a
conflict is settled for the template. The modes of files are not copied.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

POINTER = Path(".rhiza/template.yml")
LOCK = Path(".rhiza/template.lock")
CHOICE = ("profiles", "templates", "exclude")


def git(*words: str, clone: str = ".") -> bytes:
    """Run git and return what it prints."""
    command = ["git", "-C", clone, *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def shipped(clone: str, commit: str, choice: dict) -> dict[str, bytes]:
    """Return the files of the chosen bundles at a commit: path -> content."""
    bundles = list(choice.get("templates") or [])
    text = git("show", f"{commit}:.rhiza/template-bundles.yml", clone=clone)
    for profile in choice.get("profiles") or []:
        bundles += yaml.safe_load(text)["profiles"][profile]["bundles"]
    files = {}
    for folder in (f"bundles/{bundle}/" for bundle in bundles):
        listing = ("ls-tree", "-r", "--name-only", commit, folder)
        for name in git(*listing, clone=clone).decode().splitlines():
            path = name.removeprefix(folder)
            if not excluded(path, choice.get("exclude") or []):
                files[path] = git("show", f"{commit}:{name}", clone=clone)
    return files


def excluded(path: str, entries: list[str]) -> bool:
    """Say whether an entry is this path or a folder above it."""
    return any(f"{path}/".startswith(f"{entry}/") for entry in entries)


def merge(mine: Path, old: bytes, new: bytes, options: list[str]) -> int:
    """Merge into a file; return the conflicts left (1 for a binary file)."""
    with TemporaryDirectory() as folder:
        base, theirs = Path(folder, "base"), Path(folder, "template")
        base.write_bytes(old)
        theirs.write_bytes(new)
        labels = ["-L", "here", "-L", "base", "-L", "template"]
        command = ["git", "merge-file", *options, *labels]
        done = subprocess.run([*command, mine, base, theirs], check=False)
    return done.returncode if done.returncode < 128 else 1  # refused: 255


def settle(
    mine: Path, old: bytes | None, new: bytes | None, options: list[str]
) -> int:
    """Bring one file to its new state; return the conflicts left in it."""
    if new is None:  # the template ships it no more
        mine.unlink(missing_ok=True)
    elif not mine.exists() or old in (None, mine.read_bytes()):
        mine.parent.mkdir(parents=True, exist_ok=True)
        mine.write_bytes(new)
    elif old != new:  # changed there, and changed here as well
        return merge(mine, old, new, options)
    return 0


def main(options: list[str]) -> int:
    """Sync the repository in the current folder."""
    pointer = yaml.safe_load(POINTER.read_text(encoding="utf-8"))
    choice = {key: pointer[key] for key in CHOICE if key in pointer}
    exclude = choice.get("exclude") or []
    globs = [path for path in exclude if "*" in path]
    if globs or git("status", "--porcelain"):
        print("refused:", f"globs {globs}" if globs else "uncommitted changes")
        return 2
    lock = yaml.safe_load(LOCK.read_text()) if LOCK.exists() else {}
    url = f"https://github.com/{pointer['repository']}.git"
    with TemporaryDirectory() as clone:
        git("clone", "-q", "--no-checkout", url, clone)
        release = f"{pointer['ref']}^{{commit}}"
        sha = git("rev-parse", release, clone=clone).decode().strip()
        new = shipped(clone, sha, choice)
        last = lock | {"exclude": exclude}
        old = shipped(clone, lock["sha"], last) if lock else {}
    conflicts = 0
    for path in sorted(old | new):
        left = settle(Path(path), old.get(path), new.get(path), options)
        conflicts += left
        if left:
            print(f"{path}: {left} conflict(s)")
    record = {"sha": sha, "repo": pointer["repository"], "ref": pointer["ref"]}
    record |= choice | {"files": sorted(new)}
    LOCK.write_text(yaml.safe_dump(record, sort_keys=False), encoding="utf-8")
    return int(conflicts > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
