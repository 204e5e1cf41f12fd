"""Locks, calls in threads, their renewal in a forked process, and what cannot be passed to another process."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, contextmanager
from threading import TIMEOUT_MAX, Lock, Thread
from typing import TYPE_CHECKING, Generic, NoReturn, ParamSpec, SupportsIndex, TypeVar
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Iterator
    from concurrent.futures import Future

P = ParamSpec("P")
T = TypeVar("T")


class Forkable(ABC):
    """An object with a lock or a connection, which a forked process must not share with its parent.

    Constructors of classes below call this one last: another thread may fork at any time from then on.
    """

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
        self.after_fork()
        super().__init__()

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


class SharedCalls(Forkable, Generic[P, T]):
    """Calls of a function in threads, one at a time with the same arguments, whose outcome all callers share."""

    def __init__(self, function: Callable[P, T]) -> None:
        self._function = function
        self.after_fork()
        super().__init__()

    def after_fork(self) -> None:
        """Forget the calls of the parent, whose threads are not here."""
        self._lock = Lock()
        self._last: dict[object, Future[T]] = {}

    def start(self, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start a call, or join the one with these arguments that is pending."""
        key = (args, tuple(kwargs.items()))
        with self._lock:
            pending = self._last.get(key)
            if pending is None or pending.done():
                pending = self._last[key] = call_in_thread(self._function, *args, **kwargs)
            return pending


def call_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Call a function in a daemon thread, so that one that hangs holds up no caller and no exit of the program."""
    # Imported late: neither an IP address nor an idle connection needs it.
    from concurrent.futures import Future

    outcome: Future[T] = Future()
    # From now on a caller that is cancelled does not cancel it for the others.
    outcome.set_running_or_notify_cancel()

    def call() -> None:
        try:
            result = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  it is for whoever waits
            outcome.set_exception(error)
        else:
            outcome.set_result(result)

    try:
        Thread(target=call, name="axtasks-connect", daemon=True).start()
    except RuntimeError as error:
        # There are too many threads, or the program is ending. Whoever waits knows that nothing was done.
        outcome.set_exception(OSError(str(error)))
    return outcome


async def outcome_within(seconds: float, future: Future[T]) -> T:
    """Return the outcome of a call in a thread to the running event loop; raise TimeoutError after some seconds."""
    from asyncio import timeout, wrap_future

    async with timeout(seconds):
        return await wrap_future(future)
