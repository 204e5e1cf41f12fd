"""Tests of waiting for runs on a shared client, and of the worker's thread for it."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest
from axtasks import APIError, AsyncAxClient, AxError, InvalidArgumentError, RetryPolicy, TaskRun
from axtasks.airflow import waiter
from axtasks.airflow.connection import ConnectionSettings
from axtasks.airflow.waiter import LoopThread, WatchPool, cancel_runs, seconds_until, wait_for_all
from axtasks.mock import Mock, MockServer

from tests.unit.resources.test_wait_for_runs import Server
from tests.unit.support import API_KEY, answer, async_client_over, page
from tests.unit.virtual_time import BEGIN, played, virtual_loop

if TYPE_CHECKING:
    import httpx
    from axtasks.airflow.waiter import WaitEvent

    from tests.unit.support import Sent

TASK = "Golden Set Review"
NO_RUN = "VGFza1J1bjo5OTk5OTpub25l"


def test_runs_end_late_or_cannot_be_read_each_for_itself() -> None:
    async def play(server: MockServer) -> tuple[list[str], Any]:
        async with AsyncAxClient(api_key=API_KEY, base_url=server.url) as ax:
            runs = [await ax.tasks.trigger_run(TASK) for _ in range(2)]
            await ax.tasks.cancel_run(runs[0].id)
            ids = {run.id: run.task_id for run in runs}
            async with ax.tasks.watch() as watch:
                event = await wait_for_all(watch, {**ids, NO_RUN: runs[0].task_id}, seconds=0.3)
        return list(ids), event

    with MockServer(Mock(lifecycle="manual")) as server:
        (ended, late), event = asyncio.run(play(server))

    assert [run["status"] for run in event["ended"].values()] == ["cancelled"]
    assert list(event["ended"]) == [ended]
    assert event["late"] == [late]
    assert list(event["errors"]) == [NO_RUN]


SHOWN: list[tuple[str, float, list[str], float]] = [
    ("after some seconds", 3.0, ["completed"], 6.0),
    ("never", 1e9, [], 11.0),
]


@pytest.mark.parametrize(("shown_at", "told", "at"), [pytest.param(*case[1:], id=case[0]) for case in SHOWN])
def test_a_run_of_another_client_is_shown(shown_at: float, told: list[str], at: float) -> None:
    async def play() -> tuple[WaitEvent, float]:
        loop = virtual_loop()
        server = Server(cast("Any", loop), {"a": ("t", 6.0, "completed")})

        def hide(sent: Sent) -> httpx.Response | None:
            if loop.now >= BEGIN + shown_at:
                return None
            return page("task_runs") if sent.path.endswith("/runs") else answer({"status": 404}, 404)

        server.trouble = hide
        async with async_client_over(server.recorder, clock=loop.clock) as ax, ax.tasks.watch(poll_interval=1) as watch:
            return await wait_for_all(watch, {"a": "t"}, seconds=600), loop.now - BEGIN

    event, ended_at = played(play())

    assert [run["status"] for run in event["ended"].values()] == told
    assert list(event["errors"]) == ([] if told else ["a"])
    assert ended_at == at


def test_runs_are_cancelled_but_for_those_that_have_ended() -> None:
    async def play(server: MockServer) -> list[str]:
        async with AsyncAxClient(api_key=API_KEY, base_url=server.url) as ax:
            runs = [await ax.tasks.trigger_run(TASK) for _ in range(2)]
            await ax.tasks.cancel_run(runs[0].id)
            results = await cancel_runs(ax, [runs[0].id, runs[1].id, NO_RUN])
            return [
                str(each.status_code if isinstance(each, APIError) else each.status)
                for each in results.values()
                if isinstance(each, APIError | TaskRun)
            ]

    with MockServer(Mock(lifecycle="manual")) as server:
        assert asyncio.run(play(server)) == ["cancelled", "cancelled", "404"]


def test_a_failed_cancellation_does_not_stop_the_others() -> None:
    """The first run has ended, and the read that would show its status fails."""

    async def play(server: MockServer) -> list[TaskRun | AxError]:
        async with AsyncAxClient(api_key=API_KEY, base_url=server.url, retry=RetryPolicy(attempts=1)) as ax:
            runs = [await ax.tasks.trigger_run(TASK) for _ in range(2)]
            await ax.tasks.cancel_run(runs[0].id)
            return list((await cancel_runs(ax, [run.id for run in runs])).values())

    with MockServer(Mock(lifecycle="manual", faults="operation=get_task_run, fault=status:503")) as server:
        first, second = asyncio.run(play(server))

    assert isinstance(first, APIError)
    assert isinstance(second, TaskRun)
    assert second.status == "cancelled"


def test_a_client_is_shared_by_connection_and_interval_until_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiter, "IDLE_SECONDS", 0.01)
    pool = WatchPool()
    one, other = (ConnectionSettings(API_KEY, base_url=f"http://127.0.0.1:{port}") for port in (1, 2))

    async def play() -> None:
        async with pool.lease(one, None) as first, pool.lease(one, None) as second:
            assert first.client is second.client
            async with pool.lease(other, None) as third, pool.lease(one, 5.0) as fourth:
                assert len({id(each.client) for each in (first, third, fourth)}) == 3
        async with pool.lease(one, None) as again:
            # It is used again before it is closed.
            assert again.client is first.client
        while pool._loops[asyncio.get_running_loop()]:  # noqa: ASYNC110  # a timer closes it
            await asyncio.sleep(0.01)
        async with pool.lease(one, None) as anew:
            assert anew.client is not first.client

    asyncio.run(play())


def test_a_client_whose_watch_cannot_be_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[AsyncAxClient] = []
    close = AsyncAxClient.close

    async def noted(self: AsyncAxClient) -> None:
        closed.append(self)
        await close(self)

    monkeypatch.setattr(AsyncAxClient, "close", noted)

    async def play() -> None:
        async with WatchPool().lease(ConnectionSettings(API_KEY, base_url="http://127.0.0.1:1"), -1.0):
            raise AssertionError("it was lent")

    with pytest.raises(InvalidArgumentError, match="poll_interval"):
        asyncio.run(play())
    assert len(closed) == 1


def test_a_client_of_a_closed_event_loop_is_not_kept() -> None:
    pool = WatchPool()
    clients: list[weakref.ref[AsyncAxClient]] = []

    async def play() -> None:
        async with pool.lease(ConnectionSettings(API_KEY, base_url="http://127.0.0.1:1"), None) as shared:
            clients.append(weakref.ref(shared.client))

    asyncio.run(play())
    asyncio.run(play())
    gc.collect()

    assert [client() is None for client in clients] == [True, False]


def test_a_wait_has_what_is_left_until_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1000.0)

    assert [seconds_until(deadline) for deadline in (None, 1005.0, 900.0)] == [float("inf"), 5.0, 0.001]


def test_work_in_a_thread_has_a_result_or_an_error() -> None:
    async def work(result: int) -> int:
        return 10 // result

    assert LoopThread(lambda: work(5)).run() == 2
    with pytest.raises(ZeroDivisionError):
        LoopThread(lambda: work(0)).run()


def test_work_that_was_begun_when_an_alarm_goes_off_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm may go off once the thread has its work, before the result is requested."""
    begun, cancelled = threading.Event(), threading.Event()

    class Alarm(ThreadPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            super().submit(*args, **kwargs)
            begun.wait()
            raise TimeoutError("the alarm")

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    monkeypatch.setattr(waiter, "ThreadPoolExecutor", Alarm)

    with pytest.raises(TimeoutError, match="the alarm"):
        LoopThread(work).run()
    assert cancelled.is_set()


@pytest.mark.parametrize("when", ["before", "while"])
def test_work_in_a_thread_can_be_cancelled(when: str) -> None:
    thread: LoopThread[None]

    async def work() -> None:
        if when == "while":
            threading.Thread(target=thread.cancel).start()
        await asyncio.Event().wait()

    thread = LoopThread(work)
    if when == "before":
        thread.cancel()

    with pytest.raises(asyncio.CancelledError):
        thread.run()
    thread.cancel()
