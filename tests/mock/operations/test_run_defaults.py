"""Defaults of a trigger: at most 10,000 spans, and the latest version of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, ids
from axtasks.mock import default_world as known
from axtasks.mock.ids import IdKind
from axtasks.mock.world.model import Project

from tests.mock.support import EXPERIMENT_TASK, NOW, PROJECT_TASK, Api, Json

if TYPE_CHECKING:
    from tests.mock.doors import Door

pytestmark = pytest.mark.usefixtures("contract")

BUSY = ids.encode(IdKind.PROJECT, 700, "aBcD")
OLDER_VERSION = ids.encode(IdKind.DATASET_VERSION, 2, "rEv1")
LATEST_VERSION = ids.encode(IdKind.DATASET_VERSION, 3, "rEv2")


@pytest.fixture
def api(clock: Clock, door: Door) -> Api:
    """A client of a mock with 1,000 spans an hour in a project, whose runs take no time."""
    world = known.default_world()
    world.add(Project(BUSY, "busy", known.DEMO, NOW, spans_per_hour=1000))
    return Api(Mock(clock=clock, world=world, run_seconds=0), door)


def ended(api: Api, task: Json, trigger: Json) -> Json:
    """Create a task, trigger a run of it and return the run as it ended."""
    return api.run(api.triggered(api.created(task)["id"], trigger)["id"])


def test_the_most_spans(api: Api) -> None:
    window = {"data_start_time": "2026-03-09T00:00:00Z", "data_end_time": "2026-03-09T20:00:00Z"}

    run = ended(api, {**PROJECT_TASK, "project_id": BUSY}, window)

    assert run["num_successes"] + run["num_errors"] + run["num_skipped"] == 10_000


@pytest.mark.parametrize(
    ("given", "used", "examples"),
    [
        pytest.param({"dataset_version_id": OLDER_VERSION}, OLDER_VERSION, 30, id="given"),
        pytest.param({}, LATEST_VERSION, 45, id="latest"),
    ],
)
def test_the_version_of_the_dataset(api: Api, given: Json, used: str, examples: int) -> None:
    task = {**EXPERIMENT_TASK, "dataset_id": known.REGRESSION_SET}

    run = ended(api, task, {"experiment_name": "fresh", **given})

    assert api.get(f"/v2/experiments/{run['experiment_id']}").json["dataset_version_id"] == used
    assert run["num_successes"] + run["num_errors"] == examples
