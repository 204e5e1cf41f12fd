"""Benchmarks by number of tasks: the mock's cost of a request, and the client's cost of iterating."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from axtasks.mock import Mock, MockRequest, load_world

from tests.bench import iterate, servers
from tests.bench.harness import Group, Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock.world.world import World

    from tests.bench.servers import Command, Server

HEADERS = (("Authorization", "Bearer bench"), ("Accept", "application/json"), ("Host", "127.0.0.1"))
TASKS = "/v2/tasks"
FEW, MANY = 1_000, 100_000
ITERATED = (1_000, 10_000, 100_000)
ASKED = 300
ASKED_NAMES = 97
"""So many names, from all over the world, that each is asked for three times a round."""


@contextmanager
def suite() -> Iterator[list[Group]]:
    """Yield all groups, with a running server that has a project of each size."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.json"
        file.write_text(json.dumps(_described(*ITERATED)), encoding="utf-8")
        with servers.running(partial(_serving, file)) as server:
            yield [*_worlds(), *_requests(), *_iterations(server)]


def _described(*counts: int) -> dict[str, Any]:
    """Return a world with a project of each size, named by it, as its tasks are."""
    return {
        "spaces": [{"name": "s"}],
        "evaluators": [{"name": "e"}],
        "projects": [{"name": f"of-{count}"} for count in counts],
        "tasks": [
            {"count": count, "name": f"nightly-{count}-{{n:06d}}", "project": f"of-{count}", "evaluators": ["e"]}
            for count in counts
        ],
    }


def _serving(file: Path, port: int) -> Command:
    return [*servers.mock(port), "--world", str(file)]


def _named(count: int) -> str:
    return f"{count:,} tasks"


def _worlds() -> Iterator[Group]:
    made: dict[str, Measure] = {}
    taken: dict[str, Measure] = {}
    for count in (FEW, MANY):
        made[_named(count)] = partial(_microseconds_each, partial(load_world, _described(count)), count)
        taken[_named(count)] = partial(_microseconds_each, partial(_taken_over, load_world(_described(count))), count)
    yield Group("a world made of its description, per task, of", "µs", _named(FEW), made)
    yield Group("a world taken over by a mock, per task, of", "µs", _named(FEW), taken)


def _taken_over(world: World) -> None:
    Mock(world=world)


def _requests() -> Iterator[Group]:
    mocks = {count: Mock(world=load_world(_described(count))) for count in (FEW, MANY)}
    queries: dict[str, dict[int, list[str]]] = {
        "page of 100 tasks by handle(), of": {count: ["limit=100"] for count in mocks},
        "page in the middle, of": {count: [_middle(mock, count)] for count, mock in mocks.items()},
        "page of a project and a type, of": {count: [_filtered(mock)] for count, mock in mocks.items()},
        "task found by its name, of": {count: [f"name={name}" for name in _names(count)] for count in mocks},
        "task found by a part of its name, of": {count: [f"name={it[-8:]}" for it in _names(count)] for count in mocks},
        "name that no task has, of": {count: [f"name={name}-" for name in _names(count)] for count in mocks},
    }
    for what, asked in queries.items():
        cases: dict[str, Measure] = {
            _named(count): partial(_microseconds_a_request, mock, asked[count]) for count, mock in mocks.items()
        }
        yield Group(what, "µs", _named(FEW), cases)


def _names(count: int) -> list[str]:
    return [f"nightly-{count}-{number:06d}" for number in range(1, count + 1, count // ASKED_NAMES)]


def _filtered(mock: Mock) -> str:
    project = mock.world.projects.all()[0].id
    return f"limit=100&type=template_evaluation&project_id={quote(project, safe='')}"


def _middle(mock: Mock, count: int) -> str:
    """Return the query for the page in the middle of the list."""
    query = "limit=100"
    for _ in range(count // 200):
        cursor = json.loads(_answer(mock, query))["pagination"]["next_cursor"]
        query = f"limit=100&{urlencode({'cursor': cursor})}"
    return query


def _iterations(server: Server) -> Iterator[Group]:
    for measure, what, unit in (
        (iterate.TIME, "CPU per task of going through all, {}, of", "µs"),
        (iterate.MEMORY, "peak memory of going through all, {}, of", "KiB"),
    ):
        for way in iterate.WAYS:
            cases: dict[str, Measure] = {
                _named(count): partial(_iterated, server, count, way, measure) for count in ITERATED
            }
            yield Group(what.format(way), unit, _named(ITERATED[0]), cases)


def _iterated(server: Server, count: int, way: str, measure: str) -> float:
    command = [sys.executable, "-m", "tests.bench.iterate", str(server.port), f"of-{count}", way, measure]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def _answer(mock: Mock, query: str) -> bytes:
    response = mock.handle(MockRequest("GET", TASKS, query, HEADERS))
    if response.status != 200:
        raise ValueError(f"{query} was answered with {response.status}")
    return response.body


def _microseconds_a_request(mock: Mock, queries: list[str]) -> float:
    for query in queries:
        _answer(mock, query)  # what is only done for the first of many is none of a request's own
    asked = cycle(queries)
    start = time.process_time()
    for _ in range(ASKED):
        _answer(mock, next(asked))
    return (time.process_time() - start) / ASKED * 1e6


def _microseconds_each(work: Callable[[], object], count: int) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1e6
