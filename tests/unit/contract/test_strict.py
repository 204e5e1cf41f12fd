"""Tests of responses beyond the contract: kept and readable, and an error for strict clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from axtasks import (
    APIError,
    ConfigurationError,
    ContractViolationError,
    Deviation,
    NotFoundError,
    RetryPolicy,
    TaskType,
    Timeouts,
)
from axtasks_api.codec import UnknownVariant

from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    RUN,
    TASK,
    ClientKind,
    Json,
    Recorder,
    Sent,
    Stage,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

EVALUATOR = TASK["evaluators"][0]
STORED = {
    "experiment_type": "llm_generation",
    "ai_integration_id": "TGxtSW50ZWdyYXRpb246MTI6YUJjRA==",
    "messages": [{"role": "user", "content": "hi"}],
    "input_variable_format": "mustache",
}
# What a newer server may answer to reading a task; where that deviates; what a reader finds.
NEWER: dict[str, tuple[Json, list[Deviation], Callable[[Any], object], object]] = {
    "a field": (
        TASK | {"colour": {"name": "red"}},
        [Deviation("colour", "is not a known field")],
        lambda task: task.additional_properties["colour"],
        {"name": "red"},
    ),
    "a field of a nested model": (
        TASK | {"evaluators": [EVALUATOR, EVALUATOR | {"weight": 3}]},
        [Deviation("evaluators[1].weight", "is not a known field")],
        lambda task: task.evaluators[1].additional_properties,
        {"weight": 3},
    ),
    "an enum value": (
        TASK | {"type": "vibe_check"},
        [Deviation("type", f"'vibe_check' is none of {', '.join(TaskType)}")],
        lambda task: (str(task.type), task.type.is_known),
        ("vibe_check", False),
    ),
    "a variant": (
        TASK | {"run_configuration": {"experiment_type": "oracle", "depth": 3}},
        [Deviation("run_configuration", "a variant with the tag 'oracle' is unknown")],
        lambda task: task.run_configuration,
        UnknownVariant("oracle", {"experiment_type": "oracle", "depth": 3}),
    ),
    "a variant without a tag": (
        TASK | {"run_configuration": {"depth": 3}},
        [Deviation("run_configuration", "a variant with the tag None is unknown")],
        lambda task: task.run_configuration.data,
        {"depth": 3},
    ),
    "an enum value deep inside": (
        TASK | {"run_configuration": STORED | {"input_variable_format": "jinja"}},
        [Deviation("run_configuration.input_variable_format", "'jinja' is none of f_string, mustache, none")],
        lambda task: str(task.run_configuration.input_variable_format),
        "jinja",
    ),
    "several things": (
        TASK | {"a": 1, "type": "vibe_check"},
        [
            Deviation("type", f"'vibe_check' is none of {', '.join(TaskType)}"),
            Deviation("a", "is not a known field"),
        ],
        lambda task: task.additional_properties,
        {"a": 1},
    ),
}
OPTIONAL = ("project_id", "dataset_id", "sampling_rate", "run_configuration")


def newer(name: str) -> Any:
    return NEWER[name]


@pytest.mark.both_contracts
@pytest.mark.parametrize("name", NEWER)
def test_fields_of_a_newer_server_are_kept_and_readable(name: str, client_kind: ClientKind) -> None:
    body, _, look, seen = newer(name)

    task = client_kind.ask(one_after_another(answer(body)), lambda ax: ax.tasks.get(CHAT_QUALITY))

    assert look(task) == seen
    assert task.to_dict() == body


@pytest.mark.both_contracts
@pytest.mark.parametrize("name", NEWER)
def test_a_strict_client_names_all_places(name: str, client_kind: ClientKind) -> None:
    body, expected, look, seen = newer(name)
    transport = one_after_another(answer(body, x_request_id="r-7"))

    with pytest.raises(ContractViolationError) as raised:
        client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True, retry=RetryPolicy())

    error = raised.value
    assert error.deviations == tuple(expected)
    assert (error.status_code, error.operation_id, error.request_id) == (200, "get_task", "r-7")
    assert (error.method, error.path) == ("GET", f"/v2/tasks/{CHAT_QUALITY}")
    assert look(error.model) == seen
    for deviation in expected:
        assert f"{deviation.path}: {deviation.reason}" in str(error)
    assert len(transport.sent) == 1


def test_optional_fields_may_be_missing(client_kind: ClientKind) -> None:
    """The contract allows it, so a strict client accepts it as well."""
    body = {name: value for name, value in TASK.items() if name not in OPTIONAL}

    task = client_kind.ask(one_after_another(answer(body)), lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True)

    assert [getattr(task, name) for name in OPTIONAL] == [None] * 4
    assert task.to_dict() == body


@pytest.mark.parametrize("other", [{"name": None}, {"is_continuous": 1}, {"experiment_ids": ["a", 7]}], ids=str)
def test_other_types_of_known_fields_are_left_to_ax_spec_check(other: Json, client_kind: ClientKind) -> None:
    """A strict client reports unknown fields; `ax spec check` compares types."""
    task = client_kind.ask(one_after_another(answer(TASK | other)), lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True)

    assert task.to_dict() == TASK | other


def test_a_strict_client_takes_what_the_contract_says(client_kind: ClientKind) -> None:
    body = TASK | {"run_configuration": STORED, "sampling_rate": 0.5}

    task = client_kind.ask(one_after_another(answer(body)), lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True)

    assert task.to_dict() == body


@pytest.mark.both_contracts
def test_a_strict_client_gets_along_with_the_mock(stage: Stage) -> None:
    ax = stage.client(strict=True, space=DEMO)

    for group in (ax.tasks, ax.spaces, ax.projects, ax.datasets, ax.experiments, ax.evaluators):
        list(group.list())
    run = ax.tasks.trigger_run("Golden Set Review")
    assert ax.tasks.cancel_run(run.id).status == "cancelled"
    assert ax.tasks.update("Golden Set Review", name="Other").name == "Other"
    ax.tasks.delete("Other")


def test_all_items_of_a_page_are_checked(client_kind: ClientKind) -> None:
    listed = answer({"tasks": [TASK, TASK | {"a": 1}, TASK | {"type": "b"}], "pagination": {"has_more": False}})

    with pytest.raises(ContractViolationError) as raised:
        client_kind.ask(Recorder(lambda _: listed), lambda ax: ax.tasks.list(), strict=True)

    assert [deviation.path for deviation in raised.value.deviations] == ["tasks[1].a", "tasks[2].type"]


PROBLEM = {"title": "gone", "status": 404, "detail": "no such task", "hint": {"see": "docs"}}


def test_further_members_of_a_problem_are_readable(client_kind: ClientKind) -> None:
    with pytest.raises(NotFoundError) as raised:
        client_kind.ask(one_after_another(answer(PROBLEM, 404)), lambda ax: ax.tasks.get(CHAT_QUALITY))

    problem = raised.value.problem
    assert problem is not None
    assert problem.additional_properties == {"hint": {"see": "docs"}}
    assert problem.to_dict() == PROBLEM


def test_further_members_of_a_problem_are_an_error_for_a_strict_client(client_kind: ClientKind) -> None:
    with pytest.raises(ContractViolationError) as raised:
        client_kind.ask(
            one_after_another(answer(PROBLEM, 404, x_request_id="r-1")),
            lambda ax: ax.tasks.get(CHAT_QUALITY),
            strict=True,
        )

    error = raised.value
    assert error.deviations == (Deviation("hint", "is not a known field"),)
    assert (error.status_code, error.request_id) == (404, "r-1")
    assert isinstance(error.__cause__, NotFoundError)
    assert str(error).count("[request id r-1]") == 1


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(answer({"title": "gone", "status": 404}, 404), id="a usual problem"),
        pytest.param(httpx.Response(404, content=b"<html>"), id="none at all"),
    ],
)
def test_other_refusals_stay_what_they_are(refusal: httpx.Response, client_kind: ClientKind) -> None:
    with pytest.raises(APIError):
        client_kind.ask(one_after_another(refusal), lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True)


def test_a_strict_client_retries_refusals_whatever_they_say(client_kind: ClientKind, stopwatch: Stopwatch) -> None:
    busy = answer({"title": "busy", "status": 503, "queue": 9}, 503)

    task = client_kind.ask(
        one_after_another(busy, answer(TASK)),
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        strict=True,
        retry=RetryPolicy(),
        clock=stopwatch.clock,
    )

    assert task.to_dict() == TASK


def test_a_write_with_an_unusual_answer_is_done_once_and_its_result_is_in_the_error(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(RUN | {"status": "cancelled", "reason": "user"}))

    with pytest.raises(ContractViolationError) as raised:
        client_kind.ask(transport, lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN), strict=True, retry=RetryPolicy())

    model: Any = raised.value.model
    assert model.status == "cancelled"
    assert len(transport.sent) == 1


def test_nothing_is_written_when_a_read_before_it_is_unusual(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK | {"colour": "red"}))

    with pytest.raises(ContractViolationError):
        client_kind.ask(transport, lambda ax: ax.tasks.trigger_run(TASK["name"], space=DEMO), strict=True)

    assert transport.writes == []


def test_a_run_with_an_unusual_answer_is_remembered_as_triggered() -> None:
    ax = client_over(one_after_another(answer(RUN | {"status": "pending", "mood": "good"}, 201)), strict=True)

    with pytest.raises(ContractViolationError):
        ax.tasks.trigger_run(CHAT_QUALITY)

    assert ax._context.triggers.get(CHAT_QUALITY_RUN) is not None
    assert not ax._context.triggers.is_crowded(CHAT_QUALITY)


def test_a_lost_write_is_found_by_reading_what_a_strict_client_would_refuse(
    client_kind: ClientKind, stopwatch: Stopwatch
) -> None:
    """A new field must not make a write ambiguous whose outcome can be read."""

    def respond(request: Sent) -> httpx.Response:
        if request.is_write:
            raise httpx.ReadError("reset")
        return answer(RUN | {"status": "cancelled", "reason": "user"})

    run = client_kind.ask(
        Recorder(respond),
        lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN),
        strict=True,
        retry=RetryPolicy(),
        timeout=Timeouts(),
        clock=stopwatch.clock,
    )

    assert run.status == "cancelled"


def test_strictness_can_be_chosen_for_some_calls() -> None:
    ax = client_over(Recorder(lambda _: answer(TASK | {"a": 1})))
    strict = ax.with_options(strict=True)

    assert ax.tasks.get(CHAT_QUALITY).name == TASK["name"]
    with pytest.raises(ContractViolationError):
        strict.tasks.get(CHAT_QUALITY)
    with pytest.raises(ContractViolationError):
        strict.with_options(timeout=5).tasks.get(CHAT_QUALITY)
    assert strict.with_options(strict=False).tasks.get(CHAT_QUALITY).name == TASK["name"]


@pytest.mark.parametrize(
    "choose",
    [
        lambda: client_over(Recorder(lambda _: answer(TASK)), strict="0"),
        lambda: client_over(Recorder(lambda _: answer(TASK))).with_options(strict=cast("bool", "0")),
    ],
    ids=["client", "options"],
)
def test_a_text_does_not_choose_strictness(choose: Callable[[], object]) -> None:
    with pytest.raises(ConfigurationError, match=r"^strict has to be True or False, not '0'$"):
        choose()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TASK | {API_KEY: 1}, id="as a name"),
        pytest.param(TASK | {"type": API_KEY}, id="as a value"),
        pytest.param(TASK | {"type": "x" * 195 + API_KEY}, id="where it would be cut"),
        pytest.param(TASK | {"run_configuration": {"experiment_type": API_KEY}}, id="as a tag"),
    ],
)
def test_the_key_is_not_in_the_error(body: Json, client_kind: ClientKind) -> None:
    with pytest.raises(ContractViolationError) as raised:
        client_kind.ask(one_after_another(answer(body)), lambda ax: ax.tasks.get(CHAT_QUALITY), strict=True)

    told = str(raised.value) + repr(raised.value.deviations)
    assert API_KEY[:8] not in told
    assert "***" in told or "x" * 190 in told


@pytest.mark.parametrize("content", [b"<html>", b"{", b"\xff", b"1" * 5000], ids=lambda content: repr(content[:8]))
@pytest.mark.parametrize("known", ["documents", "beta"])
def test_a_body_without_a_model_is_not_checked_strictly(content: bytes, known: str, client_kind: ClientKind) -> None:
    """Deletions and raw responses need no check, with or without a known dialect."""
    transport = Recorder(lambda _: httpx.Response(200, content=content))

    assert client_kind.ask(transport, lambda ax: ax.tasks.delete(CHAT_QUALITY), strict=True, contract=known) is None
    raw = client_kind.ask(transport, lambda ax: ax.request("GET", "/v2/x"), strict=True, contract=known)
    assert (raw.status_code, raw.content) == (200, content)
