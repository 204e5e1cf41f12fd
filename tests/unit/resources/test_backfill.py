"""Tests of backfills: a long span is evaluated window by window, and existing runs settle theirs."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from operator import index
from typing import Any

import httpx
import pytest
from axtasks import (
    AmbiguousOutcomeError,
    Clock,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    FutureTimeError,
    InvalidArgumentError,
    NotApplicableError,
    Task,
    WindowOutcome,
)
from axtasks.resources.backfill import is_cap_known

from tests.dialects import BETA
from tests.unit.run_service import NO_TIME, NOW, OF_EXPERIMENTS, OVER_DATASET, RunService, text
from tests.unit.support import CHAT_QUALITY, TASK, Blocking, ClientKind, Two, answer, async_client_over

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN, END = NOW - 4 * DAY, NOW - DAY
DONE: dict[str, Any] = {"status": "completed", "num_successes": 100, "run_finished_at": text(NOW)}
ARGUMENTS: dict[str, Any] = {"start": BEGIN, "end": END, "window": DAY}


class Working(RunService):
    """A service whose runs complete as soon as a client waits.

    Attributes:
        ends: the final status of a run, by its position among the triggered ones.
        most_active: the most runs that were active at once.
    """

    def __init__(self, **task: Any) -> None:
        super().__init__(**task)
        self.ends: dict[int, dict[str, Any]] = {}
        self.most_active = 0
        self.stopwatch.sleep = self.work  # type: ignore[method-assign]  # what happens meanwhile

    def work(self, seconds: float) -> None:
        self.stopwatch.now += seconds
        self.now += timedelta(seconds=seconds)
        active = [run for run in self.runs if run["status"] in {"pending", "running"}]
        self.most_active = max(self.most_active, len(active))
        for run in active:
            run.update({"run_started_at": run["created_at"]} | DONE | self.ends.get(self.runs.index(run), {}))

    def plant(self, start: datetime, end: datetime, **fields: Any) -> None:
        self.add(body={"data_start_time": text(start), "data_end_time": text(end)}, **fields)


def outcomes(service: Working, client_kind: ClientKind, **arguments: Any) -> list[WindowOutcome]:
    found = client_kind.all_of(
        service.recorder,
        lambda ax: ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS | arguments),
        clock=service.stopwatch.clock,
    )
    assert all(isinstance(each, WindowOutcome) for each in found)
    return found


def told(found: list[WindowOutcome]) -> list[tuple[int, str]]:
    """Return the days from the beginning on, with the outcome of each."""
    return [((each.start - BEGIN) // DAY, each.outcome) for each in found]


@pytest.mark.both_clients
def test_all_windows_are_triggered_once(client_kind: ClientKind) -> None:
    service = Working()

    first = outcomes(service, client_kind)
    requests = len(service.recorder.sent)
    again = outcomes(service, client_kind)

    assert told(first) == told(again) == [(0, "done"), (1, "done"), (2, "done")]
    assert [(body["data_start_time"], body["data_end_time"]) for body in service.triggers] == [
        (text(BEGIN + day * DAY), text(BEGIN + (day + 1) * DAY)) for day in range(3)
    ]
    assert len(service.recorder.sent) - requests == 2
    assert all(each.cap_known and each.run is not None for each in first)


def test_a_second_loop_is_refused_while_the_first_waits() -> None:
    service = Working()

    async def pause(seconds: float) -> None:
        await asyncio.sleep(0)
        service.work(seconds)

    async def scene() -> tuple[WindowOutcome | BaseException, WindowOutcome | BaseException]:
        async with async_client_over(service.recorder, clock=Clock(sleep_async=pause)) as ax:
            windows = await ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS)
            both = anext(aiter(windows)), anext(aiter(windows))
            return await asyncio.gather(*both, return_exceptions=True)

    first, second = asyncio.run(scene())

    assert isinstance(first, WindowOutcome)
    assert isinstance(second, ConfigurationError)
    assert "one loop at a time" in str(second)


def test_runs_whose_creation_is_the_first_time_of_all_settle_their_windows() -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY, created_at=NO_TIME, **DONE)

    assert told(outcomes(service, Blocking)) == [(0, "done"), (1, "done"), (2, "done")]
    assert len(service.triggers) == 2


@pytest.mark.parametrize("concurrency", [1, 2, Two()], ids=["1", "2", "of-another-library"])
def test_so_many_runs_are_under_way_at_once(client_kind: ClientKind, concurrency: Any) -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + 12 * HOUR, **DONE)

    outcomes(service, client_kind, concurrency=concurrency, window=12 * HOUR)

    assert service.most_active == index(concurrency)


def test_the_newest_come_first_where_that_is_asked_for(client_kind: ClientKind) -> None:
    assert told(outcomes(Working(), client_kind, newest_first=True)) == [(2, "done"), (1, "done"), (0, "done")]


def test_what_is_asked_for_is_sent(client_kind: ClientKind) -> None:
    service = Working()

    outcomes(service, client_kind, end=BEGIN + DAY, max_spans=500, override_evaluations=True)

    assert [(body["max_spans"], body["override_evaluations"]) for body in service.triggers] == [(500, True)]


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        ({"status": "failed", "num_errors": 3}, "failed"),
        ({"status": "cancelled", "run_started_at": None}, "cancelled"),
        ({"num_successes": 0}, "empty"),
    ],
    ids=["failed", "cancelled", "empty"],
)
def test_one_that_ends_badly_is_told_and_the_others_go_on(
    client_kind: ClientKind, ended: dict[str, Any], outcome: str
) -> None:
    service = Working()
    service.ends[1] = ended

    assert told(outcomes(service, client_kind)) == [(0, "done"), (1, outcome), (2, "done")]
    assert told(outcomes(service, client_kind)) == [(0, "done"), (1, outcome), (2, "done")]
    # Those that were done before are told first.
    assert told(outcomes(service, client_kind, retry_failed=True)) == [(0, "done"), (2, "done"), (1, "done")]
    assert len(service.triggers) == 4


def test_a_window_that_was_cut_short_is_halved(client_kind: ClientKind) -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY, **DONE | {"num_successes": 10_000})

    found = outcomes(service, client_kind, end=BEGIN + DAY)

    assert [(each.outcome, (each.end - each.start) / HOUR) for each in found] == [
        ("split", 24),
        ("done", 12),
        ("done", 12),
    ]


def test_a_run_that_is_under_way_is_waited_for(client_kind: ClientKind) -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY)

    assert told(outcomes(service, client_kind)) == [(0, "done"), (1, "done"), (2, "done")]
    assert len(service.triggers) == 2


def join(service: Working, *, at: int, ago: timedelta) -> None:
    """Let another client trigger the first window just before a list request."""

    def before(lists: int) -> None:
        if lists == at:
            service.plant(BEGIN, BEGIN + DAY, ago=ago)

    service.before_list = before


def test_a_run_that_somebody_else_triggers_meanwhile_is_taken(client_kind: ClientKind) -> None:
    service = Working()
    join(service, at=1, ago=timedelta())

    assert told(outcomes(service, client_kind, end=BEGIN + DAY)) == [(0, "done")]
    assert service.triggers == []


def test_of_two_at_once_the_first_stays(client_kind: ClientKind) -> None:
    service = Working()
    join(service, at=2, ago=timedelta(seconds=1))

    found = outcomes(service, client_kind, end=BEGIN + DAY)

    assert [each.run and each.run.id for each in found] == ["run 1"]
    assert service.cancelled == ["run 0"]


def test_a_lost_answer_is_in_doubt_and_the_others_go_on(client_kind: ClientKind) -> None:
    service = Working()

    def lose(run: dict[str, Any]) -> httpx.Response:
        service.runs.remove(run)
        service.on_trigger = lambda run: httpx.Response(201, json=run)
        raise httpx.ReadError("reset")

    service.on_trigger = lose

    assert told(outcomes(service, client_kind, concurrency=1)) == [(0, "in_doubt"), (1, "done"), (2, "done")]


def test_a_lost_answer_is_told_where_the_runs_cannot_be_listed_either(client_kind: ClientKind) -> None:
    service = Working()

    def refuse(_: int) -> None:
        raise httpx.ConnectError("refused")

    def lose(_: dict[str, Any]) -> httpx.Response:
        service.before_list = refuse
        raise httpx.ReadError("reset")

    service.on_trigger = lose

    with pytest.raises(AmbiguousOutcomeError, match="trigger_task_run") as caught:
        outcomes(service, client_kind)
    (note,) = caught.value.__notes__
    assert note.startswith("The runs could not be listed to find out more: ")


def test_a_strict_client_tells_of_a_cancellation_that_the_contract_does_not_have() -> None:
    service = Working()
    join(service, at=2, ago=timedelta(seconds=1))
    cancel = service._cancel
    service._cancel = lambda run_id: answer(cancel(run_id).json() | {"extra": 1})  # type: ignore[method-assign]  # a newer server
    settings = {"clock": service.stopwatch.clock, "strict": True}
    found = Blocking.ask(
        service.recorder, lambda ax: ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS | {"end": BEGIN + DAY}), **settings
    )

    with pytest.raises(ContractViolationError, match=r"cancel_task_run .* extra: is not a known field"):
        list(found)
    assert told(list(found)) == [(0, "done")]


@pytest.mark.parametrize("fails_at", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(
    ("failure", "raised"),
    [(httpx.ConnectError("refused"), ConnectionFailedError), (KeyboardInterrupt(), KeyboardInterrupt)],
    ids=["a lost connection", "Ctrl-C"],
)
def test_after_an_error_the_loop_goes_on_where_it_was(
    fails_at: int, failure: BaseException, raised: type[BaseException]
) -> None:
    service = Working()
    remaining = [fails_at]

    def fail(lists: int) -> None:
        if lists in remaining:
            remaining.clear()
            raise failure

    service.before_list = fail
    settings = {"clock": service.stopwatch.clock}
    found = Blocking.ask(service.recorder, lambda ax: ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS), **settings)

    told_so_far: list[WindowOutcome] = []
    with pytest.raises(raised):
        told_so_far.extend(found)
    told_so_far += found

    assert sorted(told(told_so_far)) == [(0, "done"), (1, "done"), (2, "done")]
    assert len(service.triggers) == 3


def test_after_an_error_on_a_later_page_the_runs_on_it_are_not_passed_over() -> None:
    service = Working()
    service.plant(BEGIN + DAY, END, ago=2 * HOUR, **DONE)
    remaining = [2]

    def join_and_fail(lists: int) -> None:
        if lists == 1:
            service.plant(BEGIN, BEGIN + DAY, ago=HOUR, **DONE)
            for _ in range(100):
                service.plant(BEGIN - DAY, BEGIN, ago=timedelta(), **DONE)
        if lists in remaining:
            remaining.clear()
            raise httpx.ConnectError("refused")

    service.before_list = join_and_fail
    settings = {"clock": service.stopwatch.clock}
    arguments = ARGUMENTS | {"end": BEGIN + DAY}
    found = Blocking.ask(service.recorder, lambda ax: ax.tasks.backfill(CHAT_QUALITY, **arguments), **settings)

    with pytest.raises(ConnectionFailedError):
        list(found)

    assert told(list(found)) == [(0, "done")]
    assert service.triggers == []


def test_only_runs_since_count(client_kind: ClientKind) -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY, ago=2 * HOUR, **DONE)
    service.plant(BEGIN + DAY, BEGIN + 2 * DAY, ago=HOUR, **DONE)

    outcomes(service, client_kind, since=NOW - 90 * timedelta(minutes=1))

    assert [body["data_start_time"] for body in service.triggers] == [text(BEGIN), text(BEGIN + 2 * DAY)]


def test_evaluating_over_again_counts_runs_from_now_on(client_kind: ClientKind) -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY, **DONE)

    def over_again(ax: Any) -> Any:
        return ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS, override_evaluations=True)

    backfill = Blocking.ask(service.recorder, over_again, clock=service.stopwatch.clock)
    list(backfill)
    again = outcomes(service, client_kind, override_evaluations=True, since=backfill.since)

    assert len(service.triggers) == 3
    assert told(again) == [(0, "done"), (1, "done"), (2, "done")]
    assert NOW - timedelta(seconds=2) < backfill.since <= NOW


def test_a_plan_triggers_nothing() -> None:
    service = Working()
    service.plant(BEGIN, BEGIN + DAY, run_started_at=text(NOW - timedelta(seconds=90)), **DONE)
    service.plant(BEGIN + DAY, BEGIN + 2 * DAY)

    backfill = Blocking.ask(service.recorder, lambda ax: ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS))
    plan = backfill.plan()

    assert [(each.state, each.spans_expected) for each in plan.windows] == [
        ("done", None),
        ("running", None),
        ("missing", 100),
    ]
    assert (plan.requests, plan.seconds_expected, backfill.windows) == (3, 90, 3)
    assert service.recorder.writes == []


def test_a_plan_takes_nothing_from_the_backfill() -> None:
    service = Working()
    settings = {"clock": service.stopwatch.clock}
    backfill = Blocking.ask(service.recorder, lambda ax: ax.tasks.backfill(CHAT_QUALITY, **ARGUMENTS), **settings)

    first, again = backfill.plan(), backfill.plan()

    assert len(first.windows) == 3
    assert again == first
    assert told(list(backfill)) == [(0, "done"), (1, "done"), (2, "done")]


# What is refused, and nothing is triggered.
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("the end first", {}, {"start": END, "end": BEGIN}, "start .* has to be before end"),
    ("no zone", {}, {"start": datetime(2026, 1, 1)}, "start has no time zone"),  # noqa: DTZ001
    (
        "before the year 1 of UTC",
        {},
        {"start": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))},
        "start .* is outside the years 1 to 9999 in UTC",
    ),
    ("a window of 31 days", {}, {"window": 31 * DAY}, "window has to be from an hour to 30 days"),
    ("a window of minutes", {}, {"window": HOUR / 2}, "window has to be from an hour to 30 days"),
    ("a window as text", {}, {"window": "1d"}, "window has to be a timedelta"),
    ("no run at once", {}, {"concurrency": 0}, "concurrency has to be a whole number"),
    ("no spans", {}, {"max_spans": 0}, "max_spans has to be a whole number"),
    ("split as text", {}, {"split": "yes"}, "split has to be True or False"),
]


@pytest.mark.parametrize(("task", "arguments", "said"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_what_is_refused(client_kind: ClientKind, task: dict[str, Any], arguments: dict[str, Any], said: str) -> None:
    service = Working(**task)

    with pytest.raises(InvalidArgumentError, match=said):
        outcomes(service, client_kind, **arguments)
    assert service.triggers == []


@pytest.mark.parametrize("name", ["end", "since"])
def test_a_time_to_come_has_an_error_of_its_own(client_kind: ClientKind, name: str) -> None:
    service = Working()

    with pytest.raises(FutureTimeError, match=f"{name} .* is in the future"):
        outcomes(service, client_kind, **{name: NOW + HOUR})
    assert service.triggers == []


@pytest.mark.parametrize("task", [OVER_DATASET, OF_EXPERIMENTS], ids=["over a dataset", "run_experiment"])
def test_only_windows_of_a_project_can_be_gone_through(client_kind: ClientKind, task: dict[str, Any]) -> None:
    with pytest.raises(NotApplicableError, match="a backfill is for evaluation tasks over a project"):
        outcomes(Working(**task), client_kind)


EVALUATOR = TASK["evaluators"][0]


@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize(
    ("changes", "is_known"),
    [
        ({}, True),
        ({"sampling_rate": None}, True),
        ({"sampling_rate": 0.5}, False),
        ({"sampling_rate": [0.5]}, False),
        ({"query_filter": "a = 1"}, False),
        ({"query_filters": {"span": []}}, False),
        ({"evaluators": [EVALUATOR, EVALUATOR]}, False),
        ({"evaluators": [EVALUATOR | {"query_filter": "a = 1"}]}, False),
        (
            {
                "evaluators": [
                    EVALUATOR | {"query_mappings": [{"variable_name": "a", "query_ids": [], "attribute_path": "b"}]}
                ]
            },
            False,
        ),
    ],
    ids=str,
)
def test_which_counters_tell_of_all_spans(changes: dict[str, Any], is_known: bool) -> None:
    task = Task.from_dict(TASK | {key: value for key, value in changes.items() if key != "query_filters"})
    if "query_filters" in changes:
        task.query_filters = changes["query_filters"]

    assert is_cap_known(task) is is_known
