"""An event loop in virtual time, which advances at once while all of its tasks sleep."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, TypeVar

from axtasks import Clock

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

BEGIN = 1000.0


class DeadlockError(Exception):
    """Every task waits for another."""


class _Selector(selectors.DefaultSelector):
    """A selector that advances the loop's time instead of waiting."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        """Return the ready events; without any, advance the time."""
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise DeadlockError
            self.loop.now += max(timeout, 0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop of virtual time.

    Attributes:
        now: its time in seconds.
    """

    def __init__(self) -> None:
        self.now = BEGIN
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Return the virtual time."""
        return self.now

    @property
    def clock(self) -> Clock:
        """The loop's time as the clock of a client."""
        return Clock(monotonic=self.time, sleep_async=asyncio.sleep)


def played(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine, run in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def virtual_loop() -> VirtualLoop:
    """Return the running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
