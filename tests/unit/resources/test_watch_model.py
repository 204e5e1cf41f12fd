"""Random tests of waiters that join, leave and fail: each is told once, in time, without needless requests."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AuthenticationError,
    AxError,
    ConnectionFailedError,
    NotFoundError,
    RequestTimeoutError,
    RunTimeoutError,
    ServerError,
)
from axtasks.polling.schedule import LONGEST_SECONDS

from tests.unit.resources.test_wait_for_runs import Server
from tests.unit.support import Recorder, answer, async_client_over
from tests.unit.virtual_time import BEGIN, VirtualLoop, played, virtual_loop

if TYPE_CHECKING:
    from axtasks import RunWatch

pytestmark = pytest.mark.one_contract

SECONDS = 60.0
NEVER = 1e9
WAITERS, RUNS, TASKS = 60, 25, 4
# A response comes after so long, or, while the server hangs, not before the request is given up.
LATENCY = 0.05
GRACE = 0.5
# A request is given up after so long.
GIVEN_UP = 30 + GRACE


@dataclass
class Waiter:
    """One call of `wait`, and its outcome.

    Attributes:
        ends: its outcome with the time; a second entry would be a waiter that was woken twice.
    """

    run_id: str
    joined_at: float
    timeout: float
    task: asyncio.Task[None] | None = None
    left_at: float = NEVER
    ends: list[tuple[object, float]] = field(default_factory=list)


@dataclass
class Episode:
    """A span of time in which the server fails."""

    begin: float
    end: float
    trouble: str


class Play:
    """A server with random runs, failures and waiters.

    Attributes:
        refusals: the times at which a request was refused with 401.
        unasked: requests for runs without a waiter.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  played, no secret
        self.loop: VirtualLoop = virtual_loop()
        self.waiters: list[Waiter] = []
        self.refusals: list[float] = []
        self.unasked: list[str] = []
        runs = {
            f"r{number}": (f"t{self.rng.randrange(TASKS)}", self.rng.uniform(0, SECONDS), "completed")
            for number in range(RUNS)
        }
        loop: Any = self.loop
        self.server = Server(loop, runs)
        self.gone = {run_id: self.rng.uniform(0, SECONDS) for run_id in self.rng.sample(sorted(runs), 3)}
        begins = sorted(self.rng.uniform(0, SECONDS) for _ in range(3))
        troubles = self.rng.choices(["unavailable", "lost", "hangs", "refused"], k=3)
        self.episodes = [
            Episode(begin, begin + self.rng.uniform(0.2, 5), trouble)
            for begin, trouble in zip(begins, troubles, strict=True)
        ]
        self.server.recorder.handle_async_request = self.answer  # type: ignore[method-assign]  # a network between

    @property
    def now(self) -> float:
        return self.loop.now - BEGIN

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.note(request.url.path)
        await asyncio.sleep(LATENCY)
        trouble = next((each.trouble for each in self.episodes if each.begin <= self.now < each.end), None)
        run_id = request.url.path.rpartition("/")[2]
        if trouble == "unavailable":
            return httpx.Response(503, json={})
        if trouble == "lost":
            raise httpx.ConnectError("lost", request=request)
        if trouble == "hangs":
            await asyncio.sleep(request.extensions["timeout"]["read"])
            raise httpx.ReadTimeout("no answer", request=request)
        if trouble == "refused":
            self.refusals.append(self.now)
            return answer({"title": "Unauthorized", "status": 401}, 401)
        if self.gone.get(run_id, NEVER) <= self.now:
            return answer({"title": "Not Found", "status": 404}, 404)
        self.server.recorder.sent.clear()
        response = await Recorder.handle_async_request(self.server.recorder, request)
        # Lists do not show a run that is gone.
        body = response.json()
        if "task_runs" in body:
            body["task_runs"] = [run for run in body["task_runs"] if self.gone.get(run["id"], NEVER) > self.now]
            return httpx.Response(200, json=body)
        return response

    def note(self, path: str) -> None:
        """Record a request for a run or a task's runs if no waiter needs it."""
        *_, name, last = path.split("/")
        wanted = {
            run_id
            for run_id, (task, *_) in self.server.runs.items()
            if run_id == last or (last == "runs" and task == name)
        }
        present = [each for each in self.waiters if each.run_id in wanted and each.left_at + 2 * LATENCY >= self.now]
        if not present:
            self.unasked.append(f"{self.now:.2f} {path}")

    async def wait(self, watch: RunWatch, waiter: Waiter, *, as_id: bool) -> None:
        """Wait, and record the outcome."""
        run = waiter.run_id if as_id else self.server.model(waiter.run_id)
        try:
            ended = await watch.wait(run, timeout=waiter.timeout)
            waiter.ends.append((ended, self.now))
        except AxError as error:
            waiter.ends.append((error, self.now))
        except asyncio.CancelledError as error:
            waiter.ends.append((error, self.now))
            raise
        finally:
            waiter.left_at = self.now

    async def simulate(self, watch: RunWatch) -> None:
        """Simulate one waiter, which joins and may be cancelled early."""
        await asyncio.sleep(self.rng.uniform(0, SECONDS))
        waiter = Waiter(self.rng.choice(sorted(self.server.runs)), self.now, self.rng.uniform(0.5, SECONDS))
        self.waiters.append(waiter)
        waiter.task = asyncio.create_task(self.wait(watch, waiter, as_id=self.rng.random() < 0.5))
        if self.rng.random() < 0.3:
            await asyncio.sleep(self.rng.uniform(0, 10))
            waiter.task.cancel()
        await asyncio.wait([waiter.task], timeout=waiter.timeout + 1)

    def is_troubled(self, begin: float, end: float) -> bool:
        """Return True if the server failed at some time within this span."""
        return any(each.begin <= end and begin <= each.end for each in self.episodes)

    def check_outcome(self, waiter: Waiter, *, most_late: float) -> str:
        """Return the type of a waiter's outcome; fail if it is wrong."""
        assert len(waiter.ends) == 1, f"{waiter} was lost, or woken twice"
        ((end, at),) = waiter.ends
        _, run_ends, _ = self.server.runs[waiter.run_id]
        deadline = waiter.joined_at + waiter.timeout
        assert at <= deadline + GRACE, waiter
        is_gone = self.gone.get(waiter.run_id, NEVER) <= at
        match end:
            case asyncio.CancelledError():
                pass
            case RunTimeoutError():
                assert at >= deadline, waiter
                assert run_ends > deadline - GRACE or self.is_troubled(run_ends, at) or is_gone, waiter
            case AuthenticationError():
                assert any(abs(at - refused) < LATENCY for refused in self.refusals), waiter
            case NotFoundError():
                assert is_gone, waiter
            case ServerError() | ConnectionFailedError() | RequestTimeoutError():
                assert self.is_troubled(at - GIVEN_UP, at), waiter
            case AxError():
                raise AssertionError(waiter)
            case _:
                assert at >= run_ends, waiter
                could_be_told = max(run_ends, waiter.joined_at)
                assert at <= could_be_told + most_late or self.is_troubled(could_be_told - GIVEN_UP, at), waiter
        return type(end).__name__


async def run_waiters(seed: int, poll_interval: float | None) -> Counter[str]:
    """Run all waiters and count their outcomes by type; fail if one is wrong."""
    play = Play(seed)
    async with (
        async_client_over(play.server.recorder, clock=play.loop.clock) as ax,
        ax.tasks.watch(poll_interval=poll_interval) as watch,
    ):
        await asyncio.gather(*(play.simulate(watch) for _ in range(WAITERS)))
        assert repr(watch) == "<RunWatch of 0 runs>"
        before = len(play.refusals), play.now
        await asyncio.sleep(100)
        assert (len(play.refusals), play.now) == (before[0], before[1] + 100)
    assert play.unasked == []
    for refused in play.refusals:
        # Whoever waited then was told then.
        present = [w for w in play.waiters if w.joined_at < refused - LATENCY and w.left_at > refused + LATENCY]
        assert present == []
    most_late = LONGEST_SECONDS if poll_interval is None else poll_interval
    return Counter(play.check_outcome(waiter, most_late=most_late + GRACE) for waiter in play.waiters)


@pytest.mark.parametrize("poll_interval", [2.0, None], ids=["every-2-seconds", "adaptive"])
def test_no_waiter_is_lost_or_told_twice(poll_interval: float | None) -> None:
    ends: Counter[str] = Counter()
    for seed in range(8):
        try:
            ends += played(run_waiters(seed, poll_interval))
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise

    assert {"TaskRun", "CancelledError", "RunTimeoutError", "AuthenticationError", "NotFoundError"} <= ends.keys()
