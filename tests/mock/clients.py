"""The clients of this package that meet with the mock's faults, made in one place."""

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
# Each fault is to be seen as it is, rather than outlived.
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
    """A client that meets with each fault as it is."""
    with (
        httpx.Client(transport=transport, trust_env=False) as http,
        AxClient(api_key="key", base_url=url, timeout=for_facade(patience), retry=ONCE, http_client=http) as client,
    ):
        yield client


@asynccontextmanager
async def awaiting(
    url: str = BASE, transport: MockTransport | None = None, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[AsyncAxClient]:
    """The same, asynchronous."""
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False) as http,
        AsyncAxClient(
            api_key="key", base_url=url, timeout=for_facade(patience), retry=ONCE, http_client=http
        ) as client,
    ):
        yield client
