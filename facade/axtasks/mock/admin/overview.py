"""The part of the control plane that shows the present state at a glance, and costs little when nothing is new."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import parse_qs

from axtasks.mock.clock import timestamp
from axtasks.mock.contract import vocabulary
from axtasks.mock.faults.fault import Kind
from axtasks.mock.operations.rendering import renderer_of
from axtasks.mock.operations.request import Answer
from axtasks.mock.world.resource_types import TYPES

from . import faults, journal

if TYPE_CHECKING:
    from axtasks.mock.journal.exchange import Exchange
    from axtasks.mock.messages import MockRequest
    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.model import Task, TaskRun
    from axtasks.mock.world.table import Table

T = TypeVar("T")

SHOWN = 50
SHOWN_NEAR_MISSES = 10
VERSION_LENGTH = 16
TASK_FIELDS = ("id", "name", "type", "is_continuous", "last_run_at")
RUN_FIELDS = ("id", "task_id", "status", "num_successes", "num_errors", "num_skipped", "created_at")
EXAMPLES = {
    Kind.STATUS: ("status:503", "status:429 retry_after=1"),
    Kind.DELAY: ("delay:2s",),
}
"""What is written after the name of a kind of fault, for those that need it."""


class Overseen(faults.Disrupted, journal.Journaled, Protocol):
    """What can be looked at."""


def show_overview(mock: Overseen, request: MockRequest) -> Answer:
    """Counts, clock, faults, and the latest tasks, runs and exchanges; nothing `unless` their version is another.

    The time alone makes no new version while the clock runs, but moving the clock does.
    """
    content = _content(mock)
    version = _version({**content, "clock": {**_clock(mock.state), "now": None}})
    if parse_qs(request.query).get("unless") == [version]:
        return Answer(HTTPStatus.NO_CONTENT)
    return Answer(HTTPStatus.OK, {"version": version, "clock": _clock(mock.state), **content})


def _version(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:VERSION_LENGTH]


def _content(mock: Overseen) -> dict[str, object]:
    world, kept = mock.state.world, mock.journal
    return {
        "lifecycle": str(mock.state.lifecycles.default),
        "counts": {each.name: len(world.tables[each.kind]) for each in TYPES},
        "tasks": [_task(mock.state, task) for task in _latest(world.tasks)],
        "runs": [_run(mock.state, run) for run in _latest(world.task_runs)],
        "journal": {"kept": len(kept), "dropped": kept.dropped, "last_number": kept.last_number},
        "exchanges": [_exchange(exchange) for exchange in kept.newest_first()[:SHOWN]],
        "near_misses": journal.near_misses(mock, SHOWN_NEAR_MISSES),
        "faults": faults.armed(mock),
        "limit": mock.limit,
        "latency_seconds": mock.latency_seconds,
        "choices": {
            "faults": [example for kind in Kind for example in EXAMPLES.get(kind, (kind.value,))],
            "operations": list(mock.state.contract.operations),
        },
    }


def _clock(state: State) -> dict[str, object]:
    clock = state.clock
    return {
        "now": timestamp(state.now),
        "frozen": clock.is_frozen,
        "advanced_seconds": clock.advanced.total_seconds(),
    }


def _latest(table: Table[T]) -> list[T]:
    return [thing for _, thing in islice(table.newest_first(), SHOWN)]


def _task(state: State, task: Task) -> dict[str, object]:
    shown = renderer_of(state.contract, for_admin=True).show(task)
    space = state.world.spaces.get(task.space_id)
    return {
        **{name: shown[name] for name in TASK_FIELDS},
        "space": task.space_id if space is None else space.name,
    }


def _run(state: State, run: TaskRun) -> dict[str, object]:
    task = state.world.tasks.get(run.task_id)
    shown = renderer_of(state.contract, for_admin=True).show(run)
    return {
        **{name: shown[name] for name in RUN_FIELDS},
        "task": run.task_id if task is None else task.name,
        "is_under_way": run.status in vocabulary.CANCELLABLE,
    }


def _exchange(exchange: Exchange) -> dict[str, object]:
    return {
        "number": exchange.number,
        "at": timestamp(exchange.at),
        "operation": exchange.operation,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "status": exchange.status,
        "fault": exchange.fault,
    }
