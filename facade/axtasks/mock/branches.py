"""Which of an operation's body shapes goes with which type of task, and what to say about fields of the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from . import words
from .explain import Context

if TYPE_CHECKING:
    from .contract import Contract


@dataclass(frozen=True, slots=True)
class Branch:
    """One shape of a body: its schema, and the words for what does not fit."""

    schema: str
    context: Context


@cache
def for_creation(contract: Contract, task_type: str) -> Branch:
    """The body that creates a task of this type."""
    own = words.CREATE_BODIES[task_type]
    experiment = task_type == words.RUN_EXPERIMENT
    other = words.CREATE_BODIES[words.TEMPLATE_EVALUATION] if experiment else words.RUN_EXPERIMENT_BODY
    return _branch(contract, task_type, own, other)


@cache
def for_update(contract: Contract, task_type: str) -> Branch:
    """The body that changes a task of this type (C15)."""
    return _of_two(contract, task_type, words.EVALUATION_UPDATE, words.RUN_EXPERIMENT_UPDATE)


@cache
def for_trigger(contract: Contract, task_type: str) -> Branch:
    """The body that triggers a task of this type (C21)."""
    return _of_two(contract, task_type, words.EVALUATION_TRIGGER, words.RUN_EXPERIMENT_TRIGGER)


def _of_two(contract: Contract, task_type: str, evaluation: str, experiment: str) -> Branch:
    if task_type == words.RUN_EXPERIMENT:
        return _branch(contract, task_type, experiment, evaluation)
    return _branch(contract, task_type, evaluation, experiment)


def _branch(contract: Contract, task_type: str, own: str, other: str) -> Branch:
    known = tuple(contract.properties(own))
    subject, experiment = (f"{contract.word('TaskType', each)} tasks" for each in (task_type, words.RUN_EXPERIMENT))
    owner = "evaluation tasks" if task_type == words.RUN_EXPERIMENT else experiment
    foreign = {name: owner for name in contract.properties(other) if name not in known}
    return Branch(own, Context(subject, foreign, known))
