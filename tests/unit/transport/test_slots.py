"""Tests of slots for concurrent requests: first come, first served, and none is ever lost."""

from __future__ import annotations

import asyncio

import pytest
from axtasks.transport import network
from axtasks.transport.network import AsyncNetwork

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

LONG = 60.0


@pytest.fixture(autouse=True)
def one_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit each event loop to a single slot."""
    monkeypatch.setattr(network, "MOST_AT_ONCE", 1)


async def waiting(slots: AsyncNetwork, seconds: float = LONG) -> asyncio.Task[bool]:
    """Return a task that is waiting for a slot."""
    task = asyncio.ensure_future(slots.acquire(seconds))
    await asyncio.sleep(0)
    return task


def test_each_is_given_to_whoever_waited_longest() -> None:
    async def play() -> list[str]:
        slots, order = AsyncNetwork(), list[str]()
        assert await slots.acquire(LONG)
        tasks = [await waiting(slots) for _ in "abc"]
        for name, task in zip("abc", tasks, strict=True):
            task.set_name(name)
            task.add_done_callback(lambda each: order.append(each.get_name()))
        for _ in "abc":
            slots.slots.release()
            # Whoever comes later does not get it first.
            assert slots.slots.locked()
            await asyncio.sleep(0)
        assert await asyncio.gather(*tasks) == [True] * 3
        slots.slots.release()
        assert slots.slots._value == 1
        return order

    assert asyncio.run(play()) == ["a", "b", "c"]


def test_a_wait_ends_with_its_time_and_leaves_the_slot_to_others() -> None:
    async def play() -> None:
        slots = AsyncNetwork()
        await slots.acquire(LONG)
        other, *late = [await waiting(slots, seconds) for seconds in (LONG, 0.001, 0.001)]

        assert await asyncio.gather(*late) == [False, False]

        slots.slots.release()
        assert await other
        slots.slots.release()
        assert slots.slots._value == 1

    asyncio.run(play())


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "just when it got one"])
def test_a_wait_that_is_cancelled_leaves_the_slot_to_others(given: bool) -> None:
    async def play() -> None:
        slots = AsyncNetwork()
        await slots.acquire(LONG)
        first, second = await waiting(slots), await waiting(slots)

        if given:
            slots.slots.release()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        if not given:
            slots.slots.release()

        assert await second
        slots.slots.release()
        assert slots.slots._value == 1

    asyncio.run(play())
