"""Values -> documents, by the templates of the styles folder; a missing value is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from bookpress.errors import BookpressError
from bookpress.findings import Position

if TYPE_CHECKING:
    from pathlib import Path


def markup(fragment: str) -> Markup:
    """Mark a fragment written by pandoc as HTML; everything else is escaped."""
    return Markup(fragment)  # noqa: S704  (made by pandoc from our own tree)


class Templates:
    """The templates of one styles folder, under `templates/`."""

    def __init__(self, styles: Path) -> None:
        self._folder = styles / "templates"
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self._folder),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def sources(self) -> dict[str, bytes]:
        """The templates' own text by name: they go into whatever is cached."""
        return {path.name: path.read_bytes() for path in sorted(self._folder.glob("*.j2"))}

    def render(self, name: str, **values: object) -> str:
        """Fill one template; raises BookpressError with the template's line."""
        try:
            return self._environment.get_template(name).render(**values)
        except jinja2.TemplateSyntaxError as error:
            raise self._stop(name, str(error.message), error.lineno) from error
        except jinja2.TemplateError as error:
            raise self._stop(name, str(error.message), _line(error, name)) from error

    def _stop(self, name: str, problem: str, line: int) -> BookpressError:
        where = Position((self._folder / name).relative_to(self._folder.parents[1]), line)  # type: ignore[arg-type]
        return BookpressError(f"template: {problem}", where=where)


def _line(error: BaseException, name: str) -> int:
    """The line of the template on which rendering stopped."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(name):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
