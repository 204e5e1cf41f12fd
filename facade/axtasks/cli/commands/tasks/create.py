"""`ax tasks create`: a task of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import (
    common_options,
    dataset_option,
    evaluation_field_options,
    evaluator_options,
    name_option,
    output_options,
    project_option,
    run_configuration_help,
    space_option,
    task_type_option,
)
from axtasks.cli.param_types import JsonType
from axtasks.cli.prompts import check_space

from .create_evaluation import create_evaluation_task
from .create_run_experiment import create_experiment_task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks import TaskType


# Options of `create` that only evaluation tasks have, by parameter.
_EVALUATION_OPTIONS = {
    "project": "--project",
    "evaluators": "--evaluators",
    "evaluators_by_name": "--evaluator",
    "experiment_ids": "--experiment-ids",
    "sampling_rate": "--sampling-rate",
    "is_continuous": "--is-continuous/--no-continuous",
    "query_filter": "--query-filter",
    "query_filters": "--query-filters",
}


@click.command(
    "create",
    cls=AxCommand,
    epilog="\b\nExample:\n"
    '  ax tasks create --name "Relevance Monitor" --task-type template_evaluation \\\n'
    '    --project chat-prod --space demo --evaluator "Hallucination Eval" --sampling-rate 0.1',
)
@name_option
@task_type_option
@evaluator_options
@click.option("--run-configuration", type=JsonType(dict), help=f"{run_configuration_help} Needed for run_experiment.")
@project_option
@space_option
@dataset_option
@evaluation_field_options
@output_options("task")
@common_options
def create(
    name: str,
    task_type: TaskType,
    dataset: str | None,
    run_configuration: dict[str, Any] | None,
    space: str | None,
    **options: Any,
) -> None:
    """Create a task of any type.

    An evaluation task takes either a project or a dataset; a run_experiment task takes a dataset and a run
    configuration.
    """
    from axtasks import TaskType

    if task_type == TaskType.RUN_EXPERIMENT:
        _refuse_evaluation_options(options, task_type)
        if dataset is None or run_configuration is None:
            raise click.UsageError(f"a {task_type} task needs --dataset and --run-configuration")
        with connected(options) as client:
            check_space(client, "dataset", dataset, space=space)
            create_experiment_task(client, name, dataset, run_configuration, space, options)
        return
    if run_configuration is not None:
        raise click.UsageError(f"--run-configuration does not apply to {task_type} tasks")
    create_evaluation_task(name, task_type, dataset, space, options)


def _refuse_evaluation_options(options: Mapping[str, Any], task_type: str) -> None:
    given = [flag for name, flag in _EVALUATION_OPTIONS.items() if options[name] not in (None, ())]
    if given:
        raise click.UsageError(f"{', '.join(given)} cannot be given for {task_type} tasks")
