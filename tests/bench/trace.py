"""Counts the files of the client that one warm call goes through: `python -m tests.bench.trace`.

Each call of a function of the client counts, and each time that one of its generators goes on, in the thread of the
call. Files of the mock, of generated code and of libraries do not count. A change of file is a call in another file
than the one before. Of some calls the shortest counts: a response may come in pieces, each of which takes a read more.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import axtasks
from axtasks import AxClient
from axtasks.mock import MockServer

if TYPE_CHECKING:
    from types import FrameType

MOST_FILES = 24
MOST_CHANGES = 75
CALLS = 20
TASK, SPACE = "Chat Quality Monitor", "demo"
CLIENT = Path(axtasks.__file__).parent
NOT_THE_CLIENT = ("mock", "testing")


@dataclass(frozen=True)
class Trace:
    """The calls within the client, in order: each as the path of its file below `axtasks/`, and the function."""

    calls: tuple[tuple[str, str], ...]

    @property
    def files(self) -> list[str]:
        """The files, each once, as they are first reached."""
        return list(dict.fromkeys(file for file, _ in self.calls))

    @property
    def changes(self) -> int:
        """The number of calls in another file than the one before."""
        return sum(before != after for (before, _), (after, _) in pairwise(self.calls))

    @property
    def is_within_bars(self) -> bool:
        """True if there are no more files and changes than allowed."""
        return len(self.files) <= MOST_FILES and self.changes <= MOST_CHANGES

    def __str__(self) -> str:
        return (
            f"{len(self.files)} files (at most {MOST_FILES}), {self.changes} changes of file (at most {MOST_CHANGES}),"
            f" {len(self.calls)} calls"
        )


def trace_trigger() -> Trace:
    """Return the shortest trace of some `trigger_run` by names, after one over the same connection."""
    calls: list[tuple[str, str]] = []
    traces: list[Trace] = []

    def record(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(CLIENT):
            file = path.relative_to(CLIENT)
            if file.parts[0] not in NOT_THE_CLIENT:
                calls.append((file.as_posix(), frame.f_code.co_name))

    with MockServer() as server, AxClient(api_key="any", base_url=server.url) as client:
        tasks = client.tasks
        tasks.trigger_run(TASK, space=SPACE)
        before = sys.getprofile()
        for _ in range(CALLS):
            calls.clear()
            sys.setprofile(record)
            try:
                tasks.trigger_run(TASK, space=SPACE)
            finally:
                sys.setprofile(before)
            traces.append(Trace(tuple(calls)))
    return min(traces, key=lambda trace: len(trace.calls))


def main() -> int:
    """Print the calls in order, those in another file than the one before marked, and the counts."""
    os.environ.setdefault("ARIZE_TASKS_NO_ALPHA_WARNING", "1")
    trace = trace_trigger()
    last = ""
    for file, name in trace.calls:
        print(f"{'->' if file != last else '  '} {file} {name}")
        last = file
    print(trace)
    return 0 if trace.is_within_bars else 1


if __name__ == "__main__":
    sys.exit(main())
