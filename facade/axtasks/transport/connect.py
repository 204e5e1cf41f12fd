"""Connect to a server: look its name up, and try its addresses one beside the other (RFC 8305)."""

from __future__ import annotations

import socket
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

import httpcore

from axtasks.concurrency import Forkable

from .errors import UnreachedError

if TYPE_CHECKING:
    import asyncio
    import ssl
    from collections.abc import Sequence
    from concurrent.futures import Future

    from axtasks.config.endpoint import Address

    # The IP address and port of a server.
    SocketAddress = tuple[str, int]

# How long an address has before the next one is tried beside it.
ATTEMPT_DELAY_SECONDS = 0.3
CONNECT_TIMEOUT = "no connection was made in time"


class Lookups(Forkable):
    """Name lookups, each in a daemon thread: one that hangs holds up no caller, and its name has no other thread."""

    def __init__(self) -> None:
        super().__init__()
        self.after_fork()

    def after_fork(self) -> None:
        """Forget the lookups of the parent, whose threads are not here."""
        self._lock = Lock()
        self._pending: dict[tuple[str, int], Future[Sequence[SocketAddress]]] = {}

    def start(self, host: str, port: int) -> Future[Sequence[SocketAddress]]:
        """Start the lookup of a name, or join the one that is pending."""
        # Imported late: an IP address needs no lookup, and neither does a kept connection.
        from concurrent.futures import Future

        with self._lock:
            pending = self._pending.get((host, port))
            if pending is None:
                pending = self._pending[host, port] = Future()
                # From now on a caller that is cancelled does not cancel it for the others.
                pending.set_running_or_notify_cancel()
                Thread(target=self._look_up, args=(host, port, pending), name="axtasks-lookup", daemon=True).start()
            return pending

    def _look_up(self, host: str, port: int, pending: Future[Sequence[SocketAddress]]) -> None:
        try:
            found = _addresses(host, port)
        except Exception as error:  # noqa: BLE001  it is for the callers that wait
            self._pending.pop((host, port), None)
            pending.set_exception(error)
        else:
            self._pending.pop((host, port), None)
            pending.set_result(found)


_lookups = Lookups()


def _addresses(host: str, port: int, *, flags: int = 0) -> Sequence[SocketAddress]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return list(dict.fromkeys((str(place[0]), int(place[1])) for *_, place in found))


def _numeric(address: Address) -> Sequence[SocketAddress]:
    """Return the address of a host that is an IP address already; nothing for a name."""
    with suppress(socket.gaierror):
        return _addresses(address.host, address.port, flags=socket.AI_NUMERICHOST)
    return []


def remaining(ends: float) -> float:
    """Return the seconds until a deadline of connecting; raise TimeoutError if there are none."""
    seconds = ends - monotonic()
    if seconds <= 0:
        raise TimeoutError(CONNECT_TIMEOUT)
    return seconds


def root_cause(error: Exception) -> Exception:
    """Return the error of the system beneath those of httpcore and anyio, which is what a reader knows."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, OSError):
        return cause
    return TimeoutError(str(error)) if isinstance(error, httpcore.TimeoutException) else ConnectionError(str(error))


def connect(address: Address, context: ssl.SSLContext | None, ends: float) -> httpcore.NetworkStream:
    """Connect a blocking stream.

    Args:
        address: the server.
        context: its TLS context; None for plain HTTP.
        ends: the deadline, as monotonic time.

    Raises:
        UnreachedError: no address could be reached in time, or TLS was refused.
    """
    try:
        addresses = _numeric(address) or _lookups.start(address.host, address.port).result(remaining(ends))
        stream = _first_connected(addresses, ends)
        if context is None:
            return stream
        try:
            return stream.start_tls(context, address.host, remaining(ends))
        except BaseException:
            stream.close()
            raise
    except (OSError, ValueError, httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise UnreachedError(root_cause(error) if not isinstance(error, ValueError) else error) from None


def _first_connected(addresses: Sequence[SocketAddress], ends: float) -> httpcore.NetworkStream:
    """Return the first stream that is connected; an address that does not respond does not hold up the next."""
    if len(addresses) == 1:
        return httpcore.SyncBackend().connect_tcp(*addresses[0], timeout=remaining(ends))
    race = _Race(ends)
    waiting = list(addresses)
    failure: Exception | None = None
    try:
        while waiting or race.trying:
            if waiting:
                race.start(*waiting.pop(0))
            outcome = race.wait(ATTEMPT_DELAY_SECONDS if waiting else None)
            if outcome is not None and not isinstance(outcome, Exception):
                return outcome
            failure = outcome or failure
        raise failure or OSError("the server's name has no address")
    finally:
        race.finish()


class _Race:
    """Attempts to connect, each in a thread; streams that come too late are closed."""

    def __init__(self, ends: float) -> None:
        self.trying = 0
        self._ends = ends
        self._outcomes: SimpleQueue[httpcore.NetworkStream | Exception] = SimpleQueue()
        self._lock = Lock()
        self._is_over = False

    def start(self, host: str, port: int) -> None:
        """Start an attempt."""
        self.trying += 1
        Thread(target=self._attempt, args=(host, port), name="axtasks-connect", daemon=True).start()

    def wait(self, seconds: float | None) -> httpcore.NetworkStream | Exception | None:
        """Return the next outcome; None if there is none in that time. Raise TimeoutError at the deadline."""
        left = remaining(self._ends)
        try:
            outcome = self._outcomes.get(timeout=left if seconds is None else min(left, seconds))
        except Empty:
            return None
        self.trying -= 1
        return outcome

    def finish(self) -> None:
        """Close the streams that nobody waits for any more."""
        with self._lock:
            self._is_over = True
        while not self._outcomes.empty():
            late = self._outcomes.get()
            if not isinstance(late, Exception):
                late.close()

    def _attempt(self, host: str, port: int) -> None:
        try:
            stream = httpcore.SyncBackend().connect_tcp(host, port, timeout=remaining(self._ends))
        except Exception as error:  # noqa: BLE001  the caller decides what becomes of it
            self._outcomes.put(error)
            return
        with self._lock:
            if not self._is_over:
                self._outcomes.put(stream)
                return
        stream.close()


async def connect_async(address: Address, context: ssl.SSLContext | None, ends: float) -> httpcore.AsyncNetworkStream:
    """Connect a stream of the running event loop; see `connect`."""
    import asyncio

    try:
        async with asyncio.timeout(remaining(ends)):
            addresses = _numeric(address)
            if not addresses:
                addresses = await asyncio.wrap_future(_lookups.start(address.host, address.port))
            stream = await _first_connected_async(addresses)
        if context is None:
            return stream
        try:
            return await stream.start_tls(context, address.host, remaining(ends))
        except BaseException:
            await stream.aclose()
            raise
    except (OSError, ValueError, httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise UnreachedError(root_cause(error) if not isinstance(error, ValueError) else error) from None


async def _first_connected_async(addresses: Sequence[SocketAddress]) -> httpcore.AsyncNetworkStream:
    """Return the first stream that is connected; the caller limits the time."""
    import asyncio

    backend = httpcore.AnyIOBackend()
    waiting = list(addresses)
    trying: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    failure: BaseException | None = None
    try:
        while waiting or trying:
            if waiting:
                trying.add(asyncio.ensure_future(backend.connect_tcp(*waiting.pop(0))))
            done, trying = await asyncio.wait(
                trying, timeout=ATTEMPT_DELAY_SECONDS if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failure = task.exception()
                if failure is None:
                    trying |= done - {task}
                    return task.result()
        raise failure or OSError("the server's name has no address")
    finally:
        for task in trying:
            task.cancel()
        for late in await asyncio.gather(*trying, return_exceptions=True):
            if not isinstance(late, BaseException):
                await late.aclose()
