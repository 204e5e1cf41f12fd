"""Lists of a world with more in it than anybody wants to look through."""

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
    """Something with a name and a colour."""

    name: str
    colour: str | None


def is_wanted(wanted: Query, item: Item) -> bool:
    """Whether a look at a item alone finds it to be wanted."""
    has_values = all(getattr(item, name) in allowed for name, allowed in wanted.values.items())
    return has_values and wanted.part.casefold() in item.name.casefold()


def table_of(count: int) -> Table[Item]:
    """A table of things with names and colours that repeat, and moments out of order."""
    rng = random.Random(7)  # noqa: S311  # the same names every time
    table: Table[Item] = Table(indexed=("colour",))
    for number in range(count):
        name = " ".join(rng.choices(WORDS, k=2)) + str(rng.randrange(40))
        item = Item(name, rng.choice(("red", "green", None)))
        table.put(f"id-{number}", item, NOW + timedelta(seconds=rng.randrange(50)))
    return table


def changed(table: Table[Item]) -> Table[Item]:
    """The table with things renamed and taken out."""
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
    """However a table goes about it, it finds what looking at each item finds, in that order, from anywhere on."""
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
    """Things are put in, taken out, renamed and given other values in any order, and searched for in between."""
    rng = random.Random(seed)  # noqa: S311  # the same course every time
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
    """A item with a second value by which it is found."""

    is_bright: bool


def check_index(table: Table[Shade], rng: random.Random) -> None:
    """Hold all kinds of filters against a look at each item, from the newest on and from somewhere on."""
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
    """However many things there are, only those are looked at whose name contains the part."""
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
    """A item that counts how often any like it was looked at."""

    name: str
    project_id: str
    type: str

    reads: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> object:
        Counted.reads += 1
        return object.__getattribute__(self, name)


def test_runs_are_found_by_status_after_many_changes(door: Door) -> None:
    """Whatever became of the many runs of a task, each status has those that are in it, the newest first."""
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
    """The runs on all pages of a task in each of two statuses."""
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
    """What is taken out of a copied world is still found in the first one."""
    world = load_world({"spaces": [{"name": "s"}], "projects": [{"name": "p"}], **tasks(2 * FEW)}, start=NOW)
    twin = world.copy()
    name = f"nightly-{FEW}"
    task = next(task for _, task in twin.tasks.newest_first(query=Query(part=name)))

    twin.rename_task(task, "renamed")
    twin.remove_task(task)

    assert [task.name for _, task in world.tasks.newest_first(query=Query(part=name))] == [name]
    assert list(twin.tasks.newest_first(query=Query(part=name))) == []


def tasks(count: int) -> Json:
    """So many tasks of a world file."""
    task = {"count": count, "name": "nightly-{n}", "project": "p", "evaluators": ["e"]}
    return {"evaluators": [{"name": "e"}], "tasks": [task]}


@pytest.fixture(scope="module")
def large() -> Mock:
    """A mock with many tasks, which no test here changes."""
    world = load_world({"spaces": [{"name": "s"}], "projects": [{"name": "p"}], **tasks(MANY)}, start=NOW)
    return Mock(world=world)


def names(mock: Mock, door: Door, query: str) -> list[str]:
    """The names on all pages of a list of tasks."""
    found: list[str] = []
    more = ""
    while True:
        answer = Api(mock, door).send("GET", TASKS, query=f"limit=100&{query}{more}").json
        found += [task["name"] for task in answer["tasks"]]
        if not answer["pagination"]["has_more"]:
            return found
        more = f"&cursor={answer['pagination']['next_cursor']}"


def test_all_pages_of_a_large_world(large: Mock, door: Door) -> None:
    """Every task is on one page, the last one put in on the first."""
    assert names(large, door, "") == [f"nightly-{number}" for number in range(MANY, 0, -1)]


@pytest.mark.parametrize("part", ["nightly-77", "NIGHTLY-1000", "7", "77", "ly-9999", "777x"])
def test_parts_of_names_in_a_large_world(large: Mock, door: Door, part: str) -> None:
    """A part of a name finds all that have it, whether there are many or few."""
    expected = [name for n in range(MANY, 0, -1) if part.lower() in (name := f"nightly-{n}")]

    assert names(large, door, f"name={part}") == expected


def test_a_list_has_the_present_state_of_a_task(api: Api) -> None:
    """However often a task was shown before, the next page shows it as it is."""
    task = api.created(PROJECT_TASK)
    before = api.get(TASKS, limit=1).json["tasks"]

    after = api.patch(task_path(task["id"]), {"name": "Other", "sampling_rate": 0.25}).json

    assert before == [task]
    assert api.get(TASKS, limit=1).json["tasks"] == [after]
    assert api.task(task["id"]) == after
    assert (after["name"], after["sampling_rate"]) == ("Other", 0.25)


def test_a_list_shows_the_last_run_of_a_task(api: Api) -> None:
    """A run that is triggered changes what its task says of itself."""
    task = api.created(PROJECT_TASK)
    assert api.get(TASKS, limit=1).json["tasks"][0]["last_run_at"] is None

    run = api.triggered(task["id"], {"data_start_time": "2026-03-09T00:00:00Z"})

    assert api.get(TASKS, limit=1).json["tasks"][0]["last_run_at"] == run["created_at"]


def test_a_list_has_the_first_state_after_a_reset(api: Api) -> None:
    """After starting over, a task that was changed is as it was."""
    first = api.get(TASKS, limit=1).json["tasks"][0]
    api.patch(task_path(first["id"]), {"name": "Other"})

    api.post("/__mock/reset")

    assert api.get(TASKS, limit=1).json["tasks"] == [first]
