"""Checks of the effects of successful requests: the documented change, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.resource_types import RESOURCE_TYPES, TYPE_OF_PREFIX, is_shown_as, view
from tests.model.rules_tasks import is_experiment, window
from tests.model.worlds import parse_time, prefix_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.contract import Json
    from tests.model.exchange import Exchange
    from tests.model.request import Request

ATTACHED = ("query_filter", "column_mappings", "evaluator_version_id", "query_mappings")
VARIABLE = re.compile(r"\{\{\s*[\w.\[\]-]+\s*\}\}")
REQUIRED = {"create_task": 201, "trigger_task_run": 201, "delete_task": 204}
"""The status of success, for operations where it is not 200."""


def writes_have_their_effects(exchange: Exchange) -> None:
    """Check that the response is the documented one, and that the world changed as documented."""
    request = exchange.request
    if request is None or not exchange.reply.is_ok:
        return
    status = exchange.reply.status
    assert status == REQUIRED.get(request.name, 200), f"{request.name} has the status {status}"
    if request.name in WRITES:
        WRITES[request.name](exchange, request)
    elif request.name.startswith("get_"):
        ((name, identifier),) = request.ids.items()
        kind = request.operation.path_kinds[name]
        thing = exchange.after.get(kind, identifier)
        if RESOURCE_TYPES[kind].versions:
            # The newest of the requested ones.
            thing = {
                **thing,
                "version": exchange.after.versions(RESOURCE_TYPES[kind].versions, identifier, **request.query)[-1],
            }
        _check_shown(exchange, kind, thing)


def _check_shown(exchange: Exchange, kind: str, thing: Json) -> None:
    assert thing is not None, "the response shows a resource that does not exist"
    shown, there = exchange.reply.json, view(exchange.after, kind, thing)
    assert is_shown_as(kind, shown, there), f"shown is {shown}, there is {there}"
    exchange.history.keep_made_up(kind, shown)


def _check_only_changed(exchange: Exchange, *keys: tuple[str, str]) -> None:
    strange = {key: change for key, change in exchange.changes.items() if key not in keys}
    assert not strange, f"this changed as well: {strange}"


def _added(exchange: Exchange, kind: str) -> Json:
    """Return the one added resource, after checking that its id is new and of the right type."""
    new = [after for (where, _), (before, after) in exchange.changes.items() if where == kind and before is None]
    assert len(new) == 1, f"{len(new)} new {kind}"
    identifier = new[0]["id"]
    assert TYPE_OF_PREFIX.get(prefix_of(identifier) or "") == kind, f"{identifier} is no identifier of {kind}"
    assert identifier not in exchange.history.gone, f"{identifier} was another one's before"
    assert parse_time(new[0]["created_at"]) == exchange.before.now
    return new[0]


def _attached(inputs: list[Json]) -> list[Json]:
    return [
        {
            "evaluator": each["evaluator_id"],
            **{name: each[name] for name in ATTACHED if each.get(name) is not None},
        }
        for each in inputs
    ]


def _stored(configuration: Json) -> Json:
    """Return a configuration as it is stored, with the default format of variables (J3)."""
    if configuration["experiment_type"] != contract.LLM_GENERATION:
        return configuration
    return {
        "input_variable_format": contract.word("InputVariableFormat", variable_format(configuration)),
        **configuration,
    }


def variable_format(configuration: Json) -> str:
    """Return the default format of variables for a generation (J3), in the documents' spelling."""
    contents = (message.get("content") or "" for message in configuration["messages"])
    return "mustache" if any(VARIABLE.search(content) for content in contents) else "f_string"


def _stored_filters(filters: Json) -> Json:
    """Return named filters as they are stored: a single one is its own expression (B6)."""
    return None if filters is None else {"expression": filters["filters"][0]["id"], **filters}


def _as_stored(body: Json) -> dict[str, Json]:
    """Return the fields of a body as a task stores them."""
    stored: dict[str, Json] = {
        name: body[name] for name in ("name", "type", "sampling_rate", "query_filter") if name in body
    }
    stored |= {
        field: body[name]
        for name, field in (("project_id", "project"), ("dataset_id", "dataset"), ("experiment_ids", "experiments"))
        if body.get(name)
    }
    if "is_continuous" in body:
        stored["is_continuous"] = body["is_continuous"] or None
    if "evaluators" in body:
        stored["evaluators"] = _attached(body["evaluators"])
    if "query_filters" in body:
        stored["query_filters"] = _stored_filters(body["query_filters"])
    if "run_configuration" in body:
        stored["run_configuration"] = _stored(body["run_configuration"])
    return stored


def _compare(task: Json, wanted: dict[str, Json]) -> None:
    given = {name: value for name, value in wanted.items() if value is not None}
    filled_in = {"id", "created_at", "updated_at", "created_by_user_id"}
    stored = {name: value for name, value in task.items() if name not in filled_in}
    assert stored == {name: value for name, value in given.items() if name not in filled_in}, (
        f"kept is {stored}, not {given}"
    )


def create_task(exchange: Exchange, request: Request) -> None:
    """Check that one task was added, with the requested fields and the defaults of J14."""
    task = _added(exchange, "tasks")
    _check_only_changed(exchange, ("tasks", task["id"]))
    _compare(task, _as_stored(request.fields))
    assert parse_time(task["updated_at"]) == exchange.before.now
    _check_shown(exchange, "tasks", task)


def update_task(exchange: Exchange, request: Request) -> None:
    """Check that the sent fields and `updated_at` changed, and nothing else (C16 to C18)."""
    identifier = request.ids["task_id"]
    _check_only_changed(exchange, ("tasks", identifier))
    task = exchange.after.get("tasks", identifier)
    _compare(task, {**request.task, **_as_stored(request.fields)})
    assert task["created_at"] == request.task["created_at"]
    assert task["created_by_user_id"] == request.task["created_by_user_id"]
    assert parse_time(task["updated_at"]) == exchange.before.now, (
        f"changed at {exchange.before.now}: {task['updated_at']}"
    )
    _check_shown(exchange, "tasks", task)


def delete_task(exchange: Exchange, request: Request) -> None:
    """Check that the task and its runs are gone, and that the response has no body (C38)."""
    identifier = request.ids["task_id"]
    runs = [run["id"] for run in exchange.before.runs_of(identifier)]
    gone = {("tasks", identifier), *(("task_runs", run) for run in runs)}
    _check_only_changed(exchange, *gone)
    assert {key for key, (_, after) in exchange.changes.items() if after is None} == gone, "something is left"
    assert not exchange.reply.body
    exchange.history.gone.update(key for _, key in gone)
    for path in (request.raw.path, *(f"/v2/task-runs/{run}" for run in runs[:2] if "/" not in run)):
        assert exchange.get(path).status == 404, f"{path} was deleted"


def trigger_task_run(exchange: Exchange, request: Request) -> None:
    """Check that one run was added, pending and empty, over the requested data (C26, C28, C33, C35, J7, J10)."""
    task, run, now = request.task, _added(exchange, "task_runs"), exchange.before.now
    _check_only_changed(exchange, ("task_runs", run["id"]), ("tasks", task["id"]))
    later = exchange.after.get("tasks", task["id"])
    assert {**later, "last_run_at": None} == {**task, "last_run_at": None}, "the task itself was changed"
    assert parse_time(later["last_run_at"]) == now
    assert run["task"] == task["id"]
    assert run["status"] == contract.PENDING
    assert [run[name] for name in ("num_successes", "num_errors", "num_skipped")] == [0, 0, 0]
    assert run["run_started_at"] is None
    assert run["run_finished_at"] is None
    assert run["experiment"] is None
    times = run["data_start_time"], run["data_end_time"]
    if "project" in task:
        assert tuple(map(parse_time, times)) == window(request), f"the window is {times}, not {window(request)}"
    else:
        assert times == (None, None), f"{times} for a task over a dataset"
    if "project" not in task and not is_experiment(task):
        assert run["experiments"] == request.fields.get("experiment_ids", task["experiments"])
    exchange.history.triggers[run["id"]] = request
    _check_shown(exchange, "task_runs", run)


def cancel_task_run(exchange: Exchange, request: Request) -> None:
    """Check that the run is cancelled as of now, without a start if it never started (C36, J12)."""
    identifier = request.ids["run_id"]
    _check_only_changed(exchange, ("task_runs", identifier))
    before, after = request.world.get("task_runs", identifier), exchange.after.get("task_runs", identifier)
    there = view(exchange.before, "task_runs", before)
    wanted = {**there, "status": contract.CANCELLED, "run_finished_at": after["run_finished_at"]}
    if contract.is_beta():
        wanted["failure_reason"] = after["failure_reason"]
    shown = view(exchange.after, "task_runs", after)
    assert shown == wanted, f"cancelled is {shown}, not {wanted}"
    assert not after.get("plan"), "what has ended has nothing to come"
    assert parse_time(after["run_finished_at"]) == exchange.before.now
    _check_shown(exchange, "task_runs", after)


WRITES: dict[str, Callable[[Exchange, Request], None]] = {
    "create_task": create_task,
    "update_task": update_task,
    "delete_task": delete_task,
    "trigger_task_run": trigger_task_run,
    "cancel_task_run": cancel_task_run,
}
