"""Create tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.api.tasks import create_task as create_operation
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import write
from axtasks.errors import InvalidArgumentError
from axtasks.inputs.evaluators import check_evaluators, resolve_evaluators
from axtasks.inputs.query_filters import check_filter_scope, check_query_filters
from axtasks.inputs.run_configuration import check_run_configuration, resolve_integrations, take_names
from axtasks.inputs.task_bodies import create_model, evaluation_types
from axtasks.reconcile.tasks import CreateTaskProbe
from axtasks.resolution.kinds import DATASET, EXPERIMENT, PROJECT, TASK
from axtasks.resolution.resolver import check_reference, narrow_space, resolve, resolve_within
from axtasks.validation import (
    any_text,
    checked_fields,
    enum_member,
    flag,
    fraction,
    none_if_unset,
    text,
    texts,
    unset_if_none,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from axtasks_api.models import CreateRunExperimentTaskRequest, Task, TaskType
    from axtasks_api.models.task_type import TaskTypeText

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.inputs.evaluators import EvaluatorLike
    from axtasks.inputs.query_filters import QueryFiltersLike
    from axtasks.inputs.run_configuration import RunConfigurationLike
    from axtasks.inputs.task_bodies import EvaluationBody


_CREATE_CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "sampling_rate": fraction,
    "is_continuous": flag,
    "query_filter": any_text,
    "query_filters": check_query_filters,
    "experiment_ids": texts,
}


def create_evaluation_task(
    context: ClientContext,
    name: str,
    *,
    task_type: TaskType | TaskTypeText,
    evaluators: Sequence[EvaluatorLike],
    project: str | Unset | None = None,
    dataset: str | Unset | None = None,
    space: str | None = None,
    experiment_ids: Sequence[str] | None = None,
    sampling_rate: float | Unset | None = None,
    is_continuous: bool | None = None,
    query_filter: str | None = None,
    query_filters: QueryFiltersLike | Unset | None = None,
) -> Flow[Task]:
    """Create an evaluation task, over the spans of a project or the experiments of a dataset, and return it.

    Args:
        name: its name, unique within the space.
        task_type: template_evaluation or code_evaluation, as member or text.
        evaluators: at least one: names, ids, `TaskEvaluatorInput`, dicts, or what another task has.
        project: name or id of the project; excludes `dataset`.
        dataset: name or id of the dataset; excludes `project`.
        space: name or id of the space that names are looked up in.
        experiment_ids: names or ids of experiments of the dataset; at least one with a dataset, none with a project.
        sampling_rate: share of spans to evaluate, from 0 to 1; only with a project.
        is_continuous: whether incoming spans are evaluated as they come; only with a project.
        query_filter: filter on all data of the task.
        query_filters: named filters of a task over traces or sessions, whose evaluators then have query mappings, as
            `TaskQueryFiltersInput` or dict; excludes `query_filter`; only in the beta dialect.

    Raises:
        InvalidArgumentError: the arguments do not make a task; nothing was written.
        NotInContractError: the server's dialect does not have all of them; nothing was written.
        ResolutionError: a name or an id leads nowhere, or to several things.
        ConflictError: the name is taken.
        AmbiguousOutcomeError: the answer was lost, and whether the task exists cannot be told.
        APIError: the server refused otherwise.
    """
    text("name", name)
    task_type = enum_member("task_type", models.TaskType, task_type, among=evaluation_types())
    inputs = check_evaluators(evaluators, context.dialect)
    project, dataset = none_if_unset(project), none_if_unset(dataset)
    experiment_ids = check_source(
        project=project,
        dataset=dataset,
        experiment_ids=experiment_ids,
        sampling_rate=none_if_unset(sampling_rate),
        is_continuous=is_continuous,
    )
    fields: dict[str, Any] = checked_fields(
        {
            "sampling_rate": unset_if_none(sampling_rate),
            "is_continuous": unset_if_none(is_continuous),
            "query_filter": unset_if_none(query_filter),
            "query_filters": unset_if_none(query_filters),
            "experiment_ids": experiment_ids or UNSET,
        },
        _CREATE_CHECKS,
    )
    check_filter_scope(inputs, query_filter=query_filter, query_filters=query_filters, is_new=True)
    model = create_model(task_type)
    context.dialect.refuse(model.__name__, {**fields, "evaluators": inputs})
    space = yield from narrow_space(context, space, project, dataset, *(item.evaluator_id for item in inputs))
    if project is not None:
        fields["project_id"] = yield from resolve(context, PROJECT, project, space=space)
    if dataset is not None:
        dataset_id = yield from resolve(context, DATASET, dataset, space=space)
        experiments = yield from resolve_within(context, EXPERIMENT, experiment_ids, within=dataset_id)
        fields |= {"dataset_id": dataset_id, "experiment_ids": experiments}
    inputs = yield from resolve_evaluators(context, inputs, space=space)
    return (yield from _create(context, model(name=name, evaluators=inputs, **fields)))


def check_source(
    *,
    project: str | None,
    dataset: str | None,
    experiment_ids: Sequence[str] | None,
    sampling_rate: float | None,
    is_continuous: bool | None,
) -> list[str]:
    """Check project, dataset and the arguments that depend on them (rules C1 to C5), and return the experiment ids."""
    if (project is None) == (dataset is None):
        raise InvalidArgumentError("give exactly one of project and dataset")
    ids = [] if experiment_ids is None else texts("experiment_ids", experiment_ids)
    for experiment in ids:
        check_reference(EXPERIMENT, experiment)
    for kind, value in ((PROJECT, project), (DATASET, dataset)):
        if value is not None:
            check_reference(kind, value)
    if project is not None and ids:
        raise InvalidArgumentError("experiment_ids applies only with a dataset")
    if dataset is not None:
        if not ids:
            raise InvalidArgumentError("experiment_ids needs at least one entry with a dataset")
        if sampling_rate is not None:
            raise InvalidArgumentError("sampling_rate applies only with a project")
        if is_continuous:
            raise InvalidArgumentError("is_continuous applies only with a project")
    return ids


def create_run_experiment_task(
    context: ClientContext,
    name: str,
    *,
    dataset: str,
    run_configuration: RunConfigurationLike | Unset | None,
    space: str | None = None,
) -> Flow[Task]:
    """Create a run_experiment task and return it. It runs only when it is triggered.

    Args:
        name: its name, unique within the space.
        dataset: name or id of the dataset whose examples are run.
        run_configuration: `LlmGenerationRunConfig`, `TemplateEvaluationRunConfig`, in the beta dialect also
            `AgentCallRunConfig`, a dict with the fields of one of them, or what another task has. In the beta dialect
            a dict may have the name of its integration as `ai_integration` or `integration`.
        space: name or id of the space that names are looked up in.

    Raises:
        InvalidArgumentError: the arguments do not make a task; nothing was written.
        NotInContractError: the server's dialect does not have all of them; nothing was written.
        ResolutionError: a name or an id leads nowhere, or to several things.
        ConflictError: the name is taken.
        AmbiguousOutcomeError: the answer was lost, and whether the task exists cannot be told.
        APIError: the server refused otherwise.
    """
    text("name", name)
    given, integrations = take_names(run_configuration)
    configuration = check_run_configuration(given, context.dialect)
    context.dialect.refuse(models.CreateRunExperimentTaskRequest.__name__, {"run_configuration": configuration})
    check_reference(DATASET, dataset)
    within = yield from narrow_space(context, space, dataset, *integrations.values())
    configuration = yield from resolve_integrations(context, configuration, integrations, space=within)
    dataset_id = yield from resolve(context, DATASET, dataset, space=within)
    body = models.CreateRunExperimentTaskRequest(name=name, dataset_id=dataset_id, run_configuration=configuration)
    return (yield from _create(context, body))


def _create(context: ClientContext, body: EvaluationBody | CreateRunExperimentTaskRequest) -> Flow[Task]:
    """Send the body, cache the task and return it."""
    started_at = context.clock.monotonic()
    try:
        task = yield from write(context, CreateTaskProbe(body), create_operation.operation, body=body)
    finally:
        # A cached id of the name, if any, is stale.
        context.names.invalidate(TASK.noun, names=(body.name,))
    context.tasks.store_if_complete(task, requested_at=started_at)
    return task
