"""Clients of a mock in this process: they advance its clock instead of sleeping."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import httpx

from axtasks import AsyncAxClient, AxClient, Clock
from axtasks.config.settings import parse_contract
from axtasks.mock import MockTransport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock import Clock as MockClock
    from axtasks.mock import Mock
    from axtasks.mock.keys import Key
    from axtasks.mock.world.world import World

URL = "https://ax-mock.test"
"""Stands in messages for the address of the mock; it is never resolved."""
ANY_KEY = "ax-mock-key"
DEFAULT_SPACE = "demo"
USELESS_ROLES = ("revoked", "read-only")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def client_of(mock: Mock, *, api_key: str | None = None, space: str | None = None) -> AxClient:
    """A client of a mock in this process: it advances the mock's clock instead of sleeping.

    Args:
        mock: the mock.
        api_key: the key to send; when left out, the best one that the mock's world lists, or any.
        space: the space that names are looked up in; when left out, `demo` or the only one that there is.
    """
    return AxClient(
        api_key=api_key or usable_key(mock.world.settings.keys),
        contract=parse_contract("contract", mock.contract),
        base_url=URL,
        space=space or default_space(mock.world),
        http_client=httpx.Client(transport=_transport(mock)),
        clock=clock_of(mock.clock),
    )


def async_client_of(mock: Mock, *, api_key: str | None = None, space: str | None = None) -> AsyncAxClient:
    """An asyncio client, as `client_of`. Waits of several tasks overlap, as real ones would.

    Args:
        mock: the mock.
        api_key: the key to send; when left out, the best one that the mock's world lists, or any.
        space: the space that names are looked up in; when left out, `demo` or the only one that there is.
    """
    return AsyncAxClient(
        api_key=api_key or usable_key(mock.world.settings.keys),
        contract=parse_contract("contract", mock.contract),
        base_url=URL,
        space=space or default_space(mock.world),
        http_client=httpx.AsyncClient(transport=_transport(mock)),
        clock=clock_of(mock.clock),
    )


def _transport(mock: Mock) -> MockTransport:
    return MockTransport(mock, sleep=mock.clock.advance)


def usable_key(keys: Iterable[Key]) -> str:
    """Return the key with the most rights; any text where none are listed."""
    best = sorted(keys, key=lambda key: (key.role in USELESS_ROLES, key.role == USELESS_ROLES[0], key.spaces or ()))
    return best[0].token if best else ANY_KEY


def default_space(world: World) -> str | None:
    """Return the space of the default world, or the only one; None where there are several."""
    names = [space.name for space in world.spaces.all()]
    if DEFAULT_SPACE in names:
        return DEFAULT_SPACE
    return names[0] if len(names) == 1 else None


def clock_of(mock_clock: MockClock) -> Clock:
    """Return a client's clock that reads the mock's clock, and advances it instead of sleeping."""
    waits = _Waits(mock_clock)
    return Clock(monotonic=waits.monotonic, sleep=waits.sleep, sleep_async=waits.sleep_async)


class _Waits:
    """The waits of one client; they end in the same order as real ones."""

    def __init__(self, clock: MockClock) -> None:
        self._clock = clock
        self._ends: list[tuple[float, int]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        return (self._clock.now() - EPOCH).total_seconds()

    def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        end = (self._elapsed() + seconds, next(self._numbers))
        heapq.heappush(self._ends, end)
        try:
            # First the tasks whose waits end earlier, and those that have not begun to wait.
            await asyncio.sleep(0)
            while self._ends[0] != end:  # noqa: ASYNC110  # each step of the loop runs the other tasks
                await asyncio.sleep(0)
            self._clock.advance(max(0, end[0] - self._elapsed()))
        finally:
            self._ends.remove(end)
            heapq.heapify(self._ends)

    def _elapsed(self) -> float:
        return self._clock.advanced.total_seconds()
