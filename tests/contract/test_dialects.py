"""Two dialects of the contract, one set of names: the newer package has all that the documents' has."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import axtasks_api.dialect
import axtasks_api.models
import axtasks_api.operations
import axtasks_api.types
import axtasks_api_beta.dialect
import axtasks_api_beta.models
import axtasks_api_beta.operations
import pytest
from axtasks_api_beta.codec import DecodeError, Model, OpenEnum
from axtasks_api_beta.models import (
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
from axtasks_api_beta.types import UNSET

from spec.generator.contract import ContractError
from spec.generator.spelling import take_spellings
from tests.contract.examples import examples
from tests.contract.rows import each, named

if TYPE_CHECKING:
    from types import ModuleType

OLD, NEW = axtasks_api.models, axtasks_api_beta.models
SPELLING = axtasks_api_beta.dialect.SPELLING
RUN = {
    "id": "r",
    "task_id": "t",
    "num_successes": 1,
    "num_errors": 2,
    "num_skipped": 3,
    "created_at": "2026-03-07T10:30:00.000Z",
}


def of_kind(models: ModuleType, kind: str) -> list[str]:
    """The names of the models or of the enums."""
    bases = {"Model", "OpenEnum"} & {kind}
    names: list[str] = list(models.__all__)
    return [name for name in names if bases & {base.__name__ for base in getattr(models, name).__mro__}]


@each(named(of_kind(OLD, "Model")))
def test_a_model_has_its_fields_in_the_newer_dialect_too(row: str) -> None:
    """Under the same names; types only get wider, so that code written for one dialect reads the other."""
    newer = {field.name: field for field in getattr(NEW, row).fields()}
    for field in getattr(OLD, row).fields():
        wider = newer[field.name]

        assert wider.json_name == field.json_name
        assert wider.constant == field.constant
        assert set(field.type.split(" | ")) <= set(wider.type.split(" | "))
        assert (wider.required, wider.nullable or not field.nullable) == (field.required, True)


@each(named(name for name in of_kind(NEW, "Model") if hasattr(OLD, name)))
def test_what_is_new_in_a_model_need_not_be_there(row: str) -> None:
    known = {field.name for field in getattr(OLD, row).fields()}

    assert [field.name for field in getattr(NEW, row).fields() if field.required and field.name not in known] == []


@each(named(of_kind(OLD, "OpenEnum")))
def test_enum_members_are_the_same_in_both_dialects(row: str) -> None:
    """Also their values and hashes: both are called what the documents call them."""
    old, new = getattr(OLD, row), getattr(NEW, row)

    for member in old:
        assert new[member.name] == member == member.value
        assert hash(new[member.name]) == hash(member) == hash(member.value)


@each(named(axtasks_api.operations.IDS))
def test_an_operation_takes_the_same_arguments_in_both_dialects(row: str) -> None:
    old, new = (package.operation(row) for package in (axtasks_api.operations, axtasks_api_beta.operations))
    parameters = inspect.signature(new.encode).parameters

    assert (new.id, new.method, new.path) == (old.id, old.method, old.path)
    for name, parameter in inspect.signature(old.encode).parameters.items():
        assert (parameters[name].kind, repr(parameters[name].default)) == (parameter.kind, repr(parameter.default))


def test_an_unknown_operation_is_said() -> None:
    with pytest.raises(KeyError, match="list_dreams"):
        axtasks_api.operations.operation("list_dreams")


def test_each_package_says_its_stage() -> None:
    assert (axtasks_api.dialect.STAGE, axtasks_api_beta.dialect.STAGE) == ("alpha", "beta")


class TestSpelling:
    def test_it_covers_every_value_of_the_contract(self, contract_of_beta: dict[str, Any]) -> None:
        """And nothing that is none: the table is exactly that of the classes."""
        spelled = {
            name: schema["enum"]
            for name, schema in contract_of_beta["components"]["schemas"].items()
            if "enum" in schema
        }

        for name, values in spelled.items():
            assert list(SPELLING[name].values()) == values
            assert list(SPELLING[name]) == [member.value for member in getattr(NEW, name)]
        tags = {
            f"{name}.{field.json_name}": field.constant
            for name in of_kind(NEW, "Model")
            for field in getattr(NEW, name).fields()
            if field.constant is not None
        }
        assert {name: next(iter(SPELLING[name])) for name in tags} == tags
        assert sorted(SPELLING) == sorted({*spelled, *tags})

    @each(named(of_kind(NEW, "OpenEnum")))
    def test_a_member_is_found_by_either_spelling(self, row: str) -> None:
        enum: type[OpenEnum] = getattr(NEW, row)

        for python, wire in SPELLING[row].items():
            assert enum(python) is enum(wire) is enum(wire.title())

    def test_a_request_is_spelled_by_the_dialect_whose_operation_makes_it(self) -> None:
        """The models are the same for both."""
        body = CreateRunExperimentTaskRequest(
            name="n",
            dataset_id="d",
            run_configuration=LlmGenerationRunConfig(
                ai_integration_id="i", messages=[LLMMessage(role=MessageRole.USER)]
            ),
        )
        documents, beta = (
            package.operation("create_task").encode(body=body).body
            for package in (axtasks_api.operations, axtasks_api_beta.operations)
        )

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
        assert documents["type"] == "run_experiment"

    def test_a_query_is_spelled_by_the_dialect_whose_operation_makes_it(self) -> None:
        documents, beta = (
            package.operation("list_tasks").encode(type_=TaskType.RUN_EXPERIMENT).query
            for package in (axtasks_api.operations, axtasks_api_beta.operations)
        )

        assert (documents, beta) == ((("type", "run_experiment"),), (("type", "RUN_EXPERIMENT"),))

    def test_what_is_unset_is_not_sent_in_either_dialect(self) -> None:
        """Also when the sentinel is that of the other package."""
        for package in (axtasks_api.operations, axtasks_api_beta.operations):
            for unset in (UNSET, axtasks_api.types.UNSET):
                assert package.operation("list_tasks").encode(name=unset, type_=unset).query == ()
                assert package.operation("trigger_task_run").encode("t", body=unset).body is None

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

    def test_a_field_that_nobody_can_do_without_is_missed_by_its_place(self) -> None:
        page = {"task_runs": [{**RUN, "status": "PENDING"}, {**RUN}], "pagination": {"has_more": False}}

        with pytest.raises(DecodeError, match=r"^task_runs\[1\]\.status: is required but missing$"):
            NEW.TaskRunListResponse.from_dict(page)

    def test_what_is_new_comes_with_names_of_its_own(self) -> None:
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
    """In the spelling of the contract."""
    for schema, example in examples(contract_of_beta):
        name = schema["$ref"].rsplit("/", 1)[1]
        union = contract_of_beta["components"]["schemas"][name]
        names = [ref["$ref"].rsplit("/", 1)[1] for ref in union.get("oneOf", union.get("anyOf", []))] or [name]
        models: list[type[Model]] = [getattr(NEW, each) for each in names]

        assert any(agrees(model, example) for model in models), f"no variant of {name} takes {example}"


def agrees(model: type[Model], example: dict[str, Any]) -> bool:
    """Whether a model takes an example and gives it back, spelled as it was."""
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
