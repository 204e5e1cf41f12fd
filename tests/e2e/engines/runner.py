"""Run one case with one engine and one client."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import time
from contextlib import ExitStack, contextmanager
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from axtasks.errors import APIError, AxError

from tests.e2e.engines.cases import (
    BODY_BYTES,
    CONNECT_SECONDS,
    MISREAD,
    NEVER_ENDS,
    READ,
    STRUCK_RUN,
    SUCCESS,
    WITH_COOKIES,
    Case,
)
from tests.e2e.engines.engine import BLOCKING, PROXY, Engine, proxy_named
from tests.e2e.engines.server import (
    FAR_HOST,
    IPV6_HOST,
    PATIENCE_SECONDS,
    SILENT,
    SLOW,
    ForwardProxy,
    NastyServer,
)
from tests.e2e.engines.verdict import Cell
from tests.model.chaos.proxy import HOST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    import trustme

# Time for the server's last bytes to arrive, through a proxy too. Bytes that arrive only after the next request was
# sent look like its response to any client.
SETTLING_SECONDS = 0.2
NEXT_SECONDS = 4.0
POLL_SECONDS = 0.02
# Longer than any cell takes that ends.
MOST_SECONDS = 30.0
# The lowest status that is no success.
FIRST_REFUSAL = 300
_numbers = count()


class Outcomes(NamedTuple):
    """The outcomes of the calls of a case, as in `Cell`."""

    outcome: str
    seconds: float
    next: str
    message: str = ""


def run_case(case: Case, engine: Engine, client: str, *, authority: trustme.CA, ca_file: Path, proxy_url: str) -> Cell:
    """Run a case, and give up after `MOST_SECONDS`.

    Args:
        case: the case.
        engine: the engine.
        client: one of `CLIENTS`.
        authority: the certificate authority of the servers.
        ca_file: its certificate as a file.
        proxy_url: the address of the proxy in the environment; empty if there is none.
    """
    results: list[Outcomes | BaseException] = []

    def run() -> None:
        server = NastyServer(
            case.does,
            host=IPV6_HOST if case.host == IPV6_HOST and not proxy_url else HOST,
            authority=authority if case.is_secure else None,
        )
        try:
            with server.serving():
                ax, given = engine.client(
                    url_of(server, case, proxy_url),
                    client,
                    total_seconds=case.total_seconds,
                    connect_seconds=case.total_seconds if case.is_busy else CONNECT_SECONDS,
                    ca_file=ca_file,
                )
                results.append((run_blocking if client == BLOCKING else run_awaiting)(case, server, ax, given))
        except BaseException as error:  # noqa: BLE001  # raised where the result is wanted
            results.append(error)

    # A daemon thread, so that a call that never ends does not keep the program alive.
    thread = Thread(target=run, daemon=True, name=f"{case.name} {engine.name} {client}")
    thread.start()
    thread.join(MOST_SECONDS)
    found = results[0] if results else Outcomes(NEVER_ENDS, MOST_SECONDS, NEVER_ENDS)
    if isinstance(found, BaseException):
        raise found
    return Cell(case.name, engine.name, client, *found)


def run_blocking(case: Case, server: NastyServer, ax: Any, given: Any) -> Outcomes:
    """Make the calls with the sync client, and close it."""
    with ExitStack() as stack:
        for each in (given, ax):
            if each is not None:
                stack.enter_context(each)
        return run_without_loop(calls(case, server, ax, blocking_pause))


def run_awaiting(case: Case, server: NastyServer, ax: Any, given: Any) -> Outcomes:
    """Make the calls with the async client on an event loop of their own, and close it."""

    async def run() -> Outcomes:
        try:
            return await calls(case, server, ax, asyncio.sleep)
        finally:
            await ax.close()
            if given is not None:
                await given.aclose()

    # Not `asyncio.run`: it would wait for host names that are still being looked up.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(run())
    finally:
        loop.run_until_complete(end_generators(loop))
        loop.close()


async def end_generators(loop: asyncio.AbstractEventLoop) -> None:
    """Close async generators that httpx left open.

    The garbage collector, in any thread, closes such a generator by a task on the loop. So those that it has not
    reached are closed here: otherwise it could make a task after the loop is closed.
    """
    gc.collect()
    await end_other_tasks()
    await loop.shutdown_asyncgens()
    await end_other_tasks()


async def end_other_tasks() -> None:
    """Wait for all other tasks of the loop."""
    await asyncio.sleep(0)
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others, timeout=MOST_SECONDS)


def run_without_loop(coroutine: Coroutine[Any, Any, Outcomes]) -> Outcomes:
    """Return the result of a coroutine that awaits nothing, as that of a sync client."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: Outcomes = done.value
        return result
    raise AssertionError("a client that blocks awaited something")


async def blocking_pause(seconds: float) -> None:
    """Block for some seconds."""
    time.sleep(seconds)  # noqa: ASYNC251  # there is no event loop


async def calls(case: Case, server: NastyServer, ax: Any, pause: Callable[[float], Awaitable[None]]) -> Outcomes:
    """Make the calls of a case: the one before if there is one, the one that meets the misbehaviour, and the next."""
    if case.is_second:
        before, message = await attempt(ax, READ, "before")
        if before != SUCCESS:
            return Outcomes(f"{before} before", 0, "", message)
        server.idle.set()
        server.struck.wait(PATIENCE_SECONDS)
        await pause(SETTLING_SECONDS)
        if server.is_noticed:
            await wait_for_arrival(ax, pause)
    began = time.monotonic()
    outcome, message = await attempt(ax, case.call, STRUCK_RUN)
    seconds = time.monotonic() - began
    then, _ = await attempt(ax.with_options(timeout=NEXT_SECONDS), READ, "next")
    if server.saw_cookie and then == SUCCESS:
        then = WITH_COOKIES
    return Outcomes(outcome, seconds, then, message)


async def wait_for_arrival(ax: Any, pause: Callable[[float], Awaitable[None]]) -> None:
    """Wait until the server's bytes have arrived at the idle connection; a busy proxy may delay them."""
    engine = ax._transport.engine()
    idle = engine.idle._idle if hasattr(engine, "idle") else ()
    ends = time.monotonic() + PATIENCE_SECONDS
    while idle and not idle[0][0].get_extra_info("is_readable") and time.monotonic() < ends:
        await pause(POLL_SECONDS)


async def attempt(ax: Any, call: str, run_id: str) -> tuple[str, str]:
    """Make a call, and return its outcome and the message of its error."""
    try:
        if call == READ:
            asked = ax.tasks.get_run(run_id)
        else:
            asked = ax.request("POST", f"/v2/things/{run_id}", body={"text": "x" * BODY_BYTES[call]})
        found = await asked if inspect.isawaitable(asked) else asked
    except APIError as error:
        return str(error.status_code), str(error)
    except AxError as error:
        return type(error).__name__, str(error)
    except Exception as error:  # noqa: BLE001  # a defect that the table shows
        return f"{type(error).__module__}.{type(error).__name__}", str(error)
    if call != READ and (found.status_code >= FIRST_REFUSAL or not found.content):
        return str(found.status_code), ""
    found_id = found.id if call == READ else json.loads(found.content)["id"]
    return (SUCCESS if found_id == run_id else MISREAD), ""


def url_of(server: NastyServer, case: Case, proxy_url: str) -> str:
    """Return the address of a server for a client: by the host of the case, or `FAR_HOST` behind a proxy."""
    scheme = "https" if case.is_secure else "http"
    return f"{scheme}://{FAR_HOST if proxy_url else url_host(case)}:{server.port}"


def url_host(case: Case) -> str:
    """Return the host of a case for a URL; a kind of host name gets a new name each time."""
    if case.host == IPV6_HOST:
        return f"[{IPV6_HOST}]"
    return f"{case.host}-{next(_numbers)}.nasty.test" if case.host in (SLOW, SILENT) else HOST


@contextmanager
def proxy_environment(engine: Engine, case: Case | None = None) -> Iterator[str]:
    """Start a proxy if the engine needs one, and set it in the environment.

    Args:
        engine: the engine.
        case: the case whose host is the proxy's; None for an address.

    Yields:
        the address of the proxy; empty if there is none.
    """
    if engine.kind != PROXY:
        with proxy_named(""):
            yield ""
        return
    with ForwardProxy(IPV6_HOST if case is not None and case.host == IPV6_HOST else HOST) as proxy:
        url = proxy.url
        if case is not None:
            url = f"http://{url_host(case)}:{url.rpartition(':')[2]}"
        with proxy_named(url):
            yield url
