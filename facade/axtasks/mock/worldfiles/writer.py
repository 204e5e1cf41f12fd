"""A world as a world file has it: identifiers and dates included, so that loading it makes the same world again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock.clock import timestamp
from axtasks.mock.records import to_record
from axtasks.mock.world.model import DEFAULT_SPANS_PER_HOUR
from axtasks.mock.world.resource_types import PLACES

from .builder import example_ids
from .settings import SECTION, written_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.world.model import (
        AiIntegration,
        AttachedEvaluator,
        Dataset,
        DatasetVersion,
        Evaluator,
        Experiment,
        Project,
        Space,
        Task,
        TaskRun,
    )
    from axtasks.mock.world.world import World


def dump_world(world: World) -> JsonObject:
    """The world as data for JSON or YAML; a file of it loads as a world with the same content in the same order."""
    data: JsonObject = {}
    settings = written_settings(world.settings)
    if settings:
        data[SECTION] = settings
    for place in PLACES:
        data[place.name] = [WRITERS[place.name](thing) for _, thing in place.shelf(world).as_put()]
    return data


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def _space(it: Space) -> JsonObject:
    return {
        "id": it.id,
        "name": it.name,
        "description": it.description,
        "organization_id": it.organization_id,
        **({"is_private": True} if it.is_private else {}),
        "created_at": timestamp(it.created_at),
        **(it.extra or {}),
    }


def _project(it: Project) -> JsonObject:
    written: JsonObject = {
        "id": it.id,
        "name": it.name,
        "space": it.space_id,
        "created_at": timestamp(it.created_at),
        **(it.extra or {}),
    }
    if it.spans_per_hour != DEFAULT_SPANS_PER_HOUR:
        written["spans_per_hour"] = it.spans_per_hour
    return written


def _version(it: DatasetVersion) -> JsonObject:
    count = len(it.example_ids)
    examples: JsonObject = {"examples": count}
    if it.example_ids != example_ids(count):
        examples = {"example_ids": list(it.example_ids)}
    return {
        "id": it.id,
        "name": it.name,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        **examples,
        **(it.extra or {}),
    }


def _dataset(it: Dataset) -> JsonObject:
    return {
        "id": it.id,
        "name": it.name,
        "space": it.space_id,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        "versions": [_version(each) for each in it.versions],
        **(it.extra or {}),
    }


def _experiment(it: Experiment) -> JsonObject:
    written: JsonObject = {
        "id": it.id,
        "name": it.name,
        **({"space": it.space_id} if it.dataset_id is None else {"dataset": it.dataset_id}),
        **({} if it.dataset_version_id is None else {"dataset_version": it.dataset_version_id}),
        **({} if it.integration_id is None else {"integration_id": it.integration_id}),
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        **(it.extra or {}),
    }
    if it.results is not None:
        written["results"] = it.results
    return written


def _evaluator(it: Evaluator) -> JsonObject:
    return {
        "id": it.id,
        "name": it.name,
        "type": it.type,
        "space": it.space_id,
        "description": it.description,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        "created_by_user_id": it.created_by_user_id,
        "version_ids": list(it.version_ids),
        **({} if it.data_scope is None else {"data_scope": it.data_scope}),
        **(it.extra or {}),
    }


def _ai_integration(it: AiIntegration) -> JsonObject:
    written: JsonObject = {"id": it.id, "name": it.name, "space": it.space_id, "default_model": it.default_model}
    if not it.is_usable:
        written["is_usable"] = False
    if it.is_agent:
        written["is_agent"] = True
    return written


def _attached(it: AttachedEvaluator) -> JsonObject:
    written: JsonObject = {"evaluator": it.evaluator_id, **(it.extra or {})}
    if it.query_filter is not None:
        written["query_filter"] = it.query_filter
    if it.column_mappings is not None:
        written["column_mappings"] = dict(it.column_mappings)
    if it.evaluator_version_id is not None:
        written["evaluator_version_id"] = it.evaluator_version_id
    if it.query_mappings is not None:
        written["query_mappings"] = [*it.query_mappings]
    return written


def _task(it: Task) -> JsonObject:
    """A task; what does not apply to its type or its source is left out."""
    said: dict[str, JsonValue] = {
        "project": it.project_id,
        "dataset": it.dataset_id,
        "experiments": list(it.experiment_ids) or None,
        "sampling_rate": it.sampling_rate,
        "is_continuous": it.is_continuous or None,
        "query_filter": it.query_filter,
        "query_filters": it.query_filters,
        "evaluators": [_attached(each) for each in it.evaluators] or None,
        "run_configuration": it.run_configuration,
        "last_run_at": _moment(it.last_run_at),
    }
    return {
        "id": it.id,
        "name": it.name,
        "type": it.type,
        **{name: value for name, value in said.items() if value is not None},
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        "created_by_user_id": it.created_by_user_id,
        **(it.extra or {}),
    }


def _task_run(it: TaskRun) -> JsonObject:
    written: JsonObject = {
        "id": it.id,
        "task": it.task_id,
        "status": it.status,
        "created_at": timestamp(it.created_at),
        "run_started_at": _moment(it.run_started_at),
        "run_finished_at": _moment(it.run_finished_at),
        "data_start_time": _moment(it.data_start_time),
        "data_end_time": _moment(it.data_end_time),
        "num_successes": it.counts.successes,
        "num_errors": it.counts.errors,
        "num_skipped": it.counts.skipped,
        "experiment": it.experiment_id,
        "experiments": list(it.experiment_ids),
        "created_by_user_id": it.created_by_user_id,
        **(it.extra or {}),
    }
    if it.failure_reason is not None:
        written["failure_reason"] = it.failure_reason
    if it.reads:
        written["reads"] = it.reads
    if it.plan is not None:
        written["plan"] = to_record(it.plan)
    return written


WRITERS: dict[str, Callable[..., JsonObject]] = {
    "spaces": _space,
    "projects": _project,
    "datasets": _dataset,
    "experiments": _experiment,
    "evaluators": _evaluator,
    "ai_integrations": _ai_integration,
    "tasks": _task,
    "task_runs": _task_run,
}
