"""From a task's type to the request body that fits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from axtasks_api_beta import models

from .errors import NotApplicableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api_beta.codec import Model
    from axtasks_api_beta.models import (
        CreateCodeEvaluationTaskRequest,
        CreateTemplateEvaluationTaskRequest,
        TaskType,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
        UpdateEvaluationTaskRequest,
        UpdateRunExperimentTaskRequest,
    )

    from .dialects import Dialect
    from .facts import TaskFacts

    ModelT = TypeVar("ModelT", bound=Model)
    EvaluationBody = CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest
    UpdateBody = UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest
    TriggerBody = TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest

# Fields that depend on what an evaluation task works on, by the attribute that says so.
ONLY_OVER_PROJECT = ("sampling_rate", "is_continuous", "data_start_time", "data_end_time")
ONLY_OVER_DATASET = ("experiment_ids",)


def evaluation_types() -> list[TaskType]:
    """The task types that evaluate."""
    return [models.TaskType.TEMPLATE_EVALUATION, models.TaskType.CODE_EVALUATION]


def create_model(
    task_type: TaskType,
) -> type[CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest]:
    """The body that creates evaluation tasks of a type."""
    template = task_type is models.TaskType.TEMPLATE_EVALUATION
    return models.CreateTemplateEvaluationTaskRequest if template else models.CreateCodeEvaluationTaskRequest


def update_models() -> Sequence[type[UpdateBody]]:
    """The bodies that update tasks, one of which fits each type."""
    return (models.UpdateEvaluationTaskRequest, models.UpdateRunExperimentTaskRequest)


def update_model(task_type: TaskType) -> type[UpdateBody]:
    """The body that updates tasks of a type."""
    return update_models()[0 if _evaluates(task_type) else 1]


def trigger_models() -> Sequence[type[TriggerBody]]:
    """The bodies that trigger tasks, one of which fits each type."""
    return (models.TriggerEvaluationTaskRunRequest, models.TriggerRunExperimentTaskRunRequest)


def trigger_model(task_type: TaskType) -> type[TriggerBody]:
    """The body that triggers tasks of a type."""
    return trigger_models()[0 if _evaluates(task_type) else 1]


def filled(model: type[ModelT], fields: Mapping[str, Any]) -> ModelT:
    """The body with these fields; their values were checked before."""
    return model(**fields)


def fields_of(model: type[Model], dialect: Dialect) -> list[str]:
    """The fields that a body has in the dialect in use."""
    return [field.name for field in model.fields() if not dialect.lacks(model, field.name)]


def check_applicable(task: TaskFacts, model: type[Model], given: Mapping[str, Any], dialect: Dialect) -> None:
    """Nothing, once all given fields apply to the task (rules C15, C19, C21, C29, C30).

    Args:
        task: the task as it was last seen.
        model: the body that fits its type.
        given: the fields that would be sent, by name.
        dialect: the dialect of the contract that they would be sent in.

    Raises:
        NotInContractError: the dialect does not have all of them.
        NotApplicableError: some do not; names them, the type, and what would be valid.
    """
    dialect.refuse(model.__name__, given)
    of_type = fields_of(model, dialect)
    _refuse(task, [name for name in given if name not in of_type], of_type, f"{task.type} tasks")
    if not _evaluates(task.type):
        return
    over_dataset = task.dataset_id is not None
    excluded = ONLY_OVER_PROJECT if over_dataset else ONLY_OVER_DATASET
    valid = [name for name in of_type if name not in excluded]
    kind = f"{task.type} tasks over a {'dataset' if over_dataset else 'project'}"
    # `is_continuous: false` says what holds over a dataset anyway.
    _refuse(task, [name for name, value in given.items() if name in excluded and value is not False], valid, kind)


def _refuse(task: TaskFacts, fields: Sequence[str], valid: Sequence[str], kind: str) -> None:
    if fields:
        verb = "does" if len(fields) == 1 else "do"
        raise NotApplicableError(
            f"{', '.join(fields)} {verb} not apply to {kind} such as {task.name!r}; valid are {', '.join(valid)}",
            fields=fields,
            task_type=task.type,
            valid=valid,
        )


def _evaluates(task_type: TaskType) -> bool:
    """Whether a task type evaluates.

    Raises:
        NotApplicableError: this version does not know the type, so it cannot say what applies.
    """
    if not task_type.is_known:
        raise NotApplicableError(
            f"this version does not know tasks of type {task_type!s}, so it cannot tell which fields apply: upgrade"
            " ax-tasks",
            fields=(),
            task_type=task_type,
            valid=(),
        )
    return task_type in evaluation_types()
