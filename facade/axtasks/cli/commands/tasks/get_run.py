"""`ax tasks get-run`: one run."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, output_options
from axtasks.cli.output.show import one, show
from axtasks.cli.progress import tell_of_empty_runs


@click.command("get-run", cls=AxCommand, epilog="\b\nExample:\n  ax tasks get-run VGFza1J1bjo5OTpxUndY")
@click.argument("run_id", metavar="RUN_ID")
@output_options("run")
@common_options
def get_run(run_id: str, **shared: Any) -> None:
    """Show a run by its id."""
    with connected(shared) as client:
        run = client.tasks.get_run(run_id)
        show(one(run, "run"), shared["output"])
        tell_of_empty_runs([run], shared)
