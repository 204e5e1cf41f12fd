"""`ax tasks trigger-run`: starts a run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.options import (
    common_options,
    exit_status_options,
    output_options,
    poll_interval_option,
    space_option,
    timeout_option,
)
from axtasks.cli.output.show import one, show
from axtasks.cli.param_types import Items, Json, Moment
from axtasks.cli.progress import say_which_are_empty, verdict, wait_again, wait_for
from axtasks.cli.prompts import done, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


WAIT_OPTIONS = {
    "poll_interval": "--poll-interval",
    "timeout": "--timeout",
    "no_exit_status": "--no-exit-status",
    "fail_on_errors": "--fail-on-errors",
    "empty_ok": "--empty-ok",
}


@click.command(
    "trigger-run",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    '  ax tasks trigger-run "Chat Quality Monitor" --space demo --wait\n'
    '  ax tasks trigger-run "Nightly Summaries" --space demo --experiment-name "try 7" --max-examples 50',
)
@click.argument("task")
@space_option
@click.option(
    "--data-start-time",
    type=Moment(),
    help="Start of the window, in UTC unless it has an offset; evaluation tasks over a project.",
)
@click.option(
    "--data-end-time",
    type=Moment(),
    help="End of the window, in UTC unless it has an offset, now by default; evaluation tasks over a project.",
)
@click.option(
    "--max-spans", type=click.IntRange(min=1), metavar="N", help="The most spans, 10000 by default; evaluation tasks."
)
@click.option(
    "--override-evaluations/--no-override-evaluations",
    default=None,
    help="Whether data that has labels is evaluated again; evaluation tasks.",
)
@click.option("--experiment-ids", type=Items(), help="Ids of experiments; evaluation tasks over a dataset.")
@click.option("--example-ids", type=Items(), help="Ids of the examples to run; run_experiment tasks.")
@click.option("--evaluation-task-ids", type=Items(), help="Ids of tasks to trigger afterwards; run_experiment tasks.")
@click.option("--experiment-name", metavar="NAME", help="Name of the experiment; needed for run_experiment tasks.")
@click.option("--dataset-version-id", metavar="ID", help="Dataset version; run_experiment tasks.")
@click.option(
    "--max-examples", type=click.IntRange(min=1), metavar="N", help="The most examples; run_experiment tasks."
)
@click.option("--tracing-metadata", type=Json(dict), help="JSON object for the traces; run_experiment tasks.")
@click.option("--query-filter", metavar="FILTER", help="Filter on the examples; run_experiment tasks, beta only.")
@click.option("-w", "--wait", is_flag=True, help="Wait until the run has ended.")
@poll_interval_option
@timeout_option
@exit_status_options
@output_options("run")
@common_options
@click.pass_context
def trigger_run(
    ctx: click.Context,
    /,
    task: str,
    space: str | None,
    data_start_time: datetime | None,
    data_end_time: datetime | None,
    max_spans: int | None,
    override_evaluations: bool | None,
    experiment_ids: list[str] | None,
    example_ids: list[str] | None,
    evaluation_task_ids: list[str] | None,
    experiment_name: str | None,
    dataset_version_id: str | None,
    max_examples: int | None,
    tracing_metadata: dict[str, Any] | None,
    query_filter: str | None,
    wait: bool,
    poll_interval: float | None,
    timeout: float,
    no_exit_status: bool,
    fail_on_errors: bool,
    empty_ok: bool,
    **shared: Any,
) -> None:
    """Trigger a run of a task by name or id. Which options apply depends on the task's type."""
    if not wait:
        _warn_of_wait_options(ctx, shared)
    with connected(shared) as client:
        with writing("ax tasks list-runs", task, space=space), _naming_the_option(data_start_time):
            run = client.tasks.trigger_run(
                task,
                space=space,
                data_start_time=data_start_time,
                data_end_time=data_end_time,
                max_spans=max_spans,
                override_evaluations=override_evaluations,
                experiment_ids=experiment_ids,
                example_ids=example_ids,
                evaluation_task_ids=evaluation_task_ids,
                experiment_name=experiment_name,
                dataset_version_id=dataset_version_id,
                max_examples=max_examples,
                tracing_metadata=tracing_metadata,
                query_filter=query_filter,
            )
        with done(f"Triggered run {run.id}.", shared, go_on=f"To wait for it: {wait_again(run.id)}" if wait else None):
            if not wait:
                show(one(run, "run"), shared["output"])
                return
            ended = list(
                wait_for(client, [run.id], poll_interval=poll_interval, timeout=timeout, quiet=shared["quiet"])
            )
            show(one(ended[0], "run"), shared["output"])
            say_which_are_empty(ended, shared)
    ctx.exit(verdict(ended, no_exit_status=no_exit_status, fail_on_errors=fail_on_errors, empty_ok=empty_ok))


@contextmanager
def _naming_the_option(data_start_time: datetime | None) -> Iterator[None]:
    """Say which option gives the start of the window, where the server misses it, as on the first run of a task."""
    from axtasks import UnprocessableEntityError

    try:
        yield
    except UnprocessableEntityError as error:
        if data_start_time is None and "data_start_time" in str(error):
            error.add_note("Give --data-start-time, such as --data-start-time 2026-03-01T00:00:00Z.")
        raise


def _warn_of_wait_options(ctx: click.Context, options: Mapping[str, Any]) -> None:
    given = [
        flag
        for name, flag in WAIT_OPTIONS.items()
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        verb = "does" if len(given) == 1 else "do"
        say(f"Warning: {', '.join(given)} {verb} nothing without --wait.", options)
