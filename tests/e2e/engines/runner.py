"""Plays one case with one engine and one client."""

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
from tests.e2e.engines.server import FAR_HOST, IPV6_HOST, SILENT, SLOW, ForwardProxy, NastyServer
from tests.e2e.engines.verdict import Cell
from tests.model.chaos.proxy import HOST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    import trustme

# By then what the server did last has arrived, through a proxy too. What comes only after the next request went out, no
# client can tell from its response.
SETTLING_SECONDS = 0.2
NEXT_SECONDS = 4.0
# The longest that it is waited for what a server did between two calls; some do nothing.
ARRIVING_SECONDS = 1.0
POLL_SECONDS = 0.02
# Longer than a cell takes that ends at all.
MOST_SECONDS = 30.0
# A status below is a success.
FIRST_REFUSAL = 300
_numbers = count()


class Outcomes(NamedTuple):
    """The outcomes of the calls of a case, as in `Cell`."""

    outcome: str
    seconds: float
    next: str
    message: str = ""


def run_case(case: Case, engine: Engine, client: str, *, authority: trustme.CA, ca_file: Path, proxy_url: str) -> Cell:
    """Play a case, for a time that is bounded whatever the client does.

    Args:
        case: the case.
        engine: the engine.
        client: one of `CLIENTS`.
        authority: who vouches for servers.
        ca_file: the same as a file.
        proxy_url: the proxy that the environment names; empty if none.
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

    # A daemon: what never ends must not keep the program from ending.
    thread = Thread(target=run, daemon=True, name=f"{case.name} {engine.name} {client}")
    thread.start()
    thread.join(MOST_SECONDS)
    found = results[0] if results else Outcomes(NEVER_ENDS, MOST_SECONDS, NEVER_ENDS)
    if isinstance(found, BaseException):
        raise found
    return Cell(case.name, engine.name, client, *found)


def run_blocking(case: Case, server: NastyServer, ax: Any, given: Any) -> Outcomes:
    """Make the calls with the blocking client, and close it."""
    with ExitStack() as stack:
        for each in (given, ax):
            if each is not None:
                stack.enter_context(each)
        return run_without_loop(calls(case, server, ax, blocking_pause))


def run_awaiting(case: Case, server: NastyServer, ax: Any, given: Any) -> Outcomes:
    """Make the calls with the awaiting client on a loop of its own, and close it."""

    async def run() -> Outcomes:
        try:
            return await calls(case, server, ax, asyncio.sleep)
        finally:
            await ax.close()
            if given is not None:
                await given.aclose()

    # Not `asyncio.run`: it would wait for names that are still being looked up.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(run())
    finally:
        loop.run_until_complete(end_generators(loop))
        loop.close()


async def end_generators(loop: asyncio.AbstractEventLoop) -> None:
    """Close the generators that a client of httpx gave up.

    Python's collector, in whichever thread it runs, makes tasks of the loop that close them. So those that it has not
    come to are closed here too: none makes a task after that, when the loop may be closed already.
    """
    gc.collect()
    await end_other_tasks()
    await loop.shutdown_asyncgens()
    await end_other_tasks()


async def end_other_tasks() -> None:
    """Wait for the other tasks of the loop, those included that another thread asked for."""
    await asyncio.sleep(0)
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others, timeout=MOST_SECONDS)


def run_without_loop(coroutine: Coroutine[Any, Any, Outcomes]) -> Outcomes:
    """Return the result of a coroutine that awaits nothing, as its client blocks."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: Outcomes = done.value
        return result
    raise AssertionError("a client that blocks awaited something")


async def blocking_pause(seconds: float) -> None:
    """Let time pass without an event loop."""
    time.sleep(seconds)  # noqa: ASYNC251  # there is no event loop


async def calls(case: Case, server: NastyServer, ax: Any, pause: Callable[[float], Awaitable[None]]) -> Outcomes:
    """Make the calls of a case: one before if it says so, the one that is struck, and the next."""
    if case.is_second:
        before, message = await attempt(ax, READ, "before")
        if before != SUCCESS:
            return Outcomes(f"{before} before", 0, "", message)
        server.idle.set()
        server.struck.wait(CONNECT_SECONDS)
        await pause(SETTLING_SECONDS)
        await wait_for_arrival(ax, pause)
    began = time.monotonic()
    outcome, message = await attempt(ax, case.call, STRUCK_RUN)
    seconds = time.monotonic() - began
    then, _ = await attempt(ax.with_options(timeout=NEXT_SECONDS), READ, "next")
    if server.saw_cookie and then == SUCCESS:
        then = WITH_COOKIES
    return Outcomes(outcome, seconds, then, message)


async def wait_for_arrival(ax: Any, pause: Callable[[float], Awaitable[None]]) -> None:
    """Wait until what the server did has arrived at the idle connection, which a busy proxy may hold up."""
    engine = ax._transport.engine()
    idle = engine.idle._idle if hasattr(engine, "idle") else ()
    ends = time.monotonic() + ARRIVING_SECONDS
    while idle and not idle[0][0].get_extra_info("is_readable") and time.monotonic() < ends:
        await pause(POLL_SECONDS)


async def attempt(ax: Any, call: str, run_id: str) -> tuple[str, str]:
    """Make a call, and return what came of it and the message of its error."""
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
    """Return how a client is to reach a server: by the host that the case is about, unless a proxy is in between."""
    scheme = "https" if case.is_secure else "http"
    return f"{scheme}://{FAR_HOST if proxy_url else url_host(case)}:{server.port}"


def url_host(case: Case) -> str:
    """Return the host that a case is about as it stands in an address; a name that nobody has looked up before."""
    if case.host == IPV6_HOST:
        return f"[{IPV6_HOST}]"
    return f"{case.host}-{next(_numbers)}.nasty.test" if case.host in (SLOW, SILENT) else HOST


@contextmanager
def proxy_environment(engine: Engine, case: Case | None = None) -> Iterator[str]:
    """Start a proxy where there has to be one, and name it in the environment.

    Args:
        engine: the engine.
        case: the proxy is reached by the host that this case is about; by an address if None.

    Yields:
        its address; empty if there is none.
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
