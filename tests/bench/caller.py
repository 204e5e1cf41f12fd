"""A program that calls a server in one way: `python tests/bench/caller.py WAY URL COUNT`.

Prints the processor time of a call in microseconds, or for ways that make many calls at once (`-10`, `-50`, `-200`) the
number of calls per second. It runs in environments that hold only the library it calls with, so
it imports nothing else of this project.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

RUN_ID = "VGFza1J1bjo5OTpxUndY"
RUN = "/v2/task-runs/VGFza1J1bjo5OTpxUndY"
PAGE = "/v2/tasks?limit=100"
KEY = "bench-key"
HEADERS = {"Authorization": f"Bearer {KEY}", "Accept": "application/json"}
WARM = 30
FAST = ("msgspec",)


def with_httpx(url: str, path: str) -> Callable[[], object]:
    """Return a call of a bare `httpx.Client`, its response read as JSON."""
    import httpx

    client = httpx.Client(headers=HEADERS)
    return lambda: json.loads(client.get(url + path).content)


def with_urllib3(url: str, path: str) -> Callable[[], object]:
    """Return a call of a bare urllib3 pool, its response read as JSON."""
    import urllib3

    pool = urllib3.PoolManager()
    return lambda: json.loads(pool.request("GET", url + path, headers=HEADERS).data)


def with_facade(url: str, path: str) -> Callable[[], object]:
    """Return a call of this project's client."""
    from axtasks import AxClient

    client = AxClient(api_key=KEY, base_url=url, contract="documents")
    if path == RUN:
        return lambda: client.tasks.get_run(RUN_ID)
    return lambda: client.tasks.list(limit=100)


def without_fast() -> None:
    """Hide the libraries of the extra `fast` from this project's client."""
    find_spec = importlib.util.find_spec

    def found(name: str, package: str | None = None) -> Any:
        return None if name in FAST else find_spec(name, package)

    importlib.util.find_spec = found


def with_sdk(url: str, path: str) -> Callable[[], object]:
    """Return a call of the vendor's SDK."""
    from arize import ArizeClient

    scheme, _, host = url.partition("://")
    tasks = ArizeClient(api_key=KEY, api_host=host, api_scheme=scheme).tasks
    if path == RUN:
        return lambda: tasks.get_run(run_id=RUN_ID)
    return lambda: tasks.list(limit=100)


WAYS = {
    "httpx": with_httpx,
    "urllib3": with_urllib3,
    "facade": with_facade,
    "fast": with_facade,
    "sdk": with_sdk,
}


def cpu_microseconds(call: Callable[[], object], count: int) -> float:
    """Return the processor time of one call, once connections are open and caches warm."""
    for _ in range(WARM):
        call()
    start = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - start) / count * 1e6


def threads_per_second(call: Callable[[], object], threads: int, count: int) -> float:
    """Return the calls per second of some threads."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: call(), range(threads * 2)))
        start = time.perf_counter()
        list(pool.map(lambda _: call(), range(count)))
        return count / (time.perf_counter() - start)


async def at_once_per_second(call: Callable[[], Awaitable[Any]], at_once: int, count: int) -> float:
    """Return the calls per second of an event loop with so many calls under way."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(call() for _ in range(at_once)))
    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return count / (time.perf_counter() - start)


async def facade_at_once(url: str, at_once: int, count: int) -> float:
    """Return the calls per second of this project's awaiting client."""
    from axtasks import AsyncAxClient

    async with AsyncAxClient(api_key=KEY, base_url=url, contract="documents") as client:
        return await at_once_per_second(lambda: client.tasks.get_run(RUN_ID), at_once, count)


async def httpx_at_once(url: str, at_once: int, count: int) -> float:
    """Return the calls per second of a bare `httpx.AsyncClient`."""
    import httpx

    async with httpx.AsyncClient(headers=HEADERS) as client:
        return await at_once_per_second(lambda: client.get(url + RUN), at_once, count)


def main(way: str, url: str, count: int) -> float:
    """Measure one way to call, and return its figure.

    Args:
        way: `LIBRARY-get`, `LIBRARY-page`, or `LIBRARY-NUMBER` for so many at once; `fast` is this project's client
            with its extra, `facade` the same without.
        url: the URL of the server.
        count: the number of calls.
    """
    library, _, what = way.partition("-")
    if library == "facade":
        without_fast()
    if what in {"get", "page"}:
        return cpu_microseconds(WAYS[library](url, RUN if what == "get" else PAGE), count)
    if library == "sdk":
        return threads_per_second(with_sdk(url, RUN), int(what), count)
    at_once = httpx_at_once if library == "httpx" else facade_at_once
    return asyncio.run(at_once(url, int(what), count))


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1], sys.argv[2], int(sys.argv[3]))}\n")
