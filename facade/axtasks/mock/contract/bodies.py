"""The request bodies as types, for use once the contract's schemas have let them through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Required, TypedDict

from . import vocabulary
from .violations import Context

if TYPE_CHECKING:
    from axtasks.mock.jsontypes import JsonObject

    from .contract import Contract


class EvaluatorInput(TypedDict, total=False):
    """An evaluator to attach."""

    evaluator_id: Required[str]
    query_filter: str | None
    column_mappings: dict[str, str] | None
    evaluator_version_id: str | None
    query_mappings: list[JsonObject] | None


class TaskBody(TypedDict, total=False):
    """A task to create, or changes to one: what is required is so in one of them alone, as its schema sees to."""

    name: Required[str]
    type: Required[str]
    evaluators: list[EvaluatorInput]
    project_id: str
    dataset_id: str
    experiment_ids: list[str]
    sampling_rate: float
    is_continuous: bool
    query_filter: str | None
    query_filters: JsonObject | None
    run_configuration: JsonObject


class TriggerBody(TypedDict, total=False):
    """The extent of a run: of an evaluation task, then of a run_experiment task."""

    data_start_time: str
    data_end_time: str
    max_spans: int
    override_evaluations: bool
    experiment_ids: list[str]
    experiment_name: Required[str]
    dataset_version_id: str
    example_ids: list[str]
    max_examples: int
    evaluation_task_ids: list[str]


@dataclass(frozen=True, slots=True)
class Branch:
    """One shape of a body: its schema, and the words for what does not fit."""

    schema: str
    context: Context


@cache
def branch(contract: Contract, operation_id: str, task_type: str) -> Branch:
    """The body of an operation for tasks of a type (C15, C21)."""
    shapes = vocabulary.BODIES[operation_id]
    is_evaluation = task_type != vocabulary.RUN_EXPERIMENT
    own = shapes[task_type]
    other = shapes[vocabulary.RUN_EXPERIMENT if is_evaluation else vocabulary.TEMPLATE_EVALUATION]
    known = tuple(contract.properties(own))
    subject, experiment = (
        f"{contract.word('TaskType', each)} tasks" for each in (task_type, vocabulary.RUN_EXPERIMENT)
    )
    owner = experiment if is_evaluation else "evaluation tasks"
    foreign = {name: owner for name in contract.properties(other) if name not in known}
    return Branch(own, Context(subject, foreign, known))
