"""Every fault on a socket, with three kinds of clients: a bare connection, httpx, and the client of this package.

No test waits for a late response: the clients' timeouts are much shorter.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import AxClient, TaskType
from axtasks.errors import AmbiguousOutcomeError, AxError
from axtasks.mock import Clock, Mock, MockServer
from axtasks.mock import default_world as known
from axtasks.mock.faults.effects import GARBAGE, UNHEARD_OF
from axtasks.mock.faults.fault import FaultKind, parse

from tests.mock import clients, raw
from tests.mock.support import ABSENT, AUTHORIZED, NOW, PROJECT_TASK, TASKS, Json, run_path, task_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.one_door

TASK = task_path(known.CHAT_QUALITY)
NAME = "Chat Quality Monitor"
IMPATIENCE_SECONDS = 0.2


@dataclass(frozen=True)
class Row:
    """A fault, and what each kind of client gets from a request that it hits."""

    fault: str
    raw: str
    httpx: str
    facade: str


ROWS = [
    Row("status:503 retry_after=1", "503 a problem", "503 a problem", "ServerError"),
    Row("delay:60s", "nothing in time", "ReadTimeout", "RequestTimeoutError"),
    Row("reset", "reset", "ReadError", "TransportError"),
    Row("empty", "200 no body", "200 no body", "UndecodableBodyError"),
    Row("truncate", "200 half of it, then closed", "RemoteProtocolError", "TransportError"),
    Row("garbage", "200 garbage", "200 garbage", "UndecodableBodyError"),
    Row("slow-drip:60s", "200 nothing of it in time", "ReadTimeout", "RequestTimeoutError"),
    Row("html-502", "502 HTML", "502 HTML", "ServerError"),
    Row("unknown-enum", "200 an unknown value", "200 an unknown value", "an unknown value"),
    Row("extra-field", "200 an unknown member", "200 an unknown member", "as usual"),
    Row("duplicate-page", "200 the page before", "200 the page before", "RepeatedCursorError"),
    Row("accept-then-drop", "closed without a byte", "RemoteProtocolError", "TransportError"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    """A server for all tests of this module."""
    with MockServer(Mock(clock=Clock(NOW, frozen=True))) as server:
        yield server


@pytest.fixture
def server(shared: MockServer) -> MockServer:
    """The shared server, reset."""
    shared.mock.start_over()
    return shared


@dataclass(frozen=True)
class Usual:
    """A request, the body of its usual response, and the body of the previous page if it is for a page."""

    target: str
    body: bytes
    before: bytes = b""

    def patience(self, fault: str) -> float:
        """Return the client's timeout: short for a fault that makes the response late."""
        return IMPATIENCE_SECONDS if "60s" in fault else clients.PATIENCE_SECONDS

    def told(self, body: bytes) -> str:
        """Return a description of a body, by comparison with the usual one."""
        sizes = {0: "no body", len(self.body) // 2: "half of it"}
        if len(body) in sizes:
            return sizes[len(body)]
        known_bodies = {self.body: "as usual", self.before: "the page before", GARBAGE: "garbage"}
        if body in known_bodies:
            return known_bodies[body]
        if body.startswith(b"<html>"):
            return "HTML"
        members: dict[str, Json] = json.loads(body)
        if "instance" in members:
            return "a problem"
        if UNHEARD_OF in members:
            return "an unknown member"
        return "an unknown value" if UNHEARD_OF in members.values() else f"something else: {body!r}"


def kind_of(fault: str) -> FaultKind:
    """Return the kind of a fault."""
    (only,) = parse(fault)
    return only.kind


def usual_for(server: MockServer, fault: str) -> Usual:
    """Return the request that shows a fault best: a second page for faults of pages, else one task."""

    def body(target: str) -> bytes:
        return raw.exchange(server.url, "GET", target).partition(b"\r\n\r\n")[2]

    if kind_of(fault) is not FaultKind.DUPLICATE_PAGE:
        return Usual(TASK, body(TASK))
    first = f"{TASKS}?limit=2"
    before = body(first)
    second = f"{first}&cursor={json.loads(before)['pagination']['next_cursor']}"
    return Usual(second, body(second), before)


def test_every_fault_is_in_the_table() -> None:
    """Every kind of fault is in the table."""
    assert sorted(kind_of(row.fault) for row in ROWS) == sorted(FaultKind)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_raw(server: MockServer, row: Row) -> None:
    """A bare connection gets what the row says."""
    usual = usual_for(server, row.fault)
    server.mock.faults.add(row.fault)

    assert received(server.url, usual, row.fault) == row.raw


def received(url: str, usual: Usual, fault: str) -> str:
    """Return a description of what a bare connection gets."""
    with raw.connected(url, "GET", usual.target) as connection:
        if kind_of(fault) is FaultKind.DELAY:
            connection.settimeout(IMPATIENCE_SECONDS)
        content = b""
        try:
            while chunk := connection.recv(65536):
                content += chunk
                if b"\r\n\r\n" in content:
                    connection.settimeout(usual.patience(fault))
        except ConnectionResetError:
            return "reset"
        except TimeoutError:
            return f"{content[9:12].decode()} nothing of it in time" if content else "nothing in time"
    head, _, body = content.partition(b"\r\n\r\n")
    if not content:
        return "closed without a byte"
    whole = f"\r\ncontent-length: {len(body)}\r\n".encode() in head.lower() + b"\r\n"
    return f"{head[9:12].decode()} {usual.told(body)}" + ("" if whole else ", then closed")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_httpx(server: MockServer, row: Row) -> None:
    """An httpx client gets what the row says."""
    usual = usual_for(server, row.fault)
    server.mock.faults.add(row.fault)

    with httpx.Client(
        headers=dict(AUTHORIZED), timeout=clients.for_httpx(usual.patience(row.fault)), trust_env=False
    ) as client:
        try:
            answer = client.get(server.url + usual.target)
        except httpx.HTTPError as error:
            found = type(error).__name__
        else:
            found = f"{answer.status_code} {usual.told(answer.content)}"
    assert found == row.httpx


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_facade(server: MockServer, row: Row) -> None:
    """The client of this package gets what the row says."""
    usual = usual_for(server, row.fault)
    server.mock.faults.add(row.fault)

    with clients.blocking(server.url, patience=usual.patience(row.fault)) as client:
        try:
            found = read(client, usual)
        except AxError as error:
            found = type(error).__name__
    assert found == row.facade


def read(client: AxClient, usual: Usual) -> str:
    """Read all pages of tasks, or one task, and return a description."""
    if usual.before:
        return f"{len(list(client.tasks.list(limit=2)))} tasks"
    task = client.tasks.get(known.CHAT_QUALITY)
    return "an unknown value" if task.type == UNHEARD_OF else "as usual" if task.name == NAME else str(task)


# A write that is carried out although its response is lost


@dataclass(frozen=True)
class Traces:
    """The state of the world that a write changes.

    Attributes:
        tasks: the number of tasks.
        name: the name of one task; None if it is deleted.
        runs: the number of its runs.
        status: the status of a run that was pending.
    """

    tasks: int
    name: str | None
    runs: int
    status: str


BEFORE = Traces(tasks=135, name=NAME, runs=1, status="pending")


@dataclass(frozen=True)
class Write:
    """A write as plain HTTP and as a method of the client, given the pending run; and the state after it."""

    operation: str
    method: str
    target: Callable[[str], str]
    body: Json
    call: Callable[[AxClient, str], object]
    left: Traces


WRITES = [
    Write(
        "create_task",
        "POST",
        lambda _: TASKS,
        PROJECT_TASK,
        lambda client, _: client.tasks.create_evaluation_task(
            PROJECT_TASK["name"],
            task_type=TaskType.TEMPLATE_EVALUATION,
            project=known.CHAT_PROD,
            evaluators=[known.HALLUCINATION],
        ),
        replace(BEFORE, tasks=136),
    ),
    Write(
        "update_task",
        "PATCH",
        lambda _: TASK,
        {"name": "Renamed"},
        lambda client, _: client.tasks.update(known.CHAT_QUALITY, name="Renamed"),
        replace(BEFORE, name="Renamed"),
    ),
    Write(
        "delete_task",
        "DELETE",
        lambda _: TASK,
        ABSENT,
        lambda client, _: client.tasks.delete(known.CHAT_QUALITY),
        replace(BEFORE, tasks=134, name=None, runs=0),
    ),
    Write(
        "trigger_task_run",
        "POST",
        lambda _: f"{TASK}/trigger",
        {},
        lambda client, _: client.tasks.trigger_run(known.CHAT_QUALITY),
        replace(BEFORE, runs=2),
    ),
    Write(
        "cancel_task_run",
        "POST",
        lambda run: run_path(run, "cancel"),
        ABSENT,
        lambda client, run: client.tasks.cancel_run(run),
        replace(BEFORE, status="cancelled"),
    ),
]


def traces(mock: Mock, run: str) -> Traces:
    """Return the present state."""
    tasks = {task.id: task.name for task in mock.world.tasks.all()}
    runs = list(mock.world.task_runs.all())
    status = next(str(each.status) for each in runs if each.id == run)
    of_chat = sum(each.task_id == known.CHAT_QUALITY for each in runs)
    return Traces(len(tasks), tasks.get(known.CHAT_QUALITY), of_chat, status)


def by_socket(url: str, write: Write, run: str) -> None:
    """Write over a bare connection, which is closed without a response."""
    body, headers = sent(write)
    assert raw.exchange(url, write.method, write.target(run), body, headers=tuple(headers.items())) == b""


def by_httpx(url: str, write: Write, run: str) -> None:
    """Write with httpx, whose call fails."""
    body, headers = sent(write)
    with (
        httpx.Client(headers=headers, trust_env=False) as client,
        pytest.raises(httpx.RemoteProtocolError, match="without sending a response"),
    ):
        client.request(write.method, url + write.target(run), content=body)


def by_facade(url: str, write: Write, run: str) -> None:
    """Write with the client of this package, which finds out what happened, except after a trigger."""
    is_ambiguous = write.operation == "trigger_task_run"
    with clients.blocking(url) as client, pytest.raises(AmbiguousOutcomeError) if is_ambiguous else nullcontext():
        write.call(client, run)


def sent(write: Write) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a write."""
    if write.body is ABSENT:
        return b"", dict(AUTHORIZED)
    return json.dumps(write.body).encode(), {**dict(AUTHORIZED), "Content-Type": "application/json"}


@pytest.mark.parametrize("by", [by_socket, by_httpx, by_facade])
@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.operation)
def test_accept_then_drop(server: MockServer, write: Write, by: Callable[[str, Write, str], None]) -> None:
    """A write whose response is lost is carried out exactly once, and nothing else is."""
    headers = {**dict(AUTHORIZED), "Content-Type": "application/json"}
    created = httpx.post(
        f"{server.url}{task_path(known.GOLDEN_REVIEW, 'trigger')}", headers=headers, json={}, trust_env=False
    )
    run: str = created.json()["id"]
    assert traces(server.mock, run) == BEFORE
    server.mock.faults.add(f"operation={write.operation}, accept-then-drop")

    by(server.url, write, run)

    assert traces(server.mock, run) == write.left
    (exchange,) = server.mock.journal.exchanges(operation=write.operation, fault="accept-then-drop")
    assert exchange.status < 300
