"""The rules for creating, updating and triggering tasks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.rules import Step, has_duplicate_evaluator, has_experiments_elsewhere, rule
from tests.model.worlds import parse_time

if TYPE_CHECKING:
    from tests.model.contract import Json
    from tests.model.request import Request
    from tests.model.worlds import World

LONGEST_WINDOW = timedelta(days=30)
WINDOW = ("data_start_time", "data_end_time")
DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)", re.IGNORECASE
)
SHAPES = {
    "update_task": ("UpdateEvaluationTaskRequest", "UpdateRunExperimentTaskRequest"),
    "trigger_task_run": ("TriggerEvaluationTaskRunRequest", "TriggerRunExperimentTaskRunRequest"),
}
"""The body schemas for evaluation tasks and for run_experiment tasks."""
PROJECT_ONLY = {"update_task": {"sampling_rate", "is_continuous"}, "trigger_task_run": set(WINDOW)}
DATASET_ONLY: dict[str, set[str]] = {"update_task": set(), "trigger_task_run": {"experiment_ids"}}


def is_experiment(task: Json) -> bool:
    """Return True if a task is of type run_experiment."""
    return bool(task["type"] == contract.RUN_EXPERIMENT)


def fields_of_type(request: Request) -> frozenset[str]:
    """Return the fields that a body may have by the type of the task."""
    return contract.fields(SHAPES[request.name][is_experiment(request.task)])


def fields_of_other_data(request: Request) -> set[str]:
    """Return the fields that a body may not have by the data of the task: a project or a dataset."""
    return (DATASET_ONLY if "project" in request.task else PROJECT_ONLY)[request.name]


def effective_fields(request: Request) -> set[str]:
    """Return the fields of a body that have an effect: `is_continuous: false` has none for a task over a dataset."""
    return {name for name, value in request.fields.items() if name != "is_continuous" or value is not False}


def _has_fields_of_other_data(request: Request) -> bool:
    return not fields_of_other_data(request).isdisjoint(effective_fields(request))


def given(request: Request, name: str) -> datetime | None:
    """Return a time of the body, cut to milliseconds; None if it is absent or malformed (C32)."""
    text = request.fields.get(name)
    if not isinstance(text, str) or DATE_TIME.fullmatch(text) is None:
        return None
    try:
        found = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def window(request: Request) -> tuple[datetime | None, datetime]:
    """Return the window of a run over a project, with the defaults for absent ends (C28, J8, J9)."""
    end = given(request, "data_end_time") or request.world.now
    last = request.task.get("last_run_at")
    usual = None if last is None else max(parse_time(last), end - LONGEST_WINDOW)
    return given(request, "data_start_time") or usual, end


def taken_names(world: World, space_id: str, *, but: object = None) -> set[str]:
    """Return the names of the tasks of a space."""
    return {each["name"] for each in world.of("tasks") if each["id"] != but and world.space_of(each) == space_id}


@rule("C7", 422, Step.MEANING, "create_task", "update_task")
def duplicate_evaluator(request: Request) -> bool:
    """An evaluator is listed more than once."""
    return has_duplicate_evaluator(request.fields)


@rule("J25", 422, Step.MEANING, "create_task", "update_task")
def unfit_evaluator(request: Request) -> bool:
    """The type of an evaluator does not match the type of the task."""
    kind = request.fields["type"] if request.name == "create_task" else request.task["type"]
    found = [request.world.get("evaluators", each["evaluator_id"]) for each in request.fields.get("evaluators", ())]
    return any(each is not None and each["type"] != contract.EVALUATOR_FOR[kind] for each in found)


@rule("C13", 422, Step.MEANING, "create_task")
def experiments_of_another_dataset(request: Request) -> bool:
    """An experiment belongs to another dataset."""
    return has_experiments_elsewhere(request, request.fields.get("dataset_id"))


@rule("C8", 409, Step.NAME, "create_task", until_beta=True)
@rule("B19", 422, Step.NAME, "create_task")
def name_taken(request: Request) -> bool:
    """Another task of the space has the name."""
    space = request.world.space_of(
        {"project": request.fields.get("project_id"), "dataset": request.fields.get("dataset_id")}
    )
    return request.fields["name"] in taken_names(request.world, space)


@rule("C8", 409, Step.NAME, "update_task", until_beta=True)
@rule("B19", 422, Step.NAME, "update_task")
def new_name_taken(request: Request) -> bool:
    """Another task of the space has the new name."""
    space = request.world.space_of(request.task)
    return request.fields.get("name") in taken_names(request.world, space, but=request.task["id"])


@rule("C15", 400, Step.FIELDS, "update_task")
def foreign_update(request: Request) -> bool:
    """The update has a field of another task type."""
    return not fields_of_type(request).issuperset(request.fields)


@rule("C19", 400, Step.FIELDS, "update_task")
def project_field_over_dataset(request: Request) -> bool:
    """The update of a task over a dataset has a field for tasks over a project."""
    return _has_fields_of_other_data(request)


@rule("C21", 400, Step.FIELDS, "trigger_task_run")
def foreign_trigger(request: Request) -> bool:
    """The trigger has a field of another task type."""
    return not fields_of_type(request).issuperset(request.fields)


FOREIGN = {"update_task": (foreign_update, project_field_over_dataset), "trigger_task_run": (foreign_trigger,)}


def has_foreign_fields(request: Request) -> bool:
    """Return True if a field belongs to other tasks, whatever else is wrong with the body."""
    return any(is_broken(request) for is_broken in FOREIGN.get(request.name, ()))


@rule("C23", 400, Step.FIELDS, "trigger_task_run")
def missing_experiment_name(request: Request) -> bool:
    """The trigger of a run_experiment task has no experiment name."""
    return is_experiment(request.task) and "experiment_name" not in request.fields


@rule("C29", 400, Step.FIELDS, "trigger_task_run")
def window_over_dataset(request: Request) -> bool:
    """The trigger of an evaluation task over a dataset has a window."""
    is_over_project = "project" in request.task
    return not is_experiment(request.task) and not is_over_project and _has_fields_of_other_data(request)


@rule("C30", 400, Step.FIELDS, "trigger_task_run")
def experiments_over_project(request: Request) -> bool:
    """The trigger of a task over a project has experiments."""
    return "project" in request.task and _has_fields_of_other_data(request)


@rule("C30", 422, Step.MEANING, "trigger_task_run")
def foreign_experiments(request: Request) -> bool:
    """The trigger names experiments of another dataset."""
    return has_experiments_elsewhere(request, request.task.get("dataset"))


@rule("C32", 422, Step.MEANING, "trigger_task_run")
def unreadable_time(request: Request) -> bool:
    """A time is malformed, or has no offset."""
    return any(name in request.fields and given(request, name) is None for name in WINDOW)


@rule("C27", 422, Step.MEANING, "trigger_task_run")
def missing_start(request: Request) -> bool:
    """The first run of a task over a project has no start."""
    task = request.task
    return "project" in task and "data_start_time" not in request.fields and task.get("last_run_at") is None


@rule("C26", 422, Step.MEANING, "trigger_task_run")
def invalid_window(request: Request) -> bool:
    """The start is not before the end, or the window is longer than 30 days; an empty default window is allowed."""
    if "project" not in request.task:
        return False
    start, end = window(request)
    if start is None:
        return False
    is_asked_for = not set(WINDOW).isdisjoint(request.fields)
    return end - start > LONGEST_WINDOW or (is_asked_for and start >= end)


@rule("C13", 422, Step.MEANING, "trigger_task_run")
def foreign_version(request: Request) -> bool:
    """The dataset version belongs to another dataset."""
    version = request.world.get("dataset_versions", request.fields.get("dataset_version_id"))
    return version is not None and version["dataset"] != request.task.get("dataset")


@rule("C13", 422, Step.MEANING, "trigger_task_run")
def follower_is_no_evaluation(request: Request) -> bool:
    """A task to be triggered afterwards is not an evaluation task (C41)."""
    found = [request.world.get("tasks", each) for each in request.fields.get("evaluation_task_ids", ())]
    return any(each is not None and is_experiment(each) for each in found)


@rule("C25", 409, Step.NAME, "trigger_task_run")
def experiment_name_taken(request: Request) -> bool:
    """An experiment of the dataset has the name, or a pending run is to create one with it."""
    name, dataset = request.fields.get("experiment_name"), request.task.get("dataset")
    taken = {each["name"] for each in request.world.of("experiments") if each["dataset"] == dataset}
    return name is not None and name in taken | request.world.names_to_come(str(dataset))
