"""List, get, update and delete tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.api.tasks import delete_task as delete_operation
from axtasks_api.api.tasks import list_tasks as list_operation
from axtasks_api.api.tasks import update_task as update_operation
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send, write
from axtasks.errors import InvalidArgumentError
from axtasks.inputs.evaluators import check_evaluators, resolve_evaluators
from axtasks.inputs.query_filters import check_filter_scope, check_query_filters
from axtasks.inputs.run_configuration import check_run_configuration, resolve_integrations, take_names
from axtasks.inputs.task_bodies import UPDATES, TaskBodySelector, read_task
from axtasks.reconcile.tasks import DeleteTaskProbe, UpdateTaskProbe
from axtasks.resolution.kinds import DATASET, PROJECT, TASK
from axtasks.resolution.resolver import (
    check_reference,
    check_space_given,
    is_name,
    narrow_space,
    resolve,
    resolve_scope,
)
from axtasks.validation import (
    LONGEST_NAME_FILTER,
    any_text,
    checked_fields,
    enum_member,
    flag,
    fraction,
    page_size,
    text,
)

from .listing import first_page_within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from axtasks_api.models import Task, TaskEvaluatorInput, TaskType
    from axtasks_api.models.task_type import TaskTypeText

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.inputs.evaluators import EvaluatorLike
    from axtasks.inputs.query_filters import QueryFiltersLike
    from axtasks.inputs.run_configuration import RunConfigurationLike
    from axtasks.pagination.page import Paged
    from axtasks.pagination.resource_pages import AsyncTaskPage, TaskPage


_UPDATE_CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "name": text,
    "sampling_rate": fraction,
    "is_continuous": flag,
    "query_filter": lambda name, value: None if value is None else any_text(name, value),
    "query_filters": lambda name, value: None if value is None else check_query_filters(name, value),
}


def list_tasks(
    context: ClientContext,
    *,
    name: str | None = None,
    project: str | None = None,
    dataset: str | None = None,
    space: str | None = None,
    task_type: TaskType | TaskTypeText | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[TaskPage, AsyncTaskPage]]:
    """One page of the tasks you can read, newest first; iterating over it goes on through all pages.

    Filters are combined. The client's default space applies only where no project, dataset or space is given.

    Args:
        name: part of the name, in any case; at most 255 characters.
        project: name or id of a project; excludes `dataset`, as no task is over both.
        dataset: name or id of a dataset; excludes `project`.
        space: name or id of a space, or `ALL_SPACES`.
        task_type: a task type, as member or text.
        limit: the most tasks on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        ResolutionError: a name or an id leads nowhere, or to several things.
        APIError: the server refused.
    """
    limit = page_size(limit)
    name_filter = UNSET if name is None else text("name", name, most=LONGEST_NAME_FILTER)
    type_filter = UNSET if task_type is None else enum_member("task_type", models.TaskType, task_type)
    for kind, value in ((PROJECT, project), (DATASET, dataset)):
        if value is not None:
            check_reference(kind, value)
    if project is not None and dataset is not None:
        raise InvalidArgumentError("project and dataset exclude each other, as no task is over both: give one of them")
    is_elsewhere = space is None and (project is not None or dataset is not None)
    space_id = UNSET if is_elsewhere else (yield from resolve_scope(context, space))
    # With the id, the space is looked up only once.
    within = space if isinstance(space_id, Unset) else space_id
    project_id = UNSET if project is None else (yield from resolve(context, PROJECT, project, space=within))
    dataset_id = UNSET if dataset is None else (yield from resolve(context, DATASET, dataset, space=within))
    return (
        yield from first_page_within(
            context,
            TASK.pages,
            lambda context, at: send(
                context,
                list_operation.operation,
                space_id=space_id,
                name=name_filter,
                project_id=project_id,
                dataset_id=dataset_id,
                type_=type_filter,
                limit=limit,
                cursor=at,
            ),
            cursor=cursor,
        )
    )


def get_task(context: ClientContext, task: str, *, space: str | None = None) -> Flow[Task]:
    """A task by name or id.

    Args:
        task: its name or id.
        space: name or id of the space that a name is looked up in.

    Raises:
        ResolutionError: the name or id leads nowhere, or to several tasks.
        NotFoundError: there is no task with that id.
        APIError: the server refused otherwise.
    """
    task_id = yield from resolve(context, TASK, task, space=space)
    return (yield from read_task(context, task_id))


def update_task(
    context: ClientContext,
    task: str,
    *,
    space: str | None = None,
    name: str | Unset = UNSET,
    sampling_rate: float | Unset = UNSET,
    is_continuous: bool | Unset = UNSET,
    query_filter: str | Unset | None = UNSET,
    evaluators: Sequence[EvaluatorLike] | Unset = UNSET,
    run_configuration: RunConfigurationLike | Unset = UNSET,
    query_filters: QueryFiltersLike | Unset | None = UNSET,
) -> Flow[Task]:
    """Update a task and return it. What is not given stays as it is; at least one field has to be given.

    Args:
        task: its name or id.
        space: name or id of the space that names are looked up in.
        name: the new name.
        sampling_rate: share of spans to evaluate, from 0 to 1; evaluation tasks over a project.
        is_continuous: whether incoming spans are evaluated as they come; evaluation tasks over a project.
        query_filter: filter on all data of the task; None clears it; evaluation tasks.
        evaluators: the whole new list, at least one; evaluation tasks.
        run_configuration: the whole new configuration, as in `create_run_experiment_task`; run_experiment tasks.
        query_filters: named filters over traces or sessions; None clears them; excludes `query_filter`; evaluation
            tasks, only in the beta dialect.

    Raises:
        InvalidArgumentError: there is nothing to change, or a value cannot be sent; nothing was written.
        NotApplicableError: a field does not apply to the task's type; nothing was written.
        NotInContractError: the server's dialect does not have all of them; nothing was written.
        ResolutionError: a name or an id leads nowhere, or to several things.
        ConflictError: the new name is taken.
        AmbiguousOutcomeError: the answer was lost, and whether the task was changed cannot be told.
        APIError: the server refused otherwise.
    """
    check_reference(TASK, task)
    run_configuration, integrations = take_names(run_configuration)
    fields: dict[str, Any] = checked_fields(
        {
            "name": name,
            "sampling_rate": sampling_rate,
            "is_continuous": is_continuous,
            "query_filter": query_filter,
            "query_filters": query_filters,
            "evaluators": evaluators,
            "run_configuration": run_configuration,
        },
        {
            **_UPDATE_CHECKS,
            "evaluators": lambda _, value: check_evaluators(value, context.dialect),
            "run_configuration": lambda _, value: check_run_configuration(value, context.dialect),
        },
    )
    if not fields:
        raise InvalidArgumentError("there is nothing to update: give at least one field")
    inputs: Sequence[TaskEvaluatorInput] = fields.get("evaluators", ())
    check_filter_scope(inputs, query_filter=query_filter, query_filters=query_filters, is_new=False)
    context.dialect.refuse(models.UpdateEvaluationTaskRequest.__name__, fields)
    # An update cannot be undone, so its task is never taken from the cache.
    within = yield from narrow_space(
        context,
        space,
        task,
        *(item.evaluator_id for item in inputs),
        *integrations.values(),
        bypass_cache=is_name(task),
    )
    task_id = yield from resolve(context, TASK, task, space=within, bypass_cache=True)
    selector = TaskBodySelector(context, UPDATES, task_id, fields)
    model = yield from selector.model()

    def send_update() -> Flow[Task]:
        if inputs:
            fields["evaluators"] = yield from resolve_evaluators(context, inputs, space=within)
        if integrations:
            configuration = fields["run_configuration"]
            fields["run_configuration"] = yield from resolve_integrations(
                context, configuration, integrations, space=within
            )
        body = model(**fields)
        probe = UpdateTaskProbe(task_id, selector.task, body)
        return (yield from write(context, probe, update_operation.operation, task_id, body=body))

    started_at = context.clock.monotonic()
    try:
        updated = yield from selector.explain_refusal(send_update())
    finally:
        # After a failed rename, too, cached ids of both names may be stale.
        if not isinstance(name, Unset):
            context.names.invalidate(TASK.noun, ids=(task_id,), names=(name,))
    context.tasks.store_if_complete(updated, requested_at=started_at)
    return updated


def delete_task(context: ClientContext, task: str, *, space: str | None = None) -> Flow[None]:
    """Delete a task and its runs for good.

    Args:
        task: its name or id.
        space: name or id of the space that a name is looked up in; needed with a name.

    Raises:
        SpaceRequiredError: a name comes without a space, and there is no default space.
        ResolutionError: the name or id leads nowhere, or to several tasks.
        NotFoundError: there is no task with that id.
        AmbiguousOutcomeError: the answer was lost, and whether the task was deleted cannot be told.
        APIError: the server refused otherwise.
    """
    check_space_given(context, TASK, task, space)
    # A deletion cannot be undone, so its task is never taken from the cache.
    task_id = yield from resolve(context, TASK, task, space=space, bypass_cache=True)
    try:
        return (yield from write(context, DeleteTaskProbe(task_id), delete_operation.operation, task_id))
    finally:
        context.names.invalidate(TASK.noun, ids=(task_id,))
