"""Tests of waiting for a run: its interval, its deadline, and the reason of a timeout."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    APIError,
    AxError,
    ConnectionFailedError,
    InvalidArgumentError,
    NotFoundError,
    Poll,
    RateLimitError,
    RequestTimeoutError,
    RetryPolicy,
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    TaskRunStatus,
    UnknownRunStatusError,
)
from axtasks.polling.outcome import join_first

from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    RUN,
    ClientKind,
    Recorder,
    Sent,
    Stage,
    Stopwatch,
    answer,
    one_after_another,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.both_clients


def run_in(status: str) -> httpx.Response:
    return answer(RUN | {"status": status})


def waiting(**arguments: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, **arguments)


def never_ending(stopwatch: Stopwatch, *, seconds_per_request: float = 0) -> Recorder:
    def script(_: Sent) -> httpx.Response:
        stopwatch.now += seconds_per_request
        return run_in("running")

    return Recorder(script)


@pytest.mark.both_contracts
@pytest.mark.parametrize("status", ["completed", "failed", "cancelled", "COMPLETED"])
def test_a_run_that_has_ended_comes_back_at_once_however_it_ended(
    status: str, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = one_after_another(run_in(status))

    run = client_kind.ask(transport, waiting(), clock=stopwatch.clock)

    assert run.status == TaskRunStatus(status)
    assert run.status.is_known
    assert stopwatch.naps == []


def test_a_run_is_polled_until_it_has_ended(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("pending"), run_in("running"), run_in("running"), run_in("failed"))

    run = client_kind.ask(transport, waiting(poll_interval=2), clock=stopwatch.clock)

    assert run.status is TaskRunStatus.FAILED
    assert transport.calls == [f"GET /v2/task-runs/{CHAT_QUALITY_RUN}"] * 4
    assert len(stopwatch.naps) == 3


@pytest.mark.parametrize("seconds", [0.01, 1, 7.5, 60])
def test_an_interval_that_is_given_is_kept(seconds: float, stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(*[run_in("running")] * 5, run_in("completed"))

    client_kind.ask(transport, waiting(poll_interval=seconds), clock=stopwatch.clock)

    assert stopwatch.naps == [seconds] * 5


def test_the_last_poll_comes_when_the_time_is_over(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = never_ending(stopwatch)

    with pytest.raises(RunTimeoutError):
        client_kind.ask(transport, waiting(poll_interval=4, timeout=10), clock=stopwatch.clock)

    assert stopwatch.naps == [4, 4, 2]
    assert len(transport.sent) == 4


def test_a_run_that_has_ended_by_the_last_poll_is_returned(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("running"), run_in("completed"))

    run = client_kind.ask(transport, waiting(poll_interval=60, timeout=10), clock=stopwatch.clock)

    assert run.status is TaskRunStatus.COMPLETED
    assert stopwatch.naps == [10]


def test_requests_count_as_waiting(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    with pytest.raises(RunTimeoutError):
        client_kind.ask(
            never_ending(stopwatch, seconds_per_request=3), waiting(poll_interval=1, timeout=10), clock=stopwatch.clock
        )

    assert stopwatch.naps == [1, 1]
    assert stopwatch.now == 1000 + 3 + 1 + 3 + 1 + 3


@pytest.mark.parametrize(("timeout", "said"), [(0.001, "0.001 seconds"), (1, "1 second"), (600, "600 seconds")])
def test_giving_up_tells_the_run_as_it_was_last_seen(
    timeout: float, said: str, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    with pytest.raises(RunTimeoutError, match=f"was still running after {said}; it goes on") as caught:
        client_kind.ask(never_ending(stopwatch), waiting(timeout=timeout), clock=stopwatch.clock)

    assert isinstance(caught.value, TimeoutError)
    assert caught.value.run is not None
    assert caught.value.run.to_dict() == RUN
    assert caught.value.timeout_seconds == timeout
    assert stopwatch.now == pytest.approx(1000 + timeout)


def test_without_a_timeout_ten_minutes_are_waited(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    with pytest.raises(RunTimeoutError) as caught:
        client_kind.ask(never_ending(stopwatch), waiting(), clock=stopwatch.clock)

    assert caught.value.timeout_seconds == 600


@pytest.mark.parametrize("status", ["paused", "", "Finished"])
def test_a_status_that_is_unknown_is_neither_an_end_nor_a_reason_to_go_on(
    status: str, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = one_after_another(run_in("running"), run_in(status))

    with pytest.raises(UnknownRunStatusError, match=f"is in status {status}, which this version does not") as caught:
        client_kind.ask(transport, waiting(poll_interval=1), clock=stopwatch.clock)

    assert caught.value.run.status == status
    assert not isinstance(caught.value, TimeoutError)


def test_on_poll_is_called_for_each_poll(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    told: list[Poll] = []
    transport = one_after_another(run_in("pending"), run_in("running"), run_in("completed"))

    client_kind.ask(transport, waiting(poll_interval=4, timeout=6, on_poll=told.append), clock=stopwatch.clock)

    assert [(poll.run.status, poll.elapsed_seconds, poll.next_poll_seconds) for poll in told] == [
        ("pending", 0, 4),
        ("running", 4, 2),
    ]


def test_an_error_of_on_poll_ends_the_wait(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    def refuse(_: Poll) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client_kind.ask(one_after_another(run_in("running")), waiting(on_poll=refuse), clock=stopwatch.clock)


def test_a_request_may_take_no_longer_than_is_left_but_less_than_half_a_second_more(
    stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = never_ending(stopwatch)

    with pytest.raises(RunTimeoutError):
        client_kind.ask(transport, waiting(poll_interval=10, timeout=42), clock=stopwatch.clock)

    assert [sent.timeout_seconds for sent in transport.sent] == pytest.approx([30, 30, 22, 12, 2, 0.4])


def test_a_request_may_take_no_longer_than_the_client_allows(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = never_ending(stopwatch)

    with pytest.raises(RunTimeoutError):
        client_kind.ask(transport, waiting(poll_interval=10, timeout=10), clock=stopwatch.clock, timeout=2)

    assert [sent.timeout_seconds for sent in transport.sent] == pytest.approx([2, 0.4])


def slow_after(stopwatch: Stopwatch, looks: int) -> Recorder:
    """Return a server that stops answering after some polls."""

    def script(sent: Sent) -> httpx.Response:
        nonlocal looks
        looks -= 1
        if looks >= 0:
            return run_in("running")
        stopwatch.now += sent.timeout_seconds
        raise httpx.ReadTimeout("slow")

    return Recorder(script)


def test_an_unanswered_last_poll_is_a_timeout_with_the_run_as_last_seen(
    stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    with pytest.raises(RunTimeoutError) as caught:
        client_kind.ask(slow_after(stopwatch, 1), waiting(timeout=3), clock=stopwatch.clock)

    assert caught.value.run is not None
    assert caught.value.run.id == CHAT_QUALITY_RUN
    assert isinstance(caught.value.__cause__, RequestTimeoutError)


def test_a_poll_without_a_response_does_not_end_the_wait(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    with pytest.raises(RunTimeoutError) as caught:
        client_kind.ask(slow_after(stopwatch, 1), waiting(timeout=600), clock=stopwatch.clock)

    assert isinstance(caught.value.__cause__, RequestTimeoutError)
    assert 600 <= stopwatch.now - 1000 <= 605


def test_a_timeout_without_any_answered_poll_has_no_run(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    with pytest.raises(RunTimeoutError) as caught:
        client_kind.ask(slow_after(stopwatch, 0), waiting(timeout=3), clock=stopwatch.clock)

    assert isinstance(caught.value.__cause__, RequestTimeoutError)
    assert (caught.value.run, caught.value.unseen) == (None, (CHAT_QUALITY_RUN,))


PASSING: dict[str, httpx.Response | Exception] = {
    "no-connection": httpx.ConnectError("gone"),
    "cut-off": httpx.RemoteProtocolError("cut off"),
    "slow": httpx.ReadTimeout("slow"),
    "damaged": httpx.Response(200, content=b'{"id'),
    **{str(status): httpx.Response(status) for status in (408, 429, 500, 502, 503, 504)},
}


def test_passing_trouble_does_not_end_the_wait(client_kind: ClientKind) -> None:
    for name, given in PASSING.items():
        seen: list[str] = []
        stopwatch = Stopwatch()
        transport = one_after_another(run_in("running"), given, given, run_in("completed"))
        call = waiting(poll_interval=1, on_poll=noting_status(seen))

        run = client_kind.ask(transport, call, clock=stopwatch.clock)

        assert run.status is TaskRunStatus.COMPLETED, name
        assert stopwatch.naps == [1, 1, 1], name
        assert seen == ["running"], name


def noting_status(seen: list[str]) -> Callable[[Poll], None]:
    return lambda poll: seen.append(poll.run.status)


def test_a_server_that_is_in_trouble_from_the_start_is_not_waited_for(client_kind: ClientKind) -> None:
    """Before the first successful poll, the client's retry policy applies as for any other request."""
    for name, given in PASSING.items():
        transport = one_after_another(given, given)

        with pytest.raises(AxError):
            client_kind.ask(
                transport, waiting(poll_interval=60), clock=Stopwatch().clock, retry=RetryPolicy(attempts=2)
            )

        assert len(transport.sent) == 2, name


def test_a_run_just_triggered_is_waited_for_from_the_start(client_kind: ClientKind) -> None:
    for name, given in PASSING.items():
        transport = one_after_another(answer(RUN, 201), *[given] * 5, run_in("completed"))

        run = client_kind.in_turn(
            transport, lambda ax: ax.tasks.trigger_run(CHAT_QUALITY), waiting(poll_interval=1), clock=Stopwatch().clock
        )

        assert run.status is TaskRunStatus.COMPLETED, name


@pytest.mark.parametrize(
    "wait",
    [
        lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, poll_interval=1, timeout=3),
        lambda ax: ax.tasks.wait_for_runs([CHAT_QUALITY_RUN], poll_interval=1, timeout=3),
    ],
    ids=["one", "several"],
)
def test_trouble_that_lasts_is_raised_with_its_cause(wait: Callable[[Any], Any], client_kind: ClientKind) -> None:
    """The last poll's error is all that is known of a run that was triggered and never read."""
    transport = one_after_another(answer(RUN, 201), *[httpx.ConnectError("gone")] * 9)

    with pytest.raises(ConnectionFailedError) as caught:
        client_kind.in_turn(transport, lambda ax: ax.tasks.trigger_run(CHAT_QUALITY), wait, clock=Stopwatch().clock)
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


@pytest.mark.parametrize("status", [401, 404, 501])
def test_trouble_that_stays_reaches_the_caller(status: int, stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("running"), answer({"title": "No", "status": status}, status))

    with pytest.raises(APIError) as caught:
        client_kind.ask(transport, waiting(poll_interval=1), clock=stopwatch.clock)

    assert caught.value.status_code == status


def test_a_wait_that_the_server_asks_for_is_kept(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("running"), answer({}, 503, retry_after="7"), run_in("completed"))

    client_kind.ask(transport, waiting(poll_interval=1, timeout=10), clock=stopwatch.clock)

    assert stopwatch.naps == [1, 7]


def test_a_wait_longer_than_what_is_left_ends_at_once(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("running"), answer({}, 429, retry_after="60"))

    with pytest.raises(RateLimitError, match="asks to wait 60 seconds") as caught:
        client_kind.ask(transport, waiting(poll_interval=1, timeout=10), clock=stopwatch.clock)

    assert caught.value.retry_after_seconds == 60
    assert stopwatch.naps == [1]


def test_a_failure_that_repeats_the_key_is_told_without_it(client_kind: ClientKind) -> None:
    run = answer(RUN | {"status": "failed", "failure_reason": f"no access for {API_KEY}"})

    with pytest.raises(RunFailedError, match=r"no access for \*\*\*\)") as caught:
        client_kind.ask(one_after_another(run), lambda ax: ax.tasks.wait_for_run(RUN["id"], raise_on_failure=True))

    assert caught.value.run.failure_reason == f"no access for {API_KEY}"


@pytest.mark.parametrize(("status", "kind"), [("failed", RunFailedError), ("cancelled", RunCancelledError)])
def test_a_run_that_did_not_complete_is_raised_on_request(
    status: str, kind: type[RunError], stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    with pytest.raises(kind, match=f"ended {status}: 0 succeeded, 0 failed, 0 were skipped") as caught:
        client_kind.ask(one_after_another(run_in(status)), waiting(raise_on_failure=True), clock=stopwatch.clock)

    assert caught.value.run is not None
    assert caught.value.run.id == CHAT_QUALITY_RUN


def test_a_run_that_completed_is_returned_either_way(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    run = client_kind.ask(one_after_another(run_in("completed")), waiting(raise_on_failure=True), clock=stopwatch.clock)

    assert run.status is TaskRunStatus.COMPLETED


UNKNOWN = answer({"title": "Not found", "status": 404}, 404)


def test_a_run_just_triggered_may_be_unknown_for_a_moment(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(answer(RUN, 201), UNKNOWN, UNKNOWN, run_in("completed"))

    run = client_kind.in_turn(
        transport,
        lambda ax: ax.tasks.trigger_run(CHAT_QUALITY),
        waiting(poll_interval=1),
        clock=stopwatch.clock,
    )

    assert run.status is TaskRunStatus.COMPLETED
    assert stopwatch.naps == [1, 1]


def test_a_run_triggered_a_while_ago_is_not(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(answer(RUN, 201), *[UNKNOWN] * 20)

    with pytest.raises(NotFoundError):
        client_kind.in_turn(
            transport, lambda ax: ax.tasks.trigger_run(CHAT_QUALITY), waiting(poll_interval=3), clock=stopwatch.clock
        )

    assert stopwatch.naps == [3, 3, 3, 3]


@pytest.mark.parametrize("name", ["timeout", "poll_interval"])
def test_seconds_that_are_not_positive_are_refused_without_a_request(
    name: str, stage: Stage, client_kind: ClientKind
) -> None:
    for value in (0, -1, float("nan"), "5", True):
        with pytest.raises(InvalidArgumentError, match=f"{name} has to be a positive number of seconds"):
            client_kind.ask(stage.recorder, waiting(**{name: value}))
    assert stage.sent == []


@pytest.mark.parametrize("method", ["wait_for_run", "wait_for_runs", "as_completed"])
def test_a_wish_for_errors_that_is_no_flag_is_refused_before_the_wait(
    method: str, stage: Stage, client_kind: ClientKind
) -> None:
    given = CHAT_QUALITY_RUN if method == "wait_for_run" else [CHAT_QUALITY_RUN]
    with pytest.raises(InvalidArgumentError, match="raise_on_failure has to be True or False, not 'no'"):
        client_kind.ask(stage.recorder, lambda ax: getattr(ax.tasks, method)(given, raise_on_failure="no"))
    assert stage.sent == []


@pytest.mark.both_contracts
def test_waiting_works_with_the_runs_of_the_mock(stage: Stage, stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    run = client_kind.ask(stage.recorder, lambda ax: ax.tasks.trigger_run("Chat Quality Monitor", space="demo"))
    seen: list[str] = []

    def go_on(poll: Poll) -> None:
        seen.append(poll.run.status)
        stage.mock.clock.advance(poll.next_poll_seconds)

    done = client_kind.ask(
        stage.recorder, lambda ax: ax.tasks.wait_for_run(run.id, on_poll=go_on), clock=stopwatch.clock
    )

    assert list(dict.fromkeys(seen)) == ["pending", "running"]
    assert done.status is TaskRunStatus.COMPLETED
    assert done.run_finished_at > done.run_started_at


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "r1"), (5, "r1, r2, r3, r4, r5"), (6, "r1, r2, r3, r4, r5 and 1 more"), (8, "r1, r2, r3, r4, r5 and 3 more")],
)
def test_a_message_names_five_and_counts_the_others(count: int, told: str) -> None:
    assert join_first([f"r{number + 1}" for number in range(count)]) == told


def test_no_pause_is_longer_than_clocks_can_count(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = one_after_another(run_in("running"), run_in("completed"))

    client_kind.ask(transport, waiting(timeout=float("inf"), poll_interval=1e12), clock=stopwatch.clock)

    assert stopwatch.naps == [1_000_000]
    assert stopwatch.naps[0] < threading.TIMEOUT_MAX
