"""Which things have changed since somebody last looked: what makes keeping a world on disk cheap."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

    Slot = Callable[[object, object], None]


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


class Tracked:
    """A dataclass whose attributes can be set, and that reports it: nobody who sets one has to think of it.

    Values that attributes have are replaced, never altered in place, so a copy can share them.
    """

    __slots__ = ("_changes", "_written")

    if TYPE_CHECKING:
        id: str
        _changes: Changes | None
        _written: bytes | None

    def __new__(cls, *_: object, **__: object) -> Self:
        """A thing that reports to nobody yet."""
        thing = object.__new__(cls)
        object.__setattr__(thing, "_written", None)
        object.__setattr__(thing, "_changes", None)
        return thing

    def __post_init__(self) -> None:
        # msgspec makes objects without `__new__`.
        object.__setattr__(self, "_written", None)
        object.__setattr__(self, "_changes", None)

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        if self._written is not None:
            object.__setattr__(self, "_written", None)
        if self._changes is not None:
            self._changes.note(self.id)

    def written(self, write: Callable[[Self], bytes]) -> bytes:
        """How the thing is written, which is worked out only once until it changes. There is one way for each kind."""
        known = self._written
        if known is None:
            known = write(self)
            object.__setattr__(self, "_written", known)
        return known

    def report_to(self, changes: Changes) -> None:
        """Report to these from now on."""
        object.__setattr__(self, "_changes", changes)

    def duplicate(self) -> Self:
        """One with the same values, which reports to nobody yet."""
        kind: type[Tracked] = type(self)
        twin = type(self).__new__(type(self))
        values, setters = _slots(kind)
        for set_in, value in zip(setters, values(self), strict=True):
            set_in(twin, value)
        return twin


Values = tuple[object, ...]
_SLOTS: dict[type, tuple[Callable[[Tracked], Values], tuple[Slot, ...]]] = {}


def _slots(kind: type[Tracked]) -> tuple[Callable[[Tracked], Values], tuple[Slot, ...]]:
    """What reads all fields of a kind of thing at once, and what sets each of them without a report."""
    if kind not in _SLOTS:
        described: type[DataclassInstance] = kind  # type: ignore[assignment]  # those that are tracked are dataclasses
        names = tuple(field.name for field in fields(described))
        _SLOTS[kind] = attrgetter(*names), tuple(getattr(kind, name).__set__ for name in names)
    return _SLOTS[kind]
