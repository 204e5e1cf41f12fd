"""`ax tasks cancel-run`: cancels a run."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, force_option, output_options
from axtasks.cli.output.show import one, show
from axtasks.cli.progress import shown_id
from axtasks.cli.prompts import check_answerable, confirm, hint_if_interrupted, tell_done


@click.command("cancel-run", cls=AxCommand, epilog="\b\nExample:\n  ax tasks cancel-run VGFza1J1bjo5OTpxUndY --force")
@click.argument("run_id", metavar="RUN_ID")
@force_option
@output_options("run")
@common_options
def cancel_run(run_id: str, force: bool, **shared: Any) -> None:
    """Cancel a run that is pending or running."""
    if not force:
        check_answerable()
    with connected(shared) as client:
        if not force:
            # Nobody is asked about a run that is not there.
            client.tasks.get_run(run_id)
        confirm(f"Cancel run {run_id}?", force=force)
        with hint_if_interrupted("ax tasks get-run", run_id):
            run = client.tasks.cancel_run(run_id)
        with tell_done(f"Cancelled run {shown_id(run)}.", shared):
            show(one(run, "run"), shared["output"])
