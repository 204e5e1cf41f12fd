"""Commands that create tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, common_options, connected
from axtasks.cli.output.show import one, output_options_for, present
from axtasks.cli.param_types import Json, all_evaluators
from axtasks.cli.tasks.options import (
    dataset_option,
    evaluation_field_options,
    evaluator_options,
    name_option,
    project_option,
    run_configuration_help,
    space_option,
    task_type_option,
)
from axtasks.cli.writes import check_space, done, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from axtasks import Task

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
@click.option("--run-configuration", type=Json(dict), help=f"{run_configuration_help} Needed for run_experiment.")
@project_option
@space_option
@dataset_option
@evaluation_field_options
@output_options_for("task")
@common_options
def create(
    name: str,
    task_type: str,
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
        _create_run_experiment(name, dataset, run_configuration, space, options, needs_space=True)
        return
    if run_configuration is not None:
        raise click.UsageError(f"--run-configuration does not apply to {task_type} tasks")
    _create_evaluation(name, task_type, dataset, space, options)


@click.command(
    "create-evaluation",
    cls=AxCommand,
    epilog="\b\nExample:\n"
    '  ax tasks create-evaluation --name "Relevance Monitor" --task-type template_evaluation \\\n'
    '    --project chat-prod --space demo --evaluator "Hallucination Eval" --sampling-rate 0.1',
)
@name_option
@task_type_option
@evaluator_options
@project_option
@space_option
@dataset_option
@evaluation_field_options
@output_options_for("task")
@common_options
def create_evaluation(name: str, task_type: str, dataset: str | None, space: str | None, **options: Any) -> None:
    """Create an evaluation task, over the spans of a project or the experiments of a dataset."""
    from axtasks import TaskType

    if task_type == TaskType.RUN_EXPERIMENT:
        raise click.UsageError(f"for {task_type} tasks there is `ax tasks create-run-experiment`")
    _create_evaluation(name, task_type, dataset, space, options)


@click.command(
    "create-run-experiment",
    cls=AxCommand,
    epilog="\b\nExample:\n"
    '  ax tasks create-run-experiment --name "GPT-4o Summarization" --dataset golden-set \\\n'
    "    --space demo --run-configuration @./run_config.json",
)
@name_option
@click.option("--dataset", required=True, metavar="DATASET", help="Name or id of the dataset to run.")
@click.option("--run-configuration", type=Json(dict), required=True, help=run_configuration_help)
@space_option
@output_options_for("task")
@common_options
def create_run_experiment(
    name: str, dataset: str, run_configuration: dict[str, Any], space: str | None, **options: Any
) -> None:
    """Create a run_experiment task. It runs only when it is triggered."""
    _create_run_experiment(name, dataset, run_configuration, space, options, needs_space=False)


def _create_evaluation(
    name: str, task_type: str, dataset: str | None, space: str | None, options: Mapping[str, Any]
) -> None:
    evaluators = all_evaluators(options["evaluators"], options["evaluators_by_name"], required=True)
    with connected(options) as client:
        check_space(client, "project", options["project"], space=space)
        check_space(client, "dataset", dataset, space=space)
        with _creating(name):
            task = client.tasks.create_evaluation_task(
                name,
                task_type=task_type,
                evaluators=evaluators or [],
                project=options["project"],
                dataset=dataset,
                space=space,
                experiment_ids=options["experiment_ids"],
                sampling_rate=options["sampling_rate"],
                is_continuous=options["is_continuous"],
                query_filter=options["query_filter"] or None,
                query_filters=options["query_filters"],
            )
        _created(task, options)


def _create_run_experiment(
    name: str,
    dataset: str,
    run_configuration: dict[str, Any],
    space: str | None,
    options: Mapping[str, Any],
    *,
    needs_space: bool,
) -> None:
    with connected(options) as client:
        if needs_space:
            check_space(client, "dataset", dataset, space=space)
        with _creating(name):
            task = client.tasks.create_run_experiment_task(
                name, dataset=dataset, run_configuration=run_configuration, space=space
            )
        _created(task, options)


def _creating(name: str) -> AbstractContextManager[None]:
    return writing("ax tasks list --name", name)


def _created(task: Task, options: Mapping[str, Any]) -> None:
    with done(f"Created task {task.name!r} ({task.id}).", options):
        present(one(task, "task"), options)


def _refuse_evaluation_options(options: Mapping[str, Any], task_type: str) -> None:
    given = [flag for name, flag in _EVALUATION_OPTIONS.items() if options[name] not in (None, ())]
    if given:
        raise click.UsageError(f"{', '.join(given)} cannot be given for {task_type} tasks")
