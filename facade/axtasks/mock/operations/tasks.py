"""The operations on tasks and their runs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from axtasks.mock.contract import bodies, vocabulary
from axtasks.mock.ids import IdKind
from axtasks.mock.problems import RUN_ENDED, invalid, quoted
from axtasks.mock.simulation import runs
from axtasks.mock.world.query import Query
from axtasks.mock.world.resource_types import BY_KIND

from .pagination import page
from .request import Call, Result, checked
from .rules import create, trigger, update

if TYPE_CHECKING:
    from axtasks.mock.contract.bodies import TaskBody, TriggerBody
    from axtasks.mock.jsontypes import JsonObject
    from axtasks.mock.world.model import Task, TaskRun

UNDER_WAY = Query({"status": vocabulary.CANCELLABLE})
"""Runs that have not ended, of which alone it matters that they were looked at."""


def _task(call: Call) -> Task:
    return call.target(call.world.tasks, IdKind.TASK)


def _run(call: Call) -> TaskRun:
    return call.target(call.world.task_runs, IdKind.TASK_RUN)


def create_task(call: Call) -> Result:
    """A new task; `type` says of which kind."""
    call.permit("no tasks can be created here")
    value = call.json()
    if not isinstance(value, dict):
        raise invalid("the body has to be an object")
    tag, types = value.get("type"), {call.contract.word("TaskType", each): each for each in vocabulary.CREATE_BODIES}
    if not isinstance(tag, str) or tag not in types:
        state = f"not {quoted(tag)}" if "type" in value else "but it is missing"
        raise invalid(f"type has to be one of {', '.join(types)}, {state}")
    body = checked(call.contract, bodies.branch(call.contract, call.operation.id, types[tag]), value)
    if types[tag] == vocabulary.RUN_EXPERIMENT:
        task = create.run_experiment_task(call.state, cast("TaskBody", body))
    else:
        task = create.evaluation_task(call.state, cast("TaskBody", body))
    return Result(HTTPStatus.CREATED, call.renderer.one(task))


def update_task(call: Call) -> Result:
    """A task with some fields changed."""
    task = _task(call)
    body: JsonObject = checked(call.contract, bodies.branch(call.contract, call.operation.id, task.type), call.json())
    if task.type == vocabulary.RUN_EXPERIMENT:
        update.run_experiment_task(call.state, task, cast("TaskBody", body))
    else:
        update.evaluation_task(call.state, task, cast("TaskBody", body))
    return Result(HTTPStatus.OK, call.renderer.one(task))


def delete_task(call: Call) -> Result:
    """Delete a task and its runs (C38)."""
    call.world.remove_task(_task(call))
    return Result(HTTPStatus.NO_CONTENT)


def trigger_task_run(call: Call) -> Result:
    """A new run, pending."""
    task = _task(call)
    body: JsonObject = checked(call.contract, bodies.branch(call.contract, call.operation.id, task.type), call.json())
    if task.type == vocabulary.RUN_EXPERIMENT:
        run = trigger.experiment_run(call.state, task, cast("TriggerBody", body))
    else:
        run = trigger.evaluation_run(call.state, task, cast("TriggerBody", body))
    return Result(HTTPStatus.CREATED, call.renderer.one(run))


def list_task_runs(call: Call) -> Result:
    """The runs of a task, in one status if that is wanted."""
    task = _task(call)
    given = call.query()
    status = given.get("status")
    table = call.world.runs_of(task)
    if "cursor" not in given:  # a further page is part of the read that the first one was
        for _, run in list(table.newest_first(query=UNDER_WAY)):
            runs.read(call.state, run)
    return page(call, given, BY_KIND[IdKind.TASK_RUN], table, Query({} if status is None else {"status": (status,)}))


def get_task_run(call: Call) -> Result:
    """One run as it stands."""
    run = _run(call)
    runs.read(call.state, run)
    return Result(HTTPStatus.OK, call.renderer.one(run))


def cancel_task_run(call: Call) -> Result:
    """C36: a pending or running run, now cancelled; one that has ended stays as it is."""
    run = _run(call)
    if run.status not in vocabulary.CANCELLABLE:
        status = call.contract.word("TaskRunStatus", run.status)
        raise invalid(f"run {run.id} is {status} and cannot be cancelled; only pending and running runs can", RUN_ENDED)
    runs.cancel(call.state, run)
    return Result(HTTPStatus.OK, call.renderer.one(run))
