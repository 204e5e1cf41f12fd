"""What the tests of the mock share: a small client, and the identifiers they use."""

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
"""Stands for a request without a body, as opposed to the body `null`."""

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
    """The path of a task, its identifier percent-encoded as clients do it."""
    return "/".join([TASKS, quote(task_id, safe=""), *more])


def run_path(run_id: str, *more: str) -> str:
    """The path of a run."""
    return "/".join(["/v2/task-runs", quote(run_id, safe=""), *more])


@dataclass(frozen=True)
class Reply:
    """An answer, however it came, by the contract of a name."""

    status: int
    headers: Headers
    body: bytes
    contract: str = DOCUMENTS

    @property
    def wire(self) -> Json:
        """The body as JSON, just as it came."""
        return json.loads(self.body)

    @property
    def json(self) -> Json:
        """The body as JSON, in the documents' spelling whatever was served."""
        return off_the_wire(self.wire, self.contract)

    @property
    def detail(self) -> str:
        """What a problem says was wrong, in the documents' spelling."""
        return dialects.read_text(str(self.wire["detail"]), self.contract)

    def header(self, name: str) -> str | None:
        """A header, or None."""
        return find_header(self.headers, name)


class Api:
    """Sends requests to a mock as an authorized client would, through a door.

    They are spelled as the documents do, and sent as the contract that is served does; `send_bytes` leaves them alone.
    """

    def __init__(self, mock: Mock, door: Door) -> None:
        self.mock = mock
        self._door = door

    def send(
        self, method: str, path: str, body: Json = ABSENT, *, query: str = "", headers: Headers = AUTHORIZED
    ) -> Reply:
        """The answer to a request; a body is sent as JSON."""
        contract = self._contract_of(path)
        sent = b"" if body is ABSENT else json.dumps(on_the_wire(body, contract)).encode()
        typed = headers if body is ABSENT else (*headers, ("Content-Type", "application/json"))
        return self.send_bytes(method, path, sent, query=dialects.spelled_query(query, contract), headers=typed)

    def _contract_of(self, path: str) -> str:
        return self.mock.contract if path.startswith("/v2") else AS_IN_PYTHON

    def send_bytes(
        self, method: str, path: str, body: bytes = b"", *, query: str = "", headers: Headers = AUTHORIZED
    ) -> Reply:
        """The answer to a request with these very bytes, and no headers but these and the door's own."""
        request = MockRequest(method, path, query, headers, body)
        response = self._door.send(self.mock, request)
        control_contract.check(request, response)
        return Reply(response.status, response.headers, response.body, self._contract_of(path))

    def get(self, path: str, /, **query: str | int) -> Reply:
        """The answer to a GET."""
        return self.send("GET", path, query=urlencode(query))

    def post(self, path: str, body: Json = ABSENT) -> Reply:
        """The answer to a POST."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Json = ABSENT) -> Reply:
        """The answer to a PATCH."""
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Reply:
        """The answer to a DELETE."""
        return self.send("DELETE", path)

    def created(self, body: Json) -> Json:
        """A task that has just been created."""
        reply = self.post(TASKS, body)
        assert reply.status == 201, reply.body
        return reply.json

    def triggered(self, task_id: str, body: Json = ABSENT) -> Json:
        """A run that has just been triggered."""
        reply = self.post(task_path(task_id, "trigger"), body)
        assert reply.status == 201, reply.body
        return reply.json

    def run(self, run_id: str) -> Json:
        """A run as it stands."""
        return self.get(run_path(run_id)).json

    def task(self, task_id: str) -> Json:
        """A task as it stands."""
        return self.get(task_path(task_id)).json
