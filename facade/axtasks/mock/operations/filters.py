"""The filters that say where to look: identifiers of spaces and their like, and parts of a space's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock import ids
from axtasks.mock.ids import IdKind
from axtasks.mock.problems import not_found
from axtasks.mock.world.query import Query
from axtasks.mock.world.resource_types import REFERENCES

from .request import malformed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.resource_types import ResourceType

    from .request import Call

SPACE_ID = "space_id"
ATTRIBUTES = {"organization_id": "org_id"}
"""The names of parameters that are not those of the attributes they filter by."""
KINDS = {**REFERENCES, "org_id": IdKind.ORGANIZATION, "version_id": IdKind.EVALUATOR_VERSION}
"""The kinds of the identifiers that parameters take."""


def check_forms(call: Call, given: Mapping[str, str | int]) -> None:
    """Refuse malformed identifiers (C43), and unknown ones too where the list declares a 404 (C42, B3)."""
    state, must_exist = call.state, call.operation.id.startswith("list_") and "404" in call.operation.statuses
    identifiers = {name: str(given[name]) for name in call.operation.query if name in KINDS and name in given}
    for name, identifier in identifiers.items():
        if ids.parse(identifier) is None:
            raise malformed(name, identifier)
    for name, identifier in identifiers.items():
        if must_exist and not _is_there(state, KINDS[name], identifier):
            raise not_found(f"{name}: there is no {KINDS[name].noun} {identifier}")


def _is_there(state: State, kind: IdKind, identifier: str) -> bool:
    """Return whether the caller knows of such a resource; of an organization, by a space of it."""
    if kind is IdKind.ORGANIZATION:
        return any(state.sees(space) for space in state.world.spaces.all() if space.organization_id == identifier)
    return state.holds(kind, identifier) is not False


def query_of(call: Call, given: Mapping[str, str | int], described: ResourceType) -> Query:
    """Return the query that parameters ask for; of resources in spaces, it finds those that the caller can see."""
    values: dict[str, Collection[object]] = {
        attribute: (given[name],)
        for attribute in described.indexed
        if (name := ATTRIBUTES.get(attribute, attribute)) in given
    }
    if SPACE_ID in described.indexed:
        limits = [values[SPACE_ID]] if SPACE_ID in values else []
        if "space_name" in given:
            part = Query(part=str(given["space_name"]))
            limits.append([space.id for _, space in call.world.spaces.newest_first(query=part)])
        if call.state.visibility.spaces is not None:
            limits.append(call.state.visibility.spaces)
        if limits:
            values[SPACE_ID] = frozenset.intersection(*map(frozenset, limits))
    values |= {name: (value,) for name, value in described.limits.items()}
    return Query(values, str(given.get("name", "")))
