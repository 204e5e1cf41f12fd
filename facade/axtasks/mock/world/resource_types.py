"""Where the kinds of things have their place in a world: enough to take a world apart and put it together again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from axtasks.mock.ids import Kind

from .model import AiIntegration, Dataset, Evaluator, Experiment, Project, Space, Task, TaskRun
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from .table import Shelf

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    """One kind: what it is called in a world's lists, what its things are, where they stand, how one is put there."""

    name: str
    kind: Kind
    model: type[T]
    shelf: Callable[[World], Shelf[T]]
    add: Callable[[World, T], None]


PLACES: tuple[Place[Any], ...] = (
    Place("spaces", Kind.SPACE, Space, lambda world: world.spaces, World.add_space),
    Place("projects", Kind.PROJECT, Project, lambda world: world.projects, World.add_project),
    Place("datasets", Kind.DATASET, Dataset, lambda world: world.datasets, World.add_dataset),
    Place("experiments", Kind.EXPERIMENT, Experiment, lambda world: world.experiments, World.add_experiment),
    Place("evaluators", Kind.EVALUATOR, Evaluator, lambda world: world.evaluators, World.add_evaluator),
    Place(
        "ai_integrations",
        Kind.AI_INTEGRATION,
        AiIntegration,
        lambda world: world.ai_integrations,
        World.add_ai_integration,
    ),
    Place("tasks", Kind.TASK, Task, lambda world: world.tasks, World.add_task),
    Place("task_runs", Kind.TASK_RUN, TaskRun, lambda world: world.task_runs, World.add_run),
)
"""Every kind, in an order that never refers forward. Versions of a dataset are part of it."""
