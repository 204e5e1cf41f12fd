"""The rules for creating, updating and triggering tasks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.rules import Step, evaluator_twice, experiments_elsewhere, rule
from tests.model.worlds import moment

if TYPE_CHECKING:
    from tests.model.contract import Json
    from tests.model.request import Asked
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
"""The bodies for evaluation tasks and for those of type run_experiment."""
PROJECT_ONLY = {"update_task": {"sampling_rate", "is_continuous"}, "trigger_task_run": set(WINDOW)}
DATASET_ONLY: dict[str, set[str]] = {"update_task": set(), "trigger_task_run": {"experiment_ids"}}


def is_experiment(task: Json) -> bool:
    """Whether a task is of type run_experiment."""
    return bool(task["type"] == contract.RUN_EXPERIMENT)


def fields_of_type(asked: Asked) -> frozenset[str]:
    """The fields that a body for the task may have, by its type."""
    return contract.fields(SHAPES[asked.name][is_experiment(asked.task)])


def fields_of_other_data(asked: Asked) -> set[str]:
    """The fields that a body for the task may not have, by what its data is in."""
    return (DATASET_ONLY if "project" in asked.task else PROJECT_ONLY)[asked.name]


def said_fields(asked: Asked) -> set[str]:
    """The fields of a body that ask for anything: `is_continuous: false` asks nothing of a task over a dataset."""
    return {name for name, value in asked.fields.items() if name != "is_continuous" or value is not False}


def _has_fields_of_other_data(asked: Asked) -> bool:
    return not fields_of_other_data(asked).isdisjoint(said_fields(asked))


def given(asked: Asked, name: str) -> datetime | None:
    """A time in the body, cut to milliseconds; None when it is not there or is none (C32)."""
    text = asked.fields.get(name)
    if not isinstance(text, str) or DATE_TIME.fullmatch(text) is None:
        return None
    try:
        found = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def window(asked: Asked) -> tuple[datetime | None, datetime]:
    """The window of a run over a project: what is given, and what holds where nothing is (C28, J8, J9)."""
    end = given(asked, "data_end_time") or asked.world.now
    last = asked.task.get("last_run_at")
    usual = None if last is None else max(moment(last), end - LONGEST_WINDOW)
    return given(asked, "data_start_time") or usual, end


def taken_names(world: World, space_id: str, *, but: object = None) -> set[str]:
    """The names of the tasks of a space."""
    return {each["name"] for each in world.of("tasks") if each["id"] != but and world.space_of(each) == space_id}


@rule("C7", 422, Step.MEANING, "create_task", "update_task")
def twice(asked: Asked) -> bool:
    """An evaluator stands in the list more than once."""
    return evaluator_twice(asked.fields)


@rule("J25", 422, Step.MEANING, "create_task", "update_task")
def unfit_evaluator(asked: Asked) -> bool:
    """An evaluator is not of the type that the task applies."""
    kind = asked.fields["type"] if asked.name == "create_task" else asked.task["type"]
    found = [asked.world.get("evaluators", each["evaluator_id"]) for each in asked.fields.get("evaluators", ())]
    return any(each is not None and each["type"] != contract.EVALUATOR_FOR[kind] for each in found)


@rule("C13", 422, Step.MEANING, "create_task")
def experiments_of_another(asked: Asked) -> bool:
    """An experiment is not over the task's dataset."""
    return experiments_elsewhere(asked, asked.fields.get("dataset_id"))


@rule("C8", 409, Step.NAME, "create_task", until_beta=True)
@rule("B19", 422, Step.NAME, "create_task")
def name_taken(asked: Asked) -> bool:
    """A task of the space bears the name."""
    space = asked.world.space_of({"project": asked.fields.get("project_id"), "dataset": asked.fields.get("dataset_id")})
    return asked.fields["name"] in taken_names(asked.world, space)


@rule("C8", 409, Step.NAME, "update_task", until_beta=True)
@rule("B19", 422, Step.NAME, "update_task")
def new_name_taken(asked: Asked) -> bool:
    """Another task of the space bears the new name."""
    space = asked.world.space_of(asked.task)
    return asked.fields.get("name") in taken_names(asked.world, space, but=asked.task["id"])


@rule("C15", 400, Step.FIELDS, "update_task")
def foreign_update(asked: Asked) -> bool:
    """A field is for tasks of another type."""
    return not fields_of_type(asked).issuperset(asked.fields)


@rule("C19", 400, Step.FIELDS, "update_task")
def project_only(asked: Asked) -> bool:
    """A field for tasks over a project, for one over a dataset."""
    return _has_fields_of_other_data(asked)


@rule("C21", 400, Step.FIELDS, "trigger_task_run")
def foreign_trigger(asked: Asked) -> bool:
    """A field is for tasks of another type."""
    return not fields_of_type(asked).issuperset(asked.fields)


FOREIGN = {"update_task": (foreign_update, project_only), "trigger_task_run": (foreign_trigger,)}


def has_foreign_fields(asked: Asked) -> bool:
    """Whether a field is for other tasks, whatever else may be wrong with the body."""
    return any(is_broken(asked) for is_broken in FOREIGN.get(asked.name, ()))


@rule("C23", 400, Step.FIELDS, "trigger_task_run")
def nameless_experiment(asked: Asked) -> bool:
    """A run of a run_experiment task has no name for its experiment."""
    return is_experiment(asked.task) and "experiment_name" not in asked.fields


@rule("C29", 400, Step.FIELDS, "trigger_task_run")
def needless_window(asked: Asked) -> bool:
    """A window for an evaluation task over a dataset."""
    is_over_project = "project" in asked.task
    return not is_experiment(asked.task) and not is_over_project and _has_fields_of_other_data(asked)


@rule("C30", 400, Step.FIELDS, "trigger_task_run")
def needless_experiments(asked: Asked) -> bool:
    """Experiments for a task over a project."""
    return "project" in asked.task and _has_fields_of_other_data(asked)


@rule("C30", 422, Step.MEANING, "trigger_task_run")
def foreign_experiments(asked: Asked) -> bool:
    """Experiments of another dataset."""
    return experiments_elsewhere(asked, asked.task.get("dataset"))


@rule("C32", 422, Step.MEANING, "trigger_task_run")
def unreadable_time(asked: Asked) -> bool:
    """A time is none, or has no offset."""
    return any(name in asked.fields and given(asked, name) is None for name in WINDOW)


@rule("C27", 422, Step.MEANING, "trigger_task_run")
def no_start(asked: Asked) -> bool:
    """The first run of a task over a project has no start."""
    task = asked.task
    return "project" in task and "data_start_time" not in asked.fields and task.get("last_run_at") is None


@rule("C26", 422, Step.MEANING, "trigger_task_run")
def no_window(asked: Asked) -> bool:
    """The start is not before the end, or more than 30 days; an empty window that nobody asked for is none of that."""
    if "project" not in asked.task:
        return False
    start, end = window(asked)
    if start is None:
        return False
    is_asked_for = not set(WINDOW).isdisjoint(asked.fields)
    return end - start > LONGEST_WINDOW or (is_asked_for and start >= end)


@rule("C13", 422, Step.MEANING, "trigger_task_run")
def foreign_version(asked: Asked) -> bool:
    """A dataset version is not one of the task's dataset."""
    version = asked.world.get("dataset_versions", asked.fields.get("dataset_version_id"))
    return version is not None and version["dataset"] != asked.task.get("dataset")


@rule("C13", 422, Step.MEANING, "trigger_task_run")
def no_evaluation(asked: Asked) -> bool:
    """What is to be triggered afterwards is not an evaluation task (C41)."""
    found = [asked.world.get("tasks", each) for each in asked.fields.get("evaluation_task_ids", ())]
    return any(each is not None and is_experiment(each) for each in found)


@rule("C25", 409, Step.NAME, "trigger_task_run")
def experiment_name_taken(asked: Asked) -> bool:
    """An experiment of the dataset bears the name, or one that a run has yet to create will."""
    name, dataset = asked.fields.get("experiment_name"), asked.task.get("dataset")
    taken = {each["name"] for each in asked.world.of("experiments") if each["dataset"] == dataset}
    return name is not None and name in taken | asked.world.names_to_come(str(dataset))
