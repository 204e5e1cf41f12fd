"""Adapters that give both clients one blocking interface, so that a test is written once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, Self

from axtasks import AsyncAxClient, AxClient

Call = Callable[[Any], Any]
"""A call of either client, such as `lambda client: client.tasks.get("id")`."""


class ClientAdapter(Protocol):
    """The interface of both clients."""

    client: Any

    def __init__(self, **settings: Any) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def ask(self, call: Call) -> Any:
        """Make a call and return its value."""

    def items(self, call: Call, watch: Stopwatch) -> list[Any]:
        """Return all items of a list, and start a round of the stopwatch with each page."""


class Stopwatch:
    """A stopwatch for the longest of several rounds.

    Args:
        monotonic: the clock.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._started = monotonic()
        self._longest = 0.0

    def next_round(self) -> None:
        """End a round and start the next."""
        self._longest = self.longest()
        self._started = self._monotonic()

    def longest(self) -> float:
        """Return the seconds of the longest round, the current one included."""
        return max(self._longest, self._monotonic() - self._started)


class BlockingAdapter:
    """Calls the blocking client."""

    def __init__(self, **settings: Any) -> None:
        self.client = AxClient(**settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(self, call: Call) -> Any:
        return call(self.client)

    def items(self, call: Call, watch: Stopwatch) -> list[Any]:
        items = []
        for page in call(self.client).pages():
            items += page.items
            watch.next_round()
        return items


class AwaitingAdapter:
    """Calls the awaiting client, always on the same event loop."""

    def __init__(self, **settings: Any) -> None:
        self.runner = asyncio.Runner()
        self.client = AsyncAxClient(**settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.run(self.client.close())
        self.runner.close()

    def ask(self, call: Call) -> Any:
        async def run() -> Any:
            return await call(self.client)

        return self.runner.run(run())

    def items(self, call: Call, watch: Stopwatch) -> list[Any]:
        async def run() -> list[Any]:
            items = []
            async for page in (await call(self.client)).pages():
                items += page.items
                watch.next_round()
            return items

        return self.runner.run(run())


ADAPTERS: dict[str, type[ClientAdapter]] = {"blocking": BlockingAdapter, "awaiting": AwaitingAdapter}
