"""Holds the HTTP engine: one per process (sync) or event loop (async)."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import finalize

from axtasks.concurrency import Forkable
from axtasks.errors import ConfigurationError

from .steps import run, run_async

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts

    from .models import Response
    from .steps import Steps

CLOSED = "this client is closed; make a new one"
# Connections of the parent process. Closing them here might end them there, so they are referenced and left alone.
_inherited: list[object] = []


class Engine(Protocol):
    """Sends requests, as steps that a driver performs."""

    def steps(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Steps[Response]:
        """Send a request, and return the response.

        Args:
            request: the request.
            content: its encoded body; None for no body at all.
            timeouts: limits of connecting and of single waits for data.
            ends: the deadline of the whole exchange, as monotonic time.
        """
        ...

    def close_steps(self) -> Steps[None]:
        """Close the idle connections, and keep no more."""
        ...


class EngineHolder(Forkable):
    """Holds the engine that all threads of the process share."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._engine: Engine | None = None
        self._closer: finalize[[Engine], EngineHolder] | None = None

    def get(self, make: Callable[[], Engine]) -> Engine:
        """Return the engine, made if there is none.

        Raises:
            ConfigurationError: this was closed.
        """
        with self._lock:
            if self._is_closed:
                raise ConfigurationError(CLOSED)
            if self._engine is None:
                self._engine = make()
                self._closer = finalize(self, _close, self._engine)
            return self._engine

    def close(self) -> None:
        """Close the connections; requests that are under way go on, and close theirs."""
        with self._lock:
            self._is_closed = True
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


class _LoopEngine(NamedTuple):
    """The engine of one event loop, and what closes it at the end of the loop."""

    engine: Engine
    closer: AsyncGenerator[None]


class AsyncEngineHolder(Forkable):
    """Holds one engine per event loop: connections cannot be shared between loops."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False
        self._held: dict[asyncio.AbstractEventLoop, _LoopEngine] = {}

    def get(self, make: Callable[[], Engine]) -> Engine:
        """Return the engine of the running loop, made if there is none.

        Raises:
            ConfigurationError: this was closed.
        """
        # Imported late: the blocking client does without it.
        from asyncio import get_running_loop

        loop = get_running_loop()
        held = self._held.get(loop)
        if held is None:
            with self._lock:
                if self._is_closed:
                    raise ConfigurationError(CLOSED)
                engine = make()
                # The engines of loops that ended were closed with them.
                open_ = {other: each for other, each in self._held.items() if not other.is_closed()}
                held = _LoopEngine(engine, _start_closer(engine))
                self._held = {**open_, loop: held}
        return held.engine

    async def close(self) -> None:
        """Close the connections; those of loops in other threads soon after."""
        from asyncio import ensure_future, get_running_loop, run_coroutine_threadsafe, shield

        with self._lock:
            self._is_closed = True
            all_held, self._held = self._held, {}
        for loop, held in all_held.items():
            if loop is get_running_loop():
                # It goes on if the caller is cancelled.
                await shield(ensure_future(held.closer.aclose()))
            elif loop.is_running():
                run_coroutine_threadsafe(run_async(held.engine.close_steps()), loop)

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        self._lock = Lock()
        _inherited.append(self._held)
        self._held = {}


def _close(engine: Engine) -> None:
    run(engine.close_steps())


def _start_closer(engine: Engine) -> AsyncGenerator[None]:
    """Return a started generator that the running loop ends, which closes the engine.

    Loops end started generators at their own end, and when nothing references them any more.
    """
    closer = _close_at_end(engine)
    # A step of it ends with StopIteration.
    with suppress(StopIteration):
        closer.asend(None).send(None)
    return closer


async def _close_at_end(engine: Engine) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await run_async(engine.close_steps())
