"""Tests of waiting for several runs: one list covers many, each is reported as it ends, and none is lost."""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import (
    AuthenticationError,
    AxError,
    Clock,
    ConfigurationError,
    ContractViolationError,
    InvalidArgumentError,
    Limits,
    NotFoundError,
    PermissionDeniedError,
    Poll,
    RateLimitError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    RunTimeoutError,
    TriggerOutcome,
    TriggerRequest,
    UnknownRunStatusError,
    WrongKindError,
)
from axtasks.mock import default_world as known
from axtasks.polling.outcome import GRACE_SECONDS
from axtasks.testing.clients import client_of
from axtasks_api.models import TaskRun

from tests.unit.pace import Play
from tests.unit.support import (
    CHAT_QUALITY,
    RUN,
    TASK,
    Awaiting,
    Blocking,
    ClientKind,
    Recorder,
    Stopwatch,
    answer,
    async_client_over,
    client_over,
    drained,
    outcome,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

    from tests.unit.support import Sent

pytestmark = pytest.mark.both_clients

START = TaskRun.from_dict(RUN).created_at


@dataclass
class Server:
    """A server with runs that end at set times, and a record of its requests."""

    stopwatch: Stopwatch
    # Each run with its task, and the seconds after which it ends and how.
    runs: dict[str, tuple[str, float, str]]
    # What goes wrong: the answer to a request, if it is this one's.
    trouble: Callable[[Sent], httpx.Response | None] = lambda _: None
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.answer)

    def state(self, run_id: str) -> dict[str, Any]:
        task_id, ends, status = self.runs[run_id]
        passed = self.stopwatch.now - 1000
        number = list(self.runs).index(run_id)
        run = RUN | {
            "id": run_id,
            "task_id": task_id,
            "created_at": (START + timedelta(milliseconds=number)).isoformat(),
        }
        if passed < ends:
            return run
        return run | {"status": status, "run_finished_at": (START + timedelta(seconds=ends)).isoformat()}

    def answer(self, sent: Sent) -> httpx.Response:
        if (wrong := self.trouble(sent)) is not None:
            return wrong
        *_, name, last = sent.path.split("/")
        if last != "runs":
            return answer(self.state(last)) if last in self.runs else answer({"status": 404}, 404)
        size, begin = int(sent.query["limit"]), int(sent.query.get("cursor", 0))
        newest = [run_id for run_id in reversed(self.runs) if self.runs[run_id][0] == name]
        shown = [self.state(run_id) for run_id in newest[begin : begin + size]]
        return page("task_runs", *shown, cursor=str(begin + size) if begin + size < len(newest) else None)

    def model(self, run_id: str) -> TaskRun:
        """Return a run as the client returned it earlier."""
        return TaskRun.from_dict(self.state(run_id))

    @property
    def models(self) -> list[TaskRun]:
        return [self.model(run_id) for run_id in self.runs]


async def later(poll: object) -> None:
    """A callback that would have to be awaited."""
    del poll


THREE = {"a": ("t", 9.0, "completed"), "b": ("t", 3.0, "failed"), "c": ("u", 6.0, "cancelled")}


@pytest.fixture
def three(stopwatch: Stopwatch) -> Server:
    """Return two runs of one task and one of another, which end one after another."""
    return Server(stopwatch, dict(THREE))


def wait(client_kind: ClientKind, server: Server, runs: Sequence[Any], **arguments: Any) -> list[TaskRun]:
    found: list[TaskRun] = client_kind.ask(
        server.recorder, lambda ax: ax.tasks.wait_for_runs(runs, **arguments), clock=server.stopwatch.clock
    )
    return found


def told(
    client_kind: ClientKind, server: Server, runs: Sequence[Any], *, into: list[str] | None = None, **arguments: Any
) -> list[tuple[str, float]]:
    """Return each reported run with its time in seconds; ids go to `into` too, for use after an error."""
    stopwatch, clock = server.stopwatch, server.stopwatch.clock
    ids = [] if into is None else into

    def noted(run: TaskRun) -> tuple[str, float]:
        ids.append(run.id)
        return run.id, stopwatch.now - 1000

    async def awaited() -> list[tuple[str, float]]:
        found = await async_client_over(server.recorder, clock=clock).tasks.as_completed(runs, **arguments)
        return [noted(run) async for run in found]

    if client_kind is Awaiting:
        return asyncio.run(awaited())
    found = client_over(server.recorder, clock=clock).tasks.as_completed(runs, **arguments)
    return [noted(run) for run in found]


FORMS = pytest.mark.parametrize("as_ids", [False, True], ids=["models", "ids"])


def given(server: Server, *, as_ids: bool) -> list[Any]:
    return list(server.runs) if as_ids else server.models


@pytest.mark.both_contracts
@FORMS
def test_all_runs_come_back_in_the_order_given(as_ids: bool, three: Server, client_kind: ClientKind) -> None:
    runs = wait(client_kind, three, given(three, as_ids=as_ids))

    assert [(run.id, run.status) for run in runs] == [("a", "completed"), ("b", "failed"), ("c", "cancelled")]


@FORMS
def test_runs_are_told_as_they_end(as_ids: bool, three: Server, client_kind: ClientKind) -> None:
    seen = told(client_kind, three, given(three, as_ids=as_ids), poll_interval=1)

    assert seen == [("b", 3), ("c", 6), ("a", 9)]


@pytest.mark.parametrize("order", ["ended-first", "ended-last", "twice"])
def test_a_run_that_is_given_more_than_once_is_told_once(order: str, three: Server, client_kind: ClientKind) -> None:
    earlier = three.model("b")
    three.stopwatch.now += 5
    ended = three.model("b")
    given = {"ended-first": [ended, earlier], "ended-last": [earlier, ended], "twice": [ended, ended]}[order]

    assert told(client_kind, three, given) == [("b", 5)]


@pytest.mark.parametrize("refused", [False, True], ids=["answered", "refused"])
def test_an_answer_that_comes_when_the_time_is_over_is_the_last(
    refused: bool, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    server = Server(stopwatch, {"a": ("t", 99.0, "completed")})
    polls: list[Poll] = []

    def slowly(sent: Sent) -> httpx.Response:
        stopwatch.now += 4
        return answer({"status": 503}, 503, retry_after="0") if refused else server.answer(sent)

    transport = Recorder(slowly)
    run = server.model("a")
    with pytest.raises(RunTimeoutError) as caught:
        client_kind.ask(
            transport,
            lambda ax: ax.tasks.wait_for_runs([run], timeout=3, on_poll=polls.append),
            clock=stopwatch.clock,
            retry=RetryPolicy(attempts=1),
        )

    assert len(transport.calls) == 1
    assert polls == []
    assert caught.value.runs == (run,)
    assert ("the last poll failed, so more may have ended since: " in str(caught.value)) == refused


@pytest.mark.parametrize("method", ["wait_for_run", "wait_for_runs", "as_completed"])
@pytest.mark.parametrize("function", [5, later], ids=["a-number", "to-be-awaited"])
def test_a_callback_that_would_never_run_is_refused_at_once(
    method: str, function: Any, three: Server, client_kind: ClientKind
) -> None:
    given = RUN["id"] if method == "wait_for_run" else [RUN["id"]]

    with pytest.raises(ConfigurationError, match=r"^on_poll has to be a plain function, not "):
        client_kind.ask(three.recorder, lambda ax: getattr(ax.tasks, method)(given, on_poll=function))

    assert three.recorder.calls == []


def test_a_list_tells_of_all_runs_of_a_task(three: Server, client_kind: ClientKind) -> None:
    """A task's last run is read by itself, which costs the same."""
    wait(client_kind, three, three.models, poll_interval=4)

    assert three.recorder.calls == [
        *["GET /v2/tasks/t/runs", "GET /v2/task-runs/c"],
        *["GET /v2/tasks/t/runs", "GET /v2/task-runs/c"],
        *["GET /v2/task-runs/a", "GET /v2/task-runs/c"],
        "GET /v2/task-runs/a",
    ]


def test_of_ids_alone_only_as_many_are_read_as_tell_the_tasks(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    server = Server(stopwatch, {f"r{number}": ("tu"[number % 2], 0, "completed") for number in range(40)})

    wait(client_kind, server, list(server.runs))

    assert server.recorder.calls == [
        *["GET /v2/task-runs/r0", "GET /v2/tasks/t/runs"],
        *["GET /v2/task-runs/r1", "GET /v2/tasks/u/runs"],
    ]


def test_ids_of_many_tasks_are_each_read_once(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    """The first task's list shows none of the others, so no further list is fetched in vain."""
    server = Server(stopwatch, {f"r{number}": (f"t{number}", 0, "completed") for number in range(20)})

    wait(client_kind, server, list(server.runs))

    assert len(server.recorder.sent) == 21


def test_reading_a_run_to_learn_its_task_is_a_poll_of_it(stopwatch: Stopwatch, client_kind: ClientKind) -> None:
    """The run is not read once more at the same time."""
    server = Server(stopwatch, {f"r{number}": (f"t{number}", 1, "completed") for number in range(5)})

    wait(client_kind, server, list(server.runs), poll_interval=2)

    assert len(server.recorder.sent) == 1 + 5 + 5
    assert stopwatch.naps == [2]


def test_runs_that_ended_before_are_not_requested(three: Server, client_kind: ClientKind) -> None:
    three.stopwatch.now += 20

    assert [run.id for run in wait(client_kind, three, three.models)] == ["a", "b", "c"]
    assert three.recorder.sent == []


def test_no_runs_are_no_wait(three: Server, client_kind: ClientKind) -> None:
    assert wait(client_kind, three, []) == []
    assert told(client_kind, three, []) == []
    assert three.recorder.sent == []


def test_a_run_that_is_named_twice_is_told_once_and_stands_where_it_was_named(
    three: Server, client_kind: ClientKind
) -> None:
    runs = ["b", three.model("b"), "c", "b"]

    assert [run.id for run in wait(client_kind, three, runs)] == ["b", "b", "c", "b"]
    assert sorted(run_id for run_id, _ in told(client_kind, three, runs)) == ["b", "c"]


def behind(stopwatch: Stopwatch, *, newer: int, waited_for: int = 4, apart: int = 0) -> Server:
    """Return runs of one task that are far back in the list."""
    runs: dict[str, tuple[str, float, str]] = {}
    for number in range(waited_for):
        runs[f"r{number}"] = ("t", 2.5, "completed")
        runs |= {f"between{number}-{other}": ("t", 1e9, "completed") for other in range(apart)}
    return Server(stopwatch, runs | {f"new{number}": ("t", 1e9, "completed") for number in range(newer)})


@pytest.mark.parametrize(
    ("newer", "apart", "each"),
    [
        pytest.param(0, 0, ["20"], id="on-the-first-page"),
        pytest.param(30, 0, ["20", "20"], id="on-the-second-page"),
        pytest.param(500, 0, ["run"] * 4, id="too-far-back"),
        pytest.param(0, 100, ["run"] * 4, id="one-near-and-others-far-back"),
    ],
)
def test_runs_beyond_the_first_page_are_found_by_the_fewest_requests(
    newer: int, apart: int, each: list[str], stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    """The first poll finds the cheaper way, and later polls use it."""
    server = behind(stopwatch, newer=newer, apart=apart)
    if apart:
        server.runs = {name: run for name, run in server.runs.items() if not name.startswith("between3")}
    runs = [server.model(f"r{number}") for number in range(4)]

    wait(client_kind, server, runs, poll_interval=1)

    made = [sent.query.get("limit", "run") for sent in server.recorder.sent]
    assert made[-2 * len(each) :] == each * 2
    assert len(made) - 4 * len(each) <= 3


@pytest.mark.parametrize("trouble", ["refused", "circles", "too-many-pages", "not-theirs"])
def test_without_a_usable_list_runs_are_read_one_by_one(
    trouble: str, stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    server = behind(stopwatch, newer=25)

    def wrong(sent: Sent) -> httpx.Response | None:
        if not sent.path.endswith("/runs"):
            return None
        if trouble == "refused":
            return answer({"status": 403}, 403)
        if trouble == "circles":
            return page("task_runs", server.state("new1"), cursor="again")
        return page("task_runs", RUN | {"id": ["no", "text"]}) if trouble == "not-theirs" else None

    server.trouble = wrong
    runs = [server.model(f"r{number}") for number in range(4)]
    found = client_kind.ask(
        server.recorder,
        lambda ax: ax.tasks.wait_for_runs(runs, poll_interval=1),
        clock=stopwatch.clock,
        limits=Limits(pages=1 if trouble == "too-many-pages" else 100),
    )

    assert {run.status for run in found} == {"completed"}


def test_a_run_that_does_not_tell_its_task_is_waited_for_all_the_same(
    stopwatch: Stopwatch, client_kind: ClientKind
) -> None:
    server = Server(stopwatch, {"a": ("", 3, "completed"), "b": ("t", 2, "completed")})

    assert told(client_kind, server, ["a", "b"], poll_interval=1) == [("b", 2), ("a", 3)]


class TestTheEndOfTheTime:
    def test_the_last_poll_comes_when_the_time_is_over(self, three: Server, client_kind: ClientKind) -> None:
        assert [run.id for run in wait(client_kind, three, three.models, timeout=9, poll_interval=8)] == ["a", "b", "c"]
        assert three.stopwatch.naps == [8, 1]

    @FORMS
    def test_the_error_tells_what_ended_and_what_goes_on(
        self, as_ids: bool, three: Server, client_kind: ClientKind
    ) -> None:
        with pytest.raises(RunTimeoutError, match="2 of 3 runs had not ended after 5 seconds: a running, c") as caught:
            wait(client_kind, three, given(three, as_ids=as_ids), timeout=5)

        error = pickle.loads(pickle.dumps(caught.value))
        assert isinstance(caught.value, TimeoutError)
        assert [run.id for run in error.runs] == ["a", "b", "c"]
        assert [(run.id, run.status) for run in error.finished] == [("b", "failed")]
        assert [(run.id, run.status) for run in error.unfinished] == [("a", "running"), ("c", "running")]
        assert (error.run.id, error.timeout_seconds, error.unseen) == ("a", 5, ())
        assert three.stopwatch.now == pytest.approx(1005)

    def test_ended_runs_are_reported_before_the_timeout(self, three: Server, client_kind: ClientKind) -> None:
        seen: list[Poll] = []

        with pytest.raises(RunTimeoutError):
            told(client_kind, three, three.models, timeout=5, poll_interval=2, on_poll=seen.append)
        assert {poll.run.id for poll in seen if poll.elapsed_seconds == 4} == {"a", "c"}

    def test_the_time_runs_while_nobody_asks_for_the_next_run(self, three: Server) -> None:
        """A caller who is slow with one run gets those that ended meanwhile, even after the deadline."""
        client = client_over(three.recorder, clock=three.stopwatch.clock)
        runs = iter(client.tasks.as_completed(three.models, timeout=7, poll_interval=1))

        assert next(runs).id == "b"
        three.stopwatch.now += 60
        assert sorted(run.id for run in runs) == ["a", "c"]

    def test_no_answer_at_all_is_the_error_itself(self, stopwatch: Stopwatch, client_kind: ClientKind) -> None:
        server = Server(stopwatch, dict(THREE), lambda _: answer({}, 503))

        with pytest.raises(AxError) as caught:
            wait(client_kind, server, list(server.runs), timeout=5)
        assert not isinstance(caught.value, RunTimeoutError)


class TestNotCompleted:
    @pytest.mark.parametrize(
        ("runs", "kind", "said"),
        [
            ("abc", RunFailedError, "2 of 3 runs did not complete: b failed, c cancelled"),
            ("ac", RunCancelledError, "1 of 2 runs did not complete: c cancelled"),
        ],
    )
    def test_a_failure_is_raised_once_all_runs_have_ended(
        self, runs: str, kind: type[RunFailedError], said: str, three: Server, client_kind: ClientKind
    ) -> None:
        with pytest.raises(kind, match=said) as caught:
            wait(client_kind, three, list(runs), raise_on_failure=True)

        assert [(run.id, run.status) for run in caught.value.runs] == [(run, THREE[run][2]) for run in runs]
        assert caught.value.run.id == ("b" if "b" in runs else "c")

    def test_each_is_told_before(self, three: Server, client_kind: ClientKind) -> None:
        seen: list[str] = []

        with pytest.raises(RunFailedError):
            told(client_kind, three, list(three.runs), into=seen, raise_on_failure=True)
        assert seen == ["b", "c", "a"]

    @pytest.mark.parametrize("raising", [True, False])
    def test_nothing_is_raised_where_all_completed(self, raising: bool, three: Server, client_kind: ClientKind) -> None:
        assert [run.id for run in wait(client_kind, three, ["a"], raise_on_failure=raising)] == ["a"]

    def test_an_error_about_many_runs_names_some_and_counts_the_rest(
        self, stopwatch: Stopwatch, client_kind: ClientKind
    ) -> None:
        server = Server(stopwatch, {f"r{number}": ("t", 0, "failed") for number in range(9)})

        with pytest.raises(RunFailedError, match=r"9 of 9 runs .* r4 failed and 4 more$"):
            wait(client_kind, server, list(server.runs), raise_on_failure=True)


def test_a_status_that_nobody_knows_is_raised_once_the_others_have_ended(
    three: Server, client_kind: ClientKind
) -> None:
    three.runs["b"] = ("t", 3, "paused")

    with pytest.raises(UnknownRunStatusError, match="run b is in status paused") as caught:
        wait(client_kind, three, three.models)
    assert [(run.id, run.status) for run in caught.value.runs] == [
        ("a", "completed"),
        ("b", "paused"),
        ("c", "cancelled"),
    ]


def test_on_poll_is_called_for_each_active_run(three: Server, client_kind: ClientKind) -> None:
    polls: list[Poll] = []

    wait(client_kind, three, three.models, poll_interval=4, on_poll=polls.append)

    assert [(poll.run.id, poll.elapsed_seconds, poll.next_poll_seconds) for poll in polls] == [
        *[("a", 0, 4), ("b", 0, 4), ("c", 0, 4)],
        *[("a", 4, 4), ("c", 4, 4)],
        ("a", 8, 4),
    ]


class TestTrouble:
    @pytest.mark.parametrize(("which", "status"), [("/runs", 429), ("/runs", 500), ("/c", 408), ("/c", 503)], ids=str)
    def test_passing_trouble_does_not_end_the_wait(
        self, which: str, status: int, three: Server, client_kind: ClientKind
    ) -> None:
        three.trouble = lambda sent: (
            answer({}, status) if sent.path.endswith(which) and 2 <= three.stopwatch.now - 1000 <= 7 else None
        )

        assert told(client_kind, three, three.models, poll_interval=1)[-1] == ("a", 9)
        assert three.stopwatch.naps == [1] * 9

    def test_runs_are_read_singly_where_lists_fail_again_and_again(
        self, three: Server, client_kind: ClientKind
    ) -> None:
        three.trouble = lambda sent: answer({}, 503) if sent.path.endswith("/runs") else None

        assert told(client_kind, three, three.models, poll_interval=1) == [("b", 3), ("c", 6), ("a", 9)]

    def test_lists_beyond_the_rate_limit_do_not_have_runs_read_singly(
        self, three: Server, client_kind: ClientKind
    ) -> None:
        three.trouble = lambda sent: answer({}, 429) if sent.path.endswith("/runs") else None

        with pytest.raises(RunTimeoutError):
            wait(client_kind, three, three.models, poll_interval=1, timeout=5)

        # c is the only run of its task.
        assert {call.rpartition("/")[2] for call in three.recorder.calls} == {"runs", "c"}

    def test_a_wait_that_the_server_asks_for_is_kept(self, three: Server, client_kind: ClientKind) -> None:
        three.trouble = lambda sent: (
            answer({}, 429, retry_after="5") if three.stopwatch.now == 1001 and sent.path.endswith("/runs") else None
        )

        wait(client_kind, three, three.models, poll_interval=1)

        assert three.stopwatch.naps[:2] == [1, 5]

    def test_a_wait_longer_than_what_is_left_ends_at_once(self, three: Server, client_kind: ClientKind) -> None:
        three.trouble = lambda _: answer({}, 429, retry_after="60") if three.stopwatch.now > 1000 else None

        with pytest.raises(RateLimitError):
            wait(client_kind, three, three.models, poll_interval=1, timeout=30)

    @pytest.mark.parametrize("as_ids", [False, True], ids=["models", "ids"])
    def test_a_run_that_is_not_there_is_an_error(self, as_ids: bool, three: Server, client_kind: ClientKind) -> None:
        runs = given(three, as_ids=as_ids)
        del three.runs["c"]

        with pytest.raises(NotFoundError):
            wait(client_kind, three, runs)

    @pytest.mark.parametrize(
        ("gone", "status", "as_ids"),
        [(("b",), 403, True), (("c",), 404, True), (("c",), 403, False), (("a", "c"), 404, False)],
        ids=["of-two", "alone", "alone-of-models", "several"],
    )
    def test_a_run_that_cannot_be_read_is_told_once_the_others_have_ended(
        self, gone: tuple[str, ...], status: int, as_ids: bool, three: Server, client_kind: ClientKind
    ) -> None:
        runs, others = given(three, as_ids=as_ids), [run_id for run_id in THREE if run_id not in gone]
        for run_id in gone:
            # Lists do not show it either.
            three.runs[run_id] = ("elsewhere", *three.runs[run_id][1:])
        three.trouble = lambda sent: answer({}, status) if sent.path.split("/")[-1] in gone else None

        with pytest.raises(NotFoundError if status == 404 else PermissionDeniedError) as caught:
            wait(client_kind, three, runs)

        error = pickle.loads(pickle.dumps(caught.value))
        assert three.stopwatch.now - 1000 >= max(THREE[run_id][1] for run_id in others)
        assert {run.id: run.status for run in error.runs if run.id in others} == {
            run_id: THREE[run_id][2] for run_id in others
        }
        assert {run.id: run.status for run in error.runs if run.id in gone} == (
            {} if as_ids else dict.fromkeys(gone, "running")
        )
        assert error.path == f"/v2/task-runs/{gone[0]}"
        assert error.__notes__ == [f"{len(gone)} of 3 runs cannot be read: {', '.join(gone)}"]

    @FORMS
    def test_a_run_that_goes_meanwhile_is_told_once_the_others_have_ended(
        self, as_ids: bool, three: Server, client_kind: ClientKind
    ) -> None:
        three.trouble = lambda sent: (
            answer({}, 404) if three.stopwatch.now > 1004 and sent.path.endswith("/c") else None
        )
        runs = given(three, as_ids=as_ids)

        with pytest.raises(NotFoundError) as caught:
            wait(client_kind, three, runs, poll_interval=1)

        assert [(run.id, run.status) for run in caught.value.runs] == [
            *[("a", "completed"), ("b", "failed")],
            ("c", "running"),
        ]
        assert three.stopwatch.now == 1009

    @FORMS
    def test_ended_runs_are_reported_before_the_error_of_a_missing_one(
        self, as_ids: bool, three: Server, client_kind: ClientKind
    ) -> None:
        runs, seen = given(three, as_ids=as_ids), list[str]()
        del three.runs["c"]

        with pytest.raises(NotFoundError):
            told(client_kind, three, runs, into=seen, poll_interval=1)
        assert seen == ["b", "a"]

    def test_iterating_on_after_a_missing_run_raises_the_error_again(self, three: Server) -> None:
        runs = client_over(three.recorder, clock=three.stopwatch.clock).tasks.as_completed(["a", "gone"])

        for _ in range(2):
            with pytest.raises(NotFoundError) as caught:
                list(runs)
            assert caught.value.__notes__ == ["1 of 2 runs cannot be read: gone"]

    def test_a_wait_that_is_over_in_time_names_what_cannot_be_read(
        self, three: Server, client_kind: ClientKind
    ) -> None:
        runs = three.models
        del three.runs["c"]

        with pytest.raises(RunTimeoutError, match=r"1 of 3 runs .* again; 1 of 3 runs cannot be read: c$") as caught:
            wait(client_kind, three, runs, timeout=5)

        assert [run.id for run in caught.value.finished] == ["b"]
        assert [run.id for run in caught.value.unfinished] == ["a", "c"]

    @pytest.mark.parametrize(
        ("status", "kind"), [(401, AuthenticationError), (429, RateLimitError)], ids=["key", "long-pause"]
    )
    def test_ended_runs_are_reported_before_a_refusal_of_the_others(
        self, status: int, kind: type[AxError], three: Server, client_kind: ClientKind
    ) -> None:
        """One poll shows the end of one run, and a refusal for the other."""
        three.trouble = lambda sent: (
            answer({}, status, retry_after="600") if three.stopwatch.now >= 1003 and sent.path.endswith("/c") else None
        )
        runs, seen = three.models, list[str]()

        with pytest.raises(kind) as caught:
            wait(client_kind, three, runs, poll_interval=3, timeout=60)
        assert [(run.id, run.status) for run in caught.value.runs] == [
            *[("a", "running"), ("b", "failed")],
            ("c", "running"),
        ]

        three.stopwatch.now = 1000
        with pytest.raises(kind):
            told(client_kind, three, runs, into=seen, poll_interval=3, timeout=60)
        assert seen == ["b"]

    @FORMS
    def test_a_strict_client_takes_nothing_new(self, as_ids: bool, three: Server, client_kind: ClientKind) -> None:
        runs = given(three, as_ids=as_ids)
        three.trouble = lambda sent: (
            page("task_runs", three.state("a") | {"colour": "red"}) if sent.path.endswith("/runs") else None
        )

        with pytest.raises(ContractViolationError, match="colour"):
            client_kind.ask(
                three.recorder,
                lambda ax: ax.tasks.wait_for_runs(runs),
                clock=three.stopwatch.clock,
                strict=True,
            )

    def test_a_run_just_triggered_may_be_unknown_for_a_moment(self, three: Server, client_kind: ClientKind) -> None:
        def trouble(sent: Sent) -> httpx.Response | None:
            if sent.is_write:
                return answer(three.state("c"), 201)
            if sent.path.endswith(CHAT_QUALITY):
                return answer(TASK)
            return answer({"status": 404}, 404) if three.stopwatch.now < 1003 else None

        three.trouble = trouble
        runs = client_kind.in_turn(
            three.recorder,
            lambda ax: ax.tasks.trigger_run(CHAT_QUALITY),
            lambda ax: ax.tasks.wait_for_runs(["c"], poll_interval=1),
            clock=three.stopwatch.clock,
        )

        assert [run.status for run in runs] == ["cancelled"]

    def test_a_run_just_triggered_that_stays_unknown_is_told_in_the_end(
        self, three: Server, client_kind: ClientKind
    ) -> None:
        def trouble(sent: Sent) -> httpx.Response | None:
            if sent.is_write:
                return answer(three.state("c"), 201)
            if sent.path.endswith(CHAT_QUALITY):
                return answer(TASK)
            return answer({"status": 404}, 404) if sent.path.endswith("/c") else None

        three.trouble = trouble
        with pytest.raises(NotFoundError) as caught:
            client_kind.in_turn(
                three.recorder,
                lambda ax: ax.tasks.trigger_run(CHAT_QUALITY),
                lambda ax: ax.tasks.wait_for_runs(["c", "b"], poll_interval=1),
                clock=three.stopwatch.clock,
            )

        assert [(run.id, run.status) for run in caught.value.runs] == [("b", "failed")]
        assert three.stopwatch.now == 1000 + GRACE_SECONDS


NO_RUNS: list[tuple[object, type[Exception], str]] = [
    ("VGFza1J1bjo5OTpxUndY", InvalidArgumentError, "runs has to be a list of runs or of their ids, not str"),
    (None, InvalidArgumentError, "not None"),
    ({"a": 1}, InvalidArgumentError, "not dict"),
    (TaskRun.from_dict(RUN), InvalidArgumentError, "not TaskRun"),
    (["a", ""], InvalidArgumentError, r"runs\[1\] must not be empty"),
    ([None], InvalidArgumentError, r"runs\[0\] has to be a run or the id of one, not None"),
    (
        [TriggerOutcome(TriggerRequest("a"), AxError())],
        InvalidArgumentError,
        r"a run or the id of one, not TriggerOutcome",
    ),
    ([CHAT_QUALITY], WrongKindError, "is the id of a task, not of a run"),
]


@pytest.mark.parametrize("method", ["wait_for_runs", "as_completed"])
def test_invalid_runs_are_refused_without_a_request(method: str, three: Server, client_kind: ClientKind) -> None:
    for runs, kind, said in NO_RUNS:
        with pytest.raises(kind, match=said):
            client_kind.ask(three.recorder, partial(called, method=method, runs=runs))
        assert three.recorder.sent == [], runs


@pytest.mark.parametrize("method", ["wait_for_runs", "as_completed"])
def test_seconds_that_are_not_positive_are_refused(method: str, three: Server, client_kind: ClientKind) -> None:
    for name in ("timeout", "poll_interval"):
        with pytest.raises(InvalidArgumentError, match=f"{name} has to be a positive number of seconds"):
            client_kind.ask(three.recorder, partial(called, method=method, runs=["a"], **{name: 0}))


def called(ax: Any, *, method: str, runs: object, **arguments: Any) -> Any:
    return getattr(ax.tasks, method)(runs, **arguments)


@pytest.mark.parametrize(("runs", "truth"), [([], False), (["a"], True)], ids=["none", "one"])
def test_runs_as_completed_are_true_if_there_are_any_and_have_no_length(
    three: Server, runs: list[str], truth: bool
) -> None:
    found = client_over(three.recorder).tasks.as_completed(runs)

    assert bool(found) is truth
    with pytest.raises(TypeError, match=r"has no length, .*\.runs is the list"):
        len(found)  # type: ignore[arg-type]


def test_runs_as_completed_go_on_where_they_were_left(three: Server) -> None:
    client = client_over(three.recorder, clock=three.stopwatch.clock)
    runs = client.tasks.as_completed(three.models)

    first = next(iter(runs))
    assert repr(runs) == "<RunsAsCompleted of 3 runs>"
    assert [run.status for run in runs.runs] == ["running", "failed", "running"]
    assert [first.id, *(run.id for run in runs)] == ["b", "c", "a"]
    assert list(runs) == []


def test_the_runs_of_one_client_are_not_for_the_loop_of_the_other(three: Server) -> None:
    with pytest.raises(TypeError, match="use `for`"):
        outcome(anext(aiter(client_over(three.recorder).tasks.as_completed(["a"]))))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="use `async for`"):
        next(iter(outcome(async_client_over(three.recorder).tasks.as_completed(["a"]))))  # type: ignore[call-overload]


def test_a_second_loop_over_runs_is_refused_while_the_first_waits(three: Server) -> None:
    """It would have waited until the end of the timeout."""

    async def pause(seconds: float) -> None:
        await asyncio.sleep(0)
        three.stopwatch.now += seconds

    async def scene() -> list[TaskRun | BaseException]:
        clock = Clock(monotonic=lambda: three.stopwatch.now, sleep_async=pause)
        async with async_client_over(three.recorder, clock=clock) as ax:
            runs = await ax.tasks.as_completed(three.models)
            both = anext(aiter(runs)), anext(aiter(runs))
            return [*await asyncio.gather(*both, return_exceptions=True), *[run async for run in runs]]

    first, second, *others = asyncio.run(scene())

    assert isinstance(second, ConfigurationError)
    assert "one loop at a time" in str(second)
    assert len({run.id for run in (first, *others) if isinstance(run, TaskRun)}) == 3


def test_runs_of_an_iterator_are_fine(three: Server) -> None:
    three.stopwatch.now += 10

    assert [run.id for run in drained(client_over(three.recorder).tasks.as_completed(iter("ab")))] == ["a", "b"]


class TestAHundredRuns:
    """Tests of a hundred runs of one task that end evenly within twelve seconds, on the mock."""

    @FORMS
    @pytest.mark.parametrize("own", [True, False], ids=["triggered-by-this-client", "triggered-by-another"])
    def test_they_are_told_at_once_after_few_requests(self, as_ids: bool, own: bool) -> None:
        play = Play()
        runs = play.hundred()
        client = play.client if own else client_of(play.mock)
        ended = client.tasks.as_completed([run.id for run in runs] if as_ids else runs)

        late, requests = play.told(ended)

        assert {run.status for run in ended.runs} == {"completed"}
        assert late <= 0.5
        assert requests <= 60

    def test_newer_runs_that_push_some_to_the_next_page_cost_little(self) -> None:
        play = Play()

        late, requests = play.told(play.client.tasks.as_completed(play.hundred(newer=10)))

        assert late <= 0.5
        assert requests <= 60

    def test_waiting_one_after_another_is_slower_and_takes_more_requests(self) -> None:
        play = Play()

        late, requests = play.told(play.client.tasks.wait_for_run(run.id) for run in play.hundred())

        assert late > 4
        assert requests > 100


def test_both_clients_ask_the_same() -> None:
    calls = []
    for client_kind in (Blocking, Awaiting):
        server = Server(Stopwatch(), dict(THREE))
        wait(client_kind, server, list(server.runs))
        calls.append(sorted(server.recorder.calls))

    assert calls[0] == calls[1]


def test_the_world_s_own_runs_can_be_waited_for_together() -> None:
    play = Play()
    first = play.client.tasks.list_runs(known.CHAT_QUALITY_EU).items
    runs = play.client.tasks.wait_for_runs([*first, play.trigger(5).id])

    assert [str(run.status) for run in runs] == ["failed", "cancelled", "completed"]
