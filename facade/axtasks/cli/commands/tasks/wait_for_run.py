"""`ax tasks wait-for-run`: waits until runs have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, output_options, wait_options
from axtasks.cli.output.show import one, several, show
from axtasks.cli.progress import exit_code, is_for_scripts, showing_unended, tell_of_empty_runs, wait_for

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
@wait_options
@output_options("run")
@common_options
@click.pass_context
def wait_for_run(ctx: click.Context, /, run_ids: tuple[str, ...], **options: Any) -> None:
    """Wait until runs are completed, failed or cancelled, within one time limit for all of them."""
    from axtasks import RunError

    ended: list[TaskRun] = []
    wanted = list(dict.fromkeys(run_ids))
    is_single = len(wanted) == 1
    with connected(options) as client, showing_unended(options, single=is_single):
        try:
            ended.extend(wait_for(client, wanted, options))
        except RunError:
            if is_for_scripts(options):
                # All runs are shown, as the error has them.
                ended.clear()
            raise
        finally:
            # Also when the waiting was interrupted.
            if ended:
                if not is_single:
                    ended.sort(key=lambda run: wanted.index(run.id))
                # A list if several runs were given, even if one has ended: a script has to know the form beforehand.
                show(one(ended[0], "run") if is_single else several(ended, "run"), options["output"])
                tell_of_empty_runs(ended, options)
    ctx.exit(exit_code(ended, options))
