"""The mock served on a socket: start, stop, errors and threads."""

from __future__ import annotations

import http.client
import inspect
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from axtasks.mock import Mock, MockRequest, MockServer
from axtasks.mock import default_world as known
from axtasks.mock.mock import MockOptions

from tests.mock.support import AUTHORIZED, PROJECT_TASK, TASKS, task_path

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]


def test_served_answers_do_not_wait() -> None:
    """Responses on one connection are not delayed by 40 ms, as by Nagle's algorithm with delayed ACKs."""
    with MockServer() as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)

        def quarter() -> float:
            waits: list[float] = []
            for _ in range(100):
                started = time.perf_counter()
                connection.request("GET", f"/v2/spaces/{known.DEMO}", headers=dict(AUTHORIZED))
                connection.getresponse().read()
                waits.append(time.perf_counter() - started)
            return sorted(waits)[25]

        # The quickest quarter of any hundred, since a busy machine delays the others.
        assert any(quarter() < 0.03 for _ in range(10))
        connection.close()


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


def test_a_server_takes_the_arguments_of_a_mock() -> None:
    """The arguments are for the mock that the server makes; with a given mock they are refused."""
    assert set(MockOptions.__annotations__) == set(inspect.signature(Mock).parameters)

    with MockServer(faults="status:503", lifecycle="reads:3", contract="beta") as server:
        assert (len(server.mock.faults.list()), str(server.mock.starting_lifecycles.default)) == (1, "reads:3")
        assert server.mock.contract == "beta"

    with pytest.raises(TypeError, match="faults, seed cannot be given with a mock"):
        MockServer(Mock(), faults="status:503", seed=1)


def test_text_is_one_name() -> None:
    """A list may have one name alone, and may then be left out; its letters are no names."""
    with MockServer(allow_hosts="mock.test", cors="http://localhost:3000") as server:
        asked = {**dict(AUTHORIZED), "Host": "mock.test", "Origin": "http://localhost:3000"}
        answer = httpx.get(server.url + TASKS, headers=asked, trust_env=False)

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "http://localhost:3000")


def test_two_servers_have_worlds_of_their_own() -> None:
    """A task that is deleted in one server still exists in the other."""
    with MockServer() as one, MockServer() as other:
        assert one.url != other.url
        path = task_path(known.CHAT_QUALITY)
        httpx.delete(one.url + path, headers=dict(AUTHORIZED), trust_env=False)

        assert httpx.get(one.url + path, headers=dict(AUTHORIZED), trust_env=False).status_code == 404
        assert httpx.get(other.url + path, headers=dict(AUTHORIZED), trust_env=False).status_code == 200


def test_a_taken_port_is_an_error_of_the_start() -> None:
    """An error of listening is raised where the server is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = MockServer(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            server.__enter__()


def test_an_error_in_the_thread_is_an_error_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the server's thread is raised where the server is started."""

    async def fail(*_: object) -> None:
        raise OSError("no luck")

    monkeypatch.setattr(uvicorn.Server, "startup", fail)

    with pytest.raises(RuntimeError, match="did not start") as caught:
        MockServer().__enter__()
    assert isinstance(caught.value.__cause__, OSError)


def test_starting_twice_is_an_error() -> None:
    """A server that listens cannot be started again."""
    with MockServer() as server, pytest.raises(RuntimeError, match="listens already"):
        server.__enter__()


def test_of_equal_creations_at_once_one_succeeds(mock: Mock) -> None:
    """Of eight creations of one name at once exactly one succeeds."""
    body = json.dumps(PROJECT_TASK).encode()
    headers = (*AUTHORIZED, ("Content-Type", "application/json"))
    barrier = threading.Barrier(8)

    def create(_: int) -> int:
        barrier.wait()
        return mock.handle(MockRequest("POST", TASKS, "", headers, body)).status

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(create, range(8)))

    assert statuses == [201] + [409] * 7


def test_an_incomplete_request_does_not_delay_the_stop(caplog: pytest.LogCaptureFixture) -> None:
    """Stopping closes connections with an incomplete request, without a log message."""
    head = b"POST /v2/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    with MockServer() as server, ExitStack() as stack:
        for sent in (head, head + b"{"):
            address = urlsplit(server.url)
            client = stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=10))
            client.sendall(sent)
        # The two before were read by then, since this one came later.
        assert httpx.get(f"{server.url}/__mock/health", trust_env=False).status_code == 200

    assert caplog.text == ""
