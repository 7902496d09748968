# ruff: noqa: T201  (a script for the terminal)
"""A generated book -> our time and memory beside pandoc's own ways to a PDF, in one run.

The same text goes to all: chapter files to us, one file with all of them to the others.

    press         our print edition: cold, unchanged, after a one-word edit, after an edit that
                  adds two pages
    weasyprint    pandoc --pdf-engine=weasyprint, as it comes
    typst         pandoc -t typst, then Typst's compiler

Every figure is a process started from nothing: seconds until it ends, processor seconds of it and
its children, and the most memory that they held together (proportional set sizes; shared pages
count once). The last two are sampled, from Linux's /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pypandoc
import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES_A_CHAPTER = 16
SAMPLE_SECONDS = 0.1
KIB_A_MIB = 1024
BIN = Path(sys.executable).parent
PANDOC = pypandoc.get_pandoc_path()

# Page, margins and type of the print edition, so that all set the same amount of work.
CSS = """\
@page { size: 7in 9.25in; margin: 58pt 50pt 66pt 62pt }
body { font-size: 10pt; line-height: 1.4; text-align: justify; hyphens: auto; max-width: none }
pre { font-size: 8pt; white-space: pre-wrap }
h1 { break-before: page }
"""
TYPST = """\
#set page(width: 7in, height: 9.25in, margin: (inside: 62pt, outside: 50pt, y: 60pt))
#set text(size: 10pt, lang: "en", region: "GB")
#set par(justify: true)
#show heading.where(level: 1): it => { pagebreak(weak: true); it }
"""
COMPILE = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])"

WORDS = (  # noqa: SIM905  (words, not a list of strings)
    "river gauge level station reading basin valley flood record keeper survey channel current "
    "bridge weather measure season report upstream reservoir landing boundary careful gradual "
    "ordinary separate steady narrow northern written early known certain several every other "
    "follows rises falls carries returns changes reaches remains shows keeps between before after "
    "within without against because while where when though since until about under beyond the "
    "the the of of and and to in a a is was with for that it on as by from at this which are"
).split()
PROGRAM = '''\
def highest(readings: list[Reading], since: date) -> Reading | None:
    """The highest reading of a station since a day, or None."""
    recent = [reading for reading in readings if reading.day >= since]
    if not recent:
        return None
    return max(recent, key=lambda reading: reading.level)  # metres


for name, station in sorted(stations.items()):
    reading = highest(station.readings, since=date(2026, 3, 2))
    if reading is not None and reading.level > station.limit:
        print(f"{name}: {reading.level:.2f} m is over {station.limit}")
'''


@dataclass(frozen=True, slots=True)
class Run:
    """One measured process: wall and processor seconds, memory, pages of the PDF it left."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    pages: int


def chapter(number: int) -> str:
    """Write a chapter: prose, listings, a table, notes and references, the same every time."""
    chance = random.Random(number)  # noqa: S311  (text to be set, nothing secret)
    text = [f"# Chapter {number} of the river\n"]
    for section in range(1, 8):
        text.append(f"## Section {section} {prose(chance, 3)} {{#sec-{number}-{section}}}\n")
        text += [paragraph(chance) for _ in range(7)]
        text.append(
            f"```python {{#lst-{number}-{section} caption='Reading {section}'}}\n{PROGRAM}```\n"
        )
        text += [paragraph(chance) for _ in range(4)]
        text.append(f"A note closes the section.[^n{number}x{section}]\n")
        text.append(f"[^n{number}x{section}]: {paragraph(chance)}")
    text.append("| station | level | limit |\n|---|---|---|")
    text += [f"| {prose(chance, 2)} | {chance.random():.2f} | 2.00 |" for _ in range(6)]
    return "\n".join(text) + "\n"


def prose(chance: random.Random, count: int) -> str:
    """Write so many words."""
    return " ".join(chance.choice(WORDS) for _ in range(count))


def paragraph(chance: random.Random) -> str:
    """Write a paragraph of four to six sentences."""
    sentences = (prose(chance, chance.randint(9, 18)) for _ in range(chance.randint(4, 6)))
    return " ".join(sentence.capitalize() + "." for sentence in sentences) + "\n"


def make_book(folder: Path, pages: int) -> None:
    """Put a book of about so many pages into a folder, for the press and for the others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chapters = {n: chapter(n) for n in range(1, max(2, round(pages / PAGES_A_CHAPTER)) + 1)}
    for number, text in chapters.items():
        (folder / f"chapter-{number}.md").write_text(text)
    entries = "\n".join(
        f"      - {{file: chapter-{n}.md, title: Chapter {n} of the river}}" for n in chapters
    )
    (folder / "book.yml").write_text(
        "title: The River\nauthors: [{name: Nobody}]\nlanguage: en-GB\n"
        "trim: {width: 7in, height: 9.25in}\n"
        f"parts:\n  - title: The Part\n    chapters:\n{entries}\n"
    )
    (folder / "all.md").write_text("\n".join(chapters.values()))
    (folder / "all.css").write_text(CSS)
    (folder / "head.typ").write_text(TYPST)


class Watcher(threading.Thread):
    """Samples what a process and all its descendants use, until it is told to stop."""

    def __init__(self, root: int) -> None:
        super().__init__()
        self.root = root
        self.stop = threading.Event()
        self.peak_mib = 0.0
        self.ticks: dict[int, int] = {}

    @property
    def cpu_seconds(self) -> float:
        """The processor time of all of them, as it was last seen."""
        return sum(self.ticks.values()) / os.sysconf("SC_CLK_TCK")

    def run(self) -> None:
        """Take samples."""
        while not self.stop.wait(SAMPLE_SECONDS):
            self.peak_mib = max(self.peak_mib, self.sample())

    def sample(self) -> float:
        """Note the processor times, and return the memory, in MiB."""
        used = dict(processes())
        family, waiting = set(), {self.root}
        while waiting:
            family |= waiting
            waiting = {p for p, (parent, _) in used.items() if parent in waiting} - family
        self.ticks |= {process: used[process][1] for process in family if process in used}
        return sum(map(memory_kib, family)) / KIB_A_MIB


def processes() -> Iterator[tuple[int, tuple[int, int]]]:
    """Every process of the machine, with its parent and its processor time in ticks: proc(5)."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(entry.name), (int(fields[1]), int(fields[11]) + int(fields[12]))


def memory_kib(process: int) -> int:
    """The proportional set size of a process; 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def measure(*commands: list[str], folder: Path, pdf: Path, worst: int = 0) -> Run:
    """Run commands one after another and watch them; ends the program when one of them fails."""
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # our modules alone come uncompiled
    watchers = []
    began = time.perf_counter()
    for command in commands:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        watchers.append(Watcher(process.pid))
        watchers[-1].start()
        said, _ = process.communicate()
        watchers[-1].stop.set()
        if process.returncode > worst:
            raise SystemExit(f"{command[0]} failed:\n{said.decode()[-2000:]}")
    seconds = time.perf_counter() - began
    cpu = sum(watcher.cpu_seconds for watcher in watchers)
    peak = max(watcher.peak_mib for watcher in watchers)
    return Run(round(seconds, 2), round(cpu, 2), round(peak), len(pypdfium2.PdfDocument(pdf)))


def press(folder: Path) -> Run:
    """Make our print edition, with whatever the cache holds."""
    command = [sys.executable, "-m", "bookpress", "build", "-q", "-f", "print"]
    pdf = folder / "build/the-river-print.pdf"
    return measure(command, folder=folder, pdf=pdf, worst=1)  # it has findings: notes overleaf


def weasyprint(folder: Path) -> Run:
    """Let pandoc drive WeasyPrint."""
    command = [PANDOC, "-f", "commonmark_x", "all.md", "--toc", "-M", "title=The River"]
    command += ["-M", "lang=en-GB", "--css", "all.css", "--pdf-engine=weasyprint"]
    made = "build/weasyprint.pdf"  # beside the sources it would be a change of the book
    return measure([*command, "-o", made], folder=folder, pdf=folder / made)


def typst(folder: Path) -> Run:
    """Let pandoc write Typst's language, then compile it."""
    write = [PANDOC, "-f", "commonmark_x", "all.md", "-s", "--toc", "-M", "title=The River"]
    write += ["-H", "head.typ", "-t", "typst", "-o", "build/all.typ"]
    compile_ = [sys.executable, "-c", COMPILE, "build/all.typ", "build/typst.pdf"]
    return measure(write, compile_, folder=folder, pdf=folder / "build/typst.pdf")


def edit(folder: Path, *, turn: int, paragraphs: int) -> None:
    """Change one word in the middle of the book, or add paragraphs there."""
    number = len(list(folder.glob("chapter-*.md"))) // 2
    file = folder / f"chapter-{number}.md"
    head, mark, rest = file.read_text().partition("## Section 4")
    chance = random.Random(f"{turn} {paragraphs}")  # noqa: S311
    if paragraphs:
        added = "\n".join(paragraph(chance) for _ in range(paragraphs))
        file.write_text(f"{head}{added}\n{mark}{rest}")
    else:
        file.write_text(f"{head}{mark}{rest.replace('station', f'station{turn}', 1)}")


def contest(folder: Path, pages: int, turns: int) -> Iterator[tuple[str, Run]]:
    """Let everybody run, turn by turn, so that the machine's moods hit all of them."""
    make_book(folder, pages)
    for turn in range(turns):
        shutil.rmtree(folder / "build", ignore_errors=True)
        yield "press, cold", press(folder)
        yield "weasyprint", weasyprint(folder)
        yield "typst", typst(folder)
        yield "press, no change", press(folder)
        edit(folder, turn=turn, paragraphs=0)
        yield "press, one word", press(folder)
        edit(folder, turn=turn, paragraphs=14)
        yield "press, two pages more", press(folder)


def middle(runs: list[Run]) -> Run:
    """Take the median of seconds and the largest of peaks."""
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
        max(run.peak_mib for run in runs),
        runs[0].pages,
    )


def wanted(results: dict[int, dict[str, Run]]) -> list[dict[str, object]]:
    """Compare with what is wanted of the press on 200 and 1,000 pages."""
    rows: list[tuple[str, float, float]] = []
    if 200 in results:
        at = results[200]
        cold, rival = at["press, cold"].seconds, at["typst"].seconds
        rows += [
            ("200 pages: cold / weasyprint", cold / at["weasyprint"].seconds, 0.3),
            ("200 pages: no change, seconds", at["press, no change"].seconds, 1.0),
            ("200 pages: one word / typst", at["press, one word"].seconds / rival, 1.0),
            ("200 pages: two pages more / typst", at["press, two pages more"].seconds / rival, 1.3),
        ]
    if {200, 1000} <= results.keys():
        small, large = (results[pages]["press, cold"] for pages in (200, 1000))
        rows += [
            ("1,000 pages: time / 200 pages", large.seconds / small.seconds, 5.5),
            ("1,000 pages: memory / 200 pages", large.peak_mib / small.peak_mib, 2.0),
        ]
    return [{"what": w, "value": round(v, 2), "at most": m, "met": v <= m} for w, v, m in rows]


def machine() -> dict[str, object]:
    """Say what it was measured on and with."""
    names = ("weasyprint", "typst", "pypandoc-binary", "pikepdf")
    return {
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "pandoc": str(pypandoc.get_pandoc_version()),
        "load before": os.getloadavg()[0],
        **{name: metadata.version(name) for name in names},
    }


def main() -> None:
    """Run the contest for each size, print it, and write build/bench.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, nargs="+", default=[50, 200, 1000])
    parser.add_argument("--turns", type=int, default=1, help="take medians of so many runs")
    options = parser.parse_args()
    environment = machine()
    results: dict[int, dict[str, Run]] = {}
    for pages in options.pages:
        runs: dict[str, list[Run]] = {}
        for name, run in contest(ROOT / "build/.bench" / str(pages), pages, options.turns):
            runs.setdefault(name, []).append(run)
            print(
                f"{pages:5} pages  {name:22} {run.seconds:8.2f} s {run.cpu_seconds:8.2f} s cpu"
                f" {run.peak_mib:6.0f} MiB {run.pages:5} pages",
                flush=True,
            )
        results[pages] = {name: middle(found) for name, found in runs.items()}
    goals = wanted(results)
    for goal in goals:
        verdict = "met" if goal["met"] else "MISSED"
        print(f"{goal['what']:36} {goal['value']:>7}  at most {goal['at most']}: {verdict}")
    figures = {str(n): {name: asdict(run) for name, run in at.items()} for n, at in results.items()}
    document = {"machine": environment, "results": figures, "wanted": goals}
    (ROOT / "build/bench.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
