"""Waits for runs on a shared client, and the thread in which a worker waits."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from axtasks import APIError, AsyncAxClient, TaskRun
from axtasks.airflow import waiting
from axtasks.airflow.connection import ConnectionSettings
from axtasks.airflow.waiting import LoopThread, WatchPool, cancel_runs, seconds_until, wait_for_all
from axtasks.mock import Mock, MockServer

from tests.unit.support import API_KEY

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


def test_a_client_is_shared_by_connection_and_interval_until_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "IDLE_SECONDS", 0.01)
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


def test_a_wait_has_what_is_left_until_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1000.0)

    assert [seconds_until(deadline) for deadline in (None, 1005.0, 900.0)] == [float("inf"), 5.0, 0.001]


def test_work_in_a_thread_has_a_result_or_an_error() -> None:
    async def work(result: int) -> int:
        return 10 // result

    assert LoopThread(lambda: work(5)).run() == 2
    with pytest.raises(ZeroDivisionError):
        LoopThread(lambda: work(0)).run()


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
