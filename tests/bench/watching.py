"""A benchmark of `watch` with runs that join and leave at random: requests, delay, CPU and memory.

`python -m tests.bench.watching` plays 1,000 runs of 40 seconds in virtual time against the mock in this process, holds
the figures against their limits, and ends with 1 if one is beyond its limit.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
from axtasks import AsyncAxClient
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockRequest, MockTransport, load_world
from axtasks.mock.world.lifecycle import Lifecycle
from axtasks_api.models import TaskRun

from tests.unit.virtual_time import BEGIN, VirtualLoop, played, virtual_loop

RUN_SECONDS = 40.0
POLL_SECONDS = 5.0
REQUEST_SECONDS = 0.02
# Of the waiters, those that leave before their run has ended.
SHARE_LEAVING = 0.1
CREATED = 201
MOST_REQUESTS, MOST_SECONDS_LATE = 250, 6.0
MOST_REQUESTS_SHARE, MOST_LATENESS_SHARE = 1.3, 1.2
MOST_CPU_SECONDS, MOST_MEGABYTES = 1.5, 10.0
HEADERS = (("Authorization", "Bearer bench-key"), ("Content-Type", "application/json"), ("Host", "ax-mock.test"))
# Of each allocation, so many callers are looked at for the mock.
FRAMES = 25


class MockTimeClock(MockClock):
    """A clock of the mock that shows the time of a virtual loop."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        super().__init__(now=datetime(2026, 3, 10, 15, tzinfo=UTC), frozen=True)

    def _passed(self) -> timedelta:
        return timedelta(seconds=self._loop.now - BEGIN)


class Service(httpx.AsyncBaseTransport):
    """The mock, with its request count and its CPU time.

    Args:
        tasks: the number of its tasks.
        run_seconds: the seconds that a run takes.
    """

    def __init__(self, tasks: int, run_seconds: float) -> None:
        world: dict[str, Any] = {
            "spaces": [{"name": "s"}],
            "evaluators": [{"name": "e"}],
            "projects": [{"name": "p"}],
            "tasks": [{"count": tasks, "name": "task-{n:04d}", "project": "p", "evaluators": ["e"]}],
        }
        clock = MockTimeClock(virtual_loop())
        self.mock = Mock(clock=clock, world=load_world(world), lifecycle=Lifecycle(seconds=run_seconds).text)
        self.tasks = [task.id for task in self.mock.world.tasks.all()]
        self._door = MockTransport(self.mock)
        self.requests = 0
        self.cpu_seconds = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the mock's response, a little later."""
        await asyncio.sleep(REQUEST_SECONDS)
        self.requests += 1
        start = time.process_time()
        try:
            return await self._door.handle_async_request(request)
        finally:
            self.cpu_seconds += time.process_time() - start

    def trigger(self, task: str) -> TaskRun:
        """Trigger a run, as another client does."""
        start = time.process_time()
        window = {"data_start_time": "2026-02-01T00:00:00Z", "data_end_time": "2026-02-02T00:00:00Z"}
        body = json.dumps({"override_evaluations": True} | window).encode()
        response = self.mock.handle(MockRequest("POST", f"/v2/tasks/{quote(task)}/trigger", "", HEADERS, body))
        if response.status != CREATED:
            raise ValueError(f"a trigger was answered with {response.status}: {response.body.decode()}")
        run = TaskRun.from_dict(json.loads(response.body))
        self.cpu_seconds += time.process_time() - start
        return run

    def seconds_late(self, run: TaskRun) -> float:
        """Return how long ago a run ended."""
        if run.run_finished_at is None:
            raise ValueError(f"run {run.id} has no end")
        return (self.mock.clock.now() - run.run_finished_at).total_seconds()


class Join(NamedTuple):
    """A run that is waited for.

    Attributes:
        task: its task.
        at: the seconds after which it is triggered.
        leaves_at: the seconds after which its waiter is cancelled; None for one that stays.
    """

    task: str
    at: float
    leaves_at: float | None


class Figures(NamedTuple):
    """The cost of waiting for all runs.

    Attributes:
        requests: the requests.
        late: the seconds from the end of each run to its result, ascending.
        cpu_seconds: the CPU time, without that of the mock.
        megabytes: the memory while all are waited for; 0 if it was not measured.
    """

    requests: int
    late: list[float]
    cpu_seconds: float
    megabytes: float

    def late_share(self, share: float) -> float:
        """Return the delay that such a share of the runs stays below."""
        return self.late[int(share * (len(self.late) - 1))]

    def __str__(self) -> str:
        text = f"{self.requests:6} requests, late p50 {self.late_share(0.5):.2f} s, p99 {self.late_share(0.99):.2f} s"
        memory = f", {self.megabytes:.1f} MB" if self.megabytes else ""
        return f"{text}, at most {self.late[-1]:.2f} s, {self.cpu_seconds:.2f} s of CPU{memory}"


class Scene(NamedTuple):
    """A scenario of tasks and their runs.

    Attributes:
        tasks: the number of tasks.
        each: the runs of each.
        earlier: the runs of each that have ended before.
        join_seconds: the seconds within which all join.
        rounds: the number of repetitions. Where all runs end together, the 99th percentile depends on few polls and
            their exact time, so runs take up to a second more from round to round.
    """

    tasks: int
    each: int
    earlier: int
    join_seconds: float
    rounds: int = 1

    def joins(self, tasks: list[str], seed: int) -> list[Join]:
        """Return the random times of joining and leaving, the same for each seed."""
        rng = random.Random(seed)  # noqa: S311  played, no secret
        joins = []
        for task in [task for task in tasks for _ in range(self.each)]:
            at = rng.random() * self.join_seconds
            leaves = rng.random() < SHARE_LEAVING
            joins.append(Join(task, at, at + rng.random() * RUN_SECONDS if leaves else None))
        return joins


SCENES = (Scene(20, 50, 10, 2.0, rounds=8), Scene(20, 50, 10, 15.0), Scene(20, 50, 0, 15.0))
Wait = Callable[[AsyncAxClient, Service, list[Join]], Awaitable[list[float]]]


def watched(poll_interval: float | None) -> Wait:
    """Return the way to wait by a watch."""

    async def wait(ax: AsyncAxClient, service: Service, joins: list[Join]) -> list[float]:
        async with ax.tasks.watch(poll_interval=poll_interval) as watch:

            async def one(join: Join) -> float | None:
                await asyncio.sleep(join.at)
                run = service.trigger(join.task)
                if join.leaves_at is None:
                    return service.seconds_late(await watch.wait(run))
                with suppress(TimeoutError):
                    async with asyncio.timeout(join.leaves_at - join.at):
                        await watch.wait(run)
                return None

            late = await asyncio.gather(*map(one, joins))
            return [seconds for seconds in late if seconds is not None]

    return wait


async def completed(ax: AsyncAxClient, service: Service, joins: list[Join]) -> list[float]:
    """Wait by `as_completed` for the runs that nobody leaves, once all are triggered."""

    async def one(join: Join) -> TaskRun:
        await asyncio.sleep(join.at)
        return service.trigger(join.task)

    triggered = await asyncio.gather(*map(one, joins))
    runs = [run for run, join in zip(triggered, joins, strict=True) if join.leaves_at is None]
    return [service.seconds_late(run) async for run in await ax.tasks.as_completed(runs)]


def measured(scene: Scene, wait: Wait) -> Figures:
    """Measure one way to wait in all rounds of a scene: the lateness of all runs, and else the mean of the rounds."""
    rounds = [played(measure(scene, wait, seed=seed)) for seed in range(scene.rounds)]
    requests = round(fmean(each.requests for each in rounds))
    late = sorted(seconds for each in rounds for seconds in each.late)
    return Figures(requests, late, fmean(each.cpu_seconds for each in rounds), 0.0)


async def measure(scene: Scene, wait: Wait, *, seed: int = 0, memory: bool = False) -> Figures:
    """Measure one way to wait in a round of a scene."""
    service = Service(scene.tasks, RUN_SECONDS + seed / scene.rounds)
    for _ in range(scene.earlier):
        for task in service.tasks:
            service.trigger(task)
        await asyncio.sleep(RUN_SECONDS + 2)
    loop = virtual_loop()
    async with AsyncAxClient(
        api_key="bench-key",
        base_url="https://ax-mock.test",
        contract="documents",
        http_client=httpx.AsyncClient(transport=service),
        clock=loop.clock,
    ) as ax:
        # What is imported and made at the first request belongs to no wait.
        await ax.spaces.list()
        joins = scene.joins(service.tasks, seed)
        grown: list[float] = []
        if memory:
            gc.collect()
            tracemalloc.start(FRAMES)
            loop.call_later(scene.join_seconds + RUN_SECONDS / 2, lambda: grown.append(_client_megabytes()))
        requests, mock_cpu, start = service.requests, service.cpu_seconds, time.process_time()
        late = await wait(ax, service, joins)
        cpu = time.process_time() - start - (service.cpu_seconds - mock_cpu)
        tracemalloc.stop()
        return Figures(service.requests - requests, sorted(late), cpu, sum(grown))


def _client_megabytes() -> float:
    """Return the memory taken since the beginning, without that of the mock."""
    gc.collect()
    others = tracemalloc.Filter(False, "*/axtasks/mock/*", all_frames=True)
    statistics = tracemalloc.take_snapshot().filter_traces([others]).statistics("filename")
    return sum(each.size for each in statistics) / 1e6


def main() -> int:
    """Play all scenes, show the figures, and return 1 if one is beyond its limit."""
    os.environ["ARIZE_TASKS_NO_ALPHA_WARNING"] = "1"
    failed: list[str] = []

    def check(what: str, value: float, limit: float) -> None:
        print(f"    {what}: {value:.2f} of {limit:.2f}{'' if value <= limit else '  TOO MUCH'}")
        if value > limit:
            failed.append(what)

    for scene in SCENES:
        print(f"{scene.tasks} tasks x {scene.each} runs of {RUN_SECONDS:.0f} s, {scene.earlier} earlier runs of each")
        print(f"  all join within {scene.join_seconds:.0f} s")
        fixed, adaptive, together = (
            measured(scene, wait) for wait in (watched(POLL_SECONDS), watched(None), completed)
        )
        print(f"  watch, every {POLL_SECONDS:.0f} s  {fixed}")
        print(f"  watch, adaptive  {adaptive}")
        print(f"  as_completed     {together}")
        check("requests, every 5 s", fixed.requests, MOST_REQUESTS)
        check("seconds late, every 5 s", fixed.late[-1], MOST_SECONDS_LATE)
        check(
            "requests, adaptive, of those of as_completed", adaptive.requests / together.requests, MOST_REQUESTS_SHARE
        )
        check("CPU seconds, every 5 s", fixed.cpu_seconds, MOST_CPU_SECONDS)
        if scene.earlier:
            # Without earlier runs, a task is polled often until its first runs have ended.
            check("CPU seconds, adaptive", adaptive.cpu_seconds, MOST_CPU_SECONDS)
        share = adaptive.late_share(0.99) / together.late_share(0.99)
        check("p99 of seconds late, adaptive, of that of as_completed", share, MOST_LATENESS_SHARE)
    memory = played(measure(SCENES[0], watched(POLL_SECONDS), memory=True)).megabytes
    print("Memory")
    check("megabytes", memory, MOST_MEGABYTES)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
