"""`ax tasks update`: changes a task."""

from __future__ import annotations

from typing import Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import (
    all_evaluators,
    common_options,
    evaluator_options,
    output_options,
    query_filters_help,
    run_configuration_help,
    space_option,
)
from axtasks.cli.output.show import one, show
from axtasks.cli.param_types import FilterType, JsonType, NumberRange
from axtasks.cli.progress import shown_id
from axtasks.cli.prompts import check_space, hint_if_interrupted, tell_done


@click.command(
    "update",
    cls=AxCommand,
    epilog='\b\nExample:\n  ax tasks update "Relevance Monitor" --space demo --sampling-rate 0.25 --query-filter ""',
)
@click.argument("task")
@space_option
@click.option("-n", "--name", metavar="NAME", help="The new name.")
@click.option("--sampling-rate", type=NumberRange(0, 1), metavar="SHARE", help="Share of spans to evaluate.")
@click.option("--is-continuous/--no-continuous", default=None, help="Evaluate incoming spans as they come, or not.")
@click.option(
    "--query-filter", type=FilterType(), metavar="FILTER", help='Filter on all data of the task; "" clears it.'
)
@click.option("--query-filters", type=JsonType(dict, may_be_empty=True), help=f'{query_filters_help} "" clears them.')
@evaluator_options
@click.option(
    "--run-configuration", type=JsonType(dict), help=f"{run_configuration_help} Replaces the stored one whole."
)
@output_options("task")
@common_options
def update(
    task: str,
    space: str | None,
    name: str | None,
    sampling_rate: float | None,
    is_continuous: bool | None,
    query_filter: str | None,
    query_filters: dict[str, Any] | None,
    evaluators: list[Any] | None,
    evaluators_by_name: tuple[dict[str, Any], ...],
    run_configuration: dict[str, Any] | None,
    **shared: Any,
) -> None:
    """Change a task by name or id. What is not given stays as it is."""
    from axtasks import UNSET

    chosen = all_evaluators(evaluators, evaluators_by_name)
    with connected(shared) as client:
        check_space(client, "task", task, space=space)
        with hint_if_interrupted("ax tasks get", task, space=space):
            changed = client.tasks.update(
                task,
                space=space,
                name=UNSET if name is None else name,
                sampling_rate=UNSET if sampling_rate is None else sampling_rate,
                is_continuous=UNSET if is_continuous is None else is_continuous,
                query_filter=UNSET if query_filter is None else (query_filter or None),
                query_filters=UNSET if query_filters is None else (query_filters or None),
                evaluators=UNSET if chosen is None else chosen,
                run_configuration=UNSET if run_configuration is None else run_configuration,
            )
        with tell_done(f"Updated task {getattr(changed, 'name', task)!r} ({shown_id(changed)}).", shared):
            show(one(changed, "task"), shared["output"])
