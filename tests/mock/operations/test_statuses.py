"""Refusals that every operation shares, for all operations of the API and of the admin API."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import pytest
from axtasks.mock import Clock, Mock, MockRequest
from axtasks.mock.contract import contract
from axtasks.mock.default_world import default_world
from axtasks.mock.operations.registry import HANDLERS
from jsonschema_rs import Draft202012Validator

from tests.mock import control_contract
from tests.mock.support import AUTHORIZED, NOW, Api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockResponse

    from tests.mock.support import Reply

pytestmark = pytest.mark.one_contract

DOCUMENTS = contract.of(contract.DOCUMENTS)
DOCUMENT = cast("dict[str, Any]", DOCUMENTS.document)
MEMBERS = ["type", "title", "status", "detail", "instance"]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
JSON = ("Content-Type", "application/json")
RUN = "VGFza1J1bjo5OTpxUndY"


@cache
def filled(path: str) -> str:
    """Return a path with ids of the default world in it."""
    world = default_world()
    first = {
        "task_id": world.tasks.all()[0].id,
        "space_id": world.spaces.all()[0].id,
        "project_id": world.projects.all()[0].id,
        "dataset_id": world.datasets.all()[0].id,
        "experiment_id": world.experiments.all()[0].id,
        "evaluator_id": world.evaluators.all()[0].id,
        "run_id": RUN,
    }
    for name, identifier in first.items():
        path = path.replace(f"{{{name}}}", quote(identifier))
    return path


PATHS = {
    filled(path): {method.upper() for method in item if method != "parameters"}
    for document in (DOCUMENT, control_contract.DOCUMENT)
    for path, item in document["paths"].items()
}
WRONG = [(method, path) for path, methods in PATHS.items() for method in METHODS if method not in methods]
CARRIED_OUT = [operation for name, operation in DOCUMENTS.operations.items() if name in HANDLERS]
WITH_A_BODY = [(operation.method, filled(operation.path)) for operation in CARRIED_OUT if operation.bodies]


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return a validator for a schema of the contract, given as JSON."""
    return Draft202012Validator({**json.loads(schema), "components": DOCUMENT["components"]})


def check_declared(method: str, path: str, response: Reply) -> None:
    """Fail unless the contract declares this response for an operation, headers included."""
    (template,) = [each for each in DOCUMENT["paths"] if filled(each) == path]
    declared = DOCUMENTS.resolve(DOCUMENT["paths"][template][method.lower()]["responses"][str(response.status)])
    content = cast("dict[str, Any]", declared)["content"]["application/problem+json"]

    place = (method, path, response.status)
    assert (*place, response.header("content-type")) == (*place, "application/problem+json")
    assert validator(json.dumps(content["schema"])).is_valid(json.loads(response.body)), place
    assert all(response.header(name) for name in cast("dict[str, Any]", declared).get("headers", {})), place


def test_missing_methods_are_a_405(api: Api) -> None:
    """A missing method is a 405 with the declared methods in `Allow`; all operations of the path declare it."""
    for method, path in WRONG:
        response = api.send(method, path)

        allowed = set(str(response.header("allow")).split(", "))
        assert (method, path, response.status, allowed) == (method, path, 405, PATHS[path])
        if method == "HEAD":
            assert (path, response.body) == (path, b"")
            continue
        problem = json.loads(response.body)
        assert (method, list(problem), problem["instance"]) == (method, MEMBERS, path)
        for operation in CARRIED_OUT:
            if filled(operation.path) == path:
                check_declared(operation.method, path, response)


@pytest.mark.parametrize(("method", "path"), WITH_A_BODY)
def test_bodies_that_are_not_read(api: Api, method: str, path: str) -> None:
    """A body of another media type is a 415 and one over the limit a 413 first; both are declared."""
    typed = api.send_bytes(method, path, b"{}", headers=(*AUTHORIZED, ("Content-Type", "text/plain")))
    large = api.send_bytes(method, path, b" " * (1024 * 1024 + 1))

    assert (typed.status, large.status) == (415, 413)
    for response in (typed, large):
        assert list(json.loads(response.body)) == MEMBERS
        check_declared(method, path, response)


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("GET", "/v2/task", "list_tasks, GET /v2/tasks"),
        ("POST", "/v2/tasks/x/triggers", "trigger_task_run, POST /v2/tasks/{task_id}/trigger"),
        ("GET", "/tasks", "list_tasks, GET /v2/tasks"),
        ("GET", "/v1/spaces/x", "get_space, GET /v2/spaces/{space_id}"),
        ("GET", "/v2/tasks/", "list_tasks, GET /v2/tasks"),
        ("GET", "/__mock/worlds", "show_world, GET /__mock/world"),
        ("POST", "/__mock/restart", "reset, POST /__mock/reset"),
        ("POST", "/__mock/task-runs/x/advanced", "advance_run, POST /__mock/task-runs/{run_id}/advance"),
    ],
)
def test_unknown_paths_are_a_404(api: Api, method: str, path: str, nearest: str) -> None:
    """An unknown path is a 404 that names the nearest operation."""
    reply = api.send(method, path)

    assert reply.status == 404
    assert list(reply.json) == MEMBERS
    assert reply.detail == f"no operation has the path {path}; the nearest is {nearest}"


def all_kinds_of_requests() -> Iterator[MockRequest]:
    """Yield every path with every method, with and without a key and a body, and unknown paths."""
    yield MockRequest("GET", "/v2/struck/429", headers=AUTHORIZED)
    yield MockRequest("GET", "/v2/struck/502", headers=AUTHORIZED)
    for path in [*PATHS, "/", "/v2/nothing", "/__mock/nothing", "nowhere"]:
        for method in METHODS:
            for headers in ((), AUTHORIZED, (*AUTHORIZED, JSON)):
                yield MockRequest(method, path, headers=headers, body=b"{}" if JSON in headers else b"")
    yield MockRequest("POST", "/__mock/reset", barred="not from here")


@pytest.fixture(scope="module")
def answered() -> list[tuple[MockRequest, MockResponse]]:
    """All kinds of requests, each with the response of one mock."""
    mock = Mock(
        clock=Clock(NOW, frozen=True), faults=("path=/v2/struck/429, status:429", "path=/v2/struck/502, html-502")
    )
    return [(request, mock.handle(request)) for request in all_kinds_of_requests()]


@pytest.mark.one_door
def test_every_answer_has_a_request_id_of_its_own(answered: list[tuple[MockRequest, MockResponse]]) -> None:
    """Every response, of the API and the admin API, has a request id of its own."""
    ids = [response.header("x-request-id") for _, response in answered]

    assert len(set(ids)) == len(answered)
    assert None not in ids
    assert {200, 204, 400, 401, 403, 404, 405, 429, 502} <= {response.status for _, response in answered}


@pytest.mark.one_door
def test_every_refusal_is_a_problem_of_five_members(answered: list[tuple[MockRequest, MockResponse]]) -> None:
    """Every refusal is a problem with exactly these members, and has its status in the body."""
    for request, response in answered:
        if response.status >= 400 and request.method != "HEAD" and b"<html>" not in response.body:
            problem = json.loads(response.body)
            assert (list(problem), problem["status"]) == (MEMBERS, response.status), request
            assert all(isinstance(problem[name], str) and problem[name] for name in MEMBERS if name != "status"), (
                request
            )
