"""The rules on the fields of a body, without JSON Schema.

The server takes these rules from the schemas of the contract. If a schema loses one, the server accepts requests that
these predicates refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.rules import Step, rule

if TYPE_CHECKING:
    from tests.model.contract import Json
    from tests.model.request import Request

SET_BY_SERVER = frozenset({"id", "created_at", "updated_at", "created_by_user_id", "last_run_at"})
FIXED = frozenset({"type", "project_id", "dataset_id", "experiment_ids"})
NOT_FOR_EXPERIMENTS = frozenset(
    {"project_id", "evaluators", "experiment_ids", "sampling_rate", "is_continuous", "query_filter", "query_filters"}
)
CLEARABLE = frozenset({"query_filter", "query_filters"})
WRITES = ("create_task", "update_task")


def evaluates(request: Request) -> bool:
    """Return True if the body creates an evaluation task."""
    return request.fields.get("type") in (contract.TEMPLATE_EVALUATION, contract.CODE_EVALUATION)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@rule("C1", 400, Step.SHAPE, "create_task")
def not_one_source(request: Request) -> bool:
    """An evaluation task has both a project and a dataset, or neither."""
    return evaluates(request) and ("project_id" in request.fields) == ("dataset_id" in request.fields)


@rule("C2", 400, Step.SHAPE, "create_task")
def missing_experiments(request: Request) -> bool:
    """An evaluation task over a dataset has no experiments."""
    return evaluates(request) and "dataset_id" in request.fields and not request.fields.get("experiment_ids")


@rule("C3", 400, Step.SHAPE, "create_task")
def experiments_over_project(request: Request) -> bool:
    """An evaluation task over a project has experiments."""
    return evaluates(request) and "project_id" in request.fields and bool(request.fields.get("experiment_ids"))


@rule("C4", 400, Step.SHAPE, *WRITES)
def invalid_rate(request: Request) -> bool:
    """The sampling rate is not within 0 and 1, or is given for a new task over a dataset."""
    rate = request.fields.get("sampling_rate")
    over_dataset = request.name == "create_task" and "dataset_id" in request.fields
    return rate is not None and (over_dataset or not _is_number(rate) or not 0 <= rate <= 1)


@rule("C5", 400, Step.SHAPE, "create_task")
def continuous_over_dataset(request: Request) -> bool:
    """A new task over a dataset is continuous."""
    return "dataset_id" in request.fields and request.fields.get("is_continuous", False) is not False


@rule("C6", 400, Step.SHAPE, "create_task")
def missing_evaluators(request: Request) -> bool:
    """An evaluation task has no evaluators."""
    return evaluates(request) and not request.fields.get("evaluators")


@rule("C8", 400, Step.SHAPE, *WRITES)
def empty_name(request: Request) -> bool:
    """The name is empty, or a new task has none."""
    return request.fields.get("name") == "" or (request.name == "create_task" and "name" not in request.fields)


@rule("C9", 400, Step.SHAPE, *WRITES)
def server_field_set(request: Request) -> bool:
    """The body has a field that the server sets."""
    return not SET_BY_SERVER.isdisjoint(request.fields)


@rule("C11", 400, Step.SHAPE, "create_task")
def unfit_for_experiments(request: Request) -> bool:
    """A run_experiment task lacks its dataset or configuration, or has fields of evaluation tasks."""
    body = request.fields
    if body.get("type") != contract.RUN_EXPERIMENT:
        return False
    return not {"dataset_id", "run_configuration"} <= body.keys() or not NOT_FOR_EXPERIMENTS.isdisjoint(body)


@rule("C14", 400, Step.SHAPE, "update_task")
def empty_update(request: Request) -> bool:
    """An update changes nothing, or has only nulls; null clears a filter, which is a change (J17)."""
    body = request.fields
    return CLEARABLE.isdisjoint(body) and all(value is None for value in body.values())


@rule("J16", 400, Step.SHAPE, *WRITES, "trigger_task_run")
def null_field(request: Request) -> bool:
    """A top-level field that is not nullable is null; in an update only the filters are nullable."""
    nulls = {name for name, value in request.fields.items() if value is None}
    return bool(nulls - CLEARABLE if request.name == "update_task" else nulls)


@rule("C17", 400, Step.SHAPE, "update_task")
def evaluators_removed(request: Request) -> bool:
    """The new list of evaluators is empty."""
    return bool(request.fields.get("evaluators") == [])


@rule("C20", 400, Step.SHAPE, "update_task")
def fixed_field_changed(request: Request) -> bool:
    """An update changes a field that is fixed at creation."""
    return not FIXED.isdisjoint(request.fields)


@rule("C24", 400, Step.SHAPE, "trigger_task_run")
def conflicting_choice_of_examples(request: Request) -> bool:
    """Both example ids and a number of examples are given, the ids are empty, or the number is below 1."""
    both = {"example_ids", "max_examples"} <= request.fields.keys()
    return both or request.fields.get("example_ids") == [] or _is_below_one(request.fields.get("max_examples", 1))


@rule("C30", 400, Step.SHAPE, "trigger_task_run")
def empty_experiments(request: Request) -> bool:
    """The list of experiments is empty."""
    return bool(request.fields.get("experiment_ids") == [])


@rule("C31", 400, Step.SHAPE, "trigger_task_run")
def too_few_spans(request: Request) -> bool:
    """The limit of spans is below 1."""
    return _is_below_one(request.fields.get("max_spans", 1))


def _is_below_one(value: Json) -> bool:
    return bool(not _is_number(value) or value < 1)


@rule("C23", 400, Step.SHAPE, "trigger_task_run")
def empty_experiment_name(request: Request) -> bool:
    """The experiment name is empty."""
    return bool(request.fields.get("experiment_name") == "")
