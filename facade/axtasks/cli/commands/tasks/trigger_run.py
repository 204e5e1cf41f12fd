"""`ax tasks trigger-run`: starts a run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.options import WAIT_OPTIONS, common_options, output_options, space_option, wait_options
from axtasks.cli.output.settings import check_fields
from axtasks.cli.output.show import one, show
from axtasks.cli.param_types import CountType, FilterType, JsonType, ListType, TimeType
from axtasks.cli.progress import exit_code, showing_unended, shown_id, tell_of_empty_runs, wait_again, wait_for
from axtasks.cli.prompts import hint_if_interrupted, tell_done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


RUN_FIELDS = (
    *("data_start_time", "data_end_time", "max_spans", "override_evaluations", "experiment_ids"),
    *("example_ids", "evaluation_task_ids", "experiment_name", "dataset_version_id", "max_examples"),
    *("tracing_metadata", "query_filter"),
)


# By the outcome of `--once`.
_DONE = {
    "triggered": "Triggered run {}.",
    "adopted": "Adopted run {}, which is under way: it was triggered before.",
    "done": "Nothing to trigger: run {} has ended already.",
}


@click.command(
    "trigger-run",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    '  ax tasks trigger-run "Chat Quality Monitor" --space demo --wait\n'
    '  ax tasks trigger-run "Nightly Summaries" --space demo --experiment-name "try 7" --max-examples 50\n'
    '  ax tasks trigger-run "Nightly Summaries" --space demo --experiment-name "build 7" --once --wait',
)
@click.argument("task")
@space_option
@click.option(
    "--data-start-time",
    type=TimeType(),
    help="Start of the window, in UTC unless it has an offset; evaluation tasks over a project.",
)
@click.option(
    "--data-end-time",
    type=TimeType(),
    help="End of the window, in UTC unless it has an offset, now by default; evaluation tasks over a project.",
)
@click.option("--max-spans", type=CountType(), metavar="N", help="The most spans, 10000 by default; evaluation tasks.")
@click.option(
    "--override-evaluations/--no-override-evaluations",
    default=None,
    help="Evaluate data that has labels again, or not; evaluation tasks.",
)
@click.option("--experiment-ids", type=ListType(), help="Names or ids of experiments; evaluation tasks over a dataset.")
@click.option("--example-ids", type=ListType(), help="Ids of the examples to run; run_experiment tasks.")
@click.option(
    "--evaluation-task-ids", type=ListType(), help="Ids of tasks to trigger afterwards; run_experiment tasks."
)
@click.option("--experiment-name", metavar="NAME", help="Name of the experiment; needed for run_experiment tasks.")
@click.option("--dataset-version-id", metavar="ID", help="Dataset version; run_experiment tasks.")
@click.option("--max-examples", type=CountType(), metavar="N", help="The most examples; run_experiment tasks.")
@click.option("--tracing-metadata", type=JsonType(dict), help="JSON object for the traces; run_experiment tasks.")
@click.option(
    "--query-filter",
    type=FilterType(),
    metavar="FILTER",
    help="Filter on the examples; run_experiment tasks, beta only.",
)
@click.option(
    "--once",
    is_flag=True,
    help="Take the run that the same command triggered before, if there is one. It is found by both ends of the window,"
    " by --experiment-name, or over a dataset by --since.",
)
@click.option("--since", type=TimeType(), help="Only runs created since then count, in UTC unless it has an offset.")
@click.option("-w", "--wait", is_flag=True, help="Wait until the run has ended.")
@wait_options
@output_options()
@common_options
@click.pass_context
def trigger_run(
    ctx: click.Context, /, task: str, space: str | None, once: bool, since: datetime | None, wait: bool, **options: Any
) -> None:
    """Trigger a run of a task by name or id. Which options apply depends on the task's type."""
    if since is not None and not once:
        raise click.UsageError("--since goes with --once alone")
    check_fields("run", options["output"], more=["outcome"] if once else [])
    if not wait:
        _warn_of_wait_options(ctx)
    fields = {name: options[name] for name in RUN_FIELDS}
    with connected(options) as client:
        with hint_if_interrupted("ax tasks list-runs", task, space=space), _naming_the_option(fields):
            if once:
                ensured = client.tasks.ensure_run(task, space=space, since=since, **fields)
                run, told = ensured.run, {"outcome": ensured.outcome}
            else:
                run, told = client.tasks.trigger_run(task, space=space, **fields), {}
        run_id = shown_id(run)
        go_on = f"To wait for it: {wait_again(run_id)}" if wait else None
        with tell_done(_DONE[told.get("outcome", "triggered")].format(run_id), options, go_on=go_on):
            if not wait:
                show(one(run, "run", **told), options["output"])
                return
            with showing_unended(options, single=True):
                ended = list(wait_for(client, [run.id], options))
            show(one(ended[0], "run", **told), options["output"])
            tell_of_empty_runs(ended, options)
    ctx.exit(exit_code(ended, options))


@contextmanager
def _naming_the_option(fields: Mapping[str, Any]) -> Iterator[None]:
    """Name the option for the start of the window if the server misses it, as on the first run of a task."""
    from axtasks import UnprocessableEntityError

    try:
        yield
    except UnprocessableEntityError as error:
        if fields["data_start_time"] is None and "data_start_time" in str(error):
            error.add_note("Give --data-start-time, such as --data-start-time 2026-03-01T00:00:00Z.")
        raise


def _warn_of_wait_options(ctx: click.Context) -> None:
    given = [
        f"--{name.replace('_', '-')}"
        for name in WAIT_OPTIONS
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        say(f"Warning: {', '.join(given)} {'does' if len(given) == 1 else 'do'} nothing without --wait.", ctx.params)
