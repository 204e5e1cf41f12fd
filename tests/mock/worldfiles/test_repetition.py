"""Items of a world file with `count`, which stand for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, WorldFileError, dump_world, load_world
from axtasks.mock.worldfiles import repetition as generators
from axtasks.mock.worldfiles.repetition import numbered

from tests.mock.support import NOW, TASKS, Api

if TYPE_CHECKING:
    from tests.mock.doors import Door
    from tests.mock.support import Json

MANY = 10_000
LARGE = f"""
extends: default
tasks:
  - {{count: {MANY}, name: "load-{{n:05d}}", project: demo/chat-prod, evaluators: [Relevance Eval]}}
"""


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("nightly-{n}", "nightly-7"),
        ("{n:05d}", "00007"),
        ("{n:3d}", "  7"),
        ("{n}/{n:02d}", "7/07"),
        ("{{n}}", "{{n}}"),
        ("{name}", "{name}"),
        ("{n:x}", "{n:x}"),
        ("{ n }", "{ n }"),
        (["{n}", {"{n}": "{n}"}], ["7", {"{n}": "7"}]),
        (7, 7),
        (None, None),
    ],
    ids=str,
)
def test_numbers_in_texts(text: Json, made: Json) -> None:
    """The number replaces {n} in all texts of an item, and in no other form."""
    assert numbered(text, 7) == made


def test_any_item_can_stand_for_many() -> None:
    """Items of all types can have a count, and refer to each other by their numbers."""
    world = load_world(
        {
            "spaces": [{"count": 2, "name": "team-{n}"}],
            "projects": [{"count": 2, "name": "web", "space": "team-{n}", "spans_per_hour": 5}],
            "datasets": [{"count": 2, "name": "set-{n}", "space": "team-1", "examples": 2}],
            "experiments": [{"count": 3, "name": "run-{n}", "dataset": "set-1"}],
            "evaluators": [{"count": 2, "name": "eval-{n}", "space": "team-{n}"}],
            "ai_integrations": [{"count": 2, "name": "model-{n}", "space": "team-{n}", "default_model": "m-{n}"}],
            "prompts": [{"count": 3, "name": "prompt-{n}", "space": "team-1"}],
            "tasks": [{"count": 2, "name": "task", "project": "team-{n}/web", "evaluators": ["eval-{n}"]}],
            "task_runs": [{"count": 4, "task": "team-2/task", "created_at": "-{n}h"}],
        }
    )

    sizes = {name: len(listed) for name, listed in dump_world(world).items() if isinstance(listed, list)}
    assert sizes == {
        "spaces": 2,
        "projects": 2,
        "datasets": 2,
        "experiments": 3,
        "evaluators": 2,
        "ai_integrations": 2,
        "prompts": 3,
        "tasks": 2,
        "task_runs": 4,
    }
    spaces = {space.id: space.name for space in world.spaces.all()}
    assert {spaces[task.space_id]: task.evaluators[0].evaluator_name for task in world.tasks.all()} == {
        "team-1": "eval-1",
        "team-2": "eval-2",
    }
    assert [run.created_at.hour for run in world.task_runs.all()] == [14, 13, 12, 11]


def test_ten_thousand_tasks(door: Door) -> None:
    """A large world lists each task once, in pages, and finds each by name."""
    mock = Mock(world=load_world(LARGE), clock=Clock(NOW, frozen=True))
    api = Api(mock, door)
    names: list[str] = []
    query: dict[str, str | int] = {"limit": 100, "name": "load-"}
    while True:
        page = api.get(TASKS, **query).json
        names += [task["name"] for task in page["tasks"]]
        if not page["pagination"]["has_more"]:
            break
        query["cursor"] = page["pagination"]["next_cursor"]

    assert names == [f"load-{number:05d}" for number in range(MANY, 0, -1)]
    assert [task["name"] for task in api.get(TASKS, name="load-07007").json["tasks"]] == ["load-07007"]
    assert len({task.id for task in mock.world.tasks.all()}) == len(mock.world.tasks)


def test_the_number_of_items_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of items is limited, for one item and for all of a type."""
    monkeypatch.setattr(generators, "MOST_ITEMS", 10)

    with pytest.raises(WorldFileError, match=r"^tasks\[0\]\.count: has to be 1000000 or less"):
        load_world({"tasks": [{"count": 1_000_001, "name": "t"}]})
    with pytest.raises(WorldFileError, match=r"^spaces\[1\]: these would be more than 10 spaces"):
        load_world({"spaces": [{"count": 10, "name": "a-{n}"}, {"name": "b"}]})


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", True, None])
def test_impossible_counts(count: Json) -> None:
    """A count that is not a whole number of at least 1 is refused."""
    with pytest.raises(WorldFileError, match=r"^spaces\[0\]\.count: has to be"):
        load_world({"spaces": [{"name": "a", "count": count}]})


def test_a_count_may_be_a_whole_float() -> None:
    """3.0 is read as 3."""
    assert len(load_world({"spaces": [{"name": "a-{n}", "count": 3.0}]}).spaces) == 3


BASE: dict[str, Json] = {"spaces": [{"name": "s"}], "projects": [{"name": "p"}], "evaluators": [{"name": "e"}]}
OVER: dict[str, Json] = {"project": "p", "evaluators": ["e"]}


@pytest.mark.parametrize(
    "task",
    [
        {"name": "nightly-{n}"},
        {"name": "{n:03d}", "sampling_rate": 0.5, "query_filter": "a = 1", "created_at": "-3d", "last_run_at": "-1d"},
        {"name": "nightly-{n}", "query_filter": "n = {n}"},
    ],
    ids=["name", "name and more", "more than the name"],
)
def test_tasks_of_a_count_equal_tasks_written_one_by_one(task: Json) -> None:
    """Tasks made by a count are the same as those written one by one."""
    said: Json = {**task, **OVER}
    each: Json = [{key: numbered(value, number) for key, value in said.items()} for number in range(1, 12)]

    at_once = load_world({**BASE, "tasks": [{"count": 11, **said}]}, start=NOW)

    assert dump_world(at_once) == dump_world(load_world({**BASE, "tasks": each}, start=NOW))


def test_a_name_that_is_there_already_is_refused_among_many() -> None:
    """A name of a count that another task has is refused."""
    with pytest.raises(WorldFileError, match='already a task named "nightly-3"'):
        load_world({**BASE, "tasks": [{"name": "nightly-3", **OVER}, {"count": 5, "name": "nightly-{n}", **OVER}]})
