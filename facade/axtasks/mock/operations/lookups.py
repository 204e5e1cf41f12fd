"""The read-only operations that find things by name.

The documents' contract declares no 404 for these lists: an unknown scope is empty there. Where one is declared, an
unknown scope is not found.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from axtasks.mock.ids import Kind
from axtasks.mock.problems import invalid, not_found
from axtasks.mock.world.model import Dataset, Evaluator, Project

from .filters import check_forms, wanted
from .pagination import page
from .request import Answer, Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock.world.table import Shelf

    from .rendering import View

S = TypeVar("S", Project, Dataset, Evaluator)


def list_spaces(call: Call) -> Answer:
    """Spaces, of one organization if that is wanted."""
    query = call.query()
    check_forms(call, query)

    found = wanted(call, query, "org_id")
    return page(call, query, name="spaces", shelf=call.world.spaces, show=call.views.space, wanted=found)


def _list_in_spaces(call: Call, name: str, shelf: Shelf[S], show: Callable[[S], View]) -> Answer:
    query = call.query()
    check_forms(call, query)
    return page(call, query, name=name, shelf=shelf, show=show, wanted=wanted(call, query, "space_id"))


def list_projects(call: Call) -> Answer:
    """Projects."""
    return _list_in_spaces(call, "projects", call.world.projects, call.views.project)


def list_datasets(call: Call) -> Answer:
    """Datasets, without their versions."""
    return _list_in_spaces(call, "datasets", call.world.datasets, call.views.listed_dataset)


def list_evaluators(call: Call) -> Answer:
    """Evaluators, last updated first."""
    return _list_in_spaces(call, "evaluators", call.world.evaluators, call.views.evaluator)


def list_experiments(call: Call) -> Answer:
    """Experiments, over one dataset or in one space if that is wanted (B4)."""
    query = call.query()
    if "space_id" in query and "dataset_id" in query:
        raise invalid("space_id and dataset_id exclude each other; give at most one of them")
    check_forms(call, query)

    found = wanted(call, query, "space_id", "dataset_id")
    return page(call, query, name="experiments", shelf=call.world.experiments, show=call.views.experiment, wanted=found)


def get_space(call: Call) -> Answer:
    """One space."""
    return Answer(HTTPStatus.OK, call.views.space(call.target(call.world.spaces, "space_id", Kind.SPACE.noun)))


def get_project(call: Call) -> Answer:
    """One project."""
    return Answer(HTTPStatus.OK, call.views.project(call.target(call.world.projects, "project_id", Kind.PROJECT.noun)))


def get_dataset(call: Call) -> Answer:
    """One dataset with its versions."""
    return Answer(HTTPStatus.OK, call.views.dataset(call.target(call.world.datasets, "dataset_id", Kind.DATASET.noun)))


def get_experiment(call: Call) -> Answer:
    """One experiment."""
    experiment = call.target(call.world.experiments, "experiment_id", Kind.EXPERIMENT.noun)
    return Answer(HTTPStatus.OK, call.views.experiment(experiment))


def get_evaluator(call: Call) -> Answer:
    """One evaluator, as it is in any of its versions: no field that is shown differs between them."""
    evaluator = call.target(call.world.evaluators, "evaluator_id", Kind.EVALUATOR.noun)
    query = call.query()
    check_forms(call, query)
    version = query.get("version_id")
    if version is not None and version not in evaluator.version_ids:
        raise not_found(f"version_id: evaluator {evaluator.id} has no version {version}")
    return Answer(HTTPStatus.OK, call.views.evaluator(evaluator))
