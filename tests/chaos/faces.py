"""The two clients behind one face, so that a test is written once: calls block, whichever client makes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol, Self

from axtasks import AsyncAxClient, AxClient

Call = Callable[[Any], Any]
"""A call of either client, such as `lambda client: client.tasks.get("id")`."""


class Face(Protocol):
    """One of the two clients."""

    def __init__(self, **settings: Any) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def ask(self, call: Call) -> Any:
        """What a call comes to."""

    def pages(self, call: Call) -> tuple[list[Any], list[float]]:
        """The pages that a call's list has, and the seconds each of them took."""


class Blocking:
    """Uses the blocking client."""

    def __init__(self, **settings: Any) -> None:
        self.client = AxClient(**settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(self, call: Call) -> Any:
        return call(self.client)

    def pages(self, call: Call) -> tuple[list[Any], list[float]]:
        started = time.monotonic()
        pages, seconds = [], []
        for page in call(self.client).pages():
            pages.append(page)
            seconds.append(time.monotonic() - started)
            started = time.monotonic()
        return pages, seconds


class Awaiting:
    """Uses the awaiting client, all its calls on one event loop."""

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

    def pages(self, call: Call) -> tuple[list[Any], list[float]]:
        async def run() -> tuple[list[Any], list[float]]:
            started = time.monotonic()
            pages, seconds = [], []
            async for page in (await call(self.client)).pages():
                pages.append(page)
                seconds.append(time.monotonic() - started)
                started = time.monotonic()
            return pages, seconds

        return self.runner.run(run())


FACES: dict[str, type[Face]] = {"blocking": Blocking, "awaiting": Awaiting}
