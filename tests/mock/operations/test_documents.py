"""The example requests of the documents, sent to a freshly started server, get the documented responses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.one_door

ID = re.compile(r"[A-Za-z0-9+/]+={0,2}")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# REST create page
CREATE_REQUEST = """{
  "name": "Production Hallucination Check",
  "type": "template_evaluation",
  "project_id": "TW9kZWw6MTIzOmFCY0Q=",
  "sampling_rate": 1,
  "is_continuous": true,
  "query_filter": "metadata.environment = 'production'",
  "evaluators": [
    {
      "evaluator_id": "RXZhbHVhdG9yOjEyOmFCY0Q=",
      "column_mappings": {
        "input": "attributes.input.value",
        "output": "attributes.output.value"
      }
    }
  ]
}"""
CREATE_ANSWER = """{
  "id": "T25saW5lVGFzazo0NTpxUndY",
  "name": "Production Hallucination Check",
  "type": "template_evaluation",
  "project_id": "TW9kZWw6MTIzOmFCY0Q=",
  "dataset_id": null,
  "sampling_rate": 1,
  "is_continuous": true,
  "query_filter": "metadata.environment = 'production'",
  "evaluators": [
    {
      "evaluator_id": "RXZhbHVhdG9yOjEyOmFCY0Q=",
      "evaluator_name": "Hallucination Eval",
      "query_filter": null,
      "column_mappings": {
        "input": "attributes.input.value",
        "output": "attributes.output.value"
      }
    }
  ],
  "experiment_ids": [],
  "last_run_at": null,
  "created_at": "2026-02-20T10:00:00.000Z",
  "updated_at": "2026-02-20T10:00:00.500Z",
  "created_by_user_id": "VXNlcjoxOm5OYkM="
}"""
# REST update page
UPDATE_REQUEST = """{
  "name": "Updated Task Name",
  "sampling_rate": 0.5,
  "query_filter": "metadata.environment = 'staging'"
}"""
UPDATE_ANSWER = """{
  "id": "T25saW5lVGFzazo0NTpxUndY",
  "name": "Updated Task Name",
  "type": "template_evaluation",
  "project_id": "TW9kZWw6MTIzOmFCY0Q=",
  "dataset_id": null,
  "sampling_rate": 0.5,
  "is_continuous": true,
  "query_filter": "metadata.environment = 'staging'",
  "evaluators": [
    {
      "evaluator_id": "RXZhbHVhdG9yOjEyOmFCY0Q=",
      "evaluator_name": "Hallucination Eval",
      "query_filter": null,
      "column_mappings": {
        "input": "attributes.input.value",
        "output": "attributes.output.value"
      }
    }
  ],
  "experiment_ids": [],
  "last_run_at": "2026-03-01T14:30:00.000Z",
  "created_at": "2026-02-20T10:00:00.000Z",
  "updated_at": "2026-03-10T15:00:00.000Z",
  "created_by_user_id": "VXNlcjoxOm5OYkM="
}"""
# REST trigger page
TRIGGER_REQUEST = '{"experiment_name": "GPT-4o Baseline v2", "max_examples": 50}'
INVALID_TRIGGER_REQUEST = '{"max_examples": 50}'


@pytest.fixture
def url() -> Iterator[str]:
    """Start a server with a clock of its own, and yield its address."""
    with MockServer() as server:
        yield server.url


def send(url: str, method: str, path: str, body: str | None = None) -> tuple[int, str, Any]:
    """Return the status, the media type and the JSON of a response, by `urllib`."""
    headers = {"Authorization": "Bearer key"} | ({} if body is None else {"Content-Type": "application/json"})
    request = Request(url + path, None if body is None else body.encode(), headers, method=method)  # noqa: S310  # loopback
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # loopback
            return answer.status, answer.headers["Content-Type"], json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], json.load(error)


def like(found: dict[str, Any], documented: str, *, new: tuple[str, ...]) -> None:
    """Fail unless the fields are the documented ones in their order, with the same values, or the same form if new."""
    expected = json.loads(documented)
    assert list(found) == list(expected)
    for name in new:
        form = ID if name == "id" else TIMESTAMP
        assert form.fullmatch(found[name])
        assert form.fullmatch(expected[name])
    assert {**found, **dict.fromkeys(new)} == {**expected, **dict.fromkeys(new)}


def test_create_example(url: str) -> None:
    """The create page's request creates the task of its response."""
    status, media_type, task = send(url, "POST", "/v2/tasks", CREATE_REQUEST)

    assert (status, media_type) == (201, "application/json")
    like(task, CREATE_ANSWER, new=("id", "created_at", "updated_at"))


def test_update_example(url: str) -> None:
    """The update page's request changes the task as in its response; only the time of the change is new."""
    status, media_type, task = send(url, "PATCH", f"/v2/tasks/{known.CHAT_QUALITY}", UPDATE_REQUEST)

    assert (status, media_type) == (200, "application/json")
    like(task, UPDATE_ANSWER, new=("updated_at",))


def test_valid_trigger_example(url: str) -> None:
    """The trigger page's valid request starts a run of a run_experiment task."""
    status, media_type, run = send(url, "POST", f"/v2/tasks/{known.NIGHTLY_SUMMARIES}/trigger", TRIGGER_REQUEST)

    assert (status, media_type, run["status"]) == (201, "application/json", "pending")
    assert (run["task_id"], run["data_start_time"], run["data_end_time"]) == (known.NIGHTLY_SUMMARIES, None, None)


def test_invalid_trigger_example(url: str) -> None:
    """The trigger page's invalid request is refused for the missing experiment name."""
    path = f"/v2/tasks/{known.NIGHTLY_SUMMARIES}/trigger"

    status, media_type, problem = send(url, "POST", path, INVALID_TRIGGER_REQUEST)

    assert (status, media_type) == (400, "application/problem+json")
    assert problem == {
        "type": "https://arize.com/docs/ax/rest-reference/errors#invalid-request",
        "title": "Invalid request parameters",
        "status": 400,
        "detail": "experiment_name is required",
        "instance": path,
    }


@pytest.mark.parametrize("body", [None, "{}"], ids=["no body", "empty object"])
def test_empty_trigger(url: str, body: str | None) -> None:
    """An empty trigger of an evaluation task uses the server's defaults, as the trigger page says."""
    status, _, run = send(url, "POST", f"/v2/tasks/{known.CHAT_QUALITY}/trigger", body)

    assert (status, run["status"]) == (201, "pending")
    assert run["data_start_time"] < run["data_end_time"]


def test_placeholder_task(url: str) -> None:
    """The pages' placeholder id is well-formed and unknown."""
    status, _, problem = send(url, "GET", "/v2/tasks/RW50aXR5OjEyMzQ1")

    assert (status, problem["title"]) == (404, "Resource not found")
