"""Tests of several triggers in one call: each has its own outcome, and a failure does not stop the others."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AmbiguousOutcomeError,
    ConflictError,
    ContractViolationError,
    InvalidArgumentError,
    NotApplicableError,
    ServerError,
    TriggerOutcome,
    TriggerRequest,
    UnknownNameError,
)
from axtasks.mock import default_world as known
from axtasks.resources.trigger_run import trigger_run

from tests.unit.support import (
    CHAT_QUALITY,
    DEMO,
    RUN,
    START,
    TASK,
    ClientKind,
    Recorder,
    Stage,
    Stopwatch,
    answer,
    async_client_over,
    client_over,
    one_after_another,
)

if TYPE_CHECKING:
    from tests.unit.support import Sent

EXPERIMENT = {"task": "Nightly Summaries", "experiment_name": "many"}


def triggered(client_kind: ClientKind, stage: Stage, requests: Any, **arguments: Any) -> list[TriggerOutcome]:
    found: list[TriggerOutcome] = client_kind.ask(
        stage.recorder, lambda ax: ax.tasks.trigger_runs(requests, **arguments), space="demo"
    )
    return found


def test_a_request_has_the_arguments_of_a_single_trigger() -> None:
    signature = inspect.signature(trigger_run).parameters
    wanted = {name: (one.annotation, one.default, one.kind) for name, one in signature.items() if name != "context"}
    offered = inspect.signature(TriggerRequest).parameters

    assert {name: (one.annotation, one.default, one.kind) for name, one in offered.items()} == wanted
    assert [field.name for field in fields(TriggerRequest)] == list(wanted)


def test_triggers_are_given_as_id_name_or_request(stage: Stage, client_kind: ClientKind) -> None:
    outcomes = triggered(
        client_kind,
        stage,
        [CHAT_QUALITY, TriggerRequest("Golden Set Review", max_spans=5), EXPERIMENT],
        max_concurrency=1,
    )

    assert [outcome.request.task for outcome in outcomes] == [CHAT_QUALITY, "Golden Set Review", "Nightly Summaries"]
    assert [outcome.result().status for outcome in outcomes] == ["pending"] * 3
    assert [outcome.run for outcome in outcomes] == [outcome.result() for outcome in outcomes]
    assert all(outcome.error is None for outcome in outcomes)
    assert [sent.json for sent in stage.writes] == [{}, {"max_spans": 5}, {"experiment_name": "many"}]


@pytest.mark.both_clients
def test_a_failed_trigger_does_not_stop_the_others(stage: Stage, client_kind: ClientKind) -> None:
    outcomes = triggered(
        client_kind,
        stage,
        [
            "No Such Task",
            CHAT_QUALITY,
            EXPERIMENT,
            EXPERIMENT,
            {"task": "Golden Set Review", "experiment_name": "not for this type"},
            {"task": "Golden Set Review", "max_spans": 0},
            "Golden Set Review",
        ],
        max_concurrency=1,
    )

    kinds = [type(outcome.error) for outcome in outcomes]
    assert kinds == [
        UnknownNameError,
        type(None),
        type(None),
        ConflictError,
        NotApplicableError,
        InvalidArgumentError,
        type(None),
    ]
    assert [outcome.run is None for outcome in outcomes] == [outcome.error is not None for outcome in outcomes]
    with pytest.raises(ConflictError):
        outcomes[3].result()


def test_the_space_is_that_of_all_that_name_none(stage: Stage, client_kind: ClientKind) -> None:
    requests = ["Chat Quality Monitor", {"task": "Chat Quality Monitor", "space": "demo-eu"}]

    outcomes = triggered(client_kind, stage, requests, space=DEMO)

    assert [outcome.result().task_id for outcome in outcomes] == [CHAT_QUALITY, known.CHAT_QUALITY_EU]
    assert [outcome.request.space for outcome in outcomes] == [DEMO, "demo-eu"]


@pytest.mark.parametrize(
    ("requests", "said"),
    [
        ("name", "requests has to be a list of what to trigger, not str"),
        (None, "not None"),
        ({"task": "name"}, "not dict"),
        (TriggerRequest("name"), "not TriggerRequest"),
        (["name", 5], r"requests\[1\] has to be text, not int"),
        (["name", ""], r"requests\[1\] must not be empty"),
        ([{"task": "name", "span": 5, 3: 4}], r"requests\[0\] has span, 3, which trigger_run does not take"),
        ([{"max_spans": 5}], r"requests\[0\] names no task"),
        (["name", {"task": "name", "space": ""}], r"requests\[1\]\.space must not be empty"),
        ([{"task": "name", "space": ["a"]}], r"requests\[0\]\.space has to be text, not list"),
    ],
    ids=["text", "none", "dict", "one", "number", "empty", "misspelt", "no-task", "empty-space", "list-as-space"],
)
def test_invalid_requests_are_refused_before_anything_is_sent(
    requests: object, said: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        triggered(client_kind, stage, requests)
    assert stage.sent == []


@pytest.mark.parametrize("most", [0, -1, True, 1.5, None], ids=repr)
def test_max_concurrency_has_to_be_a_whole_number(most: object, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(InvalidArgumentError, match="max_concurrency has to be a whole number of at least 1"):
        triggered(client_kind, stage, [CHAT_QUALITY], max_concurrency=most)
    assert stage.sent == []


def test_nothing_to_trigger_is_nothing_done(stage: Stage, client_kind: ClientKind) -> None:
    assert triggered(client_kind, stage, []) == []
    assert stage.sent == []


class Counting(Recorder):
    """A transport that lets requests overlap, and counts how many did."""

    def __init__(self) -> None:
        super().__init__(lambda sent: answer(RUN, 201) if sent.is_write else answer(TASK))
        self.under_way = 0
        self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        self.under_way -= 1
        return await super().handle_async_request(request)


@pytest.mark.parametrize(("most", "overlap"), [(1, 1), (3, 3), (8, 8), (100, 20)])
def test_no_more_are_under_way_at_once_than_were_asked_for(most: int, overlap: int) -> None:
    transport = Counting()

    async def run() -> None:
        await async_client_over(transport).tasks.trigger_runs([CHAT_QUALITY] * 20, max_concurrency=most)

    asyncio.run(run())
    assert transport.most == overlap
    assert len(transport.writes) == 20


@pytest.mark.both_clients
def test_each_has_the_time_of_a_call(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    """Five requests that each take most of the timeout all succeed."""

    def script(sent: Sent) -> httpx.Response:
        stopwatch.now += 4
        return answer(RUN, 201) if sent.is_write else answer(TASK)

    outcomes = client_kind.ask(
        Recorder(script),
        lambda ax: ax.tasks.trigger_runs([CHAT_QUALITY] * 5, max_concurrency=1),
        clock=stopwatch.clock,
        timeout=10,
    )

    assert [outcome.error for outcome in outcomes] == [None] * 5


def test_a_strict_client_loses_no_outcome(client_kind: ClientKind) -> None:
    """The response beyond the contract becomes an error that carries the run; the others are unchanged."""
    runs = iter([RUN, RUN | {"colour": "red"}, RUN])
    transport = Recorder(lambda sent: answer(next(runs), 201) if sent.is_write else answer(TASK))

    outcomes = client_kind.ask(
        transport, lambda ax: ax.tasks.trigger_runs([CHAT_QUALITY] * 3, max_concurrency=1), strict=True
    )

    assert [outcome.run is not None for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, ContractViolationError)
    assert getattr(outcomes[1].error.model, "id", None) == RUN["id"]


@pytest.mark.both_clients
def test_an_answer_that_was_lost_is_an_outcome(client_kind: ClientKind) -> None:
    def script(sent: Sent) -> httpx.Response:
        if sent.is_write:
            raise httpx.ReadTimeout("lost")
        return answer(TASK)

    outcomes = client_kind.ask(Recorder(script), lambda ax: ax.tasks.trigger_runs([CHAT_QUALITY]), on_ambiguous="raise")

    assert isinstance(outcomes[0].error, AmbiguousOutcomeError)


def test_the_runs_can_be_waited_for_together(stage: Stage) -> None:
    client = stage.client(space="demo")
    runs = [outcome.result() for outcome in client.tasks.trigger_runs(["Golden Set Review", EXPERIMENT])]
    stage.mock.clock.advance(60)

    assert [run.status for run in client.tasks.wait_for_runs(runs)] == ["completed", "completed"]


# -- how many requests it takes ---------------------------------------------------------------------------------------

REVIEW = "Golden Set Review"


@pytest.mark.both_clients
@pytest.mark.parametrize("memory", [True, False], ids=["remembering", "not-remembering"])
@pytest.mark.parametrize(
    ("requests", "spaces"),
    [
        pytest.param([CHAT_QUALITY] * 3, 0, id="ids"),
        pytest.param(["Chat Quality Monitor", REVIEW, EXPERIMENT], 1, id="names"),
        pytest.param(["Chat Quality Monitor", {"task": REVIEW, "space": "demo"}, CHAT_QUALITY], 1, id="named-twice"),
        pytest.param(["Chat Quality Monitor", {"task": "Chat Quality Monitor", "space": "demo-eu"}], 2, id="two"),
        pytest.param(["Chat Quality Monitor", {"task": REVIEW, "space": DEMO}], 1, id="one-by-its-id"),
    ],
)
def test_each_space_is_looked_up_once(
    requests: list[Any], spaces: int, memory: bool, stage: Stage, client_kind: ClientKind
) -> None:
    outcomes = client_kind.ask(
        stage.recorder, lambda ax: ax.tasks.trigger_runs(requests), space="demo", remember_names=memory
    )

    assert [outcome.error for outcome in outcomes] == [None] * len(requests)
    assert stage.calls.count("GET /v2/spaces") == spaces


def test_a_space_that_is_not_there_is_the_outcome_of_all_that_need_it(stage: Stage, client_kind: ClientKind) -> None:
    requests = [{"task": REVIEW, "space": "No Such Space"}, {"task": CHAT_QUALITY, "space": "No Such Space"}, REVIEW]

    outcomes = triggered(client_kind, stage, [*requests, {"task": "Chat Quality Monitor", "space": "No Such Space"}])

    kinds = [type(outcome.error) for outcome in outcomes]
    assert kinds == [UnknownNameError, type(None), type(None), UnknownNameError]
    assert [outcome.request.task for outcome in outcomes][:3] == [REVIEW, CHAT_QUALITY, REVIEW]


def test_a_default_space_that_is_not_there_is_told_as_for_one_run(stage: Stage, client_kind: ClientKind) -> None:
    (outcome,) = client_kind.ask(stage.recorder, lambda ax: ax.tasks.trigger_runs([REVIEW]), space="No Such Space")

    with pytest.raises(UnknownNameError, match="it is the default space, of ARIZE_SPACE"):
        outcome.result()


def test_a_task_that_is_remembered_but_gone_is_looked_up_again(stage: Stage, client_kind: ClientKind) -> None:
    """Each request is repeated by itself; the others are not sent twice."""

    def swap(ax: Any) -> Any:
        other = client_over(stage.door, space="demo")
        other.tasks.delete(CHAT_QUALITY)
        other.tasks.update("Support Answer Checks", name="Chat Quality Monitor")
        return ax.tasks.trigger_runs(
            [REVIEW, {"task": "Chat Quality Monitor", "data_start_time": START - timedelta(days=1)}, REVIEW],
            max_concurrency=1,
        )

    outcomes = client_kind.in_turn(
        stage.recorder, lambda ax: ax.tasks.trigger_runs([REVIEW, "Chat Quality Monitor"]), swap, space="demo"
    )

    assert [outcome.result().task_id for outcome in outcomes] == [
        known.GOLDEN_REVIEW,
        known.SUPPORT_CHECKS,
        known.GOLDEN_REVIEW,
    ]
    assert len(stage.writes) == 2 + 4


def test_the_request_of_an_outcome_can_be_given_again_though_it_had_iterators(client_kind: ClientKind) -> None:
    request = TriggerRequest(CHAT_QUALITY, experiment_name="again", example_ids=iter(["a", "b"]))  # type: ignore[arg-type]  # callers give generators
    transport = one_after_another(answer({}, 503, retry_after="1"), answer(RUN, 201))
    (first,) = client_kind.ask(transport, lambda ax: ax.tasks.trigger_runs([request]))

    (again,) = client_kind.ask(transport, lambda ax: ax.tasks.trigger_runs([first.request]))

    assert isinstance(first.error, ServerError)
    assert again.result().id == RUN["id"]
    assert [sent.json["example_ids"] for sent in transport.writes] == [["a", "b"]] * 2
