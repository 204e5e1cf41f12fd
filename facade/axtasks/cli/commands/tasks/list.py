"""`ax tasks list`: tasks, newest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import (
    all_spaces_option,
    common_options,
    dataset_option,
    list_options,
    output_options,
    project_option,
)
from axtasks.cli.output.show import listing, show
from axtasks.cli.param_types import EnumChoice

if TYPE_CHECKING:
    from axtasks import TaskType


@click.command("list", cls=AxCommand, epilog="\b\nExample:\n  ax tasks list --space demo --task-type run_experiment")
@click.option("-n", "--name", metavar="TEXT", help="Only tasks with this text in their name, in any case.")
@click.option("-s", "--space", metavar="SPACE", help="Only tasks of this space, by name or id.  [default: ARIZE_SPACE]")
@all_spaces_option
@project_option
@dataset_option
@click.option("--task-type", type=EnumChoice("TaskType"), help="Only tasks of this type.")
@list_options
@output_options("task")
@common_options
def list(  # noqa: A001  a command is called like its file
    name: str | None,
    space: str | None,
    all_spaces: bool,
    project: str | None,
    dataset: str | None,
    task_type: TaskType | None,
    limit: int,
    cursor: str | None,
    everything: bool,
    **shared: Any,
) -> None:
    """List tasks, newest first."""
    from axtasks import ALL_SPACES

    where = ALL_SPACES if all_spaces else space
    with connected(shared) as client:
        fetch = partial(
            client.tasks.list, name=name, space=where, project=project, dataset=dataset, task_type=task_type
        )
        show(listing(fetch, "task", limit=limit, cursor=cursor, everything=everything), shared["output"])
