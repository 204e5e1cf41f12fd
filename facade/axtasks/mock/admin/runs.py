"""Admin API of lifecycles, and of runs that are moved by hand."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from axtasks.mock import ids
from axtasks.mock.contract import vocabulary
from axtasks.mock.jsontypes import as_whole
from axtasks.mock.operations.rendering import renderer_of
from axtasks.mock.operations.request import Result, malformed, read_json
from axtasks.mock.problems import invalid, not_found, quoted
from axtasks.mock.simulation import runs
from axtasks.mock.simulation.state import DEFAULT, TASKS, Lifecycles
from axtasks.mock.world import lifecycle
from axtasks.mock.world.model import Counts, RunPlan

if TYPE_CHECKING:
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.messages import MockRequest
    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.lifecycle import Lifecycle
    from axtasks.mock.world.model import TaskRun

    from .controls import Controls

LIFECYCLE_FIELDS = ("default", "outcome", "tasks", "next")
ENTRY_FIELDS = ("lifecycle", "outcome")
ADVANCE_FIELDS = ("to", "counts")
COUNT_FIELDS = ("num_successes", "num_errors", "num_skipped")
RUN_ID_SEGMENT = 3


def show_lifecycle(mock: Controls, _: MockRequest) -> Result:
    """Show the lifecycles of runs: the default, those of some tasks, and those of the next runs."""
    orders = mock.state.lifecycles
    shown = {
        "default": str(orders.default),
        "outcome": orders.default.outcome,
        "tasks": {task: _view(entry) for task, entry in orders.tasks.items()},
        "next": [_view(entry) for entry in orders.following],
    }
    return Result(HTTPStatus.OK, shown)


def set_lifecycle(mock: Controls, request: MockRequest) -> Result:
    """The lifecycles from now on; what is left out is as at the start. Runs under way go on as they began."""
    body = _object(read_json(request.body), LIFECYCLE_FIELDS, "the body")
    parts = (("default", "lifecycle"), ("outcome", "outcome"))
    entry: JsonObject = {part: body[name] for name, part in parts if name in body}
    start = mock.starting_lifecycles
    default = _entry(entry, start.default, "default")
    tasks = body.get("tasks", {})
    if not isinstance(tasks, dict):
        raise invalid("tasks has to be an object from identifiers or names of tasks to lifecycles")
    following = body.get("next", [])
    listed = following if isinstance(following, list) else [following]
    orders = Lifecycles(
        default=default,
        tasks={name: _entry(value, default, f"tasks.{name}") for name, value in tasks.items()},
        following=[_entry(value, default, f"next[{index}]") for index, value in enumerate(listed)],
        ordered=frozenset(({DEFAULT} if entry else set()) | ({TASKS} & set(body))),
    )
    mock.state.lifecycles = start.overlaid(orders)
    return show_lifecycle(mock, request)


def advance_run(mock: Controls, request: MockRequest) -> Result:
    """A run, moved on to a status or by one step: from pending to running, from there to the end it was to have."""
    state = mock.state
    run = _run(state, unquote(request.path.split("/")[RUN_ID_SEGMENT]))
    body = _object(read_json(request.body or b"{}"), ADVANCE_FIELDS, "the body")
    if run.status not in vocabulary.CANCELLABLE:
        raise invalid(f"run {run.id} is {run.status} and cannot be moved; only pending and running runs can")
    plan = run.plan or RunPlan(Counts(), vocabulary.COMPLETED)
    _move(state, run, plan, _target(run, plan, body), _counts(body))
    return Result(HTTPStatus.OK, renderer_of(state.contract, for_admin=True).show(run))


def _move(state: State, run: TaskRun, plan: RunPlan, to: str, counts: Counts | None) -> None:
    if to == vocabulary.RUNNING:
        if counts is not None:
            raise invalid("counts are for a run that ends; a running one has none")
        runs.start(state, run, plan, state.now)
        return
    if to == vocabulary.CANCELLED and counts is None:
        runs.cancel(state, run)
        return
    ending = replace(plan, outcome=to, ends_at=None, reason=plan.reason if to == plan.outcome else None)
    if run.status == vocabulary.PENDING:
        runs.start(state, run, ending, state.now)
    runs.end(state, run, ending, state.now, counts)


def _target(run: TaskRun, plan: RunPlan, body: JsonObject) -> str:
    if "to" not in body:
        return vocabulary.RUNNING if run.status == vocabulary.PENDING else plan.outcome
    to = body["to"]
    possible: list[str] = [*((vocabulary.RUNNING,) if run.status == vocabulary.PENDING else ()), *vocabulary.OUTCOMES]
    for status in possible:
        if isinstance(to, str) and to.casefold() == status.casefold():
            return status
    raise invalid(f"to has to be one of {', '.join(possible)} for a run that is {run.status}, not {quoted(to)}")


def _counts(body: JsonObject) -> Counts | None:
    if "counts" not in body:
        return None
    given = _object(body["counts"], COUNT_FIELDS, "counts")
    for name, number in given.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise invalid(f"counts.{name} has to be a whole number, 0 or more, not {quoted(number)}")
    return Counts(*(as_whole(given.get(name, 0)) for name in COUNT_FIELDS))


def _run(state: State, identifier: str) -> TaskRun:
    run = state.world.task_runs.get(identifier)
    if run is None:
        if ids.parse(identifier) is None:
            raise malformed("run_id", identifier)
        raise not_found(f"there is no task run {identifier}")
    return run


def _object(value: JsonValue, fields: tuple[str, ...], what: str) -> JsonObject:
    if not isinstance(value, dict):
        raise invalid(f"{what} has to be an object with some of {', '.join(fields)}")
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise invalid(f"{what} has no {unknown[0]}, only {', '.join(fields)}")
    return value


def _entry(value: JsonValue, default: Lifecycle, where: str) -> Lifecycle:
    """The lifecycle that a text, or an object with one and an outcome, describes; the rest is as in the default."""
    given: JsonObject = {"lifecycle": value} if isinstance(value, str) else _object(value, ENTRY_FIELDS, where)
    pace, outcome = given.get("lifecycle"), given.get("outcome")
    if not isinstance(pace, str | None) or not isinstance(outcome, str | None):
        raise invalid(f"{where}: lifecycle and outcome have to be text")
    try:
        found = default if pace is None else lifecycle.parse(pace)
        return found if outcome is None else replace(found, outcome=lifecycle.parse_outcome(outcome))
    except ValueError as error:
        raise invalid(f"{where}: {error}") from error


def _view(entry: Lifecycle) -> JsonObject:
    return {"lifecycle": str(entry), "outcome": entry.outcome}
