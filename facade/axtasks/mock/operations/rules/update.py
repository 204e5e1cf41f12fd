"""Updating tasks. What the schema says (C10, C14, C15, C17, C20, each field's limits) has been checked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock.problems import inapplicable

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
    from axtasks.mock.world.model import Task

PROJECT_ONLY = ("sampling_rate", "is_continuous")


def evaluation_task(state: State, task: Task, body: TaskBody) -> None:
    """Change an evaluation task; fields that are not given stay as they are (C16)."""
    check_source(task, body)
    evaluators = body.get("evaluators")
    query_filter = body.get("query_filter", task.query_filter)
    filters = body.get("query_filters", task.query_filters)
    if state.contract.has_beta_rules:
        stored = [each.query_mappings for each in task.evaluators]
        mappings = stored if evaluators is None else [each.get("query_mappings") for each in evaluators]
        query_filters.check_fields(query_filter, filters, [each is not None for each in mappings])
    if evaluators is not None:
        references.check(state, references.of_evaluators(evaluators))
        check_evaluators(state.world, state.contract, task.type, evaluators)
        check_custom_code(state.contract, task.type, evaluators)
    attached = task.evaluators if evaluators is None else attach(state.world, evaluators)
    if state.contract.has_beta_rules:
        query_filters.check_meaning(filters, attached)
    name = body.get("name", task.name)
    check_name_is_free(state.world, task.space_id, name, task)
    state.world.rename_task(task, name)
    if "sampling_rate" in body:
        task.sampling_rate = body["sampling_rate"]
    if "is_continuous" in body:
        with state.world.tasks.changing(task.id):
            task.is_continuous = body["is_continuous"]
    task.query_filter = query_filter
    task.query_filters = None if filters is None else query_filters.stored(filters)
    task.evaluators = attached
    task.updated_at = state.now


def run_experiment_task(state: State, task: Task, body: TaskBody) -> None:
    """Change a run_experiment task; a given configuration replaces the stored one whole (C18)."""
    configuration = body.get("run_configuration")
    if configuration is not None:
        references.check(state, references.of_run_configuration(configuration))
        check_integration(state.world, configuration)
    name = body.get("name", task.name)
    check_name_is_free(state.world, task.space_id, name, task)
    state.world.rename_task(task, name)
    if configuration is not None:
        task.run_configuration = stored_configuration(configuration)
    task.updated_at = state.now


def check_source(task: Task, body: TaskBody) -> None:
    """C19: fields that only apply to tasks over a project are refused over a dataset; `is_continuous: false` is not."""
    for field in PROJECT_ONLY:
        if task.project_id is None and body.get(field, False) is not False:
            raise inapplicable(f"{field} does not apply to tasks over a dataset, only to those over a project")
