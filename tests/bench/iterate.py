"""A benchmark that iterates over all tasks of a project with a client, in a process of its own.

    python -m tests.bench.iterate PORT PROJECT WAY MEASURE

WAY is `sync` or, with the other client, `prefetch`. Prints the processor time per task in microseconds, or the
peak growth of Python's memory in KiB. The mock runs in another process and does not count.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING

from axtasks import AsyncAxClient, AxClient

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 100
KEY = "bench"
WAYS = ("sync", "prefetch")
TIME, MEMORY = MEASURES = ("time", "memory")


def sync(url: str, project: str) -> int:
    """Return the number of tasks, read by the blocking client."""
    count = 0
    with AxClient(api_key=KEY, base_url=url) as ax:
        for _ in ax.tasks.list(project=project, space="s", limit=PAGE).all():
            count += 1
    return count


async def awaited(url: str, project: str, *, prefetch: bool) -> int:
    """Return the number of tasks, read by the awaiting client."""
    count = 0
    async with AsyncAxClient(api_key=KEY, base_url=url) as ax:
        first = await ax.tasks.list(project=project, space="s", limit=PAGE)
        async for _ in first.all(prefetch=prefetch):
            count += 1
    return count


def microseconds_per_task(work: Callable[[], int]) -> float:
    """Return the processor time per task, without the first pass, which imports everything."""
    start = time.process_time()
    count = work()
    return (time.process_time() - start) / count * 1e6


def peak(work: Callable[[], int]) -> float:
    """Return the peak memory above that at the start, in KiB."""
    tracemalloc.start()
    gc.collect()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    work()
    _, most = tracemalloc.get_traced_memory()
    return (most - before) / 1024


def main(port: str, project: str, way: str, measure: str) -> None:
    """Measure, and print the figure."""
    url = f"http://127.0.0.1:{port}"

    def work(project: str) -> int:
        if way == "sync":
            return sync(url, project)
        return asyncio.run(awaited(url, project, prefetch=way == "prefetch"))

    # The smallest one, so that nothing is done for the first time while it is measured.
    work(project.rpartition("-")[0] + "-1000")
    found = {TIME: microseconds_per_task, MEMORY: peak}[measure](partial(work, project))
    print(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
