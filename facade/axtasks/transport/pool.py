"""Holds the HTTP engine: one per process (sync) or event loop (async)."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import finalize

from axtasks.concurrency import Forkable
from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio
    from asyncio import Future
    from collections.abc import AsyncGenerator, Callable, Iterator


class Places:
    """So many places, each given back to whoever waited longest.

    With many at once nearly everybody waits, for which `asyncio.Semaphore` within `asyncio.timeout` takes up to twice
    as long.

    Args:
        number: how many there are.

    Attributes:
        free: how many nobody has.
    """

    __slots__ = ("_waiting", "free")

    def __init__(self, number: int) -> None:
        self.free = number
        self._waiting: deque[Future[bool]] = deque()

    def take(self) -> bool:
        """Takes a place that is free; False if there is none."""
        if not self.free:
            return False
        self.free -= 1
        return True

    async def wait(self, seconds: float) -> bool:
        """Takes the next place that is given back and that nobody waited for longer; False if there is none in time.

        Args:
            seconds: how long to wait.
        """
        from asyncio import get_running_loop

        loop = get_running_loop()
        turn: Future[bool] = loop.create_future()
        end = loop.call_later(seconds, _tell, turn, False)
        self._waiting.append(turn)
        has_place = False
        try:
            has_place = await turn
        finally:
            end.cancel()
            if not has_place:
                self._leave(turn)
        return has_place

    def _leave(self, turn: Future[bool]) -> None:
        """Takes a wait out of the queue, and passes on the place that it may have been given in the same instant."""
        if turn.done() and not turn.cancelled() and turn.result():
            self.give_back()
        elif turn in self._waiting:
            self._waiting.remove(turn)

    def give_back(self) -> None:
        """Gives a place to whoever waited longest; it is free if nobody waits."""
        while self._waiting:
            if _tell(self._waiting.popleft(), True):
                return
        self.free += 1


def _tell(turn: Future[bool], has_place: bool) -> bool:
    """Whether somebody was still waiting, who now knows whether there is a place."""
    if turn.done():
        return False
    turn.set_result(has_place)
    return True


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


class EngineHolder(Forkable, Generic[ClosableT]):
    """What carries the requests of all threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._in_use = 0
        self._client: ClosableT | None = None
        self._last: finalize[[], EngineHolder[ClosableT]] | None = None

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


class LoopEngine(Generic[AsyncClosableT]):
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


class AsyncEngineHolder(Forkable, Generic[AsyncClosableT]):
    """What carries the requests of each event loop: connections cannot be shared between them."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._held: dict[asyncio.AbstractEventLoop, LoopEngine[AsyncClosableT]] = {}
        # Replaced, and with requests under way when they were.
        self._worn_out: list[LoopEngine[AsyncClosableT]] = []

    def get(self, make: Callable[[], AsyncClosableT]) -> LoopEngine[AsyncClosableT]:
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

                client = make()
                # The last request that uses the client before closes it.
                held = LoopEngine(loop, client, _tie(client), held.places if held else Places(MOST_AT_ONCE))
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
