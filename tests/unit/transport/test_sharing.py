"""Tests of a client shared by threads, tasks, processes and event loops, closed at any time or never."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import traceback
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpcore
import pytest
from axtasks import (
    AsyncAxClient,
    AxClient,
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    RetryPolicy,
    Timeouts,
)
from axtasks.concurrency import Forkable
from axtasks.engine.caches import TriggerLog
from axtasks.engine.retry import RetryBudget
from axtasks.mock import Mock, MockServer
from axtasks.transport.network import MOST_AT_ONCE

from tests.engines import is_closed, preamble
from tests.unit.support import API_KEY, CHAT_QUALITY, DEMO, TASK, Recorder, Stopwatch, answer, client_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

CLOSED = "this client is closed"


@pytest.fixture
def server(engine: str) -> Iterator[MockServer]:
    """Yield a mock behind a socket, for each engine."""
    assert engine
    with MockServer(Mock(run_seconds=0)) as server:
        yield server


def connect(server: MockServer, **settings: Any) -> AxClient:
    return AxClient(api_key=API_KEY, base_url=server.url, space=DEMO, **settings)


def connect_async(server: MockServer, **settings: Any) -> AsyncAxClient:
    return AsyncAxClient(api_key=API_KEY, base_url=server.url, space=DEMO, **settings)


@pytest.mark.slow
def test_32_threads_share_one_client(server: MockServer) -> None:
    """Every write is applied once, and each thread gets its own response."""
    with connect(server) as ax, ThreadPoolExecutor(32) as threads:

        def work(number: int) -> tuple[str, str]:
            mine = ax.with_options(timeout=60)
            name = f"task {number}"
            made = mine.tasks.create_evaluation_task(
                name, task_type="template_evaluation", project="chat-prod", evaluators=[{"evaluator_id": EVALUATOR}]
            )
            mine.tasks.update(made.id, query_filter=f"latency > {number}")
            found = mine.tasks.get(name)
            return found.name, str(found.query_filter)

        results = list(threads.map(work, range(64)))
        listed = Counter(task.name for task in ax.tasks.list(limit=100))

    assert results == [(f"task {number}", f"latency > {number}") for number in range(64)]
    assert [listed[f"task {number}"] for number in range(64)] == [1] * 64


EVALUATOR = "RXZhbHVhdG9yOjEyOmFCY0Q="


@pytest.mark.slow
def test_more_tasks_than_there_are_slots_share_one_client(counting_server: CountingServer) -> None:
    async def play() -> list[str]:
        # However long a busy machine takes to accept connections.
        async with AsyncAxClient(
            api_key=API_KEY, base_url=counting_server.url, timeout=Timeouts(connect=60, read=60)
        ) as ax:
            found = await asyncio.gather(*(ax.tasks.get(CHAT_QUALITY) for _ in range(2 * MOST_AT_ONCE)))
            return [task.id for task in found]

    assert asyncio.run(play()) == [CHAT_QUALITY] * 2 * MOST_AT_ONCE


def test_a_call_without_a_slot_in_time_was_not_sent() -> None:
    """The slot is free for others afterwards."""

    async def play() -> None:
        # By a clock that stands still, so that nothing but the wait for a slot uses the time up.
        clock = Stopwatch().clock
        ax = AsyncAxClient(
            api_key=API_KEY, base_url="http://127.0.0.1:9", retry=RetryPolicy(attempts=1), timeout=0.01, clock=clock
        )
        engine: Any = ax._transport.engine()
        slots = engine.network.slots
        for _ in range(MOST_AT_ONCE):
            await slots.acquire()
        assert slots.locked()
        with pytest.raises(ConnectionFailedError, match="too many other requests"):
            await ax.tasks.get(CHAT_QUALITY)
        slots.release()
        assert slots._value == 1
        await ax.close()

    asyncio.run(play())


# Forking


def in_child(work: Callable[[], object]) -> object:
    """Return the result of a function in a child process."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python warns that other threads are not there in the child; that this is survived is what is tested.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:  # pragma: no cover  # nobody measures in the child
        try:
            result: object = work()
        except BaseException:  # noqa: BLE001  # the parent is told
            result = traceback.format_exc()
        os.write(writing, pickle.dumps(result))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    returned: object = pickle.loads(content)
    return returned


@pytest.mark.posix
@pytest.mark.programs
def test_a_child_process_has_connections_of_its_own(counting_server: CountingServer) -> None:
    with AxClient(api_key=API_KEY, base_url=counting_server.url) as ax:
        ax.tasks.get(CHAT_QUALITY)
        before = counting_server.connections

        def work() -> list[str]:
            return [ax.tasks.get(CHAT_QUALITY).id, ax.tasks.get(CHAT_QUALITY).id]

        assert in_child(work) == [CHAT_QUALITY] * 2
        assert ax.tasks.get(CHAT_QUALITY).id == CHAT_QUALITY

    assert (before, counting_server.connections) == (1, 2)


@pytest.fixture
def small_heap() -> Iterator[None]:
    """Freeze the objects of other tests, which a child's garbage collection would traverse for too long."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.posix
@pytest.mark.programs
@pytest.mark.usefixtures("small_heap")
def test_a_child_process_may_close_the_client_and_the_parent_goes_on(counting_server: CountingServer) -> None:
    with AxClient(api_key=API_KEY, base_url=counting_server.url) as ax:
        ax.tasks.get(CHAT_QUALITY)

        def work() -> str:
            ax.close()
            gc.collect()
            return "closed"

        assert in_child(work) == "closed"

        assert ax.tasks.get(CHAT_QUALITY).id == CHAT_QUALITY
    assert counting_server.connections == 1


@pytest.mark.posix
@pytest.mark.programs
def test_an_awaiting_client_works_in_a_child_process(counting_server: CountingServer) -> None:
    ax = AsyncAxClient(api_key=API_KEY, base_url=counting_server.url)

    async def name() -> str:
        return (await ax.tasks.get(CHAT_QUALITY)).id

    assert asyncio.run(name()) == CHAT_QUALITY
    assert in_child(lambda: asyncio.run(name())) == CHAT_QUALITY
    assert asyncio.run(name()) == CHAT_QUALITY


@pytest.mark.posix
@pytest.mark.programs
def test_locks_that_others_hold_while_forking_do_not_stop_the_child(counting_server: CountingServer) -> None:
    with AxClient(api_key=API_KEY, base_url=counting_server.url) as ax:
        core, pool = ax._context, ax._transport
        budget: RetryBudget = core.budget
        budget.take()

        def work() -> list[str]:
            with core.triggers.under_way(CHAT_QUALITY):
                return [ax.tasks.get(CHAT_QUALITY).id, str(core.triggers.is_crowded(CHAT_QUALITY))]

        with core.triggers.under_way(CHAT_QUALITY), pool._lock, budget._lock, core.triggers._lock:
            done = in_child(work)

        assert done == [CHAT_QUALITY, "False"]


def test_a_fork_while_a_client_is_made_finds_whole_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a child's later objects would have locks in the state that the parent left them."""
    register, forked = Forkable.__init__, []

    def register_and_fork(self: Forkable) -> None:
        register(self)
        self.after_fork()
        forked.append(type(self).__name__)

    monkeypatch.setattr(Forkable, "__init__", register_and_fork)
    AxClient(api_key=API_KEY)
    AsyncAxClient(api_key=API_KEY)

    assert {"AsyncTransport", "NameCache", "RetryBudget", "SingleFlight", "SyncTransport", "TriggerLog"} <= {*forked}


# Event loops


def test_an_awaiting_client_may_be_used_on_one_loop_after_another(counting_server: CountingServer) -> None:
    ax = AsyncAxClient(api_key=API_KEY, base_url=counting_server.url)

    async def twice() -> list[str]:
        return [(await ax.tasks.get(CHAT_QUALITY)).id for _ in range(2)]

    assert [asyncio.run(twice()) for _ in range(3)] == [[CHAT_QUALITY] * 2] * 3
    assert counting_server.connections == 3
    assert len(ax._transport._held) == 1


def test_an_awaiting_client_may_be_used_on_two_loops_at_once(counting_server: CountingServer) -> None:
    ax = AsyncAxClient(api_key=API_KEY, base_url=counting_server.url)

    async def here() -> list[str]:
        async def there() -> str:
            return (await ax.tasks.get(CHAT_QUALITY)).id

        first = await there()
        second = await asyncio.to_thread(lambda: asyncio.run(there()))
        return [first, second, await there()]

    assert asyncio.run(here()) == [CHAT_QUALITY] * 3
    assert counting_server.connections == 2


def test_closing_reaches_the_loops_of_other_threads(counting_server: CountingServer) -> None:
    ax = AsyncAxClient(api_key=API_KEY, base_url=counting_server.url)
    used, over = threading.Event(), threading.Event()

    async def there() -> bool:
        await ax.tasks.get(CHAT_QUALITY)
        engine = ax._transport.engine()
        used.set()
        await asyncio.to_thread(over.wait, 10)
        # What another thread asked for comes in turn.
        await asyncio.sleep(0)
        return is_closed(engine)

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(lambda: asyncio.run(there()))
        used.wait(10)
        asyncio.run(ax.close())
        over.set()
        assert other.result(10)


def test_a_request_that_has_its_engine_goes_on_while_another_thread_closes() -> None:
    ax = AsyncAxClient(api_key=API_KEY)
    transport: Any = ax._transport

    class ClosedOnRelease:
        def __enter__(self) -> None:
            pass

        def __exit__(self, *_: object) -> None:
            transport._held = {}

    transport._lock = ClosedOnRelease()

    async def play() -> bool:
        engine = transport.engine()
        return is_closed(engine)

    assert not asyncio.run(play())


# Closing


def test_closing_twice_is_fine_and_calls_after_it_are_refused(server: MockServer) -> None:
    ax = connect(server)
    ax.tasks.get(CHAT_QUALITY)

    ax.close()
    ax.close()

    for client in (ax, ax.with_options(timeout=5)):
        with pytest.raises(ConfigurationError, match=CLOSED):
            client.tasks.get(CHAT_QUALITY)


def test_closing_an_awaiting_client_twice_is_fine_and_calls_after_it_are_refused(server: MockServer) -> None:
    async def play() -> None:
        ax = connect_async(server)
        await ax.tasks.get(CHAT_QUALITY)

        await ax.close()
        await ax.close()

        with pytest.raises(ConfigurationError, match=CLOSED):
            await ax.tasks.get(CHAT_QUALITY)

    asyncio.run(play())


def test_a_client_that_is_being_closed_makes_no_new_connections() -> None:
    """This holds even if the client was open just before."""
    ax = AxClient(api_key=API_KEY)
    ax._transport.close()

    with pytest.raises(ConfigurationError, match=CLOSED):
        ax.tasks.get(CHAT_QUALITY)


def test_closing_while_others_send_is_a_typed_error_for_them(counting_server: CountingServer) -> None:
    """Each call ends, with its response or with an error of ours."""
    ax = AxClient(api_key=API_KEY, base_url=counting_server.url, retry=RetryPolicy(attempts=2, first_pause=0.001))
    busy = threading.Barrier(9)

    def work() -> list[object]:
        seen: list[object] = []
        while not (seen and isinstance(seen[-1], ConfigurationError)):
            try:
                seen.append(ax.tasks.get(CHAT_QUALITY).id)
            except AxError as error:
                seen.append(error)
            if len(seen) == 1:
                busy.wait(30)
        return seen

    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(work) for _ in range(8)]
        busy.wait(30)
        ax.close()
        ends = [future.result(60)[-1] for future in running]

    assert {type(end) for end in ends} == {ConfigurationError}


@pytest.mark.parametrize("is_awaited", [False, True], ids=["blocking", "awaiting"])
def test_a_connection_that_is_made_while_the_client_is_closed_is_closed_too(
    counting_server: CountingServer, is_awaited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pools of httpcore forget a connection that is being opened when they are closed."""
    streams: list[Any] = []
    blocking, awaiting = httpcore.SyncBackend.connect_tcp, httpcore.AnyIOBackend.connect_tcp
    made: dict[str, Any] = {"api_key": API_KEY, "base_url": counting_server.url, "retry": RetryPolicy(attempts=1)}
    ax: Any = AsyncAxClient(**made) if is_awaited else AxClient(**made)

    def connect_and_close(*args: Any, **kwargs: Any) -> Any:
        streams.append(blocking(*args, **kwargs))
        ax.close()
        return streams[-1]

    async def await_and_close(*args: Any, **kwargs: Any) -> Any:
        streams.append(await awaiting(*args, **kwargs))
        await ax.close()
        return streams[-1]

    async def play() -> str:
        return str((await ax.tasks.get(CHAT_QUALITY)).id)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_and_close)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", await_and_close)

    assert (asyncio.run(play()) if is_awaited else ax.tasks.get(CHAT_QUALITY).id) == CHAT_QUALITY
    assert [stream.get_extra_info("socket").fileno() for stream in streams] == [-1]


# Leaving it behind

# Dropped, and kept to the end; each by both clients.
LEFT_BEHIND = (
    """
    AxClient(api_key='some-key', base_url=url).tasks.get(task)
    """,
    """
    blocking = AxClient(api_key='some-key', base_url=url)
    blocking.tasks.get(task)
    """,
    """
    async def dropped():
        await AsyncAxClient(api_key='some-key', base_url=url).tasks.get(task)
        gc.collect()
        await asyncio.sleep(0)
    asyncio.run(dropped())
    """,
    """
    awaiting = AsyncAxClient(api_key='some-key', base_url=url)
    async def kept():
        await awaiting.tasks.get(task)
    asyncio.run(kept())
    asyncio.run(kept())
    """,
)


@pytest.mark.programs
def test_a_client_that_nobody_closed_closes_its_connections_itself(
    counting_server: CountingServer, engine: str
) -> None:
    """Python gives no warning about it, even with all warnings on."""
    script = "import asyncio, gc, sys\nfrom axtasks import AsyncAxClient, AxClient\nurl, task = sys.argv[1:]\n"
    script = "".join([preamble(engine), script, *map(textwrap.dedent, LEFT_BEHIND), "\ngc.collect()\n"])
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", script, counting_server.url, CHAT_QUALITY],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "ARIZE_TASKS_NO_ALPHA_WARNING": "1"},
    )

    assert done.stderr == ""


def test_a_client_goes_when_nobody_holds_it() -> None:
    """A finalizer with a reference to the client would keep it for ever."""
    import weakref

    ax = client_over(Recorder(lambda _: answer(TASK)))
    ax.tasks.get(CHAT_QUALITY)
    gone = weakref.ref(ax._transport)

    del ax
    gc.collect()

    assert gone() is None


def test_triggers_and_budget_go_on_after_a_fork() -> None:
    triggers, budget = TriggerLog(), RetryBudget()
    triggers.store("run", 1.0)
    with triggers.under_way("task"):
        triggers.after_fork()
        assert not triggers.is_crowded("task")
    budget.after_fork()

    assert triggers.get("run") == 1.0
    assert not triggers._under_way
    assert budget.take()


class CountingServer:
    """A server that answers every request with the same task, and counts connections."""

    def __init__(self) -> None:
        import http.server

        body = answer(TASK).content
        counting_server = self
        self.connections = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                counting_server.connections += 1

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write no access log."""

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                """Ignore connections that were cut off."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def counting_server(engine: str) -> Iterator[CountingServer]:
    """Yield a server that counts connections, for each engine."""
    assert engine
    counting_server = CountingServer()
    yield counting_server
    counting_server.close()
