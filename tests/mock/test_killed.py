"""A served mock that is killed while it writes: what was acknowledged is there afterwards, and nothing half-written."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import default_world as known

from tests.mock.support import PROJECT_TASK, TASKS, run_path, task_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mock.support import Json

pytestmark = pytest.mark.one_door

COMMAND = [sys.executable, "-c", "from axtasks.mock.cli import group; group()", "serve", "--port", "0", "--frozen"]
CLOCK = ["--clock-start", "2026-03-10T15:00:00Z", "--run-seconds", "1000000"]
THREADS = 4
STORIES = 1000
"""More than any round gets to."""
WINDOW = {"data_start_time": "2026-03-09T00:00:00Z"}


@contextmanager
def served(state: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Where a mock listens that keeps its state in a file, and its process."""
    command = [*COMMAND, *CLOCK, "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"Listening on (\S+)\n", line)
            assert found, line + process.communicate(timeout=20)[1]
            yield found[1], process
        finally:
            process.kill()
            process.communicate(timeout=20)


def send(url: str, method: str, path: str, body: Json = None) -> Json:
    """The answer to a request; an `OSError` or `HTTPException` when there is none."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer key", "Content-Type": "application/json"}
    request = Request(url + path, data=data, method=method, headers=headers)  # noqa: S310  # loopback
    with urlopen(request, timeout=20) as answer:  # noqa: S310  # loopback
        content = answer.read()
    return json.loads(content) if content else None


def acknowledged(answer: Json, done: threading.Semaphore) -> Json:
    """The answer, counted."""
    done.release()
    return answer


@dataclass
class Writer:
    """What one thread wrote: the last acknowledged form of each thing, and the one write it got no answer to."""

    name: str
    tasks: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    doubtful: str | None = None

    def write(self, url: str, done: threading.Semaphore) -> None:
        """Create, change, trigger and delete tasks until there is nobody to answer."""
        try:
            for number in range(STORIES):
                self._story(url, number, done)
        except (OSError, HTTPException):
            return

    def _story(self, url: str, number: int, done: threading.Semaphore) -> None:
        self.doubtful = None
        task = acknowledged(send(url, "POST", TASKS, {**PROJECT_TASK, "name": f"{self.name}-{number}"}), done)
        identifier: str = task["id"]
        self.tasks[identifier] = task
        self.doubtful = identifier
        change = {"sampling_rate": round(number % 10 / 10, 1), "query_filter": f"n = {number}"}
        self.tasks[identifier] = acknowledged(send(url, "PATCH", task_path(identifier), change), done)
        if number % 3 == 0:
            run = acknowledged(send(url, "POST", task_path(identifier, "trigger"), WINDOW), done)
            self.runs[run["id"]] = run
            self.tasks[identifier] = {**self.tasks[identifier], "last_run_at": run["created_at"]}
        if number % 4 == 3:
            acknowledged(send(url, "DELETE", task_path(identifier)), done)
            del self.tasks[identifier]
            self.gone.add(identifier)
            self.runs = {key: run for key, run in self.runs.items() if run["task_id"] != identifier}


def all_tasks(url: str) -> dict[str, Json]:
    """Every task of the writers, page by page."""
    found: dict[str, Json] = {}
    cursor = ""
    while True:
        page = send(url, "GET", f"{TASKS}?limit=100&project_id={quote(known.CHAT_PROD, safe='')}{cursor}")
        found.update({task["id"]: task for task in page["tasks"]})
        if not page["pagination"]["has_more"]:
            return found
        cursor = f"&cursor={quote(page['pagination']['next_cursor'], safe='')}"


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 13))], ids="round {}".format
)
def test_nothing_acknowledged_is_lost(tmp_path: Path, seed: int) -> None:
    """A mock that is killed amid a thousand writes has kept all it acknowledged, and each thing as a whole."""
    state = tmp_path / "mock.state"
    writers = [Writer(f"writer {number}") for number in range(THREADS)]
    done = threading.Semaphore(0)
    with served(state) as (url, process), ThreadPoolExecutor(THREADS) as pool:
        for writer in writers:
            pool.submit(writer.write, url, done)
        for _ in range(random.Random(seed).randint(20, 500)):  # noqa: S311  # any moment will do
            assert done.acquire(timeout=20)
        process.kill()

    with served(state) as (url, _):
        tasks = all_tasks(url)
        for writer in writers:
            for identifier, task in writer.tasks.items():
                if identifier != writer.doubtful:
                    assert tasks[identifier] == task
            for identifier, run in writer.runs.items():
                if run["task_id"] != writer.doubtful:
                    assert send(url, "GET", run_path(identifier)) == run
            assert not writer.gone & set(tasks)
        shape = set(send(url, "GET", task_path(known.CHAT_QUALITY)))
        assert all(set(task) == shape for task in tasks.values())
        unanswered = len(tasks) - 1 - sum(len(writer.tasks) for writer in writers)
        assert -THREADS <= unanswered <= THREADS
        assert send(url, "POST", TASKS, {**PROJECT_TASK, "name": "afterwards"})["id"] not in tasks
