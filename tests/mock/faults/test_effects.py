"""The effect of each fault: on the response of the core, and on its delivery by the doors."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, MockRequest, MockResponse
from axtasks.mock import default_world as known
from axtasks.mock.faults.effects import GARBAGE, UNHEARD_OF
from axtasks.mock.messages import AT_ONCE, Delivery, Ending

from tests.mock.support import ABSENT, AUTHORIZED, PROJECT_TASK, TASKS, Api, Json, Reply, task_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract

RUN = "/v2/task-runs/VGFza1J1bjo5OTpxUndY"
TASK = task_path(known.CHAT_QUALITY)
JSON = "application/json"
PROBLEM = "application/problem+json"


def send(api: Api, fault: str, method: str = "GET", path: str = TASK, *, query: str = "", body: Json = ABSENT) -> Reply:
    """Return the response to a request that a fault hits."""
    with struck(api.mock, fault):
        return api.send(method, path, body, query=query)


def answer(mock: Mock, fault: str, method: str = "GET", path: str = TASK, *, body: Json = None) -> MockResponse:
    """Return the response of the core to a request that a fault hits."""
    headers = (*AUTHORIZED, ("Content-Type", JSON))
    sent = b"" if body is None else json.dumps(body).encode()
    with struck(mock, fault):
        return mock.handle(MockRequest(method, path, "", headers, sent))


@contextmanager
def struck(mock: Mock, fault: str) -> Iterator[None]:
    """Arm this fault alone while the block lasts."""
    mock.faults.clear()
    mock.faults.add(f"fault={fault}")
    yield
    mock.faults.clear()


@pytest.mark.parametrize(
    ("status", "anchor", "title"),
    [
        (400, "invalid-request", "Invalid request parameters"),
        (404, "resource-not-found", "Resource not found"),
        (429, "rate-limit-exceeded", "Rate limit exceeded"),
        (503, "service-unavailable", "Service Unavailable"),
        (500, None, "Internal Server Error"),
        (418, None, "I'm a Teapot"),
        (599, None, "Status 599"),
    ],
)
def test_status(api: Api, status: int, anchor: str | None, title: str) -> None:
    """A status has its own Problem Details; one without a page in the documents has its standard title alone."""
    response = send(api, f"status:{status}")

    kind = "about:blank" if anchor is None else f"https://arize.com/docs/ax/rest-reference/errors#{anchor}"
    assert (response.status, response.header("content-type")) == (status, PROBLEM)
    assert json.loads(response.body) == {
        "type": kind,
        "title": title,
        "status": status,
        "detail": f"the mock was told to fail: fault=status:{status}",
        "instance": "/v2/tasks/T25saW5lVGFzazo0NTpxUndY",
    }
    assert response.header("retry-after") == ("1" if status == 429 else None)


def test_retry_after(api: Api) -> None:
    """A status has the `Retry-After` that the fault gives."""
    for status in (503, 429):
        assert send(api, f"status:{status} retry_after=7").header("retry-after") == "7"


def test_a_page_of_html(api: Api) -> None:
    """The response is an HTML page, as from a proxy."""
    response = send(api, "html-502")

    assert (response.status, response.header("content-type")) == (502, "text/html; charset=utf-8")
    assert response.body.startswith(b"<html>")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", TASK, 200), ("DELETE", TASK, 200), ("GET", "/v2/nothing", 404)],
    ids=["success", "nothing to say", "refusal"],
)
def test_garbage(api: Api, method: str, path: str, status: int) -> None:
    """Garbage has the media type of JSON and is no JSON; it replaces any response, also one without a body."""
    response = send(api, "garbage", method, path)

    assert (response.status, response.body) == (status, GARBAGE)
    assert "json" in (response.header("content-type") or "")
    with pytest.raises(UnicodeDecodeError):
        json.loads(response.body)


def test_empty(api: Api) -> None:
    """An empty response is a 200 without a byte, with the media type of JSON."""
    response = send(api, "empty", "POST", TASKS, body=PROJECT_TASK)

    assert (response.status, response.header("content-type"), response.body) == (200, JSON, b"")


DELIVERIES = {
    "delay:2s": Delivery(delay_seconds=2),
    "slow-drip": Delivery(drip_seconds=1),
    "slow-drip:5ms": Delivery(drip_seconds=0.005),
    "truncate": Delivery(ending=Ending.TRUNCATED),
    "accept-then-drop": Delivery(ending=Ending.DROPPED),
}


@pytest.mark.one_door
@pytest.mark.parametrize(("fault", "delivery"), DELIVERIES.items(), ids=DELIVERIES)
def test_deliveries(mock: Mock, fault: str, delivery: Delivery) -> None:
    """A fault in the delivery leaves the response as it is, and tells the doors how to deliver it."""
    response = answer(mock, fault)

    assert response.delivery == delivery
    assert (response.status, json.loads(response.body)["id"]) == (200, known.CHAT_QUALITY)


@pytest.mark.one_door
def test_reset(mock: Mock) -> None:
    """A request that is reset gets no response."""
    response = answer(mock, "reset")

    assert (response.status, response.body, response.delivery.ending) == (0, b"", Ending.RESET)


@pytest.mark.one_door
def test_latency_and_delay() -> None:
    """The latency delays every response, and a delay is added to it."""
    mock = Mock(latency_seconds=0.5, faults="times=1, delay:2s")

    delays = [mock.handle(MockRequest("GET", TASKS)).delivery.delay_seconds for _ in range(2)]

    assert delays == [2.5, 0.5]


def test_pieces() -> None:
    """A truncated body is sent as its first half, a dripping one byte by byte."""
    assert list(AT_ONCE.pieces(b"12345")) == [b"12345"]
    assert list(Delivery(ending=Ending.TRUNCATED).pieces(b"12345")) == [b"12"]
    assert list(Delivery(drip_seconds=1).pieces(b"123")) == [b"1", b"2", b"3"]
    assert list(Delivery(drip_seconds=1, ending=Ending.TRUNCATED).pieces(b"1234")) == [b"1", b"2"]
    assert Delivery(ending=Ending.TRUNCATED).ending_for(b"") is Ending.DROPPED


@pytest.mark.parametrize(
    ("path", "name", "member"),
    [
        (TASK, None, "type"),
        (RUN, None, "status"),
        (TASKS, "tasks", "type"),
        ("/v2/evaluators", "evaluators", "type"),
    ],
    ids=["task", "run", "list of tasks", "list of evaluators"],
)
def test_unknown_enum(api: Api, path: str, name: str | None, member: str) -> None:
    """The status or type of each resource is a value that the contract lacks; nothing else changes."""
    usual = json.loads(api.send("GET", path).body)
    changed = json.loads(send(api, "unknown-enum", path=path).body)

    for before, after in zip(*(([each] if name is None else each[name]) for each in (usual, changed)), strict=True):
        assert after == {**before, member: UNHEARD_OF}


def test_unknown_enum_leaves_refusals_alone(api: Api) -> None:
    """The type and status of a problem are unchanged."""
    assert json.loads(send(api, "unknown-enum", path="/v2/nothing").body)["status"] == 404


def test_extra_field(api: Api) -> None:
    """Every object gets a member that the contract does not have; without it the response is the usual one."""
    usual = json.loads(api.send("GET", TASKS).body)
    counts = {"with": 0, "all": 0}

    def without(members: dict[str, Json]) -> dict[str, Json]:
        counts["all"] += 1
        counts["with"] += members.pop(UNHEARD_OF, None) == UNHEARD_OF
        return members

    changed = json.loads(send(api, "extra-field", path=TASKS).body, object_hook=without)

    assert changed == usual
    assert counts["with"] == counts["all"] > 50


def test_extra_field_of_problems(api: Api) -> None:
    """A problem gets the member too."""
    assert json.loads(send(api, "extra-field", path="/v2/nothing").body)[UNHEARD_OF] == UNHEARD_OF


@pytest.mark.one_door
def test_a_response_without_a_body_is_unchanged(mock: Mock) -> None:
    """A response without a body is not changed."""
    for fault in ("extra-field", "unknown-enum", "duplicate-page"):
        task = json.loads(answer(mock, "delay:0", "POST", TASKS, body=PROJECT_TASK).body)
        response = answer(mock, fault, "DELETE", task_path(task["id"]))
        assert (response.status, response.body, response.delivery) == (204, b"", AT_ONCE)


def pages(api: Api, many: int) -> list[tuple[list[str], str]]:
    """Return the names and the cursor of the first pages of tasks."""
    found: list[tuple[list[str], str]] = []
    cursor: dict[str, str] = {}
    for _ in range(many):
        page = api.get(TASKS, limit=2, name="i", **cursor).json
        found.append(([task["name"] for task in page["tasks"]], page["pagination"]["next_cursor"]))
        cursor = {"cursor": found[-1][1]}
    return found


def test_duplicate_page(api: Api) -> None:
    """The previous page is sent again in place of a page, with its cursor."""
    first, second, third, fourth = pages(api, 4)

    api.mock.faults.add("after=2, times=1, operation=list_tasks, fault=duplicate-page")

    assert pages(api, 4) == [first, second, second, third]
    assert len({str(page) for page in (first, second, third, fourth)}) == 4


def test_duplicate_page_of_a_first_page(api: Api) -> None:
    """A first page has no previous page, and a single resource has none."""
    usual = api.send("GET", TASKS, query="limit=2").body

    assert send(api, "duplicate-page", path=TASKS, query="limit=2").body == usual
    assert json.loads(send(api, "duplicate-page").body)["id"] == known.CHAT_QUALITY


def test_duplicate_page_that_is_gone(api: Api) -> None:
    """If no page leads to this one any more, it is sent with its own cursor."""
    cursor = api.get(TASKS, limit=2).json["pagination"]["next_cursor"]
    page = api.get(TASKS, limit=3, cursor=cursor).json
    api.mock.faults.add("duplicate-page")

    repeated = api.get(TASKS, limit=3, cursor=cursor).json

    assert repeated == {**page, "pagination": {"has_more": True, "next_cursor": cursor}}


def test_a_repeated_page_counts_as_no_read(clock: Clock, door: Door) -> None:
    """Finding the previous page counts as no read for runs that advance by reads."""
    api = Api(Mock(clock=clock, lifecycle="reads:3"), door)
    run, *_ = [api.triggered(known.CHAT_QUALITY) for _ in range(5)]
    path = task_path(known.CHAT_QUALITY, "runs")
    cursor = ""
    for _ in range(2):
        page = api.get(path, limit=1, **({"cursor": cursor} if cursor else {})).json
        cursor = page["pagination"]["next_cursor"]
    api.mock.faults.add("duplicate-page")

    for _ in range(4):
        api.get(path, limit=1, cursor=cursor)

    api.mock.faults.clear()
    assert [api.run(run["id"])["status"] for _ in range(2)] == ["running", "completed"]


def test_a_repeated_page_repeats_no_write(clock: Clock, door: Door) -> None:
    """A POST with a cursor is carried out once."""
    api = Api(Mock(clock=clock, lenient=True), door)
    api.mock.faults.add("duplicate-page")

    reply = api.send("POST", task_path(known.CHAT_QUALITY, "trigger"), query="cursor=x")

    assert reply.status == 201
    assert len(api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"]) == 2


PREVENTED = ["status:503", "html-502", "reset"]
CARRIED_OUT = [
    "accept-then-drop",
    "delay:60s",
    "slow-drip",
    "truncate",
    "empty",
    "garbage",
    "unknown-enum",
    "extra-field",
    "duplicate-page",
]


@pytest.mark.one_door
@pytest.mark.parametrize(
    ("fault", "more"), [(each, 0) for each in PREVENTED] + [(each, 1) for each in CARRIED_OUT], ids=str
)
def test_faults_that_prevent_a_request_and_faults_that_do_not(api: Api, fault: str, more: int) -> None:
    """A fault that fails or resets the request prevents it; the others change only the response."""
    before = len(api.get("/__mock/world").json["tasks"])

    answer(api.mock, fault, "POST", TASKS, body=PROJECT_TASK)

    assert len(api.get("/__mock/world").json["tasks"]) == before + more


@pytest.mark.one_door
def test_request_ids_go_on(api: Api) -> None:
    """A request that a fault hits is numbered like any other, and its response has the number."""
    ids = [answer(api.mock, fault).header("x-request-id") for fault in ("status:503", "html-502", "reset", "garbage")]

    assert ids == ["req_000001", "req_000002", None, "req_000004"]
    assert api.get(TASKS).header("x-request-id") == "req_000005"
