"""Admin API of the overview: the present state at a glance, which costs little when nothing is new."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from axtasks.mock.clock import timestamp
from axtasks.mock.contract import vocabulary
from axtasks.mock.faults.fault import FaultKind
from axtasks.mock.operations.rendering import renderer_of
from axtasks.mock.operations.request import Result
from axtasks.mock.world.resource_types import TYPES

from . import faults, journal

if TYPE_CHECKING:
    from axtasks.mock.messages import MockRequest
    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.model import Task, TaskRun

    from .controls import Controls

SHOWN = 50
SHOWN_NEAR_MISSES = 10
VERSION_LENGTH = 16
TASK_FIELDS = ("id", "name", "type", "is_continuous", "last_run_at")
RUN_FIELDS = ("id", "task_id", "status", "num_successes", "num_errors", "num_skipped", "created_at")
EXCHANGE_FIELDS = ("number", "at", "operation", "method", "path", "query", "status", "fault")
EXAMPLES = {FaultKind.STATUS: ("status:503", "status:429 retry_after=1"), FaultKind.DELAY: ("delay:2s",)}
"""Examples of faults that take something after their name."""


def show_overview(mock: Controls, request: MockRequest) -> Result:
    """Counts, clock, faults, and the latest tasks, runs and exchanges; nothing `unless` their version is another.

    The time alone makes no new version while the clock runs, but moving the clock does.
    """
    content = _content(mock)
    told = json.dumps({**content, "clock": {**_clock(mock.state), "now": None}})
    version = hashlib.sha256(told.encode()).hexdigest()[:VERSION_LENGTH]
    if parse_qs(request.query).get("unless") == [version]:
        return Result(HTTPStatus.NO_CONTENT)
    return Result(HTTPStatus.OK, {"version": version, "clock": _clock(mock.state), **content})


def _content(mock: Controls) -> dict[str, object]:
    world, kept = mock.state.world, mock.journal
    return {
        "lifecycle": str(mock.state.lifecycles.default),
        "counts": {each.name: len(world.tables[each.kind]) for each in TYPES},
        "tasks": [_task(mock.state, task) for task in world.tasks.all()[:SHOWN]],
        "runs": [_run(mock.state, run) for run in world.task_runs.all()[:SHOWN]],
        "journal": {"kept": len(kept), "dropped": kept.dropped, "last_number": kept.last_number},
        "exchanges": [
            {name: view[name] for name in EXCHANGE_FIELDS} for view in map(journal.view, kept.newest_first()[:SHOWN])
        ],
        "near_misses": journal.near_misses(mock, SHOWN_NEAR_MISSES),
        "faults": faults.armed(mock),
        "limit": mock.limit,
        "latency_seconds": mock.latency_seconds,
        "choices": {
            "faults": [example for kind in FaultKind for example in EXAMPLES.get(kind, (kind.value,))],
            "operations": list(mock.state.contract.operations),
        },
    }


def _clock(state: State) -> dict[str, object]:
    clock = state.clock
    return {"now": timestamp(state.now), "frozen": clock.is_frozen, "advanced_seconds": clock.advanced.total_seconds()}


def _task(state: State, task: Task) -> dict[str, object]:
    shown = renderer_of(state.contract, for_admin=True).show(task)
    space = state.world.spaces.get(task.space_id)
    return {**{name: shown[name] for name in TASK_FIELDS}, "space": task.space_id if space is None else space.name}


def _run(state: State, run: TaskRun) -> dict[str, object]:
    task = state.world.tasks.get(run.task_id)
    shown = renderer_of(state.contract, for_admin=True).show(run)
    return {
        **{name: shown[name] for name in RUN_FIELDS},
        "task": run.task_id if task is None else task.name,
        "is_under_way": run.status in vocabulary.CANCELLABLE,
    }
