"""Backfills against a mock: killed and repeated, over many windows, and over windows whose runs were cut short.

`python -m tests.model.backfills` (`make backfills`) kills a year's backfill at 40 points, reads three years of hourly
windows, covers a year of 60 spans an hour, and prints the results. Processes are killed by SIGKILL, half of
them before a request is sent and half after the server has handled it. Time is virtual.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from axtasks import AxClient, Clock, RetryPolicy
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockServer, MockTransport
from axtasks.mock import default_world as known
from axtasks.mock.ids import IdKind
from axtasks.mock.simulation.workload import spans_until
from axtasks.mock.world.model import Counts

from tests.model.chaos.crashes import Contract, Crasher, crasher
from tests.model.chaos.tables import print_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks import WindowOutcome
    from axtasks.mock.world.model import Project, TaskRun

CONTRACTS: tuple[Contract, ...] = ("documents", "beta")
# The contract, the client, and the spans per hour.
KILLED: tuple[tuple[Contract, str, float], ...] = (
    ("documents", "blocking", 1),
    ("beta", "awaiting", 1),
    ("beta", "blocking", 0),
)
NOW = datetime(2026, 11, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 365
RUN_SECONDS = 60.0
CAP = 10_000
PROJECT = base64.b64encode(b"Model:777:long").decode()
POINTS = 40
# The base windows that somebody else triggered before, as one run with the default limit.
CUT_SHORT = (1, 2, 7)


class CountingTransport(httpx.BaseTransport):
    """A transport to a mock that counts requests.

    Args:
        mock: the mock.
    """

    def __init__(self, mock: Mock) -> None:
        self._door = MockTransport(mock)
        self.counts: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response."""
        request.read()
        self.counts[f"{request.method} {request.url.path.rsplit('/', 1)[-1]}"] += 1
        return self._door.handle_request(request)

    @property
    def triggers(self) -> int:
        """The number of triggers."""
        return self.counts["POST trigger"]

    @property
    def lists(self) -> int:
        """The number of lists of runs."""
        return self.counts["GET runs"]


@dataclass
class BackfillSetup:
    """A mock with a project, of a number of spans per hour, and an evaluation task; time passes only by waits."""

    contract: Contract = "documents"
    spans_per_hour: float = 1.0
    mock: Mock = field(init=False)
    project: Project = field(init=False)
    task: str = field(init=False)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.mock = Mock(clock=MockClock(NOW, frozen=True), run_seconds=RUN_SECONDS, contract=self.contract)
        pattern = self.mock.world.projects[known.CHAT_PROD]
        self.project = replace(pattern, id=PROJECT, name="long", spans_per_hour=self.spans_per_hour)
        self.mock.world.add(self.project)
        with self.client(CountingTransport(self.mock)) as ax:
            self.task = ax.tasks.create_evaluation_task(
                "Long", task_type="template_evaluation", evaluators=[known.RELEVANCE], project=PROJECT
            ).id

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.mock.clock.advance(seconds)

    def client(self, transport: CountingTransport) -> AxClient:
        """Return a client."""
        return AxClient(
            api_key="any",
            contract=self.contract,
            clock=Clock(monotonic=lambda: self.now, sleep=self.sleep),
            retry=RetryPolicy(attempts=1),
            http_client=httpx.Client(transport=transport),
        )

    def backfill(self, transport: CountingTransport, **arguments: Any) -> list[WindowOutcome]:
        """Return all outcomes of a backfill by a new client."""
        return list(self.client(transport).tasks.backfill(self.task, **arguments))

    def runs(self) -> list[TaskRun]:
        """Return the runs of the task."""
        return [run for run in self.mock.world.task_runs.all() if run.task_id == self.task]


def counting(runs: list[TaskRun]) -> Counter[tuple[datetime | None, datetime | None]]:
    """Count the runs of each window."""
    return Counter((run.data_start_time, run.data_end_time) for run in runs)


@dataclass
class KillResult:
    """The result of a backfill that was killed and repeated.

    Attributes:
        doubled: the number of windows with more than one run.
        triggered_last: the number of triggers of the last repetition.
        requests_last: the number of its requests.
        outcomes: the outcomes of its windows.
    """

    doubled: int
    triggered_last: int
    requests_last: int
    outcomes: Counter[str]


class KilledBackfill:
    """A backfill against a served mock, whose process is killed.

    Args:
        program: starts the processes.
        contract: the contract of the mock.
        adapter: the client that makes the backfill.
        spans_per_hour: the spans of the project per hour.
        days: the length of the backfilled time.

    Attributes:
        requests: the number of requests of a backfill that is not killed.
    """

    def __init__(
        self, program: Crasher, *, contract: Contract, adapter: str, spans_per_hour: float, days: int = DAYS
    ) -> None:
        self._program = program
        self._contract: Contract = contract
        self._face = adapter
        self._spans_per_hour = spans_per_hour
        self._days = days
        with self._served() as (_, call):
            self.requests = int(self._make(call, kill_at=0)["requests"])

    def __str__(self) -> str:
        return f"{self._contract}, {self._face}, {self._spans_per_hour} spans an hour"

    @contextmanager
    def _served(self) -> Iterator[tuple[BackfillSetup, dict[str, Any]]]:
        setup = BackfillSetup(self._contract, self._spans_per_hour)
        end = NOW - DAY
        arguments = {"start": (end - self._days * DAY).isoformat(), "end": end.isoformat()}
        with MockServer(setup.mock) as server:
            yield setup, {"url": server.url, "task": setup.task, "arguments": arguments}

    def _make(self, call: dict[str, Any], *, kill_at: int | None = None, is_handled: bool = False) -> dict[str, Any]:
        order = {"method": "backfill", "adapter": self._face, "contract": self._contract, "is_handled": is_handled}
        return self._program.make({**order, **call, "kill_at": kill_at}) or {}

    def kill_and_repeat(self, kill_at: int, *, is_handled: bool) -> KillResult:
        """Kill a backfill at a request, repeat it, and repeat it again when all is done.

        Args:
            kill_at: the number of the request, from 1.
            is_handled: True if the server handles that request before the process is killed.
        """
        with self._served() as (setup, call):
            killed = self._make(call, kill_at=kill_at, is_handled=is_handled)
            if killed:
                raise ValueError(f"there is no request {kill_at} to be killed at: {killed}")
            # Some of the runs have ended by then.
            setup.sleep(RUN_SECONDS / 2)
            self._make(call)
            last = self._make(call)
            doubled = sum(count > 1 for count in counting(setup.runs()).values())
        return KillResult(doubled, last["triggers"], last["requests"], Counter(last["outcomes"]))


@dataclass
class ReadResult:
    """The cost of reading the state of many windows.

    Attributes:
        lists: the number of lists of runs before the first trigger.
        megabytes: the memory taken for them.
        triggers: the number of windows that were missing.
    """

    lists: int
    megabytes: float
    triggers: int


def read_many(*, hours: int, missing: int, max_spans: int = 100) -> ReadResult:
    """Run a backfill of hourly windows that are all done but some."""
    setup = BackfillSetup()
    start = NOW - DAY - hours * HOUR
    # The first window is done, so that the state is read before anything is triggered.
    left = set(range(1, hours, hours // missing)[:missing])
    pattern = next(run for run in setup.mock.world.task_runs.all())
    setup.mock.clock.advance(hours * 10.0)
    for number in range(hours):
        if number not in left:
            at = NOW + timedelta(seconds=10 * number)
            _plant(setup, pattern, start + number * HOUR, start + (number + 1) * HOUR, at=at, items=1)
    arguments: dict[str, Any] = {"start": start, "end": start + hours * HOUR, "window": HOUR, "max_spans": max_spans}
    reading = CountingTransport(setup.mock)
    client = setup.client(reading)
    tracemalloc.start()
    loop = iter(client.tasks.backfill(setup.task, **arguments))
    next(loop)
    # The mock is in this process too, and caches responses.
    taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, "*/axtasks/mock/*")])
    tracemalloc.stop()
    megabytes = sum(each.size for each in taken.statistics("filename")) / 2**20
    whole = CountingTransport(setup.mock)
    setup.backfill(whole, **arguments)
    return ReadResult(reading.lists, megabytes, whole.triggers)


def _plant(setup: BackfillSetup, pattern: TaskRun, start: datetime, end: datetime, *, at: datetime, items: int) -> None:
    """Add a completed run over a window to the world."""
    run = replace(
        pattern,
        id=setup.mock._state.new_id(IdKind.TASK_RUN),
        task_id=setup.task,
        status="completed",
        data_start_time=start,
        data_end_time=end,
        created_at=at,
        run_started_at=at,
        run_finished_at=at + timedelta(seconds=RUN_SECONDS),
        counts=Counts(successes=items),
        failure_reason=None,
    )
    setup.mock.world.add(run)


@dataclass
class CoverResult:
    """The coverage of a year in which the runs of some windows had been cut short.

    Attributes:
        named: the windows that the backfill reported as cut short.
        planted: the windows that were cut short.
        spans: the number of spans of the year.
        covered: the number of spans in windows of runs below their limit.
        runs: the number of triggered runs.
        fewest: the fewest runs that could cover all spans.
    """

    named: set[datetime]
    planted: set[datetime]
    spans: int
    covered: int
    runs: int
    fewest: int


def cover(contract: Contract, *, days: int = 365, spans_per_hour: float = 60.0, split: bool = True) -> CoverResult:
    """Run a backfill of so many days in which some windows have runs that were cut short."""
    setup = BackfillSetup(contract, spans_per_hour)
    begin, end = NOW - (days + 1) * DAY, NOW - DAY
    planted = {begin + 30 * DAY * number for number in CUT_SHORT if (number + 1) * 30 <= days}
    with setup.client(CountingTransport(setup.mock)) as ax:
        for start in sorted(planted):
            ax.tasks.trigger_run(setup.task, data_start_time=start, data_end_time=start + 30 * DAY)
    setup.sleep(RUN_SECONDS)
    transport = CountingTransport(setup.mock)
    outcomes = setup.backfill(transport, start=begin, end=end, split=split)
    named = {
        each.start for each in outcomes if each.outcome in {"split", "cut_short"} and each.end - each.start == 30 * DAY
    }
    hours: set[tuple[datetime, datetime]] = set()
    for run in setup.runs():
        counted = run.counts.successes + run.counts.errors + run.counts.skipped
        if counted < CAP and run.data_start_time is not None and run.data_end_time is not None:
            hours.add((run.data_start_time, run.data_end_time))
    spans = spans_until(setup.project, end) - spans_until(setup.project, begin)
    return CoverResult(named, planted, spans, _union(setup, hours, begin), transport.triggers, -(-spans // CAP))


def _union(setup: BackfillSetup, windows: set[tuple[datetime, datetime]], reached: datetime) -> int:
    """Count the spans in the union of the windows."""
    covered = 0
    for start, end in sorted(windows):
        if end > reached:
            covered += spans_until(setup.project, end) - spans_until(setup.project, max(start, reached))
            reached = end
    return covered


def _tell_killed(killed_backfill: KilledBackfill, points: int) -> bool:
    """Kill at so many points, and print the results; return True if one is wrong."""
    total = killed_backfill.requests
    results = [
        killed_backfill.kill_and_repeat(1 + point * total // points, is_handled=bool(point % 2))
        for point in range(points)
    ]
    worst = [max(getattr(r, name) for r in results) for name in ("doubled", "triggered_last", "requests_last")]
    print_line(
        f"killed at {len(results)} points of {total} requests, {killed_backfill}: at most {worst[0]} windows doubled,"
        f" the last repetition triggers {worst[1]} and makes {worst[2]} requests: {dict(results[-1].outcomes)}"
    )
    return bool(worst[0] > 0 or worst[1] > 0 or worst[2] > 5)


def main() -> int:
    """Run everything, and print the results; return 1 if one is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.model.backfills", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--points", type=int, default=POINTS, help="the number of requests at which the backfill is killed"
    )
    parser.add_argument("--hours", type=int, default=3 * 365 * 24, help="the number of hourly windows to read")
    options = parser.parse_args()
    wrong = 0
    with crasher() as program:
        for contract, adapter, spans in KILLED:
            wrong += _tell_killed(
                KilledBackfill(program, contract=contract, adapter=adapter, spans_per_hour=spans), options.points
            )
    reading = read_many(hours=options.hours, missing=50)
    took = f"{reading.lists} lists, {reading.megabytes:.1f} MB, {reading.triggers} triggers"
    print_line(f"{options.hours} windows of an hour: {took}")
    wrong += reading.triggers != 50 or reading.megabytes > 30 or reading.lists > options.hours / 100 + 7
    for contract in CONTRACTS:
        found = cover(contract)
        share = found.runs / found.fewest
        print_line(
            f"cut short, {contract}: {len(found.named & found.planted)} of {len(found.planted)} named,"
            f" {len(found.named - found.planted)} falsely; {found.covered} of {found.spans} spans covered by runs below"
            f" the limit; {found.runs} runs, {share:.2f} times the fewest"
        )
        wrong += found.named != found.planted or found.covered != found.spans or share > 2
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
