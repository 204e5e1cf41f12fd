"""Stored tasks: the fields of each type, and the times of creation and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import default_world as known

from tests.mock.support import DATASET_TASK, EXPERIMENT_TASK, PROJECT_TASK, RUN_CONFIGURATION, Api, Json, task_path

if TYPE_CHECKING:
    from axtasks.mock import Clock

OVER_NOTHING: dict[str, Json] = {
    "project_id": None,
    "dataset_id": None,
    "experiment_ids": [],
    "sampling_rate": None,
    "evaluators": [],
    "run_configuration": None,
}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(
            {**PROJECT_TASK, "sampling_rate": 0.5},
            {"project_id": known.CHAT_PROD, "sampling_rate": 0.5, "evaluators": [known.HALLUCINATION]},
            id="over a project",
        ),
        pytest.param(
            DATASET_TASK,
            {
                "dataset_id": known.GOLDEN_SET,
                "experiment_ids": [known.BASELINE],
                "evaluators": [known.HALLUCINATION],
            },
            id="over a dataset",
        ),
        pytest.param(
            EXPERIMENT_TASK,
            {"dataset_id": known.GOLDEN_SET, "run_configuration": RUN_CONFIGURATION["experiment_type"]},
            id="run_experiment",
        ),
    ],
)
def test_what_a_task_shows_of_its_kind(api: Api, body: Json, shown: dict[str, Json]) -> None:
    """Fields of other types of tasks are null, absent or empty."""
    task = api.task(api.created(body)["id"])

    configuration = task.get("run_configuration")
    found = {name: task.get(name) for name in OVER_NOTHING} | {
        "evaluators": [each["evaluator_id"] for each in task["evaluators"]],
        "run_configuration": configuration and configuration["experiment_type"],
    }
    assert found == OVER_NOTHING | shown


def test_when_a_task_was_created_and_changed(api: Api, clock: Clock) -> None:
    """A change updates the time of the last change, and not that of the creation."""
    created = api.created(PROJECT_TASK)
    clock.advance(60)

    changed = api.patch(task_path(created["id"]), {"name": "Renamed"}).json

    assert created["created_at"] == created["updated_at"] == "2026-03-10T15:00:00.000Z"
    assert (changed["created_at"], changed["updated_at"]) == ("2026-03-10T15:00:00.000Z", "2026-03-10T15:01:00.000Z")
