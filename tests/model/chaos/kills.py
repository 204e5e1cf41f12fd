"""Kills a served mock again and again while clients write, and prints the outcomes of the writes.

`python -m tests.model.chaos.kills`: 500 writes of all kinds by 8 clients, each to a task of its own. The mock responds
late, so that each kill meets writes that were carried out without a response. It keeps its state, and restarts after
some seconds. In real time, about two minutes.
"""

from __future__ import annotations

import argparse
import queue
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from axtasks import AmbiguousOutcomeError, AxClient, AxError
from axtasks.mock import default_world as known

from tests.model.chaos.cases import WINDOW
from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.tables import Columns, print_line, print_row, print_titles
from tests.model.chaos.writes import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
SERVE = [sys.executable, "-c", "from axtasks.mock.cli.serve import group; group()", "serve", "--run-seconds", "100000"]
CLIENTS = 8
TIMEOUT_SECONDS = 20.0
EVERY_SECONDS = 10.0
DOWN_SECONDS = (2.0, 5.0)
LATENCY_SECONDS = 1.2
MOST_DOUBT = 0.05
DONE, FAILED, IN_DOUBT = "done", "failed", "in doubt"
COLUMNS: Columns = (
    ("write", 20),
    *((title, len(title) + 3) for title in ("writes", DONE, FAILED, IN_DOUBT, "lost", "doubled", "denied", "longest")),
)


@dataclass(frozen=True)
class WriteKind:
    """A kind of write.

    Attributes:
        prepare: creates what the write needs, and returns its id.
        call: makes the write, given the id and a unique name.
        effects: returns how often the write was carried out, from the state of the mock.
    """

    prepare: Callable[[Any, str], str]
    call: Callable[[Any, str, str], Any]
    effects: Callable[[Json, str, str], int]


def _evaluation(client: Any, name: str) -> Any:
    return client.tasks.create_evaluation_task(
        name, task_type="template_evaluation", evaluators=[known.RELEVANCE], project=known.CHAT_PROD
    )


def _experiment(client: Any, name: str) -> Any:
    return client.tasks.create_run_experiment_task(name, dataset=known.GOLDEN_SET, run_configuration=CONFIGURATION)


def _runs(state: Json, task_id: str, _: str) -> int:
    return sum(run["task_id"] == task_id for run in state["task_runs"])


KINDS = {
    "create": WriteKind(
        lambda _, name: name,
        lambda client, _, name: _evaluation(client, name),
        lambda state, _, name: sum(task["name"] == name for task in state["tasks"]),
    ),
    "update": WriteKind(
        lambda client, name: _evaluation(client, name).id,
        lambda client, task_id, _: client.tasks.update(task_id, query_filter="a = 1"),
        lambda state, task_id, _: sum(t["id"] == task_id and t["query_filter"] == "a = 1" for t in state["tasks"]),
    ),
    "delete": WriteKind(
        lambda client, name: _evaluation(client, name).id,
        lambda client, task_id, _: client.tasks.delete(task_id),
        lambda state, task_id, _: int(all(task["id"] != task_id for task in state["tasks"])),
    ),
    "trigger": WriteKind(
        lambda client, name: _evaluation(client, name).id,
        lambda client, task_id, _: client.tasks.trigger_run(task_id, **WINDOW),
        _runs,
    ),
    "trigger experiment": WriteKind(
        lambda client, name: _experiment(client, name).id,
        lambda client, task_id, name: client.tasks.trigger_run(task_id, experiment_name=name),
        _runs,
    ),
    "cancel": WriteKind(
        lambda client, name: client.tasks.trigger_run(_evaluation(client, name).id, **WINDOW).id,
        lambda client, run_id, _: client.tasks.cancel_run(run_id),
        lambda state, run_id, _: sum(r["id"] == run_id and r["status"] == "cancelled" for r in state["task_runs"]),
    ),
}


@dataclass(frozen=True)
class WriteOutcome:
    """The outcome of a write for the client, with the data to find its effects."""

    kind: str
    reported: str
    error: AxError | None
    seconds: float
    target: str
    name: str

    def defect(self, state: Json) -> str | None:
        """Return the defect: lost, doubled, or denied for a reported failure that was carried out; None without one."""
        effects = KINDS[self.kind].effects(state, self.target, self.name)
        if effects > 1:
            return "doubled"
        if effects == 0:
            return "lost" if self.reported == DONE else None
        return "denied" if self.reported == FAILED else None


class Backend:
    """A mock in a process of its own, with a state file and a fixed port."""

    def __init__(self, state: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._state = state
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The URL of the mock."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, latency: float = 0.0) -> None:
        """Start the mock, and wait until it listens."""
        command = [*SERVE, "--port", str(self.port), "--state", str(self._state), "--latency", str(latency)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert re.fullmatch(r"Listening on \S+\n", line), line

    def kill(self) -> None:
        """Kill the mock."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=20)

    def state(self) -> Json:
        """Return the whole state of the mock."""
        shown: Json = httpx.get(f"{self.url}/__mock/world", timeout=60).raise_for_status().json()
        return shown


def kill_repeatedly(backend: Backend, rng: random.Random, ended: threading.Event) -> int:
    """Kill the backend at intervals and start it again, until the writes have ended; return the number of kills."""
    kills = 0
    at = time.monotonic() + EVERY_SECONDS
    while not ended.wait(max(0.0, at - time.monotonic())):
        at += EVERY_SECONDS
        kills += 1
        backend.kill()
        ended.wait(rng.uniform(*DOWN_SECONDS))
        backend.start(latency=LATENCY_SECONDS)
    return kills


def write_all(client: str, url: str, writes: queue.SimpleQueue[tuple[str, str, str]]) -> Iterator[WriteOutcome]:
    """Make writes until none is left, each once."""
    with ADAPTERS[client](api_key="any", base_url=url, timeout=TIMEOUT_SECONDS, contract="documents") as adapter:
        while not writes.empty():
            try:
                kind, target, name = writes.get_nowait()
            except queue.Empty:
                return
            reported, raised, started_at = DONE, None, time.monotonic()
            try:
                adapter.ask(lambda it: KINDS[kind].call(it, target, name))  # noqa: B023  # called at once
            except AxError as error:
                reported, raised = IN_DOUBT if isinstance(error, AmbiguousOutcomeError) else FAILED, error
            yield WriteOutcome(kind, reported, raised, time.monotonic() - started_at, target, name)


def run_writes(client: str, writes: int, seed: int) -> tuple[list[WriteOutcome], Json, int]:
    """Run the writes; return their outcomes, the final state of the mock, and the number of kills."""
    rng = random.Random(seed)  # noqa: S311  # repeatable chance is what is wanted, not secrecy
    with tempfile.TemporaryDirectory() as folder:
        backend = Backend(Path(folder) / "mock.state")
        todo: queue.SimpleQueue[tuple[str, str, str]] = queue.SimpleQueue()
        try:
            backend.start()
            with AxClient(api_key="any", base_url=backend.url, contract="documents") as ax:
                for number in range(writes):
                    kind, name = list(KINDS)[number % len(KINDS)], f"killed {number}"
                    todo.put((kind, KINDS[kind].prepare(ax, name), name))
            backend.kill()
            backend.start(latency=LATENCY_SECONDS)
            ended = threading.Event()
            with ThreadPoolExecutor(CLIENTS + 1) as pool:
                killing = pool.submit(kill_repeatedly, backend, rng, ended)
                writing = [pool.submit(lambda: list(write_all(client, backend.url, todo))) for _ in range(CLIENTS)]
                try:
                    outcomes = [outcome for writer in writing for outcome in writer.result()]
                finally:
                    ended.set()
                # A kill may be in progress; it ends with a restart.
                kills = killing.result()
                return outcomes, backend.state(), kills
        finally:
            backend.kill()


def main() -> int:
    """Run, and print a line for each kind of write; return 1 if one was lost or doubled, or too many are in doubt."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.model.chaos.kills", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--writes", type=int, default=500, help="the number of writes")
    parser.add_argument("--client", choices=ADAPTERS, default="blocking", help="the client that writes")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the downtimes")
    options = parser.parse_args()
    outcomes, state, kills = run_writes(options.client, options.writes, options.seed)
    print_titles(COLUMNS)
    for name in (*KINDS, "all"):
        chosen = [outcome for outcome in outcomes if name in {outcome.kind, "all"}]
        reported = Counter(outcome.reported for outcome in chosen)
        defects = Counter(outcome.defect(state) for outcome in chosen)
        longest = max((outcome.seconds for outcome in chosen), default=0)
        figures = [
            reported[DONE],
            reported[FAILED],
            reported[IN_DOUBT],
            defects["lost"],
            defects["doubled"],
            defects["denied"],
        ]
        print_row([name, len(chosen), *figures, f"{longest:.1f} s"], COLUMNS)
    doubt = sum(outcome.reported == IN_DOUBT for outcome in outcomes) / max(1, len(outcomes))
    print_line(f"\n{kills} kills; in doubt: {doubt:.1%}, at most {MOST_DOUBT:.0%}")
    reasons = Counter(
        f"{outcome.kind}: {getattr(outcome.error, 'reason', type(outcome.error).__name__)}"[:110]
        for outcome in outcomes
        if outcome.error is not None
    )
    for reason, number in reasons.most_common():
        print_line(f"  {number} {reason}")
    is_good = not any(outcome.defect(state) for outcome in outcomes) and doubt <= MOST_DOUBT
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
