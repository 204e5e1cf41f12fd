"""A client of the mock for its tests, and the ids that they use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from axtasks.mock import Mock, MockRequest
from axtasks.mock import default_world as known
from axtasks.mock.messages import find_header

from tests.conftest import DOCUMENTS
from tests.dialects import AS_IN_PYTHON, off_the_wire, on_the_wire
from tests.mock import control_contract, dialects

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

    from tests.mock.doors import Door

Json = Any
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""The day of the update page's example."""
AUTHORIZED = (("Authorization", "Bearer some-key"),)
ABSENT: Json = object()
"""The body of a request without one, as opposed to the body `null`."""

EVALUATOR: dict[str, Json] = {"evaluator_id": known.HALLUCINATION}
PROJECT_TASK: dict[str, Json] = {
    "name": "Fresh Task",
    "type": "template_evaluation",
    "project_id": known.CHAT_PROD,
    "evaluators": [EVALUATOR],
}
DATASET_TASK: dict[str, Json] = {
    "name": "Fresh Task",
    "type": "template_evaluation",
    "dataset_id": known.GOLDEN_SET,
    "experiment_ids": [known.BASELINE],
    "evaluators": [EVALUATOR],
}
RUN_CONFIGURATION: dict[str, Json] = {
    "experiment_type": "llm_generation",
    "ai_integration_id": known.OPENAI_MAIN,
    "messages": [{"role": "user", "content": "{{input}}"}],
}
JUDGE_CONFIGURATION: dict[str, Json] = {
    "experiment_type": "template_evaluation",
    "ai_integration_id": known.OPENAI_MAIN,
    "template": "Is {{output}} true?",
    "provide_explanation": False,
}
EXPERIMENT_TASK: dict[str, Json] = {
    "name": "Fresh Task",
    "type": "run_experiment",
    "dataset_id": known.GOLDEN_SET,
    "run_configuration": RUN_CONFIGURATION,
}

UNKNOWN_ID = "RW50aXR5OjEyMzQ1"  # Entity:12345, the documents' placeholder
UNKNOWN_PROJECT = "UHJvamVjdDoxMjM0NQ=="  # Project:12345
UNKNOWN_TASK = "VGFzazoxMjM0NQ=="  # Task:12345
MALFORMED_ID = "task_abc123"

TASKS = "/v2/tasks"


def task_path(task_id: str, *more: str) -> str:
    """Return the path of a task, its id percent-encoded."""
    return "/".join([TASKS, quote(task_id, safe=""), *more])


def run_path(run_id: str, *more: str) -> str:
    """Return the path of a run."""
    return "/".join(["/v2/task-runs", quote(run_id, safe=""), *more])


@dataclass(frozen=True)
class Reply:
    """A response from any door, in the spelling of a contract."""

    status: int
    headers: Headers
    body: bytes
    contract: str = DOCUMENTS

    @property
    def wire(self) -> Json:
        """The body as JSON, unchanged."""
        return json.loads(self.body)

    @property
    def json(self) -> Json:
        """The body as JSON, in the documents' spelling."""
        return off_the_wire(self.wire, self.contract)

    @property
    def detail(self) -> str:
        """The detail of a problem, in the documents' spelling."""
        return dialects.read_text(str(self.wire["detail"]), self.contract)

    def header(self, name: str) -> str | None:
        """Return a header, or None."""
        return find_header(self.headers, name)


class Api:
    """Client that sends requests with a key through a door.

    Requests are written in the documents' spelling, and sent in that of the served contract, save by `send_bytes`.
    """

    def __init__(self, mock: Mock, door: Door) -> None:
        self.mock = mock
        self._door = door

    def send(
        self, method: str, path: str, body: Json = ABSENT, *, query: str = "", headers: Headers = AUTHORIZED
    ) -> Reply:
        """Send a request and return the response; a body is sent as JSON."""
        contract = self._contract_of(path)
        sent = b"" if body is ABSENT else json.dumps(on_the_wire(body, contract)).encode()
        typed = headers if body is ABSENT else (*headers, ("Content-Type", "application/json"))
        return self.send_bytes(method, path, sent, query=dialects.spelled_query(query, contract), headers=typed)

    def _contract_of(self, path: str) -> str:
        return self.mock.contract if path.startswith("/v2") else AS_IN_PYTHON

    def send_bytes(
        self, method: str, path: str, body: bytes = b"", *, query: str = "", headers: Headers = AUTHORIZED
    ) -> Reply:
        """Send these bytes with these headers and those of the door alone, and return the response."""
        request = MockRequest(method, path, query, headers, body)
        response = self._door.send(self.mock, request)
        control_contract.check(request, response)
        return Reply(response.status, response.headers, response.body, self._contract_of(path))

    def get(self, path: str, /, **query: str | int) -> Reply:
        """Send a GET."""
        return self.send("GET", path, query=urlencode(query))

    def post(self, path: str, body: Json = ABSENT) -> Reply:
        """Send a POST."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Json = ABSENT) -> Reply:
        """Send a PATCH."""
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Reply:
        """Send a DELETE."""
        return self.send("DELETE", path)

    def created(self, body: Json) -> Json:
        """Create a task and return it."""
        reply = self.post(TASKS, body)
        assert reply.status == 201, reply.body
        return reply.json

    def triggered(self, task_id: str, body: Json = ABSENT) -> Json:
        """Trigger a run and return it."""
        reply = self.post(task_path(task_id, "trigger"), body)
        assert reply.status == 201, reply.body
        return reply.json

    def run(self, run_id: str) -> Json:
        """Return a run."""
        return self.get(run_path(run_id)).json

    def task(self, task_id: str) -> Json:
        """Return a task."""
        return self.get(task_path(task_id)).json
