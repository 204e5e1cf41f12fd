"""`ax tasks delete`: deletes a task."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.options import common_options, force_option, space_option
from axtasks.cli.prompts import check_answerable, check_space, confirm, hint_if_interrupted


@click.command("delete", cls=AxCommand, epilog='\b\nExample:\n  ax tasks delete "Old Monitor" --space demo --force')
@click.argument("task")
@space_option
@force_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
@common_options
def delete(task: str, space: str | None, force: bool, **shared: Any) -> None:
    """Delete a task by name or id, with its settings and runs, for good."""
    if not force:
        check_answerable()
    with connected(shared) as client:
        check_space(client, "task", task, space=space)
        shown, chosen = repr(task), task
        if not force:
            # The question shows the task that is there, and that one is deleted.
            found = client.tasks.get(task, space=space)
            chosen = found.id
            shown = repr(getattr(found, "name", chosen))
        confirm(f"Delete task {shown} and all its runs? This cannot be undone.", force=force)
        with hint_if_interrupted("ax tasks get", task, space=space):
            client.tasks.delete(chosen, space=space)
        say(f"Deleted task {shown}.", shared)
