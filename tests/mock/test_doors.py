"""One mock behind several doors: whatever a request comes through, the answer is the same."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from axtasks.mock import Clock, Mock, MockRequest, MockServer, MockTransport
from axtasks.mock import default_world as known

from tests.mock.support import AUTHORIZED, NOW, PROJECT_TASK, TASKS, task_path

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]

BASE = "http://mock.test"
Exchange = tuple[int, str | None, str | None, bytes]
Door = Callable[[str, str, bytes | None], Exchange]

SCRIPT: list[tuple[str, str, bytes | None]] = [
    ("GET", f"{TASKS}?limit=2&name=chat%20quality", None),
    ("GET", f"{TASKS}?name=chat+quality", None),
    ("GET", task_path(known.CHAT_QUALITY), None),
    ("POST", TASKS, json.dumps(PROJECT_TASK).encode()),
    ("POST", TASKS, json.dumps(PROJECT_TASK).encode()),
    ("PATCH", task_path(known.CHAT_QUALITY), '{"name": "Prüfung \\u00e9"}'.encode()),
    ("POST", task_path(known.CHAT_QUALITY, "trigger"), None),
    ("POST", task_path(known.CHAT_QUALITY, "trigger"), b"{}"),
    ("POST", task_path(known.CHAT_QUALITY, "trigger"), b"{"),
    ("GET", "/v2/tasks/a%2Fb%20c", None),
    ("GET", "/v2/projects/TW9kZWw6MTIzOmFCY0Q%3D", None),
    ("OPTIONS", TASKS, None),
    ("HEAD", TASKS, None),
    ("DELETE", task_path(known.GOLDEN_REVIEW), None),
    ("POST", TASKS, b" " * (1024 * 1024 + 1)),
    ("POST", "/__mock/clock", b'{"advance_seconds": 5}'),
    ("GET", "/__mock/world", None),
    ("POST", "/__mock/reset", None),
]


def headers_for(body: bytes | None) -> dict[str, str]:
    """What an authorized client sends along."""
    return dict(AUTHORIZED) | ({} if body is None else {"Content-Type": "application/json"})


def through_core(mock: Mock) -> Iterator[Door]:
    """No door at all."""

    def send(method: str, target: str, body: bytes | None) -> Exchange:
        path, _, query = target.partition("?")
        response = mock.handle(MockRequest(method, path, query, tuple(headers_for(body).items()), body or b""))
        return response.status, response.header("content-type"), response.header("date"), response.body

    yield send


def through_transport(mock: Mock) -> Iterator[Door]:
    """An httpx client."""
    with httpx.Client(transport=MockTransport(mock), base_url=BASE) as client:

        def send(method: str, target: str, body: bytes | None) -> Exchange:
            answer = client.request(method, target, content=body, headers=headers_for(body))
            return answer.status_code, answer.headers.get("content-type"), answer.headers.get("date"), answer.content

        yield send


def through_async_transport(mock: Mock) -> Iterator[Door]:
    """An asynchronous httpx client."""

    async def exchange(method: str, target: str, body: bytes | None) -> Exchange:
        async with httpx.AsyncClient(transport=MockTransport(mock), base_url=BASE) as client:
            answer = await client.request(method, target, content=body, headers=headers_for(body))
        return answer.status_code, answer.headers.get("content-type"), answer.headers.get("date"), answer.content

    def send(method: str, target: str, body: bytes | None) -> Exchange:
        return asyncio.run(exchange(method, target, body))

    yield send


def through_socket(mock: Mock) -> Iterator[Door]:
    """A served socket, one connection for all."""
    with MockServer(mock) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)

        def send(method: str, target: str, body: bytes | None) -> Exchange:
            connection.request(method, target, body, headers_for(body))
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, answer.getheader("content-type"), answer.getheader("date"), content

        yield send
        connection.close()


@pytest.mark.parametrize(
    "through",
    [through_transport, through_async_transport, through_socket],
    ids=["httpx transport", "async httpx transport", "socket"],
)
def test_every_door_gives_the_same_answers(through: Callable[[Mock], Iterator[Door]]) -> None:
    """A whole script of requests has the same statuses, media types, dates and bodies as without a door."""

    def play(door: Callable[[Mock], Iterator[Door]]) -> list[Exchange]:
        answers: list[Exchange] = []
        for send in door(Mock(clock=Clock(NOW, frozen=True))):
            answers.extend(send(*step) for step in SCRIPT)
        return answers

    assert play(through) == play(through_core)


def test_a_transport_makes_its_own_mock() -> None:
    """Without a mock a transport starts with a fresh one."""
    with httpx.Client(transport=MockTransport(), base_url=BASE, headers=dict(AUTHORIZED)) as client:
        assert client.get(TASKS).status_code == 200


def test_server_headers_are_the_mocks_own() -> None:
    """The served answers carry one date, that of the mock's clock, and no word about the server."""
    with MockServer(Mock(clock=Clock(NOW, frozen=True))) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        connection.request("GET", TASKS, headers=dict(AUTHORIZED))
        answer = connection.getresponse()
        answer.read()
        connection.close()

    assert answer.headers.get_all("date") == ["Tue, 10 Mar 2026 15:00:00 GMT"]
    assert answer.headers.get_all("server") is None
    assert answer.headers["x-request-id"] == "req_000001"


def test_served_answers_do_not_wait() -> None:
    """Answers on one connection come at once, not after the kernel's 40 ms of waiting for an acknowledgement."""
    with MockServer() as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        started = time.perf_counter()
        for _ in range(100):
            connection.request("GET", f"/v2/spaces/{known.DEMO}", headers=dict(AUTHORIZED))
            connection.getresponse().read()
        taken = time.perf_counter() - started
        connection.close()

    assert taken < 2


def test_server_listens_and_stops() -> None:
    """Connections are accepted within the block, and no longer after it; a server can be started again."""
    server = MockServer(run_seconds=0)

    for _ in range(2):
        with server:
            assert server.is_listening
            assert httpx.get(server.url + TASKS, headers=dict(AUTHORIZED), trust_env=False).status_code == 200
        assert not server.is_listening
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url, trust_env=False)


def test_two_servers_have_worlds_of_their_own() -> None:
    """What is deleted in one server is still there in the other."""
    with MockServer() as one, MockServer() as other:
        assert one.url != other.url
        path = task_path(known.CHAT_QUALITY)
        httpx.delete(one.url + path, headers=dict(AUTHORIZED), trust_env=False)

        assert httpx.get(one.url + path, headers=dict(AUTHORIZED), trust_env=False).status_code == 404
        assert httpx.get(other.url + path, headers=dict(AUTHORIZED), trust_env=False).status_code == 200


def test_a_taken_port_is_the_callers_to_hear_of() -> None:
    """What keeps a server from listening is raised where it was started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = MockServer(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            server.__enter__()


def test_a_failing_start_is_the_callers_to_hear_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in the server's thread is raised where it was started."""

    async def fail(*_: object) -> None:
        raise OSError("no luck")

    monkeypatch.setattr(uvicorn.Server, "startup", fail)

    with pytest.raises(RuntimeError, match="did not start") as caught:
        MockServer().__enter__()
    assert isinstance(caught.value.__cause__, OSError)


def test_starting_twice_is_an_error() -> None:
    """A server that listens cannot be started once more."""
    with MockServer() as server, pytest.raises(RuntimeError, match="listens already"):
        server.__enter__()


def test_threads_do_not_get_in_each_others_way(mock: Mock) -> None:
    """Of many creations of one name at once exactly one succeeds."""
    body = json.dumps(PROJECT_TASK).encode()
    headers = tuple(headers_for(body).items())
    barrier = threading.Barrier(8)

    def create(_: int) -> int:
        barrier.wait()
        return mock.handle(MockRequest("POST", TASKS, "", headers, body)).status

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(create, range(8)))

    assert statuses == [201] + [409] * 7
