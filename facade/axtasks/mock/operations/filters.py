"""The filters that say where to look: identifiers of spaces and their like, and parts of a space's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock import ids
from axtasks.mock.ids import Kind
from axtasks.mock.problems import not_found
from axtasks.mock.world.query import Wanted

from .request import malformed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from axtasks.mock.simulation.state import State

    from .request import Call

SPACE_ID = "space_id"
ATTRIBUTES = {"org_id": "organization_id"}
"""The attributes of things that parameters of another name are about."""
KINDS = {
    "org_id": Kind.ORGANIZATION,
    "space_id": Kind.SPACE,
    "project_id": Kind.PROJECT,
    "dataset_id": Kind.DATASET,
    "version_id": Kind.EVALUATOR_VERSION,
}


def check_forms(call: Call, query: Mapping[str, str | int]) -> None:
    """Refuse malformed identifiers (C43), and unknown ones too where the list declares a 404 (C42, B3)."""
    state, must_exist = call.state, call.operation.id.startswith("list_") and "404" in call.operation.statuses
    given = {name: str(query[name]) for name in KINDS if name in query}
    for name, identifier in given.items():
        if ids.parse(identifier) is None:
            raise malformed(name, identifier)
    for name, identifier in given.items():
        if must_exist and not _is_there(state, KINDS[name], identifier):
            raise not_found(f"{name}: there is no {KINDS[name].noun} {identifier}")


def _is_there(state: State, kind: Kind, identifier: str) -> bool:
    """Whether the caller knows of such a thing; of an organization, by a space of it."""
    if kind is Kind.ORGANIZATION:
        return any(state.sees(space) for space in state.world.spaces.all() if space.organization_id == identifier)
    return state.holds(kind, identifier) is not False


def wanted(call: Call, query: Mapping[str, str | int], *names: str) -> Wanted:
    """What the filters of these names, and parts of names, ask for; of things in spaces, those the caller can see."""
    values: dict[str, Collection[object]] = {
        ATTRIBUTES.get(name, name): (query[name],) for name in names if name in query
    }
    if SPACE_ID in names:
        limits = [values[SPACE_ID]] if SPACE_ID in values else []
        if "space_name" in query:
            part = Wanted(part=str(query["space_name"]))
            limits.append([space.id for _, space in call.world.spaces.newest_first(wanted=part)])
        if call.state.sight.spaces is not None:
            limits.append(call.state.sight.spaces)
        if limits:
            values[SPACE_ID] = frozenset.intersection(*map(frozenset, limits))
    return Wanted(values, str(query.get("name", "")))
