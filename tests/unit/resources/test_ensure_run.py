"""Tests of `ensure_run`: repeated calls trigger a run once, and say which run was found or triggered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest
from axtasks import (
    AmbiguousOutcomeError,
    AxError,
    ConflictError,
    EnsuredRun,
    FutureTimeError,
    InvalidArgumentError,
    RetryPolicy,
    Timeouts,
    UnknownRunStatusError,
)

from tests.unit.run_service import END, NO_TIME, NOW, OF_EXPERIMENTS, OVER_DATASET, START, WINDOW, RunService
from tests.unit.support import API_KEY, BASELINE, CHAT_QUALITY, GOLDEN_SET, GOLDEN_SET_VERSION, ClientKind, answer

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AFTER_THE_GAP = datetime(2026, 3, 8, 3, 2, tzinfo=ZoneInfo("America/New_York"))
DONE: dict[str, Any] = {"status": "completed", "num_successes": 5}
CONFLICT = {"title": "Conflict", "status": 409, "detail": "The experiment name is taken."}
EXPERIMENT = {
    "id": "exp",
    "name": "nightly",
    "dataset_id": GOLDEN_SET,
    "dataset_version_id": GOLDEN_SET_VERSION,
    "created_at": "2026-03-10T14:00:01.000Z",
    "updated_at": "2026-03-10T14:00:01.000Z",
}


def ensure(service: RunService, client_kind: ClientKind, **arguments: Any) -> EnsuredRun:
    settings = {"clock": service.stopwatch.clock, "retry": RetryPolicy(jitter=lambda: 1.0)}
    found = client_kind.ask(service.recorder, lambda ax: ax.tasks.ensure_run(CHAT_QUALITY, **arguments), **settings)
    assert isinstance(found, EnsuredRun)
    return found


def outcome(ensured: EnsuredRun) -> tuple[str, str]:
    return ensured.run.id, ensured.outcome


@pytest.mark.both_clients
def test_the_same_call_again_finds_the_run(client_kind: ClientKind) -> None:
    service = RunService()

    first = ensure(service, client_kind, **WINDOW)
    second = ensure(service, client_kind, **WINDOW)
    service.runs[0] |= DONE
    third = ensure(service, client_kind, **WINDOW)

    assert [outcome(each) for each in (first, second, third)] == [
        ("run 0", "triggered"),
        ("run 0", "adopted"),
        ("run 0", "done"),
    ]
    assert first.is_findable
    assert len(service.triggers) == 1


def test_a_run_whose_creation_is_the_first_time_of_all_is_told_as_triggered(client_kind: ClientKind) -> None:
    service = RunService()
    service.on_trigger = lambda run: answer(run | {"created_at": NO_TIME}, 201)

    assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "triggered")


def test_a_call_costs_one_list_before_and_one_after_the_trigger(client_kind: ClientKind) -> None:
    service = RunService()

    ensure(service, client_kind, **WINDOW)

    kinds = [call.rpartition("/")[2] for call in service.recorder.calls]
    assert kinds == [CHAT_QUALITY, "runs", "trigger", "runs"]


# What echoes of the window are those of the run, and what are those of another.
ECHOES: list[tuple[str, dict[str, Any], bool]] = [
    ("as it was sent", {}, True),
    ("cut to seconds", {"data_start_time": START.replace(microsecond=0)}, True),
    ("in another zone", {"data_start_time": START.astimezone(timezone(timedelta(hours=5)))}, True),
    ("almost a second off", {"data_end_time": END + timedelta(milliseconds=999)}, True),
    ("a second off", {"data_end_time": END + timedelta(seconds=1)}, False),
    ("another start", {"data_start_time": START - HOUR}, False),
    ("no end", {"data_end_time": None}, False),
]


@pytest.mark.parametrize(("echo", "is_found"), [pytest.param(*case[1:], id=case[0]) for case in ECHOES])
def test_which_echo_is_that_of_the_window(client_kind: ClientKind, echo: dict[str, Any], is_found: bool) -> None:
    service = RunService()
    told: dict[str, Any] = {name: moment and moment.isoformat() for name, moment in echo.items()}
    service.add(**DONE, **told)

    ensured = ensure(service, client_kind, **WINDOW)

    assert ensured.outcome == ("done" if is_found else "triggered")


def test_ends_are_cut_to_the_milliseconds_that_the_server_keeps(client_kind: ClientKind) -> None:
    service = RunService()
    micro = timedelta(microseconds=1987)

    ensure(service, client_kind, data_start_time=START + micro, data_end_time=END + micro)

    assert service.triggers == [
        {"data_start_time": "2026-03-08T15:00:00.001Z", "data_end_time": "2026-03-09T15:00:00.001Z"}
    ]


# Of a run that was created so long ago, whether it counts.
SINCE: list[tuple[str, timedelta, dict[str, Any], bool]] = [
    ("after since", HOUR, {"since": NOW - 2 * HOUR}, True),
    ("within the skew of clocks", HOUR + 4 * MINUTE, {"since": NOW - HOUR}, True),
    ("before since", HOUR + 6 * MINUTE, {"since": NOW - HOUR}, False),
    ("within another skew", HOUR + 9 * MINUTE, {"since": NOW - HOUR, "skew": 10 * MINUTE}, True),
    ("before another skew", HOUR + MINUTE, {"since": NOW - HOUR, "skew": MINUTE / 2}, False),
    ("shortly before now and before another skew", 2 * MINUTE, {"since": NOW - MINUTE, "skew": MINUTE / 2}, False),
    ("within the skew, but before since of a clock that is ahead", 3 * MINUTE, {"since": NOW + 4 * MINUTE}, False),
    # Clocks there went from 2 to 3 o'clock at 7 o'clock UTC.
    ("after since just after an hour was left out", 2 * DAY + 7.5 * HOUR, {"since": AFTER_THE_GAP}, True),
    ("within the skew across that hour", 2 * DAY + 8 * HOUR + MINUTE, {"since": AFTER_THE_GAP}, True),
    ("before the skew across that hour", 2 * DAY + 8 * HOUR + 4 * MINUTE, {"since": AFTER_THE_GAP}, False),
    ("without since", 300 * DAY, {}, True),
    ("since the first day there is", 300 * DAY, {"since": datetime.min.replace(tzinfo=UTC)}, True),
]


@pytest.mark.parametrize(("ago", "since", "counts"), [pytest.param(*case[1:], id=case[0]) for case in SINCE])
def test_runs_count_since(client_kind: ClientKind, ago: timedelta, since: dict[str, Any], counts: bool) -> None:
    service = RunService()
    service.add(ago=ago, **DONE)

    assert ensure(service, client_kind, **WINDOW, **since).outcome == ("done" if counts else "triggered")


@pytest.mark.parametrize(
    ("others", "arguments", "lists", "is_found"),
    [
        pytest.param(99, {}, 1, True, id="the hundredth run"),
        pytest.param(100, {}, 1, False, id="the run before the last hundred"),
        pytest.param(250, {"since": NOW - 30 * DAY}, 3, True, id="as far back as since"),
        pytest.param(250, {"since": NOW - 50 * MINUTE}, 3, False, id="no further back than since"),
    ],
)
def test_runs_are_read_back_to_the_start_of_the_search(
    client_kind: ClientKind, others: int, arguments: dict[str, Any], lists: int, is_found: bool
) -> None:
    service = RunService()
    service.add(ago=2 * HOUR, **DONE)
    other = {"data_start_time": "2026-01-01T00:00:00Z", "data_end_time": "2026-01-02T00:00:00Z"}
    for number in range(others):
        service.add(ago=HOUR - number * timedelta(seconds=10), body=other, **DONE)

    ensured = ensure(service, client_kind, **WINDOW, **arguments)

    assert ensured.outcome == ("done" if is_found else "triggered")
    # The look after a trigger reads one page.
    assert service.lists == lists + (not is_found)


# What is refused before anything is triggered.
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("no window", {}, {}, "data_start_time and data_end_time are needed: over a project"),
    ("no end", {}, {"data_start_time": START}, "data_end_time is needed too"),
    ("no start", {}, {"data_end_time": END}, "data_start_time is needed too"),
    ("since without a zone", {}, WINDOW | {"since": datetime(2026, 3, 1)}, "since has no time zone"),  # noqa: DTZ001
    (
        "over again without since",
        {},
        WINDOW | {"override_evaluations": True},
        "since is needed with override",
    ),
    (
        "an array for a flag",
        {},
        WINDOW | {"override_evaluations": np.array([1, 2])},
        "override_evaluations has to be True",
    ),
    ("a dataset without since", OVER_DATASET, {}, "since is needed over a dataset"),
    ("another end to retrigger", {}, WINDOW | {"retrigger": ["completed"]}, "retrigger may have failed, cancelled"),
    ("a skew that is no time", {}, WINDOW | {"skew": 5}, "skew has to be a timedelta"),
    ("a negative skew", {}, WINDOW | {"skew": -MINUTE}, "skew has to be a timedelta"),
    ("a list as an end to retrigger", {}, WINDOW | {"retrigger": [["failed"]]}, "retrigger may have .*, not list"),
    ("a text to retrigger", {}, WINDOW | {"retrigger": "failed"}, "retrigger has to be a list"),
    ("a text as an end", {}, {"data_start_time": START, "data_end_time": "now"}, "data_end_time has to be a datetime"),
]


@pytest.mark.parametrize(("task", "arguments", "said"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_a_run_without_an_identity_is_refused(
    client_kind: ClientKind, task: dict[str, Any], arguments: dict[str, Any], said: str
) -> None:
    service = RunService(**task)

    with pytest.raises(InvalidArgumentError, match=said):
        ensure(service, client_kind, **arguments)
    assert not service.triggers


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"data_start_time": START, "data_end_time": NOW + MINUTE}, "data_end_time .* in the future"),
        (WINDOW | {"since": NOW + HOUR}, "since .* is in the future"),
    ],
    ids=["an end", "since"],
)
def test_a_time_to_come_has_an_error_of_its_own(client_kind: ClientKind, arguments: dict[str, Any], said: str) -> None:
    service = RunService()

    with pytest.raises(FutureTimeError, match=said):
        ensure(service, client_kind, **arguments)
    assert not service.triggers


def test_an_end_at_the_present_is_no_future(client_kind: ClientKind) -> None:
    service = RunService()

    assert ensure(service, client_kind, data_start_time=START, data_end_time=NOW).outcome == "triggered"


def test_evaluating_over_again_counts_runs_since(client_kind: ClientKind) -> None:
    service = RunService()
    service.add(ago=2 * DAY, **DONE)
    arguments = {**WINDOW, "override_evaluations": True, "since": NOW - HOUR}

    assert ensure(service, client_kind, **arguments).outcome == "triggered"
    assert ensure(service, client_kind, **arguments).outcome == "adopted"
    assert [body["override_evaluations"] for body in service.triggers] == [True]


@pytest.mark.parametrize(
    ("ended", "arguments", "is_anew"),
    [
        ({"status": "failed", "num_errors": 3}, {}, True),
        ({"status": "failed", "num_errors": 3}, {"retrigger": ["empty"]}, False),
        ({"status": "completed", "num_successes": 10_000}, {"max_spans": 20_000, "retrigger": []}, True),
    ],
    ids=["failed", "failed, which is to be left", "cut short"],
)
def test_retrigger_chooses_the_ends_that_are_triggered_anew(
    client_kind: ClientKind, ended: dict[str, Any], arguments: dict[str, Any], is_anew: bool
) -> None:
    service = RunService()
    service.add(**ended)

    ensured = ensure(service, client_kind, **WINDOW, **arguments)

    assert outcome(ensured) == (("run 1", "triggered") if is_anew else ("run 0", "done"))


def test_a_status_that_is_unknown_triggers_nothing(client_kind: ClientKind) -> None:
    service = RunService()
    service.add(status="paused")

    with pytest.raises(UnknownRunStatusError):
        ensure(service, client_kind, **WINDOW)
    assert not service.triggers


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({}, "experiment_name is needed"), ({"max_spans": 5}, "max_spans does not apply")],
    ids=["without a name", "with a field of an evaluation"],
)
def test_the_run_of_an_experiment_is_not_found_as_that_of_an_evaluation(
    client_kind: ClientKind, arguments: dict[str, Any], said: str
) -> None:
    service = RunService(**OF_EXPERIMENTS)
    service.add(body={}, experiment_id="exp")

    with pytest.raises(InvalidArgumentError, match=said):
        ensure(service, client_kind, since=NOW - 2 * HOUR, **arguments)


class TestOverADataset:
    def test_the_one_run_since_is_the_one(self, client_kind: ClientKind) -> None:
        service = RunService(**OVER_DATASET)
        service.add(ago=2 * HOUR, body={}, **DONE)

        ensured = [ensure(service, client_kind, since=NOW - HOUR) for _ in range(2)]

        assert [outcome(each) for each in ensured] == [("run 1", "triggered"), ("run 1", "adopted")]

    def test_one_that_failed_is_triggered_anew(self, client_kind: ClientKind) -> None:
        service = RunService(**OVER_DATASET)
        service.add(body={}, status="failed")

        assert outcome(ensure(service, client_kind, since=NOW - 2 * HOUR)) == ("run 1", "triggered")

    @pytest.mark.parametrize(
        ("runs", "arguments", "said"),
        [
            (2, {}, "2 runs of the task were created since then: run 1 pending, run 0 pending"),
            (1, {"experiment_ids": [BASELINE]}, "do not tell which experiments they evaluate: run 0 pending"),
        ],
        ids=["two", "experiments were named"],
    )
    def test_an_ambiguous_search_is_an_error_before_anything_is_sent(
        self, client_kind: ClientKind, runs: int, arguments: dict[str, Any], said: str
    ) -> None:
        service = RunService(**OVER_DATASET)
        for at in range(runs):
            service.add(body={}, ago=HOUR - at * MINUTE)

        with pytest.raises(AmbiguousOutcomeError, match=said) as caught:
            ensure(service, client_kind, since=NOW - 2 * HOUR, **arguments)
        assert (len(caught.value.candidates), caught.value.attempts) == (runs, 0)
        assert not service.triggers

    def test_experiments_that_were_named_cannot_be_found_again(self, client_kind: ClientKind) -> None:
        service = RunService(**OVER_DATASET)

        ensured = ensure(service, client_kind, since=NOW - HOUR, experiment_ids=[BASELINE])

        assert (ensured.outcome, ensured.is_findable) == ("triggered", False)


def test_a_window_that_is_not_echoed_is_warned_about(client_kind: ClientKind, caplog: pytest.LogCaptureFixture) -> None:
    service = RunService()
    service.echo = lambda _: {}

    ensured = ensure(service, client_kind, **WINDOW)

    assert (ensured.outcome, ensured.is_findable) == ("triggered", False)
    assert "Run run 0 does not echo its window, so a repeated call cannot find it" in caplog.text


def test_a_warning_about_a_run_does_not_show_the_key(client_kind: ClientKind, caplog: pytest.LogCaptureFixture) -> None:
    service = RunService()
    service.echo = lambda _: {"id": API_KEY}

    ensure(service, client_kind, **WINDOW)

    assert "Run *** does not echo its window" in caplog.text
    assert API_KEY not in caplog.text


class TestTwoCallers:
    @staticmethod
    def joined(service: RunService, **fields: Any) -> Callable[[int], None]:
        """Let another client trigger the same run between the search and the check after the trigger."""

        def join(lists: int) -> None:
            if lists == 1:
                service.add(**fields)

        return join

    def test_the_first_stays_and_the_own_one_is_cancelled(self, client_kind: ClientKind) -> None:
        service = RunService()
        service.before_list = self.joined(service, ago=timedelta(seconds=1))

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 1", "adopted")
        assert service.cancelled == ["run 0"]

    def test_one_that_is_done_by_then_is_done(self, client_kind: ClientKind) -> None:
        service = RunService()
        service.before_list = self.joined(service, ago=timedelta(seconds=1), **DONE)

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 1", "done")

    def test_the_run_of_somebody_who_came_later_is_left_to_them(self, client_kind: ClientKind) -> None:
        service = RunService()
        service.before_list = self.joined(service, ago=-timedelta(seconds=1))

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "triggered")
        assert service.cancelled == []

    def test_a_status_that_is_unknown_gives_nothing_up(self, client_kind: ClientKind) -> None:
        service = RunService()
        service.before_list = self.joined(service, ago=timedelta(seconds=1), status="paused")

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "triggered")
        assert service.cancelled == []

    def test_a_search_that_fails_does_not_hide_the_run(
        self, client_kind: ClientKind, caplog: pytest.LogCaptureFixture
    ) -> None:
        service = RunService()

        def fail(lists: int) -> None:
            if lists >= 1:
                raise httpx.ConnectError("refused")

        service.before_list = fail

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "triggered")
        assert "Whether another caller triggered the same as run run 0 could not be read" in caplog.text

    def test_one_that_failed_by_then_does_not_stand(self, client_kind: ClientKind) -> None:
        service = RunService()
        service.before_list = self.joined(service, ago=timedelta(seconds=1), status="failed")

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "triggered")

    def test_an_own_run_that_has_ended_needs_no_cancelling(self, client_kind: ClientKind) -> None:
        service = RunService()

        def join(lists: int) -> None:
            if lists == 1:
                service.add(ago=timedelta(seconds=1))
                service.runs[0]["status"] = "completed"

        service.before_list = join

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 1", "adopted")


class TestALostAnswer:
    @staticmethod
    def lose(service: RunService, *, appears_at: int) -> None:
        """Lose the response to the trigger, and hide the run until some list request."""

        def lost(run: dict[str, Any]) -> httpx.Response:
            service.runs.remove(run)

            def appear(lists: int) -> None:
                if lists >= appears_at and run not in service.runs:
                    service.runs.append(run)

            service.before_list = appear
            raise httpx.ReadError("reset")

        service.on_trigger = lost

    @pytest.mark.parametrize("lists", [1, 4], ids=["found by reconciling", "found by one more search"])
    def test_the_run_is_found(self, client_kind: ClientKind, lists: int) -> None:
        service = RunService()
        self.lose(service, appears_at=lists)

        assert ensure(service, client_kind, **WINDOW).run.id == "run 0"
        assert len(service.triggers) == 1

    @pytest.mark.both_clients
    def test_one_that_does_not_show_is_in_doubt_and_the_same_call_again_finds_it(self, client_kind: ClientKind) -> None:
        service = RunService()
        self.lose(service, appears_at=5)

        with pytest.raises(AmbiguousOutcomeError):
            ensure(service, client_kind, **WINDOW)

        assert outcome(ensure(service, client_kind, **WINDOW)) == ("run 0", "adopted")
        assert len(service.triggers) == 1


class TestAnExperiment:
    @pytest.fixture
    def service(self) -> RunService:
        service = RunService(**OF_EXPERIMENTS)

        def refuse(run: dict[str, Any]) -> httpx.Response:
            service.runs.remove(run)
            return answer(CONFLICT, 409)

        service.on_trigger = refuse
        return service

    @staticmethod
    def call(service: RunService, client_kind: ClientKind, **settings: Any) -> Any:
        settings = {"clock": service.stopwatch.clock, **settings}
        try:
            return client_kind.ask(
                service.recorder, lambda ax: ax.tasks.ensure_run(CHAT_QUALITY, experiment_name="nightly"), **settings
            )
        except AxError as error:
            return error

    def test_a_free_name_is_triggered(self, client_kind: ClientKind) -> None:
        assert outcome(self.call(RunService(**OF_EXPERIMENTS), client_kind)) == ("run 0", "triggered")

    @pytest.mark.parametrize(
        ("status", "told"), [("pending", "adopted"), ("running", "adopted"), ("completed", "done")]
    )
    def test_a_taken_name_leads_to_its_run(
        self, service: RunService, client_kind: ClientKind, status: str, told: str
    ) -> None:
        service.experiments = [EXPERIMENT | {"id": "other", "name": "nightly 2"}, EXPERIMENT]
        service.add(body={}, experiment_id="exp", status=status)
        service.add(body={}, ago=MINUTE, experiment_id="other")

        assert outcome(self.call(service, client_kind)) == ("run 0", told)

    @pytest.mark.parametrize("status", ["failed", "cancelled"])
    def test_a_name_that_is_used_up_is_a_conflict(
        self, service: RunService, client_kind: ClientKind, status: str
    ) -> None:
        service.experiments = [EXPERIMENT]
        service.add(body={}, experiment_id="exp", status=status)

        error = self.call(service, client_kind)

        assert isinstance(error, ConflictError)
        assert error.run is not None
        assert (error.run.id, error.status_code, error.problem is not None) == ("run 0", 409, True)
        assert f"'nightly' is used up: its run run 0 ended {status}" in str(error)

    def test_the_name_of_nobodys_experiment_is_a_conflict(self, service: RunService, client_kind: ClientKind) -> None:
        service.experiments = [EXPERIMENT]
        service.add(body={}, ago=timedelta(), experiment_id=None)

        error = self.call(service, client_kind)

        assert isinstance(error, ConflictError)
        assert error.run is None
        assert "is taken by an experiment that no run of this task created" in str(error)

    def test_an_experiment_that_appears_later_is_waited_for(self, service: RunService, client_kind: ClientKind) -> None:
        run = service.add(body={}, ago=MINUTE, experiment_id=None)
        sleep = service.stopwatch.sleep

        def provision(seconds: float) -> None:
            sleep(seconds)
            if len(service.stopwatch.naps) == 3:
                service.experiments = [EXPERIMENT | {"created_at": "2026-03-10T15:00:00Z"}]
            if len(service.stopwatch.naps) == 5:
                run["experiment_id"] = "exp"

        service.stopwatch.sleep = provision  # type: ignore[method-assign]  # what happens meanwhile

        assert outcome(self.call(service, client_kind)) == ("run 0", "adopted")
        assert service.stopwatch.naps == [0.5, 1, 2, 4, 5]

    def test_one_that_does_not_appear_in_time_is_in_doubt(self, service: RunService, client_kind: ClientKind) -> None:
        error = self.call(service, client_kind, timeout=Timeouts(total=20))

        assert isinstance(error, AmbiguousOutcomeError)
        assert "no run of the task has an experiment of that name yet" in str(error)
        assert 10 < sum(service.stopwatch.naps) < 20

    def test_a_lost_answer_is_settled_by_the_name(self, client_kind: ClientKind) -> None:
        service = RunService(**OF_EXPERIMENTS)

        def lost(run: dict[str, Any]) -> httpx.Response:
            run["experiment_id"] = "exp"
            service.experiments = [EXPERIMENT | {"created_at": run["created_at"]}]
            # A clock of its own notes creations, so reconciliation alone cannot tell.
            run["created_at"] = "2026-03-10T14:58:00.000Z"
            if len(service.triggers) > 1:
                service.runs.remove(run)
                return answer(CONFLICT, 409)
            raise httpx.ReadError("reset")

        service.on_trigger = lost
        ensured = self.call(service, client_kind)

        assert outcome(ensured) == ("run 0", "adopted")
        assert len(service.runs) == 1

    @pytest.mark.parametrize("appears", [True, False], ids=["in time", "never"])
    def test_a_lost_answer_is_settled_by_an_experiment_that_appears_later(
        self, client_kind: ClientKind, *, appears: bool
    ) -> None:
        service = RunService(**OF_EXPERIMENTS)
        sleep = service.stopwatch.sleep

        def lost(run: dict[str, Any]) -> httpx.Response:
            if len(service.triggers) > 1:
                service.runs.remove(run)
                return answer(CONFLICT, 409)
            # By a clock of its own, so that the run is not known by its time.
            run |= {"created_at": "2026-03-10T14:58:00.000Z", "experiment_id": None}
            raise httpx.ReadError("reset")

        def provision(seconds: float) -> None:
            sleep(seconds)
            if appears and service.stopwatch.naps[-2:] == [0.5, 1]:
                service.runs[0]["experiment_id"] = "exp"
                service.experiments = [EXPERIMENT | {"created_at": service.runs[0]["created_at"]}]

        service.on_trigger = lost
        service.stopwatch.sleep = provision  # type: ignore[method-assign]  # what happens meanwhile
        settled = self.call(service, client_kind, timeout=Timeouts(total=20))

        assert [run["id"] for run in service.runs] == ["run 0"]
        if appears:
            assert outcome(settled) == ("run 0", "adopted")
        else:
            assert isinstance(settled, AmbiguousOutcomeError)
            assert 10 < sum(service.stopwatch.naps) < 20

    @pytest.mark.parametrize("status", ["failed", "cancelled"])
    def test_a_lost_answer_is_not_settled_by_a_run_that_failed(
        self, service: RunService, client_kind: ClientKind, status: str
    ) -> None:
        """It may belong to an earlier call, and the work is not done."""
        service.experiments = [EXPERIMENT]
        service.add(body={}, experiment_id="exp", status=status)

        def lost(run: dict[str, Any]) -> httpx.Response:
            service.runs.remove(run)
            raise httpx.ReadError("reset")

        service.on_trigger = lost
        error = self.call(service, client_kind)

        assert isinstance(error, AmbiguousOutcomeError)
        (note,) = error.__notes__
        assert f"the experiment name 'nightly' is used up: its run run 0 ended {status}" in note
