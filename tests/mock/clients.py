"""Clients of this package for tests of the mock's faults."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import httpx
from axtasks import AsyncAxClient, AxClient, RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from axtasks.mock import MockTransport

BASE = "https://mock.test"
PATIENCE_SECONDS = 20
# One attempt, so that the test sees the fault itself.
ONCE = RetryPolicy(attempts=1)


def for_httpx(patience: float) -> httpx.Timeout:
    """Only for the answer there is little time: a busy machine may take longer to connect."""
    return httpx.Timeout(PATIENCE_SECONDS, read=patience)


def for_facade(patience: float) -> Timeouts:
    """The same for the clients of this package."""
    return Timeouts(connect=PATIENCE_SECONDS, read=patience, total=PATIENCE_SECONDS)


@contextmanager
def blocking(
    url: str = BASE, transport: MockTransport | None = None, patience: float = PATIENCE_SECONDS
) -> Iterator[AxClient]:
    """Yield a sync client that does not retry."""
    with (
        httpx.Client(transport=transport, trust_env=False) as http,
        AxClient(api_key="key", base_url=url, timeout=for_facade(patience), retry=ONCE, http_client=http) as client,
    ):
        yield client


@asynccontextmanager
async def awaiting(
    url: str = BASE, transport: MockTransport | None = None, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[AsyncAxClient]:
    """Yield an async client that does not retry."""
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False) as http,
        AsyncAxClient(
            api_key="key", base_url=url, timeout=for_facade(patience), retry=ONCE, http_client=http
        ) as client,
    ):
        yield client
