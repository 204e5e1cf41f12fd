"""Tests of the newer dialect's contract against tables of known facts."""

from __future__ import annotations

from typing import Any

import pytest
from axtasks_api.dialect import SPELLING
from axtasks_api.models import InvocationParams
from jsonschema_rs import Draft202012Validator

from spec.generator.package import ROOT

EVALUATOR = {"evaluator_id": "e"}
MAPPING = {"variable_name": "v", "query_ids": ["A"], "attribute_path": "attributes.input.value"}
MAPPED = {"evaluator_id": "e", "query_mappings": [MAPPING]}
FILTER = {"id": "A", "filter": "span.kind = 'LLM'"}
FILTERS = {"filters": [FILTER]}
TASK = {"name": "n", "type": SPELLING["TaskType"]["template_evaluation"], "project_id": "p"}
CREATE, UPDATE, EVALUATE = "CreateTaskRequest", "UpdateEvaluationTaskRequest", "TaskEvaluatorInput"
QUERIES, CONFIG, TRIGGER = "TaskQueryFiltersInput", "RunConfiguration", "TriggerRunExperimentTaskRunRequest"
AGENT = {
    "experiment_type": SPELLING["AgentCallRunConfig.experiment_type"]["agent_call"],
    "integration_id": "i",
    "input_template": {"question": "{{question}}"},
}


def is_valid(contract: dict[str, Any], schema: str, data: object) -> bool:
    """Return True if data fits a schema of the contract."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": contract["components"]}
    return Draft202012Validator(whole).is_valid(data)


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        pytest.param(CREATE, {**TASK, "evaluators": [EVALUATOR], "query_filter": "f"}, id="one filter"),
        pytest.param(CREATE, {**TASK, "evaluators": [MAPPED], "query_filters": FILTERS}, id="named filters"),
        pytest.param(CREATE, {**TASK, "evaluators": [EVALUATOR]}, id="no filter"),
        pytest.param(UPDATE, {"query_filters": None}, id="named filters cleared"),
        pytest.param(UPDATE, {"query_filters": FILTERS, "query_filter": None}, id="one filter replaced by named ones"),
        pytest.param(UPDATE, {"query_filters": None, "query_filter": "f"}, id="named filters replaced by one"),
        pytest.param(UPDATE, {"evaluators": [MAPPED]}, id="evaluators with mappings alone"),
        pytest.param(EVALUATE, {**EVALUATOR, "evaluator_version_id": "v"}, id="a pinned version"),
        pytest.param(EVALUATE, {**EVALUATOR, "evaluator_version_id": None}, id="the latest version"),
        pytest.param(EVALUATE, {**MAPPED, "column_mappings": None, "query_filter": None}, id="the other shape as null"),
        pytest.param(EVALUATE, {**EVALUATOR, "query_mappings": [MAPPING] * 50}, id="50 mappings"),
        pytest.param(
            EVALUATE, {**EVALUATOR, "query_mappings": [{**MAPPING, "query_ids": []}]}, id="a mapping of any query"
        ),
        pytest.param(
            QUERIES, {"filters": [{"id": id_, "filter": "f" * 2000} for id_ in "ABCDE"], "expression": "A"}, id="five"
        ),
        pytest.param(CONFIG, AGENT, id="an agent call"),
        pytest.param("StoredRunConfiguration", {**AGENT, "new": 1}, id="a stored agent call with more"),
        pytest.param(TRIGGER, {"experiment_name": "n" * 255, "query_filter": "f"}, id="a filtered run"),
    ],
)
def test_the_newer_dialect_accepts(contract_of_beta: dict[str, Any], schema: str, data: object) -> None:
    assert is_valid(contract_of_beta, schema, data)


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        pytest.param(
            CREATE,
            {**TASK, "evaluators": [MAPPED], "query_filters": FILTERS, "query_filter": "f"},
            id="both kinds of filters",
        ),
        pytest.param(CREATE, {**TASK, "evaluators": [EVALUATOR], "query_filters": FILTERS}, id="filters unmapped"),
        pytest.param(CREATE, {**TASK, "evaluators": [MAPPED]}, id="mappings without named filters"),
        pytest.param(
            CREATE, {**TASK, "evaluators": [MAPPED, EVALUATOR], "query_filters": FILTERS}, id="both kinds of evaluators"
        ),
        pytest.param(CREATE, {**TASK, "type": "template_evaluation", "evaluators": [EVALUATOR]}, id="lower case"),
        pytest.param(UPDATE, {"query_filters": FILTERS, "query_filter": "f"}, id="both kinds of filters on update"),
        pytest.param(UPDATE, {"query_filters": FILTERS, "evaluators": [EVALUATOR]}, id="filters unmapped on update"),
        pytest.param(EVALUATE, {**MAPPED, "column_mappings": {}}, id="mappings and column mappings"),
        pytest.param(EVALUATE, {**MAPPED, "query_filter": "f"}, id="mappings and a filter"),
        pytest.param(EVALUATE, {**EVALUATOR, "query_mappings": []}, id="no mappings"),
        pytest.param(EVALUATE, {**EVALUATOR, "query_mappings": [MAPPING] * 51}, id="51 mappings"),
        pytest.param(EVALUATE, {**EVALUATOR, "query_mappings": [{**MAPPING, "query_ids": ["F"]}]}, id="an id beyond E"),
        pytest.param(
            EVALUATE, {**EVALUATOR, "query_mappings": [{**MAPPING, "query_ids": ["A"] * 6}]}, id="six query ids"
        ),
        pytest.param(
            EVALUATE, {**EVALUATOR, "query_mappings": [{**MAPPING, "variable_name": "v" * 257}]}, id="a long variable"
        ),
        pytest.param(
            EVALUATE, {**EVALUATOR, "query_mappings": [{**MAPPING, "attribute_path": "p" * 1025}]}, id="a long path"
        ),
        pytest.param(QUERIES, {"filters": []}, id="no filters"),
        pytest.param(QUERIES, {"filters": [FILTER] * 6, "expression": "A"}, id="six filters"),
        pytest.param(QUERIES, {"filters": [FILTER, {**FILTER, "id": "B"}]}, id="two filters without an expression"),
        pytest.param(QUERIES, {"filters": [{**FILTER, "filter": "f" * 2001}]}, id="a long filter"),
        pytest.param(QUERIES, {**FILTERS, "expression": "A" * 513}, id="a long expression"),
        pytest.param(CONFIG, {**AGENT, "new": 1}, id="an agent call with an unknown field"),
        pytest.param(CONFIG, {**AGENT, "input_template": "text"}, id="a template that is no object"),
        pytest.param(TRIGGER, {"experiment_name": ""}, id="no name"),
        pytest.param(TRIGGER, {"experiment_name": "n" * 256}, id="a long name"),
        pytest.param(TRIGGER, {"experiment_name": 'a"b'}, id="a quote in a name"),
        pytest.param(TRIGGER, {"experiment_name": "a\\b"}, id="a backslash in a name"),
    ],
)
def test_the_newer_dialect_refuses(contract_of_beta: dict[str, Any], schema: str, data: object) -> None:
    assert not is_valid(contract_of_beta, schema, data)


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ("TaskRun", "failure_reason"),
        ("Problem", "error_code"),
        ("Space", "organization_id"),
        ("Space", "is_private"),
        ("Experiment", "space_id"),
        ("Task", "query_filters"),
        ("TaskEvaluator", "evaluator_version_id"),
        ("TaskEvaluator", "query_mappings"),
        ("Evaluator", "version"),
        ("Project", "project_type"),
        ("Space", "default_llm_integration"),
        ("Space", "default_agent_runtime"),
    ],
)
def test_responses_of_the_newer_dialect_have_more_fields(
    contract: dict[str, Any], contract_of_beta: dict[str, Any], schema: str, field: str
) -> None:
    assert field in contract_of_beta["components"]["schemas"][schema]["properties"]
    assert field not in contract["components"]["schemas"][schema]["properties"]
    assert field not in contract_of_beta["components"]["schemas"][schema]["required"]


@pytest.mark.parametrize("field", ["dataset_id", "dataset_version_id"])
def test_an_experiment_need_not_have_a_dataset(contract_of_beta: dict[str, Any], field: str) -> None:
    assert contract_of_beta["components"]["schemas"]["Experiment"]["properties"][field]["type"] == ["string", "null"]


@pytest.mark.parametrize(
    "path",
    ["/v2/tasks", "/v2/tasks/{task_id}/runs"]
    + [f"/v2/{kind}" for kind in ("spaces", "projects", "datasets", "experiments", "evaluators")],
)
def test_a_list_of_something_that_is_missing_is_not_found(contract_of_beta: dict[str, Any], path: str) -> None:
    assert "404" in contract_of_beta["paths"][path]["get"]["responses"]


def test_unreadable_resources_look_like_missing_ones(contract_of_beta: dict[str, Any]) -> None:
    for path in ("/v2/spaces", "/v2/spaces/{space_id}", "/v2/projects/{project_id}"):
        assert {"403", "404"} & set(contract_of_beta["paths"][path]["get"]["responses"]) == {"404"}


def test_a_taken_name_of_a_task_has_a_status_that_the_operation_declares(contract_of_beta: dict[str, Any]) -> None:
    tasks = contract_of_beta["paths"]["/v2/tasks"]["post"], contract_of_beta["paths"]["/v2/tasks/{task_id}"]["patch"]

    assert [{"409", "422"} & set(each["responses"]) for each in tasks] == [{"422"}] * 2
    assert "409" in contract_of_beta["paths"]["/v2/tasks/{task_id}/trigger"]["post"]["responses"]


def test_our_own_responses_are_marked_with_their_decision(
    contract: dict[str, Any], contract_of_beta: dict[str, Any]
) -> None:
    asked = {name: each["x-ours"] for name, each in contract["components"]["responses"].items() if "x-ours" in each}
    today = {name for name, each in contract_of_beta["components"]["responses"].items() if "x-ours" in each}
    decided = (ROOT / "docs" / "explanation" / "decisions.md").read_text(encoding="utf-8")

    assert (
        set(asked)
        == {"MethodNotAllowed", "ContentTooLarge", "UnsupportedMediaType", "NameTaken"}
        == today | {"NameTaken"}
    )
    assert contract_of_beta["components"]["schemas"]["Problem"]["properties"]["error_code"]["x-ours"] == "D18"
    assert all(f"### {decision}. " in decided for decision in (*asked.values(), "D18"))


def test_parameters_of_a_model_call_are_checked_when_sent_and_not_when_read(contract_of_beta: dict[str, Any]) -> None:
    assert not is_valid(contract_of_beta, "InvocationParams", {"seed": 1})
    assert not is_valid(contract_of_beta, "InvocationParams", {"service_tier": "flex"})
    assert is_valid(contract_of_beta, "StoredInvocationParams", {"seed": 1, "service_tier": "flex"})
    assert InvocationParams.from_dict({"seed": 1}).to_dict() == {"seed": 1}


def test_experiments_can_be_listed_by_space(contract_of_beta: dict[str, Any]) -> None:
    parameters = contract_of_beta["paths"]["/v2/experiments"]["get"]["parameters"]

    assert {"$ref": "#/components/parameters/SpaceId"} in parameters


def test_all_values_are_in_upper_case_and_have_names_in_lower_case() -> None:
    for names in SPELLING.values():
        assert [wire for wire in names.values() if wire != wire.upper()] == []
        assert [name for name in names if name != name.lower()] == []


def test_there_are_more_types_of_evaluators(contract_of_beta: dict[str, Any]) -> None:
    for name in ("harness", "remote"):
        assert is_valid(contract_of_beta, "EvaluatorType", SPELLING["EvaluatorType"][name])


def test_no_word_of_the_older_dialect_is_left(contract: dict[str, Any], contract_of_beta: dict[str, Any]) -> None:
    """Only the names in Python keep the older spelling."""
    old = {word for schema in contract["components"]["schemas"].values() for word in schema.get("enum", [])}
    tags = {"type", "experiment_type", "status", "role", "const", "default"}

    def left(node: Any, at: str = "$") -> list[str]:
        if isinstance(node, list):
            return [found for index, item in enumerate(node) for found in left(item, f"{at}[{index}]")]
        if not isinstance(node, dict):
            return []
        here = [f"{at}.{key}" for key in tags & set(node) if isinstance(node[key], str) and node[key] in old]
        here += [f"{at}.enum" for word in node.get("enum", []) if word in old]
        return here + [found for key, item in node.items() for found in left(item, f"{at}.{key}")]

    assert left(contract_of_beta) == []
