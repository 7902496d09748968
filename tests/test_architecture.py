"""The layers of the press, read from its import statements."""

from __future__ import annotations

import ast
import statistics
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parent.parent / "src"
PACKAGE = SOURCE / "bookpress"

# A module may import modules of its own layer and of those below it; a wing, no other wing.
LAYERS = (
    {"model", "findings", "errors", "contribution", "__init__"},
    {"pandoc", "tree", "pagination", "cache", "rules", "resources", "prooftext", "commit",
     "alphabet", "pagefind", "dictionary", "saves"},
    {"survey", "crossref", "outline", "templates", "highlight", "components", "codeblocks", "paper",
     "markup", "pictures", "contents", "glossary", "allowances", "scaffold", "score", "printers",
     "reading", "wording"},
    {"formats", "checks", "report"},
    {"build", "manuscript", "press", "comparing", "outputs", "standing",
     "status", "terminal"},
    {"release", "review", "listings", "printing", "validators"},
    {"cli", "__main__", "progress", "doctor", "watch", "preview",
     "locate", "making", "wings"},
)  # fmt: skip
WINGS = {"release", "review", "listings", "printing", "validators"}

# Who imports a third-party library; every one not named here has one importer as well.
COMMANDS = {
    "cli", "terminal", "listings.commands", "release.commands", "release.pipeline",
    "review.commands",
    "review.author_commands", "review.changes.commands", "review.draft_commands",
    "printing.commands", "validators.commands",
    "wings",
}  # fmt: skip
# The binder writes our PDFs; what they carry along is added to finished ones, pages are taken from
# them. In wings the preflight reads anybody's with none of their code, and so does the review, in a
# process of its own.
PIKEPDF = {
    "formats.attachments", "formats.binder", "formats.excerpt", "printing.inside",
    "review.pdfnotes",
}  # fmt: skip
NAMED = {
    "yaml": "outline.yamltree",
    "pydantic": "outline.schema",
    "pypandoc": "pandoc",
    "pygments": "highlight",
    "jinja2": "templates",
    "weasyprint": "formats.layout",
    "ebooklib": "formats.package",
    "rich": "progress",
    "watchfiles": "saves",
    "starlette": "review.server",
    "uvicorn": "review.serving",
    "sqlite_utils": "review.store",
    "hunspell": "dictionary",
    "rapidfuzz": "review.anchor",
}
# Which passes typesetting needs is known only while it runs: it looks into the store itself.
CACHE_USERS = {
    "manuscript", "press", "formats.typeset", "formats.bind", "formats.binder", "listings.store",
}  # fmt: skip
FILE_LIMIT, FUNCTION_LIMIT, FUNCTION_MEDIAN = 400, 50, 12


def module_name(path: Path) -> str:
    """`formats.print` for src/bookpress/formats/print.py, `formats` for its __init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if len(parts) > 1 and parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join(parts)


@cache
def modules() -> dict[str, ast.Module]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return {module_name(path): ast.parse(path.read_bytes(), str(path)) for path in paths}


def file_of(name: str) -> Path:
    plain = PACKAGE.joinpath(*name.split(".")).with_suffix(".py")
    return plain if plain.is_file() else PACKAGE.joinpath(*name.split("."), "__init__.py")


def imports(tree: ast.AST, *, typing: bool = False) -> Iterator[str]:
    """Every dotted name a module imports; those for type checkers alone only if `typing`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif typing or not is_for_typing(node):
            yield from imports(node, typing=typing)


def is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def own_imports(name: str, *, typing: bool = False) -> set[str]:
    """The modules of the press that a module imports."""
    known = modules()
    found = set()
    for dotted in imports(known[name], typing=typing):
        first, _, rest = dotted.partition(".")
        if first == "bookpress":
            candidates = (rest, rest.rpartition(".")[0], "__init__")
            found.add(next(c for c in candidates if c in known))
    return found - {name}


def foreign_imports(name: str) -> set[str]:
    """The third-party libraries that a module imports."""
    tops = {dotted.partition(".")[0] for dotted in imports(modules()[name])}
    return {top for top in tops if top != "bookpress" and top not in sys.stdlib_module_names}


def layer(name: str) -> int:
    top = name.partition(".")[0]
    for number, members in enumerate(LAYERS):
        if top in members:
            return number
    pytest.fail(f"module {name} is in no layer; add it to LAYERS and to CONTRIBUTING.md")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring, decorators and signature."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("name", modules())
def test_imports_go_down_only(name: str) -> None:
    upward = {other for other in own_imports(name, typing=True) if layer(other) > layer(name)}

    assert not upward


@pytest.mark.parametrize("name", modules())
def test_no_wing_knows_another_and_only_the_command_line_knows_wings(name: str) -> None:
    own = name.partition(".")[0]

    wings = {o.partition(".")[0] for o in own_imports(name, typing=True)} & WINGS

    assert own == "cli" or wings <= {own}


def test_no_module_imports_itself_by_a_detour() -> None:
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name not in done:
            for other in own_imports(name):
                visit(other, (*way, name))
            done.add(name)

    for name in modules():
        visit(name, ())

    assert done == set(modules())


def test_each_library_is_imported_by_one_module() -> None:
    importers: dict[str, set[str]] = {}
    for name in modules():
        for library in foreign_imports(name):
            importers.setdefault(library, set()).add(name)

    crowded = {lib: names for lib, names in importers.items() if len(names) > 1}

    assert crowded.pop("click", COMMANDS) <= COMMANDS
    assert crowded.pop("pikepdf", PIKEPDF) <= PIKEPDF
    assert crowded == {}


@pytest.mark.parametrize(("library", "owner"), NAMED.items())
def test_a_library_stands_where_the_design_puts_it(library: str, owner: str) -> None:
    importers = {name for name in modules() if library in foreign_imports(name)}

    assert importers == {owner}


def test_only_the_build_uses_the_cache() -> None:
    users = {name for name in modules() if "cache" in own_imports(name, typing=True)}

    assert users <= CACHE_USERS


def test_the_model_rests_on_nothing() -> None:
    assert not foreign_imports("model")
    assert own_imports("model", typing=True) == {"findings"}


@pytest.mark.parametrize("name", modules())
def test_a_file_is_short_enough_to_be_read_in_one_go(name: str) -> None:
    lines = file_of(name).read_text(encoding="utf-8").count("\n")

    assert lines <= FILE_LIMIT


@pytest.mark.parametrize("name", modules())
def test_a_function_fits_on_a_screen(name: str) -> None:
    long = {node.name: length(node) for node in functions(modules()[name])}

    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LIMIT} == {}


def test_functions_are_small_as_a_rule() -> None:
    lengths = [length(node) for tree in modules().values() for node in functions(tree)]

    assert statistics.median(lengths) < FUNCTION_MEDIAN


@pytest.mark.parametrize("name", modules())
def test_a_module_says_in_its_first_line_what_it_turns_into_what(name: str) -> None:
    doc = ast.get_docstring(modules()[name])

    assert doc
    assert len(doc.splitlines()[0]) > len(name)


def test_nothing_in_the_press_knows_this_book() -> None:
    own_words = ("Python DevOps", "python-devops", "part-1-foundations")
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}

    assert not [p for p, text in texts.items() if any(word in text for word in own_words)]
