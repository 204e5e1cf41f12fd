"""Benchmarks of the mock: over a socket and in process, its start, its memory, and a large world.

It is compared with a bare uvicorn that sends as many bytes and, if installed, Prism with the same contract.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from axtasks.mock import Mock, MockRequest, load_world
from axtasks.mock import default_world as known

from tests.bench import servers
from tests.bench.harness import Group, Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock.world.world import World

    from tests.bench.servers import Command, Server

HEADERS = (("Authorization", "Bearer bench"), ("Accept", "application/json"), ("Host", "127.0.0.1"))
RUN = f"/v2/task-runs/{quote(known.CHAT_QUALITY_RUN, safe='')}"
TASKS = "/v2/tasks"
PAGE = "limit=100"
CONNECTIONS = 8
RUNS_ASKED, PAGES_ASKED = 3000, 600
MANY = 10_000
MOCK, PLAIN, PRISM = "the mock", "bare uvicorn, as many bytes", "Prism"


@contextmanager
def suite() -> Iterator[list[Group]]:
    """Yield all groups, with the servers running; those with a memory figure were just started."""
    commands: dict[str, Callable[[int], Command]] = {MOCK: servers.mock, PLAIN: servers.plain}
    if servers.PRISM.exists():
        commands[PRISM] = servers.prism
    else:
        print(f"{servers.PRISM} is not there: the table goes without Prism", file=sys.stderr)
    with ExitStack() as stack:
        up = {name: stack.enter_context(servers.running(command)) for name, command in commands.items()}
        fresh = {name: server.memory() for name, server in up.items()}
        yield [
            *_over_a_socket(up),
            *_in_process(),
            *_starts(commands),
            Group("memory once it listens", "MiB", PLAIN, {name: partial(float, it) for name, it in fresh.items()}),
            Group("memory after the load", "MiB", PLAIN, {name: server.memory for name, server in up.items()}),
            *_with_many_tasks(),
        ]


def _over_a_socket(up: dict[str, Server]) -> Iterator[Group]:
    mock = Mock()
    for what, path, query, requests in (
        ("GET run over a socket", RUN, "", RUNS_ASKED),
        ("page of 100 tasks over a socket", TASKS, PAGE, PAGES_ASKED),
    ):
        size = len(_answer(mock, path, query))
        target = f"{path}?{query}" if query else path
        loads = {
            _named(name, what): servers.Load(
                server, f"/?bytes={size}" if name == PLAIN else target, CONNECTIONS, requests
            )
            for name, server in up.items()
        }
        yield Group(what, "requests/s", PLAIN, {name: load.per_second for name, load in loads.items()})
        # The same requests once more, by the clock of the server: what others do on the machine does not count.
        cpu = {name: load.per_cpu_second for name, load in loads.items()}
        yield Group(f"{what}, by its CPU time", "requests/s", PLAIN, cpu)


def _named(name: str, what: str) -> str:
    return f"{name}, a page of its example" if name == PRISM and "page" in what else name


def _in_process() -> Iterator[Group]:
    mock = Mock()
    for what, path, query, requests in (
        ("GET run by handle()", RUN, "", RUNS_ASKED),
        ("page of 100 tasks by handle()", TASKS, PAGE, PAGES_ASKED),
    ):
        answer = json.loads(_answer(mock, path, query))
        cases: dict[str, Measure] = {
            MOCK: partial(_per_second, partial(_answer, mock, path, query), requests),
            "json.dumps of the same": partial(_per_second, partial(json.dumps, answer), requests),
        }
        yield Group(what, "requests/s", "json.dumps of the same", cases)


def _starts(commands: dict[str, Callable[[int], Command]]) -> Iterator[Group]:
    starts = {name: servers.Start(command) for name, command in commands.items()}
    cases: dict[str, Measure] = {name: start.milliseconds for name, start in starts.items()}
    nothing = "python -c pass"
    cases[nothing] = partial(servers.run_milliseconds, [sys.executable, "-c", "pass"])
    yield Group("start to listening", "ms", nothing, cases)
    cpu = {name: start.cpu_milliseconds for name, start in starts.items()}
    yield Group("start to listening, by its CPU time", "ms", PLAIN, cpu)


def _with_many_tasks() -> Iterator[Group]:
    text = json.dumps([{"name": f"nightly-{n}", "project": "p", "evaluators": ["e"]} for n in range(MANY)])
    reading = "json.loads of the same tasks"
    yield Group(
        f"a world of {MANY:,} tasks",
        "ms",
        reading,
        {
            reading: partial(_milliseconds, partial(json.loads, text)),
            "made of its description": partial(_milliseconds, _large_world),
            "taken over by a mock": partial(_milliseconds, partial(Mock, world=_large_world())),
        },
    )
    large, small = Mock(world=_large_world()), Mock()
    for what, query in (
        ("page of 100 tasks by handle(), of", PAGE),
        ("task found by its name, of", "name=nightly-120"),
    ):
        sizes = {f"{len(mock.world.tasks):,} tasks": mock for mock in (small, large)}
        asked = {
            size: partial(_per_second, partial(_answer, it, TASKS, query), PAGES_ASKED) for size, it in sizes.items()
        }
        yield Group(what, "requests/s", f"{len(small.world.tasks):,} tasks", asked)
    tasks = "all of them, page by page"
    yield Group(f"{MANY:,} tasks", "ms", tasks, {tasks: partial(_milliseconds, partial(_page_through, large))})


def _large_world() -> World:
    lists: dict[str, Any] = {kind: [{"name": kind[0]}] for kind in ("spaces", "projects", "evaluators")}
    lists["tasks"] = [{"count": MANY, "name": "nightly-{n}", "project": "p", "evaluators": ["e"]}]
    return load_world(lists)


def _page_through(mock: Mock) -> None:
    """Read all pages; fail unless each task comes once, newest first."""
    found: list[str] = []
    query = PAGE
    while query:
        answer = json.loads(_answer(mock, TASKS, query))
        found += [task["name"] for task in answer["tasks"]]
        following = answer["pagination"].get("next_cursor")
        query = following and f"{PAGE}&{urlencode({'cursor': following})}"
    if found != [f"nightly-{number}" for number in range(MANY, 0, -1)]:
        raise ValueError("the pages are not the tasks in their order")


def _answer(mock: Mock, path: str, query: str) -> bytes:
    response = mock.handle(MockRequest("GET", path, query, HEADERS))
    if response.status != 200:
        raise ValueError(f"{path} was answered with {response.status}")
    return response.body


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _per_second(work: Callable[[], object], count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - start)
