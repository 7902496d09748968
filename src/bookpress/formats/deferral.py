"""Modules that are hardly ever needed -> stand-ins that load them when they are called."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@contextmanager
def deferred(modules: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Give stand-ins to those who import these modules within the block; others get the real ones.

    modules: the functions and classes that are called, by the module that has them.
    """
    stand_ins = {
        module: _stand_in(module, names)
        for module, names in modules.items()
        if module not in sys.modules
    }
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for module in stand_ins:
            del sys.modules[module]


def _stand_in(module: str, names: Sequence[str]) -> ModuleType:
    made = ModuleType(module)
    for name in names:
        setattr(made, name, _caller(module, name))
    return made


def _caller(module: str, name: str) -> Callable[..., Any]:
    def call(*given: Any, **more: Any) -> Any:  # noqa: ANN401  (whatever the function takes)
        return getattr(import_module(module), name)(*given, **more)

    return call
