"""What the API has to show of each thing there is, by the schemas of the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.contract import Json
    from tests.model.worlds import World

UNSAID = ("run_configuration", "description", "project_id", "dataset_id", "sampling_rate", "experiment_id")
"""Fields that mean the same when they are left out as when they are null."""


def same(shown: Json, expected: Json) -> bool:
    """Whether two objects say the same, whether or not they spell out what is not there."""
    return bool(_said(shown) == _said(expected))


def _said(thing: Json) -> Json:
    return {name: value for name, value in thing.items() if value is not None or name not in UNSAID}


def _with_newer(thing: dict[str, Json], **newer: Json) -> dict[str, Json]:
    """A thing with what only the newer contract shows of it."""
    return {**thing, **newer} if contract.is_beta() else thing


def _picked(thing: Json, *names: str) -> dict[str, Json]:
    return {name: thing[name] for name in names}


def space(_: World, thing: Json) -> Json:
    """A space."""
    shown = _picked(thing, "id", "name", "description", "created_at")
    newer = {"organization_id": thing["organization_id"], "is_private": thing.get("is_private", False)}
    return _with_newer(shown, **newer)


def project(_: World, thing: Json) -> Json:
    """A project."""
    shown = {**_picked(thing, "id", "name", "created_at"), "space_id": thing["space"]}
    return _with_newer(shown, project_type=thing.get("project_type", "application"))


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


def experiment(world: World, thing: Json) -> Json:
    """An experiment."""
    shown = {
        **_picked(thing, "id", "name", "created_at", "updated_at"),
        "dataset_id": thing["dataset"],
        "dataset_version_id": thing["dataset_version"],
    }
    return _with_newer(shown, space_id=world.space_id(thing), integration_id=thing.get("integration_id"))


def evaluator(_: World, thing: Json) -> Json:
    """An evaluator."""
    names = ("id", "name", "type", "description", "created_at", "updated_at", "created_by_user_id")
    return {**_picked(thing, *names), "space_id": thing["space"]}


def task(world: World, thing: Json) -> Json:
    """A task; the names of its evaluators are filled in."""
    shown = {
        **_picked(thing, "id", "name", "type", "created_at", "updated_at", "created_by_user_id"),
        "project_id": thing.get("project"),
        "dataset_id": thing.get("dataset"),
        "sampling_rate": thing.get("sampling_rate"),
        "is_continuous": thing.get("is_continuous", False),
        "query_filter": thing.get("query_filter"),
        "evaluators": [_attached(world, each) for each in thing.get("evaluators", ())],
        "experiment_ids": thing.get("experiments", []),
        "run_configuration": thing.get("run_configuration"),
        "last_run_at": thing.get("last_run_at"),
    }
    return _with_newer(shown, query_filters=thing.get("query_filters"))


def _attached(world: World, thing: Json) -> Json:
    shown = {
        "evaluator_id": thing["evaluator"],
        "evaluator_name": world.get("evaluators", thing["evaluator"])["name"],
        "query_filter": thing.get("query_filter"),
        "column_mappings": thing.get("column_mappings"),
    }
    newer = ("evaluator_version_id", "query_mappings")
    return _with_newer(shown, **{name: thing.get(name) for name in newer})


def task_run(_: World, thing: Json) -> Json:
    """A run."""
    counted = ("num_successes", "num_errors", "num_skipped")
    times = ("run_started_at", "run_finished_at", "data_start_time", "data_end_time", "created_at")
    shown = {
        **_picked(thing, "id", "status", "created_by_user_id", *times, *counted),
        "task_id": thing["task"],
        "experiment_id": thing["experiment"],
    }
    return _with_newer(shown, failure_reason=thing.get("failure_reason"))


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
