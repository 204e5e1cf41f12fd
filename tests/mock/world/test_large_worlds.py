"""Lists and searches in large worlds: indexes, pages, and filters by a part of a name."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import pytest
from axtasks.mock import Mock, load_world
from axtasks.mock.world.query import Query
from axtasks.mock.world.table import FEW, Table

from tests.mock.support import NOW, PROJECT_TASK, TASKS, Api, Json, run_path, task_path

if TYPE_CHECKING:
    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract

MANY = 10_000
WORDS = ("Chat", "chat", "Straße", "STRASSE", "nightly", "a", "é", "", "-", "chat chat")


@dataclass
class Item:
    """An item of a table, with a name and a colour."""

    name: str
    colour: str | None


def is_wanted(wanted: Query, item: Item) -> bool:
    """Return true if an item matches a query, by its values alone."""
    has_values = all(getattr(item, name) in allowed for name, allowed in wanted.values.items())
    return has_values and wanted.part.casefold() in item.name.casefold()


def table_of(count: int) -> Table[Item]:
    """Return a table of items with repeated names and colours, and times out of order."""
    rng = random.Random(7)  # noqa: S311  # the same names every time
    table: Table[Item] = Table(indexed=("colour",))
    for number in range(count):
        name = " ".join(rng.choices(WORDS, k=2)) + str(rng.randrange(40))
        item = Item(name, rng.choice(("red", "green", None)))
        table.put(f"id-{number}", item, NOW + timedelta(seconds=rng.randrange(50)))
    return table


def changed(table: Table[Item]) -> Table[Item]:
    """Rename and remove some items of the table, and return it."""
    for number in range(0, FEW - 3, 3):
        item = table.get(f"id-{number}")
        assert item is not None
        with table.changing(f"id-{number}"):
            item.name = f"renamed {number}"
        table.remove(f"id-{number + 1}")
    return table


@pytest.mark.parametrize(
    "wanted",
    [
        Query(),
        *(Query(part=part) for part in ("c", "CH", "chat", "strasse", "ß", "t c", "renamed 9", "9", "\0", "nowhere")),
        Query({"colour": ("red",)}),
        Query({"colour": ("red", "green", "red")}),
        Query({"colour": (None,)}, "nightly"),
        Query({"colour": ()}),
        Query({"colour": ("blue",)}, "chat"),
        Query({"name": ("a a1", "renamed 3")}),
    ],
    ids=str,
)
@pytest.mark.parametrize("count", [FEW - 1, 3 * FEW], ids=["few", "many"])
def test_a_query_finds_its_items(wanted: Query, count: int) -> None:
    """A table finds what a comparison of each item finds, in the same order, from any position."""
    table = changed(table_of(count))
    everything = list(table.newest_first())
    expected = [(position, item) for position, item in everything if is_wanted(wanted, item)]
    middle = everything[len(everything) // 2][0]

    assert list(table.newest_first(query=wanted)) == expected
    assert list(table.newest_first(middle, wanted)) == [each for each in expected if each[0] < middle]
    assert len(everything) == len(table)


NAMES = ("nightly", "nightly-nightly", "aaaaaa", "Straße", "", "a", "ab", "weekly nightly")
PARTS = ("n", "ly", "nightly", "ly-ni", "aaa", "aaaaaa", "strasse", "nightly 1", "nightly 12", "weekly nightly 7", "0")


@pytest.mark.parametrize("seed", range(3))
def test_an_index_is_right_after_any_changes(seed: int) -> None:
    """Items are added, removed, renamed and changed in random order, with searches in between."""
    rng = random.Random(seed)  # noqa: S311  # the same steps every time
    table: Table[Shade] = Table(indexed=("colour", "is_bright"))
    present: list[str] = []
    for number in range(6 * FEW):
        act = rng.random()
        if act < 0.7 or len(present) < FEW:
            shade = Shade(f"{rng.choice(NAMES)} {rng.randrange(200)}", rng.choice(("red", None)), act < 0.3)
            table.put(f"id-{number}", shade, NOW + timedelta(seconds=rng.randrange(50)))
            present.append(f"id-{number}")
        elif act < 0.8:
            table.remove(present.pop(rng.randrange(len(present))))
        else:
            changed_id = rng.choice(present)
            with table.changing(changed_id):
                table[changed_id].name = f"{rng.choice(NAMES)} {rng.randrange(200)}"
                table[changed_id].is_bright = act < 0.9
        if number % FEW == 0:
            check_index(table, rng)
    check_index(table, rng)


@dataclass
class Shade(Item):
    """An item with a second indexed value."""

    is_bright: bool


def check_index(table: Table[Shade], rng: random.Random) -> None:
    """Fail unless all kinds of filters find what a comparison of each item finds, from two positions on."""
    everything = list(table.newest_first())
    after = rng.choice(everything)[0]
    filters: list[dict[str, tuple[object, ...]]] = [
        {},
        {"colour": ("red",)},
        {"is_bright": (True,)},
        {"colour": (None, "red"), "is_bright": (False,)},
    ]
    for values in filters:
        for part in ("", *PARTS):
            wanted = Query(values, part)
            expected = [(position, item) for position, item in everything if is_wanted(wanted, item)]
            assert list(table.newest_first(query=wanted)) == expected
            assert list(table.newest_first(after, wanted)) == [each for each in expected if each[0] < after]


@pytest.mark.parametrize("values", [{}, {"project_id": "q"}, {"type": "t", "project_id": "p"}], ids=str)
def test_a_search_reads_no_other_items(values: dict[str, str]) -> None:
    """A search reads only items whose name has the part, however many there are."""
    table: Table[Counted] = Table(indexed=("project_id", "type"))
    for number in range(MANY // 2):
        table.put(f"id-{number}", Counted(f"nightly-{number:05d}", "q" if number % 2 else "p", "t"), NOW)
    for part in ("nightly-3000", "tly-30", "0", "ly-9", "nightly", "nowhere", "NIGHTLY-00"):
        wanted = Query({name: (value,) for name, value in values.items()}, part)
        list(table.newest_first(query=wanted))
        Counted.reads = 0

        found = list(table.newest_first(query=wanted))

        assert Counted.reads <= len(found) * len(values), part


@dataclass
class Counted:
    """An item that counts how often any item of its class is read."""

    name: str
    project_id: str
    type: str

    reads: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> object:
        Counted.reads += 1
        return object.__getattribute__(self, name)


def test_runs_are_found_by_status_after_many_changes(door: Door) -> None:
    """After many cancellations each status lists the runs that have it, newest first."""
    lists: Json = {"spaces": [{"name": "s"}], "projects": [{"name": "p"}], **tasks(1)}
    runs: Json = {"count": FEW + 20, "task": "nightly-1", "status": "pending"}
    mock = Mock(world=load_world({**lists, "task_runs": [runs]}, start=NOW))
    api, path = Api(mock, door), task_path(mock.world.tasks.all()[0].id)
    newest_first = [run.id for run in mock.world.task_runs.all()]
    assert statuses(api, path) == {"pending": newest_first, "cancelled": []}
    cancelled = newest_first[::3]
    for run_id in cancelled:
        api.post(run_path(run_id, "cancel"))

    found = statuses(api, path)

    assert found == {"pending": [it for it in newest_first if it not in cancelled], "cancelled": cancelled}


def statuses(api: Api, path: str) -> dict[str, list[str]]:
    """Return the runs on all pages of a task's list, for each of two statuses."""
    found: dict[str, list[str]] = {}
    for status in ("pending", "cancelled"):
        found[status] = []
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            answer = api.get(f"{path}/runs", status=status, limit=100, **more).json
            found[status] += [run["id"] for run in answer["task_runs"]]
            cursor = answer["pagination"].get("next_cursor")
    return found


def test_a_copy_has_an_index_of_its_own() -> None:
    """A task that is removed from a copy of a world is still found in the original."""
    world = load_world({"spaces": [{"name": "s"}], "projects": [{"name": "p"}], **tasks(2 * FEW)}, start=NOW)
    twin = world.copy()
    name = f"nightly-{FEW}"
    task = next(task for _, task in twin.tasks.newest_first(query=Query(part=name)))

    twin.rename_task(task, "renamed")
    twin.remove_task(task)

    assert [task.name for _, task in world.tasks.newest_first(query=Query(part=name))] == [name]
    assert list(twin.tasks.newest_first(query=Query(part=name))) == []


def tasks(count: int) -> Json:
    """Return a number of tasks for a world file."""
    task = {"count": count, "name": "nightly-{n}", "project": "p", "evaluators": ["e"]}
    return {"evaluators": [{"name": "e"}], "tasks": [task]}


@pytest.fixture(scope="module")
def large() -> Mock:
    """A mock with many tasks, which no test here changes."""
    world = load_world({"spaces": [{"name": "s"}], "projects": [{"name": "p"}], **tasks(MANY)}, start=NOW)
    return Mock(world=world)


def names(mock: Mock, door: Door, query: str) -> list[str]:
    """Return the names on all pages of a list of tasks."""
    found: list[str] = []
    more = ""
    while True:
        answer = Api(mock, door).send("GET", TASKS, query=f"limit=100&{query}{more}").json
        found += [task["name"] for task in answer["tasks"]]
        if not answer["pagination"]["has_more"]:
            return found
        more = f"&cursor={answer['pagination']['next_cursor']}"


def test_all_pages_of_a_large_world(large: Mock, door: Door) -> None:
    """Every task is on one page, the last created on the first."""
    assert names(large, door, "") == [f"nightly-{number}" for number in range(MANY, 0, -1)]


@pytest.mark.parametrize("part", ["nightly-77", "NIGHTLY-1000", "7", "77", "ly-9999", "777x"])
def test_parts_of_names_in_a_large_world(large: Mock, door: Door, part: str) -> None:
    """A part of a name finds all names that have it, whether many or few."""
    expected = [name for n in range(MANY, 0, -1) if part.lower() in (name := f"nightly-{n}")]

    assert names(large, door, f"name={part}") == expected


def test_a_list_has_the_present_state_of_a_task(api: Api) -> None:
    """A list has the present state of a task that it had before."""
    task = api.created(PROJECT_TASK)
    before = api.get(TASKS, limit=1).json["tasks"]

    after = api.patch(task_path(task["id"]), {"name": "Other", "sampling_rate": 0.25}).json

    assert before == [task]
    assert api.get(TASKS, limit=1).json["tasks"] == [after]
    assert api.task(task["id"]) == after
    assert (after["name"], after["sampling_rate"]) == ("Other", 0.25)


def test_a_list_shows_the_last_run_of_a_task(api: Api) -> None:
    """A triggered run changes `last_run_at` of its task."""
    task = api.created(PROJECT_TASK)
    assert api.get(TASKS, limit=1).json["tasks"][0]["last_run_at"] is None

    run = api.triggered(task["id"], {"data_start_time": "2026-03-09T00:00:00Z"})

    assert api.get(TASKS, limit=1).json["tasks"][0]["last_run_at"] == run["created_at"]


def test_a_list_has_the_first_state_after_a_reset(api: Api) -> None:
    """After a reset a list has the first state of a task that was changed."""
    first = api.get(TASKS, limit=1).json["tasks"][0]
    api.patch(task_path(first["id"]), {"name": "Other"})

    api.post("/__mock/reset")

    assert api.get(TASKS, limit=1).json["tasks"] == [first]
