"""`ax tasks create-evaluation`: an evaluation task."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import (
    all_evaluators,
    common_options,
    dataset_option,
    evaluation_field_options,
    evaluator_options,
    name_option,
    output_options,
    project_option,
    space_option,
    task_type_option,
)
from axtasks.cli.output.show import one, show
from axtasks.cli.progress import shown_id
from axtasks.cli.prompts import check_space, hint_if_interrupted, tell_done

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from axtasks import Task, TaskType


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
@output_options("task")
@common_options
def create_evaluation(name: str, task_type: TaskType, dataset: str | None, space: str | None, **options: Any) -> None:
    """Create an evaluation task, over the spans of a project or the experiments of a dataset."""
    from axtasks import TaskType

    if task_type == TaskType.RUN_EXPERIMENT:
        raise click.UsageError(f"for {task_type} tasks there is `ax tasks create-run-experiment`")
    create_evaluation_task(name, task_type, dataset, space, options)


def create_evaluation_task(
    name: str, task_type: TaskType, dataset: str | None, space: str | None, options: Mapping[str, Any]
) -> None:
    """Create an evaluation task by the options of a command, and show it."""
    evaluators = all_evaluators(options["evaluators"], options["evaluators_by_name"])
    if evaluators is None:
        raise click.UsageError("evaluators are needed: give --evaluator NAME, or --evaluators JSON")
    fields = ("project", "experiment_ids", "sampling_rate", "is_continuous", "query_filters")
    with connected(options) as client:
        check_space(client, "project", options["project"], space=space)
        check_space(client, "dataset", dataset, space=space)
        create = partial(client.tasks.create_evaluation_task, name, task_type=task_type, evaluators=evaluators)
        given = {field: options[field] for field in fields}
        query_filter = options["query_filter"] or None
        create_and_show(
            partial(create, dataset=dataset, query_filter=query_filter, **given), name, space=space, options=options
        )


def create_and_show(create: Callable[..., Task], name: str, *, space: str | None, options: Mapping[str, Any]) -> None:
    """Create a task of a name, looking names up in a space; tell that it is done, and show the task."""
    with hint_if_interrupted("ax tasks list", name=name, space=space):
        task = create(space=space)
    with tell_done(f"Created task {name!r} ({shown_id(task)}).", options):
        show(one(task, "task"), options["output"])
