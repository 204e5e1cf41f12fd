"""Rules that creating and updating a task have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words
from .model import AttachedEvaluator, Evaluator, Task
from .problems import conflict, quoted, unprocessable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bodies import EvaluatorInput
    from .jsontypes import JsonObject
    from .world import World


def known_evaluator(world: World, identifier: str) -> Evaluator:
    """The evaluator behind a reference that has been checked."""
    evaluator = world.evaluators.get(identifier)
    if evaluator is None:
        raise LookupError(f"evaluator {identifier} was referred to without a check")
    return evaluator


def check_evaluators(world: World, task_type: str, evaluators: Iterable[EvaluatorInput]) -> None:
    """C7: no evaluator twice. And each has to be of the type that the task applies."""
    seen: set[str] = set()
    for index, each in enumerate(evaluators):
        identifier = each["evaluator_id"]
        if identifier in seen:
            raise unprocessable(f"evaluators[{index}].evaluator_id: {identifier} is in the list already")
        seen.add(identifier)
        evaluator = known_evaluator(world, identifier)
        wanted = words.EVALUATOR_FOR[task_type]
        if evaluator.type != wanted:
            raise unprocessable(
                f"evaluators[{index}].evaluator_id: {quoted(evaluator.name)} is a {evaluator.type} evaluator, "
                f"but {task_type} tasks take {wanted} evaluators"
            )


def attach(world: World, evaluators: Iterable[EvaluatorInput]) -> tuple[AttachedEvaluator, ...]:
    """The evaluators as the task keeps them, with their names filled in."""
    return tuple(
        AttachedEvaluator(
            evaluator_id=each["evaluator_id"],
            evaluator_name=known_evaluator(world, each["evaluator_id"]).name,
            query_filter=each.get("query_filter"),
            column_mappings=each.get("column_mappings"),
        )
        for each in evaluators
    )


def check_name_is_free(world: World, space_id: str, name: str, task: Task | None = None) -> None:
    """C8: no other task of the space bears exactly this name."""
    holder = world.task_named(space_id, name)
    if holder is not None and (task is None or holder != task.id):
        raise conflict(f"name: there is already a task named {quoted(name)} in this space")


def stored_configuration(configuration: JsonObject) -> JsonObject:
    """A run configuration as the server keeps it: a generation always says how its variables are marked."""
    if configuration["experiment_type"] != words.LLM_GENERATION or "input_variable_format" in configuration:
        return dict(configuration)
    return {"input_variable_format": words.DEFAULT_VARIABLE_FORMAT, **configuration}
