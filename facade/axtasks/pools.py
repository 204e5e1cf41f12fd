"""The HTTP clients of our own: made when first needed, one for each process and event loop, closed when nobody is left.

They come as whatever the transport makes; nothing here sends anything.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import finalize

from .errors import ConfigurationError
from .forks import Forkable

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable


class Closable(Protocol):
    """What holds connections."""

    def close(self) -> None:
        """Closes them."""
        ...


class AsyncClosable(Protocol):
    """What holds connections of an event loop."""

    async def aclose(self) -> None:
        """Closes them."""
        ...


ClosableT = TypeVar("ClosableT", bound=Closable)
AsyncClosableT = TypeVar("AsyncClosableT", bound=AsyncClosable)

CLOSED = "this client is closed; make a new one"
# Connections of the parent process. Closing them here might end them there, so they are held on to and left alone.
_inherited: list[object] = []


class Pool(Forkable, Generic[ClosableT]):
    """The HTTP client for all threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._client: ClosableT | None = None
        self._last: finalize[[], Pool[ClosableT]] | None = None

    def get(self, make: Callable[[], ClosableT]) -> ClosableT:
        """The client, made anew if there is none.

        Args:
            make: makes one.

        Raises:
            ConfigurationError: this was closed.
        """
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            if self._client is None:
                self._client = make()
                self._last = finalize(self, self._client.close)
            return self._client

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            self._is_closed = True
            last, self._last, self._client = self._last, None, None
        if last is not None:
            last()

    def after_fork(self) -> None:
        """Leaves the connections to the parent."""
        self._lock = Lock()
        if self._last is not None:
            self._last.detach()
            _inherited.append(self._client)
        self._last = self._client = None


class AsyncPool(Forkable, Generic[AsyncClosableT]):
    """The HTTP clients of the event loops, whose connections cannot be shared between them."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._clients: dict[asyncio.AbstractEventLoop, tuple[AsyncClosableT, AsyncGenerator[None]]] = {}

    def get(self, make: Callable[[], AsyncClosableT]) -> AsyncClosableT:
        """The client of the running loop, made anew if there is none.

        Args:
            make: makes one.

        Raises:
            ConfigurationError: this was closed.
        """
        from asyncio import get_running_loop

        loop = get_running_loop()
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            if loop not in self._clients:
                # What is left of loops that ended was closed with them.
                self._clients = {known: held for known, held in self._clients.items() if not known.is_closed()}
                client = make()
                self._clients[loop] = (client, _tie(client))
            return self._clients[loop][0]

    async def close(self) -> None:
        """Closes the connections; those of loops in other threads soon after."""
        from asyncio import get_running_loop, run_coroutine_threadsafe

        with self._lock:
            self._is_closed = True
            clients, self._clients = self._clients, {}
        for loop, (client, tie) in clients.items():
            if loop is get_running_loop():
                await tie.aclose()
            elif loop.is_running():
                run_coroutine_threadsafe(client.aclose(), loop)

    def after_fork(self) -> None:
        """Leaves the connections to the parent."""
        self._lock = Lock()
        _inherited.append(self._clients)
        self._clients = {}


def _tie(client: AsyncClosable) -> AsyncGenerator[None]:
    """What has the running loop close a client at its end, and when nobody holds this any more.

    Loops do that for generators that were begun, and did not end.
    """
    tie = _closing(client)
    # That is how its first step ends.
    with suppress(StopIteration):
        tie.asend(None).send(None)
    return tie


async def _closing(client: AsyncClosable) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await client.aclose()
