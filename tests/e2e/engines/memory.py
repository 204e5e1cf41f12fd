"""Peak memory of a client that receives data without end, in a process with limited address space (Linux).

The server runs in the parent process, so that its own memory does not count.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import certifi

from tests.e2e.engines.cases import STRUCK_RUN
from tests.e2e.engines.engine import AWAITING, BLOCKING, CLIENTS, ENGINES, Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 400_000_000
SECONDS = 5.0
AT_ONCE = 4
# The right errors: the server sends no usable response.
RIGHT = {"TransportError", "RequestTimeoutError", "ResponseTooLargeError", "BadRequestError"}


class Usage(NamedTuple):
    """The outcomes and the peak memory of a client that received data without end.

    Attributes:
        engine: the name of the engine.
        kind: the kind of the data, one of `behaviours.ENDLESS`.
        client: one of `CLIENTS`.
        outcomes: the number of calls by the name of their error.
        megabytes: the peak memory of the process.
        fault: the error that ended the process; empty if it ended normally.
    """

    engine: str
    kind: str
    client: str
    outcomes: dict[str, int]
    megabytes: float
    fault: str = ""

    @property
    def is_right(self) -> bool:
        """True if every call ended with a right error, and the process normally."""
        return not self.fault and bool(self.outcomes) and self.outcomes.keys() <= RIGHT


def measure_all(engine: Engine) -> list[Usage]:
    """Measure both clients with every kind of endless data.

    Args:
        engine: an engine of the client's own.
    """
    from tests.e2e.engines.behaviours import ENDLESS

    pairs = [(kind, client) for kind in ENDLESS for client in CLIENTS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*pool.map(lambda pair: measure(engine, *pair), pairs)]


def measure(engine: Engine, kind: str, client: str) -> Usage:
    """Measure one client with one kind of endless data.

    Args:
        engine: the engine.
        kind: one of `behaviours.ENDLESS`.
        client: one of `CLIENTS`.
    """
    from tests.e2e.engines.behaviours import ENDLESS
    from tests.e2e.engines.server import NastyServer

    server = NastyServer(ENDLESS[kind], is_always_nasty=True)
    server.endless_seconds = 2 * SECONDS
    with server.serving():
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.engines.memory", engine.name, client, f"http://127.0.0.1:{server.port}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"ARIZE_TASKS_NO_ALPHA_WARNING": "1", "PATH": os.environ.get("PATH", "")},
        )
    if done.returncode:
        fault = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return Usage(engine.name, kind, client, {}, 0, f"exit code {done.returncode}: {fault}")
    told = json.loads(done.stdout)
    return Usage(engine.name, kind, client, told["outcomes"], told["megabytes"])


def lines(usages: list[Usage]) -> Iterator[str]:
    """Yield the lines of the table.

    Args:
        usages: the measurements.
    """
    for usage in usages:
        outcomes = ", ".join(f"{count} {name}" for name, count in usage.outcomes.items())
        word = "" if usage.is_right else "  WRONG"
        yield f"{usage.kind:<17} {usage.client:<9} {usage.megabytes:5.0f} MB  {usage.fault or outcomes}{word}"


def main() -> None:
    """Make calls for some seconds in limited address space, and print the outcomes and the peak memory as JSON."""
    name, client, url = sys.argv[1:]
    engine = ENGINES[name]
    import resource  # not there on Windows

    with engine.selected():
        ax, _ = engine.client(
            url,
            client,
            total_seconds=SECONDS,
            connect_seconds=SECONDS,
            ca_file=Path(certifi.where()),
        )
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        outcomes: Counter[str] = Counter()
        ends = time.monotonic() + SECONDS
        if client == BLOCKING:
            while time.monotonic() < ends:
                outcomes[blocking(ax)] += 1
        else:
            assert client == AWAITING
            asyncio.run(awaiting(ax, outcomes, ends))
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024 / 1_000_000
    sys.stdout.write(json.dumps({"outcomes": outcomes, "megabytes": peak}))


def blocking(ax: Any) -> str:
    """Make a call, and return the name of its error, or `success`."""
    try:
        ax.tasks.get_run(STRUCK_RUN)
    except Exception as error:  # noqa: BLE001  # the table shows it
        return type(error).__name__
    return "success"


async def awaiting(ax: Any, outcomes: Counter[str], ends: float) -> None:
    """Make calls until a time is over, and count the names of their errors."""
    while time.monotonic() < ends:
        try:
            await ax.tasks.get_run(STRUCK_RUN)
        except Exception as error:  # noqa: BLE001  # the table shows it
            outcomes[type(error).__name__] += 1
        else:
            outcomes["success"] += 1


if __name__ == "__main__":
    main()
