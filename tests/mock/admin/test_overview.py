"""The overview for the mock's page: one response, sent only when something has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.mock.support import NOW, PROJECT_TASK, Api, Json, task_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock.doors import Door

OVERVIEW = "/__mock/overview"
NASTY = "<img src=x onerror=\"alert('1')\">\u202e&amp;</td>"


def overview(api: Api) -> Json:
    """Return the whole overview."""
    return api.get(OVERVIEW).json


def test_the_overview_counts_and_lists(api: Api) -> None:
    """The overview counts the resources, and lists the latest tasks, runs and exchanges."""
    api.mock.faults.add("times=1, fault=status:503")
    api.get("/v2/task")
    run = api.triggered(known.GOLDEN_REVIEW)

    shown = overview(api)

    assert shown["clock"] == {"now": "2026-03-10T15:00:00.000Z", "frozen": True, "advanced_seconds": 0}
    assert shown["counts"]["tasks"] == len(api.mock.world.tasks)
    assert shown["tasks"][0]["name"] == api.mock.world.tasks.all()[0].name
    assert (shown["runs"][0]["id"], shown["runs"][0]["task"]) == (run["id"], "Golden Set Review")
    assert [(each["status"], each["fault"]) for each in shown["exchanges"]] == [
        (201, None),
        (503, "times=1, fault=status:503"),
    ]
    assert shown["near_misses"] == []
    assert [fault["is_spent"] for fault in shown["faults"]] == [True]
    assert shown["limit"] is None


def test_near_misses_are_the_latest(api: Api) -> None:
    """The ten latest near misses are listed, newest first."""
    for number in range(12):
        api.get(f"/v2/task{number}")

    shown = overview(api)["near_misses"]

    assert [miss["path"] for miss in shown] == [f"/v2/task{number}" for number in range(11, 1, -1)]


def test_lists_are_short(api: Api) -> None:
    """The latest fifty of each list are shown, newest first."""
    for _ in range(60):
        api.get("/v2/spaces")

    shown = overview(api)

    assert [exchange["number"] for exchange in shown["exchanges"]] == list(range(60, 10, -1))
    assert len(shown["tasks"]) == 50
    assert shown["journal"] == {"kept": 60, "dropped": 0, "last_number": 60}


def test_runs_under_way_are_marked(api: Api) -> None:
    """A run that has not ended is marked as under way."""
    run = api.triggered(known.GOLDEN_REVIEW)
    advance = f"/__mock/task-runs/{quote(run['id'], safe='')}/advance"
    before = overview(api)["runs"][0]["is_under_way"]

    while api.post(advance).status == 200:
        pass

    assert (before, overview(api)["runs"][0]["is_under_way"]) == (True, False)


def test_names_are_given_as_they_are(api: Api) -> None:
    """A name is returned unchanged, markup included."""
    api.created({**PROJECT_TASK, "name": NASTY})

    assert overview(api)["tasks"][0]["name"] == NASTY


def test_every_choice_can_be_armed(api: Api) -> None:
    """Every fault and operation that the overview offers can be armed."""
    choices = overview(api)["choices"]

    for operation in choices["operations"]:
        for fault in choices["faults"]:
            reply = api.post("/__mock/faults", {"script": f"operation={operation}, fault={fault}"})
            assert reply.status == 201, reply.body
    assert "get_task_run" in choices["operations"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda api: api.created(PROJECT_TASK), id="task"),
        pytest.param(lambda api: api.triggered(known.GOLDEN_REVIEW), id="run"),
        pytest.param(lambda api: api.get("/v2/spaces"), id="exchange"),
        pytest.param(lambda api: api.post("/__mock/clock", {"advance_seconds": 60}), id="clock moved on"),
        pytest.param(lambda api: api.post("/__mock/clock", {"frozen": False}), id="clock runs on"),
        pytest.param(lambda api: api.post("/__mock/faults", {"script": "reset"}), id="fault"),
        pytest.param(lambda api: api.send("PUT", "/__mock/limit", {"limit": "10/s"}), id="limit"),
        pytest.param(lambda api: api.send("PUT", "/__mock/latency", {"latency_seconds": 0.1}), id="latency"),
        pytest.param(lambda api: api.send("PUT", "/__mock/lifecycle", {"default": "manual"}), id="lifecycle"),
        pytest.param(lambda api: api.send("PATCH", "/__mock/world", {"spaces": [{"name": "new"}]}), id="world"),
    ],
)
def test_the_overview_is_sent_only_after_a_change(api: Api, change: Callable[[Api], object]) -> None:
    """A request that names the current version gets a 204, and after any change the whole overview."""
    version = overview(api)["version"]
    before = api.get(OVERVIEW, unless=version)

    change(api)

    after = api.get(OVERVIEW, unless=version)
    assert (before.status, before.body) == (204, b"")
    assert (after.status, after.json["version"] != version) == (200, True)


def test_passing_time_makes_no_new_version(door: Door) -> None:
    """The running clock alone makes no new version."""
    api = Api(Mock(clock=Clock(NOW), run_seconds=3600), door)
    version = overview(api)["version"]

    assert api.get(OVERVIEW, unless=version).status == 204


def test_runs_that_advance_make_a_new_version(api: Api, clock: Clock) -> None:
    """The status of a run follows the clock, and each new status makes a new version."""
    api.triggered(known.GOLDEN_REVIEW)
    shown = [overview(api)]
    for seconds in (1, 60):
        clock.advance(seconds)
        shown.append(api.get(OVERVIEW, unless=shown[-1]["version"]).json)

    assert [each["runs"][0]["status"] for each in shown] == ["pending", "running", "completed"]


def test_reading_the_overview_changes_nothing(api: Api) -> None:
    """Reading the overview changes nothing: it is not in the journal, and makes no new version."""
    first, second = overview(api), overview(api)

    assert first == second
    assert len(api.mock.journal) == 0


def test_runs_of_a_deleted_task_are_not_shown(api: Api) -> None:
    """The runs of a deleted task are not shown."""
    api.triggered(known.GOLDEN_REVIEW)
    api.delete(task_path(known.GOLDEN_REVIEW))

    shown = overview(api)

    assert known.GOLDEN_REVIEW not in {run["task_id"] for run in shown["runs"]}
