"""`ax tasks create-run-experiment`: a run_experiment task."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import common_options, name_option, output_options, run_configuration_help, space_option
from axtasks.cli.param_types import JsonType

from .create_evaluation import create_and_show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks import AxClient


@click.command(
    "create-run-experiment",
    cls=AxCommand,
    epilog="\b\nExample:\n"
    '  ax tasks create-run-experiment --name "GPT-4o Summarization" --dataset golden-set \\\n'
    "    --space demo --run-configuration @./run_config.json",
)
@name_option
@click.option("--dataset", required=True, metavar="DATASET", help="Name or id of the dataset to run.")
@click.option("--run-configuration", type=JsonType(dict), required=True, help=run_configuration_help)
@space_option
@output_options("task")
@common_options
def create_run_experiment(
    name: str, dataset: str, run_configuration: dict[str, Any], space: str | None, **options: Any
) -> None:
    """Create a run_experiment task. It runs only when it is triggered."""
    with connected(options) as client:
        create_experiment_task(client, name, dataset, run_configuration, space, options)


def create_experiment_task(
    client: AxClient,
    name: str,
    dataset: str,
    run_configuration: dict[str, Any],
    space: str | None,
    options: Mapping[str, Any],
) -> None:
    """Create a run_experiment task, and show it."""
    create = partial(client.tasks.create_run_experiment_task, name, dataset=dataset)
    create_and_show(partial(create, run_configuration=run_configuration), name, space=space, options=options)
