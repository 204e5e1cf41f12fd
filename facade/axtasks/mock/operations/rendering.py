"""Resources as the API shows them: the keys of the contract, in its order and its spelling, and no others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from axtasks.mock.clock import timestamp
from axtasks.mock.world.tracking import Tracked
from axtasks.mock.world.visibility import has_words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from axtasks.mock.contract.contract import Contract
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

View = dict[str, object]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


class Views:
    """How a contract shows things: as it spells them, or as the control plane does, in the spelling within the mock."""

    def __init__(self, contract: Contract, *, inside: bool = False) -> None:
        self._contract = contract
        self._inside = inside
        self._keys: dict[str, frozenset[str]] = {}

    def _as(self, schema: str, everything: JsonObject, extra: JsonObject | None) -> View:
        """All that is to be said of a thing, as a schema of the contract has it."""
        if extra:
            everything = {**everything, **extra}
        keys = self._keys.get(schema)
        if keys is None:
            keys = self._keys[schema] = frozenset(self._contract.properties(schema))
        known: JsonObject = {name: value for name, value in everything.items() if name in keys}
        return cast("View", known if self._inside else self._contract.outward(schema, known))

    def _knows(self, thing: object) -> bool:
        return has_words_for(self._contract, thing)

    def space(self, it: Space) -> View:
        """A space."""
        return self._as(
            "Space",
            {
                "id": it.id,
                "name": it.name,
                "description": it.description,
                "created_at": timestamp(it.created_at),
                "organization_id": it.organization_id,
                "is_private": it.is_private,
            },
            it.extra,
        )

    def project(self, it: Project) -> View:
        """A project."""
        return self._as(
            "Project",
            {"id": it.id, "name": it.name, "space_id": it.space_id, "created_at": timestamp(it.created_at)},
            it.extra,
        )

    def listed_dataset(self, it: Dataset) -> View:
        """A dataset as lists show it, without its versions."""
        return self._as(
            "Dataset",
            {
                "id": it.id,
                "name": it.name,
                "space_id": it.space_id,
                "created_at": timestamp(it.created_at),
                "updated_at": timestamp(it.updated_at),
            },
            it.extra,
        )

    def dataset(self, it: Dataset) -> View:
        """A dataset with its versions."""
        return {**self.listed_dataset(it), "versions": [self._dataset_version(version) for version in it.versions]}

    def _dataset_version(self, it: DatasetVersion) -> View:
        return self._as(
            "DatasetVersion",
            {
                "id": it.id,
                "name": it.name,
                "dataset_id": it.dataset_id,
                "created_at": timestamp(it.created_at),
                "updated_at": timestamp(it.updated_at),
            },
            it.extra,
        )

    def experiment(self, it: Experiment) -> View:
        """An experiment."""
        return self._as(
            "Experiment",
            {
                "id": it.id,
                "name": it.name,
                "dataset_id": it.dataset_id,
                "dataset_version_id": it.dataset_version_id,
                "created_at": timestamp(it.created_at),
                "updated_at": timestamp(it.updated_at),
                "space_id": it.space_id,
                "integration_id": it.integration_id,
            },
            it.extra,
        )

    def evaluator(self, it: Evaluator) -> View:
        """An evaluator."""
        return self._as(
            "Evaluator",
            {
                "id": it.id,
                "name": it.name,
                "type": it.type,
                "space_id": it.space_id,
                "description": it.description,
                "created_at": timestamp(it.created_at),
                "updated_at": timestamp(it.updated_at),
                "created_by_user_id": it.created_by_user_id,
            },
            it.extra,
        )

    def _attached(self, it: AttachedEvaluator) -> JsonValue:
        mappings = it.query_mappings
        everything: JsonObject = {
            "evaluator_id": it.evaluator_id,
            "evaluator_name": it.evaluator_name,
            "query_filter": it.query_filter,
            "column_mappings": None if it.column_mappings is None else dict(it.column_mappings),
            "evaluator_version_id": it.evaluator_version_id,
            "query_mappings": None if mappings is None else [*mappings],
        }
        return cast("JsonValue", self._as("TaskEvaluator", everything, it.extra))

    def task(self, it: Task) -> View:
        """A task; `run_configuration` is there for tasks that have one, as the documents' examples have it."""
        shown: JsonObject = {
            "id": it.id,
            "name": it.name,
            "type": it.type,
            "project_id": it.project_id,
            "dataset_id": it.dataset_id,
            "sampling_rate": it.sampling_rate,
            "is_continuous": it.is_continuous,
            "query_filter": it.query_filter,
            "evaluators": [self._attached(each) for each in it.evaluators],
            "experiment_ids": list(it.experiment_ids),
        }
        if it.run_configuration is not None and self._contract.knows_configuration(it.run_configuration):
            shown["run_configuration"] = it.run_configuration
        shown["last_run_at"] = _moment(it.last_run_at)
        shown["created_at"] = timestamp(it.created_at)
        shown["updated_at"] = timestamp(it.updated_at)
        shown["created_by_user_id"] = it.created_by_user_id
        shown["query_filters"] = it.query_filters
        return self._as("Task", shown, it.extra)

    def task_run(self, it: TaskRun) -> View:
        """A run."""
        return self._as(
            "TaskRun",
            {
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
                "failure_reason": it.failure_reason,
            },
            it.extra,
        )

    def world(self, it: World) -> View:
        """Everything there is, for the control plane: lists of all kinds, and example ids that no answer shows."""
        return {
            "spaces": [self.space(each) for each in it.spaces.all()],
            "projects": [self.project(each) for each in it.projects.all()],
            "datasets": [self._dataset_with_examples(each) for each in it.datasets.all()],
            "experiments": [
                self.experiment(each) for each in it.experiments.all() if has_words_for(self._contract, each)
            ],
            "evaluators": [self.evaluator(each) for each in it.evaluators.all() if has_words_for(self._contract, each)],
            "ai_integrations": [_ai_integration(each) for each in it.ai_integrations.all()],
            "tasks": [self.task(each) for each in it.tasks.all()],
            "task_runs": [self.task_run(each) for each in it.task_runs.all()],
        }

    def _dataset_with_examples(self, it: Dataset) -> View:
        versions = [{**self._dataset_version(each), "example_ids": list(each.example_ids)} for each in it.versions]
        return {**self.listed_dataset(it), "versions": versions}


def _ai_integration(it: AiIntegration) -> View:
    return {"id": it.id, "name": it.name, "space_id": it.space_id, "default_model": it.default_model}


@cache
def views_of(contract: Contract, *, inside: bool = False) -> Views:
    """How a contract shows things; `inside`, in the spelling within the mock."""
    return Views(contract, inside=inside)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A payload that is JSON already."""

    text: bytes


def encode(payload: object) -> bytes:
    """The payload as JSON."""
    if isinstance(payload, Encoded):
        return payload.text
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def written(thing: T, show: Callable[[T], View]) -> bytes:
    """The JSON of a thing; that of one that can change is kept until it does."""
    if isinstance(thing, Tracked):
        return thing.written(lambda it: encode(show(it)))
    return encode(show(thing))


def one(thing: T, show: Callable[[T], View]) -> Encoded:
    """A thing as a payload."""
    return Encoded(written(thing, show))


def listed(name: str, rows: Iterable[bytes], pagination: View) -> Encoded:
    """A page of things that are written already as a payload."""
    return Encoded(b'{%s:[%s],"pagination":%s}' % (encode(name), b",".join(rows), encode(pagination)))
