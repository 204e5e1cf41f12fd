"""State in a file: the state after a restart, and errors of unusable files."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, ids, load_world
from axtasks.mock import default_world as known
from axtasks.mock.storage import APPLICATION_ID, VERSION, StateFile, StateFileError

from tests.mock.support import EXPERIMENT_TASK, NOW, PROJECT_TASK, TASKS, Api, Json, run_path, task_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock.world.world import World

    from tests.mock.doors import Door

WORLD = "/__mock/world"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of the state file."""
    return tmp_path / "mock.state"


@contextmanager
def started(
    file: Path, door: Door, *, world: World | None = None, seed: int = 0, run_seconds: float = 2
) -> Iterator[Api]:
    """Start a mock with a state file, and yield a client of it."""
    with StateFile(file) as store:
        clock = Clock(NOW, frozen=True)
        yield Api(Mock(clock=clock, store=store, world=world, seed=seed, run_seconds=run_seconds), door)


def everything(api: Api) -> tuple[bytes, bytes]:
    """Return the world as it is shown, and as a file."""
    return api.get(WORLD).body, api.get(WORLD, format="file").body


def create(api: Api) -> None:
    """Create a task."""
    api.created(PROJECT_TASK)


def update(api: Api) -> None:
    """Rename a task."""
    assert api.patch(task_path(known.CHAT_QUALITY), {"name": "Renamed", "query_filter": None}).status == 200


def delete(api: Api) -> None:
    """Delete a task with its runs."""
    assert api.delete(task_path(known.CHAT_QUALITY)).status == 204


def trigger(api: Api) -> None:
    """Trigger a run."""
    api.triggered(known.CHAT_QUALITY)


def experiment(api: Api) -> None:
    """Trigger a run of an experiment, and advance the clock until it is running."""
    task = api.created(EXPERIMENT_TASK)
    api.triggered(task["id"], {"experiment_name": "new", "evaluation_task_ids": [known.GOLDEN_REVIEW]})
    api.post("/__mock/clock", {"advance_seconds": 1})


def cancel(api: Api) -> None:
    """Trigger a run, and cancel it."""
    assert api.post(run_path(api.triggered(known.CHAT_QUALITY)["id"], "cancel")).status == 200


def complete(api: Api) -> None:
    """Trigger a run, and advance the clock until it has ended."""
    api.triggered(known.CHAT_QUALITY)
    api.post("/__mock/clock", {"advance_seconds": 3600})


def replace(api: Api) -> None:
    """Replace the world."""
    body = b"spaces: [{name: mine}]\nsettings: {lifecycle: manual, keys: [{key: some-key, spaces: [mine]}]}\n"
    assert api.send_bytes("PUT", WORLD, body).status == 200


def add(api: Api) -> None:
    """Add to the world."""
    assert api.send_bytes("PATCH", WORLD, b"spaces: [{name: more}]\n").status == 200


def reset(api: Api) -> None:
    """Reset the mock after a change."""
    api.created(PROJECT_TASK)
    assert api.post("/__mock/reset").status == 204


@pytest.mark.parametrize(
    "write",
    [create, update, delete, trigger, experiment, cancel, complete, replace, add, reset],
    ids=lambda write: write.__name__,
)
def test_writes_survive_a_restart(file: Path, write: Callable[[Api], None], door: Door) -> None:
    """The world, the time and the settings are the same after a restart."""
    with started(file, door) as api:
        write(api)
        before, settings = everything(api), api.mock.world.settings
        now = api.get("/__mock/clock").json

    with started(file, door) as api:
        assert everything(api) == before
        assert api.get("/__mock/clock").json == now
        assert api.mock.world.settings == settings


def script(part: int, api: Api) -> list[Json]:
    """Send some requests, and return their responses."""
    name = f"Task {part}"
    task = api.created({**PROJECT_TASK, "name": name})
    run = api.triggered(task["id"], {"data_start_time": "2026-03-09T00:00:00Z"})
    gone = api.created({**PROJECT_TASK, "name": f"{name} for now"})
    deleted = api.delete(task_path(gone["id"])).status
    moved = api.post("/__mock/clock", {"advance_seconds": 1}).json
    return [task, run, gone, deleted, moved, api.get(TASKS, limit=5).json, api.run(run["id"])]


def test_a_restart_makes_no_difference(file: Path, tmp_path: Path, door: Door) -> None:
    """A script with restarts gets the same ids, counts, times and cursors as one without."""
    with started(tmp_path / "other.state", door) as api:
        expected = [script(part, api) for part in range(3)]
    answers: list[Json] = []
    for part in range(3):
        with started(file, door) as api:
            answers.append(script(part, api))

    assert answers == expected


LIFECYCLE = "/__mock/lifecycle"
ORDERS = {
    "default": "reads:7 failed",
    "tasks": {known.GOLDEN_REVIEW: "time:0.1234567890123", "Chat Quality Monitor": {"outcome": "cancelled"}},
    "next": ["manual", "immediate cancelled"],
}


@pytest.mark.parametrize("left_out", [None, *ORDERS])
def test_orders_for_runs_survive_a_restart(file: Path, left_out: str | None, door: Door) -> None:
    """Orders are in force after a restart; those that were not given are the new start's."""
    with started(file, door) as api:
        orders = {name: each for name, each in ORDERS.items() if name != left_out}
        before = api.send("PUT", LIFECYCLE, orders).json

    with started(file, door, run_seconds=9) as api:
        if left_out == "default":
            before["default"] = "time:9"
        assert api.get(LIFECYCLE).json == before


def test_an_order_that_was_used_up_is_not_kept(file: Path, door: Door) -> None:
    """An order for the next run that was used up is not there after a restart."""
    with started(file, door) as api:
        api.send("PUT", LIFECYCLE, ORDERS)
        trigger(api)

    with started(file, door) as api:
        assert [each["lifecycle"] for each in api.get(LIFECYCLE).json["next"]] == ["immediate"]


@pytest.mark.parametrize("again", [reset, replace], ids=["reset", "another world"])
def test_a_reset_or_another_world_removes_the_orders(file: Path, again: Callable[[Api], None], door: Door) -> None:
    """A reset or another world removes the orders, also after a restart."""
    with started(file, door) as api:
        api.send("PUT", LIFECYCLE, ORDERS)
        again(api)
        before = api.get(LIFECYCLE).json

    with started(file, door) as api:
        assert api.get(LIFECYCLE).json == before
    assert (before["tasks"], before["next"]) == ({}, [])


def test_a_file_of_a_version_without_orders(file: Path, door: Door) -> None:
    """A file of a version that kept no orders can be used."""
    with started(file, door) as api:
        create(api)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE facts SET value = json_remove(value, '$.orders') WHERE name = 'state'")
        database.commit()

    with started(file, door, run_seconds=9) as api:
        assert api.get(LIFECYCLE).json["default"] == "time:9"


def test_runs_advance_after_a_restart(file: Path, door: Door) -> None:
    """A run under way ends at its time with its followers, across a restart."""
    with started(file, door) as api:
        experiment(api)
        (run,) = [each for each in api.get(WORLD).json["task_runs"] if each["status"] == "running"]

    with started(file, door) as api:
        api.post("/__mock/clock", {"advance_seconds": 1})
        ended = api.run(run["id"])
        followers = api.get(task_path(known.GOLDEN_REVIEW, "runs")).json["task_runs"]

    assert (ended["status"], ended["run_finished_at"]) == ("completed", "2026-03-10T15:00:02.000Z")
    assert ended["experiment_id"] == run["experiment_id"]
    assert [each["created_at"] for each in followers] == ["2026-03-10T15:00:02.000Z"]


def test_cursors_are_valid_after_a_restart(file: Path, door: Door) -> None:
    """A cursor is valid after a restart, also among equal times with some tasks deleted."""
    with started(file, door) as api:
        tasks = [api.created({**PROJECT_TASK, "name": f"t{number}"}) for number in range(6)]
        for task in tasks[1], tasks[5]:
            api.delete(task_path(task["id"]))
        first = api.get(TASKS, limit=2).json

    with started(file, door) as api:
        second = api.get(TASKS, limit=2, cursor=first["pagination"]["next_cursor"]).json

    assert [task["name"] for task in first["tasks"] + second["tasks"]] == ["t4", "t3", "t2", "t0"]


def test_names_stay_taken(file: Path, door: Door) -> None:
    """Names of tasks, experiments and planned experiments are taken after a restart."""
    with started(file, door) as api:
        task = api.created(EXPERIMENT_TASK)
        api.triggered(task["id"], {"experiment_name": "planned"})

    with started(file, door) as api:
        assert api.post(TASKS, EXPERIMENT_TASK).status == 409
        for name in ("planned", "baseline"):
            assert api.post(task_path(task["id"], "trigger"), {"experiment_name": name}).status == 409


def test_ids_are_not_used_again(file: Path, door: Door) -> None:
    """The id of a deleted task is not used again after a restart."""
    with started(file, door) as api:
        first = api.created(PROJECT_TASK)["id"]
        api.delete(task_path(first))

    with started(file, door) as api:
        second = api.created(PROJECT_TASK)["id"]

    assert [parsed.number for parsed in map(ids.parse, (first, second)) if parsed] == [1131, 1132]


def test_the_kept_state_overrides_the_start(file: Path, door: Door) -> None:
    """The kept state overrides the world and the seed of the start, until a reset."""
    with started(file, door, seed=7) as api:
        create(api)

    with started(file, door, world=load_world("spaces: [{name: mine}]")) as api:
        assert len(api.get(TASKS, name="fresh").json["tasks"]) == 1
        assert api.mock.state.seed == 7
        api.post("/__mock/reset")
        assert [each["name"] for each in api.get("/v2/spaces").json["spaces"]] == ["mine"]


def test_time_does_not_go_back(file: Path, door: Door) -> None:
    """A running clock continues from the time of the last write or later."""
    for advance in (3600, 0):
        with StateFile(file) as store:
            api = Api(Mock(clock=Clock(NOW), store=store), door)
            api.post("/__mock/clock", {"advance_seconds": advance})
            assert api.mock.clock.now() >= NOW.replace(hour=16)


def test_only_changes_are_written(file: Path, door: Door) -> None:
    """A read writes nothing, and a change writes little, however large the world is."""
    tasks: Json = {"count": 2000, "name": "t-{n}", "project": "support-bot", "evaluators": ["Relevance Eval"]}
    with started(file, door, world=load_world({"extends": "default", "tasks": [tasks]})) as api:
        log = file.with_name(f"{file.name}-wal")
        create(api)
        size = log.stat().st_size
        api.get(TASKS)
        api.get(WORLD)
        api.post(TASKS, {})
        assert log.stat().st_size == size
        for number in range(10):
            api.created({**PROJECT_TASK, "name": f"n{number}"})
        assert 0 < log.stat().st_size - size < 400_000


def fill_disk(store: StateFile) -> None:
    """Limit the file to its present number of pages."""
    (pages,) = store._database.execute("PRAGMA page_count").fetchone()
    store._database.execute(f"PRAGMA max_page_count = {pages}")


def free_disk(store: StateFile) -> None:
    """Remove the limit of `fill_disk`."""
    store._database.execute("PRAGMA max_page_count = 1000000")


LARGE: Json = {"query_filter": "x" * 100_000}
REFUSED: dict[str, tuple[str, str, Json]] = {
    "create": ("POST", TASKS, {**PROJECT_TASK, **LARGE}),
    "update": ("PATCH", task_path(known.CHAT_QUALITY), {"name": "Renamed", **LARGE}),
    "play a world": (
        "PUT",
        WORLD,
        {"spaces": [{"name": "s"}], "projects": [{"count": 900, "name": "p-{n}"}]},
    ),
    "move the clock": ("POST", "/__mock/clock", {"advance_seconds": 86_400 * 3}),
}


@pytest.mark.every_door
@pytest.mark.parametrize(("method", "path", "body"), REFUSED.values(), ids=REFUSED)
def test_writes_are_refused_on_a_full_disk(file: Path, door: Door, method: str, path: str, body: Json) -> None:
    """A write that cannot be kept is a 507 and changes nothing; reads work, and writes do again with free space."""
    with StateFile(file) as store:
        api = Api(Mock(clock=Clock(NOW, frozen=True), store=store), door)
        trigger(api)
        before = everything(api), api.get("/__mock/clock").json
        fill_disk(store)

        reply = api.send(method, path, body)

        assert (reply.status, reply.wire["title"]) == (507, "Insufficient Storage"), reply.body
        assert reply.detail == f"cannot write the state file {file}: database or disk is full"
        assert (everything(api), api.get("/__mock/clock").json) == before
        assert api.get("/__mock/health").json["status"] == "ok"
        free_disk(store)
        assert api.send(method, path, body).status in {200, 201}
        after = everything(api)
    with started(file, door) as api:
        assert everything(api) == after


def test_reads_work_on_a_full_disk(file: Path, door: Door) -> None:
    """On a full disk runs advance by the clock and by reads; their state is kept with the next write."""
    with StateFile(file) as store:
        clock = Clock(NOW, frozen=True)
        api = Api(Mock(clock=clock, store=store, run_seconds=10), door)
        runs = [
            api.triggered(known.SUPPORT_CHECKS, {"data_start_time": "2026-03-09T00:00:00Z"})["id"] for _ in range(9)
        ]
        fill_disk(store)
        clock.advance(60)

        ended = [api.run(each)["status"] for each in runs]
        free_disk(store)
        create(api)
        after = everything(api)

    assert ended == ["completed"] * 9
    with started(file, door) as api:
        assert everything(api) == after


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_writes_are_refused_without_the_file(file: Path, door: Door, replaced: bool) -> None:
    """A write is refused if the file was deleted or replaced; reads work."""
    with started(file, door) as api:
        before = everything(api)
        file.rename(file.with_name("elsewhere"))
        if replaced:
            file.touch()

        reply = api.post(TASKS, PROJECT_TASK)

        assert (reply.status, "was deleted or replaced while it was in use" in reply.detail) == (507, True)
        assert everything(api) == before
        assert api.send("PUT", "/__mock/lifecycle", {"default": "manual"}).status == 507
        assert api.delete("/__mock/journal").status == 204  # nothing is left that has to be kept


CONTROLS: dict[str, Callable[[Mock], None]] = {
    "start over": Mock.start_over,
    "replace the world": lambda mock: mock.replace_world(load_world({"spaces": [{"name": "s"}]})),
}


@pytest.mark.one_door
@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
def test_a_call_that_cannot_be_kept_changes_nothing(file: Path, door: Door, control: Callable[[Mock], None]) -> None:
    """The call raises, and the world, the clock, the faults and the journal are unchanged."""
    with started(file, door) as api:
        api.mock.clock.advance(60)
        delete(api)
        api.mock.faults.add("operation=get_task, status:503")
        before = everything(api), api.mock.clock.now(), api.mock.faults.list(), len(api.mock.journal)
        file.rename(file.with_name("elsewhere"))

        with pytest.raises(StateFileError, match="was deleted or replaced"):
            control(api.mock)

        assert (everything(api), api.mock.clock.now(), api.mock.faults.list(), len(api.mock.journal)) == before


@pytest.mark.one_door
def test_writes_are_refused_without_the_folder(tmp_path: Path, door: Door) -> None:
    """The path cannot exist any more, so the file counts as deleted."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with started(folder / "mock.state", door) as api:
        folder.rename(tmp_path / "elsewhere")
        folder.touch()

        assert api.post(TASKS, PROJECT_TASK).status == 507


def test_one_process_at_a_time(file: Path, door: Door) -> None:
    """A file that is in use is refused."""
    with started(file, door), pytest.raises(StateFileError, match=r"mock\.state is in use by another process"):
        StateFile(file)


@pytest.mark.one_door
def test_a_file_of_the_first_format_is_read_and_its_evaluators_get_a_version(file: Path, door: Door) -> None:
    with started(file, door):
        pass
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(
            "UPDATE resources SET record = json_remove(record, '$.version_ids') WHERE id = ?", (known.RELEVANCE,)
        )
        database.execute("PRAGMA user_version = 1")

    with started(file, door) as api:
        found = [each.version_ids for each in api.mock.world.evaluators.all()]
    with started(file, door) as api:
        again = [each.version_ids for each in api.mock.world.evaluators.all()]

    assert all(found)
    assert again == found


def text(file: Path, _: Door) -> None:
    """Write a text file."""
    file.write_text("spaces: []\n" * 100, encoding="utf-8")


def other(file: Path, _: Door) -> None:
    """Write a database of another program."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE x (y)")


def newer(file: Path, _: Door) -> None:
    """Write a state file of a later version."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE x (y)")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION + 1}")


def holes(file: Path, door: Door) -> None:
    """Write a state file with zeros in some pages."""
    with started(file, door):
        pass
    content = bytearray(file.read_bytes())
    content[4096 : 4096 * 4] = bytes(4096 * 3)
    file.write_bytes(content)


def changed(statement: str) -> Callable[[Path, Door], None]:
    """Return a function that writes a state file and changes it by a statement."""

    def change(file: Path, door: Door) -> None:
        with started(file, door):
            pass
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute(statement)

    return change


def folder(file: Path, _: Door) -> None:
    """Make a folder in place of the file."""
    file.mkdir()


def in_the_way(file: Path, door: Door) -> None:
    """Write a state file beside which nothing can be written, as in a folder that is read-only."""
    with started(file, door):
        pass
    file.with_name(f"{file.name}-wal").mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (text, "is not a state file, or a damaged one"),
        (other, "is a database, but not a state file of the mock"),
        (newer, f"has format {VERSION + 1}, but this version of the mock reads format {VERSION}"),
        (holes, "damaged"),
        (folder, "cannot open the state file"),
        (in_the_way, "cannot open the state file .*: unable to open"),
        (
            changed("UPDATE resources SET record = '{}' WHERE kind = 'TASK'"),
            "is damaged: Object missing .* `id`",
        ),
        (changed("UPDATE resources SET record = '{' WHERE kind = 'SPACE'"), "is damaged"),
        (changed("DELETE FROM resources WHERE kind = 'TASK'"), "is damaged: .* needs its task"),
        (changed("DELETE FROM facts WHERE name = 'dice'"), "is damaged"),
        (changed("UPDATE facts SET value = '{}' WHERE name = 'state'"), "is damaged"),
        (changed("DROP TABLE facts"), "is damaged"),
    ],
    ids=[
        "text",
        "other database",
        "newer version",
        "holes",
        "folder",
        "no place to write",
        "incomplete record",
        "broken record",
        "missing records",
        "no dice",
        "no facts",
        "no table",
    ],
)
def test_unusable_files(file: Path, spoil: Callable[[Path, Door], None], message: str, door: Door) -> None:
    """A file that is no state file, of another version or damaged is refused by name, with the reason."""
    spoil(file, door)

    with pytest.raises(StateFileError, match=message) as caught, started(file, door):
        pass
    assert str(file) in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A missing folder is not created."""
    with pytest.raises(StateFileError, match=r"cannot open the state file .*: unable to open"):
        StateFile(tmp_path / "none" / "mock.state")


@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory"])
def test_every_path_is_that_of_a_file(tmp_path: Path, name: str, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else to SQLite is that of a file."""
    monkeypatch.chdir(tmp_path)
    with started(Path(name), door) as api:
        task = api.created(PROJECT_TASK)

    with started(Path(name), door) as api:
        assert api.get(task_path(task["id"])).status == 200
