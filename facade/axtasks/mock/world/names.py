"""Lookup of resources by identifier, name or path (`space/name`), for world files and for assertions on the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock import ids
from axtasks.mock.ids import IdKind
from axtasks.mock.suggestions import hint

from .query import NAME
from .resource_types import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from .world import World

OWNER_OF = {kind: each.owner_kind for kind, each in BY_KIND.items() if each.owner_kind is not None}
"""The kind of what a resource of each kind is in."""
MOST_CHOICES = 5
MOST_SLASHES = 64


class UnknownNameError(LookupError):
    """A reference that leads nowhere, or to several things; says so, with what was probably meant."""


class Names:
    """Everything in a world that can be referred to."""

    def __init__(self, world: World, kinds: Iterable[IdKind] = IdKind) -> None:
        """Know the things of these kinds, for which those that they are in have to be among them."""
        self._of: dict[IdKind, dict[str, str]] = {kind: {} for kind in IdKind}
        self._by_name: dict[tuple[IdKind, str], list[str]] = {}
        self._owner: dict[str, str] = {}
        for kind in kinds:
            self.add_all(world, kind)

    def add_all(self, world: World, kind: IdKind, part_of: str | None = None) -> None:
        """From now on all of a kind can be referred to, or with `part_of` those whose name is part of that text."""
        described = BY_KIND.get(kind)
        if described is not None and NAME in described.attributes:
            for each in world.tables[kind].all():
                if part_of is None or each.name in part_of:
                    self.add(kind, each.id, each.name, described.owner_of(each))

    def add(self, kind: IdKind, identifier: str, name: str, owner: str | None = None) -> None:
        """From now on this can be referred to."""
        self._of[kind][identifier] = name
        self._by_name.setdefault((kind, name), []).append(identifier)
        if owner is not None:
            self._owner[identifier] = owner

    def all(self, kind: IdKind) -> list[str]:
        """The identifiers of everything of a kind."""
        return list(self._of[kind])

    def owner(self, identifier: str) -> str | None:
        """Return the owner of a resource, if it has one."""
        return self._owner.get(identifier)

    def name(self, identifier: str) -> str | None:
        """The name of what has this identifier, or None."""
        return next((named[identifier] for named in self._of.values() if identifier in named), None)

    def meant(self, kind: IdKind, text: str) -> list[str]:
        """The identifiers of everything of a kind that a name, or a path of names, can mean."""
        return list(dict.fromkeys(self._named(kind, text)))

    def find(self, kind: IdKind, text: str, *, inside: str | None = None, near: str | None = None) -> str:
        """The identifier of what a reference means: it has to be `inside` of that, and is preferably `near` this."""
        if text in self._of[kind] and inside in {None, self._owner.get(text)}:
            return text
        found = self.meant(kind, text)
        if inside is not None:
            found = [each for each in found if self._owner.get(each) == inside]
        if len(found) > 1:
            found = [each for each in found if near is not None and self._owner.get(each) == near] or found
        if len(found) == 1:
            return found[0]
        raise UnknownNameError(self._several(kind, text, found) if found else self._none(kind, text, inside))

    def _named(self, kind: IdKind, text: str) -> Iterator[str]:
        """All that a name or a path of names can mean."""
        yield from self._by_name.get((kind, text), ())
        for head, tail in _splits(text):
            for each in self._by_name.get((kind, tail), ()):
                if each in self._owner and self._is(OWNER_OF[kind], self._owner[each], head):
                    yield each

    def _is(self, kind: IdKind, identifier: str, text: str) -> bool:
        name = self._of[kind][identifier]
        return text in {identifier, name} or any(
            tail == name and identifier in self._owner and self._is(OWNER_OF[kind], self._owner[identifier], head)
            for head, tail in _splits(text)
        )

    def _several(self, kind: IdKind, text: str, found: list[str]) -> str:
        paths = [self.path(kind, each) for each in found]
        choices = paths if len(set(paths)) == len(paths) else found
        shown = ", ".join(map(repr, choices[:MOST_CHOICES])) + (", ..." if len(choices) > MOST_CHOICES else "")
        return f"{len(found)} {kind.noun}s are named {text!r}; say which: {shown}"

    def _none(self, kind: IdKind, text: str, inside: str | None) -> str:
        name = text
        owner_kind = OWNER_OF.get(kind)
        if owner_kind is not None and inside is None:
            for head, tail in _splits(text):
                owners = list(dict.fromkeys(self._named(owner_kind, head)))
                if len(owners) == 1:
                    inside, name = owners[0], tail
        place = ""
        if owner_kind is not None and inside is not None:
            place = f" in {owner_kind.noun} {self._of[owner_kind][inside]!r}"
        known = [each for identifier, each in self._of[kind].items() if inside in {None, self._owner.get(identifier)}]
        if ids.parse(name) is not None:
            return f"there is no {kind.noun} {name}{place}"
        return f"no {kind.noun} is named {name!r}{place}{hint(name, known)}"

    def path(self, kind: IdKind, identifier: str) -> str:
        """Return the names that lead to a thing, from the outermost: `space/dataset/version`."""
        name = self._of[kind][identifier]
        owner = self._owner.get(identifier)
        return name if owner is None else f"{self.path(OWNER_OF[kind], owner)}/{name}"


class Worlds:
    """The names in some worlds, looked up on demand: worlds can be large, and change meanwhile."""

    def __init__(self, present: Callable[[], Iterable[World]], lock: AbstractContextManager[object]) -> None:
        """`present` tells the worlds, which do not change while the lock is held."""
        self._present = present
        self._lock = lock

    def meant(self, kind: IdKind, text: str) -> frozenset[str]:
        """The identifiers of everything of a kind that a name, or a path of names, can mean in any of the worlds."""
        kinds = [kind]
        while kinds[-1] in OWNER_OF:
            kinds.append(OWNER_OF[kinds[-1]])
        with self._lock:
            return frozenset(each for world in self._present() for each in _meant(world, kinds, text))

    def names(self) -> tuple[Names, ...]:
        """All names in each of the worlds."""
        with self._lock:
            return tuple(Names(world) for world in self._present())


def _meant(world: World, kinds: Sequence[IdKind], text: str) -> list[str]:
    """The same in one world, also by names that its tasks had before; `kinds` are that of the things and its owners."""
    names = Names(world, kinds[1:])
    names.add_all(world, kinds[0], text)
    for former in world.former_names if IdKind.TASK in kinds else ():
        if names.name(former.space_id) is None:
            names.add(IdKind.SPACE, former.space_id, former.space_name)
        names.add(IdKind.TASK, former.task_id, former.name, former.space_id)
    return names.meant(kinds[0], text)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Every way to read a text as `owner/name`: names may have slashes in them."""
    slashes = [at for at, character in enumerate(text) if character == "/"]
    # Each way is split again to tell the owner, which takes too long for a text made of slashes.
    for at in slashes if len(slashes) <= MOST_SLASHES else ():
        yield text[:at], text[at + 1 :]
