"""Visibility for the caller of a request (C45): what cannot be seen is answered as if it were not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks.mock.problems import quoted

from .api_keys import ApiKey, Role
from .model import Space
from .resource_types import BY_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.contract.contract import Contract

    from .world import World


@dataclass(frozen=True, slots=True)
class Visibility:
    """The spaces that can be seen, None for all of them, and whether anything may be changed there."""

    spaces: frozenset[str] | None = None
    may_write: bool = True

    def sees(self, world: World, thing: object) -> bool:
        """Return whether a resource can be seen."""
        return self.spaces is None or space_of(world, thing) in self.spaces


EVERYTHING = Visibility()
"""The visibility where no keys are listed."""


def of_key(world: World, key: ApiKey | None) -> Visibility:
    """Return the visibility for the holder of a key; without a key, everything."""
    if key is None:
        return EVERYTHING
    spaces = None
    if key.spaces is not None:
        spaces = frozenset(it.id for it in world.spaces.all() if not {it.id, it.name}.isdisjoint(key.spaces))
    return Visibility(spaces, key.role is not Role.READ_ONLY)


def space_names(world: World) -> set[str]:
    """Return the identifiers and the names of the spaces of a world."""
    return {name for space in world.spaces.all() for name in (space.id, space.name)}


def check_spaces(world: World, keys: Iterable[ApiKey]) -> None:
    """Refuse keys that are restricted to spaces which are not there."""
    known = space_names(world)
    for key in keys:
        for name in key.spaces or ():
            if name not in known:
                raise ValueError(f"an API key is restricted to the space {quoted(name)}, which is not there")


def has_words_for(contract: Contract, resource: object) -> bool:
    """Return whether a contract can show a resource: callers do not see one that has values it lacks."""
    is_known = BY_MODEL[type(resource)].is_known
    return is_known is None or is_known(contract, resource)


def space_of(world: World, resource: object) -> str | None:
    """Return the space that a resource is in: its own, or that of its owner."""
    if isinstance(resource, Space):
        return resource.id
    space_id: str | None = getattr(resource, "space_id", None)
    described = BY_MODEL.get(type(resource))
    kind, owner = (None, None) if described is None else (described.owner_kind, described.owner_of(resource))
    return space_id if space_id is not None or kind is None else space_of(world, world.find(kind, owner or ""))
