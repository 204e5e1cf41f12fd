"""Valid and invalid values of `http_client=`: checked by mypy and pyright, never run."""

from __future__ import annotations

import httpx
import httpx2
from axtasks import AsyncAxClient, AxClient

AxClient(http_client=httpx.Client())
AxClient(http_client=httpx2.Client())
AsyncAxClient(http_client=httpx.AsyncClient())
AsyncAxClient(http_client=httpx2.AsyncClient())

# One whose methods are awaited in place of one that blocks, and the other way round.
AxClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]  # it would fail in the middle of a call
AxClient(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # it would fail in the middle of a call
AsyncAxClient(http_client=httpx.Client())  # type: ignore[arg-type]  # it would fail in the middle of a call
AsyncAxClient(http_client=httpx2.Client())  # type: ignore[arg-type]  # it would fail in the middle of a call
