"""Tests of the package of both dialects: it covers each of them, with shared names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import axtasks_api.dialect
import axtasks_api.models
import axtasks_api.operations
import axtasks_api.types
import pytest
from axtasks_api.codec import DecodeError, MissingAttributeError, Model, OpenEnum
from axtasks_api.models import (
    AgentCallRunConfig,
    CreateRunExperimentTaskRequest,
    EvaluatorType,
    LlmGenerationRunConfig,
    LLMMessage,
    MessageRole,
    Task,
    TaskRun,
    TaskRunStatus,
    TaskType,
)
from axtasks_api.types import UNSET

from spec.generator.contract import ContractError
from spec.generator.spelling import take_spellings
from tests.contract.examples import examples
from tests.contract.rows import each, named

if TYPE_CHECKING:
    from types import ModuleType

MODELS, DIALECTS = axtasks_api.models, axtasks_api.dialect.DIALECTS
SPELLING = axtasks_api.dialect.SPELLING
RUN = {
    "id": "r",
    "task_id": "t",
    "num_successes": 1,
    "num_errors": 2,
    "num_skipped": 3,
    "created_at": "2026-03-07T10:30:00.000Z",
}


def of_kind(models: ModuleType, kind: str) -> list[str]:
    """Return the names of the models or of the enums."""
    bases = {"Model", "OpenEnum"} & {kind}
    names: list[str] = list(models.__all__)
    return [name for name in names if bases & {base.__name__ for base in getattr(models, name).__mro__}]


def test_a_model_has_its_fields_in_both_dialects(contract: dict[str, Any]) -> None:
    """Only fields that the documents require are required: newer ones may be absent."""
    for name, schema in contract["components"]["schemas"].items():
        if "properties" in schema:
            required = {field.json_name for field in getattr(MODELS, name).fields() if field.required}

            assert required == set(schema.get("required", []))
            assert set(schema["properties"]) <= {field.json_name for field in getattr(MODELS, name).fields()}


def test_enum_members_are_called_what_the_documents_call_them(contract: dict[str, Any]) -> None:
    for name, schema in contract["components"]["schemas"].items():
        if "enum" in schema:
            members = [member.value for member in getattr(MODELS, name)]

            assert members[: len(schema["enum"])] == schema.get("x-python-values", schema["enum"])


def test_an_unknown_operation_is_said() -> None:
    with pytest.raises(KeyError, match="list_dreams"):
        axtasks_api.operations.operation("list_dreams")


def test_each_dialect_says_its_stage_and_what_it_lacks() -> None:
    documents, beta = DIALECTS["documents"], DIALECTS["beta"]

    assert (documents.stage, beta.stage) == ("alpha", "beta")
    assert "failure_reason" in documents.lacks["TaskRun"]
    assert (dict(beta.lacks), axtasks_api.dialect.DEFAULT_DIALECT) == ({}, "documents")


class TestSpelling:
    def test_it_covers_every_value_of_the_contract(self, contract_of_beta: dict[str, Any]) -> None:
        """The table has exactly the values of the classes."""
        spelled = {
            name: schema["enum"]
            for name, schema in contract_of_beta["components"]["schemas"].items()
            if "enum" in schema
        }

        for name, values in spelled.items():
            assert list(SPELLING[name].values()) == values
            assert list(SPELLING[name]) == [member.value for member in getattr(MODELS, name)]
        tags = {
            f"{name}.{field.json_name}": field.constant
            for name in of_kind(MODELS, "Model")
            for field in getattr(MODELS, name).fields()
            if field.constant is not None
        }
        assert {name: next(iter(SPELLING[name])) for name in tags} == tags
        assert sorted(SPELLING) == sorted({*spelled, *tags})

    @each(named(of_kind(MODELS, "OpenEnum")))
    def test_a_member_is_found_by_either_spelling(self, row: str) -> None:
        enum: type[OpenEnum] = getattr(MODELS, row)

        for python, wire in SPELLING[row].items():
            assert enum(python) is enum(wire) is enum(wire.title())

    def test_a_request_is_spelled_by_the_dialect_that_it_is_made_in(self) -> None:
        """The models are the same for both dialects."""
        body = CreateRunExperimentTaskRequest(
            name="n",
            dataset_id="d",
            run_configuration=LlmGenerationRunConfig(
                ai_integration_id="i", messages=[LLMMessage(role=MessageRole.USER)]
            ),
        )
        create = axtasks_api.operations.operation("create_task")
        documents, beta = (create.encode(body=body, dialect=dialect).body for dialect in DIALECTS)

        assert documents == body.to_dict()
        assert beta == {
            "name": "n",
            "type": "RUN_EXPERIMENT",
            "dataset_id": "d",
            "run_configuration": {
                "experiment_type": "LLM_GENERATION",
                "ai_integration_id": "i",
                "messages": [{"role": "USER"}],
            },
        }
        assert create.encode(body=body).body == documents

    def test_a_query_is_spelled_by_the_dialect_that_it_is_made_in(self) -> None:
        tasks = axtasks_api.operations.operation("list_tasks")
        documents, beta = (tasks.encode(type_=TaskType.RUN_EXPERIMENT, dialect=dialect).query for dialect in DIALECTS)

        assert (documents, beta) == ((("type", "run_experiment"),), (("type", "RUN_EXPERIMENT"),))

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_unset_fields_are_not_sent_in_either_dialect(self, dialect: str) -> None:
        operation = axtasks_api.operations.operation

        assert operation("list_tasks").encode(name=UNSET, type_=UNSET, dialect=dialect).query == ()
        assert operation("trigger_task_run").encode("t", body=UNSET, dialect=dialect).body is None

    @pytest.mark.parametrize("status", ["failed", "FAILED"])
    def test_an_answer_is_read_in_either_spelling(self, status: str) -> None:
        run = TaskRun.from_dict({**RUN, "status": status})

        assert run.status is TaskRunStatus.FAILED
        assert run.to_dict()["status"] == "failed"
        assert run.to_dict(SPELLING)["status"] == "FAILED"

    @pytest.mark.parametrize("tag", ["agent_call", "AGENT_CALL"])
    def test_a_variant_is_told_by_either_spelling_of_its_tag(self, tag: str) -> None:
        data = {"experiment_type": tag, "integration_id": "i", "input_template": {"q": "{{question}}"}}

        config = AgentCallRunConfig.from_dict(data)

        assert config.to_dict() == {**data, "experiment_type": "agent_call"}
        assert config.to_dict(SPELLING) == {**data, "experiment_type": "AGENT_CALL"}

    def test_a_value_that_nobody_knows_goes_out_as_it_came_in(self) -> None:
        assert TaskRun.from_dict({**RUN, "status": "PAUSED"}).to_dict(SPELLING)["status"] == "PAUSED"


class TestTolerance:
    def test_a_field_that_may_be_null_may_be_absent(self) -> None:
        run = TaskRun.from_dict({**RUN, "status": "PENDING"})

        assert (run.run_started_at, run.created_by_user_id, run.failure_reason) == (None, None, None)

    def test_any_other_field_is_missed_when_it_is_read(self) -> None:
        page = {"task_runs": [{**RUN, "status": "PENDING"}, {**RUN}], "pagination": {"has_more": False}}

        first, second = MODELS.TaskRunListResponse.from_dict(page).task_runs

        assert first.status == "pending"
        with pytest.raises(
            MissingAttributeError, match=r"^TaskRun\.status is missing, though the contract requires it$"
        ):
            second.status  # noqa: B018

    def test_newer_values_have_names_of_their_own(self) -> None:
        task = Task.from_dict(
            {
                "id": "t",
                "name": "n",
                "type": "CODE_EVALUATION",
                "is_continuous": False,
                "evaluators": [
                    {
                        "evaluator_id": "e",
                        "evaluator_name": "E",
                        "query_mappings": [{"variable_name": "v", "query_ids": ["A"], "attribute_path": "p"}],
                    }
                ],
                "query_filters": {"filters": [{"id": "A", "filter": "f"}], "expression": "A"},
                "experiment_ids": [],
                "created_at": "2026-03-07T10:30:00.000Z",
                "updated_at": "2026-03-07T10:30:00.000Z",
            }
        )

        assert task.query_filters
        assert [each.filter for each in task.query_filters.filters] == ["f"]
        mappings = task.evaluators[0].query_mappings
        assert mappings
        assert mappings[0].query_ids == ["A"]
        assert EvaluatorType("HARNESS") is EvaluatorType.HARNESS


def test_every_example_of_the_newer_contract_goes_in_and_out(contract_of_beta: dict[str, Any]) -> None:
    """Examples keep the spelling of the contract."""
    for schema, example in examples(contract_of_beta):
        name = schema["$ref"].rsplit("/", 1)[1]
        union = contract_of_beta["components"]["schemas"][name]
        names = [ref["$ref"].rsplit("/", 1)[1] for ref in union.get("oneOf", union.get("anyOf", []))] or [name]
        models: list[type[Model]] = [getattr(MODELS, each) for each in names]

        assert any(agrees(model, example) for model in models), f"no variant of {name} takes {example}"


def agrees(model: type[Model], example: dict[str, Any]) -> bool:
    """Return True if a model takes an example and gives it back, spelled as it was."""
    try:
        return model.from_dict(example).to_dict(SPELLING) == example
    except DecodeError:
        return False


class TestNamesInPython:
    @pytest.mark.parametrize(
        ("schema", "says"),
        [
            pytest.param({"enum": ["A", "B"], "x-python-values": ["a"]}, "2 values but 1", id="too few"),
            pytest.param({"enum": ["A", "B"], "x-python-values": ["a", "a"]}, "one of them twice", id="a name twice"),
            pytest.param(
                {"items": {"enum": ["A"], "x-python-values": ["a"]}}, "only named enums", id="an enum without a name"
            ),
        ],
    )
    def test_names_that_do_not_fit_are_refused(self, schema: dict[str, Any], says: str) -> None:
        with pytest.raises(ContractError, match=says):
            take_spellings({"components": {"schemas": {"Color": schema}}})

    def test_defaults_follow_their_values(self) -> None:
        contract: dict[str, Any] = {
            "components": {
                "schemas": {
                    "Color": {"enum": ["RED"], "x-python-values": ["red"]},
                    "Wall": {
                        "properties": {
                            "color": {"allOf": [{"$ref": "#/components/schemas/Color"}], "default": "RED"},
                            "kind": {"const": "WALL", "default": "WALL", "x-python-values": ["wall"]},
                        }
                    },
                }
            }
        }

        assert take_spellings(contract) == {"Color": {"red": "RED"}, "Wall.kind": {"wall": "WALL"}}
        assert contract["components"]["schemas"]["Wall"]["properties"] == {
            "color": {"allOf": [{"$ref": "#/components/schemas/Color"}], "default": "red"},
            "kind": {"const": "wall", "default": "wall"},
        }
