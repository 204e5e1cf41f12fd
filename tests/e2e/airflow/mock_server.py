"""The served mock, controlled and inspected by its admin API."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]
TRIGGER, CANCEL, LIST_RUNS = "trigger_task_run", "cancel_task_run", "list_task_runs"


@dataclass(frozen=True)
class ServedMock:
    """A served mock.

    Attributes:
        url: Its address.
        http: The client for its admin API.
    """

    url: str
    http: httpx.Client

    def mark(self) -> int:
        """Return the number of the latest exchange, as a mark for `since`."""
        return int(self._get("journal", operation=TRIGGER, since=10**9)["last_number"])

    def count(
        self,
        operation: str | None = None,
        *,
        since: int = 0,
        task: str | None = None,
        run: str | None = None,
        status: int | None = None,
    ) -> int:
        """Count the exchanges after a mark, filtered by operation, task, run or status."""
        given = {"operation": operation, "task": task, "run": run, "since": since, "status": status}
        filters = {name: value for name, value in given.items() if value is not None}
        return int(self._get("journal/count", **filters)["count"])

    def triggered(self, *, since: int = 0, task: str | None = None) -> list[str]:
        """Return the ids of the runs that were triggered after a mark, optionally for one task."""
        return self._runs_of(TRIGGER, since=since, **({} if task is None else {"task": task}))

    def bodies_of_triggers(self, *, since: int = 0) -> list[Json]:
        """Return the bodies of the requests that triggered runs after a mark."""
        exchanges = self._get("journal", operation=TRIGGER, since=since)["exchanges"]
        return [json.loads(each["request_body"]) for each in exchanges]

    def cancelled(self, *, since: int = 0) -> list[str]:
        """Return the ids of the runs that were cancelled after a mark."""
        return self._runs_of(CANCEL, since=since)

    def end_runs(self, runs: list[str], to: str = "completed", **counts: int) -> None:
        """End runs that have not ended."""
        for run in runs:
            counted = {"counts": counts} if counts else {}
            response = self.http.post(f"/__mock/task-runs/{run}/advance", json={"to": to, **counted})
            assert response.is_success, response.text

    def _runs_of(self, operation: str, **filters: str | int) -> list[str]:
        """Return the ids of the runs in an operation's responses, the oldest first."""
        exchanges = self._get("journal", operation=operation, **filters)["exchanges"]
        return [json.loads(each["response_body"])["id"] for each in exchanges]

    def _get(self, path: str, **query: str | int) -> Json:
        response = self.http.get(f"/__mock/{path}", params=query)
        assert response.is_success, response.text
        found: Json = response.json()
        return found


@contextmanager
def served_mock(folder: Path, world: Json) -> Iterator[ServedMock]:
    """Serve the mock with a world while the block lasts, on a free port."""
    file = folder / "world.json"
    file.write_text(json.dumps(world), encoding="utf-8")
    command = [sys.executable, "-m", "axtasks", "mock", "serve", "--port", "0", "--world", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"Listening on (\S+)\n", line)
            assert found, line + process.communicate(timeout=20)[1]
            with httpx.Client(base_url=found[1], timeout=20, trust_env=False) as http:
                yield ServedMock(found[1], http)
        finally:
            process.kill()
