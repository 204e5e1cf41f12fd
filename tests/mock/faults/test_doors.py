"""Each fault at the doors: at a raw socket, with httpx (sync and async), and with the clients of this package.

No test waits for a late response: the clients' timeouts are much shorter.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import AxClient
from axtasks import errors as facade_errors
from axtasks.mock import Clock, Mock, MockServer, MockTransport
from axtasks.mock import default_world as known
from axtasks.mock.serving.asgi import Application

from tests.mock import clients, raw
from tests.mock.clients import BASE
from tests.mock.support import AUTHORIZED, NOW, PROJECT_TASK, TASKS, task_path

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]

TASK = task_path(known.CHAT_QUALITY)
SHORT_SECONDS = 0.2
LONG_SECONDS = 20
LATE = "60s"
OUTCOMES = {
    "status:503 retry_after=1": "503 application/problem+json",
    "html-502": "502 text/html; charset=utf-8",
    "reset": "ReadError",
    "accept-then-drop": "RemoteProtocolError: Server disconnected without sending a response.",
    "delay:60s": "ReadTimeout",
    "delay:1ms": "200 application/json",
    "slow-drip:60s": "ReadTimeout",
    "slow-drip:0": "200 application/json",
    "truncate": "RemoteProtocolError: peer closed connection without sending complete message body "
    "(received {half} bytes, expected {whole})",
    "empty": "200 application/json",
    "garbage": "200 application/json",
    "unknown-enum": "200 application/json",
    "extra-field": "200 application/json",
}
"""The outcome of a call of httpx, by fault."""


def patience_for(fault: str) -> float:
    """Return the client's timeout: short for a fault that makes the response late."""
    return SHORT_SECONDS if LATE in fault else LONG_SECONDS


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


def whole(mock: Mock) -> bytes:
    """Return the body of the response without a fault."""
    with httpx.Client(transport=MockTransport(mock), base_url=BASE, headers=dict(AUTHORIZED)) as client:
        return client.get(TASK).content


# A raw socket


def exchange(server: MockServer, method: str = "GET") -> bytes:
    """Return all that the server sends on one connection for one request."""
    return raw.exchange(server.url, method, TASK)


def connected(server: MockServer) -> socket.socket:
    """Return a connection on which one request has been sent."""
    return raw.connected(server.url, "GET", TASK)


def test_reset_on_a_socket(server: MockServer) -> None:
    """The connection is reset, not closed."""
    server.mock.faults.add("reset")

    with pytest.raises(ConnectionResetError):
        exchange(server)


def test_drop_on_a_socket(server: MockServer) -> None:
    """The connection is closed properly, without a byte of a response."""
    server.mock.faults.add("accept-then-drop")

    assert exchange(server, "DELETE") == b""
    assert known.CHAT_QUALITY not in server.mock.world.tasks


def test_truncation_on_a_socket(server: MockServer) -> None:
    """The head has the whole length, half of the body comes, then the connection is closed."""
    usual = exchange(server).partition(b"\r\n\r\n")[2]
    server.mock.faults.add("truncate")

    head, _, body = exchange(server).partition(b"\r\n\r\n")

    assert f"content-length: {len(usual)}".encode() in head.lower()
    assert body == usual[: len(usual) // 2]


def test_truncation_of_nothing_on_a_socket(server: MockServer) -> None:
    """For a response without a body the connection is closed without a byte."""
    server.mock.faults.add("truncate")

    assert exchange(server, "DELETE") == b""


def test_delay_on_a_socket(server: MockServer) -> None:
    """The response does not come in time, and the connection stays open."""
    server.mock.faults.add("delay:60s")

    with connected(server) as connection:
        connection.settimeout(SHORT_SECONDS)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_slow_drip_on_a_socket(server: MockServer) -> None:
    """The head comes, and then nothing for a long time."""
    server.mock.faults.add("slow-drip:60s")

    with connected(server) as connection:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        connection.settimeout(SHORT_SECONDS)
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_slow_response_arrives_whole(server: MockServer) -> None:
    """A client with a long timeout gets the whole response."""
    usual = exchange(server).partition(b"\r\n\r\n")[2]
    server.mock.faults.add("slow-drip:0")

    assert exchange(server).partition(b"\r\n\r\n")[2] == usual


def test_the_server_answers_after_every_fault(server: MockServer) -> None:
    """After every fault the next request is answered, on the same connection if it was kept."""
    with httpx.Client(base_url=server.url, headers=dict(AUTHORIZED), timeout=LONG_SECONDS, trust_env=False) as client:
        for fault in OUTCOMES:
            server.mock.faults.add(f"times=1, {fault}")
            outcome(partial(client.get, TASK, timeout=clients.for_httpx(patience_for(fault))))
            assert client.get(TASK).status_code == 200, fault


def test_other_requests_are_not_delayed(server: MockServer) -> None:
    """While one response is delayed, other requests are answered."""
    server.mock.faults.add("times=1, delay:60s")
    with (
        connected(server),
        httpx.Client(base_url=server.url, headers=dict(AUTHORIZED), timeout=LONG_SECONDS, trust_env=False) as client,
    ):
        while not client.get("/__mock/faults").json()["faults"][0]["hits"]:
            pass
        assert client.get(TASK).status_code == 200


def test_stopping_does_not_wait(caplog: pytest.LogCaptureFixture) -> None:
    """A server that is stopped drops delayed responses, at once and without a log message."""
    with MockServer(Mock(faults="delay:60s")) as server:
        connection = connected(server)
        while not server.mock.faults.list()[0].hits:
            pass

    with connection:
        assert connection.recv(1) == b""
    assert caplog.records == []


def test_other_servers_cannot_end_connections() -> None:
    """As a bare ASGI application the mock cannot end a connection, and raises an error that says so."""
    transport = httpx.ASGITransport(Application(Mock(faults="times=1, reset; delay:1ms")))

    async def get() -> int:
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=dict(AUTHORIZED)) as client:
            with pytest.raises(LookupError, match="MockServer"):
                await client.get(TASK)
            return (await client.get(TASK)).status_code

    assert asyncio.run(get()) == 200


# httpx


def outcome(send: Callable[[], httpx.Response]) -> str:
    """Return the status and the media type of a response, or the error with its message."""
    try:
        answer = send()
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    return f"{answer.status_code} {answer.headers['content-type']}"


def by_client(url: str, transport: httpx.BaseTransport | None, patience: float) -> str:
    """Get the task with a sync client of httpx, and return the outcome."""
    with httpx.Client(
        transport=transport, headers=dict(AUTHORIZED), timeout=clients.for_httpx(patience), trust_env=False
    ) as client:
        return outcome(lambda: client.get(url + TASK))


def by_async_client(url: str, transport: httpx.AsyncBaseTransport | None, patience: float) -> str:
    """Get the task with an async client of httpx, and return the outcome."""

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=transport, headers=dict(AUTHORIZED), timeout=clients.for_httpx(patience), trust_env=False
        ) as client:
            return await client.get(url + TASK)

    return outcome(lambda: asyncio.run(get()))


ASKERS: dict[str, Callable[[MockServer, float], str]] = {
    "socket": lambda server, patience: by_client(server.url, None, patience),
    "async socket": lambda server, patience: by_async_client(server.url, None, patience),
    "transport": lambda server, patience: by_client(BASE, MockTransport(server.mock), patience),
    "async transport": lambda server, patience: by_async_client(BASE, MockTransport(server.mock), patience),
}


@pytest.mark.parametrize("ask", ASKERS.values(), ids=ASKERS)
@pytest.mark.parametrize(("fault", "expected"), OUTCOMES.items(), ids=OUTCOMES)
def test_httpx(server: MockServer, ask: Callable[[MockServer, float], str], fault: str, expected: str) -> None:
    """A fault has the same outcome through the transport as on a socket."""
    length = len(whole(server.mock))
    server.mock.faults.add(fault)

    # The message of a timeout or a reset comes from the layers below, and differs between them.
    assert ask(server, patience_for(fault)).startswith(expected.format(half=length // 2, whole=length))


def test_a_body_fails_while_it_is_read(server: MockServer) -> None:
    """A truncated response starts normally, also through the transport."""
    usual = whole(server.mock)
    server.mock.faults.add("truncate")

    with (
        httpx.Client(transport=MockTransport(server.mock), base_url=BASE, headers=dict(AUTHORIZED)) as client,
        client.stream("GET", TASK) as answer,
    ):
        assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(usual)))
        chunks = answer.iter_raw()
        received = next(chunks)
        with pytest.raises(httpx.RemoteProtocolError):
            next(chunks)

    assert received == usual[: len(usual) // 2]


def test_the_transport_waits_by_its_sleep(mock: Mock) -> None:
    """A transport calls its `sleep` for each wait; without one it does not wait."""
    waits: list[float] = []
    size = len(whole(mock))
    mock.faults.add("times=1, delay:2s; times=1, slow-drip:0.5s; times=1, delay:60s")

    with httpx.Client(
        transport=MockTransport(mock, sleep=waits.append), base_url=BASE, headers=dict(AUTHORIZED), timeout=5
    ) as client:
        client.get(TASK)
        client.get(TASK)
        with pytest.raises(httpx.ReadTimeout):
            client.get(TASK)

    assert waits == [2, *[0.5] * size, 5]


def test_the_sleep_may_be_a_coroutine_function(mock: Mock) -> None:
    """The `sleep` of an async client may be a coroutine function or a plain one."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def get(transport: MockTransport) -> int:
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=dict(AUTHORIZED)) as client:
            return (await client.get(TASK)).status_code

    mock.faults.add("delay:3s")

    assert asyncio.run(get(MockTransport(mock, sleep=sleep))) == 200
    assert asyncio.run(get(MockTransport(mock, sleep=mock.clock.advance))) == 200
    assert waits == [3]
    assert (mock.clock.now() - NOW).total_seconds() == 3


def test_a_client_without_a_timeout_gets_a_late_response(mock: Mock) -> None:
    """A client without a timeout gets the response, however late."""
    mock.faults.add("delay:60s")

    with httpx.Client(transport=MockTransport(mock), base_url=BASE, headers=dict(AUTHORIZED), timeout=None) as client:  # noqa: S113  # as it says
        assert client.get(TASK).status_code == 200


# The client of this package

TYPED = {
    "status:503 retry_after=1": facade_errors.ServerError,
    "status:429 retry_after=7": facade_errors.RateLimitError,
    "status:404": facade_errors.NotFoundError,
    "status:409": facade_errors.ConflictError,
    "html-502": facade_errors.ServerError,
    "reset": facade_errors.TransportError,
    "accept-then-drop": facade_errors.TransportError,
    "truncate": facade_errors.TransportError,
    "delay:60s": facade_errors.RequestTimeoutError,
    "slow-drip:60s": facade_errors.RequestTimeoutError,
    "empty": facade_errors.UndecodableBodyError,
    "garbage": facade_errors.UndecodableBodyError,
}


def blocking(url: str, transport: MockTransport | None, patience: float) -> None:
    """Get the task with the sync client of this package."""
    with clients.blocking(url, transport, patience) as client:
        client.tasks.get(known.CHAT_QUALITY)


def awaiting(url: str, transport: MockTransport | None, patience: float) -> None:
    """Get the task with the async client of this package."""

    async def get() -> None:
        async with clients.awaiting(url, transport, patience) as client:
            await client.tasks.get(known.CHAT_QUALITY)

    asyncio.run(get())


@pytest.mark.parametrize(
    ("get", "in_process"), [(blocking, True), (awaiting, False)], ids=["transport", "async socket"]
)
@pytest.mark.parametrize(("fault", "error"), TYPED.items(), ids=TYPED)
def test_typed_errors(
    server: MockServer,
    get: Callable[[str, MockTransport | None, float], None],
    in_process: bool,
    fault: str,
    error: type[facade_errors.AxError],
) -> None:
    """Each fault is a typed error of this package's clients, the same at every door."""
    server.mock.faults.add(fault)
    url, transport = (BASE, MockTransport(server.mock)) if in_process else (server.url, None)

    with pytest.raises(facade_errors.AxError) as caught:
        get(url, transport, patience_for(fault))
    assert type(caught.value) is error


@pytest.fixture
def client(mock: Mock) -> Iterator[AxClient]:
    """A client of this package, in process."""
    with clients.blocking(transport=MockTransport(mock)) as client:
        yield client


def test_rate_limit_as_an_error(client: AxClient, mock: Mock) -> None:
    """The error has the seconds from `Retry-After`."""
    mock.limit = "10/m"
    for _ in range(10):
        client.tasks.get(known.CHAT_QUALITY)

    with pytest.raises(facade_errors.RateLimitError) as caught:
        client.tasks.get(known.CHAT_QUALITY)
    assert caught.value.retry_after_seconds == 6


def test_unknown_things_are_tolerated(client: AxClient, mock: Mock) -> None:
    """A task with an unknown type or an unknown member can still be read."""
    mock.faults.add("times=1, unknown-enum; times=1, extra-field")

    assert [client.tasks.get(known.CHAT_QUALITY).name for _ in range(2)] == ["Chat Quality Monitor"] * 2


def test_unknown_run_status(client: AxClient, mock: Mock) -> None:
    """Waiting for a run stops at an unknown status."""
    mock.faults.add("operation=get_task_run, unknown-enum")

    with pytest.raises(facade_errors.UnknownRunStatusError):
        client.tasks.wait_for_run("VGFza1J1bjo5OTpxUndY")


def test_repeated_page(client: AxClient, mock: Mock) -> None:
    """Paging stops when a page repeats."""
    mock.faults.add("after=2, duplicate-page")

    with pytest.raises(facade_errors.RepeatedCursorError):
        list(client.tasks.list(limit=5))


@pytest.mark.parametrize("in_process", [True, False], ids=["transport", "socket"])
def test_accept_then_drop_leaves_one_task_behind(
    server: MockServer,
    in_process: bool,
) -> None:
    """The task is created although the response is lost: creating it again is a conflict, and there is one task."""
    server.mock.faults.add("times=1, operation=create_task, fault=accept-then-drop")
    headers = {**dict(AUTHORIZED), "Content-Type": "application/json"}
    with httpx.Client(
        base_url=BASE if in_process else server.url,
        transport=MockTransport(server.mock) if in_process else None,
        headers=headers,
        trust_env=False,
    ) as client:
        body = json.dumps(PROJECT_TASK)
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(TASKS, content=body)
        again = client.post(TASKS, content=body)
        found = client.get(TASKS, params={"name": PROJECT_TASK["name"]}).json()["tasks"]

    assert again.status_code == 409
    assert len(found) == 1
