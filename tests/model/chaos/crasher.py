"""A program that makes calls in processes of their own, and kills them where it is told to.

It reads a call for each line of standard input, and writes what came of it as a line of standard output. It has one
thread, so that forking is safe, and imports everything once, so that a call costs little more than itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from axtasks import AxError, RetryPolicy, Timeouts

from tests.model.chaos.faces import FACES

if TYPE_CHECKING:
    from types import FrameType

# The function with which the part of a call begins in which it may be killed.
BEGINNING = "send_trigger"
RETRY = RetryPolicy(attempts=3, first_pause=0.01, longest_pause=0.05)
TIMEOUTS = Timeouts(connect=10, read=10, total=30)


class Counter:
    """Counts the calls and returns of functions from the beginning on, and kills the process at one of them.

    Args:
        kill_at: at which; never when None or 0.
    """

    def __init__(self, kill_at: int | None) -> None:
        self.count = 0
        self._kill_at = kill_at
        self._has_begun = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Note what `sys.setprofile` tells."""
        del argument
        self._has_begun |= event == "call" and frame.f_code.co_name == BEGINNING
        if self._has_begun:
            self.count += 1
            if self.count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


def make(order: dict[str, Any]) -> dict[str, Any]:
    """Make a call of `ensure_run`, or of `trigger_run`, and return what came of it."""
    arguments = {
        name: datetime.fromisoformat(value) if name.endswith(("_time", "since")) else value
        for name, value in order["arguments"].items()
    }
    settings = {"api_key": "any", "base_url": order["url"], "contract": order["contract"]}
    counter = Counter(order["kill_at"])
    with FACES[order["face"]](**settings, retry=RETRY, timeout=TIMEOUTS) as face:
        sys.setprofile(counter)
        try:
            if order["is_ensured"]:
                ensured = face.ask(lambda client: client.tasks.ensure_run(order["task"], **arguments))
                told = {"run": ensured.run.id, "outcome": ensured.outcome}
            else:
                run = face.ask(lambda client: client.tasks.trigger_run(order["task"], **arguments))
                told = {"run": run.id, "outcome": "triggered"}
        except AxError as error:
            told = {"run": None, "outcome": f"{type(error).__name__}: {error}"}
        finally:
            sys.setprofile(None)
    return told | {"events": counter.count}


def make_apart(order: dict[str, Any]) -> str:
    """Make a call in a process of its own, and return what it stored; nothing if it was killed."""
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
    """Serve until there are no more lines."""
    for line in sys.stdin:
        order = json.loads(line)
        # The first call of a case is made here, so that what it imports is not imported again by each process.
        text = json.dumps(make(order)) if order["kill_at"] == 0 else make_apart(order)
        sys.stdout.write(f"{text or 'null'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
