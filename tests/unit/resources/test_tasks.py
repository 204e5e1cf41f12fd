"""Tests of tasks: listed, read, changed and deleted by name or id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    UNSET,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    TaskType,
    UndecodableBodyError,
    UnknownNameError,
    WrongKindError,
)
from axtasks.mock import default_world as known

from tests.unit.support import (
    CHAT_PROD,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    JUDGE_CONFIGURATION,
    LLM_CONFIGURATION,
    RUN,
    TASK,
    ClientKind,
    Stage,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
)

if TYPE_CHECKING:
    from collections.abc import Callable

UNKNOWN_TASK = "VGFzazoxMjM0NQ=="
NIGHTLY = known.NIGHTLY_SUMMARIES

# What tells of a task, in one request.
TELLING: dict[str, Callable[[Any], Any]] = {
    "get": lambda ax: ax.tasks.get(CHAT_QUALITY),
    "update": lambda ax: ax.tasks.update(CHAT_QUALITY, sampling_rate=0.5),
    "create": lambda ax: ax.tasks.create_run_experiment_task(
        "New", dataset=GOLDEN_SET, run_configuration=JUDGE_CONFIGURATION
    ),
}

# What is asked for, and the query of the list request, given that the client has no default space.
FILTERS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("nothing", {}, {}),
    ("name", {"name": "Quality"}, {"name": "Quality"}),
    ("project-id", {"project": CHAT_PROD}, {"project_id": CHAT_PROD}),
    ("project-name", {"project": "chat-prod", "space": "demo"}, {"project_id": CHAT_PROD, "space_id": DEMO}),
    ("dataset-id", {"dataset": GOLDEN_SET}, {"dataset_id": GOLDEN_SET}),
    ("dataset-name", {"dataset": "golden-set", "space": DEMO}, {"dataset_id": GOLDEN_SET, "space_id": DEMO}),
    ("space-id", {"space": DEMO}, {"space_id": DEMO}),
    ("space-name", {"space": "demo"}, {"space_id": DEMO}),
    ("type-as-text", {"task_type": "run_experiment"}, {"type": "run_experiment"}),
    ("type-as-member", {"task_type": TaskType.CODE_EVALUATION}, {"type": "code_evaluation"}),
    ("type-in-capitals", {"task_type": "CODE_EVALUATION"}, {"type": "code_evaluation"}),
    ("limit", {"limit": 7}, {"limit": "7"}),
]
BAD_FILTERS: list[tuple[str, dict[str, Any], str]] = [
    ("limit-0", {"limit": 0}, "limit has to be a whole number from 1 to 100"),
    ("limit-101", {"limit": 101}, "limit has to be a whole number from 1 to 100"),
    ("limit-text", {"limit": "5"}, "limit has to be a whole number from 1 to 100"),
    ("name-empty", {"name": ""}, "name must not be empty"),
    ("name-too-long", {"name": "a" * 256}, "name has 256 characters; 255 is the most"),
    ("type-unknown", {"task_type": "agent"}, "task_type has to be one of"),
    ("project-of-another-kind", {"project": GOLDEN_SET}, "is the id of a dataset, not of a project"),
    ("dataset-of-another-kind", {"dataset": CHAT_PROD}, "is the id of a project, not of a dataset"),
    ("space-of-another-kind", {"space": CHAT_PROD}, "is the id of a project, not of a space"),
    ("project-and-dataset", {"project": CHAT_PROD, "dataset": GOLDEN_SET}, "project and dataset exclude each other"),
    ("project-empty", {"project": ""}, "project must not be empty"),
    (
        "project-and-later-a-bad-dataset",
        {"project": "chat-prod", "dataset": CHAT_PROD, "space": "demo"},
        "id of a proj",
    ),
]


def listing(**arguments: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.list(**arguments)


def updating(task: str, **fields: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.update(task, **fields)


# -- list -------------------------------------------------------------------------------------------------------------


@pytest.mark.both_contracts
@pytest.mark.parametrize(("arguments", "query"), [case[1:] for case in FILTERS], ids=[case[0] for case in FILTERS])
def test_a_list_is_narrowed_by_what_is_given(
    arguments: dict[str, Any], query: dict[str, str], stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, listing(**arguments))

    assert stage.sent[-1].path == "/v2/tasks"
    assert stage.sent[-1].query == {"limit": "50", **query}


@pytest.mark.parametrize(
    ("arguments", "message"), [case[1:] for case in BAD_FILTERS], ids=[case[0] for case in BAD_FILTERS]
)
def test_a_list_that_cannot_be_asked_for_is_refused_without_a_request(
    arguments: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
        client_kind.ask(stage.recorder, listing(**arguments), space="demo")
    assert stage.sent == []


def test_without_another_scope_the_default_space_narrows_the_list(stage: Stage, client_kind: ClientKind) -> None:
    page = client_kind.ask(stage.recorder, listing(), space="demo-eu")

    assert stage.sent[-1].query["space_id"] == known.DEMO_EU
    assert [task.id for task in page.items] == [known.CHAT_QUALITY_EU]


@pytest.mark.parametrize("scope", [{"project": CHAT_PROD}, {"dataset": GOLDEN_SET}, {"space": DEMO}], ids=str)
def test_with_another_scope_the_default_space_does_not_narrow_the_list(
    scope: dict[str, str], stage: Stage, client_kind: ClientKind
) -> None:
    page = client_kind.ask(stage.recorder, listing(**scope), space="demo-eu")

    assert stage.sent[-1].query.get("space_id") != known.DEMO_EU
    assert page.items


def test_the_default_space_still_tells_where_a_projects_name_is_looked_up(
    stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, listing(project="chat-prod"), space="demo-eu")

    assert stage.sent[-1].query == {"project_id": known.CHAT_PROD_EU, "limit": "50"}


def test_a_list_goes_on_from_a_cursor(stage: Stage, client_kind: ClientKind) -> None:
    first = client_kind.ask(stage.recorder, listing(limit=3))

    second = client_kind.ask(stage.recorder, listing(limit=3, cursor=first.pagination.next_cursor))

    assert stage.sent[-1].query["cursor"] == first.pagination.next_cursor
    assert {task.id for task in first.items}.isdisjoint(task.id for task in second.items)


# -- get --------------------------------------------------------------------------------------------------------------


def test_a_task_is_read_by_name_or_id(stage: Stage, client_kind: ClientKind) -> None:
    by_name = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get("Chat Quality Monitor", space="demo"))
    by_id = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(task=CHAT_QUALITY))

    assert by_name.to_dict() == by_id.to_dict()
    assert by_id.type is TaskType.TEMPLATE_EVALUATION


@pytest.mark.parametrize("method", ["get", "delete"])
def test_an_id_that_nothing_bears_is_not_found(method: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotFoundError):
        client_kind.ask(stage.recorder, lambda ax: getattr(ax.tasks, method)(UNKNOWN_TASK))


# -- update -----------------------------------------------------------------------------------------------------------

CHANGES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("name", CHAT_QUALITY, {"name": "Renamed"}, {"name": "Renamed"}),
    ("rate", CHAT_QUALITY, {"sampling_rate": 0}, {"sampling_rate": 0}),
    ("continuous", CHAT_QUALITY, {"is_continuous": False}, {"is_continuous": False}),
    ("filter", CHAT_QUALITY, {"query_filter": "a"}, {"query_filter": "a"}),
    ("C16-filter-cleared", CHAT_QUALITY, {"query_filter": None}, {"query_filter": None}),
    ("filter-empty", CHAT_QUALITY, {"query_filter": ""}, {"query_filter": ""}),
    ("unset-is-left-alone", CHAT_QUALITY, {"name": "Renamed", "query_filter": UNSET}, {"name": "Renamed"}),
    (
        "evaluators",
        CHAT_QUALITY,
        {"evaluators": ["Relevance Eval"]},
        {"evaluators": [{"evaluator_id": known.RELEVANCE}]},
    ),
    ("code", known.SUPPORT_CHECKS, {"sampling_rate": 1}, {"sampling_rate": 1}),
    ("dataset", known.GOLDEN_REVIEW, {"query_filter": "a"}, {"query_filter": "a"}),
    ("configuration", NIGHTLY, {"run_configuration": JUDGE_CONFIGURATION}, {"run_configuration": JUDGE_CONFIGURATION}),
    ("name-of-an-experiment", NIGHTLY, {"name": "Renamed"}, {"name": "Renamed"}),
]
BAD_CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("C14-nothing", {}, "there is nothing to update: give at least one field"),
    ("C14-a-space-is-no-change", {"space": "demo"}, "there is nothing to update"),
    ("C14-unset", {"name": UNSET, "query_filter": UNSET}, "there is nothing to update"),
    ("C8-name-empty", {"name": ""}, "name must not be empty"),
    ("name-null", {"name": None}, "name has to be text, not None"),
    ("rate-null", {"sampling_rate": None}, "sampling_rate has to be a number from 0 to 1, not None"),
    ("continuous-null", {"is_continuous": None}, "is_continuous has to be True or False, not None"),
    ("evaluators-null", {"evaluators": None}, "evaluators has to be a list, not None"),
    ("configuration-null", {"run_configuration": None}, "run_configuration has to be .*, not NoneType"),
    ("null-beside-a-change", {"name": "Renamed", "sampling_rate": None}, "sampling_rate has to be a number"),
    ("C4-rate", {"sampling_rate": 1.01}, "sampling_rate has to be a number from 0 to 1, not 1.01"),
    ("C17-no-evaluators", {"evaluators": []}, "evaluators needs at least one entry"),
    ("C7-evaluators-twice", {"evaluators": [HALLUCINATION, HALLUCINATION]}, "stands there more than once"),
    ("C13-evaluator", {"evaluators": [CHAT_PROD]}, "is the id of a project, not of an evaluator"),
    ("filter-number", {"query_filter": 5}, "query_filter has to be text"),
]
NO_CHANGES = ["type", "task_type", "project", "project_id", "dataset", "dataset_id", "experiment_ids"]


@pytest.mark.both_contracts
@pytest.mark.parametrize(("task", "fields", "body"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_only_what_is_given_is_changed(
    task: str, fields: dict[str, Any], body: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    before = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(task)).to_dict()
    stage.forget()

    after = client_kind.ask(stage.recorder, updating(task, **fields), space="demo").to_dict()

    (sent,) = stage.writes
    assert (sent.method, sent.json) == ("PATCH", body)
    changed = {name for name in before if before[name] != after[name]}
    assert changed - {"updated_at"} <= set(body)
    for name in set(body) - {"evaluators"}:
        assert after[name] == body[name]


@pytest.mark.parametrize(
    ("fields", "message"), [case[1:] for case in BAD_CHANGES], ids=[case[0] for case in BAD_CHANGES]
)
def test_invalid_changes_are_refused_without_a_request(
    fields: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
        client_kind.ask(stage.recorder, updating("Chat Quality Monitor", **fields), space="demo")
    assert stage.sent == []


@pytest.mark.parametrize("name", NO_CHANGES, ids=[f"C20-{name}" for name in NO_CHANGES])
def test_fields_set_at_creation_cannot_be_changed(name: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
        client_kind.ask(stage.recorder, updating(CHAT_QUALITY, **{name: "x"}))
    assert stage.sent == []


def test_a_task_that_is_no_task_is_refused_before_names_are_looked_up(stage: Stage, client_kind: ClientKind) -> None:
    for task, error in ((GOLDEN_SET, WrongKindError), ("", InvalidArgumentError)):
        with pytest.raises(error):
            client_kind.ask(stage.recorder, updating(task, evaluators=["Relevance Eval"]), space="demo")
    assert stage.sent == []


def test_an_update_by_names_looks_the_space_up_only_once(stage: Stage, client_kind: ClientKind) -> None:
    client_kind.ask(stage.recorder, updating("Chat Quality Monitor", evaluators=["Relevance Eval"], space="demo"))

    assert stage.calls == [
        "GET /v2/spaces",
        "GET /v2/tasks",
        "GET /v2/evaluators",
        f"PATCH /v2/tasks/{CHAT_QUALITY}",
    ]


def test_a_new_name_that_is_taken_is_a_conflict(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(ConflictError) as caught:
        client_kind.ask(stage.recorder, updating(CHAT_QUALITY, name="Golden Set Review"))

    assert caught.value.operation_id == "update_task"


def test_c18_a_configuration_is_replaced_as_a_whole(stage: Stage, client_kind: ClientKind) -> None:
    task = client_kind.ask(stage.recorder, updating(NIGHTLY, run_configuration=JUDGE_CONFIGURATION))

    assert task.to_dict()["run_configuration"] == JUDGE_CONFIGURATION


# -- delete -----------------------------------------------------------------------------------------------------------


def test_a_deleted_task_is_gone(stage: Stage, client_kind: ClientKind) -> None:
    gone = client_kind.ask(stage.recorder, lambda ax: ax.tasks.delete("Chat Quality Monitor", space="demo"))

    assert gone is None
    assert stage.writes[0].method == "DELETE"
    assert stage.writes[0].body == b""
    with pytest.raises(NotFoundError):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(CHAT_QUALITY))
    with pytest.raises(UnknownNameError):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.delete("Chat Quality Monitor", space="demo"))


def test_a_task_by_the_id_of_something_else_is_refused_without_a_request(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(WrongKindError):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.delete(known.CHAT_QUALITY_RUN))
    assert stage.sent == []


def test_an_error_of_the_server_names_its_operation(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(BadRequestError) as caught:
        client_kind.ask(stage.recorder, listing(cursor="no cursor"))

    assert caught.value.operation_id == "list_tasks"
    assert caught.value.request_id


@pytest.mark.parametrize("way", TELLING)
def test_a_task_is_known_as_it_was_when_it_was_asked_for(way: str, stage: Stage, stopwatch: Stopwatch) -> None:
    """Changes made while the response is under way are not in it."""

    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            stopwatch.now += 20
            return stage.door.handle_request(request)

    asked_at = stopwatch.now
    with client_over(Slow(), clock=stopwatch.clock) as ax:
        task = TELLING[way](ax)
        facts = ax._context.tasks.get(task.id)

    assert facts is not None
    assert facts.requested_at == asked_at


@pytest.mark.parametrize(
    ("answered", "call", "where"),
    [
        pytest.param(TASK | {"id": ["x"]}, lambda ax: ax.tasks.get(CHAT_QUALITY), "id", id="task"),
        pytest.param(TASK | {"dataset_id": {}}, lambda ax: ax.tasks.get(CHAT_QUALITY), "dataset_id", id="dataset"),
        pytest.param(RUN | {"id": 5}, lambda ax: ax.tasks.get_run(CHAT_QUALITY_RUN), "id", id="run"),
        pytest.param(
            {"tasks": [TASK, TASK | {"id": None}], "pagination": {"has_more": False}},
            lambda ax: ax.tasks.get("Chat Quality Monitor", space=DEMO),
            "tasks[1].id",
            id="name",
        ),
        pytest.param(
            {"tasks": [TASK], "pagination": {"has_more": True, "next_cursor": 5}},
            lambda ax: ax.tasks.list(),
            "pagination.next_cursor",
            id="cursor",
        ),
    ],
)
def test_an_id_that_is_no_text_is_not_taken_for_one(
    answered: dict[str, Any], call: Callable[[Any], Any], where: str, client_kind: ClientKind
) -> None:
    with pytest.raises(UndecodableBodyError, match=re.escape(f"{where}: expected a string, got")):
        client_kind.ask(one_after_another(answer(answered)), call)


def test_an_id_that_nothing_is_asked_with_may_be_anything(client_kind: ClientKind) -> None:
    called = {"id": 7, "type": "function", "function": {"name": "look", "arguments": "{}"}}
    configuration = LLM_CONFIGURATION | {"messages": [{"role": "assistant", "content": "", "tool_calls": [called]}]}

    found = client_kind.ask(
        one_after_another(answer(TASK | {"run_configuration": configuration})), lambda ax: ax.tasks.get(CHAT_QUALITY)
    )

    assert found.run_configuration.messages[0].tool_calls[0].id == 7


def test_null_in_place_of_an_absent_field_is_accepted(client_kind: ClientKind) -> None:
    page = {"tasks": [TASK | {"project_id": None}], "pagination": {"has_more": False, "next_cursor": None}}

    found = client_kind.ask(one_after_another(answer(page)), lambda ax: ax.tasks.list())

    assert found.tasks[0].project_id is None
    assert found.next_cursor is None
