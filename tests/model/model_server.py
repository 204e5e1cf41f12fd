"""The model's state in the form of a world, and requests to it, for the rules."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.dialects import on_the_wire, spoken
from tests.model.contract import operations
from tests.model.generator import GeneratedRequest
from tests.model.model_world import world_file
from tests.model.request import parse
from tests.model.worlds import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.model.model_state import Model, Run, Task
    from tests.model.model_world import Json
    from tests.model.request import Request

UNSEEN = "?"
"""The prefix of placeholders for ids that no response has shown yet."""
LOOKED_UP = ("space", "project", "dataset", "evaluator")


def world_of(model: Model, at: datetime | None = None) -> World:
    """Return the resources that the caller sees, in the form of a world file.

    Args:
        model: the model.
        at: the server's time, if it is not the model's.
    """
    initial = _initial_resources(spoken.contract)
    data: Json = {f"{noun}s": [initial[it.id] for it in model.of_kind(noun)] for noun in LOOKED_UP}
    data["ai_integrations"] = initial["ai_integrations"]
    data["experiments"] = [
        {"id": it.id or f"{UNSEEN}{number}", "name": it.name, "dataset": it.dataset_id}
        for number, it in enumerate(model.of_kind("experiment"))
    ]
    tasks = model.of_kind("task")
    data["tasks"] = [_task(it) for it in tasks]
    data["task_runs"] = [_run(it) for task in tasks for it in task.runs]
    return World(data, at or model.now)


@cache
def _initial_resources(_: str) -> Json:
    data = on_the_wire(world_file())
    found = {each["id"]: each for noun in LOOKED_UP for each in data[f"{noun}s"]}
    return {**found, "ai_integrations": data["ai_integrations"]}


def _task(task: Task) -> Json:
    fields = sent(task.fields)
    names = {"project_id": "project", "dataset_id": "dataset", "experiment_ids": "experiments"}
    last = task.last_run_at
    attached = [{"evaluator": each["evaluator_id"], **each} for each in fields.get("evaluators", ())]
    return {
        **{names.get(name, name): value for name, value in on_the_wire(fields).items()},
        "evaluators": attached,
        "id": task.id,
        "last_run_at": None if last is None else last.isoformat(),
    }


def _run(run: Run) -> Json:
    plan = {"name": run.experiment_name, "dataset_id": run.task.fields["dataset_id"]}
    is_to_come = run.experiment_name is not None and run.experiment is None and not run.has_ended
    found = {
        "id": run.id or f"{UNSEEN}{run.number}",
        "task": run.task.id,
        # If several statuses are possible, all of them are ends.
        "status": str(run.statuses[0].value),
        "experiment": None if run.experiment is None else run.experiment.id,
        "plan": {"experiment": plan} if is_to_come else None,
    }
    wire: Json = on_the_wire(found)
    return wire


def sent(fields: Json) -> Json:
    """Return the fields of a new task as a request has them: without absent ones, and with times as text."""
    absent: tuple[object, ...] = (None, [])
    return {name: _said(value) for name, value in fields.items() if value not in absent and value is not False}


def changed(fields: Json) -> Json:
    """Return the fields of an update or trigger as a request has them; null clears a filter."""
    return {name: _said(value) for name, value in fields.items()}


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [
            {name: item for name, item in each.items() if item is not None and name != "evaluator_name"}
            if isinstance(each, dict)
            else each
            for each in value
        ]
    return getattr(value, "value", value)


def request_for(
    model: Model,
    operation: str,
    *,
    ids: Mapping[str, str] | None = None,
    query: Mapping[str, object] | None = None,
    body: Json | None = None,
    at: datetime | None = None,
) -> Request:
    """Return a request to the server, as the rules take it.

    Args:
        model: the model.
        operation: the operation's id.
        ids: the path ids.
        query: the filters; a value of None is left out.
        body: the body, in the spelling of the documents.
        at: the time of the request, if it is not now.
    """
    filters = {name: str(value) for name, value in (query or {}).items() if value is not None}
    made = GeneratedRequest(dict(ids or {}), filters, on_the_wire(body))
    found = parse(made.raw(operations()[operation]), world_of(model, at))
    assert found is not None
    return found
