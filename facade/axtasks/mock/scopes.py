"""The filters that say where to look: identifiers of spaces and their like, and parts of a space's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ids
from .call import malformed
from .ids import Kind
from .pages import contains
from .problems import invalid, not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import State
    from .world import World

KINDS = {
    "org_id": Kind.ORGANIZATION,
    "space_id": Kind.SPACE,
    "project_id": Kind.PROJECT,
    "dataset_id": Kind.DATASET,
    "version_id": Kind.EVALUATOR_VERSION,
}


def check_forms(state: State, query: Mapping[str, str | int], *, must_exist: bool) -> None:
    """Refuse malformed identifiers (C43), and unknown ones too where the operation declares a 404 (C42)."""
    given = {name: str(query[name]) for name in KINDS if name in query}
    for name, identifier in given.items():
        if ids.parse(identifier) is None:
            raise invalid(malformed(name, identifier))
    for name, identifier in given.items():
        if must_exist and state.holds(KINDS[name], identifier) is False:
            raise not_found(f"{name}: there is no {KINDS[name].noun} {identifier}")


def spaces_named(world: World, part: str | int | None) -> frozenset[str] | None:
    """The spaces whose name contains this text in any case, or None when no text was given."""
    if part is None:
        return None
    return frozenset(space.id for space in world.spaces.all() if contains(part, space.name))
