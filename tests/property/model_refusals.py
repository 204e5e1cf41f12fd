"""Requests that the client would not make, and what the server says to them: the rules of spec/rules.md by their ids.

They go out by `client.request`, which sends what it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from axtasks_api_beta import models

from tests.dialects import on_the_wire
from tests.property.contract import is_beta
from tests.property.model_calls import Call
from tests.property.model_state import EVALUATIONS, RUN_EXPERIMENT, Model, Task
from tests.property.model_world import (
    CODE,
    EVALUATORS,
    EXPERIMENTS,
    GOLDEN,
    INTEGRATION,
    NOBODYS,
    PROJECTS,
    TEMPLATE,
    Json,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT, DATASET, BASE = PROJECTS[0].id, GOLDEN.id, EXPERIMENTS[0].id
JUDGE, SHAPE = (next(it.id for it in EVALUATORS if it.type == kind) for kind in (TEMPLATE, CODE))
OVER_PROJECT, OVER_DATASET, EXPERIMENT = "over a project", "over a dataset", "run_experiment"


def spelt(kind: models.TaskType) -> str:
    """A word of the contract as requests have it."""
    return str(kind.value)


def evaluation(**fields: Any) -> Json:
    """A body that creates a task over a project, with some fields changed, and those that are None left out."""
    body = {
        "name": "raw",
        "type": spelt(models.TaskType.TEMPLATE_EVALUATION),
        "project_id": PROJECT,
        "evaluators": [{"evaluator_id": JUDGE}],
        **fields,
    }
    return {name: value for name, value in body.items() if value is not None}


def over_dataset(**fields: Any) -> Json:
    """A body that creates a task over a dataset."""
    return evaluation(**{"project_id": None, "dataset_id": DATASET, "experiment_ids": [BASE], **fields})


def experiment(**fields: Any) -> Json:
    """A body that creates a run_experiment task."""
    sent = models.LlmGenerationRunConfig(
        ai_integration_id=INTEGRATION, messages=[models.LLMMessage(models.MessageRole.USER, content="x")]
    )
    body = {
        "name": "raw",
        "type": spelt(RUN_EXPERIMENT),
        "dataset_id": DATASET,
        "run_configuration": sent.to_dict(),
        **fields,
    }
    return {name: value for name, value in body.items() if value is not None}


def calling(integration_id: str) -> Json:
    """A configuration that calls an agent."""
    return models.AgentCallRunConfig(integration_id=integration_id, input_template={}).to_dict()


# Rule, body, status.
CREATIONS: list[tuple[str, Json, int]] = [
    ("C1", evaluation(dataset_id=DATASET, experiment_ids=[BASE]), 400),
    ("C1", evaluation(project_id=None), 400),
    ("C2", over_dataset(experiment_ids=[]), 400),
    ("C2", over_dataset(experiment_ids=None), 400),
    ("C3", evaluation(experiment_ids=[BASE]), 400),
    ("C4", evaluation(sampling_rate=1.01), 400),
    ("C4", evaluation(sampling_rate=-0.01), 400),
    ("C4", over_dataset(sampling_rate=0.5), 400),
    ("C5", over_dataset(is_continuous=True), 400),
    ("C6", evaluation(evaluators=[]), 400),
    ("C6", evaluation(evaluators=None), 400),
    ("C7", evaluation(evaluators=[{"evaluator_id": JUDGE}, {"evaluator_id": JUDGE}]), 422),
    ("C8", evaluation(name=""), 400),
    ("C9", evaluation(id=NOBODYS["task"]), 400),
    ("C10", evaluation(colour="red"), 400),
    ("C10", evaluation(evaluators=[{"evaluator_id": JUDGE, "colour": "red"}]), 400),
    ("C11", experiment(dataset_id=None), 400),
    ("C11", experiment(run_configuration=None), 400),
    ("C11", experiment(sampling_rate=0.5), 400),
    ("C11", experiment(evaluators=[{"evaluator_id": JUDGE}]), 400),
    ("C13", evaluation(project_id="chat"), 400),
    ("C13", evaluation(project_id=NOBODYS["project"]), 404),
    ("C13", evaluation(project_id=DATASET), 422),
    ("C13", evaluation(evaluators=[{"evaluator_id": SHAPE}]), 422),
    ("C43", evaluation(name=5), 400),
    ("C43", evaluation(query_filter=5), 400),
]
# Rule, what the task works on, body, status.
UPDATES: list[tuple[str, str, Json, int]] = [
    *(("C14", source, {}, 400) for source in (OVER_PROJECT, OVER_DATASET, EXPERIMENT)),
    ("C14", OVER_PROJECT, {"name": None}, 400),
    ("C15", EXPERIMENT, {"evaluators": [{"evaluator_id": JUDGE}]}, 400),
    ("C15", EXPERIMENT, {"query_filter": None}, 400),
    ("C15", OVER_PROJECT, {"run_configuration": experiment()["run_configuration"]}, 400),
    ("C17", OVER_PROJECT, {"evaluators": []}, 400),
    ("C19", OVER_DATASET, {"sampling_rate": 0.5}, 400),
    ("C19", OVER_DATASET, {"is_continuous": False}, 400),
    ("C20", OVER_PROJECT, {"project_id": PROJECT}, 400),
    ("C20", OVER_PROJECT, {"type": spelt(EVALUATIONS[0])}, 400),
    ("C9", OVER_PROJECT, {"created_at": "2026-03-10T15:00:00Z"}, 400),
    ("C4", OVER_PROJECT, {"sampling_rate": 1.01}, 400),
    ("C8", OVER_PROJECT, {"name": ""}, 400),
]
TRIGGERS: list[tuple[str, str, Json, int]] = [
    ("C21", EXPERIMENT, {"max_spans": 1, "experiment_name": "raw"}, 400),
    ("C21", OVER_PROJECT, {"experiment_name": "raw"}, 400),
    ("C23", EXPERIMENT, {}, 400),
    ("C23", EXPERIMENT, {"experiment_name": ""}, 400),
    ("C24", EXPERIMENT, {"experiment_name": "raw", "example_ids": [], "max_examples": 1}, 400),
    ("C24", EXPERIMENT, {"experiment_name": "raw", "max_examples": 0}, 400),
    ("C29", OVER_DATASET, {"data_start_time": "2026-03-01T00:00:00Z"}, 400),
    ("C29", OVER_DATASET, {"data_end_time": "2026-03-01T00:00:00Z"}, 400),
    ("C30", OVER_PROJECT, {"experiment_ids": [BASE], "data_start_time": "2026-03-01T00:00:00Z"}, 400),
    ("C31", OVER_DATASET, {"max_spans": 0}, 400),
    ("C31", OVER_DATASET, {"override_evaluations": "yes"}, 400),
    ("C32", OVER_PROJECT, {"data_start_time": "2026-03-01T00:00:00"}, 422),
    ("C32", OVER_PROJECT, {"data_start_time": "yesterday"}, 422),
    ("C32", OVER_PROJECT, {"data_start_time": 5}, 400),
    (
        "C26",
        OVER_PROJECT,
        {"data_start_time": "2026-01-01T00:00:00Z", "data_end_time": "2026-01-31T00:00:00.001Z"},
        422,
    ),
    ("C26", OVER_PROJECT, {"data_start_time": "2026-01-02T00:00:00Z", "data_end_time": "2026-01-02T00:00:00Z"}, 422),
    ("C26", OVER_PROJECT, {"data_start_time": "2026-01-02T00:00:00Z", "data_end_time": "2026-01-01T00:00:00Z"}, 422),
]

FILTERS: Json = {"filters": [{"id": "A", "filter": ""}]}
MAPPED: Json = {
    "evaluator_id": JUDGE,
    "query_mappings": [{"variable_name": "x", "query_ids": ["A"], "attribute_path": "y"}],
}
# The same by the newer contract alone.
NEWER_CREATIONS: list[tuple[str, Json, int]] = [
    ("B5", experiment(run_configuration=calling(INTEGRATION)), 422),
    ("B5", experiment(run_configuration=calling(NOBODYS["AI integration"])), 404),
    ("B5", experiment(run_configuration=calling("agent")), 400),
    ("B6", evaluation(query_filters={"filters": []}, evaluators=[MAPPED]), 400),
    ("B6", evaluation(query_filters={**FILTERS, "expression": "A AND"}, evaluators=[MAPPED]), 422),
    ("B7", evaluation(query_filters=FILTERS, query_filter="x", evaluators=[MAPPED]), 400),
    ("B8", evaluation(query_filters=FILTERS), 400),
    ("B8", evaluation(evaluators=[MAPPED]), 400),
    ("B9", evaluation(query_filters={"filters": [{"id": "B", "filter": ""}]}, evaluators=[MAPPED]), 422),
    ("B10", evaluation(evaluators=[{"evaluator_id": JUDGE, "evaluator_version_id": EVALUATORS[1].version_id}]), 422),
    ("B10", evaluation(evaluators=[{"evaluator_id": JUDGE, "evaluator_version_id": "v1"}]), 400),
]
NEWER_UPDATES: list[tuple[str, str, Json, int]] = [
    ("B5", EXPERIMENT, {"run_configuration": calling(INTEGRATION)}, 422),
    *(("B8", source, {"query_filters": FILTERS}, 400) for source in (OVER_PROJECT, OVER_DATASET)),
    *(("B8", source, {"evaluators": [MAPPED]}, 400) for source in (OVER_PROJECT, OVER_DATASET)),
    ("C15", EXPERIMENT, {"query_filters": None}, 400),
]
NEWER_TRIGGERS: list[tuple[str, str, Json, int]] = [
    ("B13", EXPERIMENT, {"experiment_name": 'a"b'}, 400),
    ("B13", EXPERIMENT, {"experiment_name": "x" * 256}, 400),
    ("C21", OVER_PROJECT, {"query_filter": "x"}, 400),
]


def refused(model: Model, pick: Callable[[Any], Any]) -> Call:
    """Some request that the server refuses.

    Args:
        model: what there is.
        pick: chooses one of several.
    """
    way = pick(["create", "update", "trigger"] if model.tasks else ["create"])
    if way == "create":
        _, body, status = pick([*CREATIONS, *NEWER_CREATIONS] if is_beta() else CREATIONS)
        return Call("request", ("POST", "/v2/tasks"), {"body": on_the_wire(body)}, status=status)
    task = pick(list(model.tasks.values()))
    known = UPDATES if way == "update" else TRIGGERS
    newer = (NEWER_UPDATES if way == "update" else NEWER_TRIGGERS) if is_beta() else []
    cases = [case for case in (*known, *newer) if case[1] == _source_of(task)]
    _, _, body, status = pick(cases)
    path = f"/v2/tasks/{quote(task.id, safe='')}"
    given = ("PATCH", path) if way == "update" else ("POST", f"{path}/trigger")
    return Call("request", given, {"body": on_the_wire(body)}, status=status)


def _source_of(task: Task) -> str:
    if task.type == RUN_EXPERIMENT:
        return EXPERIMENT
    return OVER_PROJECT if task.is_over_project else OVER_DATASET
