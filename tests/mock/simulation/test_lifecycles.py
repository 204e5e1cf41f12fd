"""Lifecycles: the way in which runs advance, and their outcomes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known
from axtasks.mock.contract import vocabulary as words
from axtasks.mock.world.lifecycle import Lifecycle, parse
from axtasks.mock.world.model import Counts, RunPlan, TaskRun
from axtasks.mock.world.settings import Settings

from tests.mock.support import MALFORMED_ID, NOW, PROJECT_TASK, Api, Json, Reply, run_path, task_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock.doors import Door

EXPERIMENT = {"experiment_name": "x"}
LAST_WEEK = "2026-03-03T15:00:00Z"


def mocked(lifecycle: str, door: Door) -> Api:
    """Return a client of a mock with a default lifecycle."""
    return Api(Mock(clock=Clock(NOW, frozen=True), lifecycle=lifecycle), door)


def total(run: dict[str, int]) -> int:
    """Return the number of items that a run counted."""
    return run["num_successes"] + run["num_errors"] + run["num_skipped"]


def moved(api: Api, run_id: str, body: Json) -> Reply:
    """Return the response to advancing a run by hand."""
    return api.post(run_path(run_id, "advance").replace("/v2/", "/__mock/"), body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("immediate", Lifecycle(seconds=0)),
        ("time:2", Lifecycle(seconds=2)),
        ("time:0.5", Lifecycle(seconds=0.5)),
        ("time:0", Lifecycle(seconds=0)),
        ("reads:3", Lifecycle(reads=3)),
        ("manual", Lifecycle()),
        ("  reads:1  failed ", Lifecycle(reads=1, outcome="failed")),
        ("manual cancelled", Lifecycle(outcome="cancelled")),
    ],
)
def test_lifecycles_are_read_from_text(text: str, expected: Lifecycle) -> None:
    """A lifecycle is read from text, and its text can be read again."""
    assert parse(text) == expected
    assert parse(f"{expected} {expected.outcome}") == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "immediate, time:SECONDS, reads:N or manual"),
        ("soon", 'not "soon"'),
        ("time", "time:SECONDS"),
        ("time:", "time:SECONDS"),
        ("time:-1", "between 0 and"),
        ("time:nan", "between 0 and"),
        ("time:x", "between 0 and"),
        ("time:1e12", "between 0 and"),
        ("reads:0", "between 1 and"),
        ("reads:1.5", "between 1 and"),
        ("reads:²", "between 1 and"),
        ("reads:" + "9" * 5000, "between 1 and"),
        ("manual:3", "immediate"),
        ("immediate:", "immediate"),
        ("manual pending", "completed, failed, cancelled"),
        ("manual done now", "completed, failed, cancelled"),
    ],
)
def test_texts_that_are_no_lifecycle_are_refused(text: str, word: str) -> None:
    """A text that is no lifecycle is refused, with the forms that there are."""
    with pytest.raises(ValueError, match=re.escape(word)):
        parse(text)


@pytest.mark.parametrize(("lifecycle", "seconds"), [("immediate", 0), ("time:2", 2), ("time:60", 60)])
def test_by_the_clock(lifecycle: str, seconds: int, door: Door) -> None:
    """A run with `time` ends after its seconds."""
    api = mocked(lifecycle, door)
    run = api.triggered(known.CHAT_QUALITY)
    assert run["status"] == "pending"

    api.mock.clock.advance(seconds)

    assert api.run(run["id"])["status"] == "completed"


@pytest.mark.parametrize(
    ("lifecycle", "seen"),
    [
        ("reads:1", ["completed", "completed"]),
        ("reads:3", ["running", "running", "completed", "completed"]),
        ("reads:2 failed", ["running", "failed"]),
    ],
)
def test_by_reads(lifecycle: str, seen: list[str], door: Door) -> None:
    """A run with `reads` is running at the first read, and ended at the last."""
    api = mocked(lifecycle, door)
    run = api.triggered(known.CHAT_QUALITY)
    api.mock.clock.advance(600)

    assert [api.run(run["id"])["status"] for _ in seen] == seen


def test_lists_are_reads(door: Door) -> None:
    """A list of a task's runs is one read of each; its next pages are part of the same read."""
    api = mocked("reads:3", door)
    for _ in range(2):
        api.triggered(known.CHAT_QUALITY, {"data_start_time": LAST_WEEK})
    path = task_path(known.CHAT_QUALITY, "runs")

    first = api.get(path, limit=1).json
    again = api.get(path, limit=1, cursor=first["pagination"]["next_cursor"]).json
    api.get(task_path(known.GOLDEN_REVIEW, "runs"))

    assert [page["task_runs"][0]["status"] for page in (first, again)] == ["running", "running"]
    assert [run["status"] for run in api.get(path).json["task_runs"]][:2] == ["running", "running"]
    assert [run["status"] for run in api.get(path).json["task_runs"]][:2] == ["completed", "completed"]


def test_other_requests_are_no_reads(door: Door) -> None:
    """A cancellation is no read, and ends a run of any lifecycle."""
    api = mocked("reads:2", door)
    run = api.triggered(known.CHAT_QUALITY)

    cancelled = api.post(run_path(run["id"], "cancel")).json

    assert (cancelled["status"], cancelled["run_started_at"]) == ("cancelled", None)
    assert api.run(run["id"]) == api.run(run["id"]) == cancelled


@pytest.mark.parametrize("outcome", ["completed", "failed", "cancelled"])
def test_outcomes(outcome: str, door: Door) -> None:
    """A run ends as ordered: a failed one has done part of its work, a cancelled one has no counts."""
    api = mocked(f"time:2 {outcome}", door)
    run = api.triggered(known.CHAT_QUALITY)
    api.mock.clock.advance(2)

    ended = api.run(run["id"])

    assert (ended["status"], ended["run_finished_at"]) == (outcome, "2026-03-10T15:00:02.000Z")
    if outcome == "cancelled":
        assert total(ended) == 0
    else:
        assert total(ended) == 6443
        assert (ended["num_errors"] > ended["num_successes"] / 2) == (outcome == "failed")


@pytest.mark.parametrize(("outcome", "followed"), [("completed", True), ("failed", False), ("cancelled", False)])
def test_what_follows(outcome: str, followed: bool, door: Door) -> None:
    """Only a completed experiment run triggers followers; a cancelled one creates no experiment."""
    api = mocked(f"immediate {outcome}", door)
    body = {**EXPERIMENT, "evaluation_task_ids": [known.GOLDEN_REVIEW]}

    run = api.run(api.triggered(known.NIGHTLY_SUMMARIES, body)["id"])

    assert bool(api.get(task_path(known.GOLDEN_REVIEW, "runs")).json["task_runs"]) == followed
    assert (run["experiment_id"] is None) == (outcome == "cancelled")
    again = api.post(task_path(known.NIGHTLY_SUMMARIES, "trigger"), EXPERIMENT).status
    assert again == (201 if outcome == "cancelled" else 409)


def test_an_order_for_the_next_run_is_not_for_a_follower(door: Door) -> None:
    """Orders for the next runs apply only to runs that are triggered by a request."""
    api = mocked("immediate", door)
    api.send("PUT", "/__mock/lifecycle", {"next": ["immediate", "manual"]})
    api.triggered(known.NIGHTLY_SUMMARIES, {**EXPERIMENT, "evaluation_task_ids": [known.GOLDEN_REVIEW]})

    (follower,) = api.get(task_path(known.GOLDEN_REVIEW, "runs")).json["task_runs"]

    assert follower["status"] == "completed"
    assert api.run(api.triggered(known.GOLDEN_REVIEW)["id"])["status"] == "pending"


def test_a_manual_run_moves_only_by_hand(door: Door) -> None:
    """A manual run advances by one step at a time, and only by hand."""
    api = mocked("manual", door)
    run = api.triggered(known.NIGHTLY_SUMMARIES, EXPERIMENT)
    api.mock.clock.advance(3600)
    assert api.run(run["id"]) == run

    running = moved(api, run["id"], {}).json
    api.mock.clock.advance(60)
    ended = moved(api, run["id"], {})

    assert (running["status"], running["run_started_at"]) == ("running", "2026-03-10T16:00:00.000Z")
    assert running["experiment_id"] is not None
    assert (ended.status, ended.json["status"], total(ended.json)) == (200, "completed", 120)
    assert ended.json["run_finished_at"] == "2026-03-10T16:01:00.000Z"
    assert ended.json == api.run(run["id"])


@pytest.mark.parametrize(
    ("body", "status", "counts"),
    [
        ({"to": "running"}, "running", (0, 0, 0)),
        ({"to": "completed", "counts": {"num_successes": 5, "num_skipped": 1}}, "completed", (5, 0, 1)),
        ({"to": "failed", "counts": {"num_errors": 9}}, "failed", (0, 9, 0)),
        ({"to": "cancelled"}, "cancelled", (0, 0, 0)),
        ({"to": "cancelled", "counts": {"num_successes": 2}}, "cancelled", (2, 0, 0)),
        ({"to": "FAILED", "counts": {}}, "failed", (0, 0, 0)),
    ],
    ids=str,
)
@pytest.mark.parametrize("lifecycle", ["manual", "time:5", "reads:9"])
def test_moving_to_a_status(lifecycle: str, body: Json, status: str, counts: tuple[int, int, int], door: Door) -> None:
    """A run can be moved to any later status, with given counts, whatever its lifecycle."""
    api = mocked(lifecycle, door)
    run = api.triggered(known.CHAT_QUALITY)

    reply = moved(api, run["id"], body)

    assert (reply.status, reply.json["status"]) == (200, status)
    assert (reply.json["num_successes"], reply.json["num_errors"], reply.json["num_skipped"]) == counts
    api.mock.clock.advance(60)
    ended = "completed" if (lifecycle, status) == ("time:5", "running") else status
    assert api.run(run["id"])["status"] == ended


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"to": "pending"}, "running, completed, failed, cancelled"),
        ({"to": "done"}, 'not "done"'),
        ({"to": 1}, "has to be one of"),
        ({"too": "failed"}, "no too"),
        ([], "has to be an object"),
        ({"to": "running", "counts": {}}, "counts"),
        ({"to": "failed", "counts": []}, "counts"),
        ({"to": "failed", "counts": {"num_errors": -1}}, "counts.num_errors"),
        ({"to": "failed", "counts": {"num_errors": True}}, "counts.num_errors"),
        ({"to": "failed", "counts": {"errors": 1}}, "no errors"),
    ],
    ids=str,
)
def test_impossible_moves(api: Api, body: Json, word: str) -> None:
    """An invalid move is refused, and leaves the run unchanged."""
    run = api.triggered(known.CHAT_QUALITY)

    reply = moved(api, run["id"], body)

    assert (reply.status, word in reply.detail) == (400, True), reply.detail
    assert api.run(run["id"]) == run


@pytest.mark.parametrize(
    ("run_id", "status"),
    [(known.CHAT_QUALITY_RUN, 400), (MALFORMED_ID, 400), (known.CHAT_QUALITY, 404)],
    ids=["ended", "malformed", "unknown"],
)
def test_runs_that_cannot_be_moved(api: Api, run_id: str, status: int) -> None:
    """Only a run that exists and has not ended can be moved."""
    assert moved(api, run_id, {"to": "failed"}).status == status


def test_a_running_run_cannot_start_again(api: Api) -> None:
    """A running run cannot be moved to running."""
    run = api.triggered(known.CHAT_QUALITY)
    assert moved(api, run["id"], {"to": "running"}).status == 200

    assert "completed, failed, cancelled" in moved(api, run["id"], {"to": "running"}).detail


UNDER_WAY = "VGFza1J1bjo3MDA6cVJ3WA=="  # TaskRun:700


@pytest.fixture
def with_a_run_under_way(clock: Clock, door: Door) -> Callable[[RunPlan | None], Api]:
    """Return a function that makes a client of a mock whose world starts with a running run."""

    def make(plan: RunPlan | None) -> Api:
        world = known.default_world()
        begun = NOW - timedelta(seconds=5)
        run = TaskRun(UNDER_WAY, known.GOLDEN_REVIEW, words.RUNNING, begun, None, run_started_at=begun, plan=plan)
        world.add(run)
        return Api(Mock(clock=clock, world=world), door)

    return make


def test_a_world_with_a_run_under_way(with_a_run_under_way: Callable[[RunPlan | None], Api]) -> None:
    """A running run of a world ends as planned."""
    plan = RunPlan(Counts(7), words.COMPLETED, NOW - timedelta(seconds=4), NOW + timedelta(seconds=3))
    api = with_a_run_under_way(plan)
    assert api.run(UNDER_WAY)["status"] == "running"

    api.mock.clock.advance(3)

    ended = api.run(UNDER_WAY)
    assert (ended["status"], ended["num_successes"]) == ("completed", 7)
    assert ended["run_finished_at"] == "2026-03-10T15:00:03.000Z"


def test_a_run_without_a_plan_stays_as_it_is(with_a_run_under_way: Callable[[RunPlan | None], Api]) -> None:
    """A running run without a plan stays so until it is moved by hand."""
    api = with_a_run_under_way(None)
    api.mock.clock.advance(3600)
    assert api.run(UNDER_WAY)["status"] == "running"

    assert moved(api, UNDER_WAY, {}).json["status"] == "completed"


def test_orders_are_shown_and_replaced(api: Api) -> None:
    """The lifecycles can be read and set; those that are left out are reset to the start's."""
    path = "/__mock/lifecycle"
    fresh = {"default": "time:2", "outcome": "completed", "tasks": {}, "next": []}
    assert api.get(path).json == fresh

    body = {
        "default": "reads:3",
        "outcome": "failed",
        "tasks": {known.CHAT_QUALITY: "manual", "Golden Set Review": {"outcome": "cancelled"}},
        "next": {"lifecycle": "immediate", "outcome": "completed"},
    }
    reply = api.send("PUT", path, body)

    assert (reply.status, reply.json) == (200, api.get(path).json)
    assert reply.json == {
        "default": "reads:3",
        "outcome": "failed",
        "tasks": {
            known.CHAT_QUALITY: {"lifecycle": "manual", "outcome": "completed"},
            "Golden Set Review": {"lifecycle": "reads:3", "outcome": "cancelled"},
        },
        "next": [{"lifecycle": "immediate", "outcome": "completed"}],
    }
    assert api.send("PUT", path, {}).json == fresh


def test_a_worlds_orders_for_tasks_stay_until_they_are_replaced(clock: Clock, door: Door) -> None:
    """Orders for the next runs or by default leave a world's orders for tasks unchanged."""
    world = known.default_world()
    world.settings = Settings(task_lifecycles={"Golden Set Review": parse("immediate")})
    api = Api(Mock(clock=clock, world=world), door)

    kept = api.send("PUT", "/__mock/lifecycle", {"default": "manual"}).json
    replaced = api.send("PUT", "/__mock/lifecycle", {"tasks": {}}).json

    assert (kept["default"], list(kept["tasks"])) == ("manual", ["Golden Set Review"])
    assert (replaced["default"], replaced["tasks"]) == ("time:2", {})


def test_orders_outlast_what_is_added_to_the_settings(api: Api) -> None:
    """A key that is added has nothing to do with them."""
    api.send("PUT", "/__mock/lifecycle", {"default": "manual", "next": ["reads:2"]})
    ordered = api.get("/__mock/lifecycle").json

    api.send("PATCH", "/__mock/world", {"settings": {"keys": [{"key": "some-key"}]}})

    assert api.get("/__mock/lifecycle").json == ordered


def test_which_lifecycle_a_run_gets(api: Api) -> None:
    """A triggered run takes the order for the next run, else that for its task, else the default."""
    api.created(PROJECT_TASK)
    orders = {
        "default": "immediate",
        "tasks": {known.CHAT_QUALITY: "manual failed", "Golden Set Review": "immediate failed"},
        "next": ["immediate cancelled", "reads:1"],
    }
    api.send("PUT", "/__mock/lifecycle", orders)

    chat = [api.triggered(known.CHAT_QUALITY, {"data_start_time": LAST_WEEK})["id"] for _ in range(3)]
    ids = [*chat, *(api.triggered(task)["id"] for task in (known.GOLDEN_REVIEW, known.CHAT_QUALITY_EU))]

    assert [api.run(identifier)["status"] for identifier in ids] == [
        "cancelled",
        "completed",
        "pending",
        "failed",
        "completed",
    ]


def test_the_next_order_is_for_runs_of_either_kind(api: Api) -> None:
    """A run of an experiment uses the order for the next run up, as one of an evaluation does."""
    api.send("PUT", "/__mock/lifecycle", {"default": "manual", "next": "immediate"})

    runs = [api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": name})["id"] for name in ("one", "two")]

    assert [api.run(identifier)["status"] for identifier in runs] == ["completed", "pending"]


def test_a_run_that_was_started_by_hand_still_ends_in_its_time(door: Door) -> None:
    """A run that is started by hand before its time ends at its planned end."""
    api = mocked("time:60", door)
    run = api.triggered(known.CHAT_QUALITY)
    moved(api, run["id"], {"to": "running"})

    seen = []
    for seconds in (1, 12, 46, 1):
        api.mock.clock.advance(seconds)
        seen.append(api.run(run["id"])["status"])

    assert seen == ["running", "running", "running", "completed"]


def test_continuous_runs_leave_the_next_order_alone(api: Api) -> None:
    """Runs that continuous tasks start do not use up the order for the next run."""
    api.send("PUT", "/__mock/lifecycle", {"next": "manual"})
    api.mock.clock.advance(7200)

    assert api.triggered(known.CHAT_QUALITY)["status"] == "pending"
    api.mock.clock.advance(600)
    assert api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"][0]["status"] == "pending"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"default": "soon"}, "default: a lifecycle is"),
        ({"outcome": "pending"}, "default: a run ends as"),
        ({"tasks": {"x": "time:x"}}, "tasks.x: time:SECONDS"),
        ({"tasks": []}, "tasks has to be an object"),
        ({"tasks": {"x": {"pace": "manual"}}}, "tasks.x has no pace"),
        ({"next": ["manual", 3]}, "next[1]"),
        ({"next": {"lifecycle": 3}}, "next[0]"),
        ({"defaults": "manual"}, "no defaults"),
        ("manual", "has to be an object"),
    ],
    ids=str,
)
def test_impossible_orders(api: Api, body: Json, word: str) -> None:
    """Invalid orders are refused as a whole, with the place of the mistake."""
    before = api.get("/__mock/lifecycle").json

    reply = api.send("PUT", "/__mock/lifecycle", {"default": "manual", **body} if isinstance(body, dict) else body)

    assert (reply.status, word in reply.detail) == (400, True), reply.detail
    assert api.get("/__mock/lifecycle").json == before


def test_a_world_has_lifecycles_of_its_own(clock: Clock, door: Door) -> None:
    """The lifecycles of a world apply unless the mock is given others; a reset restores them."""
    world = known.default_world()
    world.settings = Settings(lifecycle=parse("manual"), task_lifecycles={"Golden Set Review": parse("immediate")})
    api = Api(Mock(clock=clock, world=world), door)

    def statuses(api: Api) -> list[str]:
        ids = [api.triggered(task)["id"] for task in (known.CHAT_QUALITY, known.GOLDEN_REVIEW)]
        return [api.run(identifier)["status"] for identifier in ids]

    assert statuses(api) == ["pending", "completed"]
    api.send("PUT", "/__mock/lifecycle", {"default": "immediate", "tasks": {"Golden Set Review": "manual"}})
    api.post("/__mock/reset")
    assert statuses(api) == ["pending", "completed"]
    assert statuses(Api(Mock(clock=clock, world=world, lifecycle="immediate"), door)) == ["completed", "completed"]


def test_run_seconds_and_a_lifecycle_exclude_each_other() -> None:
    """`run_seconds` and `lifecycle` cannot be given together."""
    with pytest.raises(ValueError, match="give one of them"):
        Mock(run_seconds=1, lifecycle="manual")
