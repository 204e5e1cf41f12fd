"""Operations that list resources of any type, and get one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.problems import invalid, not_found
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
    return Result(HTTPStatus.OK, call.renderer.one(call.target(call.world.tables[described.kind], described.kind)))


def list_experiments(call: Call) -> Result:
    """Answer with experiments, over one dataset or in one space (B4)."""
    given = call.query()
    if "space_id" in given and "dataset_id" in given:
        raise invalid("space_id and dataset_id exclude each other; give at most one of them")
    return list_resources(BY_KIND[IdKind.EXPERIMENT], call)


def get_evaluator(call: Call) -> Result:
    """Answer with an evaluator as it is in any of its versions: no field that is shown differs between them."""
    evaluator = call.target(call.world.evaluators, IdKind.EVALUATOR)
    given = call.query()
    check_forms(call, given)
    version = given.get("version_id")
    if version is not None and version not in evaluator.version_ids:
        raise not_found(f"version_id: evaluator {evaluator.id} has no version {version}")
    return Result(HTTPStatus.OK, call.renderer.one(evaluator))
