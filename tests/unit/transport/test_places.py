"""Slots for concurrent requests are given to whoever waited longest, and none is ever lost."""

from __future__ import annotations

import asyncio

import pytest
from axtasks import ConnectionFailedError, Timeouts
from axtasks.transport.base import AsyncTransport
from axtasks_api_beta.operation import PreparedRequest

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

REQUEST = PreparedRequest("list_tasks", "GET", "/v2/tasks")
LONG = 60.0


async def waiting(slots: asyncio.Semaphore, seconds: float = LONG) -> asyncio.Task[Timeouts]:
    """A task that waits for a slot by now."""
    task = asyncio.ensure_future(AsyncTransport._acquire(slots, REQUEST, Timeouts(total=seconds)))
    await asyncio.sleep(0)
    return task


def test_each_is_given_to_whoever_waited_longest() -> None:
    async def play() -> list[str]:
        slots, order = asyncio.Semaphore(1), list[str]()
        assert await AsyncTransport._acquire(slots, REQUEST, Timeouts(total=7)) == Timeouts(total=7)
        tasks = [await waiting(slots) for _ in "abc"]
        for name, task in zip("abc", tasks, strict=True):
            task.set_name(name)
            task.add_done_callback(lambda each: order.append(each.get_name()))
        for _ in "abc":
            slots.release()
            # Whoever comes later does not get it first.
            assert slots.locked()
            await asyncio.sleep(0)
        assert all(0 < timeouts.total <= LONG for timeouts in await asyncio.gather(*tasks))
        slots.release()
        assert slots._value == 1
        return order

    assert asyncio.run(play()) == ["a", "b", "c"]


def test_a_wait_ends_with_its_time_and_leaves_the_slot_to_others() -> None:
    async def play() -> None:
        slots = asyncio.Semaphore(1)
        await slots.acquire()
        other, *late = [await waiting(slots, seconds) for seconds in (LONG, 0.001, 0.001)]

        for task in late:
            with pytest.raises(ConnectionFailedError, match="list_tasks was not sent: too many other") as caught:
                await task
            assert caught.value.__context__ is None

        slots.release()
        await other
        slots.release()
        assert slots._value == 1

    asyncio.run(play())


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "just when it got one"])
def test_a_wait_that_is_cancelled_leaves_the_slot_to_others(given: bool) -> None:
    async def play() -> None:
        slots = asyncio.Semaphore(1)
        await slots.acquire()
        first, second = await waiting(slots), await waiting(slots)

        if given:
            slots.release()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        if not given:
            slots.release()

        await second
        slots.release()
        assert slots._value == 1

    asyncio.run(play())
