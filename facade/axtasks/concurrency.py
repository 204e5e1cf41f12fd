"""Locks for threads and asyncio tasks, their renewal in a forked process, and what cannot be passed to another one."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, contextmanager
from threading import TIMEOUT_MAX, Lock
from typing import TYPE_CHECKING, NoReturn, SupportsIndex
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator


class Forkable(ABC):
    """An object with a lock or a connection, which a forked process must not share with its parent."""

    def __init__(self) -> None:
        _instances.add(self)

    @abstractmethod
    def after_fork(self) -> None:
        """Replace locks that a thread of the parent may hold, and drop what belongs to the parent.

        It runs in the child, before any other code does.
        """


_instances: WeakSet[Forkable] = WeakSet()


def _renew_all() -> None:
    for instance in list(_instances):
        instance.after_fork()


# Windows has no fork.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)


class Uncopied:
    """Base of what holds connections and the API key, which is neither copied nor pickled."""

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(
            "a client of ax-tasks cannot be copied or pickled, as it holds connections and the API key: share the"
            " client, or make one there"
        )


class LockTimeoutError(Exception):
    """The lock was held by others for the whole time limit."""


class SingleFlight(Forkable):
    """A lock with a timeout, for threads and asyncio tasks: all threads share one, each event loop has its own."""

    def __init__(self) -> None:
        super().__init__()
        self.after_fork()

    def after_fork(self) -> None:
        """Replace the locks, which threads of the parent may hold."""
        self._thread_lock = Lock()
        self._loop_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._guard = Lock()

    @contextmanager
    def acquire(self, within_seconds: float) -> Iterator[None]:
        """Hold the lock of all threads, or raise LockTimeoutError after that many seconds."""
        if not self._thread_lock.acquire(timeout=min(max(within_seconds, 0), TIMEOUT_MAX)):
            raise LockTimeoutError
        try:
            yield
        finally:
            self._thread_lock.release()

    @asynccontextmanager
    async def acquire_async(self, within_seconds: float) -> AsyncIterator[None]:
        """Hold the lock of the running event loop, or raise LockTimeoutError after that many seconds."""
        import asyncio

        with self._guard:
            lock = self._loop_locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        try:
            async with asyncio.timeout(within_seconds):
                await lock.acquire()
        except TimeoutError:
            raise LockTimeoutError from None
        try:
            yield
        finally:
            lock.release()
