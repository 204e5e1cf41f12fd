"""Tracking of changed resources, so that writing a world to disk is cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self


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
        """Mark the changes as seen."""
        self._ids.clear()


class Tracked:
    """A dataclass that reports when an attribute is set, and keeps its JSON text until then.

    Values that attributes have are replaced, never altered in place, so a copy can share them.
    """

    __slots__ = ("_changes", "written")

    if TYPE_CHECKING:
        __match_args__: tuple[str, ...]
        id: str
        _changes: Changes | None
        written: bytes | None

    def __new__(cls, *_: object, **__: object) -> Self:
        """Make an object that reports to nothing yet."""
        thing = object.__new__(cls)
        object.__setattr__(thing, "written", None)
        object.__setattr__(thing, "_changes", None)
        return thing

    def __post_init__(self) -> None:
        # msgspec makes objects without `__new__`.
        object.__setattr__(self, "written", None)
        object.__setattr__(self, "_changes", None)

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        if self.written is not None:
            object.__setattr__(self, "written", None)
        if self._changes is not None:
            self._changes.note(self.id)

    def keep(self, written: bytes) -> None:
        """Keep how the resource is written, until it changes. There is one way for each type."""
        object.__setattr__(self, "written", written)

    def report_to(self, changes: Changes) -> None:
        """Report to these from now on."""
        object.__setattr__(self, "_changes", changes)

    def duplicate(self) -> Self:
        """Return a copy with the same values, which reports to nothing yet."""
        twin = type(self).__new__(type(self))
        for name in type(self).__match_args__:
            object.__setattr__(twin, name, getattr(self, name))
        return twin
