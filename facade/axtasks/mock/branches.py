"""Which of an operation's body shapes goes with which type of task, and what to say about fields of the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from . import contract, words
from .explain import Context


@dataclass(frozen=True, slots=True)
class Branch:
    """One shape of a body: its schema, and the words for what does not fit."""

    schema: str
    context: Context


@cache
def for_creation(task_type: str) -> Branch:
    """The body that creates a task of this type."""
    own = words.CREATE_BODIES[task_type]
    experiment = task_type == words.RUN_EXPERIMENT
    other = words.CREATE_BODIES[words.TEMPLATE_EVALUATION] if experiment else words.RUN_EXPERIMENT_BODY
    return _branch(task_type, own, other)


@cache
def for_update(task_type: str) -> Branch:
    """The body that changes a task of this type (C15)."""
    return _of_two(task_type, words.EVALUATION_UPDATE, words.RUN_EXPERIMENT_UPDATE)


@cache
def for_trigger(task_type: str) -> Branch:
    """The body that triggers a task of this type (C21)."""
    return _of_two(task_type, words.EVALUATION_TRIGGER, words.RUN_EXPERIMENT_TRIGGER)


def _of_two(task_type: str, evaluation: str, experiment: str) -> Branch:
    if task_type == words.RUN_EXPERIMENT:
        return _branch(task_type, experiment, evaluation)
    return _branch(task_type, evaluation, experiment)


def _branch(task_type: str, own: str, other: str) -> Branch:
    known = tuple(contract.properties(own))
    owner = "evaluation tasks" if task_type == words.RUN_EXPERIMENT else f"{words.RUN_EXPERIMENT} tasks"
    foreign = {name: owner for name in contract.properties(other) if name not in known}
    return Branch(own, Context(f"{task_type} tasks", foreign, known))
