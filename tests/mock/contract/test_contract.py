"""The mock and the contract file: every response is as the contract says, in its spelling."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known
from axtasks.mock.cli import serve as cli
from axtasks.mock.contract import contract
from axtasks.mock.operations.registry import HANDLERS
from jsonschema_rs import Draft202012Validator

from tests.mock.support import (
    DATASET_TASK,
    EXPERIMENT_TASK,
    JUDGE_CONFIGURATION,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_TASK,
    Api,
    Json,
    run_path,
    task_path,
)

if TYPE_CHECKING:
    from tests.mock.doors import Door


def strict(schema: Json) -> Json:
    """Return a schema that allows no keys but its own."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if (
        isinstance(schema.get("properties"), dict)
        and "additionalProperties" not in schema
        and "Invocation" not in str(schema.get("description"))
    ):
        closed["additionalProperties"] = False
    return closed


COMPONENTS = {name: strict(contract.of(name).document["components"]) for name in contract.NAMES}

ANSWERED: list[tuple[str, str, str, str, Json]] = [
    ("list_tasks", "GET", TASKS, "200", None),
    ("create_task", "POST", TASKS, "201", PROJECT_TASK),
    ("create_task", "POST", TASKS, "201", DATASET_TASK),
    ("create_task", "POST", TASKS, "201", EXPERIMENT_TASK),
    ("create_task", "POST", TASKS, "201", {**EXPERIMENT_TASK, "run_configuration": JUDGE_CONFIGURATION}),
    ("create_task", "POST", TASKS, "400", {}),
    ("get_task", "GET", task_path(known.NIGHTLY_SUMMARIES), "200", None),
    ("get_task", "GET", task_path(UNKNOWN_TASK), "404", None),
    ("update_task", "PATCH", task_path(known.CHAT_QUALITY), "200", {"query_filter": None}),
    ("trigger_task_run", "POST", task_path(known.NIGHTLY_SUMMARIES, "trigger"), "409", {"experiment_name": "baseline"}),
    ("delete_task", "DELETE", task_path(known.CHAT_QUALITY), "204", None),
    ("trigger_task_run", "POST", task_path(known.CHAT_QUALITY, "trigger"), "201", None),
    ("trigger_task_run", "POST", task_path(known.CHAT_QUALITY, "trigger"), "422", {"data_end_time": "x"}),
    ("list_task_runs", "GET", task_path(known.CHAT_QUALITY_EU, "runs"), "200", None),
    ("get_task_run", "GET", run_path(known.CHAT_QUALITY_RUN), "200", None),
    ("cancel_task_run", "POST", run_path(known.CHAT_QUALITY_RUN, "cancel"), "400", None),
    ("list_spaces", "GET", "/v2/spaces", "200", None),
    ("get_space", "GET", f"/v2/spaces/{known.DEMO}", "200", None),
    ("list_projects", "GET", "/v2/projects", "200", None),
    ("get_project", "GET", f"/v2/projects/{known.CHAT_PROD}", "200", None),
    ("list_datasets", "GET", "/v2/datasets", "200", None),
    ("get_dataset", "GET", f"/v2/datasets/{known.REGRESSION_SET}", "200", None),
    ("list_experiments", "GET", "/v2/experiments", "200", None),
    ("get_experiment", "GET", f"/v2/experiments/{known.BASELINE}", "200", None),
    ("list_evaluators", "GET", "/v2/evaluators", "200", None),
    ("get_evaluator", "GET", f"/v2/evaluators/{known.HALLUCINATION}", "200", None),
]
ANSWERED_TODAY: list[tuple[str, str]] = [
    *(("get_evaluator", f"/v2/evaluators/{each}") for each in (known.JSON_SHAPE, known.ACCEPTANCE, known.REMOTE_JUDGE)),
    ("list_evaluator_versions", f"/v2/evaluators/{known.HALLUCINATION}/versions"),
    ("get_evaluator_version", f"/v2/evaluator-versions/{known.HALLUCINATION_VERSION}"),
    ("list_ai_integrations", "/v2/ai-integrations"),
    ("get_ai_integration", f"/v2/ai-integrations/{known.OPENAI_MAIN}"),
    ("list_integrations", "/v2/integrations"),
    ("get_integration", f"/v2/integrations/{known.SUPPORT_AGENT}"),
    ("list_prompts", "/v2/prompts"),
    ("get_prompt", f"/v2/prompts/{known.SUMMARIZE}"),
    ("list_prompt_versions", f"/v2/prompts/{known.SUMMARIZE}/versions"),
    ("get_prompt_version", f"/v2/prompt-versions/{known.SUMMARIZE_VERSIONS[0]}"),
]
"""Operations and types of evaluators that only today's contract has."""


@pytest.mark.both_contracts
def test_an_operation_without_a_handler(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, contract: str, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its operation is a 501, the others work; the start reports it in one line."""
    monkeypatch.delitem(HANDLERS, "list_spaces")
    api = Api(Mock(clock=clock, contract=contract), door)

    reply = api.get("/v2/spaces", name="demo")
    cli._tell_what_is_refused(contract)

    assert (reply.status, reply.wire["title"], reply.wire["type"]) == (501, "Not Implemented", "about:blank")
    assert reply.detail == "the mock has no handler for list_spaces"
    assert api.get("/v2/projects").status == 200
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"The mock has no handler for .*\blist_spaces\b.*: it answers them with 501", line)


@pytest.mark.parametrize("contract", ["beta"], indirect=True)
@pytest.mark.parametrize(("operation_id", "path"), ANSWERED_TODAY, ids=[path for _, path in ANSWERED_TODAY])
def test_responses_of_todays_contract_alone(api: Api, operation_id: str, path: str) -> None:
    test_answers_are_as_the_contract_says(api, operation_id, "GET", path, "200", None)


@pytest.mark.both_contracts
@pytest.mark.parametrize(
    ("operation_id", "method", "path", "status", "body"),
    [pytest.param(*case, id=f"{case[0]}-{case[3]}-{number}") for number, case in enumerate(ANSWERED)],
)
def test_answers_are_as_the_contract_says(  # noqa: PLR0917  # one parameter for each part of a case
    api: Api, operation_id: str, method: str, path: str, status: str, body: Json
) -> None:
    """Each response has a declared status and media type, and no keys beyond those of its schema."""
    document = cast("dict[str, Any]", contract.of(api.mock.contract).document)
    path_template = contract.of(api.mock.contract).operations[operation_id].path
    declared = document["paths"][path_template][method.lower()]["responses"][status]
    if "$ref" in declared:
        declared = document["components"]["responses"][declared["$ref"].rpartition("/")[2]]

    reply = api.send(method, path, body) if body is not None else api.send(method, path)

    assert reply.status == int(status), reply.body
    if "content" not in declared:
        assert reply.body == b""
        return
    ((media_type, content),) = declared["content"].items()
    assert reply.header("content-type") == media_type
    schema = {**content["schema"], "components": COMPONENTS[api.mock.contract]}
    validator = Draft202012Validator(schema, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(reply.wire)] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Answer {input}", "f_string"),
        ("{{input}}", "mustache"),
        ("Hello {{ user.name }}", "mustache"),
        ('Answer {input} as {{"a": 1}}', "f_string"),
        (None, "f_string"),
    ],
)
def test_a_stored_generation_says_how_variables_are_marked(api: Api, content: str | None, expected: str) -> None:
    """Published clients cannot read a generation without `input_variable_format`: it is filled in (J3)."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": content}]
    body = {**EXPERIMENT_TASK, "run_configuration": {**EXPERIMENT_TASK["run_configuration"], "messages": messages}}

    assert api.created(body)["run_configuration"]["input_variable_format"] == expected


def test_explicit_nulls_are_kept(api: Api) -> None:
    """Nulls that clients send for optional fields are kept in the response."""
    evaluators = [{"evaluator_id": known.HALLUCINATION, "query_filter": None, "column_mappings": None}]
    configuration = {**EXPERIMENT_TASK["run_configuration"], "prompt_version_id": None}

    task = api.created({**PROJECT_TASK, "evaluators": evaluators})
    experiment = api.created({**EXPERIMENT_TASK, "name": "Other", "run_configuration": configuration})

    assert task["evaluators"][0]["column_mappings"] is None
    assert experiment["run_configuration"]["prompt_version_id"] is None


def upper(node: Json) -> Json:
    """Return the contract with every value of an enum or a tag in upper case."""
    if isinstance(node, list):
        return [upper(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {key: upper(value) for key, value in node.items()}
    if isinstance(node.get("enum"), list):
        changed["enum"] = [value.upper() if isinstance(value, str) else value for value in node["enum"]]
    for key in ("const", "default"):
        if isinstance(node.get(key), str):
            changed[key] = node[key].upper()
    return changed


DIALECT_SCRIPT = """
import json
from axtasks.mock import Clock, Mock, MockRequest
mock = Mock(clock=Clock(frozen=True))
def send(method, path, body=None):
    headers = (("Authorization", "Bearer k"), ("Content-Type", "application/json"))
    response = mock.handle(MockRequest(method, path, "", headers, b"" if body is None else json.dumps(body).encode()))
    return response.status, json.loads(response.body)
task = json.loads({task!r})
status, created = send("POST", "/v2/tasks", task)
assert (status, created["type"]) == (201, "RUN_EXPERIMENT"), created
assert created["run_configuration"]["input_variable_format"] == "F_STRING", created
status, run = send("POST", "/v2/tasks/" + created["id"] + "/trigger", {{"experiment_name": "x"}})
assert (status, run["status"]) == (201, "PENDING"), run
mock.clock.advance(2)
assert send("GET", "/v2/task-runs/" + run["id"])[1]["status"] == "COMPLETED"
assert send("POST", "/v2/task-runs/" + run["id"] + "/cancel")[0] == 400
assert send("POST", "/v2/tasks", {{**task, "type": "run_experiment"}})[0] == 400
print("spoken")
"""


@pytest.mark.programs
def test_a_contract_in_upper_case_needs_no_change(tmp_path: Path) -> None:
    """With a contract in upper case the mock speaks upper case, in the world and the rules too."""
    package = tmp_path / contract.PACKAGE
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('the mock only reads the data file')")
    for name in contract.NAMES:
        document = contract.of(name).document
        spoken = upper(document) if name == contract.DOCUMENTS else document
        (package / contract.FILES[name]).write_text(json.dumps(spoken))
    message = {"role": "USER", "content": "{input}"}
    configuration = {**EXPERIMENT_TASK["run_configuration"], "experiment_type": "LLM_GENERATION", "messages": [message]}
    task = json.dumps({**EXPERIMENT_TASK, "type": "RUN_EXPERIMENT", "run_configuration": configuration})
    facade = Path(contract.__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(facade)])}

    done = subprocess.run(
        [sys.executable, "-c", DIALECT_SCRIPT.format(task=task)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("spoken\n", "")


def test_a_missing_contract_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the data file, the error says what is missing and what to do."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(contract.ContractMissingError, match=r"openapi\.json of 'axtasks_api'.*make generate"):
        contract.document("openapi.json")
