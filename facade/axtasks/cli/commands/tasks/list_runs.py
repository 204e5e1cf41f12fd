"""`ax tasks list-runs`: the runs of a task."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, list_options, output_options, space_option
from axtasks.cli.output.show import listing, show
from axtasks.cli.param_types import EnumChoice

if TYPE_CHECKING:
    from axtasks import TaskRunStatus


@click.command(
    "list-runs",
    cls=AxCommand,
    epilog='\b\nExample:\n  ax tasks list-runs "Chat Quality Monitor" --space demo --status failed',
)
@click.argument("task")
@space_option
@click.option("--status", type=EnumChoice("TaskRunStatus"), help="Only runs in this status.")
@list_options
@output_options("run")
@common_options
def list_runs(
    task: str,
    space: str | None,
    status: TaskRunStatus | None,
    limit: int,
    cursor: str | None,
    everything: bool,
    **shared: Any,
) -> None:
    """List the runs of a task, newest first."""
    with connected(shared) as client:
        fetch = partial(client.tasks.list_runs, task, space=space, status=status)
        show(listing(fetch, "run", limit=limit, cursor=cursor, everything=everything), shared["output"])
