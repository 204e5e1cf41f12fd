"""Operations that list resources of any type, and get one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.problems import invalid, not_found
from axtasks.mock.world.query import Query
from axtasks.mock.world.resource_types import BY_KIND

from .filters import check_forms, query_of
from .pagination import page
from .request import Call, Result

if TYPE_CHECKING:
    from axtasks.mock.world.resource_types import ResourceType


def list_resources(described: ResourceType, call: Call) -> Result:
    """Answer with a page of a type's resources that match all filters."""
    given = call.query()
    check_forms(call, given)
    return page(call, given, described, call.world.tables[described.kind], query_of(call, given, described))


def get_resource(described: ResourceType, call: Call) -> Result:
    """Answer with the resource that the path names."""
    found = call.target(call.world.tables[described.kind], described.kind)
    if not described.has(found):
        raise not_found(f"there is no {described.kind.noun} {found.id}")
    return Result(HTTPStatus.OK, call.renderer.one(found, described))


def list_versions(described: ResourceType, call: Call) -> Result:
    """Answer with a page of the versions of the resource that the path names."""
    kind, owner = described.owner_kind, described.owner
    if kind is None or owner is None:
        raise LookupError(f"{described.name} are versions of nothing")
    holder = call.target(call.world.tables[kind], kind)
    query = Query({owner: (holder.id,)})
    return page(call, call.query(), described, call.world.tables[described.kind], query)


def list_experiments(call: Call) -> Result:
    """Answer with experiments, over one dataset or in one space (B4)."""
    given = call.query()
    if "space_id" in given and "dataset_id" in given:
        raise invalid("space_id and dataset_id exclude each other; give at most one of them")
    return list_resources(BY_KIND[IdKind.EXPERIMENT], call)


def get_versioned(described: ResourceType, call: Call) -> Result:
    """Answer with the resource that the path names and one of its versions: the latest if none is asked for."""
    holder = call.target(call.world.tables[described.kind], described.kind)
    given = call.query()
    check_forms(call, given)
    chosen = [
        each
        for each in holder.versions
        if given.get("version_id", each.id) == each.id and ("label" not in given or given["label"] in each.labels)
    ]
    if not chosen:
        asked = " and ".join(f"{name} {given[name]}" for name in ("version_id", "label") if name in given)
        raise not_found(f"{described.kind.noun} {holder.id} has no version with {asked}")
    shown = call.renderer.show(holder)
    if "version" in shown:
        shown["version"] = call.renderer.show(chosen[-1])
    return Result(HTTPStatus.OK, shown)
