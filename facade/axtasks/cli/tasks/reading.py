"""Commands that only read: tasks and runs, one or many."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from axtasks.cli.command import AxCommand, common_options, connected
from axtasks.cli.empty_runs import say_which_are_empty
from axtasks.cli.output.show import listing, one, output_options_for, present
from axtasks.cli.param_types import Member
from axtasks.cli.tasks.options import dataset_option, list_options, project_option, space_option


@click.command("list", cls=AxCommand, epilog="\b\nExample:\n  ax tasks list --space demo --task-type run_experiment")
@click.option("-n", "--name", metavar="TEXT", help="Only tasks with this text in their name, in any case.")
@click.option("-s", "--space", metavar="SPACE", help="Only tasks of this space, by name or id.")
@project_option
@dataset_option
@click.option("--task-type", type=Member("TaskType"), help="Only tasks of this type.")
@list_options
@output_options_for("task")
@common_options
def list_tasks(
    name: str | None,
    space: str | None,
    project: str | None,
    dataset: str | None,
    task_type: str | None,
    limit: int,
    cursor: str | None,
    everything: bool,
    **shared: Any,
) -> None:
    """List tasks, newest first."""
    with connected(shared) as client:
        fetch = partial(
            client.tasks.list, name=name, space=space, project=project, dataset=dataset, task_type=task_type
        )
        present(listing(fetch, "task", limit=limit, cursor=cursor, everything=everything), shared)


@click.command("get", cls=AxCommand, epilog='\b\nExample:\n  ax tasks get "Chat Quality Monitor" --space demo')
@click.argument("task")
@space_option
@output_options_for("task")
@common_options
def get(task: str, space: str | None, **shared: Any) -> None:
    """Show a task by name or id."""
    with connected(shared) as client:
        present(one(client.tasks.get(task, space=space), "task"), shared)


@click.command(
    "list-runs",
    cls=AxCommand,
    epilog='\b\nExample:\n  ax tasks list-runs "Chat Quality Monitor" --space demo --status failed',
)
@click.argument("task")
@space_option
@click.option("--status", type=Member("TaskRunStatus"), help="Only runs in this status.")
@list_options
@output_options_for("run")
@common_options
def list_runs(
    task: str,
    space: str | None,
    status: str | None,
    limit: int,
    cursor: str | None,
    everything: bool,
    **shared: Any,
) -> None:
    """List the runs of a task, newest first."""
    with connected(shared) as client:
        fetch = partial(client.tasks.list_runs, task, space=space, status=status)
        present(listing(fetch, "run", limit=limit, cursor=cursor, everything=everything), shared)


@click.command("get-run", cls=AxCommand, epilog="\b\nExample:\n  ax tasks get-run VGFza1J1bjo5OTpxUndY")
@click.argument("run_id", metavar="RUN_ID")
@output_options_for("run")
@common_options
def get_run(run_id: str, **shared: Any) -> None:
    """Show a run by its id."""
    with connected(shared) as client:
        run = client.tasks.get_run(run_id)
        present(one(run, "run"), shared)
        say_which_are_empty([run], shared)
