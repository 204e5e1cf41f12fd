"""`ax tasks wait-for-run`: waits until runs have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import (
    common_options,
    exit_status_options,
    output_options,
    poll_interval_option,
    timeout_option,
)
from axtasks.cli.output.show import one, several, show
from axtasks.cli.progress import say_which_are_empty, verdict, wait_for

if TYPE_CHECKING:
    from axtasks import TaskRun


@click.command(
    "wait-for-run",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    "  ax tasks wait-for-run VGFza1J1bjo5OTpxUndY --timeout 300 --poll-interval 10\n"
    "  ax tasks wait-for-run VGFza1J1bjo5OTpxUndY VGFza1J1bjo5ODpuU3VN",
)
@click.argument("run_ids", metavar="RUN_ID...", nargs=-1, required=True)
@poll_interval_option
@timeout_option
@exit_status_options
@output_options("run")
@common_options
@click.pass_context
def wait_for_run(
    ctx: click.Context,
    /,
    run_ids: tuple[str, ...],
    poll_interval: float | None,
    timeout: float,
    no_exit_status: bool,
    fail_on_errors: bool,
    empty_ok: bool,
    **shared: Any,
) -> None:
    """Wait until runs are completed, failed or cancelled, within one time limit for all of them."""
    ended: list[TaskRun] = []
    with connected(shared) as client:
        wanted = list(dict.fromkeys(run_ids))
        try:
            ended.extend(wait_for(client, wanted, poll_interval=poll_interval, timeout=timeout, quiet=shared["quiet"]))
        finally:
            # Also when another run did not end in time, or the waiting was interrupted.
            if ended:
                ended.sort(key=lambda run: wanted.index(run.id))
                # By what was asked for, not by what came of it, so that whoever reads it knows what to expect.
                show(one(ended[0], "run") if len(wanted) == 1 else several(ended, "run"), shared["output"])
                say_which_are_empty(ended, shared)
    ctx.exit(verdict(ended, no_exit_status=no_exit_status, fail_on_errors=fail_on_errors, empty_ok=empty_ok))
