"""`ax tasks get`: one task."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, output_options, space_option
from axtasks.cli.output.show import one, show


@click.command("get", cls=AxCommand, epilog='\b\nExample:\n  ax tasks get "Chat Quality Monitor" --space demo')
@click.argument("task")
@space_option
@output_options("task")
@common_options
def get(task: str, space: str | None, **shared: Any) -> None:
    """Show a task by name or id."""
    with connected(shared) as client:
        show(one(client.tasks.get(task, space=space), "task"), shared["output"])
