"""What carries requests: made when first needed, one for each process and event loop, closed when nobody is left.

It comes as whatever the transport makes; nothing here sends anything.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import finalize

from .concurrency import Forkable
from .errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Iterator

    from .places import Places


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

# The connection pool of httpx may lose the slot of a request that is cancelled, and has 100. So it is used for so many
# failures, and there are always more slots than places.
MOST_AT_ONCE = 64
MOST_FAILURES = 32
CLOSED = "this client is closed; make a new one"
# Connections of the parent process. Closing them here might end them there, so they are held on to and left alone.
_inherited: list[object] = []


class Pool(Forkable, Generic[ClosableT]):
    """What carries the requests of all threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._in_use = 0
        self._client: ClosableT | None = None
        self._last: finalize[[], Pool[ClosableT]] | None = None

    @contextmanager
    def borrowed(self, make: Callable[[], ClosableT]) -> Iterator[ClosableT]:
        """The client, made anew if there is none, for as long as this lasts: closing waits for it.

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
            client = self._client
            self._in_use += 1
        try:
            yield client
        finally:
            with self._lock:
                # A child process has another client by now, and counts anew.
                self._in_use -= client is self._client
            if self._is_closed:
                self._close_if_unused()

    def close(self) -> None:
        """Closes the connections: now, or when the last request under way in another thread has ended.

        A thread that waits on a connection would not notice that it is closed under it.
        """
        with self._lock:
            self._is_closed = True
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        with self._lock:
            if not self._is_closed or self._in_use:
                return
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
        self._in_use = 0


class Held(Generic[AsyncClosableT]):
    """What belongs to one event loop.

    Attributes:
        loop: the loop.
        client: what carries its requests.
        tie: what closes the client with the loop, and when nobody holds it any more.
        places: one for each request that may be under way; more would queue up within the client, which gets slow.
        failures: the requests that ended without an answer.
        under_way: the requests that it carries now.
        closing: what closes the client, once that has begun.
    """

    __slots__ = ("client", "closing", "failures", "loop", "places", "tie", "under_way")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, client: AsyncClosableT, tie: AsyncGenerator[None], places: Places
    ) -> None:
        self.loop = loop
        self.client = client
        self.tie = tie
        self.places = places
        self.failures = 0
        self.under_way = 0
        self.closing: asyncio.Future[None] | None = None

    @property
    def is_worn_out(self) -> bool:
        """Whether it takes no more requests."""
        return self.failures >= MOST_FAILURES

    @property
    def is_over(self) -> bool:
        """Whether its connections are closed, be it with the loop."""
        return self.loop.is_closed() or (self.closing is not None and self.closing.done())

    def begin_to_close(self) -> asyncio.Future[None]:
        """What closes the client, from now on: once, whoever asks for it, and whoever stops waiting for it."""
        from asyncio import ensure_future

        if self.closing is None:
            self.closing = ensure_future(self.tie.aclose())
        return self.closing


class AsyncPool(Forkable, Generic[AsyncClosableT]):
    """What carries the requests of each event loop: connections cannot be shared between them."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._held: dict[asyncio.AbstractEventLoop, Held[AsyncClosableT]] = {}
        # Replaced, and with requests under way when they were.
        self._worn_out: list[Held[AsyncClosableT]] = []

    def get(self, make: Callable[[], AsyncClosableT]) -> Held[AsyncClosableT]:
        """What belongs to the running loop, made anew if there is nothing.

        Args:
            make: makes a client.

        Raises:
            ConfigurationError: this was closed.
        """
        import asyncio

        loop = asyncio.get_running_loop()
        known = self._held.get(loop)
        if known is not None and not known.is_worn_out:
            return known
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            held = self._held.get(loop)
            if held is None:
                # What is left of loops that ended was closed with them.
                self._held = {other: what for other, what in self._held.items() if not other.is_closed()}
            elif held.is_worn_out:
                self._worn_out = [each for each in (*self._worn_out, held) if not each.is_over]
            if held is None or held.is_worn_out:
                # Imported late: the blocking client needs none, nor what it is made of.
                from .places import Places

                client = make()
                # The last request that uses the client before closes it.
                held = Held(loop, client, _tie(client), held.places if held else Places(MOST_AT_ONCE))
                self._held[loop] = held
            return held

    async def close(self) -> None:
        """Closes the connections; those of loops in other threads soon after."""
        from asyncio import get_running_loop, run_coroutine_threadsafe, shield

        with self._lock:
            self._is_closed = True
            all_held = [*self._held.values(), *self._worn_out]
            self._held, self._worn_out = {}, []
        for held in all_held:
            if held.loop is get_running_loop():
                await shield(held.begin_to_close())
            elif held.loop.is_running():
                run_coroutine_threadsafe(held.client.aclose(), held.loop)

    def after_fork(self) -> None:
        """Leaves the connections to the parent."""
        self._lock = Lock()
        _inherited.extend((self._held, self._worn_out))
        self._held, self._worn_out = {}, []


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
