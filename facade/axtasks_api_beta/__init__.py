"""The package `axtasks_api` under the name that it had for the newer dialect. Deprecated.

Each module is the one of `axtasks_api`, so that classes are the same under both names, and pickles can be read.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

warnings.warn(
    "axtasks_api_beta is deprecated: import from axtasks_api, and give operations dialect='beta'",
    DeprecationWarning,
    stacklevel=2,
)


class _Alias(MetaPathFinder, Loader):
    """Finds the modules of this package among those of the other."""

    def __init__(self) -> None:
        self._own: dict[str, ModuleSpec | None] = {}

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002  as imports call it
        return ModuleSpec(fullname, self) if fullname.startswith(f"{__name__}.") else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module("axtasks_api" + spec.name.removeprefix(__name__))
        self._own[spec.name] = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The module has run under its own name, and keeps that.
        if module.__spec__ is not None:
            module.__spec__ = self._own[module.__spec__.name]


sys.meta_path.insert(0, _Alias())


def __getattr__(name: str) -> object:
    return getattr(import_module("axtasks_api"), name)
