"""Which things have changed since somebody last looked: what makes keeping a world on disk cheap."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance


class Changes:
    """The identifiers of things that were put in, taken out or altered; none are gathered before `watch`."""

    __slots__ = ("_ids", "_watched")

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._watched = False

    def watch(self) -> None:
        """Gather from now on."""
        self._watched = True

    def note(self, identifier: str) -> None:
        """Something happened to this one."""
        if self._watched:
            self._ids[identifier] = None

    def ids(self) -> tuple[str, ...]:
        """All that changed since the last `forget`, each once, in the order of the first change."""
        return tuple(self._ids)

    def forget(self) -> None:
        """They have been seen."""
        self._ids.clear()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Changes of a copied world are nobody's yet."""
        twin = type(self)()
        memo[id(self)] = twin
        return twin


class Tracked:
    """A dataclass whose attributes can be set, and that reports it: nobody who sets one has to think of it.

    Values that attributes have are replaced, never altered in place, so a copy can share them.
    """

    __slots__ = ("_changes", "_written")

    if TYPE_CHECKING:
        id: str

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        if getattr(self, "_written", None) is not None:
            object.__setattr__(self, "_written", None)
        changes: Changes | None = getattr(self, "_changes", None)
        if changes is not None:
            changes.note(self.id)

    def written(self, write: Callable[[Self], bytes]) -> bytes:
        """How the thing is written, which is worked out only once until it changes. There is one way for each kind."""
        known: bytes | None = getattr(self, "_written", None)
        if known is None:
            known = write(self)
            object.__setattr__(self, "_written", known)
        return known

    def report_to(self, changes: Changes) -> None:
        """Report to these from now on."""
        object.__setattr__(self, "_changes", changes)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """One with the same values, which reports to the copy of what this one reports to."""
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        for field in _fields(self):
            object.__setattr__(twin, field, getattr(self, field))
        changes: Changes | None = getattr(self, "_changes", None)
        if changes is not None:
            twin.report_to(copy.deepcopy(changes, memo))
        return twin


_NAMES: dict[type, tuple[str, ...]] = {}


def _fields(thing: Tracked) -> tuple[str, ...]:
    kind = type(thing)
    if kind not in _NAMES:
        described: type[DataclassInstance] = kind  # type: ignore[assignment]  # those that are tracked are dataclasses
        _NAMES[kind] = tuple(each.name for each in fields(described))
    return _NAMES[kind]
