"""A mock in a process of its own that misbehaves by chance, and what it says of itself when it is asked past that."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
from axtasks.mock import chaos

from tests.dialects import off_the_wire, on_the_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
RUN_SECONDS = 0.5
STRANGER = "stranger"
# What a request asks for itself takes the place of the faults that are armed, and uses up none of their chance.
UNHARMED = {"Prefer": "delay=0"}


@contextmanager
def served(*, seed: int, rate: float, kinds: tuple[str, ...], contract: str) -> Iterator[Inside]:
    """A mock that is served by `ax mock serve` with these faults by chance.

    Args:
        seed: what all chance follows from.
        rate: what share of requests goes wrong.
        kinds: what may go wrong.
        contract: which dialect it speaks.
    """
    command = [sys.executable, "-c", "from axtasks.mock.cli import group; group()", "serve", "--port", "0"]
    command += ["--seed", str(seed), "--run-seconds", str(RUN_SECONDS), "--contract", contract]
    for script in chaos(rate, kinds):
        command += ["--fault", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"Listening on (\S+)\n", line)
            assert found, line + process.communicate(timeout=20)[1]
            with httpx.Client(base_url=found[1], timeout=20) as http:
                yield Inside(found[1], http, contract)
        finally:
            process.kill()
            process.communicate(timeout=20)


class Inside:
    """What is really there and what was really asked, and a stranger who uses the same tasks without any trouble.

    All of it in the spelling of the documents, whatever is spoken.
    """

    def __init__(self, url: str, http: httpx.Client, contract: str) -> None:
        self.url = url
        self._http = http
        self._contract = contract
        self._last = 0

    def exchanges(self) -> list[Json]:
        """What the client asked since this was last called."""
        shown = self._http.get("/__mock/journal", params={"since": self._last}).raise_for_status().json()
        assert not shown["dropped"], "the journal has lost exchanges that nobody has looked at"
        self._http.delete("/__mock/journal").raise_for_status()
        self._last = shown["last_number"]
        return [each for each in shown["exchanges"] if ["user-agent", STRANGER] not in each["request_headers"]]

    def world(self) -> Json:
        """Everything there is."""
        shown: Json = self._http.get("/__mock/world").raise_for_status().json()
        return shown

    def struck(self) -> int:
        """How many requests a fault has struck."""
        shown = self._http.get("/__mock/faults").raise_for_status().json()
        return sum(each["hits"] for each in shown["faults"])

    def get(self, path: str, **query: str | int) -> Json | None:
        """What the API really has; None for what it has not."""
        answer = self._send("GET", path, query=query)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        shown: Json = off_the_wire(answer.raise_for_status().json(), self._contract)
        return shown

    def task(self, task_id: str) -> Json | None:
        return self.get(f"/v2/tasks/{quote(task_id, safe='')}")

    def run(self, run_id: str) -> Json | None:
        return self.get(f"/v2/task-runs/{quote(run_id, safe='')}")

    def tasks_named(self, name: str) -> list[Json]:
        shown = self.get("/v2/tasks", name=name, limit=100) or {}
        return [task for task in shown["tasks"] if task["name"] == name]

    def runs_of(self, task_id: str) -> list[Json]:
        """The latest runs of a task, more than one call can make."""
        shown = self.get(f"/v2/tasks/{quote(task_id, safe='')}/runs", limit=20)
        return [] if shown is None else shown["task_runs"]

    def create(self, body: Json) -> Json:
        """A task that the stranger creates."""
        return self._made("/v2/tasks", body)

    def trigger(self, task_id: str, body: Json) -> Json:
        """A run that the stranger triggers."""
        return self._made(f"/v2/tasks/{quote(task_id, safe='')}/trigger", body)

    def _made(self, path: str, body: Json) -> Json:
        answer = self._send("POST", path, body=on_the_wire(body, self._contract)).raise_for_status()
        made: Json = off_the_wire(answer.json(), self._contract)
        return made

    def _send(
        self, method: str, path: str, *, query: dict[str, str | int] | None = None, body: Json | None = None
    ) -> httpx.Response:
        headers = {"Authorization": "Bearer any", "User-Agent": STRANGER, **UNHARMED}
        return self._http.request(method, path, params=query, json=body, headers=headers)
