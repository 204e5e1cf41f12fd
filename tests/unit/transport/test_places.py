"""Places are given to whoever waited longest, and none is ever lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from axtasks.transport.pool import Places

if TYPE_CHECKING:
    from collections.abc import Coroutine

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

LONG = 60.0


async def begun(waiting: Coroutine[None, None, bool]) -> asyncio.Task[bool]:
    """A task that waits by now."""
    task = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    return task


def test_no_more_are_taken_than_there_are() -> None:
    places = Places(2)

    assert [places.take(), places.take(), places.take()] == [True, True, False]
    places.give_back()
    assert [places.take(), places.take()] == [True, False]


def test_each_is_given_to_whoever_waited_longest() -> None:
    async def play() -> list[str]:
        places, order = Places(1), list[str]()

        async def use(name: str) -> bool:
            has_place = await places.wait(LONG)
            order.append(name)
            return has_place

        assert places.take()
        waiting = [await begun(use(name)) for name in "abc"]
        for _ in "abc":
            places.give_back()
            # Whoever comes later does not get it first.
            assert not places.take()
            await asyncio.sleep(0)
        assert await asyncio.gather(*waiting) == [True] * 3
        places.give_back()
        assert places.free == 1
        return order

    assert asyncio.run(play()) == ["a", "b", "c"]


def test_a_wait_ends_with_its_time_and_leaves_the_place_to_others() -> None:
    async def play() -> None:
        places = Places(1)
        assert places.take()
        other = await begun(places.wait(LONG))

        assert not await places.wait(0.001)

        places.give_back()
        assert await other
        places.give_back()
        assert places.free == 1

    asyncio.run(play())


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "just when it got one"])
def test_a_wait_that_is_cancelled_leaves_the_place_to_others(given: bool) -> None:
    async def play() -> None:
        places = Places(1)
        assert places.take()
        first, second = await begun(places.wait(LONG)), await begun(places.wait(LONG))

        if given:
            places.give_back()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        if not given:
            places.give_back()

        assert await second
        places.give_back()
        assert places.free == 1

    asyncio.run(play())


def test_a_wait_that_is_cancelled_just_when_its_time_is_over_has_none_to_leave() -> None:
    async def play() -> None:
        places = Places(1)
        assert places.take()
        waiting = await begun(places.wait(LONG))
        places._waiting[0].set_result(False)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert places.free == 0
        places.give_back()
        assert places.free == 1

    asyncio.run(play())


def test_a_wait_that_is_given_up_takes_no_place() -> None:
    async def play() -> None:
        places = Places(1)
        assert places.take()
        waiting = places.wait(LONG)
        waiting.send(None)
        waiting.close()
        places.give_back()
        assert places.free == 1

    asyncio.run(play())


def test_waits_that_are_over_are_not_kept() -> None:
    async def play() -> None:
        places = Places(1)
        assert places.take()
        assert not any(await asyncio.gather(*(places.wait(0) for _ in range(100))))
        assert not places._waiting

    asyncio.run(play())
