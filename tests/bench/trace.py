"""A count of the files in one warm trigger's path: `python -m tests.bench.trace`, or `... trace mock` for the mock.

Each call of a client's function counts, and each resumption of one of its generators, in the thread of the call.
Files of the mock, of generated code and of libraries do not count; for the mock, only its own files do. A change of
file is a call in another file than the one before. The shortest of several traces is taken, since a response in
pieces takes more reads.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import axtasks
from axtasks import AxClient
from axtasks.mock import Mock, MockRequest, MockServer
from axtasks.mock.default_world import CHAT_QUALITY

if TYPE_CHECKING:
    from types import FrameType

MOST_FILES = 24
MOST_CHANGES = 75
MOST_FILES_OF_THE_MOCK = 27
MOST_CHANGES_OF_THE_MOCK = 60
CALLS = 20
TASK, SPACE = "Chat Quality Monitor", "demo"
CLIENT = Path(axtasks.__file__).parent
NOT_THE_CLIENT = ("mock", "testing")


@dataclass(frozen=True)
class Trace:
    """The calls within a part of the code, in order: each as the path of its file, and the function."""

    calls: tuple[tuple[str, str], ...]
    most_files: int = MOST_FILES
    most_changes: int = MOST_CHANGES

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
        return len(self.files) <= self.most_files and self.changes <= self.most_changes

    def __str__(self) -> str:
        return (
            f"{len(self.files)} files (at most {self.most_files}), "
            f"{self.changes} changes of file (at most {self.most_changes}), {len(self.calls)} calls"
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


def trace_mock() -> Trace:
    """Return the trace of a request that triggers a task, within the mock, after one like it."""
    calls: list[tuple[str, str]] = []
    folder = CLIENT / "mock"

    def record(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(folder):
            calls.append((path.relative_to(folder).as_posix(), frame.f_code.co_name))

    mock = Mock()
    headers = (("Authorization", "Bearer any"), ("Content-Type", "application/json"))
    request = MockRequest("POST", f"/v2/tasks/{quote(CHAT_QUALITY, safe='')}/trigger", headers=headers, body=b"{}")
    mock.handle(request)
    before = sys.getprofile()
    sys.setprofile(record)
    try:
        mock.handle(request)
    finally:
        sys.setprofile(before)
    return Trace(tuple(calls), MOST_FILES_OF_THE_MOCK, MOST_CHANGES_OF_THE_MOCK)


def main() -> int:
    """Print the calls in order, those in another file than the one before marked, and the counts."""
    os.environ.setdefault("ARIZE_TASKS_NO_ALPHA_WARNING", "1")
    trace = trace_mock() if sys.argv[1:] == ["mock"] else trace_trigger()
    last = ""
    for file, name in trace.calls:
        print(f"{'->' if file != last else '  '} {file} {name}")
        last = file
    print(trace)
    return 0 if trace.is_within_bars else 1


if __name__ == "__main__":
    sys.exit(main())
