"""The operations on tasks and their runs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from axtasks.mock.contract import bodies, vocabulary
from axtasks.mock.ids import Kind
from axtasks.mock.problems import RUN_ENDED, invalid, quoted
from axtasks.mock.simulation import runs
from axtasks.mock.world.query import Wanted

from .filters import check_forms, wanted
from .pagination import page
from .rendering import one
from .request import Answer, Call, checked
from .rules import create, trigger, update

if TYPE_CHECKING:
    from axtasks.mock.contract.bodies import (
        EvaluationTaskBody,
        EvaluationTriggerBody,
        EvaluationUpdateBody,
        RunExperimentTaskBody,
        RunExperimentTriggerBody,
        RunExperimentUpdateBody,
    )
    from axtasks.mock.jsontypes import JsonObject
    from axtasks.mock.world.model import Task, TaskRun

UNDER_WAY = Wanted({"status": vocabulary.CANCELLABLE})
"""Runs that have not ended, of which alone it matters that they were looked at."""


def _task(call: Call) -> Task:
    return call.target(call.world.tasks, "task_id", Kind.TASK.noun)


def _run(call: Call) -> TaskRun:
    return call.target(call.world.task_runs, "run_id", Kind.TASK_RUN.noun)


def list_tasks(call: Call) -> Answer:
    """Tasks that match all filters; a scope that is not there is a 404 (C42)."""
    query = call.query()
    check_forms(call, query)
    found = wanted(call, query, "space_id", "project_id", "dataset_id", "type")
    return page(call, query, name="tasks", shelf=call.world.tasks, show=call.views.task, wanted=found)


def create_task(call: Call) -> Answer:
    """A new task; `type` says of which kind."""
    call.permit("no tasks can be created here")
    value = call.json()
    if not isinstance(value, dict):
        raise invalid("the body has to be an object")
    tag, types = value.get("type"), {call.contract.word("TaskType", each): each for each in vocabulary.CREATE_BODIES}
    if not isinstance(tag, str) or tag not in types:
        state = f"not {quoted(tag)}" if "type" in value else "but it is missing"
        raise invalid(f"type has to be one of {', '.join(types)}, {state}")
    body = checked(call.contract, bodies.for_creation(call.contract, types[tag]), value)
    if types[tag] == vocabulary.RUN_EXPERIMENT:
        task = create.run_experiment_task(call.state, cast("RunExperimentTaskBody", body))
    else:
        task = create.evaluation_task(call.state, cast("EvaluationTaskBody", body))
    return Answer(HTTPStatus.CREATED, one(task, call.views.task))


def get_task(call: Call) -> Answer:
    """One task."""
    return Answer(HTTPStatus.OK, one(_task(call), call.views.task))


def update_task(call: Call) -> Answer:
    """A task with some fields changed."""
    task = _task(call)
    body: JsonObject = checked(call.contract, bodies.for_update(call.contract, task.type), call.json())
    if task.type == vocabulary.RUN_EXPERIMENT:
        update.run_experiment_task(call.state, task, cast("RunExperimentUpdateBody", body))
    else:
        update.evaluation_task(call.state, task, cast("EvaluationUpdateBody", body))
    return Answer(HTTPStatus.OK, one(task, call.views.task))


def delete_task(call: Call) -> Answer:
    """Nothing: the task and its runs are gone (C38)."""
    call.world.remove_task(_task(call))
    return Answer(HTTPStatus.NO_CONTENT)


def trigger_task_run(call: Call) -> Answer:
    """A new run, pending."""
    task = _task(call)
    body: JsonObject = checked(call.contract, bodies.for_trigger(call.contract, task.type), call.json())
    if task.type == vocabulary.RUN_EXPERIMENT:
        run = trigger.experiment_run(call.state, task, cast("RunExperimentTriggerBody", body))
    else:
        run = trigger.evaluation_run(call.state, task, cast("EvaluationTriggerBody", body))
    return Answer(HTTPStatus.CREATED, one(run, call.views.task_run))


def list_task_runs(call: Call) -> Answer:
    """The runs of a task, in one status if that is wanted."""
    task = _task(call)
    query = call.query()
    status = query.get("status")
    if "cursor" not in query:  # what goes on with an earlier list is part of that look
        for _, run in list(call.world.runs_of(task).newest_first(wanted=UNDER_WAY)):
            runs.read(call.state, run)

    found = Wanted({} if status is None else {"status": (status,)})
    return page(call, query, name="task_runs", shelf=call.world.runs_of(task), show=call.views.task_run, wanted=found)


def get_task_run(call: Call) -> Answer:
    """One run as it stands."""
    run = _run(call)
    runs.read(call.state, run)
    return Answer(HTTPStatus.OK, one(run, call.views.task_run))


def cancel_task_run(call: Call) -> Answer:
    """C36: a pending or running run, now cancelled; one that has ended stays as it is."""
    run = _run(call)
    if run.status not in vocabulary.CANCELLABLE:
        status = call.contract.word("TaskRunStatus", run.status)
        raise invalid(f"run {run.id} is {status} and cannot be cancelled; only pending and running runs can", RUN_ENDED)
    runs.cancel(call.state, run)
    return Answer(HTTPStatus.OK, one(run, call.views.task_run))
