"""Something that is done by one at a time, be it one of many threads or one of many tasks of an event loop."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from threading import TIMEOUT_MAX, Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from .forks import Forkable

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator


class TurnTimeoutError(Exception):
    """Others were at it all the time."""


class Turn(Forkable):
    """The right to do something. Threads share one; each event loop has one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._guard = Lock()

    def after_fork(self) -> None:
        """Makes the locks anew, which threads of the parent may hold."""
        self._lock, self._guard = Lock(), Lock()
        self._of_loops = WeakKeyDictionary()

    @contextmanager
    def taken(self, within_seconds: float) -> Iterator[None]:
        """Has it, while others wait.

        Args:
            within_seconds: the longest to wait for it.

        Raises:
            TurnTimeoutError: it was not to be had in that time.
        """
        if not self._lock.acquire(timeout=min(max(within_seconds, 0), TIMEOUT_MAX)):
            raise TurnTimeoutError
        try:
            yield
        finally:
            self._lock.release()

    @asynccontextmanager
    async def awaited(self, within_seconds: float) -> AsyncIterator[None]:
        """Has it, while other tasks wait.

        Args:
            within_seconds: the longest to wait for it.

        Raises:
            TurnTimeoutError: it was not to be had in that time.
        """
        import asyncio

        with self._guard:
            lock = self._of_loops.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        try:
            async with asyncio.timeout(within_seconds):
                await lock.acquire()
        except TimeoutError:
            raise TurnTimeoutError from None
        try:
            yield
        finally:
            lock.release()
