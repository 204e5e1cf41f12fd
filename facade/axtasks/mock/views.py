"""Resources as the API shows them: the keys of the contract, in its order, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from .model import (
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
    from .world import World

View = dict[str, object]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def space(it: Space) -> View:
    """A space."""
    return {"id": it.id, "name": it.name, "description": it.description, "created_at": timestamp(it.created_at)}


def project(it: Project) -> View:
    """A project."""
    return {"id": it.id, "name": it.name, "space_id": it.space_id, "created_at": timestamp(it.created_at)}


def listed_dataset(it: Dataset) -> View:
    """A dataset as lists show it, without its versions."""
    return {
        "id": it.id,
        "name": it.name,
        "space_id": it.space_id,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
    }


def dataset(it: Dataset) -> View:
    """A dataset with its versions."""
    return {**listed_dataset(it), "versions": [_dataset_version(version) for version in it.versions]}


def _dataset_version(it: DatasetVersion) -> View:
    return {
        "id": it.id,
        "name": it.name,
        "dataset_id": it.dataset_id,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
    }


def experiment(it: Experiment) -> View:
    """An experiment."""
    return {
        "id": it.id,
        "name": it.name,
        "dataset_id": it.dataset_id,
        "dataset_version_id": it.dataset_version_id,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
    }


def evaluator(it: Evaluator) -> View:
    """An evaluator."""
    return {
        "id": it.id,
        "name": it.name,
        "type": it.type,
        "space_id": it.space_id,
        "description": it.description,
        "created_at": timestamp(it.created_at),
        "updated_at": timestamp(it.updated_at),
        "created_by_user_id": it.created_by_user_id,
    }


def _attached(it: AttachedEvaluator) -> View:
    return {
        "evaluator_id": it.evaluator_id,
        "evaluator_name": it.evaluator_name,
        "query_filter": it.query_filter,
        "column_mappings": it.column_mappings,
    }


def task(it: Task) -> View:
    """A task; `run_configuration` is there for tasks that have one, as the documents' examples have it."""
    shown: View = {
        "id": it.id,
        "name": it.name,
        "type": it.type,
        "project_id": it.project_id,
        "dataset_id": it.dataset_id,
        "sampling_rate": it.sampling_rate,
        "is_continuous": it.is_continuous,
        "query_filter": it.query_filter,
        "evaluators": [_attached(each) for each in it.evaluators],
        "experiment_ids": list(it.experiment_ids),
    }
    if it.run_configuration is not None:
        shown["run_configuration"] = it.run_configuration
    shown["last_run_at"] = _moment(it.last_run_at)
    shown["created_at"] = timestamp(it.created_at)
    shown["updated_at"] = timestamp(it.updated_at)
    shown["created_by_user_id"] = it.created_by_user_id
    return shown


def task_run(it: TaskRun) -> View:
    """A run."""
    return {
        "id": it.id,
        "task_id": it.task_id,
        "experiment_id": it.experiment_id,
        "status": it.status,
        "run_started_at": _moment(it.run_started_at),
        "run_finished_at": _moment(it.run_finished_at),
        "data_start_time": _moment(it.data_start_time),
        "data_end_time": _moment(it.data_end_time),
        "num_successes": it.counts.successes,
        "num_errors": it.counts.errors,
        "num_skipped": it.counts.skipped,
        "created_at": timestamp(it.created_at),
        "created_by_user_id": it.created_by_user_id,
    }


def _ai_integration(it: AiIntegration) -> View:
    return {"id": it.id, "name": it.name, "space_id": it.space_id, "default_model": it.default_model}


def _dataset_with_examples(it: Dataset) -> View:
    versions = [{**_dataset_version(each), "example_ids": list(each.example_ids)} for each in it.versions]
    return {**listed_dataset(it), "versions": versions}


def world(it: World) -> View:
    """Everything there is, for the control plane: lists of all kinds, and the example ids that no API answer shows."""
    return {
        "spaces": [space(each) for each in it.spaces.all()],
        "projects": [project(each) for each in it.projects.all()],
        "datasets": [_dataset_with_examples(each) for each in it.datasets.all()],
        "experiments": [experiment(each) for each in it.experiments.all()],
        "evaluators": [evaluator(each) for each in it.evaluators.all()],
        "ai_integrations": [_ai_integration(each) for each in it.ai_integrations.all()],
        "tasks": [task(each) for each in it.tasks.all()],
        "task_runs": [task_run(each) for each in it.task_runs.all()],
    }
