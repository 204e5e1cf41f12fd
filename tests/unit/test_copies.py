"""Tests of pickling and copying: public objects keep all their data, or a TypeError says what to do instead."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import axtasks
import pytest
from axtasks import AxError, errors
from axtasks.mock import default_world as known
from axtasks_api import models
from axtasks_api.codec import OpenEnum, UnknownVariant
from axtasks_api.operation import PreparedRequest

from tests.unit.support import (
    RUN,
    TASK,
    Recorder,
    answer,
    async_client_over,
    client_over,
    one_after_another,
    outcome,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS = [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy]
way = pytest.mark.parametrize("carried", WAYS, ids=["pickle", "copy", "deepcopy"])
# For each parameter of the constructors of errors, a value.
VALUES: dict[str, Any] = {
    "message": "what was wrong",
    "fields": ["a"],
    "task_type": "code_evaluation",
    "valid": ["b"],
    "lacking": ["c"],
    "contract": "documents",
    "noun": "task",
    "value": "name",
    "near": ["names"],
    "candidates": ["id"],
    "operation_id": "get_task",
    "request": PreparedRequest("create_task", method="POST", path="/v2/tasks", query=(), body={"name": "a"}),
    "attempts": 2,
    "reason": "nobody knows",
    "status_code": 400,
    "request_id": "r1",
    "problem": models.Problem.from_dict({"title": "No", "status": 400}),
    "body": "the body",
    "is_json": True,
    "deviations": [axtasks.Deviation("a", "b")],
    "model": models.Task.from_dict(TASK),
    "is_final": True,
    "proxy": "http://p",
    "variable": "HTTPS_PROXY",
    "authority": "CA",
    "cursor": "c",
    "run": models.TaskRun.from_dict(RUN),
    "runs": [models.TaskRun.from_dict(RUN)],
    "finished": [models.TaskRun.from_dict(RUN)],
    "unseen": ["gone"],
    "timeout_seconds": 3.0,
}


def error_of(kind: type[AxError]) -> AxError:
    """Return an error with a value for every constructor argument, a note and a cause."""
    parameters = inspect.signature(kind.__init__).parameters
    names = [name for name in parameters if name in VALUES and name != "message"]
    error = kind(VALUES["message"], **{name: VALUES[name] for name in names})
    error.add_note("a note")
    error.__cause__ = errors.ConnectionFailedError("no way", operation_id="get_task")
    return error


def client() -> axtasks.AxClient:
    return client_over(Recorder(lambda _: page("tasks", TASK, cursor="b")))


def model_of(kind: Any) -> object:
    """Return a model with a value in each required field."""
    by_type = {"str": "a", "int": 1, "bool": True, "float": 0.5, "datetime": datetime(2026, 1, 1, tzinfo=UTC)}
    given = {
        field.name: by_type.get(field.type, []) for field in kind.fields() if field.required and field.constant is None
    }
    return kind(**given)


def public(name: str) -> object:
    """Return an instance of a public class, or the object itself."""
    found: Any = getattr(axtasks, name)
    made: dict[str, Callable[[], Any]] = {
        "Hooks": lambda: axtasks.Hooks(on_retry=print),
        "Poll": lambda: axtasks.Poll(models.TaskRun.from_dict(RUN), 1.0, 2.0),
        "RequestEvent": request_event,
        "ResponseEvent": lambda: axtasks.ResponseEvent(
            request=request_event(), status_code=None, request_id=None, duration_seconds=1, error=AxError("no")
        ),
        "RetryEvent": lambda: axtasks.RetryEvent(request=request_event(), error=AxError("no"), pause_seconds=1),
        "Deviation": lambda: axtasks.Deviation("a", "b"),
        "RawAnswer": lambda: axtasks.RawAnswer(200, {"a": "b"}, b"x"),
        "TriggerRequest": lambda: axtasks.TriggerRequest("a", experiment_ids=["b"]),
        "TriggerOutcome": lambda: axtasks.TriggerOutcome(axtasks.TriggerRequest("a"), AxError("no")),
        "BackfillPlan": lambda: axtasks.BackfillPlan([], 3, 1.5),
        "PlannedWindow": lambda: axtasks.PlannedWindow(MOMENT, MOMENT, axtasks.WindowState.MISSING, None, 7),
        "WindowState": lambda: axtasks.WindowState.SPLIT,
        "WindowOutcome": lambda: axtasks.WindowOutcome(
            MOMENT, MOMENT, None, axtasks.WindowState.IN_DOUBT, cap_known=True
        ),
        "EnsuredRun": lambda: axtasks.EnsuredRun(models.TaskRun.from_dict(RUN), "done", is_findable=False),
        "Task": lambda: models.Task.from_dict(TASK | {"unheard_of": 1}),
        "TaskRun": lambda: models.TaskRun.from_dict(RUN),
        "Unset": lambda: axtasks.UNSET,
    }
    if name in made:
        return made[name]()
    if not isinstance(found, type):
        return found
    if issubclass(found, AxError):
        return error_of(found)
    if issubclass(found, axtasks.Page | axtasks.AsyncPage):
        return page_of(found)
    if issubclass(found, OpenEnum):
        return found("of another time")
    make: Callable[[], object] = partial(model_of, found) if hasattr(found, "from_dict") else found
    return make()


MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def page_of(found: Any) -> object:
    """Return a page of a class of either client."""
    blocking = getattr(axtasks, found.__name__.removeprefix("Async"))
    transport = one_after_another(page(blocking.wire_name) if hasattr(blocking, "wire_name") else page("tasks", TASK))
    ask = LISTS.get(blocking, LISTS[axtasks.TaskPage])
    if found is blocking:
        return ask(client_over(transport, contract="beta"))
    return outcome(ask(async_client_over(transport, contract="beta")))


def request_event() -> axtasks.RequestEvent:
    return axtasks.RequestEvent(operation="get_task", method="GET", path="/x", attempt=1)


LISTS: dict[Any, Callable[[Any], Any]] = {
    axtasks.TaskPage: lambda ax: ax.tasks.list(),
    axtasks.TaskRunPage: lambda ax: ax.tasks.list_runs(RUN["task_id"]),
    axtasks.SpacePage: lambda ax: ax.spaces.list(),
    axtasks.ProjectPage: lambda ax: ax.projects.list(),
    axtasks.DatasetPage: lambda ax: ax.datasets.list(),
    axtasks.ExperimentPage: lambda ax: ax.experiments.list(),
    axtasks.EvaluatorPage: lambda ax: ax.evaluators.list(),
    axtasks.EvaluatorVersionPage: lambda ax: ax.evaluators.list_versions(known.HALLUCINATION),
    axtasks.AiIntegrationPage: lambda ax: ax.ai_integrations.list(),
    axtasks.IntegrationPage: lambda ax: ax.integrations.list(),
    axtasks.PromptPage: lambda ax: ax.prompts.list(),
    axtasks.PromptVersionPage: lambda ax: ax.prompts.list_versions(known.SUMMARIZE),
}
HOLD_CLIENTS = (
    *("AxClient", "AsyncAxClient", "RunsAsCompleted", "AsyncRunsAsCompleted", "Backfill", "AsyncBackfill", "RunWatch"),
)


def says(value: object) -> object:
    """Return all the data of a value."""
    if isinstance(value, AxError):
        return type(value), str(value), {k: says(v) for k, v in vars(value).items()}, says(value.__cause__)
    if isinstance(value, axtasks.Page | axtasks.AsyncPage):
        return type(value), value.to_dict(), value.next_cursor, value.fields()
    if isinstance(value, tuple | list):
        return [says(item) for item in value]
    if isinstance(value, axtasks.TriggerOutcome):
        return says((value.request, value.outcome))
    if isinstance(value, axtasks.ResponseEvent | axtasks.RetryEvent):
        return value.request, says(value.error)
    return (value, value.to_dict()) if hasattr(value, "to_dict") and not isinstance(value, type) else value


@way
@pytest.mark.parametrize("name", [name for name in axtasks.__all__ if name not in HOLD_CLIENTS])
def test_a_pickled_object_keeps_all_its_data(name: str, carried: Callable[[object], object]) -> None:
    value = public(name)

    assert says(carried(value)) == says(value)


@way
def test_a_variant_that_is_unknown_keeps_its_data(carried: Callable[[object], object]) -> None:
    assert carried(UnknownVariant("new", {"a": [1]})) == UnknownVariant("new", {"a": [1]})


@dataclass
class Job:
    """An application object that holds a client."""

    client: object


HOLDERS: dict[str, Callable[[], object]] = {
    "AxClient": client,
    "AsyncAxClient": lambda: async_client_over(Recorder(lambda _: answer({}))),
    "tasks": lambda: client().tasks,
    "method": lambda: client().tasks.get,
    "request": lambda: client().request,
    "RunsAsCompleted": lambda: client().tasks.as_completed(["a"]),
    "RunWatch": lambda: async_client_over(Recorder(lambda _: answer({}))).tasks.watch(poll_interval=5),
    "all": lambda: client().tasks.list().all(),
    "pages": lambda: client().tasks.list().pages(),
    "object": lambda: Job(client()),
}


@pytest.mark.parametrize("carried", [pickle.dumps, copy.deepcopy, lambda value: asdict(Job(value))])
@pytest.mark.parametrize("holder", HOLDERS)
def test_pickling_a_client_is_an_error_that_says_what_to_do(holder: str, carried: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="share the client, or make one there"):
        carried(HOLDERS[holder]())


@pytest.mark.parametrize("name", ["AxClient", "AsyncAxClient"])
def test_a_client_is_not_copied_flat_either(name: str) -> None:
    with pytest.raises(TypeError, match="share the client, or make one there"):
        copy.copy(HOLDERS[name]())


def test_a_page_that_was_pickled_ends_with_its_items_and_says_where_to_go_on() -> None:
    items = iter(pickle.loads(pickle.dumps(client().tasks.list())))

    assert next(items).name == TASK["name"]
    with pytest.raises(TypeError, match=r"has no client to fetch the next page with: .*cursor='b'"):
        next(items)


def test_a_last_page_that_was_pickled_is_gone_through() -> None:
    found = client_over(one_after_another(page("tasks", TASK))).tasks.list()

    assert [task.id for task in pickle.loads(pickle.dumps(found))] == [TASK["id"]]
    assert json.loads(pickle.loads(pickle.dumps(found)).to_json()) == found.to_dict()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copied_page_goes_on(copied: Callable[[Any], Any]) -> None:
    transport = one_after_another(page("tasks", TASK, cursor="b"), page("tasks", TASK))

    assert len(list(copied(client_over(transport).tasks.list()))) == 2
