"""What the API has to show of each thing there is, by the schemas of the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.property.contract import Json
    from tests.property.worlds import World

UNSAID = ("run_configuration", "description", "project_id", "dataset_id", "sampling_rate", "experiment_id")
"""Fields that mean the same when they are left out as when they are null."""


def same(shown: Json, expected: Json) -> bool:
    """Whether two objects say the same, whether or not they spell out what is not there."""
    return bool(_said(shown) == _said(expected))


def _said(thing: Json) -> Json:
    return {name: value for name, value in thing.items() if value is not None or name not in UNSAID}


def _picked(thing: Json, *names: str) -> dict[str, Json]:
    return {name: thing[name] for name in names}


def space(_: World, thing: Json) -> Json:
    """A space."""
    return _picked(thing, "id", "name", "description", "created_at")


def project(_: World, thing: Json) -> Json:
    """A project."""
    return {**_picked(thing, "id", "name", "created_at"), "space_id": thing["space"]}


def listed_dataset(_: World, thing: Json) -> Json:
    """A dataset in a list: its versions are left out there."""
    return {**_picked(thing, "id", "name", "created_at", "updated_at"), "space_id": thing["space"]}


def dataset(world: World, thing: Json) -> Json:
    """A dataset."""
    versions = [
        {**_picked(each, "id", "name", "created_at", "updated_at"), "dataset_id": thing["id"]}
        for each in thing["versions"]
    ]
    return {**listed_dataset(world, thing), "versions": versions}


def experiment(_: World, thing: Json) -> Json:
    """An experiment."""
    return {
        **_picked(thing, "id", "name", "created_at", "updated_at"),
        "dataset_id": thing["dataset"],
        "dataset_version_id": thing["dataset_version"],
    }


def evaluator(_: World, thing: Json) -> Json:
    """An evaluator."""
    names = ("id", "name", "type", "description", "created_at", "updated_at", "created_by_user_id")
    return {**_picked(thing, *names), "space_id": thing["space"]}


def task(world: World, thing: Json) -> Json:
    """A task; the names of its evaluators are filled in."""
    return {
        **_picked(thing, "id", "name", "type", "created_at", "updated_at", "created_by_user_id"),
        "project_id": thing.get("project"),
        "dataset_id": thing.get("dataset"),
        "sampling_rate": thing.get("sampling_rate"),
        "is_continuous": thing.get("is_continuous", False),
        "query_filter": thing.get("query_filter"),
        "evaluators": [
            {
                "evaluator_id": each["evaluator"],
                "evaluator_name": world.get("evaluators", each["evaluator"])["name"],
                "query_filter": each.get("query_filter"),
                "column_mappings": each.get("column_mappings"),
            }
            for each in thing.get("evaluators", ())
        ],
        "experiment_ids": thing.get("experiments", []),
        "run_configuration": thing.get("run_configuration"),
        "last_run_at": thing.get("last_run_at"),
    }


def task_run(_: World, thing: Json) -> Json:
    """A run."""
    counted = ("num_successes", "num_errors", "num_skipped")
    times = ("run_started_at", "run_finished_at", "data_start_time", "data_end_time", "created_at")
    return {
        **_picked(thing, "id", "status", "created_by_user_id", *times, *counted),
        "task_id": thing["task"],
        "experiment_id": thing["experiment"],
    }


SHOWN: dict[str, Callable[[World, Json], Json]] = {
    "spaces": space,
    "projects": project,
    "datasets": dataset,
    "experiments": experiment,
    "evaluators": evaluator,
    "tasks": task,
    "task_runs": task_run,
}
"""How a thing of each kind is shown when it is asked for alone."""
IN_LISTS = {**SHOWN, "datasets": listed_dataset}
"""How it is shown in a list."""
