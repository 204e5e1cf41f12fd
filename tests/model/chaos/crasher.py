"""A program that makes calls in processes of their own, and kills them at chosen points.

It reads a call from each line of standard input, and writes the result as a line of standard output. It has one
thread, so that forking is safe, and imports everything once, so that each call is cheap.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter as Counts
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from axtasks import AsyncAxClient, AxClient, AxError, Clock, Hooks, RetryPolicy, Timeouts

from tests.model.chaos.client_adapters import ADAPTERS

if TYPE_CHECKING:
    from types import FrameType

Json = dict[str, Any]
# The arguments that are times.
TIMES = ("data_start_time", "data_end_time", "since", "start", "end")
# The function from which on the process may be killed.
BEGINNING = "send_trigger"
RETRY = RetryPolicy(attempts=3, first_pause=0.01, longest_pause=0.05)
TIMEOUTS = Timeouts(connect=10, read=10, total=30)


class Counter:
    """Counts calls and returns of functions from a start function on, and kills the process at one of them.

    Args:
        kill_at: the count to kill at; None or 0 for never.
    """

    def __init__(self, kill_at: int | None) -> None:
        self.count = 0
        self._kill_at = kill_at
        self._has_begun = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Handle an event of `sys.setprofile`."""
        del argument
        self._has_begun |= event == "call" and frame.f_code.co_name == BEGINNING
        if self._has_begun:
            self.count += 1
            if self.count == self._kill_at:
                kill()


def kill() -> None:
    """Kill this process with SIGKILL."""
    os.kill(os.getpid(), signal.SIGKILL)


def make(order: Json) -> Json:
    """Make a call, and return its result."""
    arguments = {
        name: datetime.fromisoformat(value) if name in TIMES else value for name, value in order["arguments"].items()
    }
    return (backfill if order["method"] == "backfill" else trigger)(order, arguments)


def trigger(order: Json, arguments: Json) -> Json:
    """Call `ensure_run` or `trigger_run`, and return the run and the outcome."""
    settings = {"api_key": "any", "base_url": order["url"], "contract": order["contract"]}
    counter = Counter(order["kill_at"])
    with ADAPTERS[order["adapter"]](**settings, retry=RETRY, timeout=TIMEOUTS) as adapter:
        sys.setprofile(counter)
        try:
            if order["method"] == "ensure_run":
                ensured = adapter.ask(lambda client: client.tasks.ensure_run(order["task"], **arguments))
                result = {"run": ensured.run.id, "outcome": ensured.outcome}
            else:
                run = adapter.ask(lambda client: client.tasks.trigger_run(order["task"], **arguments))
                result = {"run": run.id, "outcome": "triggered"}
        except AxError as error:
            result = {"run": None, "outcome": f"{type(error).__name__}: {error}"}
        finally:
            sys.setprofile(None)
    return result | {"events": counter.count}


class VirtualClock:
    """A clock that only waits advance, together with the server's.

    Args:
        url: the server's URL.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url}/__mock/clock"
        self._seconds = 0.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        body = json.dumps({"advance_seconds": seconds}).encode()
        with urlopen(Request(self._url, body, {"Content-Type": "application/json"})) as response:  # noqa: S310  # loopback
            response.read()

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)

    def clock(self) -> Clock:
        """Return the clock for a client."""
        return Clock(monotonic=lambda: self._seconds, sleep=self.sleep, sleep_async=self.sleep_async)


def backfill(order: Json, arguments: Json) -> Json:
    """Make a backfill, and return its outcomes, requests and triggers."""
    counts: Counts[str] = Counts()
    kill_at, is_handled = order["kill_at"], order["is_handled"]

    def note(event: Any) -> None:
        counts[event.operation] += 1
        if counts.total() == kill_at and not is_handled:
            kill()

    def end() -> None:
        if counts.total() == kill_at and is_handled:
            kill()

    settings: Json = {
        "api_key": "any",
        "base_url": order["url"],
        "contract": order["contract"],
        "retry": RetryPolicy(attempts=1),
        "clock": VirtualClock(order["url"]).clock(),
        "hooks": Hooks(on_request=note, on_response=lambda _: end()),
    }

    async def collect() -> list[Any]:
        async with AsyncAxClient(**settings) as ax:
            return [each async for each in await ax.tasks.backfill(order["task"], **arguments)]

    if order["adapter"] == "awaiting":
        windows = asyncio.run(collect())
    else:
        with AxClient(**settings) as ax:
            windows = list(ax.tasks.backfill(order["task"], **arguments))
    outcomes = Counts(str(each.outcome) for each in windows)
    return {"outcomes": outcomes, "requests": counts.total(), "triggers": counts["trigger_task_run"]}


def make_apart(order: Json) -> str:
    """Make a call in a process of its own, and return its output; an empty text if it was killed."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        os.write(write, json.dumps(make(order)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(process, 0)
    return text


def main() -> None:
    """Make calls until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        # The first call of a kind is made in this process, so that its imports are shared by all forks.
        text = json.dumps(make(order)) if order["kill_at"] == 0 else make_apart(order)
        sys.stdout.write(f"{text or 'null'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
