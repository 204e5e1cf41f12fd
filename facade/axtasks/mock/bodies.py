"""The request bodies as types, for use once the contract's schemas have let them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Required, TypedDict

if TYPE_CHECKING:
    from .jsontypes import JsonObject


class EvaluatorInput(TypedDict, total=False):
    """An evaluator to attach."""

    evaluator_id: Required[str]
    query_filter: str | None
    column_mappings: dict[str, str] | None
    evaluator_version_id: str | None
    query_mappings: list[JsonObject] | None


class EvaluationTaskBody(TypedDict, total=False):
    """An evaluation task to create."""

    name: Required[str]
    type: Required[str]
    evaluators: Required[list[EvaluatorInput]]
    project_id: str
    dataset_id: str
    experiment_ids: list[str]
    sampling_rate: float
    is_continuous: bool
    query_filter: str
    query_filters: JsonObject


class RunExperimentTaskBody(TypedDict):
    """A run_experiment task to create."""

    name: str
    type: str
    dataset_id: str
    run_configuration: JsonObject


class EvaluationUpdateBody(TypedDict, total=False):
    """Changes to an evaluation task."""

    name: str
    sampling_rate: float
    is_continuous: bool
    query_filter: str | None
    query_filters: JsonObject | None
    evaluators: list[EvaluatorInput]


class RunExperimentUpdateBody(TypedDict, total=False):
    """Changes to a run_experiment task."""

    name: str
    run_configuration: JsonObject


class EvaluationTriggerBody(TypedDict, total=False):
    """What a run of an evaluation task should cover."""

    data_start_time: str
    data_end_time: str
    max_spans: int
    override_evaluations: bool
    experiment_ids: list[str]


class RunExperimentTriggerBody(TypedDict, total=False):
    """What a run of a run_experiment task should cover."""

    experiment_name: Required[str]
    dataset_version_id: str
    example_ids: list[str]
    max_examples: int
    query_filter: str
    tracing_metadata: dict[str, str]
    evaluation_task_ids: list[str]
