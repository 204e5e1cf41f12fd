"""Tests of data frames with the contract's types, of models as rows and objects, and of short reprs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from axtasks import Task, TaskRun
from axtasks.contract.dialect import is_newer
from axtasks.mock import default_world as known
from axtasks_api import models
from pydantic import TypeAdapter, ValidationError

from tests.dialects import BETA
from tests.unit.pagination.test_page import LISTS, Listed, numbered, three_pages
from tests.unit.support import (
    LLM_CONFIGURATION,
    RUN,
    TASK,
    ClientKind,
    Stage,
    answer,
    async_client_over,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIGURED = TASK | {"run_configuration": LLM_CONFIGURATION}


@pytest.mark.parametrize("case", LISTS, ids=[case[0] for case in LISTS])
@pytest.mark.both_clients
def test_columns_have_the_types_of_the_contract(
    case: Listed, stage: Stage, client_kind: ClientKind, contract: str
) -> None:
    _, ask, _, model = case
    frame = client_kind.ask(stage.recorder, ask).to_df()

    expected = {"datetime": "datetime64", "int": "Int64", "bool": "boolean", "float": "float64"}
    for field in model.fields():
        if contract != BETA and is_newer(model.__name__, field.name):
            assert field.json_name not in frame
        elif (kind := expected.get(field.type.removesuffix(" | None"))) is not None:
            assert str(frame[field.json_name].dtype).startswith(kind), field.name
            assert kind != "datetime64" or str(frame[field.json_name].dt.tz) == "UTC"


def test_missing_values_keep_the_types() -> None:
    run = {name: value for name, value in RUN.items() if name not in {"num_skipped", "run_finished_at"}}
    found = client_over(one_after_another(page("task_runs", RUN, run | {"run_finished_at": None, "num_skipped": 0})))

    frame = found.tasks.list_runs(RUN["task_id"]).to_df()

    assert frame["num_skipped"].dtype == "Int64"
    assert frame["run_finished_at"].isna().tolist()[1] is True


def test_times_in_small_letters_are_times_too() -> None:
    run = RUN | {"created_at": "2026-03-01t14:30:00z", "run_started_at": None}
    frame = client_over(one_after_another(page("task_runs", run))).tasks.list_runs(RUN["task_id"]).to_df()

    assert frame["created_at"].tolist() == [pd.Timestamp("2026-03-01T14:30:00Z")]


@pytest.mark.parametrize("value", ["half", [0.5], {"share": 0.5}], ids=["text", "list", "object"])
def test_values_of_another_type_than_the_contract_s_are_kept_as_they_came(value: object) -> None:
    found = client_over(one_after_another(page("tasks", TASK, TASK | {"sampling_rate": value}))).tasks.list()

    assert found.to_df()["sampling_rate"].tolist() == [1, value]


def test_a_count_beyond_64_bits_is_kept_as_it_came() -> None:
    found = client_over(one_after_another(page("task_runs", RUN | {"num_errors": 2**70})))

    assert found.tasks.list_runs(RUN["task_id"]).to_df()["num_errors"].tolist() == [2**70]


def test_a_frame_may_have_all_pages() -> None:
    assert len(client_over(three_pages()).tasks.list().to_df()) == 2
    assert len(client_over(three_pages()).tasks.list().to_df(all_pages=True)) == 4


def test_nested_fields_are_kept_or_flattened() -> None:
    found = client_over(one_after_another(page("tasks", TASK, CONFIGURED))).tasks.list()

    assert found.to_df()["run_configuration"].tolist()[1]["experiment_type"] == "llm_generation"
    flat = found.to_df(flatten=True)
    assert "run_configuration" not in flat
    assert flat["run_configuration.experiment_type"].tolist()[1] == "llm_generation"


def test_an_empty_page_has_the_same_columns_and_types() -> None:
    full, empty = (
        client_over(one_after_another(page("task_runs", *rows))).tasks.list_runs(RUN["task_id"]).to_df()
        for rows in ([RUN], [])
    )

    assert list(empty) == list(full)
    assert empty["num_errors"].dtype == "Int64"


def test_pandas_makes_columns_of_a_page_by_itself() -> None:
    found: Any = client_over(three_pages()).tasks.list()
    frame = pd.DataFrame(found)

    assert frame["name"].tolist() == [f"task {number}" for number in (1, 2, 3, 4)]
    assert {"id", "type", "created_at"} <= {*frame}


def test_a_model_is_a_dataclass_to_those_who_ask() -> None:
    task = Task.from_dict(CONFIGURED)

    found = dataclasses.asdict(task)  # type: ignore[call-overload]  # what it is to type checkers is another matter

    assert found["name"] == TASK["name"]
    assert found["run_configuration"]["experiment_type"] == "llm_generation"


@pytest.mark.parametrize(("kind", "body"), [(Task, CONFIGURED), (TaskRun, RUN)], ids=["task", "run"])
def test_pydantic_and_so_fastapi_takes_and_writes_a_model_as_its_json(kind: Any, body: dict[str, Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(list[kind])
    model = kind.from_dict(body)

    assert adapter.dump_python([model], mode="json") == [model.to_dict()]
    assert adapter.validate_python([body]) == [model]
    assert adapter.validate_python([model])[0] is model
    assert adapter.json_schema()["items"] == {"type": "object", "title": kind.__name__}
    with pytest.raises(ValidationError, match="id: expected a string"):
        adapter.validate_python([{"id": 5}])


@pytest.mark.parametrize(("kind", "body"), [(Task, TASK), (TaskRun, RUN)], ids=["task", "run"])
def test_resources_are_hashable_by_their_ids(kind: Any, body: dict[str, Any]) -> None:
    first, again, other = (kind.from_dict(each) for each in (body, body, body | {"id": "another"}))

    assert len({first, again, other}) == 2
    assert hash(first) == hash(again)


def test_all_that_has_an_id_and_is_received_is_hashable() -> None:
    kinds = [
        getattr(models, name) for name in ("Task", "TaskRun", "Space", "Project", "Dataset", "Experiment", "Evaluator")
    ]

    assert [kind.__name__ for kind in kinds if kind.__hash__ is None] == []


SHORT: dict[str, Callable[[Any], object]] = {
    "task": lambda _: Task.from_dict(TASK | {"name": "n" * 300}),
    "run": lambda _: TaskRun.from_dict(RUN),
    "nested": lambda _: Task.from_dict(CONFIGURED).run_configuration,
    "page": lambda ax: ax.tasks.list(),
    "empty page": lambda ax: ax.spaces.list(name="nothing bears this name"),
    "all": lambda ax: ax.tasks.list().all(),
    "runs": lambda ax: ax.tasks.as_completed(["a"] * 9),
    "tasks": lambda ax: ax.tasks,
    "client": lambda ax: ax,
}


@pytest.mark.parametrize("name", SHORT)
def test_reprs_are_short(name: str, stage: Stage) -> None:
    assert len(repr(SHORT[name](stage.client()))) <= 120


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Task.from_dict(numbered(1)), f"Task(id={TASK['id']!r}, name='task 1')"),
        (TaskRun.from_dict(RUN), "status=<TaskRunStatus"),
        (client_over(three_pages()).tasks.list(), "<TaskPage of 2 tasks ('task 1', 'task 2'), more to come>"),
        (client_over(one_after_another(answer({}))).tasks, "<AxClient.tasks for https://api.arize.com>"),
        (async_client_over(one_after_another(answer({}))).spaces, "<AsyncAxClient.spaces for https://api.arize.com>"),
    ],
    ids=["task", "run", "page", "group", "awaited group"],
)
def test_reprs_say_what_people_look_for(value: object, shown: str) -> None:
    assert shown in repr(value)


def test_dir_of_a_page_lists_its_public_attributes() -> None:
    assert sorted(dir(client_over(three_pages()).tasks.list())) == [
        "all",
        "fields",
        "items",
        "next_cursor",
        "pages",
        "pagination",
        "response",
        "tasks",
        "to_df",
        "to_dict",
        "to_json",
    ]


def test_a_frame_of_the_mock_has_its_counts(stage: Stage) -> None:
    assert stage.client().tasks.list_runs(known.CHAT_QUALITY).to_df()["num_successes"].sum() > 0
