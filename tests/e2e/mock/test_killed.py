"""A served mock that is killed while it writes keeps every acknowledged write, and none in part."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.mock.processes import COMMAND
from tests.mock.support import PROJECT_TASK, TASKS, task_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mock.support import Json

pytestmark = [pytest.mark.one_door, pytest.mark.programs]

CLOCK = ["--frozen", "--clock-start", "2026-03-10T15:00:00Z", "--run-seconds", "1000000"]
WRITERS = 4
WINDOW = {"data_start_time": "2026-03-09T00:00:00Z"}
OF_THE_SERVER = {"id", "created_at", "updated_at"}


@contextmanager
def served(state: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve a mock with a state file, and yield its address and its process."""
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
    """Return the JSON of a response.

    Raises:
        AssertionError: the server refused the request.
        OSError, HTTPException: there is no response.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer key", "Content-Type": "application/json"}
    request = Request(url + path, data=data, method=method, headers=headers)  # noqa: S310  # loopback
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310  # loopback
            content = answer.read()
    except HTTPError as refusal:
        with refusal:
            raise AssertionError(refusal.read()) from refusal
    return json.loads(content) if content else None


Version = tuple[dict[str, object] | None, int]
"""A task, or None if it does not exist, and the number of its runs."""


def version(task: Json, runs: int) -> Version:
    """Return the predictable fields of a task, and the number of its runs."""
    foretold = {name: value for name, value in task.items() if name not in OF_THE_SERVER}
    return {**foretold, "last_run_at": task["last_run_at"] is not None}, runs


@dataclass
class Writer:
    """The writes of one thread.

    Attributes:
        name: the prefix of its tasks' names.
        url: the address of the mock.
        fresh: a new task, as the server returns it.
        done: a semaphore that counts the acknowledged writes of all threads.
        tasks: the last acknowledged state of each task, by name.
        runs: the acknowledged runs of those tasks, by id.
        gone: the names of tasks whose deletion was acknowledged.
        doubtful: the name of the task whose write has no response yet.
        versions: the possible states of that task: before and after the write.
    """

    name: str
    url: str
    fresh: Json
    done: threading.Semaphore
    tasks: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    doubtful: str | None = None
    versions: tuple[Version, ...] = ()

    def write(self) -> None:
        """Create, change, trigger and delete tasks until the server is gone."""
        with suppress(OSError, HTTPException):
            for number in count():
                self._write_task(f"{self.name}-{number}", number)

    def _write_task(self, name: str, number: int) -> None:
        created = (version({**self.fresh, "name": name}, 0), (None, 0))
        self.tasks[name] = task = self._acknowledged(name, created, "POST", TASKS, {**PROJECT_TASK, "name": name})
        path = task_path(task["id"])

        change = {"sampling_rate": round(number % 10 / 10, 1), "query_filter": f"n = {number}"}
        changed = (version(task, 0), version({**task, **change}, 0))
        self.tasks[name] = task = self._acknowledged(name, changed, "PATCH", path, change)

        if number % 3 == 0:
            triggered = (version(task, 0), version({**task, "last_run_at": "now"}, 1))
            run = self._acknowledged(name, triggered, "POST", f"{path}/trigger", WINDOW)
            self.runs[run["id"]] = run
            self.tasks[name] = task = {**task, "last_run_at": run["created_at"]}
        if number % 4 == 3:
            runs = {key: run for key, run in self.runs.items() if run["task_id"] == task["id"]}
            self._acknowledged(name, (version(task, len(runs)), (None, 0)), "DELETE", path)
            del self.tasks[name]
            self.gone.add(name)
            self.runs = {key: run for key, run in self.runs.items() if key not in runs}

    def _acknowledged(
        self, name: str, versions: tuple[Version, ...], method: str, path: str, body: Json = None
    ) -> Json:
        """Send a write and return the response; until it is there, both states are possible."""
        self.doubtful, self.versions = name, versions
        answer = send(self.url, method, path, body)
        self.doubtful = None
        self.done.release()
        return answer


def check(writer: Writer, tasks: dict[str, Json], runs: list[Json]) -> None:
    """Fail unless acknowledged writes are kept, and the last one is kept as a whole or not at all."""
    certain = {name: task for name, task in writer.tasks.items() if name != writer.doubtful}
    assert {name: tasks.get(name) for name in certain} == certain
    assert not writer.gone & set(tasks)
    found = {run["id"]: run for run in runs}
    ids = {task["id"] for task in certain.values()}
    sure = {key: run for key, run in writer.runs.items() if run["task_id"] in ids}
    assert {key: found.get(key) for key in sure} == sure
    assert sum(run["task_id"] in ids for run in runs) == len(sure)
    of_writer = {name for name in tasks if name.startswith(f"{writer.name}-")}
    assert of_writer - set(certain) <= {writer.doubtful}
    if writer.doubtful is not None:
        left = tasks.get(writer.doubtful)
        of_task = 0 if left is None else sum(run["task_id"] == left["id"] for run in runs)
        assert ((None, 0) if left is None else version(left, of_task)) in writer.versions


@pytest.mark.parametrize("writes", [60, 450, 850], ids="after {} writes".format)
def test_nothing_acknowledged_is_lost(tmp_path: Path, writes: int) -> None:
    """A mock that is killed during writes keeps every acknowledged one, and each as a whole."""
    state = tmp_path / "mock.state"
    done = threading.Semaphore(0)
    with served(state) as (url, process), ThreadPoolExecutor(WRITERS) as pool:
        fresh = send(url, "POST", TASKS, PROJECT_TASK)
        before = len(send(url, "GET", "/__mock/world")["tasks"])
        writers = [Writer(f"writer {number}", url, fresh, done) for number in range(WRITERS)]
        writing = [pool.submit(writer.write) for writer in writers]
        try:
            for _ in range(writes):
                assert done.acquire(timeout=20)
        finally:
            process.kill()
        for each in writing:
            each.result()

    with served(state) as (url, _):
        world = send(url, "GET", "/__mock/world")
        tasks = {task["name"]: task for task in world["tasks"] if task["name"].startswith("writer ")}
        for writer in writers:
            check(writer, tasks, world["task_runs"])
        assert len(world["tasks"]) == before + len(tasks)
        assert {run["task_id"] for run in world["task_runs"]} <= {task["id"] for task in world["tasks"]}
        assert send(url, "POST", TASKS, {**PROJECT_TASK, "name": "afterwards"})["id"] not in {
            task["id"] for task in world["tasks"]
        }
