"""Holds the HTTP engine: one per process (sync) or event loop (async)."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import finalize

from axtasks.concurrency import Forkable
from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio
    from asyncio import Semaphore
    from collections.abc import AsyncGenerator, Callable, Iterator


class Closable(Protocol):
    """An engine that blocks."""

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncClosable(Protocol):
    """An engine of one event loop."""

    async def aclose(self) -> None:
        """Close the connections."""
        ...


EngineT = TypeVar("EngineT", bound=Closable)
AsyncEngineT = TypeVar("AsyncEngineT", bound=AsyncClosable)

# The connection pool of httpx may lose the slot of a request that is cancelled, and has 100. So it is replaced after
# MOST_FAILURES failures, and MOST_AT_ONCE is below what is left then.
MOST_AT_ONCE = 64
MOST_FAILURES = 32
CLOSED = "this client is closed; make a new one"
# Connections of the parent process. Closing them here might end them there, so they are referenced and left alone.
_inherited: list[object] = []


class EngineHolder(Forkable, Generic[EngineT]):
    """Holds the engine that all threads of the process share."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._in_use = 0
        self._engine: EngineT | None = None
        self._closer: finalize[[], EngineHolder[EngineT]] | None = None

    @contextmanager
    def borrow(self, make: Callable[[], EngineT]) -> Iterator[EngineT]:
        """Lend the engine, made if there is none, for the `with` block; closing waits for the end of the block.

        Raises:
            ConfigurationError: this was closed.
        """
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            if self._engine is None:
                self._engine = make()
                self._closer = finalize(self, self._engine.close)
            engine = self._engine
            self._in_use += 1
        try:
            yield engine
        finally:
            with self._lock:
                # After a fork the child has another engine and its own count.
                self._in_use -= engine is self._engine
            if self._is_closed:
                self._close_if_unused()

    def close(self) -> None:
        """Close the connections: now, or when the last request of another thread has ended.

        A thread that waits on a connection would not notice that it is closed under it.
        """
        with self._lock:
            self._is_closed = True
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        with self._lock:
            if not self._is_closed or self._in_use:
                return
            closer, self._closer, self._engine = self._closer, None, None
        if closer is not None:
            closer()

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        self._lock = Lock()
        if self._closer is not None:
            self._closer.detach()
            _inherited.append(self._engine)
        self._closer = self._engine = None
        self._in_use = 0


class LoopEngine(Generic[AsyncEngineT]):
    """The engine of one event loop, and its state.

    Attributes:
        loop: the loop.
        engine: sends the requests.
        closer: closes the engine at the end of the loop, and when nothing references it any more.
        slots: limits concurrent requests, first come, first served; more would queue up within httpx, which gets slow.
        failures: the requests that ended without a response.
        active: the number of requests that it is sending now.
        closing: the task that closes the engine, once that has begun.
    """

    __slots__ = ("active", "closer", "closing", "engine", "failures", "loop", "slots")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, engine: AsyncEngineT, closer: AsyncGenerator[None], slots: Semaphore
    ) -> None:
        self.loop = loop
        self.engine = engine
        self.closer = closer
        self.slots = slots
        self.failures = 0
        self.active = 0
        self.closing: asyncio.Future[None] | None = None

    @property
    def is_worn_out(self) -> bool:
        """True if it takes no more requests."""
        return self.failures >= MOST_FAILURES

    @property
    def is_over(self) -> bool:
        """True if its connections are closed, be it with the loop."""
        return self.loop.is_closed() or (self.closing is not None and self.closing.done())

    def begin_to_close(self) -> asyncio.Future[None]:
        """Return the one task that closes the engine; it goes on if a caller that awaits it is cancelled."""
        from asyncio import ensure_future

        if self.closing is None:
            self.closing = ensure_future(self.closer.aclose())
        return self.closing


class AsyncEngineHolder(Forkable, Generic[AsyncEngineT]):
    """Holds one engine per event loop: connections cannot be shared between loops."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._held: dict[asyncio.AbstractEventLoop, LoopEngine[AsyncEngineT]] = {}
        # Replaced while they had active requests.
        self._worn_out: list[LoopEngine[AsyncEngineT]] = []

    def get(self, make: Callable[[], AsyncEngineT]) -> LoopEngine[AsyncEngineT]:
        """Return the engine of the running loop, made if there is none or the one before is worn out.

        Raises:
            ConfigurationError: this was closed.
        """
        # Imported late: the blocking client does without it.
        import asyncio

        loop = asyncio.get_running_loop()
        held = self._held.get(loop)
        if held is not None and not held.is_worn_out:
            return held
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            held = self._held.get(loop)
            if held is None:
                # The engines of loops that ended were closed with them.
                self._held = {other: engine for other, engine in self._held.items() if not other.is_closed()}
            elif held.is_worn_out:
                self._worn_out = [each for each in (*self._worn_out, held) if not each.is_over]
            if held is None or held.is_worn_out:
                engine = make()
                # The slots stay the same; the last active request of the engine before closes that one.
                slots = held.slots if held else asyncio.Semaphore(MOST_AT_ONCE)
                held = self._held[loop] = LoopEngine(loop, engine, _start_closer(engine), slots)
            return held

    async def close(self) -> None:
        """Close the connections; those of loops in other threads soon after."""
        from asyncio import get_running_loop, run_coroutine_threadsafe, shield

        with self._lock:
            self._is_closed = True
            all_held = [*self._held.values(), *self._worn_out]
            self._held, self._worn_out = {}, []
        for held in all_held:
            if held.loop is get_running_loop():
                await shield(held.begin_to_close())
            elif held.loop.is_running():
                run_coroutine_threadsafe(held.engine.aclose(), held.loop)

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        self._lock = Lock()
        _inherited.extend((self._held, self._worn_out))
        self._held, self._worn_out = {}, []


def _start_closer(engine: AsyncClosable) -> AsyncGenerator[None]:
    """Return a started generator that the running loop ends, which closes the engine.

    Loops end started generators at their own end, and when nothing references them any more.
    """
    closer = _close_at_end(engine)
    # A step of it ends with StopIteration.
    with suppress(StopIteration):
        closer.asend(None).send(None)
    return closer


async def _close_at_end(engine: AsyncClosable) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await engine.aclose()
