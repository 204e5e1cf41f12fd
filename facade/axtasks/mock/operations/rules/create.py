"""Creating tasks. What the schema says (C1 to C6, C8 for an empty name, C9 to C11) has been checked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.problems import unprocessable
from axtasks.mock.world.model import ACTING_USER, Task

from . import query_filters, references
from .evaluators import (
    attach,
    check_custom_code,
    check_evaluators,
    check_integration,
    check_name_is_free,
    stored_configuration,
)

if TYPE_CHECKING:
    from axtasks.mock.contract.bodies import TaskBody
    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.world import World


def evaluation_task(state: State, body: TaskBody) -> Task:
    """The evaluation task that the body asks for, put into the world."""
    world = state.world
    project_id, dataset_id = body.get("project_id"), body.get("dataset_id")
    experiment_ids, evaluators = body.get("experiment_ids", []), body.get("evaluators", [])
    wanted = references.found_in(body, ("experiment_ids", "project_id", "dataset_id"))
    references.check(state, [*wanted, *references.of_evaluators(evaluators)])
    check_evaluators(world, state.contract, body["type"], evaluators)
    check_custom_code(state.contract, body["type"], evaluators)
    if dataset_id is not None:
        check_experiments(world, dataset_id, experiment_ids)
    attached, filters = attach(world, evaluators), body.get("query_filters")
    if state.contract.has_beta_rules:
        query_filters.check_meaning(filters, attached)
    task = _task(state, body)
    task.project_id = project_id
    task.sampling_rate = body.get("sampling_rate")
    task.is_continuous = body.get("is_continuous", False)
    task.query_filter = body.get("query_filter")
    task.evaluators = attached
    task.query_filters = None if filters is None else query_filters.stored(filters)
    task.experiment_ids = tuple(experiment_ids)
    world.add(task)
    return task


def run_experiment_task(state: State, body: TaskBody) -> Task:
    """The run_experiment task that the body asks for, put into the world; it never runs by itself (C12)."""
    world = state.world
    configuration = body.get("run_configuration", {})
    wanted = references.found_in(body, ("dataset_id",))
    references.check(state, [*wanted, *references.of_run_configuration(configuration)])
    check_integration(world, configuration)
    task = _task(state, body)
    task.run_configuration = stored_configuration(configuration)
    world.add(task)
    return task


def _task(state: State, body: TaskBody) -> Task:
    """A new task with what tasks of all types have, in the space of its project or dataset."""
    space_id = space_of(state.world, body.get("project_id"), body.get("dataset_id"))
    check_name_is_free(state.world, space_id, body["name"])
    return Task(
        id=state.new_id(IdKind.TASK),
        name=body["name"],
        type=body["type"],
        space_id=space_id,
        created_at=state.now,
        updated_at=state.now,
        created_by_user_id=ACTING_USER,
        dataset_id=body.get("dataset_id"),
    )


def check_experiments(world: World, dataset_id: str, experiment_ids: list[str]) -> None:
    """The experiments of a task have to be over its dataset."""
    for index, identifier in enumerate(experiment_ids):
        experiment = world.experiments.get(identifier)
        if experiment is None or experiment.dataset_id != dataset_id:
            raise unprocessable(
                f"experiment_ids[{index}]: {identifier} is not an experiment over the task's dataset {dataset_id}"
            )


def space_of(world: World, project_id: str | None, dataset_id: str | None) -> str:
    """The space of a new task: that of its project or dataset."""
    source = world.datasets[dataset_id or ""] if project_id is None else world.projects[project_id]
    return source.space_id
