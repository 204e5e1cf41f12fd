"""Tests of `watch`: runs join and leave at any time, one list covers all, and no waiter is lost."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AuthenticationError,
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    Hooks,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    Poll,
    RateLimitError,
    RunTimeoutError,
    ServerError,
    UnknownRunStatusError,
    WrongKindError,
)
from axtasks.concurrency import call_in_thread
from axtasks.polling.poller import RunPoller

from tests.unit.resources.test_wait_for_runs import Server
from tests.unit.support import CHAT_QUALITY, RUN, TASK, Recorder, answer, async_client_over, page
from tests.unit.virtual_time import BEGIN, played, virtual_loop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from axtasks import RunWatch, TaskRun

    from tests.unit.support import Sent

pytestmark = pytest.mark.one_contract

NEVER = 1e9


@dataclass
class Watched:
    """A server, and a watch of its runs."""

    server: Server
    watch: RunWatch

    @property
    def seconds(self) -> float:
        """The time since the beginning, in seconds."""
        return virtual_loop().now - BEGIN

    @property
    def calls(self) -> list[str]:
        """The requests to the server, each with its time."""
        return self.server.recorder.calls

    def add(self, run_id: str, *, task: str = "t", lasts: float, status: str = "completed") -> TaskRun:
        """Create a run now."""
        self.server.runs[run_id] = (task, self.seconds + lasts, status)
        return self.server.model(run_id)

    async def told(self, run: TaskRun | str, **arguments: Any) -> tuple[str, float]:
        """Return the reported status of a run, and the time of the report."""
        ended = await self.watch.wait(run, **arguments)
        return str(ended.status), self.seconds

    async def failed(self, run: TaskRun | str, **arguments: Any) -> tuple[AxError, float]:
        """Return the error of a wait, and its time."""
        with pytest.raises(AxError) as caught:
            await self.watch.wait(run, **arguments)
        return caught.value, self.seconds


@asynccontextmanager
async def watched(runs: dict[str, tuple[str, float, str]], **settings: Any) -> AsyncIterator[Watched]:
    """Yield a watch of runs, given with their task, seconds until the end, and final status."""
    poll_interval = settings.pop("poll_interval", 1)
    loop: Any = virtual_loop()
    server = Server(loop, dict(runs))
    async with (
        async_client_over(server.recorder, clock=loop.clock, **settings) as ax,
        ax.tasks.watch(poll_interval=poll_interval) as watch,
    ):
        yield Watched(server, watch)


def play(
    scene: Callable[[Watched], Coroutine[Any, Any, None]], runs: dict[str, tuple[str, float, str]], **settings: Any
) -> None:
    """Run a scenario with a watch, in virtual time."""

    async def run() -> None:
        async with watched(runs, **settings) as it:
            await scene(it)

    played(run())


async def after(seconds: float, work: Callable[[], Awaitable[Any]]) -> Any:
    """Return the result of work that starts later."""
    await asyncio.sleep(seconds)
    return await work()


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel a task, and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


THREE = {"a": ("t", 9.0, "completed"), "b": ("t", 3.0, "failed"), "c": ("u", 6.0, "cancelled")}


@pytest.mark.parametrize("as_ids", [False, True], ids=["models", "ids"])
def test_each_waiter_is_told_when_its_run_has_ended(*, as_ids: bool) -> None:
    async def scene(it: Watched) -> None:
        runs = [run_id if as_ids else it.server.model(run_id) for run_id in THREE]

        assert await asyncio.gather(*map(it.told, runs)) == [("completed", 9), ("failed", 3), ("cancelled", 6)]

    play(scene, THREE)


def test_a_run_that_has_ended_is_told_without_a_request() -> None:
    async def scene(it: Watched) -> None:
        await asyncio.sleep(20)

        assert await it.told(it.server.model("b")) == ("failed", 20)
        assert it.calls == []

    play(scene, THREE)


def test_a_run_in_a_status_that_nobody_knows_is_an_error_of_its_waiters() -> None:
    async def scene(it: Watched) -> None:
        (error, _), told = await asyncio.gather(it.failed("a"), it.told("b"))

        assert isinstance(error, UnknownRunStatusError)
        assert told == ("completed", 3)

    play(scene, {"a": ("t", 1, "paused"), "b": ("t", 3, "completed")})


def test_two_waiters_for_a_run_are_both_told() -> None:
    async def scene(it: Watched) -> None:
        later = after(2, lambda: it.told("a"))

        assert [*await asyncio.gather(it.told("a"), it.told("a"), later)] == [("completed", 9)] * 3

    play(scene, THREE)


class TestLooks:
    def test_one_list_tells_of_all_runs_of_a_task_whoever_waits(self) -> None:
        async def scene(it: Watched) -> None:
            runs = [it.add(f"r{number}", lasts=20.5) for number in range(10)]
            joins = [after(number / 4, partial(it.told, run)) for number, run in enumerate(runs)]

            assert await asyncio.gather(*joins) == [("completed", 25)] * 10
            assert it.calls == ["GET /v2/tasks/t/runs"] * 5

        play(scene, {}, poll_interval=5)

    def test_ids_that_join_together_are_read_in_one_list(self) -> None:
        async def scene(it: Watched) -> None:
            await asyncio.gather(*map(it.told, it.server.runs))

            assert it.calls == ["GET /v2/task-runs/r0", "GET /v2/tasks/t/runs"]

        play(scene, {f"r{number}": ("t", 0, "completed") for number in range(40)})

    @pytest.mark.parametrize("task", ["t", "u"], ids=["of-the-same-task", "of-another"])
    def test_an_id_that_joins_while_the_watch_sleeps_is_read_at_once(self, task: str) -> None:
        async def scene(it: Watched) -> None:
            other = asyncio.create_task(it.told("long"))
            await asyncio.sleep(10)
            it.server.runs["new"] = (task, 5, "completed")

            assert await it.told("new") == ("completed", 10)
            await cancelled(other)

        play(scene, {"long": ("t", NEVER, "completed")}, poll_interval=600)

    def test_a_run_that_joins_while_a_poll_is_under_way_is_told(self) -> None:
        async def scene(it: Watched) -> None:
            waits = asyncio.Event()

            async def slow(request: httpx.Request) -> httpx.Response:
                if request.url.path.endswith("/first"):
                    await waits.wait()
                return await Recorder.handle_async_request(it.server.recorder, request)

            it.server.recorder.handle_async_request = slow  # type: ignore[method-assign]  # a slow answer
            first = asyncio.create_task(it.told("first"))
            await asyncio.sleep(2)

            assert await it.told("second") == ("completed", 2)
            waits.set()
            assert await first == ("completed", 2)

        play(scene, {"first": ("t", 0, "completed"), "second": ("t", 0, "completed")})

    def test_without_an_interval_a_run_that_joins_late_is_told_soon_all_the_same(self) -> None:
        """Its own age counts, not that of the runs that joined before."""

        async def scene(it: Watched) -> None:
            other = asyncio.create_task(it.told("long", timeout=NEVER))
            await asyncio.sleep(900)
            status, at = await it.told(it.add("short", lasts=1))

            assert (status, at <= 907) == ("completed", True)
            await cancelled(other)

        play(scene, {"long": ("t", NEVER, "completed")}, poll_interval=None)

    def test_the_client_s_hook_is_told_of_each_run_that_goes_on(self) -> None:
        polls: list[Poll] = []

        async def scene(it: Watched) -> None:
            await asyncio.gather(it.told("b"), after(1.5, lambda: it.told("a")))

        play(scene, {"a": ("t", 3, "completed"), "b": ("t", 3, "completed")}, hooks=Hooks(on_poll=polls.append))

        assert [(poll.run.id, poll.elapsed_seconds, poll.next_poll_seconds) for poll in polls] == [
            *[("b", 0, 1), ("b", 1, 1), ("a", 0, 0.5), ("b", 2, 1), ("a", 0.5, 1)],
        ]

    def test_runs_far_back_in_the_list_do_not_have_new_ones_read_one_by_one(self) -> None:
        runs = {f"old{number}": ("t", NEVER, "completed") for number in range(4)}
        runs |= {f"between{number}": ("t", NEVER, "completed") for number in range(500)}

        async def scene(it: Watched) -> None:
            old = [asyncio.create_task(it.told(it.server.model(f"old{number}"))) for number in range(4)]
            await asyncio.sleep(2.5)
            new = [asyncio.create_task(it.told(it.add(f"new{number}", lasts=NEVER))) for number in range(20)]
            await asyncio.sleep(1)
            before = len(it.calls)
            await asyncio.sleep(1)

            singly = sorted(call for call in it.calls[before:] if "task-runs" in call)
            assert singly == [f"GET /v2/task-runs/old{number}" for number in range(4)]
            await asyncio.gather(*map(cancelled, [*old, *new]))

        play(scene, runs)


class TestLeaving:
    def test_a_run_that_nobody_waits_for_any_more_is_not_asked_for(self) -> None:
        async def scene(it: Watched) -> None:
            kept, left = (asyncio.create_task(it.told(run_id)) for run_id in "bc")
            await asyncio.sleep(1.5)
            await cancelled(left)
            before = len(it.calls)

            assert await kept == ("failed", 3)
            assert it.calls[before:] == ["GET /v2/task-runs/b"] * 2

        play(scene, THREE)

    def test_a_waiter_that_is_cancelled_leaves_the_other_of_the_same_run(self) -> None:
        async def scene(it: Watched) -> None:
            kept, left = (asyncio.create_task(it.told("a")) for _ in range(2))
            await asyncio.sleep(1.5)
            await cancelled(left)

            assert await kept == ("completed", 9)

        play(scene, THREE)

    def test_without_waiters_nothing_is_asked(self) -> None:
        async def scene(it: Watched) -> None:
            left = asyncio.create_task(it.told("a"))
            await it.told("b")
            await cancelled(left)
            before = len(it.calls)
            await asyncio.sleep(3600)

            assert len(it.calls) == before

        play(scene, THREE)

    def test_a_run_may_be_waited_for_again(self) -> None:
        async def scene(it: Watched) -> None:
            for _ in range(3):
                with pytest.raises(RunTimeoutError):
                    await it.told("a", timeout=2)

            assert await it.told("a") == ("completed", 9)

        play(scene, THREE)

    def test_the_watch_keeps_nothing_of_runs_that_have_ended(self) -> None:
        async def scene(it: Watched) -> None:
            for number in range(200):
                await it.told(it.add(f"r{number}", task=f"t{number}", lasts=0.5), timeout=NEVER)
            # Given by their ids, the lists of their tasks are read to find others.
            by_id = [it.add(f"i{number}", task=f"i{number}", lasts=0).id for number in range(3)]
            await asyncio.gather(*map(it.told, by_id))
            left = [asyncio.create_task(it.told(it.add(f"l{n}", task=f"l{n}", lasts=NEVER))) for n in range(200)]
            await asyncio.sleep(2)
            await asyncio.gather(*map(cancelled, left))
            await asyncio.sleep(1)
            gc.collect()

            kept = [it.watch._tracker._groups, it.watch._tracker._tracked, it.watch._waiters, it.watch._polls]
            assert kept == [{}] * 4
            assert len(it.watch._deadlines._heap) <= 64
            assert len(it.watch._tracker._due._heap) <= 64
            assert repr(it.watch) == "<RunWatch of 0 runs>"

        play(scene, {})


class TestTheEndOfTheTime:
    def test_each_waiter_has_its_own(self) -> None:
        async def scene(it: Watched) -> None:
            runs = [it.server.model("a")] * 3
            (early, at), (late, later), told = await asyncio.gather(
                it.failed(runs[0], timeout=2), it.failed(runs[1], timeout=5), it.told(runs[2], timeout=20)
            )

            assert (type(early), at, type(late), later) == (RunTimeoutError, 2, RunTimeoutError, 5)
            assert told == ("completed", 12)
            assert [(run.id, run.status) for run in early.runs] == [("a", "running")]
            assert isinstance(early, RunTimeoutError)
            assert early.timeout_seconds == 2
            assert "run a was still running after 2 seconds; it goes on" in str(early)

        play(scene, THREE, poll_interval=4)

    def test_the_last_poll_comes_when_the_time_is_over(self) -> None:
        async def scene(it: Watched) -> None:
            assert await it.told(it.server.model("a"), timeout=9) == ("completed", 9)

        play(scene, THREE, poll_interval=8)

    def test_the_last_poll_reads_only_the_runs_whose_time_is_over(self) -> None:
        async def scene(it: Watched) -> None:
            kept = asyncio.create_task(it.told(it.server.model("a")))
            await it.failed(it.server.model("c"), timeout=5)

            assert it.calls == ["GET /v2/task-runs/c"]
            await cancelled(kept)

        play(scene, THREE, poll_interval=8)

    def test_a_hanging_poll_delays_no_waiter(self) -> None:
        """The responses to the first and to the last poll are both outstanding."""

        async def scene(it: Watched) -> None:
            async def hang(request: httpx.Request) -> httpx.Response:
                await asyncio.sleep(request.extensions["timeout"]["read"])
                raise httpx.ReadTimeout("nothing", request=request)

            it.server.recorder.handle_async_request = hang  # type: ignore[method-assign]  # no answer
            error, at = await it.failed(it.server.model("a"), timeout=2)

            assert isinstance(error, RunTimeoutError)
            assert 2 <= at < 2.5
            assert "the last poll failed, so more may have ended since" in str(error)
            assert [run.id for run in error.runs] == ["a"]
            unseen, at = await it.failed("b", timeout=2)
            assert isinstance(unseen, RunTimeoutError)
            assert 4 <= at < 5
            assert (unseen.runs, unseen.unseen) == ((), ("b",))

        play(scene, THREE)


class TestTrouble:
    def test_transient_errors_end_no_wait(self) -> None:
        async def scene(it: Watched) -> None:
            it.server.trouble = lambda _: answer({}, 503) if 1 <= it.seconds <= 7 else None

            assert await asyncio.gather(*map(it.told, it.server.models)) == [
                *[("completed", 9), ("failed", 8), ("cancelled", 8)],
            ]

        play(scene, THREE)

    def test_a_wait_that_the_server_asks_for_is_kept(self) -> None:
        async def scene(it: Watched) -> None:
            it.server.trouble = lambda _: answer({}, 429, retry_after="5") if it.seconds == 1 else None

            assert await it.told(it.server.model("b")) == ("failed", 6)

        play(scene, THREE)

    def test_a_run_that_a_last_poll_saw_first_is_polled_for_its_other_waiter(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The task of an id is unknown at first, so the run changes its group."""
        monkeypatch.setattr(RunPoller, "was_triggered_here", lambda *_: True)

        async def scene(it: Watched) -> None:
            it.server.trouble = lambda _: answer({}, 503) if it.seconds < 4 else None
            (error, at), told = await asyncio.gather(it.failed("a", timeout=5), it.told("a", timeout=900))

            assert (type(error), at) == (RunTimeoutError, 5)
            assert told == ("completed", 65)

        play(scene, THREE, poll_interval=60)

    def test_a_wait_longer_than_what_is_left_is_an_error_of_those_alone_that_have_less(self) -> None:
        async def scene(it: Watched) -> None:
            it.server.trouble = lambda _: answer({}, 429, retry_after="5") if it.seconds == 1 else None
            run = it.server.model("a")
            (error, at), told = await asyncio.gather(it.failed(run, timeout=4), it.told(run, timeout=40))

            assert (type(error), at) == (RateLimitError, 1)
            assert told == ("completed", 9)

        play(scene, THREE)

    @pytest.mark.parametrize(
        ("trouble", "kind"),
        [
            (lambda _: answer({"title": "Unauthorized", "status": 401}, 401), AuthenticationError),
            (lambda _: answer(RUN | {"id": "a", "colour": "red"}), ContractViolationError),
        ],
        ids=["key", "contract"],
    )
    def test_a_permanent_error_reaches_every_waiter(
        self, trouble: Callable[[Sent], httpx.Response], kind: type[AxError]
    ) -> None:
        """Each waiter gets its own error with its run, and the watch goes on for later ones."""

        async def scene(it: Watched) -> None:
            it.server.trouble = lambda sent: trouble(sent) if 2 <= it.seconds < 3 else None
            waits = [*map(it.failed, it.server.models), it.failed(it.server.model("a"))]
            failed = await asyncio.gather(*waits)

            assert [(type(error), at) for error, at in failed] == [(kind, 2)] * 4
            assert [[run.id for run in error.runs] for error, _ in failed] == [["a"], ["b"], ["c"], ["a"]]
            assert len({id(error) for error, _ in failed}) == 4
            await asyncio.sleep(2)
            before = len(it.calls)
            assert await it.told("a") == ("completed", 9)
            assert len(it.calls) == before + 6

        play(scene, THREE, strict=True)

    @pytest.mark.parametrize(("status", "kind"), [(404, NotFoundError), (403, PermissionDeniedError)], ids=str)
    @pytest.mark.parametrize("as_ids", [False, True], ids=["models", "ids"])
    def test_a_run_that_cannot_be_read_is_an_error_of_its_own_waiters(
        self, status: int, kind: type[AxError], *, as_ids: bool
    ) -> None:
        async def scene(it: Watched) -> None:
            runs: dict[str, Any] = {run_id: run_id if as_ids else it.server.model(run_id) for run_id in "abc"}
            # Lists do not show it either.
            it.server.runs["a"] = ("elsewhere", 9, "completed")
            it.server.trouble = lambda sent: answer({}, status) if sent.path.endswith("/a") else None
            (one, _), (other, _), *told = await asyncio.gather(
                it.failed(runs["a"]), it.failed(runs["a"]), it.told(runs["b"]), it.told(runs["c"])
            )

            assert [type(one), type(other), *told] == [kind, kind, ("failed", 3), ("cancelled", 6)]
            assert [run.id for run in one.runs] == ([] if as_ids else ["a"])

        play(scene, THREE)

    def test_a_text_that_is_no_id_is_an_error_of_its_own_waiter(self) -> None:
        async def scene(it: Watched) -> None:
            it.server.trouble = lambda sent: answer({}, 400) if sent.path.endswith("/latest") else None
            (error, _), *told = await asyncio.gather(it.failed("latest"), it.told("b"), it.told("c"))

            assert isinstance(error, InvalidArgumentError)
            assert told == [("failed", 3), ("cancelled", 6)]

        play(scene, THREE)

    @pytest.mark.parametrize(
        ("wrong", "kind"),
        [(answer({}, 503), ServerError), (httpx.ConnectError("refused"), ConnectionFailedError)],
        ids=["unavailable", "unreachable"],
    )
    def test_a_run_that_is_not_reached_at_first_is_an_error_of_its_own_waiters(
        self, wrong: httpx.Response | Exception, kind: type[AxError]
    ) -> None:
        async def scene(it: Watched) -> None:
            def trouble(_: Sent) -> httpx.Response | None:
                if not 1.5 < it.seconds < 5:
                    return None
                if isinstance(wrong, Exception):
                    raise wrong
                return wrong

            it.server.trouble = trouble
            told, (error, at) = await asyncio.gather(it.told(it.server.model("a")), after(1.7, lambda: it.failed("c")))

            assert told == ("completed", 9)
            assert (type(error), at) == (kind, pytest.approx(1.7))

        play(scene, THREE)

    def test_a_hook_that_fails_does_not_leave_waiters_behind(self, caplog: pytest.LogCaptureFixture) -> None:
        """The failure is logged, as in every call."""

        def broken(_: Poll) -> None:
            raise LookupError

        async def scene(it: Watched) -> None:
            assert await it.told("b") == ("failed", 3)

        play(scene, THREE, hooks=Hooks(on_poll=broken))

        assert {record.name for record in caplog.records if record.levelno >= logging.ERROR} == {"axtasks.hooks"}

    def test_a_run_just_triggered_may_be_unknown_for_a_moment(self) -> None:
        async def scene() -> None:
            loop: Any = virtual_loop()
            server = Server(loop, dict(THREE))

            def trouble(sent: Sent) -> httpx.Response | None:
                if sent.is_write:
                    return answer(server.state("c"), 201)
                if sent.path.endswith(CHAT_QUALITY):
                    return answer(TASK)
                return answer({"status": 404}, 404) if loop.now < BEGIN + 3 else None

            server.trouble = trouble
            async with async_client_over(server.recorder, clock=loop.clock) as ax:
                await ax.tasks.trigger_run(CHAT_QUALITY)
                async with ax.tasks.watch(poll_interval=1) as watch:
                    assert (await watch.wait("c")).status == "cancelled"

        played(scene())


class TestTheEnd:
    def test_closing_the_watch_ends_all_waits(self) -> None:
        async def scene() -> None:
            async with watched(THREE) as it:
                waits = [asyncio.create_task(it.failed(run_id)) for run_id in "ab"]
                await asyncio.sleep(1.5)
                before = len(it.calls)
            for (error, at), run_id in zip(await asyncio.gather(*waits), "ab", strict=True):
                assert (type(error), at) == (ConfigurationError, 1.5)
                assert str(error) == "the watch was left while the run was waited for; the run goes on"
                assert [run.id for run in error.runs] == [run_id]
            await asyncio.sleep(60)
            assert len(it.calls) == before

        played(scene())

    def test_tasks_of_the_watch_that_are_cancelled_from_outside_are_replaced(self) -> None:
        async def scene(it: Watched) -> None:
            waiting = asyncio.create_task(it.told("a"))
            await asyncio.sleep(1.5)
            for task in asyncio.all_tasks() - {waiting, asyncio.current_task()}:
                task.cancel()

            assert await waiting == ("completed", 9)

        play(scene, THREE)

    def test_nothing_is_left_running(self) -> None:
        async def scene() -> None:
            async with watched(THREE) as it:
                wait = asyncio.create_task(it.failed("a"))
                await asyncio.sleep(1)
            await wait

            assert asyncio.all_tasks() == {asyncio.current_task()}

        played(scene())

    def test_an_error_within_is_raised_as_it_is(self) -> None:
        async def scene() -> None:
            async with watched(THREE) as it:
                await it.told("b")
                raise LookupError("of the caller")

        with pytest.raises(LookupError, match="of the caller"):
            played(scene())

    def test_a_waiter_cancelled_during_an_error_leaves_no_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        async def scene() -> None:
            async with watched(THREE) as it:
                wait = asyncio.create_task(it.told("a"))
                await asyncio.sleep(1.5)
                it.watch._fail_all(ConfigurationError("any"))
                await cancelled(wait)
            gc.collect()

        played(scene())

        assert [record for record in caplog.records if record.name == "asyncio"] == []


class TestMisuse:
    @pytest.mark.parametrize(
        ("given", "kind", "said"),
        [
            (None, InvalidArgumentError, "run has to be a run or the id of one, not None"),
            ("", InvalidArgumentError, "run must not be empty"),
            (["a"], InvalidArgumentError, "not list"),
            (CHAT_QUALITY, WrongKindError, "is the id of a task, not of a run"),
        ],
        ids=["none", "empty", "list", "task"],
    )
    def test_an_invalid_run_is_refused_without_a_request(self, given: Any, kind: type[AxError], said: str) -> None:
        async def scene(it: Watched) -> None:
            with pytest.raises(kind, match=said):
                await it.watch.wait(given)
            assert it.calls == []

        play(scene, THREE)

    def test_seconds_that_are_not_positive_are_refused(self) -> None:
        async def scene(it: Watched) -> None:
            with pytest.raises(InvalidArgumentError, match="timeout has to be a positive number of seconds"):
                await it.watch.wait("a", timeout=0)

        play(scene, THREE)
        with pytest.raises(InvalidArgumentError, match="poll_interval has to be a positive number of seconds"):
            async_client_over(Recorder(lambda _: page("tasks"))).tasks.watch(poll_interval=-1)

    def test_a_watch_is_waited_on_while_it_is_entered(self) -> None:
        async def scene() -> None:
            watch = async_client_over(Recorder(lambda _: page("tasks"))).tasks.watch()
            for state in ("not entered yet", "left"):
                with pytest.raises(ConfigurationError, match=f"the watch was {state}: wait within `async with"):
                    await watch.wait("a")
                if state == "not entered yet":
                    async with watch:
                        pass
            with pytest.raises(ConfigurationError, match="this watch was entered before"):
                await watch.__aenter__()

        played(scene())

    def test_a_watch_belongs_to_its_event_loop(self) -> None:
        async def scene(it: Watched) -> None:
            def elsewhere() -> None:
                asyncio.run(it.watch.wait("a"))

            with pytest.raises(ConfigurationError, match="entered in another event loop"):
                call_in_thread(elsewhere).result()

        play(scene, THREE)
