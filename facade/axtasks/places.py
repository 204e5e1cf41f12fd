"""Places for what may be under way at once on an event loop: whoever finds none free gets one in turn."""

from __future__ import annotations

from asyncio import get_running_loop
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import Future


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
