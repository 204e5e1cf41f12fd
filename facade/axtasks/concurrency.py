"""Locks for threads and asyncio tasks, and their renewal in a forked process."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, contextmanager
from threading import TIMEOUT_MAX, Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator


class Forkable(ABC):
    """Something that holds a lock or a connection."""

    def __init__(self) -> None:
        _living.add(self)

    @abstractmethod
    def after_fork(self) -> None:
        """Makes locks anew, which another thread of the parent may have held, and lets go of what is the parent's.

        It runs in the child, before anything else does.
        """


_living: WeakSet[Forkable] = WeakSet()


def _renew() -> None:
    for one in list(_living):
        one.after_fork()


# There is no forking on Windows.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


class LockTimeoutError(Exception):
    """Others were at it all the time."""


class SingleFlight(Forkable):
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
            raise LockTimeoutError
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
            raise LockTimeoutError from None
        try:
            yield
        finally:
            lock.release()
