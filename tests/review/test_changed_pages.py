"""The list of changed pages follows from two page maps and the marks, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from bookpress.pagination import Block, Extent, PageMap
from bookpress.review.changes import blocks, paged, pages

PATH = PurePosixPath("manuscript/weirs.md")
OLD = "".join(
    f'<p data-pos="{PATH}@{n}:1-{n + 1}:1">Paragraph {n} on weirs.</p>' for n in (1, 3, 5)
)
NEW = OLD.replace("Paragraph 3 on weirs.", "Paragraph 3 on two weirs.")
ADDED = f'<p data-pos="{PATH}@1:1-2:1">Nobody had read this before.</p>' + "".join(
    f'<p data-pos="{PATH}@{n + 2}:1-{n + 3}:1">Paragraph {n} on weirs.</p>' for n in (1, 3, 5)
)


def page_map(*spans: tuple[int, int]) -> PageMap:
    """Blocks on every second line from the first, each on its pages; folios are 1, 2, ..."""
    total = max(last for _, last in spans)
    stood = tuple(
        Block(PATH, 2 * n + 1, 2 * n + 1, first, last) for n, (first, last) in enumerate(spans)
    )
    folios = tuple(str(n) for n in range(1, total + 1))
    return PageMap(folios, {}, (Extent("weirs", 1, total),), stood)


def look(new: str, now: PageMap, before: PageMap | None) -> list[tuple[str, bool, tuple[str, ...]]]:
    marks = {"weirs": blocks.compare(OLD, new)}
    fragments = {slug: paged.with_names(marked) for slug, marked in marks.items()}
    return [(p.folio, p.changed, p.was) for p in pages.look(now, before, fragments, marks)]


def test_the_pages_of_a_changed_paragraph_have_changed_and_no_others() -> None:
    same = page_map((1, 1), (2, 2), (3, 3))

    found = look(NEW, same, same)

    assert found == [("1", False, ("1",)), ("2", True, ("2",)), ("3", False, ("3",))]


def test_a_paragraph_over_two_pages_changes_both() -> None:
    same = page_map((1, 1), (1, 2), (2, 2))

    assert [changed for _, changed, _ in look(NEW, same, same)] == [True, True]


def test_text_that_only_moved_is_told_with_its_old_page() -> None:
    now, before = page_map((1, 1), (2, 2), (3, 3), (4, 4)), page_map((1, 1), (2, 2), (3, 3))

    found = look(ADDED, now, before)

    assert found == [
        ("1", True, ()),
        ("2", False, ("1",)),
        ("3", False, ("2",)),
        ("4", False, ("3",)),
    ]
    marks = {"weirs": blocks.compare(OLD, ADDED)}
    fragments = {"weirs": paged.with_names(marks["weirs"])}
    listed = pages.write(pages.look(now, before, fragments, marks), 4, "v1", "")
    assert "1 of 4 pages of the print edition have changed." in listed
    assert "| 1 | 1 | weirs | – |" in listed
    assert "- 2–4, before 1–3" in listed


def test_without_a_page_map_of_then_the_changed_pages_are_known_all_the_same() -> None:
    found = look(NEW, page_map((1, 1), (2, 2), (3, 3)), None)

    assert found == [("2", True, ())]
    assert "is not known: no styles" in pages.write((), 3, "v1", "no styles")


def test_a_printing_is_kept_for_the_commit_it_was_made_of(tmp_path: Path) -> None:
    (tmp_path / "printings").mkdir()
    held = {"commit": "abc", "pages": json.loads(page_map((1, 1)).to_json())}
    (tmp_path / "printings/1-1.json").write_text(json.dumps(held), "utf-8")
    (tmp_path / "printings/1-2.json").write_text("{", "utf-8")

    found = pages.kept(tmp_path, "abc")

    assert found
    assert found.total == 1
    assert pages.kept(tmp_path, "def") is None
