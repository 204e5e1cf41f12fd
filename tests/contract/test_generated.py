"""Tests of the generated package's interface, on which the facade depends."""

from __future__ import annotations

import asyncio
import copy
import importlib
import json
import pickle
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axtasks_api
import httpx
import pytest
from axtasks_api import models
from axtasks_api.api.task_runs import get_task_run
from axtasks_api.api.tasks import create_task, delete_task, get_task, list_tasks, trigger_task_run, update_task
from axtasks_api.client import AuthenticatedClient, Client
from axtasks_api.codec import DecodeError, Model, OpenEnum, Timestamp, UnknownVariant, timestamp_text
from axtasks_api.errors import UnexpectedStatus
from axtasks_api.models import (
    InvocationParams,
    LlmGenerationRunConfig,
    LLMMessage,
    MessageRole,
    Problem,
    StoredTemplateEvaluationRunConfig,
    Task,
    TaskRun,
    TaskRunStatus,
    TaskType,
    TriggerEvaluationTaskRunRequest,
    UpdateEvaluationTaskRequest,
)
from axtasks_api.operation import Operation, Refusal
from axtasks_api.types import UNSET

from tests.contract.examples import bodies, examples
from tests.contract.rows import each, named

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(axtasks_api.__file__).parent
ENUMS = sorted(name for name in models.__all__ if issubclass(getattr(models, name), OpenEnum))
MODELS = sorted(name for name in models.__all__ if issubclass(getattr(models, name), Model))
ARRIVALS: tuple[Any, ...] = (None, 1, "x", [], [1], {}, {"id": 1}, {"task_runs": 5}, {"type": []})
STATUSES = (100, 302, 404, 418, 502, 599, 799)
CONTENTS = (b"", b"<html>", b'{"title": 1', b"\xff\xfe", b"[]")

TASK = {
    "id": "T25saW5lVGFzazo0NTpxUndY",
    "name": "Monitor",
    "type": "run_experiment",
    "is_continuous": False,
    "query_filter": None,
    "evaluators": [],
    "experiment_ids": [],
    "last_run_at": None,
    "created_at": "2026-02-20T10:00:00.000Z",
    "updated_at": "2026-02-20T10:00:00.500Z",
    "created_by_user_id": None,
}
CONFIG = {
    "experiment_type": "template_evaluation",
    "ai_integration_id": "TGxtSW50ZWdyYXRpb246MTI6YUJjRA==",
    "template": "Is {{output}} right?",
    "provide_explanation": False,
}


class TestOpenEnums:
    @each(named(ENUMS))
    def test_a_known_value_is_found_in_either_case(self, row: str) -> None:
        enum = getattr(models, row)

        for member in enum:
            assert enum(member.value) is member
            assert enum(member.value.upper()) is member
            assert member.is_known

    @each(named(ENUMS))
    def test_an_unknown_value_is_kept_and_is_no_member(self, row: str) -> None:
        enum = getattr(models, row)

        unknown = enum("brand_New")

        assert unknown == "brand_New"
        assert hash(unknown) == hash("brand_New")
        assert str(unknown) == f"{unknown}" == unknown.value == "brand_New"
        assert not unknown.is_known
        assert unknown not in list(enum)
        assert "unknown" in repr(unknown)

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
    def test_an_unknown_value_survives_copy_and_pickle(self, duplicate: Callable[[object], object]) -> None:
        unknown = TaskRunStatus("paused")

        again = duplicate(unknown)

        assert isinstance(again, TaskRunStatus)
        assert again == unknown == "paused"

    @pytest.mark.parametrize("value", [None, 5, ["pending"], b"pending"])
    def test_an_enum_refuses_values_that_are_no_text(self, value: Any) -> None:
        with pytest.raises(ValueError, match="is not a valid TaskRunStatus"):
            TaskRunStatus(value)


class TestTimestamps:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-02-20T10:00:00.000Z",
            "2026-02-20T10:00:00Z",
            "2026-02-20T10:00:00.123456789Z",
            "2026-02-20T11:00:00+01:00",
            "2026-02-20T10:00:00",
            "2026-02-20t10:00:00z",
        ],
    )
    def test_a_timestamp_goes_out_as_it_came_in(self, text: str) -> None:
        task = Task.from_dict({**TASK, "created_at": text})

        assert task.to_dict()["created_at"] == text
        assert task.created_at.replace(microsecond=0) == datetime(2026, 2, 20, 10, tzinfo=UTC)
        for again in (copy.deepcopy(task), pickle.loads(pickle.dumps(task))):
            assert again == task
            assert again.to_dict() == task.to_dict()

    def test_one_that_is_written_as_servers_write_them_is_a_plain_one(self) -> None:
        assert type(Task.from_dict({**TASK, "created_at": "2026-02-20T10:00:00.000Z"}).created_at) is datetime

    @pytest.mark.parametrize(
        ("offset", "end"), [(timedelta(0), "Z"), (timedelta(seconds=30), "+00:00:30"), (timedelta(hours=-1), "-01:00")]
    )
    def test_one_made_here_keeps_its_offset(self, offset: timedelta, end: str) -> None:
        moment = datetime(2026, 2, 20, 10, tzinfo=timezone(offset))

        assert timestamp_text(moment) == f"2026-02-20T10:00:00.000{end}"

    def test_one_of_that_length_that_is_spelled_otherwise_goes_out_as_usual(self) -> None:
        task = Task.from_dict({**TASK, "created_at": "2026-W08-5T10:00:00.000Z"})

        assert task.to_dict()["created_at"] == "2026-02-20T10:00:00.000Z"

    def test_a_computed_time_is_written_anew(self) -> None:
        moment = Timestamp.parse("2026-02-20T10:00:00.000Z") + timedelta(hours=1)

        assert timestamp_text(moment) == "2026-02-20T11:00:00.000Z"

    @pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", 5, None])
    def test_an_invalid_time_is_refused_with_its_path(self, text: object) -> None:
        with pytest.raises(DecodeError, match="created_at: expected"):
            Task.from_dict({**TASK, "created_at": text})


class TestUnset:
    def test_it_is_false_names_itself_and_stays_the_one(self) -> None:
        assert not UNSET
        assert repr(UNSET) == "UNSET"
        assert copy.deepcopy(UNSET) is UNSET
        assert pickle.loads(pickle.dumps(UNSET)) is UNSET


class TestUnions:
    def test_the_tag_decides_which_variant_it_is(self) -> None:
        task = Task.from_dict({**TASK, "run_configuration": CONFIG})

        assert isinstance(task.run_configuration, StoredTemplateEvaluationRunConfig)
        assert task.to_dict()["run_configuration"] == CONFIG

    def test_a_known_tag_in_the_other_case_is_the_same_variant(self) -> None:
        task = Task.from_dict({**TASK, "run_configuration": {**CONFIG, "experiment_type": "TEMPLATE_EVALUATION"}})

        assert isinstance(task.run_configuration, StoredTemplateEvaluationRunConfig)

    def test_a_known_tag_with_a_broken_body_is_an_error_and_not_another_variant(self) -> None:
        with pytest.raises(DecodeError, match=r"run_configuration\.invocation_parameters: expected an object"):
            Task.from_dict({**TASK, "run_configuration": {**CONFIG, "invocation_parameters": 5}})

    @pytest.mark.parametrize(
        ("data", "tag"), [({"experiment_type": "SWARM_CALL", "depth": 3}, "SWARM_CALL"), ({"depth": 3}, None)]
    )
    def test_an_unknown_variant_is_kept_as_it_came(self, data: dict[str, object], tag: str | None) -> None:
        task = Task.from_dict({**TASK, "run_configuration": data})

        assert isinstance(task.run_configuration, UnknownVariant)
        assert task.run_configuration.tag == tag
        assert task.to_dict()["run_configuration"] == data
        assert pickle.loads(pickle.dumps(task)) == task


class TestResponses:
    def test_unknown_members_are_kept(self) -> None:
        task = Task.from_dict({**TASK, "failure_reason": {"code": 7}})

        assert task.additional_properties == {"failure_reason": {"code": 7}}
        assert task.to_dict() == {**TASK, "failure_reason": {"code": 7}}
        assert json.loads(task.to_json()) == task.to_dict()

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v)), repr])
    def test_one_without_unknown_members_is_as_if_it_had_been_made_here(
        self, duplicate: Callable[[object], object]
    ) -> None:
        made = models.TaskEvaluator("EV", "Relevance", None, None)
        received = models.TaskEvaluator.from_dict(made.to_dict())

        assert duplicate(received) == duplicate(made)
        assert models.TaskEvaluator.from_dict(made.to_dict()) == made

    def test_a_member_that_is_added_to_one_of_them_is_its_own(self) -> None:
        first, second = Task.from_dict(TASK), Task.from_dict(TASK)

        first.additional_properties["colour"] = "red"

        assert first.to_dict() == {**TASK, "colour": "red"}
        assert second.additional_properties == {}
        assert second.to_dict() == TASK

    def test_an_unknown_attribute_of_a_model_is_an_attribute_error(self) -> None:
        request = models.CreateRunExperimentTaskRequest
        with pytest.raises(AttributeError, match=r"^'Task' object has no attribute 'colour'$"):
            getattr(Task.from_dict(TASK), "colour")  # noqa: B009  mypy would refuse it

        assert not hasattr(request, "additional_properties")
        assert not hasattr(object.__new__(request), "additional_properties")

    @each((f"{name} of {value!r}", (name, value)) for name in MODELS for value in ARRIVALS)
    def test_any_json_is_decoded_or_a_decode_error(self, row: tuple[str, Any]) -> None:
        name, value = row
        model = getattr(models, name)

        with suppress(DecodeError):
            assert isinstance(model.from_dict(value).to_dict(), dict)

    def test_an_error_says_where_it_is(self) -> None:
        page = {"tasks": [TASK, {**TASK, "evaluators": [{"query_mappings": 5}]}], "pagination": {"has_more": False}}

        with pytest.raises(DecodeError, match=r"^tasks\[1\]\.evaluators\[0\]\.query_mappings: expected an array"):
            models.TaskListResponse.from_dict(page)

    @each(named(MODELS))
    def test_fields_name_every_attribute(self, row: str) -> None:
        model = getattr(models, row)

        attributes = [a.name for a in model.__attrs_attrs__ if a.name != "additional_properties"]

        assert sorted(field.name for field in model.fields()) == sorted(attributes)

    def test_fields_tell_names_types_and_nullability(self) -> None:
        by_name = {field.name: field for field in Task.fields()}

        assert by_name["type"] == ("type", "type", "TaskType", True, False, None)
        assert by_name["sampling_rate"] == ("sampling_rate", "sampling_rate", "float | None", False, True, None)


class TestRequests:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            pytest.param({"modle_name": "x"}, "modle_name: is not a known field; did you mean 'model_name'", id="typo"),
            pytest.param({"messages": "hi"}, "messages: expected an array, got 'hi'", id="wrong type"),
            pytest.param({"messages": [{"role": "bot"}]}, r"messages\[0\].role: expected one of user", id="enum"),
            pytest.param({"ai_integration_id": 5}, "ai_integration_id: expected a string, got 5", id="number"),
            pytest.param({"experiment_type": "x"}, "experiment_type: expected 'llm_generation'", id="tag"),
            pytest.param({"provider_parameters": []}, "provider_parameters: expected an object", id="map"),
        ],
    )
    def test_a_request_from_a_dict_is_checked(self, data: dict[str, object], message: str) -> None:
        good = {"experiment_type": "llm_generation", "ai_integration_id": "x", "messages": [{"role": "user"}]}

        with pytest.raises(DecodeError, match=message):
            LlmGenerationRunConfig.from_dict({**good, **data})

    def test_null_counts_as_absent_where_the_contract_has_no_null(self) -> None:
        config = LlmGenerationRunConfig.from_dict(
            {
                "experiment_type": "llm_generation",
                "ai_integration_id": "x",
                "messages": [{"role": "user", "content": None}],
                "model_name": None,
                "prompt_version_id": None,
            }
        )

        assert config.model_name is UNSET
        assert config.prompt_version_id is None
        assert config.messages == [LLMMessage(role=MessageRole.USER, content=None)]

    def test_tags_need_not_be_written(self) -> None:
        assert LlmGenerationRunConfig(ai_integration_id="x", messages=[]).to_dict() == {
            "experiment_type": "llm_generation",
            "ai_integration_id": "x",
            "messages": [],
        }

    def test_documented_defaults_are_not_sent(self) -> None:
        assert TriggerEvaluationTaskRunRequest().to_dict() == {}
        assert LlmGenerationRunConfig(ai_integration_id="x", messages=[]).input_variable_format is UNSET

    def test_parameters_of_any_name_are_passed_on(self) -> None:
        assert InvocationParams.from_dict({"seed": 7}).to_dict() == {"seed": 7}

    def test_null_clears_and_unset_leaves_alone(self) -> None:
        assert UpdateEvaluationTaskRequest(query_filter=None).to_dict() == {"query_filter": None}
        assert UpdateEvaluationTaskRequest(name="x").to_dict() == {"name": "x"}


def test_every_body_of_the_contract_has_an_example(contract: dict[str, Any]) -> None:
    assert all(content["examples"] for content in bodies(contract))


def test_every_example_of_the_contract_goes_in_and_out_unchanged(contract: dict[str, Any]) -> None:
    for schema, example in examples(contract):
        name = schema["$ref"].rsplit("/", 1)[1]
        union = contract["components"]["schemas"][name]
        names = [ref["$ref"].rsplit("/", 1)[1] for ref in union.get("oneOf", union.get("anyOf", []))] or [name]
        fitting = [model for model in (getattr(models, n) for n in names) if fits(model, example)]

        assert fitting, f"no variant of {name} takes {example}"
        assert fitting[0].from_dict(example).to_dict() == example


def fits(model: type[Any], example: Any) -> bool:
    """Return True if a model takes an example."""
    try:
        model.from_dict(example)
    except DecodeError:
        return False
    return True


class TestOperations:
    def test_every_operation_of_the_contract_has_one(self, contract: dict[str, Any]) -> None:
        for template, path in contract["paths"].items():
            for method, described in path.items():
                if method == "parameters":
                    continue
                module = f"axtasks_api.api.{described['tags'][0]}.{described['operationId']}"
                operation = importlib.import_module(module).operation

                assert isinstance(operation, Operation)
                assert operation.id == described["operationId"]
                assert (operation.method, operation.path) == (method.upper(), template)

    def test_it_is_frozen(self) -> None:
        with pytest.raises(AttributeError, match="frozen"):
            get_task.operation.id = "x"

    def test_path_parameters_stay_one_segment(self) -> None:
        assert get_task.operation.encode("a/b?c#d=é").path == "/v2/tasks/a%2Fb%3Fc%23d%3D%C3%A9"

    def test_query_parameters_that_are_not_given_are_left_out(self) -> None:
        assert list_tasks.operation.encode().query == ()
        assert list_tasks.operation.encode(type_=TaskType.RUN_EXPERIMENT, limit=5).query == (
            ("type", "run_experiment"),
            ("limit", "5"),
        )

    def test_an_optional_body_can_be_left_out(self) -> None:
        assert trigger_task_run.operation.encode("x").body is None
        assert trigger_task_run.operation.encode("x", body=TriggerEvaluationTaskRunRequest()).body == {}

    @each((f"{status} with {content!r}", (status, content)) for status in STATUSES for content in CONTENTS)
    def test_any_status_is_a_refusal_and_any_body_is_read(self, row: tuple[int, bytes]) -> None:
        status, content = row

        assert get_task.operation.decode(status, {}, content) == Refusal(status, None)

    def test_problem_details_are_read_with_members_of_any_name(self) -> None:
        body = b'{"title": "T", "status": 404, "trace_id": "gone"}'

        refusal = get_task.operation.decode(404, {}, body)

        assert isinstance(refusal, Refusal)
        assert isinstance(refusal.problem, Problem)
        assert refusal.problem.additional_properties == {"trace_id": "gone"}

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b"<html>", b"\xff", b"[" * 100_000], ids=lambda c: repr(c[:8])
    )
    def test_a_success_that_is_not_what_was_promised_is_a_decode_error(self, content: bytes) -> None:
        with pytest.raises(DecodeError):
            get_task.operation.decode(200, {}, content)

    def test_nothing_is_read_where_nothing_is_promised(self) -> None:
        assert delete_task.operation.decode(204, {}, b"") is None


class TestOwnFunctions:
    """Tests of the functions that the generator always made, which stay usable."""

    def client(self, status: int, body: object, **settings: Any) -> tuple[AuthenticatedClient, list[httpx.Request]]:
        requests: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return httpx.Response(status, json=body)

        transport = httpx.MockTransport(answer)
        client = AuthenticatedClient(base_url="https://api.example", token="key", **settings)
        client.set_httpx_client(
            httpx.Client(transport=transport, base_url="https://api.example", headers={"Authorization": "Bearer key"})
        )
        client.set_async_httpx_client(httpx.AsyncClient(transport=transport, base_url="https://api.example"))
        return client, requests

    def test_sync_sends_and_decodes(self) -> None:
        client, requests = self.client(200, TASK)

        answer = update_task.sync_detailed("T1=", client=client, body=UpdateEvaluationTaskRequest(name="n"))

        assert isinstance(answer.parsed, Task)
        assert answer.status_code == 200
        assert requests[0].method == "PATCH"
        assert requests[0].url.raw_path == b"/v2/tasks/T1%3D"
        assert json.loads(requests[0].content) == {"name": "n"}

    def test_asyncio_sends_and_decodes(self) -> None:
        client, _ = self.client(404, {"title": "gone", "status": 404})

        parsed = asyncio.run(get_task_run.asyncio("x", client=client))

        assert isinstance(parsed, Problem)

    def test_an_unexpected_status_raises_when_asked_to(self) -> None:
        client, _ = self.client(599, "?", raise_on_unexpected_status=True)

        with pytest.raises(UnexpectedStatus):
            get_task_run.sync("x", client=client)

    def test_an_unexpected_status_is_nothing_otherwise(self) -> None:
        client, _ = self.client(599, "?")

        assert get_task_run.sync_detailed("x", client=client).parsed is None

    def test_a_create_request_is_sent_as_the_variant_it_is(self) -> None:
        client, requests = self.client(201, TASK)
        body = models.CreateRunExperimentTaskRequest(
            name="n",
            dataset_id="d",
            run_configuration=LlmGenerationRunConfig(ai_integration_id="i", messages=[]),
        )

        created = create_task.sync(client=client, body=body)

        assert isinstance(created, Task)
        assert json.loads(requests[0].content)["type"] == "run_experiment"


def test_every_module_says_how_it_was_made() -> None:
    for module in PACKAGE.rglob("*.py"):
        assert module.read_text(encoding="utf-8").startswith("# Generated from spec/openapi.yaml and spec/overlays/"), (
            module
        )


def test_the_bundled_contract_is_the_contract(contract: dict[str, Any]) -> None:
    assert json.loads((PACKAGE / "openapi.json").read_text(encoding="utf-8")) == contract


def test_a_decoded_run_has_its_values() -> None:
    run = TaskRun.from_dict(
        {
            "id": "r",
            "task_id": "t",
            "status": "completed",
            "run_started_at": None,
            "run_finished_at": None,
            "data_start_time": None,
            "data_end_time": None,
            "num_successes": 1,
            "num_errors": 2,
            "num_skipped": 3,
            "created_at": "2026-03-07T10:30:00.000Z",
            "created_by_user_id": None,
        }
    )

    assert run.status is TaskRunStatus.COMPLETED
    assert (run.num_successes, run.num_errors, run.num_skipped) == (1, 2, 3)


def test_a_client_without_a_key_is_taken_and_sends_none() -> None:
    """A package may be of a contract whose server takes no keys."""
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json=TASK)

    with Client(base_url="https://h.example", httpx_args={"transport": httpx.MockTransport(answer)}) as client:
        assert isinstance(get_task.sync("T1=", client=client), Task)

    assert "authorization" not in seen[0]


def test_the_repr_of_a_generated_client_shows_no_token() -> None:
    """The header with the token, which is set by the first request, is hidden, too."""
    client = AuthenticatedClient(base_url="https://h.example", token="a-token-of-ours")
    with client.get_httpx_client():
        assert "a-token-of-ours" not in repr(client)
