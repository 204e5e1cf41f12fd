"""Network functions on httpcore's backends: blocking ones, and ones of an event loop with the same methods."""

from __future__ import annotations

import socket
from threading import Semaphore
from typing import TYPE_CHECKING, cast

import httpcore

from axtasks.concurrency import SharedCalls, call_in_thread, outcome_within

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from concurrent.futures import Future

    # The IP address and port of a server.
    SocketAddress = tuple[str, int]
    Attempt = Future[httpcore.NetworkStream]
    AsyncAttempt = asyncio.Task[httpcore.AsyncNetworkStream]

# The most concurrent requests of a client: no server is helped by more connections.
MOST_AT_ONCE = 64


class Network:
    """Connects for threads, and limits how many requests are under way."""

    read_bytes = 65_536

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()
        self.slots = Semaphore(MOST_AT_ONCE)

    def acquire(self, seconds: float) -> bool:
        """Acquire a slot for a request; return False if there was none in that time."""
        return self.slots.acquire(timeout=seconds)

    def look_up(self, host: str, port: int, seconds: float) -> Sequence[SocketAddress]:
        """Return the addresses of a name."""
        return _lookups.start(host, port).result(seconds)

    def connect(self, host: str, port: int, seconds: float) -> httpcore.NetworkStream:
        """Connect to an address."""
        return self._backend.connect_tcp(host, port, seconds)

    def start_to_connect(self, host: str, port: int, seconds: float) -> Attempt:
        """Begin to connect to an address."""
        return call_in_thread(self.connect, host, port, seconds)

    def wait_for_first(self, attempts: AbstractSet[Attempt], seconds: float) -> set[Attempt]:
        """Wait until an attempt to connect has ended, or for some seconds; return those that have."""
        from concurrent.futures import FIRST_COMPLETED, wait

        return wait(attempts, seconds, FIRST_COMPLETED).done

    def abandon(self, attempt: Attempt) -> None:
        """Close the connection of an attempt as soon as there is one."""
        attempt.add_done_callback(lambda done: None if done.exception() else self.close(done.result()))

    def close(self, stream: httpcore.NetworkStream) -> None:
        """Close a connection."""
        stream.close()


class AsyncNetwork:
    """Connects for an event loop; the methods are those of `Network`, awaited where it takes time."""

    # As much as an event loop receives at once, so that a stream holds nothing back.
    read_bytes = 262_144

    def __init__(self) -> None:
        from asyncio import Semaphore as AsyncSemaphore

        # httpcore has another class of this name for where anyio is missing.
        self._backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self.slots = AsyncSemaphore(MOST_AT_ONCE)
        self._closing: set[asyncio.Task[None]] = set()

    async def acquire(self, seconds: float) -> bool:
        """Acquire a slot for a request, first come, first served; return False if there was none in that time."""
        if not self.slots.locked():
            return await self.slots.acquire()
        from asyncio import timeout

        try:
            async with timeout(seconds):
                return await self.slots.acquire()
        except TimeoutError:
            return False

    async def look_up(self, host: str, port: int, seconds: float) -> Sequence[SocketAddress]:
        """Return the addresses of a name."""
        return await outcome_within(seconds, _lookups.start(host, port))

    async def connect(self, host: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
        """Connect to an address."""
        return await self._backend.connect_tcp(host, port, seconds)

    async def start_to_connect(self, host: str, port: int, seconds: float) -> AsyncAttempt:
        """Begin to connect to an address."""
        from asyncio import ensure_future

        return ensure_future(self.connect(host, port, seconds))

    async def wait_for_first(self, attempts: AbstractSet[AsyncAttempt], seconds: float) -> set[AsyncAttempt]:
        """Wait until an attempt to connect has ended, or for some seconds; return those that have."""
        from asyncio import FIRST_COMPLETED, wait

        return (await wait(attempts, timeout=seconds, return_when=FIRST_COMPLETED))[0]

    def abandon(self, attempt: AsyncAttempt) -> None:
        """End an attempt to connect, and close the connection if there is one all the same. This is not awaited."""
        attempt.cancel()
        attempt.add_done_callback(self._close_late)

    def _close_late(self, attempt: AsyncAttempt) -> None:
        if attempt.cancelled() or attempt.exception() is not None:
            return
        from asyncio import ensure_future

        closing = ensure_future(self.close(attempt.result()))
        # An event loop refers to its tasks only weakly.
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def close(self, stream: httpcore.AsyncNetworkStream) -> None:
        """Close a connection."""
        await stream.aclose()


def is_quiet(stream: httpcore.NetworkStream) -> bool:
    """Return False if the server has closed the connection, or sent unrequested data. It serves both kinds of streams.

    TLS may hold data above the socket: decrypted, or still encrypted where it is spoken in memory.
    """
    if stream.get_extra_info("is_readable"):
        return False
    tls = stream.get_extra_info("ssl_object")
    if tls is None:
        return True
    import ssl

    if not isinstance(tls, ssl.SSLObject):
        return not tls.pending()
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        pass
    return False


def look_up(host: str, port: int, *, flags: int = 0) -> Sequence[SocketAddress]:
    """Return the addresses of a server."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return list(dict.fromkeys((str(place[0]), int(place[1])) for *_, place in found))


# All callers share the lookup of a name.
_lookups = SharedCalls(look_up)
