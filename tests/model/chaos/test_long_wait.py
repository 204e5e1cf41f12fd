"""A wait of half a day in virtual time, with a fault every other minute."""

from __future__ import annotations

import gc
import math
import tracemalloc
from dataclasses import dataclass, field
from itertools import cycle

import httpx
import pytest
from axtasks import Clock
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockTransport

from tests.model.chaos.client_adapters import ADAPTERS, BlockingAdapter, ClientAdapter

WAIT_SECONDS = 12 * 60 * 60
TROUBLE_SECONDS = 2 * 60
INTERVAL_SECONDS = 60.0
# The run ends between two polls, neither of which fails.
RUN_SECONDS = WAIT_SECONDS - 90.0
WARM_UP_SECONDS = 60 * 60
FAULTS = (
    "status:500",
    "status:502",
    "status:503",
    "status:503 retry_after=7",
    "status:504",
    "status:408",
    "status:429",
    "status:429 retry_after=2",
    "html-502",
    "reset",
    "accept-then-drop",
    "truncate",
    "empty",
    "garbage",
)
# The most memory that may be added after the first hour: the interpreter keeps some spare tuples. Keeping all errors
# would need twice as much.
MOST_BYTES = 128 * 1024


@dataclass
class LongWait:
    """A mock and a client's clock with the same virtual time. Every other minute a request fails."""

    mock: Mock = field(default_factory=lambda: Mock(run_seconds=RUN_SECONDS, clock=MockClock(frozen=True)))
    passed: float = 0.0
    struck: int = 0
    bytes_after: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._faults = cycle(FAULTS)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        before = self.passed // TROUBLE_SECONDS
        self.passed += seconds
        self.mock.clock.advance(seconds)
        if self.passed // TROUBLE_SECONDS > before:
            self.add_fault()
        if "an hour" not in self.bytes_after and self.passed >= WARM_UP_SECONDS:
            self.record_memory("an hour")

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)

    def add_fault(self) -> None:
        """Add a fault for the next poll, and forget earlier faults and exchanges."""
        self.struck += sum(armed.hits for armed in self.mock.faults.list())
        self.mock.faults.clear()
        self.mock.journal.clear()
        self.mock.faults.add(f"times=1, operation=get_task_run, fault={next(self._faults)}")

    def record_memory(self, when: str) -> None:
        """Record the memory in use, without the mock's."""
        gc.collect()
        kept = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(inclusive=False, filename_pattern=pattern) for pattern in ("*/mock/*", __file__)]
        )
        self.bytes_after[when] = sum(trace.size for trace in kept.traces)


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)
def test_a_wait_of_half_a_day_with_faults(adapter: type[ClientAdapter]) -> None:
    """The wait ends with the run, after one poll per interval, and its memory does not grow."""
    wait = LongWait()
    transport = MockTransport(wait.mock)
    http = (httpx.Client if adapter is BlockingAdapter else httpx.AsyncClient)(transport=transport)
    clock = Clock(monotonic=lambda: wait.passed, sleep=wait.sleep, sleep_async=wait.sleep_async)
    with adapter(api_key="any", space="demo", base_url="http://127.0.0.1", http_client=http, clock=clock) as client:
        run = client.ask(lambda it: it.tasks.trigger_run("Golden Set Review"))
        before = wait.mock.journal.last_number
        tracemalloc.start()
        ended = client.ask(
            lambda it: it.tasks.wait_for_run(run.id, poll_interval=INTERVAL_SECONDS, timeout=2 * WAIT_SECONDS)
        )
        wait.record_memory("the end")
        tracemalloc.stop()

    wait.add_fault()
    polls = math.ceil(RUN_SECONDS / INTERVAL_SECONDS)
    assert (ended.id, ended.status) == (run.id, "completed")
    assert wait.passed == polls * INTERVAL_SECONDS
    assert wait.mock.journal.last_number - before == polls + 1
    assert wait.struck == wait.passed // TROUBLE_SECONDS
    assert wait.bytes_after["the end"] - wait.bytes_after["an hour"] < MOST_BYTES
