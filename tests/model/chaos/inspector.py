"""Access to the state and journal of a mock, past the faults of the network."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
from axtasks.mock import Mock, MockTransport

from tests.dialects import off_the_wire, on_the_wire

Json = dict[str, Any]
OTHER_USER = "other-user"


class MockInspector:
    """Reads the state and journal of a mock, and writes as another user, without faults.

    All data has the spelling of the documents, whatever the contract.
    """

    def __init__(self, mock: Mock) -> None:
        self._http = httpx.Client(transport=MockTransport(mock), base_url="http://mock")
        self._contract = mock.contract
        self._last = 0

    def exchanges(self) -> list[Json]:
        """Return the client's exchanges since the last call."""
        shown = self._http.get("/__mock/journal", params={"since": self._last}).raise_for_status().json()
        assert not shown["dropped"], "the journal dropped exchanges that were not read"
        self._http.delete("/__mock/journal").raise_for_status()
        self._last = shown["last_number"]
        return [each for each in shown["exchanges"] if ["User-Agent", OTHER_USER] not in each["request_headers"]]

    def world(self) -> Json:
        """Return the whole state."""
        shown: Json = self._http.get("/__mock/world").raise_for_status().json()
        return shown

    def get(self, path: str, **query: str | int) -> Json | None:
        """Return the response of the API; None for a 404."""
        response = self._send("GET", path, query=query)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        shown: Json = off_the_wire(response.raise_for_status().json(), self._contract)
        return shown

    def task(self, task_id: str) -> Json | None:
        return self.get(f"/v2/tasks/{quote(task_id, safe='')}")

    def run(self, run_id: str) -> Json | None:
        return self.get(f"/v2/task-runs/{quote(run_id, safe='')}")

    def tasks_named(self, name: str) -> list[Json]:
        shown = self.get("/v2/tasks", name=name, limit=100) or {}
        return [task for task in shown["tasks"] if task["name"] == name]

    def runs_of(self, task_id: str, *, most: int = 20) -> list[Json]:
        """Return the latest runs of a task, more than one call can create."""
        shown = self.get(f"/v2/tasks/{quote(task_id, safe='')}/runs", limit=most)
        return [] if shown is None else shown["task_runs"]

    def create(self, body: Json) -> Json:
        """Create a task as another user."""
        return self._made("/v2/tasks", body)

    def trigger(self, task_id: str, body: Json) -> Json:
        """Trigger a run as another user."""
        return self._made(f"/v2/tasks/{quote(task_id, safe='')}/trigger", body)

    def _made(self, path: str, body: Json) -> Json:
        response = self._send("POST", path, body=on_the_wire(body, self._contract)).raise_for_status()
        made: Json = off_the_wire(response.json(), self._contract)
        return made

    def _send(
        self, method: str, path: str, *, query: dict[str, str | int] | None = None, body: Json | None = None
    ) -> httpx.Response:
        headers = {"Authorization": "Bearer any", "User-Agent": OTHER_USER}
        return self._http.request(method, path, params=query, json=body, headers=headers)
