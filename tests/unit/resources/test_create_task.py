"""Tests of task creation: by name, in one write, with exactly the given fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import UNSET, ConflictError, InvalidArgumentError, TaskType, UnprocessableEntityError, WrongKindError
from axtasks.mock import default_world as known

from tests.unit.support import (
    BASELINE,
    CHAT_PROD,
    CHAT_QUALITY,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    ClientKind,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT: dict[str, Any] = {
    "name": "Fresh",
    "task_type": "template_evaluation",
    "project": "chat-prod",
    "evaluators": ["Hallucination Eval"],
}
DATASET: dict[str, Any] = {
    "name": "Fresh",
    "task_type": "template_evaluation",
    "dataset": "golden-set",
    "experiment_ids": [BASELINE],
    "evaluators": ["Hallucination Eval"],
}
EXPERIMENT: dict[str, Any] = {"name": "Fresh", "dataset": "golden-set", "run_configuration": LLM_CONFIGURATION}
PROJECT_BODY: dict[str, Any] = {
    "name": "Fresh",
    "type": "template_evaluation",
    "project_id": CHAT_PROD,
    "evaluators": [{"evaluator_id": HALLUCINATION}],
}
DATASET_BODY: dict[str, Any] = {
    "name": "Fresh",
    "type": "template_evaluation",
    "dataset_id": GOLDEN_SET,
    "experiment_ids": [BASELINE],
    "evaluators": [{"evaluator_id": HALLUCINATION}],
}
CODE = {"task_type": TaskType.CODE_EVALUATION, "evaluators": ["JSON Shape"]}

BODIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("least-over-a-project", PROJECT, PROJECT_BODY),
    ("least-over-a-dataset", DATASET, DATASET_BODY),
    ("ids-for-names", PROJECT | {"project": CHAT_PROD, "evaluators": [HALLUCINATION]}, PROJECT_BODY),
    ("type-as-member", PROJECT | {"task_type": TaskType.TEMPLATE_EVALUATION}, PROJECT_BODY),
    ("type-in-capitals", PROJECT | {"task_type": "Template_Evaluation"}, PROJECT_BODY),
    (
        "code",
        PROJECT | CODE,
        PROJECT_BODY | {"type": "code_evaluation", "evaluators": [{"evaluator_id": known.JSON_SHAPE}]},
    ),
    (
        "everything-over-a-project",
        PROJECT | {"sampling_rate": 0.25, "is_continuous": True, "query_filter": "a = 'b'"},
        PROJECT_BODY | {"sampling_rate": 0.25, "is_continuous": True, "query_filter": "a = 'b'"},
    ),
    (
        "values-that-look-like-nothing",
        PROJECT | {"sampling_rate": 0, "is_continuous": False, "query_filter": ""},
        PROJECT_BODY | {"sampling_rate": 0, "is_continuous": False, "query_filter": ""},
    ),
    (
        "none-is-not-given",
        PROJECT
        | {"dataset": None, "experiment_ids": None, "sampling_rate": None, "is_continuous": None, "query_filter": None},
        PROJECT_BODY,
    ),
    ("unset-is-not-given", PROJECT | {"dataset": UNSET, "sampling_rate": UNSET}, PROJECT_BODY),
    ("C3-no-experiments-over-a-project", PROJECT | {"experiment_ids": []}, PROJECT_BODY),
    ("C5-not-continuous-over-a-dataset", DATASET | {"is_continuous": False}, DATASET_BODY | {"is_continuous": False}),
    (
        "several-experiments",
        DATASET | {"experiment_ids": (BASELINE, known.CANDIDATE)},
        DATASET_BODY | {"experiment_ids": [BASELINE, known.CANDIDATE]},
    ),
    ("filter-over-a-dataset", DATASET | {"query_filter": "a"}, DATASET_BODY | {"query_filter": "a"}),
]

# What is wrong, and what the error says; none of it costs a request.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("C1-neither", {**PROJECT, "project": None}, "give exactly one of project and dataset"),
    ("C1-neither-unset", {**PROJECT, "project": UNSET}, "give exactly one of project and dataset"),
    ("C1-both", {**DATASET, "project": "chat-prod"}, "give exactly one of project and dataset"),
    (
        "C2-no-experiments",
        {**DATASET, "experiment_ids": None},
        "experiment_ids needs at least one entry with a dataset",
    ),
    ("C2-empty-experiments", {**DATASET, "experiment_ids": []}, "experiment_ids needs at least one entry"),
    ("C3-experiments", {**PROJECT, "experiment_ids": [BASELINE]}, "experiment_ids applies only with a dataset"),
    ("C4-above-1", {**PROJECT, "sampling_rate": 1.5}, "sampling_rate has to be a number from 0 to 1"),
    ("C4-below-0", {**PROJECT, "sampling_rate": -0.1}, "sampling_rate has to be a number from 0 to 1"),
    ("C4-text", {**PROJECT, "sampling_rate": "1"}, "sampling_rate has to be a number from 0 to 1"),
    ("C4-dataset", {**DATASET, "sampling_rate": 0.5}, "sampling_rate applies only with a project"),
    ("C4-dataset-0", {**DATASET, "sampling_rate": 0}, "sampling_rate applies only with a project"),
    ("C5-dataset", {**DATASET, "is_continuous": True}, "is_continuous applies only with a project"),
    ("C5-number", {**PROJECT, "is_continuous": 1}, "is_continuous has to be True or False"),
    ("C6-no-evaluators", {**PROJECT, "evaluators": []}, "evaluators needs at least one entry"),
    ("C7-twice", {**PROJECT, "evaluators": ["a", "a"]}, "'a' stands there more than once"),
    ("C8-empty-name", {**PROJECT, "name": ""}, "name must not be empty"),
    ("C11-type", {**PROJECT, "task_type": "run_experiment"}, "task_type has to be one of template_.*, not 'run_exper"),
    ("unknown-type", {**PROJECT, "task_type": "agent_evaluation"}, "task_type has to be one of"),
    ("no-type", {**PROJECT, "task_type": None}, "task_type has to be one of"),
    ("C13-project", {**PROJECT, "project": GOLDEN_SET}, "is the id of a dataset, not of a project"),
    ("C13-dataset", {**DATASET, "dataset": CHAT_PROD}, "is the id of a project, not of a dataset"),
    ("C13-experiment", {**DATASET, "experiment_ids": [CHAT_PROD]}, "is the id of a project, not of an experiment"),
    ("C13-evaluator", {**PROJECT, "evaluators": [CHAT_PROD]}, "is the id of a project, not of an evaluator"),
    ("C13-space", {**PROJECT, "space": CHAT_PROD}, "is the id of a project, not of a space"),
    ("empty-project", {**PROJECT, "project": ""}, "project must not be empty"),
    ("empty-dataset", {**DATASET, "dataset": ""}, "dataset must not be empty"),
    ("filter-is-a-number", {**PROJECT, "query_filter": 5}, "query_filter has to be text"),
    ("experiments-is-a-text", {**DATASET, "experiment_ids": BASELINE}, "experiment_ids has to be a list of texts"),
    ("experiment-is-empty", {**DATASET, "experiment_ids": [""]}, r"experiment_ids\[0\] must not be empty"),
]
REFUSED_EXPERIMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("C8-empty-name", {**EXPERIMENT, "name": ""}, "name must not be empty"),
    ("C11-no-dataset", {**EXPERIMENT, "dataset": None}, "dataset has to be text, not None"),
    ("C11-empty-dataset", {**EXPERIMENT, "dataset": ""}, "dataset must not be empty"),
    ("C11-no-configuration", {**EXPERIMENT, "run_configuration": None}, "run_configuration has to be"),
    ("C13-dataset", {**EXPERIMENT, "dataset": CHAT_PROD}, "is the id of a project, not of a dataset"),
]
NO_PARAMETERS = ["project", "evaluators", "experiment_ids", "sampling_rate", "is_continuous", "query_filter"]


def create(fields: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_evaluation_task(**fields)


def create_experiment(fields: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_run_experiment_task(**fields)


@pytest.mark.both_contracts
@pytest.mark.parametrize(("fields", "body"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_only_what_was_given_is_sent(
    fields: dict[str, Any], body: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    task = client_kind.ask(stage.recorder, create(fields), space="demo")

    (sent,) = stage.writes
    assert (sent.method, sent.path) == ("POST", "/v2/tasks")
    assert sent.json == body
    assert task.name == "Fresh"
    assert task.to_dict()["type"] == body["type"]


@pytest.mark.both_contracts
def test_a_run_experiment_task_is_created_from_a_dataset_and_a_configuration(
    stage: Stage, client_kind: ClientKind
) -> None:
    task = client_kind.ask(stage.recorder, create_experiment(EXPERIMENT), space="demo")

    assert stage.writes[0].json == {
        "name": "Fresh",
        "type": "run_experiment",
        "dataset_id": GOLDEN_SET,
        "run_configuration": LLM_CONFIGURATION,
    }
    assert task.type is TaskType.RUN_EXPERIMENT


@pytest.mark.parametrize(("fields", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_makes_no_evaluation_task_is_refused_without_a_request(
    fields: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
        client_kind.ask(stage.recorder, create(fields), space="demo")
    assert stage.sent == []


@pytest.mark.parametrize(
    ("fields", "message"), [case[1:] for case in REFUSED_EXPERIMENTS], ids=[case[0] for case in REFUSED_EXPERIMENTS]
)
def test_what_makes_no_run_experiment_task_is_refused_without_a_request(
    fields: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
        client_kind.ask(stage.recorder, create_experiment(fields), space="demo")
    assert stage.sent == []


@pytest.mark.parametrize("name", NO_PARAMETERS, ids=[f"C11-{name}" for name in NO_PARAMETERS])
def test_a_run_experiment_task_takes_nothing_of_an_evaluation(name: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
        client_kind.ask(stage.recorder, create_experiment({**EXPERIMENT, name: None}))
    assert stage.sent == []


def test_the_name_may_be_given_by_position(stage: Stage) -> None:
    fields = {name: value for name, value in PROJECT.items() if name != "name"}

    assert stage.client(space="demo").tasks.create_evaluation_task("By Position", **fields).name == "By Position"


def test_several_names_need_the_space_to_be_looked_up_only_once(stage: Stage, client_kind: ClientKind) -> None:
    client_kind.ask(
        stage.recorder, create(PROJECT | {"evaluators": ["Hallucination Eval", "Relevance Eval"], "space": "demo"})
    )

    assert stage.calls == [
        "GET /v2/spaces",
        "GET /v2/projects",
        "GET /v2/evaluators",
        "POST /v2/tasks",
    ]
    assert [sent.query.get("space_id") for sent in stage.sent[1:3]] == [DEMO] * 2


def test_with_ids_alone_there_is_one_request(stage: Stage, client_kind: ClientKind) -> None:
    client_kind.ask(
        stage.recorder, create(PROJECT | {"project": CHAT_PROD, "evaluators": [HALLUCINATION], "space": "demo"})
    )

    assert stage.calls == ["POST /v2/tasks"]


def test_names_are_looked_up_in_the_space_that_is_given(stage: Stage, client_kind: ClientKind) -> None:
    task = client_kind.ask(
        stage.recorder, create(PROJECT | {"evaluators": ["Toxicity Eval"], "space": "demo-eu"}), space="demo"
    )

    assert task.project_id == known.CHAT_PROD_EU


def test_a_name_that_is_taken_is_a_conflict(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(ConflictError) as caught:
        client_kind.ask(stage.recorder, create(PROJECT | {"name": "Chat Quality Monitor"}), space="demo")

    assert caught.value.operation_id == "create_task"


def test_what_only_the_server_can_judge_is_left_to_it(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnprocessableEntityError):
        client_kind.ask(
            stage.recorder, create(DATASET | {"experiment_ids": [known.REGRESSION_EXPERIMENT]}), space="demo"
        )


def test_what_comes_back_is_the_task_as_the_server_has_it(stage: Stage, client_kind: ClientKind) -> None:
    task = client_kind.ask(stage.recorder, create(PROJECT), space="demo")

    assert client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(task.id)).to_dict() == task.to_dict()
    assert task.id != CHAT_QUALITY
