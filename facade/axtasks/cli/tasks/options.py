"""Options that several commands of `ax tasks` have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from axtasks.cli.param_types import EvaluatorSpec, Items, Json, Member, Number

F = TypeVar("F", bound=Callable[..., object])

DEFAULT_LIMIT = 15

space_option = click.option("-s", "--space", metavar="SPACE", help="Name or id of the space to look names up in.")
project_option = click.option("--project", metavar="PROJECT", help="Name or id of the project.")
dataset_option = click.option("--dataset", metavar="DATASET", help="Name or id of the dataset.")
name_option = click.option("-n", "--name", required=True, metavar="NAME", help="Name, unique within the space.")
task_type_option = click.option("--task-type", type=Member("TaskType"), required=True, help="Type of the task.")
query_filters_help = (
    'Named filters over traces or sessions, as a JSON object: {"filters": [{"id": "A", "filter": ...}]}; beta only.'
)
run_configuration_help = "What each run does, as a JSON object."
force_option = click.option("-f", "--force", is_flag=True, help="Do not ask.")

poll_interval_option = click.option(
    "--poll-interval",
    type=Number(min=0, min_open=True),
    metavar="SECONDS",
    help="Seconds between two looks.  [default: few at first, then by age and earlier runs]",
)
timeout_option = click.option(
    "--timeout",
    type=Number(min=0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="The most seconds to wait.",
)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """One decorator for several options, which help shows in this order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


list_options = together(
    click.option(
        "-l",
        "--limit",
        type=click.IntRange(min=1),
        default=DEFAULT_LIMIT,
        show_default=True,
        metavar="N",
        help="The most results; more than 100 take several requests.",
    ),
    click.option("-c", "--cursor", metavar="CURSOR", help="Where to go on, from an earlier list."),
    click.option("--all", "everything", is_flag=True, help="All results, however many."),
)

evaluator_options = together(
    click.option(
        "--evaluators",
        type=Json(list),
        help='Evaluators as a JSON array: [{"evaluator_id": ..., "query_filter": ..., "column_mappings": {...}}].',
    ),
    click.option(
        "--evaluator",
        "evaluators_by_name",
        type=EvaluatorSpec(),
        multiple=True,
        help="An evaluator by name or id, with column mappings if need be; may be given several times.",
    ),
)

evaluation_field_options = together(
    click.option("--experiment-ids", type=Items(), help="Ids of experiments; needed with a dataset."),
    click.option(
        "--sampling-rate",
        type=Number(0, 1),
        metavar="SHARE",
        help="Share of spans to evaluate, from 0 to 1; only with a project.",
    ),
    click.option(
        "--is-continuous/--no-continuous",
        default=None,
        help="Whether incoming spans are evaluated as they come; only with a project.",
    ),
    click.option("--query-filter", metavar="FILTER", help="Filter on all data of the task."),
    click.option("--query-filters", type=Json(dict), help=query_filters_help),
)

exit_status_options = together(
    click.option(
        "--no-exit-status", is_flag=True, help="Exit with 0 however the run ended, not with 6 for failed or cancelled."
    ),
    click.option("--fail-on-errors", is_flag=True, help="Exit with 6 also when items ended in error."),
    click.option("--empty-ok", is_flag=True, help="Exit with 0 also when the server cancelled a run without work."),
)
