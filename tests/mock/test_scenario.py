"""A whole scenario with a client that knows nothing of this API: `urllib` alone.

The same steps that `make interop` takes with the vendor's published clients, on a freshly served mock.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import Mock, MockServer

from tests.e2e.interop import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.interop.scenario import Problem

pytestmark = pytest.mark.one_door

Json = Any
TIMEOUT_SECONDS = 30


class Client:
    """A client that needs only an address, a key and the REST pages."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, method: str, path: str, body: Json = None, **query: str | int) -> tuple[int, Json]:
        """Return the status and the JSON of a response."""
        address = f"{self._url}/v2/{path}" + (f"?{urlencode(query)}" if query else "")
        request = Request(address, method=method, headers={"Authorization": "Bearer any"})  # noqa: S310  # our own address
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # as above
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def get(self, path: str, **query: str | int) -> Json:
        """Return the JSON of a GET."""
        status, found = self.send("GET", path, **query)
        assert status == 200, found
        return found

    def created(self, path: str, body: Json) -> Json:
        """Create something, and return it."""
        status, made = self.send("POST", path, body)
        assert status == 201, made
        return made

    def refused(self, problem: Problem, method: str, path: str, body: Json = None) -> None:
        """Fail unless a request is refused with this problem."""
        status, answer = self.send(method, path, body)
        assert (status, answer["status"], answer["title"]) == (problem.status, problem.status, problem.title)
        assert problem.detail in answer["detail"]
        assert set(answer) == {"type", "title", "status", "detail", "instance"}

    def found(self, kind: str, name: str) -> str:
        """Return the id of the resource with exactly this name in the space of the scenario."""
        space = next(it for it in self.get("spaces", name=scenario.SPACE)["spaces"] if it["name"] == scenario.SPACE)
        things = self.get(kind, name=name, space_id=space["id"])[kind]
        return next(str(it["id"]) for it in things if it["name"] == name)


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a freshly served mock, whose runs advance by reads."""
    with MockServer(Mock(lifecycle=scenario.LIFECYCLE)) as server:
        yield Client(server.url)


def path_of(kind: str, identifier: str, *more: str) -> str:
    """Return the path of a resource, its id percent-encoded."""
    return "/".join([kind, quote(identifier, safe=""), *more])


def evaluation(client: Client) -> Json:
    """Create a task that evaluates spans of a project, whose id is found by its name."""
    body = {
        "name": "Stranger's Evaluation",
        "type": "template_evaluation",
        "project_id": client.found("projects", scenario.PROJECT),
        "evaluators": [{"evaluator_id": client.found("evaluators", scenario.EVALUATOR_NAME)}],
        "sampling_rate": 0.5,
        "query_filter": "a = 'b'",
    }
    return client.created("tasks", body)


def experiment(client: Client) -> Json:
    """Create a task that runs experiments over a dataset, whose id is found by its name."""
    dataset_id = client.found("datasets", scenario.DATASET)
    body = {"name": "Stranger's Experiment", "type": "run_experiment", "dataset_id": dataset_id}
    return client.created("tasks", {**body, "run_configuration": scenario.RUN_CONFIGURATION})


def test_lists(client: Client) -> None:
    """The tasks of a project are listed, and all tasks page by page."""
    project_id = client.found("projects", scenario.PROJECT)

    first = client.get("tasks", limit=100)
    rest = client.get("tasks", limit=100, cursor=first["pagination"]["next_cursor"])

    assert project_id == scenario.PROJECT_ID
    assert [it["name"] for it in client.get("tasks", project_id=project_id)["tasks"]] == ["Support Answer Checks"]
    assert (len(first["tasks"]), len(rest["tasks"]), rest["pagination"]) == (100, 35, {"has_more": False})


def test_an_evaluation_from_its_creation_to_its_end(client: Client) -> None:
    """A task is created, found by name, changed, run, waited for, and deleted with its runs."""
    task = evaluation(client)
    path = path_of("tasks", task["id"])
    assert client.get(path_of("tasks", client.found("tasks", task["name"]))) == task
    status, changed = client.send("PATCH", path, {"name": "Renamed", "query_filter": None})
    assert (status, changed["name"], changed["query_filter"]) == (200, "Renamed", None)

    start, end = scenario.WINDOW
    run = client.created(f"{path}/trigger", {"data_start_time": start, "data_end_time": end, "max_spans": 100})
    looks = [client.get(path_of("task-runs", run["id"]))["status"] for _ in range(scenario.READS)]

    assert (run["status"], *looks) == ("pending", "running", "completed")
    assert [it["id"] for it in client.get(f"{path}/runs")["task_runs"]] == [run["id"]]
    assert client.get(f"{path}/runs", status="failed")["task_runs"] == []
    client.refused(scenario.NO_OFFSET, "POST", f"{path}/trigger", {"data_start_time": scenario.LOCAL_TIME})
    client.refused(scenario.ENDED, "POST", path_of("task-runs", run["id"], "cancel"))
    assert client.send("DELETE", path) == (204, None)
    client.refused(scenario.NOT_FOUND, "GET", path)


def test_an_experiment_that_is_cancelled(client: Client) -> None:
    """A run is cancelled before it starts, so it has no experiment; a taken name is refused."""
    path = path_of("tasks", experiment(client)["id"])

    run = client.created(f"{path}/trigger", {"experiment_name": "stranger-1", "max_examples": 5})
    status, cancelled = client.send("POST", path_of("task-runs", run["id"], "cancel"))

    assert (status, cancelled["id"], cancelled["experiment_id"]) == (200, run["id"], None)
    assert cancelled["run_finished_at"] is not None
    client.refused(scenario.CONFLICT, "POST", f"{path}/trigger", {"experiment_name": "baseline"})
