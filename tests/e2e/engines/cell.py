"""One cell of the table: a case, an engine and a client; plays it, and judges what came of it."""

from __future__ import annotations

import asyncio
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
    GRACE_SECONDS,
    IN_DOUBT,
    MISREAD,
    NEVER_ENDS,
    READ,
    SUCCESS,
    TIMEOUT,
    UNSENT,
    UNTRANSLATED,
    WITH_COOKIES,
    Case,
    Expected,
)
from tests.e2e.engines.carriers import BLOCKING, PROXY, Carrier, proxy_named
from tests.e2e.engines.server import FAR_HOST, IPV6_HOST, SILENT, SLOW, ForwardProxy, NastyServer
from tests.model.chaos.proxy import HOST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    import trustme

# By then what the server did last has arrived, through a proxy too.
SETTLING_SECONDS = 0.05
# Longer than a cell takes that ends at all.
MOST_SECONDS = 30.0
NEXT_SECONDS = 4.0
# A status below is a success.
FIRST_REFUSAL = 300
_numbers = count()


class Cell(NamedTuple):
    """What came of a case.

    Attributes:
        case: its name.
        engine: the name of the engine.
        client: the client.
        outcome: `success`, a status, or the name of an error.
        seconds: how long the call took.
        next: the same for the next call.
        message: the message of the error.
    """

    case: str
    engine: str
    client: str
    outcome: str
    seconds: float
    next: str
    message: str = ""

    @property
    def sent(self) -> str:
        """Whether the request may have been carried out."""
        outcome = UNTRANSLATED.get(self.outcome, self.outcome)
        if outcome == UNSENT:
            return "not sent"
        return "in doubt" if outcome in (IN_DOUBT, TIMEOUT, NEVER_ENDS) else "answered"


class Verdict(NamedTuple):
    """A judgement.

    Attributes:
        word: `ok`, `allowed`, `today` or `WRONG`.
        reason: why it differs from what is expected, or in what.
    """

    word: str
    reason: str = ""


WRONG = "WRONG"


def judge(cell: Cell, case: Case, carrier: Carrier) -> Verdict:
    """Judge what came of a case.

    Args:
        cell: what came of it.
        case: the case.
        carrier: the engine.
    """
    translated = cell._replace(
        outcome=UNTRANSLATED.get(cell.outcome, cell.outcome), next=UNTRANSLATED.get(cell.next, cell.next)
    )
    if translated != cell:
        word, reason = judge(translated, case, carrier)
        return Verdict(word if word == WRONG else "today", f"the error is not translated; {reason}".removesuffix("; "))
    fault = difference(cell, case.expected, case)
    if not fault:
        return Verdict("ok")
    for word, differing in (("allowed", case.allowed), ("today", case.today)):
        for differs in differing:
            applies = {carrier.name, carrier.kind} & {*differs.engines} and cell.client in differs.clients
            if applies and not difference(cell, differs.expected, case):
                return Verdict(word, f"{fault}: {differs.reason}")
    return Verdict(WRONG, f"{fault} ({cell.message})" if cell.message else fault)


def difference(cell: Cell, expected: Expected, case: Case) -> str:
    """Return in what a cell differs from what is expected; empty if in nothing."""
    most = case.total_seconds + GRACE_SECONDS if expected.seconds is None else expected.seconds
    faults = []
    if cell.outcome not in expected.outcomes:
        faults.append(f"wanted {' or '.join(expected.outcomes)}")
    if cell.seconds > most:
        faults.append(f"wanted within {most:g} s")
    if cell.next not in expected.next:
        faults.append(f"wanted {' or '.join(expected.next)} for the next call")
    return ", ".join(faults)


def play(case: Case, carrier: Carrier, client: str, *, authority: trustme.CA, ca_file: Path, proxy_url: str) -> Cell:
    """Play a case, for a time that is bounded whatever the client does.

    Args:
        case: the case.
        carrier: the engine.
        client: one of `CLIENTS`.
        authority: who vouches for servers.
        ca_file: the same as a file.
        proxy_url: the proxy that the environment names; empty if none.
    """
    found: list[Cell | BaseException] = []

    def run() -> None:
        try:
            with NastyServer(
                case.does,
                host=IPV6_HOST if case.host == IPV6_HOST and carrier.kind != PROXY else HOST,
                authority=authority if case.is_secure else None,
            ).serving() as server:
                ax, given = carrier.client(
                    url_of(server, case, proxy_url),
                    client,
                    total_seconds=case.total_seconds,
                    connect_seconds=CONNECT_SECONDS,
                    ca_file=ca_file,
                )
                if client == BLOCKING:
                    with ExitStack() as stack:
                        for one in filter(None, (given, ax)):
                            stack.enter_context(one)
                        found.append(driven(calls(case, carrier, client, ax, server, blocking_pause)))
                else:
                    # Not `asyncio.run`: it would wait for names that are still being looked up.
                    loop = asyncio.new_event_loop()
                    try:
                        found.append(loop.run_until_complete(awaiting(case, carrier, client, ax, given, server)))
                    finally:
                        loop.close()
        except BaseException as error:  # noqa: BLE001  # raised where the result is wanted
            found.append(error)

    # A daemon: what never ends must not keep the program from ending.
    thread = Thread(target=run, daemon=True, name=f"{case.name} {carrier.name} {client}")
    thread.start()
    thread.join(MOST_SECONDS)
    result = found[0] if found else Cell(case.name, carrier.name, client, NEVER_ENDS, MOST_SECONDS, NEVER_ENDS)
    if isinstance(result, BaseException):
        raise result
    return result


def url_of(server: NastyServer, case: Case, proxy_url: str) -> str:
    """Return how a client is to reach a server: by the host that the case is about, unless a proxy is in between."""
    scheme = "https" if case.is_secure else "http"
    return f"{scheme}://{FAR_HOST if proxy_url else named(case)}:{server.port}"


def named(case: Case) -> str:
    """Return the host that a case is about as it stands in an address; a name that nobody has looked up before."""
    if case.host == IPV6_HOST:
        return f"[{IPV6_HOST}]"
    return f"{case.host}-{next(_numbers)}.nasty.test" if case.host in (SLOW, SILENT) else HOST


def driven(coroutine: Coroutine[Any, Any, Cell]) -> Cell:
    """Return the result of a coroutine that awaits nothing, as its client blocks."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: Cell = done.value
        return result
    raise AssertionError("a client that blocks awaited something")


async def awaiting(case: Case, carrier: Carrier, client: str, ax: Any, given: Any, server: NastyServer) -> Cell:
    """Play a case with the awaiting client, and close it."""
    try:
        return await calls(case, carrier, client, ax, server, asyncio.sleep)
    finally:
        await ax.close()
        if given is not None:
            await given.aclose()


async def blocking_pause(seconds: float) -> None:
    """Let time pass without an event loop."""
    time.sleep(seconds)  # noqa: ASYNC251  # there is no event loop


async def calls(
    case: Case,
    carrier: Carrier,
    client: str,
    ax: Any,
    server: NastyServer,
    pause: Callable[[float], Awaitable[None]],
) -> Cell:
    """Make the calls of a case: one before if it says so, the one that is struck, and the next."""
    if case.is_second:
        before, message = await attempted(ax, READ, "before")
        if before != SUCCESS:
            return Cell(case.name, carrier.name, client, f"{before} before", 0, "", message)
        server.struck.wait(CONNECT_SECONDS)
        await pause(SETTLING_SECONDS)
    began = time.monotonic()
    outcome, message = await attempted(ax, case.call, "struck")
    seconds = time.monotonic() - began
    then, _ = await attempted(ax.with_options(timeout=NEXT_SECONDS), READ, "next")
    if server.saw_cookie and then == SUCCESS:
        then = WITH_COOKIES
    return Cell(case.name, carrier.name, client, outcome, seconds, then, message)


async def attempted(ax: Any, call: str, run_id: str) -> tuple[str, str]:
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
    if call == READ:
        return (SUCCESS if found.id == run_id else MISREAD), ""
    if found.status_code >= FIRST_REFUSAL:
        return str(found.status_code), ""
    if not found.content:
        return str(found.status_code), ""
    return (SUCCESS if json.loads(found.content)["id"] == run_id else MISREAD), ""


@contextmanager
def surroundings(carrier: Carrier, case: Case | None = None) -> Iterator[str]:
    """Start a proxy where there has to be one, and name it in the environment.

    Args:
        carrier: the engine.
        case: the proxy is reached by the host that this case is about; by an address if None.

    Yields:
        its address; empty if there is none.
    """
    if carrier.kind != PROXY:
        with proxy_named(""):
            yield ""
        return
    with ForwardProxy(IPV6_HOST if case is not None and case.host == IPV6_HOST else HOST) as proxy:
        url = proxy.url
        if case is not None:
            url = f"http://{named(case)}:{url.rpartition(':')[2]}"
        with proxy_named(url):
            yield url
