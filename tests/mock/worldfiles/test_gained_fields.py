"""A contract with new optional response fields: world files set them, and responses have them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, WorldFileError, dump_world, load_world
from axtasks.mock.contract import contract as contracts
from axtasks.mock.storage import StateFile
from axtasks.mock.world.resource_types import TYPES
from axtasks.mock.worldfiles import schema as world_schema

from tests.mock.support import NOW, TASKS, Api, Json, task_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mock.doors import Door

WORLD = "/__mock/world"
# The fields that are added to each schema. World files use the documents' spelling.
GAINED: dict[str, Json] = {
    "priority": {"type": ["integer", "null"], "minimum": 0, "description": "What is done first."},
    "seen_at": {"type": "string", "format": "date-time"},
    "mood": {"$ref": "#/components/schemas/Mood"},
    "labels": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "string"}}}},
}
VALUES: dict[str, Json] = {
    "priority": 3,
    "seen_at": "2026-03-01T00:00:00.000Z",
    "mood": "calm",
    "labels": [{"text": "x"}],
}
TASK: dict[str, Json] = {"name": "First", "project": "p", "evaluators": [{"evaluator": "E", **VALUES}]}
WORLD_FILE: dict[str, Json] = {
    "spaces": [{"name": "demo", **VALUES}],
    "projects": [{"name": "p", **VALUES}],
    "datasets": [{"name": "d", "versions": [{"name": "v1", "examples": 2, **VALUES}], **VALUES}],
    "experiments": [{"name": "e", "dataset": "d", **VALUES}],
    "evaluators": [{"name": "E", **VALUES}],
    "tasks": [{**TASK, **VALUES}, {"name": "Second", "project": "p", "evaluators": ["E"]}],
    "task_runs": [{"task": "First", **VALUES}],
}


def grown(document: Json, *, is_beta: bool) -> Json:
    """Return a contract with more fields in its responses."""
    more = copy.deepcopy(document)
    schemas, words = more["components"]["schemas"], ["calm", "cross"]
    schemas["Mood"] = {"type": "string", "enum": words}
    if is_beta:
        schemas["Mood"] |= {"enum": ["CALM", "CROSS"], "x-python-values": words}
        schemas["Task"]["properties"]["only_in_beta"] = {"type": "string"}
    for name in {name for name, _ in world_schema.SHOWN.values()} & set(schemas):
        schemas[name]["properties"].update(GAINED)
    return more


def forget() -> None:
    """Clear the caches of the contracts."""
    of_worlds = (world_schema.schema, world_schema.extra_fields, world_schema._packaged, world_schema._validator)
    for read in (contracts.of, contracts.inside, *of_worlds):
        read.cache_clear()


@pytest.fixture
def gained(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Contracts with fields that the code does not know."""
    read, beta = contracts.document, contracts.FILES[contracts.BETA]
    monkeypatch.setattr(contracts, "document", lambda name: grown(read(name), is_beta=name == beta))
    forget()
    yield
    monkeypatch.undo()
    forget()


@pytest.fixture
def api(gained: None, door: Door, contract: str) -> Api:  # noqa: ARG001  it has to come before the world
    """A client of a mock with such a contract, and a world that sets all the fields."""
    return Api(Mock(world=load_world(WORLD_FILE), clock=Clock(NOW, frozen=True), contract=contract), door)


def first_task(api: Api) -> str:
    """Return the id of the task with the new fields."""
    (found,) = [task.id for task in api.mock.world.tasks.all() if task.name == "First"]
    return found


def gained_in(thing: Json) -> Json:
    """Return the new fields of a resource."""
    return {name: value for name, value in thing.items() if name in GAINED}


def as_served(contract: str) -> Json:
    """Return the values in the spelling of a contract."""
    return VALUES | ({"mood": "CALM"} if contract == contracts.BETA else {})


@pytest.mark.both_contracts
@pytest.mark.parametrize("kind", ["spaces", "projects", "datasets", "experiments", "evaluators", "tasks", "task_runs"])
def test_lists_and_single_answers_carry_what_the_world_sets(kind: str, api: Api, contract: str) -> None:
    path = task_path(first_task(api), "runs") if kind == "task_runs" else f"/v2/{kind}"

    listed = next(each for each in api.get(path).wire[kind] if each.get("name") != "Second")
    single = api.get(f"/v2/{kind.replace('_', '-')}/{listed['id']}").wire

    assert gained_in(listed) == gained_in(single) == as_served(contract)


@pytest.mark.both_contracts
def test_parts_of_a_task_and_a_dataset_carry_them(api: Api, contract: str) -> None:
    (evaluator,) = api.get(task_path(first_task(api))).wire["evaluators"]
    (dataset,) = api.get("/v2/datasets").wire["datasets"]
    (version,) = api.get(f"/v2/datasets/{dataset['id']}").wire["versions"]

    assert gained_in(evaluator) == gained_in(version) == as_served(contract)


def test_what_the_world_does_not_set_is_absent(api: Api) -> None:
    (second,) = api.get(TASKS, name="Second").json["tasks"]

    assert gained_in(second) == gained_in(second["evaluators"][0]) == {}


@pytest.mark.usefixtures("gained")
def test_null_is_carried_where_the_contract_allows_it(door: Door) -> None:
    world = load_world(WORLD_FILE | {"tasks": [TASK | {"priority": None}], "task_runs": []})

    (task,) = Api(Mock(world=world), door).get(TASKS).json["tasks"]

    assert gained_in(task) == {"priority": None}


@pytest.mark.both_contracts
@pytest.mark.usefixtures("gained")
def test_answers_carry_no_field_that_their_contract_does_not_have(door: Door, contract: str) -> None:
    world = load_world(WORLD_FILE | {"tasks": [TASK | {"only_in_beta": "x"}]})

    (task,) = Api(Mock(world=world, contract=contract), door).get(TASKS).json["tasks"]

    assert task.get("only_in_beta") == ("x" if contract == contracts.BETA else None)


def test_a_world_that_is_written_and_put_back_still_has_them(api: Api) -> None:
    seen, file = api.get(WORLD).body, api.get(WORLD, format="file")

    assert api.send_bytes("PUT", WORLD, file.body).status == 200
    assert api.get(WORLD).body == seen
    assert api.get(WORLD, format="file").body == file.body
    assert [gained_in(task) for task in file.json["tasks"]] == [VALUES, {}]


def test_a_changed_task_and_a_reset_keep_them(api: Api, contract: str) -> None:
    task_id = first_task(api)

    changed = api.patch(task_path(task_id), {"name": "Renamed", "sampling_rate": 0.5}).json
    assert gained_in(changed) == as_served(contract)
    api.post("/__mock/reset")
    assert gained_in(api.task(task_id)) == as_served(contract)


@pytest.mark.usefixtures("gained")
def test_each_task_of_a_count_has_them() -> None:
    world = load_world(WORLD_FILE | {"tasks": [TASK | VALUES | {"name": "t-{n}", "count": 3}], "task_runs": []})

    assert [task.extra for task in world.tasks.all()] == [VALUES] * 3


@pytest.mark.usefixtures("gained")
def test_a_state_file_keeps_them(tmp_path: Path) -> None:
    for world in (load_world(WORLD_FILE), None):
        with StateFile(tmp_path / "state") as store:
            kept = dump_world(Mock(world=world, store=store).world)

    assert kept == dump_world(load_world(WORLD_FILE))


@pytest.mark.usefixtures("gained")
@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"priority": "high"}, 'priority: has to be null or a whole number, not "high"'),
        ({"priority": -1}, "priority: has to be 0 or more, not -1"),
        ({"mood": "CALM"}, 'mood: has to be one of calm, cross, not "CALM"'),
        ({"seen_at": "yesterday"}, 'seen_at: is not valid: "yesterday" is not a "date-time"'),
        ({"labels": [{"text": 1}]}, "labels[0].text: has to be a string, not 1"),
        ({"prioritys": 3}, "prioritys: is not a known field; did you mean 'priority'?"),
        (
            {"evaluators": [{"evaluator": "E", "priority": -1}]},
            "evaluators[0].priority: has to be 0 or more, not -1",
        ),
    ],
    ids=["type", "range", "enum", "format", "nested", "name", "evaluator"],
)
def test_a_value_that_the_contract_does_not_have_is_refused_with_its_place(said: Json, message: str) -> None:
    with pytest.raises(WorldFileError) as caught:
        load_world(WORLD_FILE | {"tasks": [TASK | said]})
    assert str(caught.value) == f"tasks[0].{message}"


def test_a_request_cannot_set_them(api: Api, contract: str) -> None:
    task_id = first_task(api)

    assert api.patch(task_path(task_id), {"priority": 4}).status == 400
    assert gained_in(api.task(task_id)) == as_served(contract)


def test_the_schema_of_worlds_has_them_and_what_they_refer_to(api: Api) -> None:
    shown = api.get(WORLD, format="schema").json

    assert shown["properties"]["tasks"]["items"]["properties"]["mood"] == GAINED["mood"]
    assert shown["components"]["schemas"]["Mood"]["enum"] == ["calm", "cross"]


def test_all_kinds_that_answers_show_can_gain_fields() -> None:
    kinds = {each.name for each in TYPES}

    assert {place.partition(".")[0] for place in world_schema.SHOWN} == kinds
