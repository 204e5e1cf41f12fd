# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""The operations of the contract by their ids. Each is imported when it is first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .operation import Operation

_MODULES = {
    "cancel_task_run": ".api.task_runs.cancel_task_run",
    "create_task": ".api.tasks.create_task",
    "delete_task": ".api.tasks.delete_task",
    "get_ai_integration": ".api.ai_integrations.get_ai_integration",
    "get_dataset": ".api.datasets.get_dataset",
    "get_evaluator": ".api.evaluators.get_evaluator",
    "get_evaluator_version": ".api.evaluators.get_evaluator_version",
    "get_experiment": ".api.experiments.get_experiment",
    "get_integration": ".api.integrations.get_integration",
    "get_project": ".api.projects.get_project",
    "get_prompt": ".api.prompts.get_prompt",
    "get_prompt_version": ".api.prompts.get_prompt_version",
    "get_space": ".api.spaces.get_space",
    "get_task": ".api.tasks.get_task",
    "get_task_run": ".api.task_runs.get_task_run",
    "list_ai_integrations": ".api.ai_integrations.list_ai_integrations",
    "list_datasets": ".api.datasets.list_datasets",
    "list_evaluator_versions": ".api.evaluators.list_evaluator_versions",
    "list_evaluators": ".api.evaluators.list_evaluators",
    "list_experiments": ".api.experiments.list_experiments",
    "list_integrations": ".api.integrations.list_integrations",
    "list_projects": ".api.projects.list_projects",
    "list_prompt_versions": ".api.prompts.list_prompt_versions",
    "list_prompts": ".api.prompts.list_prompts",
    "list_spaces": ".api.spaces.list_spaces",
    "list_task_runs": ".api.task_runs.list_task_runs",
    "list_tasks": ".api.tasks.list_tasks",
    "trigger_task_run": ".api.tasks.trigger_task_run",
    "update_task": ".api.tasks.update_task",
}

IDS = tuple(_MODULES)


def operation(id: str) -> "Operation[..., Any]":
    """The operation with this id; a KeyError where the contract has none."""
    found: Operation[..., Any] = import_module(_MODULES[id], __package__).operation
    return found
