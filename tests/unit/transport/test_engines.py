"""Tests of both engines: the same requests, results and connections."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpcore
import pytest
import trustme
from axtasks import (
    AsyncAxClient,
    AxClient,
    ConnectionFailedError,
    InvalidArgumentError,
    RetryPolicy,
    TransportError,
)
from axtasks.config.endpoint import Address, parse_address
from axtasks.config.settings import resolve_settings
from axtasks.transport import connect, httpcore_engine, network
from axtasks.transport.http11 import Exchange, RequestWriter
from axtasks.transport.httpcore_engine import HttpcoreEngine
from axtasks.transport.steps import run, run_async
from axtasks_api.operation import PreparedRequest

from tests.engines import ENGINES, carried_by, is_closed
from tests.unit.support import API_KEY, CHAT_QUALITY, CHAT_QUALITY_RUN, RUN, TASK, Blocking, ClientKind, Stopwatch
from tests.unit.wire import dripping, reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# None of this depends on what a server speaks.
pytestmark = [pytest.mark.one_contract, pytest.mark.both_clients]

ONCE = RetryPolicy(attempts=1)
TASK_REPLY = reply(json.dumps(TASK).encode())
RUN_REPLY = reply(json.dumps(RUN).encode())


def read_task(ax: Any) -> Any:
    return ax.tasks.get(CHAT_QUALITY)


def asked(client_kind: ClientKind, url: str, *calls: Callable[[Any], Any], **settings: Any) -> list[Any]:
    """Return the results of several calls of one client, errors included."""
    settings = {"api_key": API_KEY, "base_url": url, "retry": ONCE, "contract": "documents", **settings}
    found: list[Any] = []
    if client_kind is Blocking:
        with AxClient(**settings) as ax:
            for call in calls:
                try:
                    found.append(call(ax))
                except Exception as error:  # noqa: BLE001  # the test looks at it
                    found.append(error)
        return found

    async def play() -> None:
        async with AsyncAxClient(**settings) as ax:
            for call in calls:
                try:
                    found.append(await call(ax))
                except Exception as error:  # noqa: BLE001  # the test looks at it
                    found.append(error)

    asyncio.run(play())
    return found


def writer_for(url: str) -> RequestWriter:
    return RequestWriter(resolve_settings({"api_key": API_KEY, "base_url": url}, environment={}))


# What goes out

SENT: dict[str, Callable[[Any], Any]] = {
    "a-read": read_task,
    "a-query": lambda ax: ax.request("GET", "/v2/tasks", query={"name": "ä b&c=/?#+%\r\n", "cursor": ""}),
    "a-path": lambda ax: ax.request("GET", "/v2/a{b}|c^%7E%zz'(;)[]@:!$&*+,=~\"<>`"),
    "a-body": lambda ax: ax.request("PATCH", "/v2/x", body={"name": "ä"}),
    "no-body": lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN),
    "a-deletion": lambda ax: ax.request("DELETE", "/v2/x"),
    "an-empty-body": lambda ax: ax.request("PUT", "/v2/x", body={}),
}


@pytest.mark.parametrize("call", SENT.values(), ids=SENT)
def test_requests_are_the_same_to_the_last_letter(call: Callable[[Any], Any], client_kind: ClientKind) -> None:
    heads: list[list[str]] = []
    for engine in ENGINES:
        with carried_by(engine), wired(RUN_REPLY) as server:
            asked(client_kind, server.url, call)
            first, *headers = server.heard[0].partition("\r\n\r\n")[0].replace(f":{server.port}", ":port").split("\r\n")
            # Their order means nothing.
            heads.append([first, *sorted(headers)])

    assert heads[0] == heads[1]
    assert f"authorization: Bearer {API_KEY}" in heads[0]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://api.arize.com", Address("api.arize.com", 443, "api.arize.com")),
        ("http://LocalHost:80", Address("localhost", 80, "localhost")),
        ("https://h:80", Address("h", 80, "h:80")),
        ("http://[::1]:8765", Address("::1", 8765, "[::1]:8765")),
        ("https://[2001:DB8::1]", Address("2001:db8::1", 443, "[2001:db8::1]")),
    ],
)
def test_connections_go_where_the_address_says(url: str, address: Address) -> None:
    assert parse_address(url) == address
    written = writer_for(url).request(PreparedRequest("x", "GET", "/v2"), None)
    assert (b"host", address.authority.encode()) in list(written.headers)


@pytest.mark.parametrize(
    "request_",
    [
        PreparedRequest("x", "GET", "/v2/a\r\nX-Evil: 1"),
        PreparedRequest("x", "GET", "/v2/a b"),
        PreparedRequest("x", "GET", "v2"),
        PreparedRequest("x", "GET", "/v2/ä"),
        PreparedRequest("x", "GET /v2 HTTP/1.1\r\nX-Evil: 1\r\n", "/v2"),
        PreparedRequest("x", "", "/v2"),
        PreparedRequest("x", "GET", "/v2", (("a", "\ud83d"),)),
        PreparedRequest("x", "GET", "/v2", (("a", "x" * 70_000),)),
    ],
    ids=["header", "blank", "no-slash", "not-ascii", "method", "no-method", "surrogate", "endless"],
)
def test_nothing_breaks_out_of_the_first_line(request_: PreparedRequest) -> None:
    with pytest.raises(InvalidArgumentError, match="x cannot be sent"):
        writer_for("https://h").request(request_, None)


# What comes back


def test_interim_responses_are_skipped(client_kind: ClientKind, engine: str) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    with wired(early + TASK_REPLY, TASK_REPLY) as server:
        found = asked(client_kind, server.url, read_task, read_task)

        assert [task.id for task in found] == [CHAT_QUALITY] * 2, engine
        assert server.connections == 1


def test_an_answer_in_chunks_is_put_together(client_kind: ClientKind, engine: str) -> None:
    body = json.dumps(TASK).encode()
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (7, body[:7], len(body) - 7, body[7:])
    with wired(chunked, TASK_REPLY) as server:
        found = asked(client_kind, server.url, read_task, read_task)

        assert [task.id for task in found] == [CHAT_QUALITY] * 2, engine
        assert server.connections == 1


def test_an_answer_without_a_body_leaves_the_connection_for_the_next(client_kind: ClientKind, engine: str) -> None:
    head = reply(b"", Content_Length="5")
    with wired(head, b"HTTP/1.1 204 No Content\r\n\r\n", TASK_REPLY) as server:
        found = asked(
            client_kind,
            server.url,
            lambda ax: ax.request("HEAD", "/v2/tasks"),
            lambda ax: ax.request("DELETE", "/v2/tasks/x"),
            read_task,
        )

        assert [answer.status_code for answer in found[:2]] == [200, 204], engine
        assert [answer.content for answer in found[:2]] == [b"", b""]
        assert found[2].id == CHAT_QUALITY
        assert server.connections == 1


def test_cookies_are_not_kept(client_kind: ClientKind, engine: str) -> None:
    with wired(reply(json.dumps(TASK).encode(), Set_Cookie="a=b; Path=/"), TASK_REPLY) as server:
        asked(client_kind, server.url, read_task, read_task)

        assert len(server.heard) == 2, engine
        assert "cookie" not in server.heard[1].lower()


# Which connection


def test_a_connection_that_was_closed_while_nobody_used_it_is_not_used(client_kind: ClientKind, engine: str) -> None:
    """The request never left, so the outcome is not in doubt."""
    # The test's server hangs up after what has this word in it, and announces nothing.
    with wired(reply(json.dumps(TASK).encode(), X_Hint="close"), TASK_REPLY) as server:

        def waited(ax: Any) -> Any:
            while not server.hung_up.wait(5):
                pass
            return read_task(ax)

        found = asked(client_kind, server.url, read_task, waited)

        assert [task.id for task in found] == [CHAT_QUALITY] * 2, engine
        assert (server.connections, len(server.heard)) == (2, 2)


def test_a_request_that_was_not_answered_is_not_sent_again_unseen(client_kind: ClientKind, engine: str) -> None:
    """It may have been applied; the retry policy decides what to do."""
    with wired(RUN_REPLY) as server:
        found = asked(
            client_kind,
            server.url,
            lambda ax: ax.tasks.get_run(CHAT_QUALITY_RUN),
            lambda ax: ax.request("POST", "/v2/task-runs/x/cancel"),
        )

        assert type(found[1]) is TransportError, engine
        assert server.connections == 1


def test_a_connection_that_waited_for_long_is_not_used(
    client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A middlebox may have dropped it without notice."""
    monkeypatch.setattr(httpcore_engine, "KEPT_SECONDS", 0.0)
    with wired(TASK_REPLY, TASK_REPLY) as server:
        asked(client_kind, server.url, read_task, read_task)

        assert server.connections == 2


def test_no_more_connections_are_kept_than_are_of_use(client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpcore_engine, "MOST_KEPT", 0)
    with wired(TASK_REPLY, TASK_REPLY) as server:
        asked(client_kind, server.url, read_task, read_task)

        assert server.connections == 2


@pytest.mark.posix
def test_an_interrupt_while_waiting_for_an_answer_drops_the_connection(engine: str) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def begun() -> Iterator[bytes]:
        yield TASK_REPLY[:30]
        # The main thread waits for more by now, and is interrupted there.
        os.kill(os.getpid(), signal.SIGALRM)
        yield from dripping(TASK_REPLY[30:], begin_at=0)

    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        with wired(begun(), TASK_REPLY) as server, AxClient(api_key=API_KEY, base_url=server.url) as ax:
            with pytest.raises(KeyboardInterrupt):
                read_task(ax)
            assert read_task(ax).id == CHAT_QUALITY, engine
            assert server.connections == 2
    finally:
        signal.signal(signal.SIGALRM, before)


def test_requests_under_way_go_on_when_the_client_is_closed(client_kind: ClientKind) -> None:
    """A thread that waits on a connection would not notice its closing, and hang."""
    goes_on = threading.Event()

    def held_up() -> Iterator[bytes]:
        goes_on.wait(10)
        yield TASK_REPLY

    async def awaiting(url: str, heard: list[str]) -> tuple[Any, Any]:
        ax = AsyncAxClient(api_key=API_KEY, base_url=url)
        asking, engine = asyncio.ensure_future(read_task(ax)), ax._transport.engine()
        while not heard:  # noqa: ASYNC110  # it is another thread that hears
            await asyncio.sleep(0.005)
        await ax.close()
        goes_on.set()
        return await asking, engine

    def blocking(url: str, heard: list[str]) -> tuple[Any, Any]:
        ax = AxClient(api_key=API_KEY, base_url=url)
        engine = ax._transport.engine()
        with ThreadPoolExecutor(1) as threads:
            asking = threads.submit(read_task, ax)
            while not heard:
                threading.Event().wait(0.005)
            ax.close()
            goes_on.set()
            return asking.result(10), engine

    with wired(held_up()) as server:
        if client_kind is Blocking:
            task, engine = blocking(server.url, server.heard)
        else:
            task, engine = asyncio.run(awaiting(server.url, server.heard))

    assert task.id == CHAT_QUALITY
    assert is_closed(engine)


def test_a_thread_that_finds_no_slot_in_time_has_sent_nothing() -> None:
    # By a clock that stands still, so that nothing but the wait for a slot uses the time up.
    clock = Stopwatch().clock
    with (
        wired(TASK_REPLY, TASK_REPLY) as server,
        AxClient(api_key=API_KEY, base_url=server.url, retry=ONCE, clock=clock) as ax,
    ):
        read_task(ax)
        engine = ax._transport.engine()
        assert isinstance(engine, HttpcoreEngine)
        for _ in range(network.MOST_AT_ONCE):
            engine.network.acquire(0)
        with pytest.raises(ConnectionFailedError, match="too many other requests were under way"):
            read_task(ax.with_options(timeout=0.02))
        engine.network.slots.release()
        assert read_task(ax).id == CHAT_QUALITY


# Connecting


def of_name(*ports: int) -> Callable[..., list[tuple[Any, ...]]]:
    """Return a name lookup that resolves a name to these ports of this machine."""

    def getaddrinfo(host: str, port: int, *_: object, flags: int = 0, **__: object) -> list[tuple[Any, ...]]:
        if host == "127.0.0.1":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        if flags:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]

    return getaddrinfo


@pytest.mark.parametrize("dead", [0, 1, 2])
def test_each_parse_address_a_server_is_tried(
    client_kind: ClientKind, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wired(TASK_REPLY) as server:
        monkeypatch.setattr(socket, "getaddrinfo", of_name(*[1] * dead, server.port))
        (found,) = asked(client_kind, "http://localhost:1", read_task)

    assert found.id == CHAT_QUALITY


@pytest.mark.parametrize("ports", [(), (1,), (1, 2)], ids=len)
def test_a_server_without_an_address_that_answers_was_not_reached(
    client_kind: ClientKind, ports: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", of_name(*ports))
    (found,) = asked(client_kind, "http://localhost:1", read_task)

    assert type(found) is ConnectionFailedError
    assert "http://localhost:1 was not reached for get_task" in str(found)


@pytest.mark.parametrize("silent", [1, 2])
def test_an_address_that_says_nothing_does_not_hold_up_the_next(
    silent: int, client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "ATTEMPT_DELAY_SECONDS", 0.01)
    with wired(TASK_REPLY) as server, unresponsive_ports(silent) as places:
        monkeypatch.setattr(socket, "getaddrinfo", of_name(*places, server.port))
        (found,) = asked(client_kind, "http://localhost:1", read_task)

    assert found.id == CHAT_QUALITY


@contextmanager
def unresponsive_ports(number: int) -> Iterator[list[int]]:
    """Yield ports of this machine at which connections are neither accepted nor refused."""
    with ExitStack() as stack:
        places = []
        for _ in range(number):
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            port = listening.getsockname()[1]
            # The queue of the system is filled by these.
            for _ in range(3):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(("127.0.0.1", port))
            places.append(port)
        yield places


def test_a_name_that_is_not_found_in_time_holds_up_no_call(
    client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lookup goes on in a thread that all calls for the name share."""
    is_over = threading.Event()
    threads: list[threading.Thread] = []

    def hanging(*_: object, flags: int = 0, **__: object) -> list[tuple[Any, ...]]:
        if flags:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        threads.append(threading.current_thread())
        is_over.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        # By a clock that stands still, so that nothing but the lookup uses the time up.
        clock = Stopwatch().clock
        found = asked(client_kind, "http://localhost:1", read_task, read_task, timeout=0.05, clock=clock)
    finally:
        is_over.set()

    assert [type(error) for error in found] == [ConnectionFailedError] * 2
    assert len(threads) == 1
    threads[0].join(30)


class Stream:
    """A stream that writes little at a time, and closes on more than its limit."""

    def __init__(self, most: int, said: bytes) -> None:
        self.most, self.said, self.taken = most, said, b""

    def write(self, data: bytes, _: float) -> None:
        if len(self.taken) + len(data) > self.most:
            raise httpcore.WriteError("broken pipe") from BrokenPipeError()
        self.taken += data

    def read(self, _: int, __: float) -> bytes:
        said, self.said = self.said, b""
        return said


@pytest.mark.parametrize(("most", "is_reusable"), [(1_000_000, True), (100_000, False)], ids=["all", "some"])
def test_an_early_response_is_read_however_much_of_the_request_was_sent(most: int, is_reusable: bool) -> None:
    stream: Any = Stream(most, reply(b"", "413 Too Much"))
    content = b"x" * 200_000
    request = writer_for("https://h").request(PreparedRequest("x", "POST", "/v2"), content)
    exchange = Exchange(request, content, most_bytes=100)

    engine = HttpcoreEngine(resolve_settings({"api_key": API_KEY}, environment={}), network.Network())
    run(engine.carry_out(stream, exchange, seconds=1, ends=float("inf")))

    assert exchange.response().status_code == 413
    assert exchange.is_reusable is is_reusable


# Imports


FIRST_REQUEST = """
import sys
from axtasks import AxClient
with AxClient(api_key="some-key", base_url=sys.argv[1]) as ax:
    before = set(sys.modules)
    assert not {"socket", "select"} & before, "a network library was imported before there was anything to send"
    print(ax.tasks.get_run(sys.argv[2]).status)
print(*sorted({"httpx", "asyncio", "http.client", "email"} & set(sys.modules)))
"""


@pytest.mark.programs
def test_a_first_request_imports_no_library_that_it_does_not_use() -> None:
    with wired(RUN_REPLY) as server:
        done = subprocess.run(
            [sys.executable, "-c", FIRST_REQUEST, server.url, CHAT_QUALITY_RUN],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"ARIZE_TASKS_NO_ALPHA_WARNING": "1"},
        )

    assert (done.stdout.splitlines(), done.stderr) == (["running", ""], "")


def test_all_idle_connections_are_closed_though_closing_one_is_cancelled() -> None:
    async def play() -> list[int]:
        closed: list[int] = []

        class Opened:
            def __init__(self, number: int) -> None:
                self.number = number

            async def aclose(self) -> None:
                closed.append(self.number)
                await asyncio.sleep(0)

        settings = resolve_settings({"api_key": API_KEY, "base_url": "http://localhost:9"}, environment={})
        own: Any = network.AsyncNetwork()
        engine = HttpcoreEngine(settings, own)
        for number in range(3):
            kept: Any = Opened(number)
            engine.idle.keep(kept)
        closing = asyncio.ensure_future(run_async(engine.close_steps()))
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        return sorted(closed)

    assert asyncio.run(play()) == [0, 1, 2]


def test_a_connection_that_is_made_after_another_was_is_closed() -> None:
    """The call that waited for the first connection may be gone by then."""

    async def play() -> None:
        is_closed_now = asyncio.Event()

        class Late:
            async def aclose(self) -> None:
                is_closed_now.set()

        async def connect_all_the_same() -> Any:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            return Late()

        attempt = asyncio.ensure_future(connect_all_the_same())
        await asyncio.sleep(0)
        own = network.AsyncNetwork()
        own.abandon(attempt)
        async with asyncio.timeout(60):
            await is_closed_now.wait()

    asyncio.run(play())


def test_data_that_tls_holds_above_the_socket_makes_a_connection_unfit() -> None:
    """It was encrypted, and came in one segment with the response."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("h").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname="h")
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for end in (client, server, client, server):
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    stream: Any = Extras(is_readable=False, ssl_object=client)
    server.write(b"response")
    assert client.read(100) == b"response"
    assert network.is_quiet(stream)

    server.write(b"response")
    server.write(b"unasked")
    assert client.read(100) == b"response"
    assert not network.is_quiet(stream)


class Extras:
    """A stream of which only this attribute is known."""

    def __init__(self, **infos: object) -> None:
        self.infos = infos

    def get_extra_info(self, info: str) -> object:
        return self.infos[info]
