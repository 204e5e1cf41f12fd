"""The work of runs: spans in a window, results of experiments, existing labels; and continuous tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known
from axtasks.mock.simulation.workload import spans_until
from axtasks.mock.world.model import Project
from axtasks.mock.world.settings import Settings

from tests.mock.support import DATASET_TASK, NOW, PROJECT_TASK, Api, Json, task_path

if TYPE_CHECKING:
    from axtasks.mock.world.world import World

    from tests.mock.doors import Door

pytestmark = pytest.mark.usefixtures("contract")

START, MIDDLE, END = "2026-03-01T00:00:00Z", "2026-03-04T12:00:00Z", "2026-03-08T00:00:00Z"
BUSY = "TW9kZWw6NzAwOmFCY0Q="  # Model:700


@pytest.fixture
def world() -> World:
    """The default world with a project of 1,000 spans an hour; runs that find no work complete."""
    world = known.default_world()
    world.settings = Settings(empty_runs="completed")
    world.add(Project(BUSY, "busy", known.DEMO, NOW, spans_per_hour=1000))
    return world


@pytest.fixture
def api(clock: Clock, world: World, door: Door) -> Api:
    """A client of a mock of that world, whose runs take no time."""
    return Api(Mock(clock=clock, world=world, run_seconds=0), door)


def done(api: Api, task_id: str, body: Json) -> tuple[str, int, int]:
    """Trigger a run; return its status, and how many items it evaluated and skipped."""
    run = api.run(api.triggered(task_id, body)["id"])
    return run["status"], run["num_successes"] + run["num_errors"], run["num_skipped"]


def covered(api: Api, task_id: str, body: Json) -> int:
    """Trigger a run; return how many items it evaluated or skipped."""
    return sum(done(api, task_id, body)[1:])


def task_over(api: Api, project_id: str, **more: Json) -> str:
    """Create an evaluation task over a project, and return its id."""
    return str(api.created({**PROJECT_TASK, "project_id": project_id, **more})["id"])


@pytest.mark.parametrize(
    ("start", "end", "more", "max_spans", "expected"),
    [
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T01:00:00Z", {}, 10000, 1000, id="an hour"),
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T08:30:00Z", {}, 10000, 8500, id="hours and a half"),
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T01:00:00Z", {"sampling_rate": 0.25}, 10000, 250, id="a share"),
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T20:00:00Z", {}, 10000, 10000, id="up to the limit"),
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T20:00:00Z", {}, 30, 30, id="a limit of one's own"),
        pytest.param("2026-03-09T00:00:00Z", "2026-03-09T20:00:00Z", {}, 1, 1, id="a single one"),
        pytest.param("2026-03-10T14:00:00Z", "2026-03-12T00:00:00Z", {}, 10000, 1000, id="none in the future"),
        pytest.param("2024-03-10T14:00:00Z", "2024-03-10T15:00:00Z", {}, 10000, 1000, id="long ago"),
    ],
)
def test_spans(  # noqa: PLR0917  # one parameter for each part of a case
    api: Api, start: str, end: str, more: Json, max_spans: int, expected: int
) -> None:
    """A run covers the sampled share of the spans between start and end, up to its limit."""
    task = task_over(api, BUSY, **more)

    body = {"data_start_time": start, "data_end_time": end, "max_spans": max_spans}

    assert covered(api, task, body) == expected


@pytest.mark.parametrize("rate", [0, 0.001, 1, 5000 / 168, 999.9])
def test_neighbouring_windows(rate: float) -> None:
    """Adjacent windows together have as many spans as one window over all of them."""
    project = Project(BUSY, "busy", known.DEMO, NOW, rate)
    moments = [NOW + timedelta(minutes=17 * step) for step in range(100)]
    counts = [spans_until(project, moment) for moment in moments]

    assert counts == sorted(counts)
    assert abs(counts[-1] - counts[0] - rate * 99 * 17 / 60) <= 1


@pytest.mark.rule("C37")
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"data_start_time": "2026-03-10T15:00:00Z", "data_end_time": "2026-03-11T00:00:00Z"}, "in the future"),
        ({"data_start_time": "2026-03-10T14:59:59.999Z"}, "too short"),
    ],
    ids=["in the future", "too short"],
)
def test_nothing_matches(api: Api, body: Json, why: str) -> None:
    """A run without spans completes with empty counts."""
    assert done(api, task_over(api, known.CHAT_PROD), body) == ("completed", 0, 0), why


@pytest.mark.rule("C37")
def test_what_has_labels_is_not_evaluated_again(api: Api) -> None:
    """A window that a completed run has covered is skipped, unless labels are overridden."""
    task = task_over(api, BUSY, sampling_rate=0.01)
    window = {"data_start_time": START, "data_end_time": END}
    assert covered(api, task, window) == 1680

    assert done(api, task, window) == ("completed", 0, 1680)
    assert covered(api, task, {**window, "override_evaluations": True}) == 1680
    assert done(api, task, {**window, "override_evaluations": False}) == ("completed", 0, 1680)
    assert covered(api, task_over(api, BUSY, sampling_rate=0.01, name="Another"), window) == 1680


def test_labels_of_a_part(api: Api) -> None:
    """In a window that is half covered the labelled half is skipped."""
    task = task_over(api, BUSY, sampling_rate=0.01)
    done(api, task, {"data_start_time": START, "data_end_time": MIDDLE})

    status, evaluated, skipped = done(api, task, {"data_start_time": START, "data_end_time": END})

    assert (status, evaluated + skipped) == ("completed", 1680)
    assert 840 <= skipped < 840 + 50


def test_labels_up_to_the_limit(api: Api) -> None:
    """A run takes the oldest spans first; spans beyond its limit have no labels."""
    task = task_over(api, BUSY)
    done(api, task, {"data_start_time": START, "data_end_time": END, "max_spans": 1000})

    assert done(api, task, {"data_start_time": START, "data_end_time": END, "max_spans": 1000})[1:] == (0, 1000)
    _, evaluated, skipped = done(api, task, {"data_start_time": START, "data_end_time": END, "max_spans": 3000})
    assert evaluated + skipped == 3000
    assert 1000 <= skipped < 1000 + 120


def test_spans_that_are_evaluated_twice_count_once(api: Api) -> None:
    """Spans that are evaluated a second time count once."""
    task = task_over(api, BUSY, sampling_rate=0.01)
    done(api, task, {"data_start_time": START, "data_end_time": END})
    part = {"data_start_time": "2026-03-02T00:00:00Z", "data_end_time": "2026-03-03T00:00:00Z"}
    assert covered(api, task, {**part, "override_evaluations": True}) == 240

    _, _, skipped = done(api, task, {"data_start_time": START, "data_end_time": "2026-03-09T00:00:00Z"})

    assert 1680 <= skipped < 1680 + 50


def test_the_limit_counts_sampled_spans(api: Api) -> None:
    """With a sampling rate the limit counts sampled spans: the window reaches to the last of them."""
    task = task_over(api, BUSY, sampling_rate=0.3)
    done(api, task, {"data_start_time": START, "data_end_time": END, "max_spans": 100})

    assert done(api, task, {"data_start_time": START, "data_end_time": END, "max_spans": 100})[1:] == (0, 100)


def test_an_experiment_without_a_version_has_no_results(api: Api, world: World) -> None:
    """An experiment without a dataset version has no known examples, so its run has no work."""
    experiment = world.experiments.all()[0]
    bare = replace(experiment, id="RXhwZXJpbWVudDo5OTk6YUJjRA==", name="bare", dataset_version_id=None, results=None)
    api.mock.world.add(bare)
    task = api.created({**DATASET_TASK, "name": "Bare", "dataset_id": bare.dataset_id, "experiment_ids": [bare.id]})

    assert done(api, task["id"], {}) == ("completed", 0, 0)


def test_a_higher_rate_finds_more(api: Api) -> None:
    """With a higher sampling rate the added spans have no labels."""
    task = task_over(api, BUSY, sampling_rate=0.01)
    window = {"data_start_time": START, "data_end_time": END}
    done(api, task, window)
    api.patch(task_path(task), {"sampling_rate": 0.02})

    status, evaluated, skipped = done(api, task, window)

    assert (status, evaluated + skipped) == ("completed", 3360)
    assert 1680 <= skipped < 1680 + 100


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
def test_only_completed_runs_leave_labels(api: Api, outcome: str) -> None:
    """A failed or cancelled run leaves no labels."""
    task = task_over(api, BUSY, sampling_rate=0.01)
    api.send("PUT", "/__mock/lifecycle", {"next": f"immediate {outcome}"})
    window = {"data_start_time": START, "data_end_time": END}
    assert done(api, task, window)[0] == outcome

    assert covered(api, task, window) == 1680


@pytest.mark.rule("C37")
def test_results_of_experiments(api: Api) -> None:
    """Results with labels are skipped, for each experiment by itself."""
    task = api.created(DATASET_TASK)["id"]
    assert covered(api, task, {}) == 120

    assert done(api, task, {}) == ("completed", 0, 120)
    status, evaluated, skipped = done(api, task, {"experiment_ids": [known.BASELINE, known.CANDIDATE]})
    assert (status, evaluated + skipped) == ("completed", 240)
    assert 120 <= skipped < 130
    assert covered(api, task, {"override_evaluations": True}) == 120


def test_results_up_to_the_limit(api: Api) -> None:
    """The limit counts results in the order in which the experiments are named."""
    task = api.created({**DATASET_TASK, "experiment_ids": [known.BASELINE, known.CANDIDATE]})["id"]
    assert covered(api, task, {"max_spans": 150}) == 150

    assert done(api, task, {"experiment_ids": [known.BASELINE]}) == ("completed", 0, 120)
    status, evaluated, skipped = done(api, task, {"experiment_ids": [known.CANDIDATE]})
    assert (status, evaluated + skipped) == ("completed", 120)
    assert 30 <= skipped < 40


def test_results_are_the_answers_there_are(api: Api) -> None:
    """An experiment over some examples has a result for each example that succeeded."""
    body = {"experiment_name": "x", "max_examples": 10, "evaluation_task_ids": [known.GOLDEN_REVIEW]}
    run = api.run(api.triggered(known.NIGHTLY_SUMMARIES, body)["id"])

    (follower,) = api.get(task_path(known.GOLDEN_REVIEW, "runs")).json["task_runs"]
    counted = follower["num_successes"] + follower["num_errors"] + follower["num_skipped"]

    assert (run["status"], follower["status"], counted) == ("completed", "completed", run["num_successes"])


def test_continuous_tasks_run_by_themselves(api: Api, clock: Clock) -> None:
    """A continuous task gets a run every hour over the spans since the last one; other tasks get none."""
    clock.advance(3599)
    assert len(api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"]) == 1

    clock.advance(2 * 3600)
    second, first, _ = api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"]

    assert (first["created_at"], second["created_at"]) == ("2026-03-10T16:00:00.000Z", "2026-03-10T17:00:00.000Z")
    assert (first["data_start_time"], first["data_end_time"]) == ("2026-03-01T14:30:00.000Z", first["created_at"])
    assert (second["data_start_time"], second["data_end_time"]) == (first["created_at"], second["created_at"])
    assert (second["status"], second["run_finished_at"]) == ("completed", second["created_at"])
    assert second["num_successes"] + second["num_errors"] + second["num_skipped"] in {29, 30}
    assert api.task(known.CHAT_QUALITY)["last_run_at"] == second["created_at"]
    assert api.get(task_path(known.SUPPORT_CHECKS, "runs")).json["task_runs"] == []


def test_one_long_step_of_the_clock_or_many_short_ones(world: World, door: Door) -> None:
    """The state after one long step of the clock is that after many short ones."""

    def play(steps: int) -> bytes:
        api = Api(Mock(clock=Clock(NOW, frozen=True), world=world), door)
        for _ in range(steps):
            api.post("/__mock/clock", {"advance_seconds": 36 * 3600 / steps})
        return api.get("/__mock/world").body

    assert play(1) == play(9) == play(72)


def test_becoming_continuous(api: Api, clock: Clock) -> None:
    """A task runs by itself only while it is continuous."""
    task = task_over(api, BUSY)
    clock.advance(3600)
    assert api.get(task_path(task, "runs")).json["task_runs"] == []

    api.patch(task_path(task), {"is_continuous": True})
    clock.advance(3600)
    assert len(api.get(task_path(task, "runs")).json["task_runs"]) == 1
    api.patch(task_path(task), {"is_continuous": False})
    clock.advance(36000)

    assert len(api.get(task_path(task, "runs")).json["task_runs"]) == 1


@pytest.mark.parametrize(("seconds", "runs"), [(0, 0), (600, 6), (7200, 0)])
def test_the_interval_of_continuous_tasks(clock: Clock, seconds: float, runs: int, door: Door) -> None:
    """The interval of continuous tasks is a setting of the world; 0 means never."""
    world = known.default_world()
    world.settings = Settings(continuous_seconds=seconds)
    api = Api(Mock(clock=clock, world=world), door)

    clock.advance(3600)

    assert len(api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"]) == runs + 1


def test_another_interval_begins_when_it_is_said(api: Api, clock: Clock) -> None:
    """Of the time in which continuous tasks were to run more seldom, or never, nothing is caught up with."""
    runs = task_path(known.CHAT_QUALITY, "runs")
    for seconds, expected in ((0, 1), (3600, 2)):
        api.send("PATCH", "/__mock/world", {"settings": {"continuous_seconds": seconds}})
        assert len(api.get(runs).json["task_runs"]) == 1
        clock.advance(3600)
        assert len(api.get(runs).json["task_runs"]) == expected


@pytest.mark.parametrize("seconds", [-1, 0.5, float("nan")])
def test_impossible_intervals(seconds: float) -> None:
    """An interval under a second is refused, except 0."""
    with pytest.raises(ValueError, match="continuous_seconds"):
        Settings(continuous_seconds=seconds)


def test_a_step_of_years(api: Api, clock: Clock) -> None:
    """After years without a run only those of the last week are made, each over 30 days at most."""
    clock.advance(5 * 365 * 24 * 3600)

    runs = api.get(task_path(known.CHAT_QUALITY, "runs"), limit=100).json
    rest = api.get(task_path(known.CHAT_QUALITY, "runs"), limit=100, cursor=runs["pagination"]["next_cursor"]).json

    made_up = [*runs["task_runs"], *rest["task_runs"]][:-1]
    assert len(made_up) == 168
    assert made_up[0]["created_at"] == "2031-03-09T15:00:00.000Z"
    assert (made_up[-1]["data_start_time"], made_up[-1]["data_end_time"]) == (
        "2031-01-31T16:00:00.000Z",
        "2031-03-02T16:00:00.000Z",
    )
