"""Every value that the contracts spell differently: in bodies, responses, filters, and refusals.

The rules are tested with one contract; these tests cover what depends on the contract.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from axtasks.mock import default_world as known

from tests.conftest import BETA, DOCUMENTS
from tests.dialects import on_the_wire, spelling_of
from tests.mock.support import (
    AUTHORIZED,
    EXPERIMENT_TASK,
    JUDGE_CONFIGURATION,
    PROJECT_TASK,
    RUN_CONFIGURATION,
    TASKS,
    Api,
    Json,
    run_path,
    task_path,
)

pytestmark = pytest.mark.both_contracts

RUNS = task_path(known.CHAT_QUALITY, "runs")
VALUES = {
    "TaskType": ("template_evaluation", "code_evaluation", "run_experiment"),
    "TaskRunStatus": ("pending", "running", "completed", "failed", "cancelled"),
    "MessageRole": ("user", "assistant", "system", "tool"),
    "InputVariableFormat": ("f_string", "mustache", "none"),
    "ToolCallType": ("function",),
    "ResponseFormatType": ("text", "json_object", "json_schema"),
    "EvaluatorType": ("template", "code"),
}
"""The values that both contracts have, by schema."""
TASK_TYPES = {
    "template_evaluation": PROJECT_TASK,
    "code_evaluation": {
        **PROJECT_TASK,
        "type": "code_evaluation",
        "evaluators": [{"evaluator_id": known.JSON_SHAPE}],
    },
    "run_experiment": EXPERIMENT_TASK,
}
CALL = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
CONFIGURED: dict[str, Json] = {
    **{role: {"messages": [{"role": role, "content": "x"}]} for role in VALUES["MessageRole"]},
    **{form: {"input_variable_format": form} for form in VALUES["InputVariableFormat"]},
    **{form: {"invocation_parameters": {"response_format": {"type": form}}} for form in VALUES["ResponseFormatType"]},
    **{
        kind: {"messages": [{"role": "assistant", "tool_calls": [{**CALL, "type": kind}]}]}
        for kind in VALUES["ToolCallType"]
    },
}
"""Fields of run configurations, by the enum value that each has."""
CONFIGURATIONS: dict[str, Json] = {
    **{value: {**RUN_CONFIGURATION, **fields} for value, fields in CONFIGURED.items()},
    "llm_generation": RUN_CONFIGURATION,
    "template_evaluation": JUDGE_CONFIGURATION,
}


def spelled(value: str, contract: str) -> str:
    """Return a value as a contract spells it."""
    return spelling_of(contract).get(value, value)


@pytest.mark.parametrize("name", VALUES["TaskType"])
def test_type_of_a_task(api: Api, name: str) -> None:
    """A type is accepted, returned, filtered by and found in the journal."""
    value = spelled(name, api.mock.contract)

    created = api.post(TASKS, TASK_TYPES[name])
    listed = api.get(TASKS, type=name, limit=100).wire["tasks"]

    assert (created.status, created.wire["type"]) == (201, value)
    assert created.wire["id"] in {task["id"] for task in listed}
    assert {task["type"] for task in listed} == {value}
    assert len(api.mock.journal.assert_called("create_task", times=1, body={"type": value})) == 1


@pytest.mark.parametrize("status", VALUES["TaskRunStatus"])
def test_status_of_a_run(api: Api, status: str) -> None:
    """A run has its status, alone and in lists, and is found by it."""
    api.send("PUT", "/__mock/lifecycle", {"default": "manual"})
    runs = [api.triggered(known.GOLDEN_REVIEW)["id"] for _ in range(2)]
    moved, to = (runs[1], "running") if status == "pending" else (runs[0], status)
    assert api.post(f"/__mock/task-runs/{quote(moved, safe='')}/advance", {"to": to}).status == 200

    found = api.get(task_path(known.GOLDEN_REVIEW, "runs"), status=status).wire["task_runs"]

    value = spelled(status, api.mock.contract)
    assert [(run["id"], run["status"]) for run in found] == [(runs[0], value)]
    assert api.get(run_path(runs[0])).wire["status"] == value


@pytest.mark.parametrize("value", CONFIGURATIONS)
def test_run_configurations(api: Api, value: str) -> None:
    """The values of a run configuration are accepted and returned, on create and on update."""
    configuration = CONFIGURATIONS[value]
    expected = on_the_wire(configuration, api.mock.contract)

    created = api.post(TASKS, {**EXPERIMENT_TASK, "run_configuration": configuration})
    changed = api.patch(task_path(known.NIGHTLY_SUMMARIES), {"run_configuration": configuration})

    assert spelled(value, api.mock.contract) in json.dumps(expected)
    for reply in (created, changed):
        answered = reply.wire["run_configuration"]
        assert {name: answered[name] for name in expected} == expected


def test_types_of_evaluators(api: Api) -> None:
    """Evaluators have their types."""
    types = {evaluator["type"] for evaluator in api.get("/v2/evaluators").wire["evaluators"]}

    assert types >= {spelled(value, api.mock.contract) for value in VALUES["EvaluatorType"]}


def test_the_other_spelling_is_refused(api: Api) -> None:
    """The other contract's spelling of a value is refused, in a body, a configuration and a query."""
    other = DOCUMENTS if api.mock.contract == BETA else BETA
    headers = (*AUTHORIZED, ("Content-Type", "application/json"))

    def posted(body: Json) -> str:
        reply = api.send_bytes("POST", TASKS, json.dumps(body).encode(), headers=headers)
        assert reply.status == 400
        return str(reply.wire["detail"])

    configured = {
        **on_the_wire(EXPERIMENT_TASK, api.mock.contract),
        "run_configuration": on_the_wire(RUN_CONFIGURATION, other),
    }
    assert posted(on_the_wire(PROJECT_TASK, other)).startswith("type has to be one of ")
    assert posted(configured).startswith("run_configuration.experiment_type has to be one of ")
    for path, query in (
        (TASKS, f"type={spelled('run_experiment', other)}"),
        (RUNS, f"status={spelled('failed', other)}"),
    ):
        assert (query, api.send_bytes("GET", path, query=query).status) == (query, 400)
