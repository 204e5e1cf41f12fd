"""Tests of the poll schedule: the delay of reports, and the number of requests."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
from axtasks import RunTimeoutError
from axtasks.polling.schedule import LONGEST_SECONDS, expected_end, next_delay, past_durations, usual_delay
from axtasks.testing.clients import client_of
from axtasks_api.models import TaskRun

from tests.unit.pace import Play, Wait, any_lengths
from tests.unit.support import CHAT_QUALITY_RUN, RUN, ClientKind, Recorder, answer, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx

    from tests.unit.support import Stopwatch

pytestmark = pytest.mark.both_clients

HOUR_SECONDS = 60 * 60
DAY_SECONDS = 24 * HOUR_SECONDS

WHOSE = pytest.mark.parametrize("own", [True, False], ids=["triggered-by-this-client", "triggered-by-another"])


@cache
def without_history(own: bool) -> list[Wait]:
    """Return waits for first runs of a task, over all lengths."""
    plays = ((Play(), length) for length in any_lengths(24))
    return [play.wait(length, by=None if own else client_of(play.mock)) for play, length in plays]


@cache
def after_ten(own: bool) -> list[Wait]:
    """Return waits for runs of tasks with ten earlier runs, at most a fifth longer or shorter than usual."""
    chance = random.Random(8)  # noqa: S311  played, no secret
    waits = []
    for usual in any_lengths(12):
        play = Play()
        play.earlier([usual * chance.uniform(0.8, 1.2) for _ in range(10)])
        by = None if own else client_of(play.mock)
        waits += [play.wait(usual * chance.uniform(0.8, 1.2), by=by) for _ in range(4)]
    return waits


@WHOSE
def test_a_run_of_a_new_task_is_reported_late_by_a_small_share_of_its_length(own: bool) -> None:
    assert fmean(wait.share_late for wait in without_history(own)) <= 0.2


@WHOSE
def test_a_run_of_a_new_task_takes_few_requests(own: bool) -> None:
    twelve = [Play().wait(12).requests, *(wait.requests for wait in without_history(own) if wait.length <= 12)]

    assert max(twelve) <= 16


@WHOSE
def test_a_run_like_earlier_ones_is_reported_when_it_ends(own: bool) -> None:
    assert fmean(wait.share_late for wait in after_ten(own)) <= 0.05


@WHOSE
def test_a_run_like_earlier_ones_takes_half_the_requests(own: bool) -> None:
    """The request for the earlier runs is included. Only a run that outlasts them all takes some more."""
    requests = [wait.requests for wait in after_ten(own)]

    assert fmean(requests) <= 7
    assert sum(number <= 8 for number in requests) >= 0.85 * len(requests)


# What is made up of one answer after another.


@pytest.mark.parametrize(
    ("age", "seconds"),
    [(0, 0.15), (0.3, 0.15), (1, 0.36), (10, 3.6), (20, 5), (250, 5), (600, 12), (1500, 30), (1e9, 30)],
)
def test_the_interval_of_a_single_run_is_a_share_of_its_age_within_limits(age: float, seconds: float) -> None:
    assert usual_delay(age) == pytest.approx(seconds)


def poll_ages(*, until: float, lengths: Sequence[float] = ()) -> Iterator[float]:
    """Yield the ages of a run at its polls, for a wait from its start."""
    age = 0.0
    while age < until:
        yield age
        age += next_delay(age, waited=age, durations=lengths)


def test_a_run_that_takes_a_day_is_polled_every_half_minute() -> None:
    ages = list(poll_ages(until=DAY_SECONDS))

    assert DAY_SECONDS / LONGEST_SECONDS <= len(ages) <= DAY_SECONDS / LONGEST_SECONDS + 150
    assert ages[-1] - ages[-2] == LONGEST_SECONDS


def test_a_run_is_polled_rarely_before_its_expected_end_and_often_around_it() -> None:
    """One poll comes early all the same: a run that finds no data ends at once."""
    ages = list(poll_ages(until=30, lengths=[20.0, 21.0, 22.0, 20.5, 21.5, 20.8]))

    assert [age for age in ages if age < 15] == pytest.approx([0, 0.9, 6.3], abs=0.1)
    assert 3 <= sum(18 <= age <= 24 for age in ages) <= 10
    assert sum(age < 18 for age in ages) <= 4


def test_many_runs_whose_end_is_known_are_polled_every_fiftieth_of_it_at_most() -> None:
    """Else a list of fifty runs would be read four times a second for as long as they end."""
    delay = next_delay(40.0, waited=40.0, durations=[40.0] * 10, share=0.15)

    assert delay == pytest.approx(0.02 * 40.0, rel=0.1)


def test_a_long_run_is_polled_every_half_minute_also_where_its_end_is_known() -> None:
    ages = list(poll_ages(until=2 * HOUR_SECONDS, lengths=[HOUR_SECONDS] * 5))

    assert max(later - earlier for earlier, later in pairwise(ages)) == pytest.approx(LONGEST_SECONDS)


@pytest.mark.parametrize(
    ("lengths", "age", "begins"),
    [
        pytest.param([10.0] * 10, 0, 9.8, id="alike"),
        pytest.param([10.0], 0, 8, id="only-one"),
        pytest.param([1.0, *[10.0] * 9], 0, 0.8, id="short-ones-first"),
        pytest.param([1.0, *[10.0] * 9], 2, 9.78, id="short-ones-are-over"),
        pytest.param([10.0] * 10, 11, 9.8, id="a-little-overdue"),
    ],
)
def test_a_run_is_expected_to_end_when_earlier_ones_did(lengths: list[float], age: float, begins: float) -> None:
    window = expected_end(age, lengths)

    assert window is not None
    assert window.earliest == pytest.approx(begins, abs=0.01)


@pytest.mark.parametrize(
    ("lengths", "age"), [([], 0), ([10.0] * 10, 20), ([1.0, 10.0], 30)], ids=["none", "overdue", "overdue-of-two-kinds"]
)
def test_a_run_that_outlasts_all_earlier_ones_has_no_expected_end(lengths: list[float], age: float) -> None:
    assert expected_end(age, lengths) is None


def run_of(**fields: object) -> TaskRun:
    return TaskRun.from_dict(RUN | {"id": "other"} | fields)


ENDED = run_of(
    created_at="2026-03-01T10:00:00Z", run_started_at="2026-03-01T10:00:30Z", run_finished_at="2026-03-01T10:01:00Z"
)


@pytest.mark.parametrize(
    ("run", "lengths"),
    [
        pytest.param(run_of(id="this", run_started_at=None), [60], id="pending"),
        pytest.param(
            run_of(id="this", created_at="2026-03-01T14:30:00Z", run_started_at="2026-03-01T14:30:05Z"),
            [35],
            id="started-sooner",
        ),
        pytest.param(run_of(id="other"), [], id="itself"),
    ],
)
def test_once_a_run_has_started_only_how_long_it_works_is_open(run: TaskRun, lengths: list[float]) -> None:
    going_on = run_of(id="third", run_finished_at=None)

    assert past_durations([going_on, ENDED], run) == lengths


def answers(*runs: httpx.Response, listed: httpx.Response) -> Recorder:
    """Return a server that shows one run after another, and always the same list."""
    remaining = iter(runs)
    return Recorder(lambda sent: listed if sent.path.endswith("/runs") else next(remaining))


GOES_ON = answer(RUN)
HAS_ENDED = answer(RUN | {"status": "completed"})
RUNS = f"GET /v2/tasks/{RUN['task_id']}/runs"
THE_RUN = f"GET /v2/task-runs/{CHAT_QUALITY_RUN}"


def wait(client_kind: ClientKind, transport: Recorder, stopwatch: Stopwatch, **arguments: object) -> TaskRun:
    run: TaskRun = client_kind.ask(
        transport, lambda ax: ax.tasks.wait_for_run(CHAT_QUALITY_RUN, **arguments), clock=stopwatch.clock
    )
    return run


def test_the_second_poll_reads_the_list_of_the_task_s_runs(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = answers(GOES_ON, HAS_ENDED, listed=page("task_runs", RUN, cursor="b"))

    assert wait(client_kind, transport, stopwatch).status == "completed"
    assert transport.calls == [THE_RUN, RUNS, THE_RUN]
    assert transport.sent[1].query == {"limit": "20"}


def test_a_run_that_the_list_shows_to_have_ended_is_read_no_more(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = answers(GOES_ON, listed=page("task_runs", RUN | {"status": "cancelled"}))

    assert wait(client_kind, transport, stopwatch).status == "cancelled"
    assert transport.calls == [THE_RUN, RUNS]


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(page("task_runs"), id="does-not-show-it"),
        pytest.param(answer({"title": "no", "status": 403}, 403), id="refused"),
        pytest.param(answer({"title": "gone", "status": 404}, 404), id="not-found"),
        pytest.param(answer({"task_runs": 1}), id="no-list"),
    ],
)
def test_without_the_list_the_run_is_read_at_the_same_time(
    listed: httpx.Response, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = answers(GOES_ON, HAS_ENDED, listed=listed)

    assert wait(client_kind, transport, stopwatch).status == "completed"
    assert transport.calls == [THE_RUN, RUNS, THE_RUN]
    assert len(stopwatch.naps) == 1


def test_a_list_with_a_transient_failure_is_not_read_again(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = answers(GOES_ON, HAS_ENDED, listed=answer({}, 503, retry_after="2"))

    assert wait(client_kind, transport, stopwatch).status == "completed"
    assert transport.calls == [THE_RUN, RUNS, THE_RUN]
    assert stopwatch.naps == [0.15, 2]


def test_with_an_interval_of_one_s_own_no_list_is_read(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = answers(*[GOES_ON] * 3, HAS_ENDED, listed=page("task_runs"))

    wait(client_kind, transport, stopwatch, poll_interval=3)

    assert transport.calls == [THE_RUN] * 4
    assert stopwatch.naps == [3] * 3


def test_the_last_poll_reads_the_run_itself(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    transport = answers(GOES_ON, GOES_ON, listed=page("task_runs"))

    with pytest.raises(RunTimeoutError):
        wait(client_kind, transport, stopwatch, timeout=0.1)
    assert transport.calls == [THE_RUN] * 2


@pytest.mark.parametrize("task_id", ["", None, 5, "\ud800", ["x"]], ids=repr)
def test_a_run_that_does_not_tell_its_task_is_waited_for_all_the_same(
    task_id: object, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    shown = answer(RUN | {"task_id": task_id})
    transport = answers(shown, shown, HAS_ENDED, listed=page("task_runs"))

    assert wait(client_kind, transport, stopwatch).status == "completed"
    assert transport.calls == [THE_RUN] * 3


@pytest.mark.parametrize(("asked", "nap"), [("7", 7), ("9999", 60)], ids=["a-while", "far-too-long"])
def test_a_retry_after_of_a_response_makes_the_interval_longer(
    asked: str, nap: float, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = answers(answer(RUN, retry_after=asked), HAS_ENDED, listed=page("task_runs"))

    wait(client_kind, transport, stopwatch)

    assert stopwatch.naps == [nap]


def test_an_interval_of_one_s_own_takes_precedence_over_retry_after(
    stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    transport = answers(answer(RUN, retry_after="7"), HAS_ENDED, listed=page("task_runs"))

    wait(client_kind, transport, stopwatch, poll_interval=1)

    assert stopwatch.naps == [1]


@pytest.mark.parametrize(
    ("date", "nap"),
    [
        pytest.param("Sun, 01 Mar 2026 14:30:00 GMT", 0.15, id="just-created"),
        pytest.param("Sun, 01 Mar 2026 14:40:00 GMT", 0.9, id="ten-minutes-old"),
        pytest.param("Sun, 01 Mar 2026 14:20:00 GMT", 0.15, id="still-to-come"),
        pytest.param("yesterday", 0.15, id="no-date"),
    ],
)
def test_a_run_that_is_old_already_has_longer_intervals_but_not_at_once(
    date: str, nap: float, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    """The server's clock, by which a run looks old, may be wrong."""
    transport = answers(answer(RUN, date=date), HAS_ENDED, listed=page("task_runs"))

    wait(client_kind, transport, stopwatch)

    assert stopwatch.naps == [pytest.approx(nap)]
