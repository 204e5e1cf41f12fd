"""Kills processes between the trigger of a run and its result, and repeats the call.

`python -m tests.model.chaos.crashes` (`make crashes`) kills at 200 points of each case: calls and returns of functions
from just before the trigger is sent to the end of the call.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

import httpx
from axtasks import AxClient
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockServer
from axtasks.mock import default_world as known

from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.tables import Columns, print_defects, print_row, print_titles
from tests.model.chaos.verdict import DOUBLED, LOST
from tests.model.chaos.writes import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockRequest, MockResponse

Json = dict[str, Any]
Contract = Literal["documents", "beta"]
START = datetime(2026, 3, 10, 9, tzinfo=UTC)
RUN_SECONDS = 60.0
# More than the tolerated clock skew, so that runs of earlier points do not count.
BETWEEN_POINTS = timedelta(minutes=20)
OFF = timedelta(minutes=4)
NOW = timedelta()
POINTS = 200
CONTRACTS: tuple[Contract, ...] = ("documents", "beta")
ENVIRONMENT = os.environ | {"ARIZE_TASKS_NO_ALPHA_WARNING": "1"}
DROPPED = "operation=trigger_task_run, accept-then-drop, times=1"


@dataclass(frozen=True)
class CrashCase:
    """A way to request one run.

    Attributes:
        key: the key of the run: a window, an experiment name or `since`.
        since: the lead of the client's clock, which gives `since`, over the server's; None for no `since`.
        fault: a fault that strikes the trigger.
        date: the lead of the clock of the `Date` header over the clock of creation times.
        rounds: True if the server rounds ends to whole seconds.
        method: the method; `trigger_run` triggers again the second time.
    """

    key: str = "window"
    since: timedelta | None = None
    fault: str = ""
    date: timedelta = NOW
    rounds: bool = False
    method: str = "ensure_run"


CASES = {
    "window": CrashCase(),
    "window, response dropped": CrashCase(fault=DROPPED),
    "window, ends rounded": CrashCase(rounds=True),
    "window, ends rounded, response dropped": CrashCase(rounds=True, fault=DROPPED),
    "window, client ahead, response dropped": CrashCase(since=OFF, fault=DROPPED),
    "window, client behind, response dropped": CrashCase(since=-OFF, fault=DROPPED),
    "window, dates ahead, response dropped": CrashCase(date=OFF, since=NOW, fault=DROPPED),
    "window, dates behind, response dropped": CrashCase(date=-OFF, since=NOW, fault=DROPPED),
    "experiment": CrashCase("experiment"),
    "experiment, response dropped": CrashCase("experiment", fault=DROPPED),
    "experiment, dates behind, response dropped": CrashCase("experiment", date=-OFF, fault=DROPPED),
    "dataset": CrashCase("since", since=NOW),
    "dataset, client ahead, response dropped": CrashCase("since", since=OFF, fault=DROPPED),
}
COLUMNS: Columns = (
    ("case", 42),
    *((title, len(title) + 3) for title in ("points", "acted", "triggered", "adopted", "done", "lost", "doubled")),
)


class SkewedMock(Mock):
    """A mock with another clock for `Date` than for creation times, and that may round ends to whole seconds."""

    def __init__(self, case: CrashCase, contract: Contract) -> None:
        super().__init__(contract=contract, clock=MockClock(START, frozen=True), run_seconds=RUN_SECONDS)
        self._case = case

    def handle(self, request: MockRequest) -> MockResponse:
        """Return the response, changed as the case says."""
        response = super().handle(request)
        date = format_datetime(self.clock.now() + self._case.date, usegmt=True)
        headers = tuple((name, date if name == "Date" else value) for name, value in response.headers)
        return replace(response, headers=headers, body=self._rounded(response.body))

    def _rounded(self, body: bytes) -> bytes:
        if not self._case.rounds or b"data_end_time" not in body:
            return body
        document = json.loads(body)
        for run in document.get("task_runs", [document]):
            for name in ("data_start_time", "data_end_time"):
                if run.get(name) is not None:
                    run[name] = datetime.fromisoformat(run[name]).replace(microsecond=0).isoformat()
        return json.dumps(document).encode()


@dataclass
class CrashCounts:
    """The results of the points of a case."""

    points: int = 0
    acted: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    defects: list[tuple[str, str]] = field(default_factory=list)


class Crasher:
    """The process that makes the calls."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.model.chaos.crasher"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        )

    def make(self, order: Json) -> Json | None:
        """Make a call, and return its result; None if it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        made: Json | None = json.loads(self._process.stdout.readline())
        return made

    def close(self) -> None:
        self._process.communicate(timeout=30)


@contextmanager
def crasher() -> Iterator[Crasher]:
    """Start the process that makes the calls, and end it after the `with` block."""
    program = Crasher()
    try:
        yield program
    finally:
        program.close()


class CaseRunner:
    """Runs a case against a mock.

    Args:
        case: the case.
        adapter: the client that makes the calls.
        contract: the contract of the mock.
        program: the process that makes the calls.
    """

    def __init__(self, case: CrashCase, adapter: str, contract: Contract, program: Crasher) -> None:
        self.case = case
        self._contract: Contract = contract
        self.mock = SkewedMock(case, contract)
        self.server = MockServer(self.mock)
        self._program = program
        self._call: Json = {"adapter": adapter, "contract": contract, "method": case.method}
        self._number = 0

    def __enter__(self) -> CaseRunner:
        self.server.__enter__()
        self._client = AxClient(api_key="any", base_url=self.server.url, contract=self._contract)
        self._call["url"] = self.server.url
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self.server.__exit__(None, None, None)

    def next_key(self) -> Json:
        """Return the arguments of a new run."""
        self.mock.clock.advance(BETWEEN_POINTS.total_seconds())
        self._number += 1
        # Each key has a task of its own, so that lists stay short, and points lie close to the trigger.
        self._call["task"] = self._create_task()
        arguments: Json = {}
        if self.case.key == "window":
            end = self.mock.clock.now() - timedelta(days=1, minutes=self._number, milliseconds=self._number % 1000)
            start = end - timedelta(days=1)
            arguments = {"data_start_time": start.isoformat(), "data_end_time": end.isoformat()}
        if self.case.key == "experiment":
            arguments["experiment_name"] = f"crash {self._number}"
        if self.case.since is not None:
            arguments["since"] = (self.mock.clock.now() + self.case.since).isoformat()
        return arguments

    def _create_task(self) -> str:
        name, tasks = f"Crashing {self._number}", self._client.tasks
        if self.case.key == "experiment":
            dataset = known.GOLDEN_SET
            return tasks.create_run_experiment_task(name, dataset=dataset, run_configuration=CONFIGURATION).id
        over: Json = {"project": known.CHAT_PROD}
        if self.case.key == "since":
            over = {"dataset": known.GOLDEN_SET, "experiment_ids": [known.BASELINE]}
        evaluators = [known.RELEVANCE]
        task = tasks.create_evaluation_task(name, task_type="template_evaluation", evaluators=evaluators, **over)
        return task.id

    def make(self, arguments: Json, *, kill_at: int | None = None) -> Json | None:
        """Make a call, and return its result; None if it was killed."""
        return self._program.make(self._call | {"arguments": arguments, "kill_at": kill_at})

    def runs(self) -> set[str]:
        """Return the ids of the runs of the task."""
        return {run.id for run in self.mock.world.task_runs.all() if run.task_id == self._call["task"]}

    def crash(self, kill_at: int, counts: CrashCounts) -> None:
        """Kill a call, repeat it, and record its defects."""
        arguments, before = self.next_key(), self.runs()
        self.mock.faults.clear()
        if self.case.fault:
            self.mock.faults.add(self.case.fault)
        killed = self.make(arguments, kill_at=kill_at)
        # The mock handles the requests of the killed process before this one.
        httpx.get(f"{self.server.url}/v2/spaces", headers={"Authorization": "Bearer any"})
        acted = self.runs() - before
        self.mock.faults.clear()
        # Half of the runs have ended by then; all have created their experiment.
        self.mock.clock.advance(RUN_SECONDS / (1 + kill_at % 2))
        again = self.make(arguments) or {}
        found = self.runs() - before
        counts.points += 1
        counts.acted += bool(acted)
        counts.outcomes[again.get("outcome", "")] += 1
        what = f"point {kill_at} ({killed}): {acted} and then {again} came to {found}"
        if len(found) > 1:
            counts.defects.append((DOUBLED, what))
        if {again.get("run")} != found or (acted and again.get("outcome") not in {"adopted", "done"}):
            counts.defects.append((LOST, what))


def crash(case: CrashCase, *, points: int, adapter: str, contract: Contract, program: Crasher) -> CrashCounts:
    """Run a case with so many points, spread over the whole call."""
    counts = CrashCounts()
    with CaseRunner(case, adapter, contract, program) as runner:
        for kill_at in (0, None):
            whole = runner.make(runner.next_key(), kill_at=kill_at)
            assert whole is not None
            events = int(whole["events"])
        for point in range(points):
            runner.crash(1 + (point * events) // points, counts)
    return counts


def main() -> int:
    """Run all cases, and print a line for each; return 1 if a run was lost or doubled."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.model.chaos.crashes", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--points", type=int, default=POINTS, help="the number of points at which each case is killed")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="the cases to run; all by default")
    options = parser.parse_args()
    defects: list[tuple[str, str]] = []
    print_titles(COLUMNS)
    with crasher() as program:
        for number, name in enumerate(options.cases or CASES):
            adapter, contract = list(ADAPTERS)[number % 2], CONTRACTS[number // 2 % 2]
            counts = crash(CASES[name], points=options.points, adapter=adapter, contract=contract, program=program)
            outcomes = [counts.outcomes[each] for each in ("triggered", "adopted", "done")]
            wrong = [sum(kind == each for kind, _ in counts.defects) for each in (LOST, DOUBLED)]
            print_row([name, counts.points, counts.acted, *outcomes, *wrong], COLUMNS)
            defects += counts.defects
    print_defects(defects)
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
