"""Tasks and runs of a world file. A task has to be one that the API would create; only its dates may be others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from axtasks.mock import ids
from axtasks.mock.contract import bodies, vocabulary
from axtasks.mock.contract.contract import inside
from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object
from axtasks.mock.operations.request import checked, malformed
from axtasks.mock.operations.rules import query_filters, references
from axtasks.mock.operations.rules.create import check_experiments, space_of
from axtasks.mock.operations.rules.evaluators import (
    attach,
    check_evaluators,
    check_integration,
    check_name_is_free,
    stored_configuration,
)
from axtasks.mock.problems import RefusalError
from axtasks.mock.world.model import Counts, RunPlan, Task, TaskRun
from axtasks.mock.world.resource_types import BY_KIND, REFERENCES, written_name

from .schema import extra_fields, extra_values

if TYPE_CHECKING:
    from axtasks.mock.contract.bodies import TaskBody
    from axtasks.mock.world.model import AttachedEvaluator

    from .context import BuildContext
    from .repetition import Item

RUN_BEFORE = timedelta(days=1)
"""The age at the start of a run without a date."""
WINDOW = timedelta(days=1)

AS_WRITTEN = {field: written_name(field, REFERENCES) for field in REFERENCES}
"""Fields that are called otherwise in a request than in a world file."""
EVALUATORS = "tasks.evaluators"
COPIED = ("sampling_rate", "is_continuous", "query_filter", "query_filters")


def add_task(context: BuildContext, item: Item) -> None:
    """Put a task into the world."""
    if item.differs_by_name and item.steps in context.checked_tasks:
        task = _like(context, item, context.checked_tasks[item.steps])
    else:
        task = context.checked_tasks[item.steps] = _task(context, item)
    context.put(task)


def _like(context: BuildContext, item: Item, other: Task) -> Task:
    """A task like another of its place, under its own name: what else is said of it was checked with that one."""
    name = str(item.data["name"])
    try:
        check_name_is_free(context.world, other.space_id, name)
    except RefusalError as refusal:
        raise item.refuse(_as_written(refusal.detail)) from refusal
    task = other.duplicate()
    task.id, task.name = context.identifier(item, IdKind.TASK, None), name
    return task


def _task(context: BuildContext, item: Item) -> Task:
    """The task that an item describes."""
    world = context.world
    body = _body(context, item)
    evaluators, experiments = body.get("evaluators", []), body.get("experiment_ids", [])
    project_id, dataset_id = body.get("project_id"), body.get("dataset_id")
    try:
        checked(inside(), bodies.branch(inside(), "create_task", body["type"]), cast("JsonObject", body))
        if body["type"] in vocabulary.EVALUATOR_FOR:
            check_evaluators(world, inside(), body["type"], evaluators)
        if dataset_id is not None:
            check_experiments(world, dataset_id, experiments)
        space_id = space_of(world, project_id, dataset_id)
        check_name_is_free(world, space_id, body["name"])
        stored = stored_configuration(body["run_configuration"]) if "run_configuration" in body else None
        check_integration(world, stored or {})
        attached, filters = _with_extra(item, attach(world, evaluators)), body.get("query_filters")
        mapped = [each.query_mappings is not None for each in attached]
        query_filters.check_fields(body.get("query_filter"), filters, mapped)
        query_filters.check_meaning(filters, attached)
    except RefusalError as refusal:
        raise item.refuse(_as_written(refusal.detail)) from refusal
    values: dict[str, object] = {
        "space_id": space_id,
        "project_id": project_id,
        "dataset_id": dataset_id,
        "query_filters": None if filters is None else query_filters.stored(filters),
        "evaluators": attached,
        "experiment_ids": tuple(experiments),
        "run_configuration": stored,
    }
    return Task(**context.attributes(item, BY_KIND[IdKind.TASK], values))


def _body(context: BuildContext, item: Item) -> TaskBody:
    """The request that would create the task."""
    data = item.data
    body: JsonObject = {"name": data["name"], "type": data.get("type", vocabulary.TEMPLATE_EVALUATION)}
    body.update({key: data[key] for key in COPIED if data.get(key) is not None})
    inside = context.reference(item, IdKind.SPACE, str(data["space"]), "space") if "space" in data else None
    near = inside
    for field, kind in (("project", IdKind.PROJECT), ("dataset", IdKind.DATASET)):
        if field in data:
            found = context.reference(item, kind, str(data[field]), field, inside=inside)
            body[f"{field}_id"] = found
            near = near or context.names.owner(found)
    if "experiments" in data:
        body["experiment_ids"] = [*_experiments(context, item, cast("str | None", body.get("dataset_id")))]
    if data.get("evaluators") or body["type"] != vocabulary.RUN_EXPERIMENT:
        body["evaluators"] = _evaluators(context, item, near)
    if "run_configuration" in data:
        body["run_configuration"] = _configuration(context, item, near)
    return cast("TaskBody", body)


def _experiments(context: BuildContext, item: Item, dataset_id: str | None) -> tuple[str, ...]:
    return tuple(
        context.reference(item, IdKind.EXPERIMENT, str(text), "experiments", index, inside=dataset_id)
        for index, text in enumerate(as_list(item.data["experiments"]))
    )


def _evaluators(context: BuildContext, item: Item, near: str | None) -> list[JsonValue]:
    found: list[JsonValue] = []
    for index, value in enumerate(as_list(item.data.get("evaluators", []))):
        each: JsonObject = dict(value) if isinstance(value, dict) else {"evaluator": value}
        name = str(each.pop("evaluator"))
        identifier = context.reference(item, IdKind.EVALUATOR, name, "evaluators", index, near=near)
        asked = {key: value for key, value in each.items() if key not in extra_fields(EVALUATORS)}
        found.append({"evaluator_id": identifier, **asked})
    return found


def _with_extra(item: Item, attached: tuple[AttachedEvaluator, ...]) -> tuple[AttachedEvaluator, ...]:
    """The evaluators with what is said of them that no request has."""
    if not extra_fields(EVALUATORS):
        return attached
    given = [each if isinstance(each, dict) else {} for each in as_list(item.data.get("evaluators", []))]
    pairs = zip(attached, given, strict=True)
    return tuple(replace(each, extra=extra_values(EVALUATORS, data)) for each, data in pairs)


def _configuration(context: BuildContext, item: Item, near: str | None) -> JsonObject:
    """The run configuration, with its AI integration by identifier."""
    place, field = "run_configuration", "ai_integration_id"
    configuration = dict(as_object(item.data[place]))
    if "ai_integration" in configuration:
        if field in configuration:
            raise item.refuse("is there already by name; give one of them", place, field)
        configuration[field], field = configuration.pop("ai_integration"), "ai_integration"
    for key, written in (("ai_integration_id", field), ("integration_id", "integration_id")):
        text = configuration.get(key)
        if isinstance(text, str):
            configuration[key] = context.reference(item, IdKind.AI_INTEGRATION, text, place, written, near=near)
    for reference in references.of_run_configuration(configuration):
        if ids.parse(reference.id) is None:
            raise item.refuse(malformed(reference.field, reference.id).detail)
    return configuration


def add_run(context: BuildContext, item: Item) -> None:
    """Put a run into the world. One that has not ended and has no plan stays as it is until somebody cancels it."""
    data = item.data
    task_id = context.reference(item, IdKind.TASK, str(data["task"]), "task")
    task = context.world.tasks[task_id]
    status = str(data.get("status", vocabulary.COMPLETED))
    created_at = context.moment(item, "created_at", context.start - RUN_BEFORE)
    has_started = status != vocabulary.PENDING
    has_window = task.project_id is not None
    started_at = context.moment_or_none(item, "run_started_at", created_at if has_started else None)
    ended_at = (started_at or created_at) if status in vocabulary.OUTCOMES else None
    given = {
        "task_id": task_id,
        "created_at": created_at,
        "run_started_at": started_at,
        "run_finished_at": context.moment_or_none(item, "run_finished_at", ended_at),
        "data_start_time": context.moment_or_none(item, "data_start_time", created_at - WINDOW if has_window else None),
        "data_end_time": context.moment_or_none(item, "data_end_time", created_at if has_window else None),
        "counts": Counts(*(item.whole(name) for name in ("num_successes", "num_errors", "num_skipped"))),
        "experiment_id": _experiment(context, item, task),
        "plan": _plan(context, item, status),
        "experiment_ids": _experiments(context, item, task.dataset_id)
        if "experiments" in data
        else task.experiment_ids,
    }
    context.world.add(TaskRun(**context.attributes(item, BY_KIND[IdKind.TASK_RUN], given)))


def _experiment(context: BuildContext, item: Item, task: Task) -> str | None:
    text = item.data.get("experiment")
    if not isinstance(text, str):
        return None
    if task.type != vocabulary.RUN_EXPERIMENT:
        raise item.refuse(f"is only made by runs of {vocabulary.RUN_EXPERIMENT} tasks", "experiment")
    return context.reference(item, IdKind.EXPERIMENT, text, "experiment", inside=task.dataset_id)


def _plan(context: BuildContext, item: Item, status: str) -> RunPlan | None:
    value = item.data.get("plan")
    if value is None:
        return None
    if status in vocabulary.OUTCOMES:
        raise item.refuse("is only for a run that has not ended", "plan")
    import msgspec  # 4 MB, for worlds that were saved while runs were under way

    try:
        plan = msgspec.convert(value, RunPlan)
    except msgspec.ValidationError as error:
        raise item.refuse(str(error), "plan") from error
    wanted = plan.experiment
    if wanted is not None:
        version = context.world.dataset_versions.get(wanted.dataset_version_id)
        if version is None or version.dataset_id != wanted.dataset_id:
            raise item.refuse("the dataset has no such version", "plan", "experiment", "dataset_version_id")
        if status == vocabulary.PENDING and context.world.has_experiment_named(wanted.dataset_id, wanted.name):
            raise item.refuse("there is already an experiment of this name", "plan", "experiment", "name")
    return plan


def _as_written(detail: str) -> str:
    for field, name in AS_WRITTEN.items():
        detail = detail.replace(field, name)
    return detail
