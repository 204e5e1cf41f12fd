"""What an engine loses by requests that fail is not felt: another one takes its place, and it is closed in the end."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from axtasks import AsyncAxClient, ConfigurationError, RetryPolicy, Task, TransportError
from axtasks.transport import base as transport
from axtasks.transport.base import AsyncTransport
from axtasks.transport.models import Response
from axtasks.transport.pool import MOST_AT_ONCE, MOST_FAILURES

from tests.unit.support import API_KEY, CHAT_QUALITY, TASK, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks import Timeouts
    from axtasks_api_beta.operation import PreparedRequest

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract


class Wearing:
    """An engine that loses something with each request that fails, and answers none before it is told how.

    Attributes:
        totals: the seconds that each request had.
        is_closed: whether it is closed, which takes a while.
    """

    wears_out = True

    def __init__(self) -> None:
        self.totals: list[float] = []
        self.is_closed = False
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def exchange(self, _: PreparedRequest, __: bytes | None, timeouts: Timeouts, ___: float) -> Response:
        assert not self.is_closed
        self.totals.append(timeouts.total)
        body = await asyncio.shield(self._answer)
        return Response(200, {"content-type": "application/json"}, body)

    def succeed(self) -> None:
        """Answers all requests."""
        self._answer.set_result(json.dumps(TASK).encode())

    def fail(self) -> None:
        """Lets all requests fail."""
        self._answer.set_exception(ConnectionResetError("gone"))

    async def aclose(self) -> None:
        await turns()
        self.is_closed = True


async def turns() -> None:
    """Lets the others go on for a while."""
    for _ in range(20):
        await asyncio.sleep(0)


@contextmanager
def wearing(**settings: Any) -> Iterator[tuple[AsyncAxClient, list[Wearing]]]:
    """A client, and the engines that it makes."""
    made = list[Wearing]()

    def another(_: AsyncTransport) -> Wearing:
        made.append(Wearing())
        return made[-1]

    once = RetryPolicy(attempts=1)
    with mock.patch.object(AsyncTransport, "make_engine", another):
        url = "http://localhost:9"
        yield AsyncAxClient(api_key=API_KEY, base_url=url, retry=once, contract="documents", **settings), made


def begun(ax: AsyncAxClient, number: int) -> list[asyncio.Future[Task]]:
    """So many calls at once."""
    return [asyncio.ensure_future(ax.tasks.get(CHAT_QUALITY)) for _ in range(number)]


class TestWhatIsWornOut:
    """An engine that loses something with requests that fail is used for so many of them."""

    def test_it_is_closed_with_its_last_request(self) -> None:
        """Even if somebody keeps all errors, and with them the calls that they came from."""

        async def play() -> list[BaseException | Task]:
            with wearing() as (ax, made):
                first = begun(ax, MOST_FAILURES + 1)
                await turns()
                for call in first[1:]:
                    call.cancel()
                ends = await asyncio.gather(*first[1:], return_exceptions=True)
                second = begun(ax, 1)
                await turns()
                assert [each.is_closed for each in made] == [False, False]
                for engine in made:
                    engine.succeed()
                assert (await first[0]).id == (await second[0]).id == TASK["id"]
                await turns()
                assert [each.is_closed for each in made] == [True, False]
                await ax.close()
                assert [each.is_closed for each in made] == [True, True]
                return ends

        assert all(isinstance(end, asyncio.CancelledError) for end in asyncio.run(play()))

    def test_it_is_closed_with_the_client_whatever_is_under_way(self) -> None:
        async def play() -> None:
            with wearing() as (ax, made):
                first = begun(ax, MOST_FAILURES + 1)
                await turns()
                for call in first[1:]:
                    call.cancel()
                await turns()
                second = begun(ax, 1)
                await turns()
                await ax.close()
                assert [each.is_closed for each in made] == [True, True]
                for call in (first[0], second[0]):
                    call.cancel()
                    assert isinstance((await asyncio.gather(call, return_exceptions=True))[0], asyncio.CancelledError)

        asyncio.run(play())

    @pytest.mark.parametrize("gone_on", [0, 1, 2, 3, 10])
    def test_it_may_be_closed_by_several_at_once(self, gone_on: int) -> None:
        async def play() -> None:
            with wearing() as (ax, made):
                calls = begun(ax, MOST_FAILURES)
                await turns()
                for call in calls:
                    call.cancel()
                for _ in range(gone_on):
                    await asyncio.sleep(0)
                await ax.close()
                ends = await asyncio.gather(*calls, return_exceptions=True)
                assert all(isinstance(end, asyncio.CancelledError) for end in ends)
                assert [each.is_closed for each in made] == [True]

        asyncio.run(play())

    @pytest.mark.parametrize("gone_on", range(4))
    def test_it_is_closed_to_the_end_whoever_is_cancelled_meanwhile(self, gone_on: int) -> None:
        async def play() -> None:
            with wearing() as (ax, made):
                calls = begun(ax, MOST_FAILURES)
                await turns()
                for call in calls:
                    call.cancel()
                closing = asyncio.ensure_future(ax.close())
                for _ in range(gone_on):
                    await asyncio.sleep(0)
                    calls[-1].cancel()
                closing.cancel()
                await asyncio.gather(closing, *calls, return_exceptions=True)
                await turns()
                assert made[0].is_closed

        asyncio.run(play())

    def test_those_who_wait_for_a_slot_go_out_on_the_next_one(self) -> None:
        """In what is left of their time; and the slots are the same."""

        async def play() -> None:
            stopwatch = Stopwatch()
            timed = mock.patch.object(transport, "monotonic", side_effect=lambda: stopwatch.now)
            with timed, wearing(timeout=30, clock=stopwatch.clock) as (ax, made):
                calls = begun(ax, MOST_AT_ONCE + 3)
                await turns()
                stopwatch.now += 7
                slots = ax._transport._pool.get(ax._transport.make_engine).slots
                assert (len(made), len(made[0].totals), slots._value) == (1, MOST_AT_ONCE, 0)
                made[0].fail()
                await turns()
                assert [each.totals for each in made] == [[30] * MOST_AT_ONCE, [23] * 3]
                made[1].succeed()
                ends = await asyncio.gather(*calls, return_exceptions=True)
                assert [isinstance(end, TransportError) for end in ends] == [True] * MOST_AT_ONCE + [False] * 3
                assert ax._transport._pool.get(ax._transport.make_engine).slots is slots
                assert slots._value == MOST_AT_ONCE
                await ax.close()

        asyncio.run(play())

    def test_those_who_wait_for_a_slot_of_a_client_that_is_closed_give_it_back(self) -> None:
        async def play() -> None:
            with wearing() as (ax, made):
                calls = begun(ax, MOST_AT_ONCE + 3)
                await turns()
                slots = ax._transport._pool.get(ax._transport.make_engine).slots
                await ax.close()
                made[0].succeed()
                ends = await asyncio.gather(*calls, return_exceptions=True)
                assert [isinstance(end, ConfigurationError) for end in ends] == [False] * MOST_AT_ONCE + [True] * 3
                assert slots._value == MOST_AT_ONCE

        asyncio.run(play())
